"""A teacher links a course to a class of the SIS, sees who is whom, and undoes it; own on both sides, always.

A course has one class and a class one course. Linking to another class leaves in the SIS what was exported, and the
ledger with it: whoever links to the first class again goes on where it was.
"""

from collections.abc import Callable

from shared.domain.class_link import ClassLink, Pair
from shared.domain.coursework import Gradings
from shared.domain.gradebook import SisClass, SisStudent, SisTeacher
from shared.domain.pairing import pair
from shared.errors import Conflict, NotAllowed, RemoteError
from shared.flows.audit import audited
from shared.flows.class_links import (
    all_links,
    claim_write,
    link_of,
    link_path,
    link_write,
    not_yours,
    people_of,
    read_claims,
    read_link,
    unclaim_write,
)
from shared.flows.coursework_for import coursework_of
from shared.flows.own_classes import prove_teacher, teacher_at_sis, with_teacher
from shared.flows.schools import read_school
from shared.flows.sis import open_sis, require_teachers
from shared.ports import ABSENT, App, Write
from shared.values import dataclass

TRIES = 4  # others may link at the same moment

Seen = Callable[[str], None]  # raises unless the caller has seen the link at this version


@dataclass(frozen=True, slots=True)
class LinkedClass:
    """A link with both its rosters, now; `roster` is the SIS's. `before`: the link this one was moved from just now."""

    link: ClassLink
    version: str
    gradings: Gradings
    roster: tuple[SisStudent, ...]
    pairs: tuple[Pair, ...]
    before: ClassLink | None = None

    @property
    def left_over(self) -> tuple[SisStudent, ...]:
        """The students of the SIS class who are in no pair."""
        paired = {each.sis.id for each in self.pairs if each.sis}
        return tuple(each for each in self.roster if each.id not in paired)


def link_class(app: App, school: str, user: str, course: str, sis_class: str, *, seen: Seen) -> LinkedClass:
    """Link the two, join a link that is there already, or move it to this class (only when `seen` allows it).

    May be repeated. Raises NotAllowed "sis.not_connected", "sis.teachers_off", "class_link.no_email"; NotFound
    "course.unknown", "class_link.not_yours"; Conflict "class_link.course_taken", "class_link.class_taken"; what both
    ports raise.
    """
    sis, gradebook = open_sis(app, school)
    require_teachers(sis)
    gradings = coursework_of(app, school, user).gradings(course)
    teacher = teacher_at_sis(app, school, user, gradebook)
    of = next((one for one in gradebook.classes(teacher) if one.id == sis_class), None)
    if of is None:
        raise not_yours(school, user, "class_link.not_yours")
    for attempt in range(TRIES):
        try:
            link, version, before = _put(app, school, user, gradings, (sis.book, of, teacher), seen)
        except Conflict as err:
            if err.code != "store.conflict" or attempt == TRIES - 1:
                raise
            continue
        return with_rosters(link, version, gradings, gradebook.students(of.id), before)
    raise AssertionError("unreachable")


def linked_class(app: App, school: str, user: str, course: str) -> LinkedClass:
    """The link of this teacher's course, with who is whom.

    Raises NotFound "class_link.unknown", "course.unknown", "class_link.not_yours"; Conflict "class_link.other_sis";
    NotAllowed "sis.not_connected", "sis.teachers_off"; what both ports raise.
    """
    link, version = read_link(app, school, course)
    sis, gradebook = open_sis(app, school)
    require_teachers(sis)
    if link.book != sis.book:
        raise Conflict("class_link.other_sis")
    gradings = coursework_of(app, school, user).gradings(course)
    prove_teacher(app, school, user, link, gradebook)
    if user not in dict(link.teachers):
        link, version = read_link(app, school, course)
    return with_rosters(link, version, gradings, gradebook.students(link.sis_class))


def list_links(app: App, school: str, *, teacher: str | None) -> tuple[ClassLink, ...]:
    """The links that this teacher has proved to be of; None: the whole school's. Raises NotFound "school.unknown"."""
    read_school(app, school)
    links = (link for link, _ in all_links(app, school))
    return tuple(link for link in links if teacher is None or teacher in dict(link.teachers))


def unlink_class(app: App, school: str, course: str, *, teacher: str | None, by: str) -> ClassLink:
    """Remove the link; returns what it was. Items and grades stay in the SIS, and so does the ledger.

    `teacher` as in `list_links`, who still has to teach the class; where the SIS cannot be asked, to have linked it.
    Raises NotFound "class_link.unknown", "class_link.not_yours".
    """
    link, version = read_link(app, school, course)
    if teacher is not None:
        _require_still(app, school, teacher, link)
    event = audited(app, school, actor=by, action="class_link.removed", subject=course, before=_told(link), after={})
    path = link_path(school, course)
    app.store.commit([Write(path, None, expect=version), unclaim_write(school, link), event])
    return link


def _require_still(app: App, school: str, teacher: str, link: ClassLink) -> None:
    if teacher not in dict(link.teachers):
        raise not_yours(school, teacher, "class_link.unknown")
    try:
        sis, gradebook = open_sis(app, school)
        if sis.book == link.book:
            prove_teacher(app, school, teacher, link, gradebook)
            return
    except (NotAllowed, RemoteError):
        pass  # there is nobody to ask
    if teacher != link.linked_by:
        raise not_yours(school, teacher, "class_link.not_yours")


def _put(
    app: App, school: str, user: str, gradings: Gradings, at_sis: tuple[str, SisClass, SisTeacher], seen: Seen
) -> tuple[ClassLink, str, ClassLink | None]:
    """The link as it is now, its version, and the link it took the place of."""
    book, of, teacher = at_sis
    course = gradings.course
    found = app.store.get(link_path(school, course.id))
    old = link_of(found) if found else None
    claim = read_claims(app, school, book, [of.id]).get(of.id)
    if claim and claim.course != course.id:
        raise Conflict("class_link.class_taken", course=claim.course, teacher=claim.by)
    if found and old and (old.book, old.sis_class) == (book, of.id):
        link = with_teacher(old, user, teacher)
        if set(link.teachers) == set(old.teachers) and set(link.proofs) == set(old.proofs):
            return old, found.version, None
        writes, action = [link_write(school, link, people_of(found), expect=found.version)], "class_link.joined"
    else:
        link = ClassLink(
            course=course.id,
            course_name=course.name,
            book=book,
            sis_class=of.id,
            sis_title=of.title,
            sis_code=of.code,
            sis_school=of.school,
            terms=of.terms,
            linked_by=user,
            linked_at=app.now(),
            marks=old.marks if old else (),  # a mark is about the course, a pair about the class as well
        )
        link = with_teacher(link, user, teacher)
        if found and old:
            if old.book == book and user not in dict(old.teachers):
                raise Conflict("class_link.course_taken", teacher=old.linked_by)
            seen(found.version)
            kept = link_write(school, link, people_of(found), expect=found.version)
            writes, action = [kept, claim_write(school, link), unclaim_write(school, old)], "class_link.moved"
        else:
            writes = [link_write(school, link, {}, expect=ABSENT), claim_write(school, link)]
            action = "class_link.made"
    before = _told(old) if old and action == "class_link.moved" else None
    event = audited(app, school, actor=user, action=action, subject=course.id, before=before, after=_told(link))
    version, *_ = app.store.commit([*writes, event])
    return link, version, old if before else None


def with_rosters(
    link: ClassLink,
    version: str,
    gradings: Gradings,
    roster: tuple[SisStudent, ...],
    before: ClassLink | None = None,
) -> LinkedClass:
    """The link with who is whom."""
    return LinkedClass(link, version, gradings, roster, pair(gradings.students, roster, link.by_hand), before)


def _told(link: ClassLink) -> dict[str, str]:
    return {"klas": link.sis_title, "id": link.sis_class}
