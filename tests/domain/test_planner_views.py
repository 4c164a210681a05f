"""What a chip shows: names, marks, the original beside the change, where it moved, colour, and a lane of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school_week import GRID, at, lesson, week, weeks

from shared.domain.people import Role
from shared.domain.planner.double_hours import merged, one_by_one
from shared.domain.planner.fate import Fate
from shared.domain.planner.hour_axis import HourAxis, hour_axis
from shared.domain.planner.lanes import Lane, lanes
from shared.domain.planner.lesson_view import LessonView, Part, Place, views
from shared.domain.planner.own import own, taken_from
from shared.domain.planner.subjects import GREY, Subject, palette
from shared.domain.timetable import Change, Kind, Lesson, Status, Week

HISTORY = palette([Subject("s1", "Geschiedenis", "#1E88E5", ("his", "gs"))])


def view(*lessons: Lesson) -> LessonView:
    """Of the first of these."""
    whole = week(*lessons)
    return views(whole, one_by_one(lessons[:1]), HISTORY)[0]


def test_a_chip_shows_every_group_room_subject_and_teacher() -> None:
    shown = view(lesson(kl="2b 3a", lo="R2b Aula", va="His", do="042 42"))
    assert [each.name for each in shown.classes] == ["2b", "3a"]
    assert [each.name for each in shown.rooms] == ["R2b", "Aula"]
    assert [each.name for each in shown.subjects] == ["His"]
    assert [each.name for each in shown.teachers] == ["VIS", "BAK"]


def test_without_subject_group_teacher_or_room_it_shows_all_the_same() -> None:
    shown = view(lesson(kind=Kind.STANDBY))
    assert (shown.subjects, shown.who, shown.teachers, shown.rooms) == ((), (), (), ())
    assert (shown.fate, shown.colour, shown.kind) == (Fate.REGULAR, GREY, Kind.STANDBY)


def test_the_student_group_stands_on_the_chip_only_where_there_is_no_class() -> None:
    assert [each.name for each in view(lesson(kl="2b", gr="2b.wi1")).who] == ["2b"]
    assert [each.name for each in view(lesson(gr="2b.wi1")).who] == ["2b.wi1"]


def test_the_original_stands_beside_the_change() -> None:
    shown = view(lesson(lo="-R1b +R2b", status=Status.CHANGED))
    assert shown.rooms == (Part("R1b", Change.REMOVED), Part("R2b", Change.ADDED))


@pytest.mark.parametrize(
    ("told", "fate", "takes_place"),
    [
        ({}, Fate.REGULAR, True),
        ({"status": Status.CANCELLED}, Fate.CANCELLED, False),
        ({"status": Status.ADDED}, Fate.ADDED, True),
        ({"status": Status.OTHER}, Fate.OTHER, True),
        ({"do": "-042 +42"}, Fate.CHANGED, True),  # a substitution that only the teachers tell
        ({"do": "-042 +42", "status": Status.CANCELLED}, Fate.CANCELLED, False),
        ({"moved_to": "9", "status": Status.CANCELLED}, Fate.MOVED, False),
        ({"moved_from": "9", "status": Status.ADDED}, Fate.MOVED, True),
        ({"moved_from": "9", "status": Status.CANCELLED}, Fate.CANCELLED, False),  # moved here, and then fell out
        ({"moved_to": "9"}, Fate.REGULAR, True),  # moved away, and then restored
        ({"moved_from": "8", "moved_to": "9", "status": Status.CANCELLED}, Fate.MOVED, False),
    ],
)
def test_a_lesson_has_one_mark(told: dict[str, object], fate: Fate, takes_place: bool) -> None:
    shown = view(lesson(**told))  # type: ignore[arg-type]
    assert (shown.fate, shown.takes_place) == (fate, takes_place)


def test_a_moved_lesson_shows_its_other_place_on_both_sides() -> None:
    away = lesson("1", "8:30", lo="R1b", status=Status.CANCELLED, moved_to="2")
    here = lesson("2", "13:30", day=10, lo="-R1b +Aula", status=Status.ADDED, moved_from="1")
    assert view(away, here).moved == Place("to", "2", at("13:30", 10), ("Aula",))
    assert view(here, away).moved == Place("from", "1", at("8:30"), ("R1b",))


def test_a_lesson_that_moved_to_another_week_shows_that_it_moved() -> None:
    assert view(lesson(status=Status.CANCELLED, moved_to="77")).moved == Place("to", "77")


def test_the_other_place_is_found_also_when_it_is_not_among_the_lessons_shown() -> None:
    away = lesson("1", do="042", status=Status.CANCELLED, moved_to="2")
    whole = week(away, lesson("2", "13:30", do="42", status=Status.ADDED, moved_from="1"))
    (shown,) = views(whole, merged(own(whole, Role.TEACHER, "042").lessons), {})
    assert shown.moved == Place("to", "2", at("13:30"))


def test_a_lesson_taken_from_the_teacher_who_looks_is_marked_for_him_alone() -> None:
    whole = week(lesson(do="-042 +42"))
    blocks = one_by_one(whole.lessons)
    assert views(whole, blocks, {}, taken=taken_from(whole, Role.TEACHER, "042"))[0].taken
    assert not views(whole, blocks, {}, taken=taken_from(whole, Role.TEACHER, "42"))[0].taken


def test_the_subject_gives_the_colour_and_the_text_can_be_read_on_it() -> None:
    shown = view(lesson(va="His"))
    assert (shown.subject, shown.colour, shown.text_colour) == ("s1", "#1E88E5", "#000000")
    assert (view(lesson(va="TEC")).subject, view(lesson(va="TEC")).colour) == ("", GREY)


def test_of_several_subjects_the_one_that_is_given_now_gives_the_colour() -> None:
    colours = palette([Subject("a", "A", "#111111", ("tec",)), Subject("b", "B", "#222222", ("his",))])
    whole = week(lesson("1", va="-TEC +His"), lesson("2", va="-TEC"), lesson("3", va="Werks His"))
    assert [each.subject for each in views(whole, one_by_one(whole.lessons), colours)] == ["b", "a", "b"]


@given(weeks(), st.sampled_from([0, 60]))
def test_any_week_can_be_shown_and_every_chip_has_its_own_room_in_its_lane(whole: Week, gap: int) -> None:
    shown = views(whole, merged(whole.lessons, gap), HISTORY)
    for one in shown:
        assert 0 <= one.lane.index < one.lane.total
        for other in shown:
            if one is not other and one.start < other.end and other.start < one.end:
                assert one.lane.index != other.lane.index
                assert one.lane.total == other.lane.total


@given(weeks(most=25))
def test_there_are_never_more_lanes_than_lessons_at_one_time(whole: Week) -> None:
    spans = [(each.start, max(each.end, at("0:01") - at("0:00") + each.start)) for each in whole.lessons]
    most = max((sum(start <= moment < end for start, end in spans) for moment, _ in spans), default=0)
    assert max((each.total for each in lanes(spans)), default=0) == most


def test_parallel_lessons_lie_side_by_side_and_the_next_hour_has_the_whole_width() -> None:
    whole = week(lesson("1"), lesson("2"), lesson("3", "9:20"))
    assert [each.lane for each in views(whole, one_by_one(whole.lessons), {})] == [Lane(0, 2), Lane(1, 2), Lane(0, 1)]


def test_two_lessons_of_no_minutes_at_one_moment_both_show() -> None:
    moment = (at("9:00"), at("9:00"))
    assert lanes([moment, moment]) == (Lane(0, 2), Lane(1, 2))


def test_the_axis_is_that_of_the_time_grid() -> None:
    assert hour_axis(GRID, [lesson()]) == HourAxis(8, 16)


def test_without_a_grid_the_axis_is_a_working_day() -> None:
    assert hour_axis((), []) == HourAxis(8, 17)


def test_the_axis_never_cuts_a_lesson() -> None:
    assert hour_axis(GRID, [lesson(start="7:45"), lesson(start="18:30", end="20:01")]) == HourAxis(7, 21)
    assert hour_axis(GRID, [lesson(start="16:00", end="16:00")]) == HourAxis(8, 17)


def test_a_lesson_over_midnight_needs_the_whole_day_and_one_until_midnight_does_not() -> None:
    over = Lesson("1", at("23:00"), at("1:00", 8), at("0:00"))
    until = Lesson("1", at("23:00"), at("0:00", 8), at("0:00"))
    assert hour_axis(GRID, [over]) == HourAxis(0, 24)
    assert hour_axis(GRID, [until]) == HourAxis(8, 24)
