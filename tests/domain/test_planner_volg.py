"""Volg: exactly the students of a teacher's own lessons; unknown is not nobody."""

import pytest
from hypothesis import given
from school_week import at, ids, lesson, week, weeks

from shared.domain.causes import CAUSES
from shared.domain.planner.notices import Notice, volg_notices
from shared.domain.planner.volg import Students, now, of_group, students
from shared.domain.planner.volg import given as lessons_given
from shared.domain.timetable import Status, Week

USERS = {"066": "u66", "067": "u67", "042": "u42"}


def seen(whole: Week, teacher: str) -> tuple[str, ...]:
    """The ID-nummers a teacher sees in a whole week."""
    return students(lessons_given(whole, teacher), USERS).keys


@pytest.mark.parametrize(
    ("clock", "going_on"),
    [("8:29", []), ("8:30", ["1"]), ("9:19", ["1"]), ("9:20", ["2"]), ("10:09", ["2"]), ("10:10", [])],
)
def test_now_is_from_the_first_minute_up_to_the_last(clock: str, going_on: list[str]) -> None:
    whole = week(lesson("1", "8:30", do="042"), lesson("2", "9:20", do="042"), lesson("3", "8:30", do="42"))
    assert ids(now(lessons_given(whole, "042"), at(clock))) == going_on


def test_two_lessons_at_once_are_both_now_and_one_of_no_minutes_never_is() -> None:
    whole = week(lesson("1", do="042"), lesson("2", do="042"), lesson("3", "8:30", "8:30", do="042"))
    assert ids(now(lessons_given(whole, "042"), at("8:30"))) == ["1", "2"]


def test_a_cancelled_lesson_has_nobody() -> None:
    assert seen(week(lesson(do="042", students=("067",), status=Status.CANCELLED)), "042") == ()


def test_a_substitute_sees_the_group_for_that_lesson_only() -> None:
    tuesday = lesson("1", day=8, do="-042 +42", kl="2b", students=("066", "067"))
    thursday = lesson("2", day=10, do="042", kl="2b", students=("066", "067", "068"))
    whole = week(tuesday, thursday)
    assert seen(whole, "42") == ("066", "067")
    assert ids(of_group(whole, lessons_given(whole, "42"), "2b")) == ["1"]


def test_a_teacher_who_was_taken_out_of_a_lesson_sees_nobody_of_it() -> None:
    assert seen(week(lesson(do="-042 +42", students=("067",))), "042") == ()


def test_a_teacher_is_not_the_student_with_the_same_number() -> None:
    assert seen(week(lesson(do="42", students=("042",))), "042") == ()


def test_a_group_is_a_class_or_student_group_that_is_in_the_lesson_now() -> None:
    whole = week(
        lesson("1", do="042", kl="-2a +2b"),
        lesson("2", "9:20", do="042", gr="2a"),
        lesson("3", "10:25", do="42", kl="2a"),
    )
    mine = lessons_given(whole, "042")
    assert ids(of_group(whole, mine, "2a")) == ["2"]
    assert ids(of_group(whole, mine, " 2b")) == ["1"]
    assert ids(of_group(whole, mine, "9z")) == []


def test_students_come_as_linked_users_with_a_count_of_the_others() -> None:
    one = lesson("1", students=("066", "067"), unkeyed=2)
    two = lesson("2", students=("067", "900"), unkeyed=3)
    assert students([one, two], USERS) == Students(("066", "067", "900"), ("u66", "u67"), unlinked=1, unkeyed=3)


def test_a_lesson_whose_students_nobody_told_is_unknown_and_one_without_students_is_empty() -> None:
    assert students([lesson("1", students=None), lesson("2", students=())], USERS) == Students(untold=("1",))


def test_what_volg_does_not_know_is_said() -> None:
    told = volg_notices(Students(unlinked=2, unkeyed=1, untold=("1",)))
    assert told == (
        Notice("volg.untold", (("count", 1),)),
        Notice("volg.unlinked", (("count", 2),)),
        Notice("volg.unkeyed", (("count", 1),)),
    )
    assert volg_notices(Students(("067",), ("u67",))) == ()
    assert CAUSES["volg.untold"].sentence("nl", dict(told[0].facts)).endswith(": 1.")


@given(weeks())
def test_a_teacher_never_sees_a_student_who_is_in_none_of_his_lessons(whole: Week) -> None:
    for key in ("042", "42"):
        mine = {
            each.id
            for each in whole.lessons
            if each.status != "cancelled" and any(ref.id == key and ref.change != "removed" for ref in each.teachers)
        }
        told = students(lessons_given(whole, key), USERS)
        assert set(ids(lessons_given(whole, key))) == mine
        assert set(told.keys) == {one for each in whole.lessons if each.id in mine for one in each.students or ()}
        assert len(told.users) + told.unlinked == len(told.keys)
        assert set(told.untold) == {each.id for each in whole.lessons if each.id in mine and each.students is None}
