"""Everyone sees his own lessons, all of them and no others."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from school_week import ids, lesson, week, weeks

from shared.domain.people import Role
from shared.domain.planner.own import own, taken_from
from shared.domain.timetable import Change, Status, Week


def fetched(whole: Week, role: Role, key: str) -> Week:
    """What WebUntis answers to `student_ext` or `teacher_ext`, written from its documents."""
    teachers = {each.id for each in whole.elements if each.kind == "teacher" and each.key == key}
    told = []
    for each in whole.lessons:
        his = [ref.id for ref in each.teachers] if role is Role.TEACHER else list(each.students or ())
        if set(his) & (teachers if role is Role.TEACHER else {key}):
            told.append(each)
    return replace(whole, lessons=tuple(told), people=(key,))


@given(weeks(tells_students=True), st.sampled_from(Role), st.sampled_from(["042", "42", "067", "67", "A"]))
def test_the_filter_of_the_whole_school_is_what_a_fetch_for_one_person_gives(whole: Week, role: Role, key: str) -> None:
    assert own(whole, role, key) == fetched(whole, role, key)


@given(weeks(), st.sampled_from(Role), st.sampled_from(["042", "42", "067", "A", ""]))
def test_filtering_twice_changes_nothing_and_the_empty_key_is_nobody(whole: Week, role: Role, key: str) -> None:
    mine = own(whole, role, key)
    assert own(mine, role, key) == mine
    assert key or not mine.lessons


def test_a_key_is_compared_letter_for_letter_and_within_its_role() -> None:
    whole = week(lesson("1", do="042", students=("067",)), lesson("2", do="42", students=("042", "67")))
    assert ids(own(whole, Role.TEACHER, "042")) == ["1"]
    assert ids(own(whole, Role.STUDENT, "042")) == ["2"]
    assert ids(own(whole, Role.STUDENT, "67")) == ["2"]
    assert ids(own(whole, Role.TEACHER, "067")) == []


def test_the_teacher_without_an_id_number_is_nobody() -> None:
    whole = week(lesson(do="x"))
    assert ids(own(whole, Role.TEACHER, "")) == []
    assert ids(own(whole, Role.TEACHER, "x")) == []


def test_cancelled_lessons_show() -> None:
    whole = week(lesson(do="042", students=("067",), status=Status.CANCELLED))
    assert ids(own(whole, Role.STUDENT, "067")) == ids(own(whole, Role.TEACHER, "042")) == ["1"]


def test_a_lesson_given_by_a_substitute_shows_to_both_and_is_marked_for_the_one_it_was_taken_from() -> None:
    whole = week(lesson(do="-042 +42"), lesson("2", do="042"))
    assert ids(own(whole, Role.TEACHER, "042")) == ["1", "2"]
    assert ids(own(whole, Role.TEACHER, "42")) == ["1"]
    assert taken_from(whole, Role.TEACHER, "042") == {"1"}
    assert taken_from(whole, Role.TEACHER, "42") == frozenset()
    assert taken_from(whole, Role.STUDENT, "042") == frozenset()


def test_a_student_who_was_taken_out_of_a_lesson_does_not_see_it() -> None:
    assert ids(own(week(lesson(students=("066",))), Role.STUDENT, "067")) == []


def test_when_students_are_not_told_only_a_snapshot_of_one_person_holds_his_lessons() -> None:
    untold = lesson(students=None)
    assert ids(own(week(untold), Role.STUDENT, "067")) == []
    assert ids(own(week(untold, people=("067", "068")), Role.STUDENT, "067")) == []
    assert ids(own(week(untold, people=("067",)), Role.STUDENT, "067")) == ["1"]


def test_what_was_told_counts_also_in_a_snapshot_of_one_person() -> None:
    assert ids(own(week(lesson(students=()), people=("067",)), Role.STUDENT, "067")) == []


@given(weeks(), st.sampled_from(["042", "42"]))
def test_a_lesson_is_taken_from_a_teacher_only_if_he_was_in_it(whole: Week, key: str) -> None:
    mine = {each.id: each for each in own(whole, Role.TEACHER, key).lessons}
    for each in taken_from(whole, Role.TEACHER, key):
        assert Change.REMOVED in {ref.change for ref in mine[each].teachers}
