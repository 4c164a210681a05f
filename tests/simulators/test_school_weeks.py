"""Laws of the practice school's weeks: the right size, believable, the same for the same seed, as odd as real ones."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.people import Role
from shared.simulators.practice_school import practice_school, tiny_school
from shared.simulators.school_plan import plan_school
from shared.simulators.school_weeks import HOLIDAY_WEEKS, crowd, practice_timetable, school_years, some_life
from shared.simulators.untis_timetable import Period, Timetable

PEOPLE = practice_school().persons


def week(timetable: Timetable, year: int = 2022, number: int = 45) -> list[Period]:
    monday = datetime.combine(date.fromisocalendar(year, number, 1), time())
    return timetable.between(monday, monday + timedelta(days=7, seconds=-1))


@pytest.fixture(scope="module")
def november() -> list[Period]:
    return week(practice_timetable(PEOPLE))


@pytest.mark.parametrize("size", [500, 1400, 4000])
def test_the_size_is_as_asked(size: int) -> None:
    assert abs(len(week(practice_timetable(crowd(size)))) - size) < size * 0.08


def test_the_practice_school_has_about_1400_lessons_from_first_to_sixth_form(november: list[Period]) -> None:
    assert 1300 < len(november) < 1500
    names = {named.name for named in practice_timetable(PEOPLE).master.classes.values()}
    assert {"1a", "2c", "3f", "4ha", "4va", "5hb", "6va"} <= names


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6))
def test_nobody_is_planned_in_two_places_at_once(seed: int) -> None:
    plan = plan_school(crowd(300), seed)
    for who in (
        [(student, hour) for c in plan.courses for student in c.students for hour in c.hours],
        [(c.teacher, hour) for c in plan.courses for hour in c.hours],
        [(c.room, hour) for c in plan.courses for hour in c.hours],
    ):
        assert max(Counter(who).values()) == 1


def test_everybody_has_a_full_week(november: list[Period]) -> None:
    load = Counter(student for period in november if period.lesson for student in period.students or ())
    assert len(load) == sum(person.role is Role.STUDENT for person in PEOPLE)
    assert min(load.values()) > 20


def test_the_same_seed_gives_the_same_week_and_another_one_another(november: list[Period]) -> None:
    assert week(practice_timetable(PEOPLE)) == november
    assert week(practice_timetable(PEOPLE, 68)) != november


def test_every_oddity_of_real_weeks_is_there(november: list[Period]) -> None:
    kinds = {(period.type, period.status) for period in november}
    lesson = "NORMAL_TEACHING_PERIOD"
    assert {(lesson, status) for status in ("REGULAR", "CANCELLED", "CHANGED", "ADDITIONAL")} <= kinds
    types = {type for type, _ in kinds}
    assert {"EXAM", "EVENT", "MEETING", "BREAK_SUPERVISION", "OFFICE_HOUR", "STAND_BY_PERIOD"} <= types
    for part in ("subjects", "classes", "groups", "rooms", "teachers"):
        assert any(not getattr(period, part) for period in november)
    moved = [period for period in november if period.source]
    assert all(next(old for old in november if old.id == each.source).destination == each.id for each in moved)
    assert moved


def test_double_periods_and_parallel_courses_are_there(november: list[Period]) -> None:
    starts = {(period.lesson, period.end) for period in november}
    assert any((period.lesson, period.start) in starts for period in november if period.lesson)
    parallel = Counter((period.start, period.classes) for period in november if period.groups)
    assert max(parallel.values()) > 1


def test_every_week_of_a_school_year_has_lessons_but_for_the_holidays() -> None:
    timetable = practice_timetable(crowd(100))
    first, last = school_years(2022, 2022)[0]
    ids: list[int] = []
    for days in range(0, (last - first).days, 7):
        year, number, _ = (first + timedelta(days=days)).isocalendar()
        found = week(timetable, year, number)
        assert bool(found) is (number not in HOLIDAY_WEEKS)
        ids += [period.id for period in found]
    assert len(ids) == len(set(ids))
    assert week(timetable, 2023, 30) == []


def test_some_life_changes_a_handful_of_lessons_of_that_day() -> None:
    timetable = practice_timetable(PEOPLE)
    before = week(timetable)
    some_life(timetable, date(2022, 11, 8))
    changed = set(week(timetable)) - set(before)
    assert len(changed) == 8  # a move is two
    assert {period.start.date() for period in changed} == {date(2022, 11, 8)}
    some_life(timetable, date(2022, 11, 12))
    assert any(each.start.date() == date(2022, 11, 14) for each in set(week(timetable, 2022, 46)) if each.source)


def test_a_school_of_five_has_a_timetable_too() -> None:
    assert week(practice_timetable(tiny_school().persons))
    assert week(practice_timetable(())) != []  # the open day
