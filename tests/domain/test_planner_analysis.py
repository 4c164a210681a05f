"""Analyseer: what was planned, given, cancelled and changed, and the free hours in between."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school_week import AMSTERDAM, GRID, SEEN, at, lesson, week, weeks

from shared.domain.people import Role
from shared.domain.planner.analysis import COUNTED, Analysis, Minutes, analysis, hour_of, minutes_of
from shared.domain.planner.facets import Facet
from shared.domain.planner.free_hours import FreeDay, free_days, free_days_of_classes
from shared.domain.planner.own import own
from shared.domain.timetable import Kind, Lesson, Slot, Status, Week


def of_teacher(name: str, *lessons: Lesson) -> Minutes:
    """The row of this teacher."""
    return analysis([week(*lessons)]).by[Facet.TEACHER][name]


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ({}, Minutes(planned=50, given=50)),
        ({"status": Status.CANCELLED}, Minutes(planned=50, cancelled=50)),
        ({"status": Status.CHANGED}, Minutes(planned=50, given=50, changed=50)),
        ({"lo": "-R1b +R2b"}, Minutes(planned=50, given=50, changed=50)),
        ({"status": Status.ADDED}, Minutes(given=50)),
        ({"kind": Kind.ADDITIONAL}, Minutes(given=50)),
        ({"kind": Kind.EXAM}, Minutes(planned=50, given=50)),
        ({"status": Status.CANCELLED, "moved_to": "9"}, Minutes(planned=50)),
        ({"status": Status.ADDED, "moved_from": "9"}, Minutes(given=50, changed=50)),
        ({"status": Status.CANCELLED, "moved_from": "9"}, Minutes(cancelled=50)),
        ({"start": "8:30", "end": "8:30"}, Minutes()),
    ],
)
def test_a_lesson_counts_for_what_became_of_it(told: dict[str, object], minutes: Minutes) -> None:
    given_by = lesson(do="042", **told)  # type: ignore[arg-type]
    assert of_teacher("VIS", given_by) == minutes
    assert analysis([week(given_by)]).all == minutes


def test_a_substitution_is_planned_for_the_one_and_given_by_the_other() -> None:
    substituted = lesson(do="-042 +42", va="His")
    assert of_teacher("VIS", substituted) == Minutes(planned=50, given=0, changed=50)
    assert of_teacher("BAK", substituted) == Minutes(planned=0, given=50, changed=50)
    assert analysis([week(substituted)]).by[Facet.SUBJECT]["His"] == Minutes(planned=50, given=50, changed=50)


def of_himself(key: str, *lessons: Lesson, **more: object) -> Analysis:
    """What the teacher with this ID-nummer is told of his own lessons."""
    return analysis([own(week(*lessons, **more), Role.TEACHER, key)], key)


def test_a_teacher_counts_of_his_own_lessons_what_is_his() -> None:
    day = (
        lesson("1", "8:30", do="042", va="His"),
        lesson("2", "9:20", do="-042 +42", va="His"),
        lesson("3", "10:25", do="042", va="His"),
    )
    his, substitute = of_himself("042", *day), of_himself("42", *day)
    assert his.all == his.by[Facet.SUBJECT]["His"] == Minutes(planned=150, given=100, changed=50)
    assert substitute.all == substitute.by[Facet.SUBJECT]["His"] == Minutes(given=50, changed=50)
    assert his.by[Facet.TEACHER]["BAK"] == Minutes(given=50, changed=50)
    assert substitute.by[Facet.TEACHER]["VIS"] == Minutes(planned=50, changed=50)


def test_a_lesson_in_his_own_snapshot_is_all_his_when_it_does_not_name_him() -> None:
    assert of_himself("042", lesson(do="x"), lesson("2"), people=("042",)).all == Minutes(100, 100)


@given(weeks(), st.sampled_from([("042", "VIS"), ("42", "BAK")]))
def test_the_total_of_a_teacher_is_his_row(whole: Week, teacher: tuple[str, str]) -> None:
    key, name = teacher
    told = analysis([own(whole, Role.TEACHER, key)], key)
    assert told.all == told.by[Facet.TEACHER].get(name, Minutes())
    assert told.all == analysis([whole]).by[Facet.TEACHER].get(name, Minutes())


@pytest.mark.parametrize("kind", [each for each in Kind if each not in COUNTED])
def test_what_is_no_lesson_is_no_hour(kind: Kind) -> None:
    assert analysis([week(lesson(do="042", kind=kind))]).all == Minutes()


def test_a_lesson_of_two_groups_counts_for_both_and_once_in_all() -> None:
    told = analysis([week(lesson(kl="2a 2b", gr="2a"))])
    assert told.by[Facet.GROUP] == {"2a": Minutes(50, 50), "2b": Minutes(50, 50)}
    assert told.all == Minutes(50, 50)


def test_the_cancelled_share_is_of_what_was_planned() -> None:
    rows = [lesson(str(number), do="042") for number in range(3)]
    assert of_teacher("VIS", *rows, lesson("9", do="042", status=Status.CANCELLED)).cancelled_share == 0.25
    assert Minutes().cancelled_share == 0.0
    assert Minutes(cancelled=50).cancelled_share == 0.0


def test_an_hour_is_the_commonest_slot_of_the_grid_and_60_minutes_without() -> None:
    assert hour_of([week()]) == 50
    assert hour_of([week(grid=(*GRID, Slot(1, 900, 945)))]) == 50
    assert hour_of([week(grid=())]) == hour_of([]) == 60


def test_minutes_are_those_that_passed_when_the_clock_changes() -> None:
    night = at("0:00", 30, 10).replace(tzinfo=AMSTERDAM)
    assert minutes_of(Lesson("1", night, night.replace(hour=6), SEEN)) == 7 * 60


@given(st.lists(weeks(most=6), max_size=3))
def test_a_period_is_the_sum_of_its_weeks(some: list[Week]) -> None:
    apart = [analysis([each]) for each in some]
    whole = analysis(some)
    assert whole.all == sum((each.all for each in apart), Minutes())
    for facet in Facet:
        for name in {name for each in apart for name in each.by[facet]} | set(whole.by[facet]):
            parts = (each.by[facet].get(name, Minutes()) for each in apart)
            assert whole.by[facet][name] == sum(parts, Minutes())
    assert whole.weeks == tuple(each.name for each in some)


@given(weeks())
def test_what_was_planned_was_given_cancelled_moved_or_taken_over(whole: Week) -> None:
    lost = sum(
        minutes_of(each)
        for each in whole.lessons
        if each.kind in COUNTED and each.status == "cancelled" and each.moved_to and not _extra(each)
    )
    told = analysis([whole]).all
    added = sum(
        minutes_of(each) * (1 if each.status != "cancelled" else 0 if each.moved_to else 1)
        for each in whole.lessons
        if each.kind in COUNTED and _extra(each)
    )
    assert told.given + told.cancelled == told.planned - lost + added
    assert told.changed <= told.given


def _extra(each: Lesson) -> bool:
    return each.status == "added" or each.kind == "additional" or bool(each.moved_from)


MONDAY = (lesson("1", "8:30"), lesson("2", "10:25"), lesson("3", "14:20"))


def test_free_hours_are_the_slots_between_the_first_and_the_last_lesson_and_no_breaks() -> None:
    assert free_days(GRID, MONDAY) == (FreeDay(date(2022, 11, 7), hours=4, minutes=200),)


def test_a_cancelled_lesson_in_the_middle_is_a_free_hour_and_at_the_end_is_not() -> None:
    middle, end = lesson("2", "9:20", status=Status.CANCELLED), lesson("4", "11:15", status=Status.CANCELLED)
    rows = (lesson("1", "8:30"), middle, lesson("3", "10:25"), end)
    assert free_days(GRID, rows) == (FreeDay(date(2022, 11, 7), 1, 50),)


def test_a_day_without_lessons_or_without_gaps_has_no_free_hours() -> None:
    assert free_days(GRID, [lesson("1"), lesson("2", "9:20")]) == ()
    assert free_days(GRID, []) == ()


def test_an_hour_that_is_partly_taken_is_not_free() -> None:
    rows = (lesson("1", "8:30"), lesson("2", "10:00", "10:15"), lesson("3", "10:25"))
    assert free_days(GRID, rows) == ()


def test_without_a_grid_no_free_hours_can_be_told() -> None:
    assert free_days((), MONDAY) == ()


def test_hours_of_two_grids_count_once() -> None:
    both = (*GRID, *(Slot(each.day, each.start + 5, each.end + 5) for each in GRID))
    assert free_days(both, MONDAY) == (FreeDay(date(2022, 11, 7), 4, 200),)


def test_free_hours_of_a_student_are_those_of_his_own_lessons() -> None:
    whole = week(
        lesson("1", "8:30", students=("067", "068")),
        lesson("2", "9:20", students=("068",)),
        lesson("3", "10:25", students=("067", "068")),
    )
    assert [each.hours for each in free_days(GRID, own(whole, Role.STUDENT, "067").lessons)] == [1]
    assert free_days(GRID, own(whole, Role.STUDENT, "068").lessons) == ()


def test_free_hours_of_a_class_are_those_in_which_no_part_of_it_has_a_lesson() -> None:
    whole = week(
        lesson("1", "8:30", kl="2a 2b"),
        lesson("2", "9:20", kl="2b -2a", gr="2b.wi1"),
        lesson("3", "10:25", kl="2a 2b"),
    )
    assert free_days_of_classes(whole) == {"2a": (FreeDay(date(2022, 11, 7), 1, 50),)}


@given(weeks())
def test_a_free_hour_holds_no_lesson_and_lies_between_two(whole: Week) -> None:
    for each in free_days(whole.grid, whole.lessons):
        assert each.minutes == each.hours * 50 > 0
        that_day = [one for one in whole.lessons if one.start.date() == each.day and one.status != "cancelled"]
        first, last = min(one.start for one in that_day), max(one.end for one in that_day)
        assert each.minutes <= (last - first).total_seconds() / 60
