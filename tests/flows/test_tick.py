"""The tick: every enabled school once, whoever fires it and however often."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import World

from shared.domain.school import School, WebUntisSettings
from shared.flows.schools import write_school
from shared.flows.tick import next_tick, run_id, tick
from shared.ports import Message
from shared.simulators.practice_school import tiny_school

TINY = tiny_school()


def collect(world: World) -> list[Message]:
    taken: list[Message] = []
    world.local.queue.subscribe("link-school", taken.append)
    return taken


def test_every_enabled_school_gets_one_message_however_many_there_are(world: World) -> None:
    taken = collect(world)
    for number in range(700):
        settings = WebUntisSettings(enabled=number % 2 == 0)
        write_school(world.app, School(f"school-{number:03}", "School", webuntis=settings))
    assert tick(world.app) == 350
    assert world.local.queue.drain(20)
    assert sorted(message.body["school"] for message in taken) == [f"school-{number:03}" for number in range(0, 700, 2)]
    assert {message.body["run"] for message in taken} == {"20261123T0700Z"}


def test_a_tick_without_schools_sends_nothing(world: World) -> None:
    assert tick(world.app) == 0


def test_a_scheduler_that_fires_twice_makes_one_run(world: World) -> None:
    world.open_school(TINY)
    taken = collect(world)
    tick(world.app)
    world.clock.pass_(seconds=20)
    tick(world.app)
    assert world.local.queue.drain(20)
    assert len({message.body["run"] for message in taken}) == 1
    assert [world.run(TINY.id, message.body["run"]) is None for message in taken] == [False, True]


def test_a_tick_forced_between_two_does_not_swallow_the_next_one() -> None:
    forced, scheduled = datetime(2026, 11, 23, 8, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert run_id(forced) != run_id(scheduled)


@pytest.mark.parametrize(
    ("now", "due"),
    [("08:00:00", "08:30:00"), ("08:29:59", "08:30:00"), ("08:30:00", "09:00:00"), ("23:45:00", "00:00:00")],
)
def test_the_next_tick_is_on_the_half_hour(now: str, due: str) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{now}+00:00")
    assert f"{next_tick(at, timedelta(minutes=30)):%H:%M:%S}" == due
