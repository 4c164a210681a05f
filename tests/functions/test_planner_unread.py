"""The Planner over HTTP while WebUntis is down or was not read: what there is stays, and it is said why."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.errors import Throttled
from shared.flows.refresh_all import refresh_all
from shared.flows.refresh_week import refresh_week
from shared.flows.week_part import WHOLE
from shared.flows.weeks import head_path
from shared.ports import Write
from tests.functions.desk import Desk, codes, lessons, pupils, three_lessons
from tests.lessons_at_school import WEEK, Lessons


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with three_lessons(tmp_path / "data") as there:
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


def test_webuntis_down_shows_the_last_week_marked_with_the_reason(school: Lessons, desk: Desk) -> None:
    pupil = pupils(school)[0]
    before = desk.of(pupil).get_json()["weeks"][0]
    assert before["stale"] is False
    school.clock.pass_(hours=3)
    school.untis.fail("error", status=503)
    for _ in range(3):
        answer = desk.of(pupil)
        assert lessons(answer) == {"100"}
        week = answer.get_json()["weeks"][0]
        assert week["stale"] is True
        assert week["updatedAt"] == before["updatedAt"]
        assert "timetable.stale" in codes(answer)
    school.local.queue.drain(10)
    assert len(school.orders) == 1
    with pytest.raises(Exception, match="http"):
        refresh_week(school.app, school.id, WEEK, owner="m")
    answer = desk.of(pupil)
    assert lessons(answer) == {"100"}
    assert codes(answer)[0].startswith("http.")


def test_readers_order_one_refresh_in_five_minutes(school: Lessons, desk: Desk) -> None:
    desk.admin()
    school.clock.pass_(minutes=80)
    for _ in range(5):
        for pupil in pupils(school):
            assert desk.of(pupil).status_code == 200
    school.local.queue.drain(10)
    assert len(school.orders) == 1
    school.clock.pass_(minutes=6)
    desk.admin()
    school.local.queue.drain(10)
    assert len(school.orders) == 2


def test_an_order_does_not_break_a_refresh_that_is_under_way(school: Lessons, desk: Desk) -> None:
    desk.admin()
    school.clock.pass_(minutes=80)
    lease = school.app.store.lease(head_path(school.id, WEEK, WHOLE), owner="x", now=school.clock(), seconds=120)
    assert lease
    assert lessons(desk.admin()) == {"100", "101", "102"}
    school.local.queue.drain(10)
    assert school.orders == []
    school.app.store.commit([Write(lease.path, lease.data, expect=lease.version)])  # it still holds


def test_a_first_reading_that_fails_is_told_and_not_repeated_by_every_reader(school: Lessons, desk: Desk) -> None:
    school.untis.fail("error", "timetable", status=503)
    first = desk.admin()
    assert lessons(first) == set()
    assert codes(first)[0].startswith("http.")
    before = school.asked()
    desk.admin()
    for pupil in pupils(school):
        assert codes(desk.of(pupil))[0].startswith("http.")
    assert school.asked() == before


def test_switched_off_there_are_no_lessons_and_no_calls(school: Lessons, desk: Desk) -> None:
    desk.admin()
    school.settings(enabled=False)
    before = school.asked()
    for answer in (desk.admin(), desk.of(pupils(school)[0])):
        assert lessons(answer) == set()
        assert codes(answer) == ["timetable.coupling_off"]
    assert school.asked() == before


def test_a_refused_login_is_told_and_never_made_again(school: Lessons, desk: Desk) -> None:
    school.untis.schools[school.people.tenant_id].password = "anders"
    school.untis.revoke_tokens()
    before = school.untis.count("token")
    for minutes in (0, 1, 10):
        school.clock.pass_(minutes=minutes)
        for week in ("2026-W48", "2026-W49", "2026-W50"):
            assert codes(desk.admin(f"/timetable?week={week}"))[0] == "webuntis.login_refused"
    assert school.untis.count("token") - before == 1


@pytest.mark.parametrize("week", ["2026-W30", "2026-W48", "2026-W51", "2027-W28", "2027-W30"])
def test_an_empty_week_always_says_why(school: Lessons, desk: Desk, week: str) -> None:
    for answer in (desk.admin(f"/timetable?week={week}"), desk.of(pupils(school)[2], f"/timetable?week={week}")):
        assert lessons(answer) or codes(answer)


def test_many_at_once_cause_one_reading(school: Lessons) -> None:
    """Two instances, each with its own App, and a dozen people who all open the Planner first."""
    school.untis.fail("slow", "timetable", seconds=0.2)
    desks = [Desk(school), Desk(school, replace(school.app))]
    answers: list[set[str]] = []

    def one(n: int) -> None:
        answers.append(lessons(desks[n % 2].admin()))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"100", "101", "102"}] * 10
    asked = school.untis.count("timetable")
    school.clock.pass_(hours=21)
    refresh_week(school.app, school.id, WEEK, owner="later")
    assert school.untis.count("timetable") == 2 * asked


def test_the_hourly_job_leaves_readers_without_anything_to_wait_for(school: Lessons, desk: Desk) -> None:
    refresh_all(school.app)
    school.local.queue.drain(10)
    assert {body["week"] for body in school.orders} == {"2026-W48", "2026-W49"}
    assert {body["part"] for body in school.orders} == {""}


def test_a_publication_under_way_is_told_and_the_week_stays(school: Lessons, desk: Desk) -> None:
    desk.admin()
    school.clock.pass_(hours=3)
    school.untis.fail("error", "timetable", status=500, code="TT_ONGOING_TIMETABLE_PUBLICATION")
    with pytest.raises(Throttled, match=r"webuntis\.publishing"):
        refresh_week(school.app, school.id, WEEK, owner="m")
    answer = desk.admin()
    assert lessons(answer) == {"100", "101", "102"}
    assert codes(answer)[0] == "webuntis.publishing"
