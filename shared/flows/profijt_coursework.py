"""Profijt's own courses: kept whole, per school, until a year and a bit after their last change.

Students are kept by their Profijt id alone: names, addresses and numbers are the directory's.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from shared.coursework_port import PROFIJT
from shared.domain.coursework import Course, CourseStudent, Grade, Gradings, Work
from shared.domain.people import Role
from shared.errors import NotFound
from shared.flows.directory import open_directory
from shared.flows.documents import documents
from shared.flows.packed import Packed, pack, read_packed
from shared.flows.record import from_json, to_json
from shared.flows.schools import directory_path
from shared.ports import App, Document, Where
from shared.values import dataclass

_NAME = re.compile(r"[\w.~-]{1,100}")


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """A course as kept. `id` begins with "profijt:"; `teachers` and `students` are Profijt users."""

    id: str
    name: str
    section: str
    teachers: tuple[str, ...]
    students: tuple[str, ...]
    works: tuple[Work, ...]
    grades: tuple[Grade, ...]
    changed: datetime

    @property
    def shown(self) -> Course:
        return Course(self.id, self.name, self.section)


@dataclass(frozen=True, slots=True)
class _Kept:
    students: tuple[str, ...]
    works: tuple[Work, ...]
    grades: tuple[Grade, ...]


def course_path(school: str, course: str) -> str:
    """`course` with its prefix."""
    return f"schools/{school}/coursework/{course}"


def course_id(name: str) -> str:
    """The id of the course that has this name in an address; the name may be the id already."""
    return f"{PROFIJT}:{name.removeprefix(f'{PROFIJT}:')}"


def is_course(course: str) -> bool:
    """Whether a course of Profijt's own can have this id."""
    source, _, name = course.partition(":")
    return source == PROFIJT and bool(_NAME.fullmatch(name))


def repack(app: App, school: str, course: OwnCourse, *, replaces: Document | None) -> Packed:
    """What keeps the course in place of `replaces`, until `app.rules.keep.coursework` after its change."""
    fields = {
        "name": course.name,
        "section": course.section,
        "teachers": list(course.teachers),
        "taught_by": {_mark(teacher): True for teacher in course.teachers},
        "changed": course.changed,
        "expire_at": course.changed + app.rules.keep.coursework,
    }
    kept = _Kept(course.students, course.works, course.grades)
    # Lists of courses read every head, and the grades of none.
    return pack(course_path(school, course.id), to_json(kept), fields, replaces=replaces, inline=0)


def read_course(app: App, school: str, course: str) -> tuple[OwnCourse, Document] | None:
    """The course and the document to replace; None for one that is not there, or is over."""
    found = read_packed(app.store, course_path(school, course)) if is_course(course) else None
    return (_opened(*found), found[1]) if found and found[1].data["expire_at"] > app.now() else None


def read_own_course(app: App, school: str, course: str, teacher: str) -> tuple[OwnCourse, Document]:
    """As `read_course`, of a course of this teacher's. Raises NotFound "course.unknown"."""
    found = read_course(app, school, course)
    if found is None or teacher not in found[0].teachers:
        raise NotFound("course.unknown")
    return found


def all_courses(app: App, school: str) -> Iterator[tuple[OwnCourse, Document]]:
    """Every course of the school, one at a time."""
    for head in documents(app.store, f"schools/{school}/coursework"):
        if found := read_packed(app.store, head.path):
            yield _opened(*found), found[1]


class ProfijtCoursework:
    """Plays Coursework on Profijt's own courses, for one teacher."""

    def __init__(self, app: App, school: str, teacher: str) -> None:
        self._app, self._school, self._teacher = app, school, teacher

    def courses(self) -> tuple[Course, ...]:
        now = self._app.now()
        taught = Where(f"taught_by.{_mark(self._teacher)}", "==", True)
        heads = documents(self._app.store, f"schools/{self._school}/coursework", where=[taught])
        found = [
            Course(head.id, head.data["name"], head.data["section"]) for head in heads if head.data["expire_at"] > now
        ]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.section, one.id)))

    def gradings(self, course: str) -> Gradings:
        found, _ = read_own_course(self._app, self._school, course, self._teacher)
        return Gradings(found.shown, self._students(found), found.works, found.grades)

    def _students(self, course: OwnCourse) -> tuple[CourseStudent, ...]:
        """Of who left Profijt nothing but the id is known."""
        head = self._app.store.get(directory_path(self._school, Role.STUDENT))
        users = {user.id: user for user in open_directory(self._app, self._school, Role.STUDENT, head=head).users}
        return tuple(
            CourseStudent(user.id, user.email, user.number, user.first_name, f"{user.prefix} {user.last_name}".strip())
            if (user := users.get(id))
            else CourseStudent(id)
            for id in course.students
        )


def _opened(value: bytes, head: Document) -> OwnCourse:
    kept, data = from_json(value, _Kept), head.data
    return OwnCourse(
        head.id,
        data["name"],
        data["section"],
        tuple(data["teachers"]),
        kept.students,
        kept.works,
        kept.grades,
        data["changed"],
    )


def _mark(teacher: str) -> str:
    """The teacher as the name of a field, which a query can name."""
    return f"t{hashlib.blake2b(teacher.encode(), digest_size=8).hexdigest()}"
