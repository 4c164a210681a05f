"""What a teacher may link: own courses at the sources, own classes at the SIS; and the proof that a class is theirs."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from shared.domain.class_link import ClassLink, PairState
from shared.domain.coursework import Course
from shared.domain.gradebook import SisClass, SisTeacher
from shared.domain.pairing import pair
from shared.errors import Conflict, NotAllowed, ProfijtError, RemoteError
from shared.flows.audit import audited
from shared.flows.class_links import (
    Claim,
    link_of,
    link_path,
    link_write,
    not_yours,
    people_of,
    read_claims,
    read_links,
)
from shared.flows.coursework_for import coursework_of
from shared.flows.google_consent import email_of
from shared.flows.sis import open_sis, read_sis, require_teachers
from shared.gradebook_port import Gradebook, SisRejected
from shared.ports import App
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class OwnClasses:
    """A teacher's courses by name, their links by course, those of another SIS among them, and what is the matter:
    Classroom could not be read, or may not be yet, or nothing can be linked now."""

    courses: tuple[Course, ...]
    links: Mapping[str, ClassLink]
    book: str  # of the connected SIS; "" for none
    troubles: tuple[ProfijtError, ...]


@dataclass(frozen=True, slots=True)
class SisChoice:
    """A class of this teacher's at the SIS. `claim`: the course it is linked to (None: none yet). `paired`: how many
    students of the course asked about would be paired with one of it (None: no course was, or the SIS did not tell who
    is in the class)."""

    sis_class: SisClass
    claim: Claim | None
    paired: int | None = None


@dataclass(frozen=True, slots=True)
class SisChoices:
    """The classes, those with most students of the course first; `students` is how many the course has."""

    items: tuple[SisChoice, ...]
    students: int | None = None


def own_classes(app: App, school: str, user: str) -> OwnClasses:
    """Raises NotFound "school.unknown". The SIS is not asked anything."""
    listed = coursework_of(app, school, user).listed()
    links = read_links(app, school, (course.id for course in listed.courses))
    troubles: list[ProfijtError] = [listed.trouble] if listed.trouble else []
    sis, _ = read_sis(app, school)
    if sis is None or not sis.connected:
        return OwnClasses(listed.courses, links, "", (*troubles, NotAllowed("sis.not_connected")))
    try:
        require_teachers(sis)
    except NotAllowed as off:
        troubles.append(off)
    return OwnClasses(listed.courses, links, sis.book, tuple(troubles))


def sis_choices(app: App, school: str, user: str, course: str) -> SisChoices:
    """This teacher's classes at the SIS, by title; with a `course`, those that most of its students are in come first.

    Raises NotAllowed "sis.not_connected", "sis.teachers_off", "class_link.no_email"; NotFound "course.unknown"; what
    both ports raise.
    """
    sis, gradebook = open_sis(app, school)
    require_teachers(sis)
    students = coursework_of(app, school, user).gradings(course).students if course else None
    classes = gradebook.classes(teacher_at_sis(app, school, user, gradebook))
    claims = read_claims(app, school, sis.book, (one.id for one in classes))

    def choice(one: SisClass) -> SisChoice:
        if students is None:
            return SisChoice(one, claims.get(one.id))
        try:
            roster = gradebook.students(one.id)
        except RemoteError:
            return SisChoice(one, claims.get(one.id))
        paired = sum(each.state is PairState.PAIRED for each in pair(students, roster))
        return SisChoice(one, claims.get(one.id), paired)

    items = sorted(map(choice, classes), key=lambda one: (-(one.paired or 0), one.sis_class.title, one.sis_class.id))
    return SisChoices(tuple(items), None if students is None else len(students))


def teacher_at_sis(app: App, school: str, user: str, gradebook: Gradebook) -> SisTeacher:
    """This user at the SIS, by the address that Profijt has. Raises NotAllowed "class_link.no_email", SisRejected
    oneroster.teacher_unknown, .teacher_twice."""
    email = email_of(app, school, user)
    if not email:
        raise NotAllowed("class_link.no_email")
    return gradebook.teacher(email)


def prove_teacher(app: App, school: str, user: str, link: ClassLink, gradebook: Gradebook) -> SisTeacher:
    """This user at the SIS, where the linked class still is theirs; one question to the SIS for who proved it before
    by the address that Profijt still has.

    That the course is theirs at its source, its reading proves (`Coursework.gradings`): read it first. Whoever proved
    both anew is noted in the link. Raises NotFound "class_link.not_yours", and as `teacher_at_sis`.
    """
    proved = (user, _proof(user, email_of(app, school, user))) in link.proofs
    known = dict(link.teachers).get(user, "") if proved else ""
    if known and _teaches(gradebook, SisTeacher(known, ""), link.sis_class):
        return SisTeacher(known, "")
    teacher = teacher_at_sis(app, school, user, gradebook)
    if teacher.id == known or not _teaches(gradebook, teacher, link.sis_class):
        raise not_yours(school, user, "class_link.not_yours")
    _note(app, school, user, link, teacher)
    return teacher


def _teaches(gradebook: Gradebook, teacher: SisTeacher, sis_class: str) -> bool:
    try:
        return any(one.id == sis_class for one in gradebook.classes(teacher))
    except SisRejected as err:
        if err.code == "oneroster.not_there":  # the SIS knows this teacher no more
            return False
        raise


def _note(app: App, school: str, user: str, link: ClassLink, teacher: SisTeacher) -> None:
    """Note in the link that this teacher uses it, too. Left for the next time when somebody changes it right now."""
    found = app.store.get(link_path(school, link.course))
    now = link_of(found) if found else link
    if found is None or (now.book, now.sis_class) != (link.book, link.sis_class):
        return
    joined = with_teacher(now, user, teacher)
    event = audited(app, school, actor=user, action="class_link.joined", subject=link.course, after={})
    with suppress(Conflict):
        app.store.commit([link_write(school, joined, people_of(found), expect=found.version), event])


def with_teacher(link: ClassLink, user: str, teacher: SisTeacher) -> ClassLink:
    """The link with this teacher, whom the SIS just knew by the address that Profijt has."""
    teachers = (*(each for each in link.teachers if each[0] != user), (user, teacher.id))
    proofs = (*(each for each in link.proofs if each[0] != user), (user, _proof(user, teacher.email)))
    return replace(link, teachers=teachers, proofs=proofs)


def _proof(user: str, email: str) -> str:
    return hashlib.blake2b(f"{user}\x1f{email.strip().casefold()}".encode(), digest_size=12).hexdigest()
