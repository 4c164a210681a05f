"""The sources of coursework under contract: each made to hold what a test describes.

To add one: a context manager that is given courses as `Taught`, puts them in its source, and yields that source as the
teacher INGRID reads it. Ids in a description are names for the test alone: the source makes its own.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from shared.coursework_port import CLASSROOM, PROFIJT, RIGHTS, Coursework
from shared.domain.coursework import CourseStudent, Gradings
from shared.domain.people import Role, User
from shared.domain.profijt_grades import GradeRow, written
from shared.domain.school import School
from shared.flows.keep_coursework import Sent, keep_course
from shared.flows.keep_users import keep_users
from shared.flows.profijt_coursework import ProfijtCoursework
from shared.flows.schools import write_school
from shared.wiring.local import local
from tests.classroom_school import INGRID, KEES, GoogleSchool, google_school

ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Taught:
    """A course with all that is in it; taught by INGRID, or else by somebody else."""

    gradings: Gradings
    by_ingrid: bool = True


Factory = Callable[[Sequence[Taught]], AbstractContextManager[Coursework]]


@contextmanager
def classroom_by_consent(taught: Sequence[Taught]) -> Iterator[Coursework]:
    """Google Classroom with the teacher's own consent, in pages of two."""
    with _google(taught) as school:
        yield school.coursework(INGRID)


@contextmanager
def classroom_by_delegation(taught: Sequence[Taught]) -> Iterator[Coursework]:
    """Google Classroom by the school's delegation to our service account."""
    with _google(taught) as school:
        school.google.oauth.delegated |= set(RIGHTS)
        yield school.delegated(INGRID)


@contextmanager
def _google(taught: Sequence[Taught]) -> Iterator[GoogleSchool]:
    with google_school(page_cap=2) as school:
        google = school.google.school
        google.courses.clear()
        for each in taught:
            _load(school, each)
        yield school


def _load(school: GoogleSchool, taught: Taught) -> None:
    google, told = school.google.school, taught.gradings
    course = google.add_course(
        told.course.name, section=told.course.section, teachers=[INGRID if taught.by_ingrid else KEES]
    )
    students = {each.id: _enroll(school, course, each) for each in told.students}
    works = {
        each.id: google.add_work(
            course,
            each.title,
            points=each.maximum,
            due=each.due,
            category=each.category,
            description=each.description,
        )
        for each in told.works
    }
    for grade in told.grades:
        assert grade.score is not None
        at = datetime.combine(grade.scored, time(9), ZONE) if grade.scored else datetime.now(UTC)
        google.give(course, works[grade.work], students[grade.student], grade.score, at=at)


def _enroll(school: GoogleSchool, course: str, student: CourseStudent) -> str:
    return school.google.school.enroll(course, student.email, student.first_name, student.last_name)


@contextmanager
def own_grades(taught: Sequence[Taught]) -> Iterator[Coursework]:
    """Profijt's own courses, sent by the service; students are users of the school."""
    with TemporaryDirectory() as folder, local(Path(folder)) as running:
        write_school(running.app, School("demo", "Het Baken"))
        teachers = [User("d1", Role.TEACHER, "Ingrid", "Vries"), User("d2", Role.TEACHER, "Kees", "Bakker")]
        students = {each.id: each for one in taught for each in one.gradings.students}.values()
        known = [User(each.id, Role.STUDENT, each.first_name, each.last_name, email=each.email) for each in students]
        keep_users(running.app, "demo", [*teachers, *known], ())
        for each in taught:
            told = each.gradings
            rows = [
                GradeRow(row, grade.work, grade.student, written(grade.score or 0.0))
                for row, grade in enumerate(told.grades, start=1)
            ]
            sent = Sent(
                told.course.name,
                told.course.section,
                ("d1" if each.by_ingrid else "d2",),
                tuple(student.id for student in told.students),
                told.works,
                tuple(rows),
            )
            keep_course(running.app, "demo", told.course.id, sent, before=None, by="machine", service=True)
        yield ProfijtCoursework(running.app, "demo", "d1")


# The first part of a name is what the source's course ids begin with.
FACTORIES: dict[str, Factory] = {
    f"{CLASSROOM} consent": classroom_by_consent,
    f"{CLASSROOM} delegation": classroom_by_delegation,
    f"{PROFIJT} own": own_grades,
}
