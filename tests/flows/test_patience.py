"""What WebUntis said no to is not asked again: a right until a day has passed, anything until it is ready for us."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.domain.planner.iso_week import IsoWeek
from shared.errors import Throttled
from shared.flows.read_roster import password_name
from shared.flows.refresh_week import refresh_week
from shared.flows.timetable_for import Sight, sight
from shared.flows.week_part import WHOLE, part_of
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        there.give(1, teacher=there.person(Role.TEACHER), students=[there.person(Role.STUDENT)])
        yield there


def read(school: Lessons, week: IsoWeek = WEEK) -> str:
    """The outcome, with what WebUntis is said to have answered."""
    done = refresh_week(school.app, school.id, week, owner=school.app.new_id())
    return f"{done.outcome} {done.code}".strip()


def look(school: Lessons) -> Sight:
    return sight(school.app, school.id, school.user(school.person(Role.STUDENT)), [WEEK], "own")


def orders(school: Lessons) -> list[dict[str, str]]:
    """The refreshes that readers have ordered by now."""
    school.local.queue.drain(5)
    return school.orders


@pytest.mark.parametrize(("asked_for", "seconds"), [("900", 900), ("999999", 3600)])
def test_until_webuntis_is_ready_for_us_no_week_is_asked_for(school: Lessons, asked_for: str, seconds: int) -> None:
    school.untis.fail("throttled", "timetable", retry_after=asked_for)
    assert read(school) == "failed http.throttled"
    school.untis.faults.clear()
    before = school.asked()
    school.clock.pass_(seconds=seconds - 320)
    assert read(school, WEEK.next) == "failed http.throttled"
    school.clock.pass_(seconds=120)
    with pytest.raises(Throttled, match=r"http\.throttled") as soon:  # worth delivering the message again
        read(school, WEEK.next)
    assert (soon.value.retry_after, school.asked()) == (200, before)
    school.clock.pass_(seconds=200)
    assert read(school, WEEK.next) == "whole"


def test_who_looks_meanwhile_hears_why_and_asks_nothing(school: Lessons) -> None:
    school.untis.fail("throttled", "timetable", retry_after="900")
    codes = []
    before = 0
    for _ in range(3):
        [found] = look(school).found
        codes.append(found.failure and found.failure.code)
        before = before or school.asked()
        school.clock.pass_(seconds=40)
    assert codes == ["http.throttled"] * 3
    assert school.asked() == before


def test_another_access_need_not_wait(school: Lessons) -> None:
    school.untis.fail("throttled", "timetable", retry_after="900")
    read(school)
    school.untis.faults.clear()
    school.settings(password_version=school.app.secrets.add(password_name(school.id), school.people.password))
    assert read(school) == "whole"


def test_a_right_that_is_refused_for_a_part_is_not_asked_for_by_everyone_who_looks(school: Lessons) -> None:
    school.untis.fail("forbidden", "timetable")
    part = part_of(Role.STUDENT, school.person(Role.STUDENT).key, alone=False)
    before = 0
    for _ in range(3):
        [found] = look(school).found
        assert (found.part, found.failure and found.failure.code) == (part, "webuntis.lessons_refused")
        before = before or school.asked()
        school.clock.pass_(seconds=40)
    assert school.asked() == before
    assert orders(school) == []


def test_a_day_later_the_part_is_asked_for_again(school: Lessons) -> None:
    school.untis.fail("forbidden", "timetable")
    look(school)
    school.clock.pass_(hours=25)
    look(school)
    part = part_of(Role.STUDENT, school.person(Role.STUDENT).key, alone=False)
    assert {order["part"] for order in orders(school)} == {WHOLE.id, part.id}
    school.untis.faults.clear()
    assert refresh_week(school.app, school.id, WEEK, part, owner="x").outcome == "whole"
    assert look(school).found[0].read


def test_what_was_read_before_the_right_was_taken_away_stays_and_grows_old(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    assert look(school).found[0].read
    school.untis.fail("forbidden", "timetable")
    part = part_of(Role.STUDENT, school.person(Role.STUDENT).key, alone=False)
    school.clock.pass_(hours=3)
    assert refresh_week(school.app, school.id, WEEK, part, owner="x").code == "webuntis.lessons_refused"
    [found] = look(school).found
    assert found.stale
    assert found.read
