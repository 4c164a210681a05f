"""An ID-nummer that a person gives to somebody else shows nobody the lessons it stood for before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.people import Person, Role
from shared.flows.recent import recent
from shared.flows.review_links import Verdict, decide_link
from shared.flows.schools import link_path
from shared.flows.students_in import students_in
from shared.flows.timetable_for import seen_weeks, sight
from shared.flows.week_part import WHOLE
from shared.flows.weeks import head_path
from tests.flows.refreshing import refresh
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    """Two students whose ID-nummers were exchanged in WebUntis, each with a lesson of his own; mended by hand since."""
    with lessons_at_school(tmp_path / "data") as there:
        teacher, first, second = there.person(Role.TEACHER), *(there.person(Role.STUDENT, nth) for nth in range(2))
        there.give(1, teacher=teacher, students=[first])
        there.give(2, "09:20", teacher=teacher, students=[second])
        refresh(there)
        [simulated] = there.untis.schools.values()
        for person, key in ((first, "tijdelijk"), (second, first.key), (first, second.key)):
            simulated.change_key(Role.STUDENT, person.id, key)
        there.link()
        for person, key in ((first, second.key), (second, first.key)):
            decide_link(
                there.app,
                there.id,
                there.user(person),
                Verdict("link", key, ""),
                actor="beheerder",
                seen=lambda _: None,
            )
        yield there


def told(school: Lessons, person: Person) -> list[str]:
    """The lessons that he sees as his own."""
    recent.forget(link_path(school.id, school.user(person)))
    seen = sight(school.app, school.id, school.user(person), [WEEK], "own")
    return [lesson.id for week in seen_weeks(school.app, seen).shown for lesson in week.lessons]


def test_nobody_sees_the_others_lessons_before_the_week_is_read_anew(school: Lessons) -> None:
    first, second = (school.person(Role.STUDENT, nth) for nth in range(2))
    assert (told(school, first), told(school, second)) == ([], [])
    school.local.queue.drain(5)
    assert [order["week"] for order in school.orders] == [WEEK.name]
    assert refresh(school) == "whole"
    recent.forget(head_path(school.id, WEEK, WHOLE))
    assert (told(school, first), told(school, second)) == (["1"], ["2"])


def test_volg_names_nobody_in_the_others_lesson(school: Lessons) -> None:
    first, second = (school.user(school.person(Role.STUDENT, nth)) for nth in range(2))
    assert named(school, "1") == named(school, "2") == ()
    refresh(school)
    assert (named(school, "1"), named(school, "2")) == ((first,), (second,))


def named(school: Lessons, lesson: str) -> tuple[str, ...]:
    """The Profijt students of this lesson, for its teacher."""
    teacher = school.user(school.person(Role.TEACHER))
    recent.forget(head_path(school.id, WEEK, WHOLE))
    found = students_in(
        school.app, school.id, teacher, WEEK, lambda _, lessons: (each for each in lessons if each.id == lesson)
    )
    return found.students.users
