"""A calendar link while its weeks are read anew, in another way than before: calendars lose nothing meanwhile."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.domain.planner.iso_week import parse
from shared.errors import Unreachable
from shared.flows.refresh_week import refresh_week
from shared.flows.week_part import Part
from tests.functions.desk import Desk
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school
from tests.lessons_by_api import USER, lessons_by_api


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        yield there


def lesson_now_and_in_four_weeks(school: Lessons) -> None:
    """Of the first student; this week has been read, as the job does."""
    for day in (0, 28):
        school.give(100 + day, day=day, teacher=school.person(Role.TEACHER), students=[school.person(Role.STUDENT)])
    refresh_week(school.app, school.id, WEEK, owner="job")


def linked(school: Lessons) -> str:
    return str(Desk(school).of(school.person(Role.STUDENT), "/feeds", method="POST").get_json()["address"])


def carry_out(school: Lessons, *weeks: str) -> None:
    """What was ordered is read: of these weeks, or (none named) of all."""
    assert school.local.queue.drain(10)
    for order in school.orders:
        if not weeks or order["week"] in weeks:
            with suppress(Unreachable):
                refresh_week(school.app, school.id, parse(order["week"]), Part(order["part"]), owner="job")


def fetched(school: Lessons, address: str) -> tuple[int, int]:
    """The status, and how many lessons."""
    answer = Desk(school).client.get(address)
    return answer.status_code, answer.text.count("BEGIN:VEVENT")


def in_a_calendar(school: Lessons) -> str:
    """A link whose calendar has both lessons."""
    lesson_now_and_in_four_weeks(school)
    address = linked(school)
    assert fetched(school, address) == (200, 1)
    carry_out(school)
    assert fetched(school, address) == (200, 2)
    school.orders.clear()
    return address


def refuse_the_whole(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    school.clock.pass_(hours=21)
    assert refresh_week(school.app, school.id, WEEK, owner="job").outcome == "failed"


def test_with_an_api_user_instead_no_week_is_left_out_until_it_is_read_again(tmp_path: Path) -> None:
    with lessons_by_api(tmp_path / "data") as by_api:
        school = by_api.school
        school.settings(api_user="")
        school.app = school.instance()
        address = in_a_calendar(school)
        school.settings(api_user=USER)
        school.app = by_api.instance()
        assert fetched(school, address) == (503, 0)
        carry_out(school, WEEK.name)
        assert fetched(school, address) == (503, 0)
        carry_out(school)
        assert fetched(school, address) == (200, 2)


def test_person_by_person_instead_of_whole_no_week_is_left_out_until_it_is_read_again(school: Lessons) -> None:
    address = in_a_calendar(school)
    refuse_the_whole(school)
    assert fetched(school, address) == (503, 0)
    carry_out(school, WEEK.name)
    assert fetched(school, address) == (503, 0)
    carry_out(school)
    assert fetched(school, address) == (200, 2)


def test_a_new_link_no_calendar_has_yet_does_not_wait_for_the_far_weeks(school: Lessons) -> None:
    old = in_a_calendar(school)
    refuse_the_whole(school)
    assert fetched(school, old) == (503, 0)
    carry_out(school, WEEK.name)
    assert fetched(school, linked(school)) == (200, 1)


def test_a_far_week_that_never_could_be_read_keeps_no_other_out_of_the_calendar(school: Lessons) -> None:
    lesson_now_and_in_four_weeks(school)
    address = linked(school)
    assert fetched(school, address) == (200, 1)
    school.untis.fail("error", "timetable", status=503)
    carry_out(school)
    school.clock.pass_(minutes=30)
    assert fetched(school, address) == (200, 1)
    school.untis.faults.clear()
    carry_out(school)
    assert fetched(school, address) == (200, 2)
