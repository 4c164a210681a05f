"""Finding the week that answers a reader: what there is at once, and one order behind his back."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.errors import Throttled, Unreachable
from shared.flows.read_week import Found, find_weeks, patience
from shared.flows.refresh_week import refresh_week
from shared.flows.retention import retain
from shared.flows.timetable_for import sight
from shared.flows.week_part import WHOLE
from shared.flows.weeks import head_path
from shared.ports import App
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        there.give(1, teacher=there.person(Role.TEACHER), students=[there.person(Role.STUDENT)])
        yield there


def find(school: Lessons, *, wait: bool = True) -> Found:
    return find_weeks(school.app, school.school, [WEEK], WHOLE, until=patience(school.app) if wait else 0.0)[0]


def hasty(school: Lessons) -> App:
    """Readers wait half a second for what nobody has read."""
    rules = school.app.rules
    return replace(
        school.app, rules=replace(rules, freshness=replace(rules.freshness, patience=timedelta(seconds=0.5)))
    )


def test_a_fresh_week_is_found_without_an_order_or_a_call(school: Lessons) -> None:
    find(school)
    before = school.asked()
    school.clock.pass_(minutes=70)
    found = find(school)
    assert (found.stale, found.failure) == (False, None)
    school.local.queue.drain(5)
    assert (school.asked(), school.orders) == (before, [])


def test_an_old_week_is_found_at_once_while_webuntis_hangs(school: Lessons) -> None:
    find(school)
    school.clock.pass_(hours=3)
    school.untis.fail("slow", "timetable", seconds=3)
    before = school.asked()
    reading = threading.Thread(
        target=refresh_week, args=(school.app, school.id, WEEK), kwargs={"owner": "m"}, daemon=True
    )
    reading.start()
    while school.asked() == before and reading.is_alive():
        time.sleep(0.01)  # until WebUntis hangs: a reader that comes before would do the reading itself
    found = find(school)
    assert found.stale
    assert found.read
    assert reading.is_alive()
    reading.join()
    assert not find(school).stale


def test_who_does_not_wait_only_orders(school: Lessons) -> None:
    before = school.asked()
    for _ in range(3):
        assert find(school, wait=False).read is None
    school.local.queue.drain(5)
    assert school.asked() == before
    assert [order["week"] for order in school.orders] == [WEEK.name]


def test_where_another_instance_reads_for_too_long_the_reader_is_told_to_come_back(school: Lessons) -> None:
    school.app.store.lease(head_path(school.id, WEEK, WHOLE), owner="elders", now=school.clock(), seconds=120)
    with pytest.raises(Throttled, match=r"timetable\.being_read"):
        sight(hasty(school), school.id, "u-beheerder", [WEEK], "school")


def test_a_queue_that_is_down_keeps_nobody_from_what_there_is(school: Lessons) -> None:
    class Down:
        def publish(self, topic: str, bodies: Sequence[Mapping[str, str]]) -> None:
            raise Unreachable("queue.unreachable", service="queue")

    find(school)
    school.clock.pass_(hours=3)
    app = replace(school.app, queue=Down())  # type: ignore[arg-type]
    assert find_weeks(app, school.school, [WEEK], WHOLE, until=patience(app))[0].read


@pytest.mark.parametrize("how", ["read", "failed", "ordered"])
def test_old_weeks_are_deleted_with_all_their_parts(school: Lessons, how: str) -> None:
    if how == "failed":
        school.untis.fail("error", "timetable", status=503)
    find(school, wait=how != "ordered")
    path = head_path(school.id, WEEK, WHOLE)
    retain(school.app, school.id)
    assert school.app.store.get(path)
    school.clock.pass_(days=6 + 100, hours=1)
    retain(school.app, school.id)
    assert school.app.store.get(path) is None
    assert not school.app.store.query(f"{path}/parts", limit=5).documents


def test_a_week_of_long_ago_that_somebody_looked_at_does_not_keep_the_others(school: Lessons) -> None:
    find(school)
    school.clock.pass_(days=107)
    old = WEEK.previous
    find_weeks(school.app, school.school, [old], WHOLE, until=patience(school.app))
    retain(school.app, school.id)
    kept = [week for week in (old, WEEK) if school.app.store.get(head_path(school.id, week, WHOLE))]
    assert kept == [old]
    school.clock.pass_(days=1, seconds=1)
    retain(school.app, school.id)
    assert school.app.store.get(head_path(school.id, old, WHOLE)) is None


def test_a_first_reading_that_died_is_taken_over_and_its_rest_is_deleted(school: Lessons) -> None:
    path = head_path(school.id, WEEK, WHOLE)
    school.app.store.lease(path, owner="dood", now=school.clock(), seconds=120)
    school.clock.pass_(seconds=121)
    assert find(school).read
    other = head_path(school.id, WEEK.next, WHOLE)
    school.app.store.lease(other, owner="dood", now=school.clock(), seconds=120)
    retain(school.app, school.id)
    assert school.app.store.get(other)
    school.clock.time += timedelta(minutes=3)
    retain(school.app, school.id)
    assert school.app.store.get(other) is None
    assert school.app.store.get(path)
