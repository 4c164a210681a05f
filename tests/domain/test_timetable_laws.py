"""Laws of a week's snapshot: changes come in any order, more than once, and in the end it is what WebUntis has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.timetable import Lesson, Reading, Week
from shared.domain.week_changes import joined, united, week_of, with_changes
from tests.domain.school_week import any_lesson

ASKED = datetime(2022, 11, 7, 6, 0, tzinfo=UTC)
WEEK = "2022-W45"


class School:
    """A timetable that changes, and the questions that are asked of it: each brings what changed since the last."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.lessons = {f"{n}": self.lesson(f"{n}") for n in range(8)}
        self.asked = ASKED

    def lesson(self, id: str) -> Lesson:
        return any_lesson(id, self.chance.randrange(10**6), True)

    def reading(self, *ids: str, deleted: Sequence[str] = ()) -> Reading:
        told = tuple(replace(self.lessons[id], seen=self.asked) for id in ids)
        return Reading(self.asked, told, deleted=frozenset(deleted))

    def whole(self) -> Week:
        return week_of(WEEK, self.reading(*self.lessons))

    def change(self) -> Reading:
        """An hour of a school's life, and what the question after it brings."""
        self.asked += timedelta(hours=1)
        changed, gone = set(), set()
        for _ in range(self.chance.randrange(4)):
            id = f"{self.chance.randrange(12)}"
            if id in self.lessons and self.chance.random() < 0.4:
                del self.lessons[id]
                gone.add(id)
                changed.discard(id)
            else:
                lesson = self.lesson(id)
                if self.chance.random() < 0.2:  # to another week
                    lesson = replace(lesson, start=lesson.start + timedelta(days=7), end=lesson.end + timedelta(days=7))
                self.lessons[id] = lesson
                changed.add(id)
                gone.discard(id)
        return self.reading(*sorted(changed), deleted=sorted(gone))


def contents(week: Week) -> list[Lesson]:
    return [replace(lesson, seen=ASKED) for lesson in week.lessons]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), hours=st.integers(1, 6), order=st.randoms(use_true_random=False))
def test_changes_in_any_order_and_more_than_once_give_what_webuntis_has(seed: int, hours: int, order: Random) -> None:
    school = School(Random(seed))
    start = school.whole()
    changes = [school.change() for _ in range(hours)]
    put = [*changes, *changes[::2]]
    order.shuffle(put)
    week = start
    for each in put:
        week = with_changes(week, each)
    assert contents(week) == contents(school.whole())
    assert week.read == school.asked
    assert with_changes(week, put[0]) == week


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), order=st.randoms(use_true_random=False))
def test_what_was_asked_before_the_snapshot_changes_nothing_in_it(seed: int, order: Random) -> None:
    school = School(Random(seed))
    earlier = [school.change() for _ in range(4)]
    week = school.whole()
    order.shuffle(earlier)
    for each in earlier:
        week = with_changes(week, each)
    assert contents(week) == contents(school.whole())


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), shares=st.integers(1, 4))
def test_parts_of_a_school_together_are_the_school(seed: int, shares: int) -> None:
    """A lesson may be in several parts: it is told once, as it was seen last."""
    school = School(Random(seed))
    chance = Random(seed + 1)
    parts = []
    for number in range(shares):
        some = [id for id in school.lessons if number == int(id) % shares or chance.random() < 0.3]
        parts.append(week_of(WEEK, school.reading(*some), people=(f"k{number}",)))
        school.asked += timedelta(minutes=1)
    assert contents(united(parts)) == contents(school.whole())
    assert united(parts).read == parts[0].read


def test_what_could_not_be_read_in_several_answers_is_counted_in_all_of_them() -> None:
    asked = datetime(2026, 11, 23, 7, tzinfo=UTC)
    reading = Reading(asked, unreadable=(("end_before_start", 1),))
    assert joined([reading, reading]).unreadable == (("end_before_start", 2),)
