"""Several weeks that nobody has read: one request gets those that are there in time, and orders the rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.domain.planner.iso_week import IsoWeek
from shared.errors import Throttled
from shared.flows.read_week import find_weeks
from shared.flows.refresh_week import refresh_week
from shared.flows.timetable_for import Sight, seen_weeks, sight
from shared.flows.week_part import WHOLE, Part, part_of
from shared.flows.weeks import head_path
from shared.ports import App
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school
from tests.lessons_by_api import ByApi, lessons_by_api

WEEKS = (WEEK, WEEK.next, WEEK.next.next, WEEK.next.next.next)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        for nth in range(len(WEEKS)):
            there.give(1 + nth, day=7 * nth, teacher=there.person(Role.TEACHER), students=[there.person(Role.STUDENT)])
        yield there


@pytest.fixture
def by_api(tmp_path: Path) -> Iterator[ByApi]:
    with lessons_by_api(tmp_path / "data") as there:
        there.school.give(1, teacher=there.school.person(Role.TEACHER), students=[there.school.person(Role.STUDENT)])
        yield there


def patient(app: App, seconds: float) -> App:
    """Readers wait so long for what nobody has read."""
    return replace(
        app, rules=replace(app.rules, freshness=replace(app.rules.freshness, patience=timedelta(seconds=seconds)))
    )


def look(school: Lessons, seconds: float = 8.0, weeks: tuple[IsoWeek, ...] = WEEKS) -> Sight:
    return sight(patient(school.app, seconds), school.id, "u-beheerder", weeks, "school")


def lessons(school: Lessons, seen: Sight) -> list[str]:
    return [lesson.id for week in seen_weeks(school.app, seen).shown for lesson in week.lessons]


def orders(school: Lessons) -> list[dict[str, str]]:
    """The refreshes that readers have ordered by now."""
    school.local.queue.drain(5)
    return school.orders


def test_after_the_deadline_no_reading_is_begun_and_the_rest_is_ordered(school: Lessons) -> None:
    school.untis.fail("slow", "timetable", seconds=0.3)
    seen = look(school, 0.5)
    read = [found.week.name for found in seen.found if found.read]
    assert read == [week.name for week in WEEKS[: len(read)]]
    assert 0 < len(read) < len(WEEKS)
    assert [order["week"] for order in orders(school)] == [week.name for week in WEEKS[len(read) :]]
    assert lessons(school, seen) == [str(1 + nth) for nth in range(len(read))]


def test_in_time_all_are_there_and_nothing_is_ordered(school: Lessons) -> None:
    assert lessons(school, look(school)) == ["1", "2", "3", "4"]
    assert orders(school) == []


def test_a_week_that_another_is_reading_keeps_nobody_from_those_that_are_there(school: Lessons) -> None:
    refresh_week(school.app, school.id, WEEK, owner="x")
    school.app.store.lease(head_path(school.id, WEEK.next, WHOLE), owner="elders", now=school.clock(), seconds=120)
    seen = look(school, 0.3, WEEKS[:2])
    assert [(found.read is not None, found.busy) for found in seen.found] == [(True, False), (False, True)]
    assert lessons(school, seen) == ["1"]
    with pytest.raises(Throttled, match=r"timetable\.being_read"):
        look(school, 0.3, WEEKS[1:2])


def test_the_weeks_of_the_schools_parts_have_one_deadline_together(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    look(school, 0.0)
    refresh_week(school.app, school.id, WEEK, owner="x")
    school.untis.fail("slow", "timetable", seconds=0.3)
    orders(school).clear()
    seen = look(school, 0.5, WEEKS[:1])
    read = sum(found.read is not None for found in seen.found)
    assert len(seen.found) == 4
    assert 0 < read < 4
    assert len(orders(school)) == 4 - read


# ---------------------------------------------------------------- an API user's whole school, class by class


def test_as_an_api_user_the_whole_school_is_ordered_and_not_waited_for(by_api: ByApi) -> None:
    school = by_api.school
    [found] = look(school, weeks=WEEKS[:1]).found
    assert (found.read, found.busy, found.failure) == (None, False, None)
    assert by_api.rpc.calls["authenticate"] == 0
    [order] = orders(school)
    assert refresh_week(school.app, order["school"], WEEK, Part(order["part"]), owner="job").outcome == "whole"
    assert lessons(school, look(school, weeks=WEEKS[:1])) == ["1"]


def test_as_an_api_user_one_students_week_is_read_at_once(by_api: ByApi) -> None:
    school = by_api.school
    pupil = school.person(Role.STUDENT)
    seen = sight(school.app, school.id, school.user(pupil), [WEEK], "own")
    assert [found.part for found in seen.found] == [part_of(Role.STUDENT, pupil.key, alone=True)]
    assert lessons(school, seen) == ["1"]
    found = find_weeks(school.app, school.school, [WEEK], WHOLE, until=0.0)
    assert [each.read for each in found] == [None]
