"""What every source of coursework promises, whatever is behind it: shared.coursework_port.Coursework."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime
from typing import Protocol

import pytest

from shared.coursework_port import Coursework
from shared.domain.coursework import Course, CourseStudent, Grade, Gradings, Mark, Work
from shared.errors import NotFound
from tests.contracts.coursework_sources import FACTORIES, ZONE, Taught

DUE = datetime(2026, 11, 20, 23, 59, tzinfo=ZONE)
MIDNIGHT = datetime(2026, 11, 20, 1, 0, tzinfo=ZONE)  # in UTC
STUDENTS = (
    CourseStudent("yusuf", "yusuf@baken.example", "", "Yusuf", "Yılmaz"),
    CourseStudent("anna", "anna@baken.example", "", "Anna", "Bakker"),
    CourseStudent("noor", "noor@baken.example", "", "Noor", "Smit"),
)
WORKS = (
    Work("so", "SO H3 breuken", "Schriftelijke overhoring", due=DUE, maximum=10.0, category="Toetsen"),
    Work("po", "Praktische opdracht", due=MIDNIGHT, maximum=100.0),
    Work("lezen", "Lees § 3.1"),
)
DAY = date(2026, 11, 21)
GRADES = (
    Grade("so", "yusuf", Mark.GRADED, 7.5, DAY),
    Grade("so", "anna", Mark.GRADED, 0.0, DAY),
    Grade("po", "yusuf", Mark.GRADED, 110.0, DAY),
    Grade("po", "noor", Mark.GRADED, 66.25, DAY),
)
MATHS = Gradings(Course("wi", "Wiskunde 3A", "Havo"), STUDENTS, WORKS, GRADES)
EMPTY = Gradings(Course("ak", "Aardrijkskunde 3A"), (), (), ())
ANOTHERS = Gradings(Course("ne", "Nederlands 3A"), STUDENTS[:1], WORKS[:1], GRADES[:1])


class Open(Protocol):
    def __call__(self, *taught: Taught) -> Coursework: ...


@pytest.fixture(params=FACTORIES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(kind: str) -> Iterator[Open]:
    """Makes the source that holds these courses."""
    with ExitStack() as stack:

        def open_(*taught: Taught) -> Coursework:
            return stack.enter_context(FACTORIES[kind](taught))

        yield open_


@pytest.fixture
def coursework(source: Open) -> Coursework:
    return source(Taught(MATHS), Taught(EMPTY), Taught(ANOTHERS, by_ingrid=False))


def named(courses: Sequence[Course], name: str) -> str:
    return next(each.id for each in courses if each.name == name)


def maths(coursework: Coursework) -> Gradings:
    return coursework.gradings(named(coursework.courses(), "Wiskunde 3A"))


# ------------------------------------------------------------ courses


def test_the_teachers_own_courses_are_told_by_name(coursework: Coursework) -> None:
    found = coursework.courses()
    assert [(each.name, each.section) for each in found] == [("Aardrijkskunde 3A", ""), ("Wiskunde 3A", "Havo")]


def test_a_courses_id_begins_with_its_source_and_is_its_own(coursework: Coursework, kind: str) -> None:
    ids = [each.id for each in coursework.courses()]
    assert len(set(ids)) == len(ids)
    assert all(id.startswith(f"{kind.split()[0]}:") for id in ids)


def test_who_teaches_nothing_has_no_courses(source: Open) -> None:
    assert source(Taught(ANOTHERS, by_ingrid=False)).courses() == ()


@pytest.mark.parametrize("course", ["", "x", "classroom:", "profijt:", "classroom:1", "profijt:1", "classroom:../1"])
def test_what_is_nobodys_course_is_unknown(coursework: Coursework, course: str) -> None:
    with pytest.raises(NotFound, match=r"course\.unknown"):
        coursework.gradings(course)


# ------------------------------------------------------------ gradings


def test_everybody_in_the_course_is_told_with_name_and_address(coursework: Coursework) -> None:
    found = {(each.first_name, each.last_name, each.email) for each in maths(coursework).students}
    assert found == {(each.first_name, each.last_name, each.email) for each in STUDENTS}


def test_every_published_work_is_told_as_it_stands_there(coursework: Coursework) -> None:
    found = {each.title: each for each in maths(coursework).works}
    assert found.keys() == {each.title for each in WORKS}
    for work in WORKS:
        there = found[work.title]
        told = (there.description, there.due, there.maximum, there.category)
        assert told == (work.description, work.due, work.maximum, work.category)


def test_times_are_aware(coursework: Coursework) -> None:
    for work in maths(coursework).works:
        assert all(time.utcoffset() is not None for time in (work.due, work.assigned) if time)


def test_a_work_without_a_maximum_is_not_graded(coursework: Coursework) -> None:
    assert [each.title for each in maths(coursework).works if each.maximum is None] == ["Lees § 3.1"]


def test_zero_is_a_grade_more_than_the_maximum_is_one_and_no_grade_is_none(coursework: Coursework) -> None:
    found = maths(coursework)
    people = {each.id: each.email.partition("@")[0] for each in found.students}
    titles = {each.id: each.title for each in found.works}
    told = {(titles[each.work], people[each.student]): (each.mark, each.score) for each in found.grades}
    of = {each.id: each.title for each in WORKS}
    assert told == {(of[each.work], each.student): (each.mark, each.score) for each in GRADES}


def test_a_grade_is_of_the_day_it_was_given_at_school_where_the_source_tells(coursework: Coursework) -> None:
    assert {each.scored for each in maths(coursework).grades} <= {DAY, None}


def test_a_grade_belongs_to_a_student_and_a_work_that_are_told_and_there_is_one_of_each(coursework: Coursework) -> None:
    found = maths(coursework)
    pairs = [(each.work, each.student) for each in found.grades]
    assert len(set(pairs)) == len(pairs)
    assert {work for work, _ in pairs} <= {each.id for each in found.works}
    assert {student for _, student in pairs} <= {each.id for each in found.students}


def test_a_course_in_which_nothing_happened_is_empty(coursework: Coursework) -> None:
    found = coursework.gradings(named(coursework.courses(), "Aardrijkskunde 3A"))
    assert (found.students, found.works, found.grades) == ((), (), ())


def test_the_course_itself_is_told_along(coursework: Coursework) -> None:
    assert maths(coursework).course in coursework.courses()


def test_asked_again_it_says_the_same(coursework: Coursework) -> None:
    assert coursework.courses() == coursework.courses()
    assert maths(coursework) == maths(coursework)


def test_it_may_be_asked_from_many_threads(coursework: Coursework) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: maths(coursework), range(8)))
    assert all(each == found[0] for each in found)
