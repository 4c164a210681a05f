"""An empty or special week says why (T17), and a visitor sees what was changed since he was here."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from school_week import AMSTERDAM, SEEN, at, ids, lesson, refs, week, weeks

from shared.domain.causes import CAUSES
from shared.domain.people import Role
from shared.domain.planner.changed import changed_since, tells_changes
from shared.domain.planner.iso_week import parse
from shared.domain.planner.notices import week_notices
from shared.domain.planner.own import own, untold
from shared.domain.timetable import Holiday, SchoolYear, Week

WEEK = parse("2022-W45")


def told(snapshot: Week | None) -> list[str]:
    """In Dutch."""
    found = week_notices(WEEK, snapshot)
    return [CAUSES[each.code].sentence("nl", dict(each.facts)) for each in found]


def codes(snapshot: Week | None) -> list[str]:
    return [each.code for each in week_notices(WEEK, snapshot)]


def test_an_ordinary_week_says_nothing() -> None:
    assert codes(week(lesson())) == []


def test_a_week_that_was_never_read_is_not_a_week_without_lessons() -> None:
    assert codes(None) == ["week.not_told"]


@pytest.mark.parametrize("year", [None, SchoolYear(date(2021, 8, 1), date(2022, 7, 31))])
def test_a_week_outside_the_school_year_says_so_and_nothing_else(year: SchoolYear | None) -> None:
    assert codes(week(year=year)) == ["week.outside_year"]


def test_a_week_with_lessons_is_not_outside_a_school_year_that_nobody_told() -> None:
    assert codes(week(lesson(), year=None)) == []
    whole = week(lesson(classes=refs("1a")), year=None)
    mine = own(whole, Role.STUDENT, "067")
    assert [each.code for each in week_notices(WEEK, mine, untold(whole, Role.STUDENT))] == ["week.untold"]


def test_the_week_in_which_a_school_year_begins_or_ends_names_the_day() -> None:
    begins = SchoolYear(date(2022, 11, 9), date(2023, 7, 31))
    ends = SchoolYear(date(2021, 8, 1), date(2022, 11, 10))
    assert told(week(lesson(), year=begins)) == ["Het schooljaar begint in deze week, op 9-11-2022."]
    assert told(week(lesson(), year=ends)) == ["Het schooljaar eindigt in deze week, op 10-11-2022."]


def test_a_holiday_is_called_by_its_name() -> None:
    autumn = Holiday("Herfstvakantie", date(2022, 11, 5), date(2022, 11, 13))
    assert told(week(holidays=(autumn,))) == ["Deze week is het vakantie: Herfstvakantie."]


def test_days_off_are_named_with_their_dates_as_far_as_they_are_in_the_week() -> None:
    days = (
        Holiday("Studiedag", date(2022, 11, 9), date(2022, 11, 9)),
        Holiday("Brugweekend", date(2022, 11, 10), date(2022, 11, 15)),
        Holiday("Elders", date(2022, 12, 1), date(2022, 12, 2)),
        Holiday("Zondag", date(2022, 11, 13), date(2022, 11, 13)),
    )
    assert told(week(lesson(), holidays=days)) == [
        "Vrij op 9-11-2022: Studiedag.",
        "Vrij op 10-11-2022 – 11-11-2022: Brugweekend.",
    ]


def test_a_week_without_lessons_and_without_a_known_reason_may_be_a_holiday() -> None:
    assert codes(week()) == ["week.no_lessons"]
    assert "vakantie" in told(week())[0]


def test_a_person_without_lessons_in_a_week_that_has_them_is_told_something_else() -> None:
    assert codes(own(week(lesson(students=("068",))), Role.STUDENT, "067")) == ["week.no_own_lessons"]


def test_a_student_is_not_told_that_he_has_no_lessons_where_nobody_told_who_has_them() -> None:
    whole = week(lesson(classes=refs("1a")), lesson(id="2", groups=refs("1a.wi1")), lesson(id="3"))
    mine = own(whole, Role.STUDENT, "067")
    [notice] = week_notices(WEEK, mine, untold(whole, Role.STUDENT))
    assert (notice.code, dict(notice.facts)) == ("week.untold", {"count": 2})


@pytest.mark.parametrize(
    ("role", "more"),
    [(Role.TEACHER, {}), (Role.STUDENT, {"people": ("067",)})],
    ids=["a teacher", "a snapshot of himself alone"],
)
def test_whose_lessons_are_his_without_a_list_of_students_needs_none(role: Role, more: dict[str, object]) -> None:
    assert untold(week(lesson(classes=refs("1a")), **more), role) == 0


def test_a_part_of_nobody_is_not_outside_the_school_year() -> None:
    assert codes(week(people=(), year=None)) == ["week.nobody_linked"]


def test_of_somebody_whom_webuntis_does_not_know_nothing_else_is_said() -> None:
    share = week(lesson(students=("068",)), people=("067", "068"), unknown=(("067", SEEN),), year=None)
    assert codes(own(share, Role.STUDENT, "067")) == ["week.id_number_unknown"]
    assert "week.id_number_unknown" not in codes(own(share, Role.STUDENT, "068"))


def test_the_parts_of_a_school_without_lessons_are_not_called_one_person() -> None:
    assert codes(week(people=("042", "043"))) == ["week.no_lessons"]


def test_lessons_that_could_not_be_read_are_counted() -> None:
    assert codes(week(lesson(), unreadable=(("end_before_start", 2), ("no_start", 1)))) == ["week.unreadable"]
    assert told(week(lesson(), unreadable=(("end_before_start", 2), ("no_start", 1))))[0].endswith(": 3.")


def test_every_notice_has_a_sentence_in_both_languages_with_no_blank_left() -> None:
    autumn = Holiday("Herfstvakantie", date(2022, 11, 5), date(2022, 11, 13))
    for snapshot in (None, week(year=None, unreadable=(("x", 1),)), week(holidays=(autumn,)), week()):
        for each in week_notices(WEEK, snapshot):
            for sentence in (CAUSES[each.code].sentence("nl", dict(each.facts)),
                             CAUSES[each.code].sentence("en", dict(each.facts))):  # fmt: skip
                assert "?" not in sentence


@given(weeks())
def test_changed_since_is_what_was_modified_later(whole: Week) -> None:
    assert changed_since(whole, at("9:00", 4)).lessons == ()
    kept = changed_since(whole, at("8:59", 4))
    assert ids(kept) == [each.id for each in whole.lessons if each.modified]
    assert tells_changes(whole) == bool(kept.lessons)


def test_since_may_be_told_in_any_zone() -> None:
    touched = lesson(modified=SEEN.astimezone(AMSTERDAM))
    assert ids(changed_since(week(touched), SEEN - timedelta(seconds=1))) == ["1"]
    assert ids(changed_since(week(touched), SEEN)) == []


def test_a_lesson_without_a_time_of_change_is_never_in_the_list() -> None:
    assert ids(changed_since(week(lesson()), SEEN)) == []
    assert not tells_changes(week(lesson()))
