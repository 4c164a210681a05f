"""What is kept of one person in Profijt's own courses and in class links: told, and taken out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import field, replace

from shared.domain.class_link import ClassLink
from shared.domain.coursework import Grade
from shared.flows.class_links import Claim, all_links, claim_path, link_write, people_of
from shared.flows.erasing import ERASED
from shared.flows.packed import commit_packed
from shared.flows.profijt_coursework import all_courses, repack
from shared.flows.record import encode
from shared.ports import App, Document, Write
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class InCourse:
    """A course the person teaches or is in; the grades are the person's own, each with the title of the work."""

    course: str
    name: str
    teaches: bool
    grades: tuple[tuple[str, Grade], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class InLink:
    """A class link that knows the person: as the teacher who made it or may use it (`sis_teacher`: the id at the SIS),
    or as a student of whom a teacher said something: who it is at the SIS ("" nobody), and marks (work, mark)."""

    course: str
    sis_class: str
    linked: bool = False
    sis_teacher: str = ""
    by_hand: tuple[str, ...] = field(default=(), repr=False)
    marks: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def courses_with(app: App, school: str, user: str) -> tuple[InCourse, ...]:
    """Those that are not over yet."""
    found = []
    for course, head in all_courses(app, school):
        if user in (*course.teachers, *course.students) and head.data["expire_at"] > app.now():
            titles = {work.id: work.title for work in course.works}
            grades = tuple((titles[each.work], each) for each in course.grades if each.student == user)
            found.append(InCourse(course.id, course.name, user in course.teachers, grades))
    return tuple(found)


def links_with(app: App, school: str, user: str) -> tuple[InLink, ...]:
    """The class links that know this user."""
    found = []
    for link, document in all_links(app, school):
        who = _names(document, user)
        known = InLink(
            link.course,
            link.sis_class,
            link.linked_by == user,
            dict(link.teachers).get(user, ""),
            tuple(whom for student, whom in link.by_hand if student in who),
            tuple((work, mark) for work, student, mark in link.marks if student in who),
        )
        if known != InLink(link.course, link.sis_class):
            found.append(known)
    return tuple(found)


def take_out(app: App, school: str, user: str, gone: Counter[str]) -> None:
    """Take this user out of every course and class link, and count in `gone` how many had to be changed. May be
    repeated. Raises Conflict when somebody changed one meanwhile."""
    for course, head in all_courses(app, school):
        if user in (*course.teachers, *course.students):
            left = replace(
                course,
                teachers=tuple(each for each in course.teachers if each != user),
                students=tuple(each for each in course.students if each != user),
                grades=tuple(each for each in course.grades if each.student != user),
            )
            commit_packed(app.store, [repack(app, school, left, replaces=head)])
            gone["courses"] += 1
    for link, document in list(all_links(app, school)):
        if writes := list(_without(school, link, document, user)):
            app.store.commit(writes)
            gone["class_links"] += 1


def _without(school: str, link: ClassLink, document: Document, user: str) -> Iterator[Write]:
    """The writes that take this user out of the link; none when it does not know the user."""
    who = _names(document, user)
    left = replace(
        link,
        linked_by=ERASED if link.linked_by == user else link.linked_by,
        teachers=tuple(each for each in link.teachers if each[0] != user),
        by_hand=tuple(each for each in link.by_hand if each[0] not in who),
        marks=tuple(each for each in link.marks if each[1] not in who),
    )
    if left != link:
        yield link_write(school, left, people_of(document), expect=document.version)
    if left.linked_by != link.linked_by:
        path = claim_path(school, link.book, link.sis_class)
        yield Write(path, encode(Claim(link.course, left.linked_by)))


def _names(document: Document, user: str) -> frozenset[str]:
    """What the course calls this user."""
    return frozenset(student for student, known in people_of(document).items() if known == user)
