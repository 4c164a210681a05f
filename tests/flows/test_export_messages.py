"""One operation whoever asks, one worker at a time, and messages that come twice, late or too late change nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.export.outcome import ExportState, ItemOutcome, Outcome
from shared.errors import Conflict, Unreachable
from shared.flows.export_turn import LIMIT
from shared.flows.exports import SILENT, Sheet, read_sheet, write_sheet
from shared.flows.order_export import order_again
from shared.flows.read_exports import read_own_export
from shared.ports import Caller, Message, Write
from tests.counting_store import CountingStore
from tests.export_world import SO, TEACHER, ExportWorld, two_items


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with two_items(tmp_path / "data") as world:
        yield world


def test_a_double_click_is_one_operation(world: ExportWorld) -> None:
    first, second = world.order(), world.order()
    assert first == second
    assert len(world.post.waiting) == 1
    world.finish()
    assert world.order().id != first.id


def test_an_export_that_fell_silent_is_taken_over_and_writes_nothing_more(world: ExportWorld) -> None:
    old = world.planned()
    zombies = list(world.post.waiting)
    world.post.waiting.clear()
    with pytest.raises(Conflict, match=r"export\.under_way"):
        order_again(world.app, world.school, old.id, by=TEACHER)
    world.time[0] += SILENT + timedelta(seconds=1)
    new = order_again(world.app, world.school, old.id, by=TEACHER)
    assert (new.of, new.id == old.id) == (old.id, False)
    ended = world.export(old.id)
    assert (ended.state, ended.cause) == (ExportState.STOPPED, "export.silent")
    puts = world.sis.count("PUT")
    assert [world.deliver(message) for message in zombies] == [None, None]
    assert world.sis.count("PUT") == puts
    assert world.finish().counts == {"items.sent": 2, "sent": 3}


def test_a_worker_whose_export_was_taken_over_stops_before_its_next_write(world: ExportWorld) -> None:
    old = world.planned()

    def take_over() -> None:
        world.time[0] += SILENT + timedelta(seconds=1)
        world.order()

    world.at("PUT", "/results/", 1, take_over)
    world.deliver(world.post.waiting.popleft())
    assert len(world.there()) == 1
    assert world.export(old.id).cause == "export.silent"
    assert world.students(old)["w1", "u1"].outcome is Outcome.SENT  # and what had arrived is told
    assert world.export(old.id).counts["sent"] == 1
    world.patiently()
    assert len(world.there()) == 3


def test_when_the_queue_is_away_nothing_was_ordered(world: ExportWorld) -> None:
    class Away:
        def publish(self, topic: str, bodies: object) -> None:
            raise Unreachable("queue.unreachable", service="queue")

    app = replace(world.app, queue=Away())
    with pytest.raises(Unreachable):
        replace(world, app=app).order()
    for collection in ("exports", "export-sheets", "exports-running"):
        assert world.app.store.query(f"schools/{world.school}/{collection}").documents == ()
    events = world.app.store.query(f"schools/{world.school}/audit", limit=300).documents
    assert not [event for event in events if event.data["action"] == "export.ordered"]
    assert world.run().counts == {"items.sent": 2, "sent": 3}


def test_a_message_that_comes_twice_or_late_changes_nothing(world: ExportWorld) -> None:
    plan = Message("export-plan", {"school": world.school, "export": world.order().id}, id="m1", attempt=1)
    world.deliver(world.post.waiting.popleft())
    items = list(world.post.waiting)
    world.deliver(items[1])  # out of order
    told = world.deliver(items[1])
    assert told
    assert told.left == ("w1",)
    world.deliver(plan)  # brings what is left once more
    done = world.finish()
    assert done.counts == {"items.sent": 2, "sent": 3}
    for message in (plan, *items):
        assert world.deliver(message) is None
    assert world.export(done.id).counts == done.counts
    assert world.sis.school.created == {"lineItems": 2, "results": 3}


def test_while_one_worker_has_the_turn_another_has_to_wait(world: ExportWorld) -> None:
    world.planned()
    message = world.post.waiting.popleft()
    met: list[str] = []

    def meanwhile() -> None:
        with pytest.raises(Conflict):
            world.deliver(replace(message, id="another"))
        met.append("waited")

    world.at("PUT", "/results/", 1, meanwhile)
    world.deliver(message)
    assert met == ["waited"]
    world.post.waiting.append(replace(message, id="another"))
    assert world.finish().counts == {"items.sent": 2, "sent": 3}


def test_a_plan_that_is_made_twice_at_once_keeps_the_outcomes_of_the_first(world: ExportWorld) -> None:
    export = world.order()
    plan = world.post.waiting.popleft()

    def first() -> None:
        world.deliver(plan)
        world.finish()

    world.at("GET", "/lineItems", 1, first)
    with pytest.raises(Conflict):
        world.deliver(plan)
    assert world.deliver(plan) is None
    assert world.export(export.id).counts == {"items.sent": 2, "sent": 3}
    assert read_sheet(world.app, world.school, export.id, "w1")[0].done


class _Dying(CountingStore):
    """Is away when an export is to begin."""

    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        if any(write.data and write.data.get("state") == "running" for write in writes):
            raise Unreachable("store.unreachable", service="store")
        return super().commit(writes)


def _works_told(world: ExportWorld, export: str) -> list[str]:
    caller = Caller(TEACHER, world.school, frozenset({"teacher"}))
    return [item.work for item in read_own_export(world.app, world.school, export, caller=caller).items]


def test_a_work_that_is_deleted_between_two_attempts_to_plan_is_in_no_outcome(world: ExportWorld) -> None:
    ordered = world.order()
    message = world.post.waiting.popleft()
    dying = replace(world, app=replace(world.app, store=_Dying(world.app.store)))
    with pytest.raises(Unreachable):
        dying.deliver(message)
    assert _works_told(world, ordered.id) == ["w1", "w2"]
    world.grades([SO], {("w1", "u1"): 7.5})
    world.deliver(message)
    assert _works_told(world, ordered.id) == ["w1"]
    assert world.finish().counts == {"items.sent": 1, "sent": 1}
    with pytest.raises(Conflict, match=r"export\.nothing_failed"):
        order_again(world.app, world.school, ordered.id, by=TEACHER)


def test_a_sheet_that_a_worker_wrote_too_late_is_not_told(world: ExportWorld) -> None:
    done = world.run()
    write_sheet(world.app, world.school, done, Sheet("w0", None, ItemOutcome("w0", "", Outcome.SENT)), replaces=None)
    assert _works_told(world, done.id) == ["w1", "w2"]


def test_out_of_time_it_goes_on_in_another_message(world: ExportWorld) -> None:
    export = world.planned()
    first, second = world.post.waiting
    world.post.waiting.clear()
    world.at("PUT", "/results/", 1, lambda: world.pass_(seconds=LIMIT.total_seconds() + 1))
    assert world.deliver(first) is None
    assert len(world.there()) == 1
    assert world.export(export.id).touched == world.app.now()
    [more] = world.post.waiting
    assert more.body == first.body
    world.post.waiting.append(second)
    done = world.finish()
    assert world.outcomes(done) == {
        "w1": "confirmed",
        "w1 u1": "confirmed",
        "w1 u2": "sent",
        "w2": "sent",
        "w2 u1": "sent",
    }


def test_however_slow_the_sis_is_every_message_brings_it_further(world: ExportWorld) -> None:
    world.planned()
    world.at("PUT", "", 0, lambda: world.pass_(seconds=LIMIT.total_seconds() + 1))
    messages = 0
    while world.post.waiting:
        world.deliver(world.post.waiting.popleft())
        messages += 1
    assert messages == 3  # one more than there are items: of two students the second goes in another
    assert len(world.there()) == 3
