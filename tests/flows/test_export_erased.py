"""Who is erased while an export is planned or under way is not brought back by it: in no sheet, ledger or SIS."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.export.plan import Why
from shared.domain.people import Role
from shared.errors import Conflict
from shared.flows.exports import end
from shared.flows.privacy import erase
from shared.flows.schools import directory_path
from shared.ports import Message, Store, Write
from tests.counting_store import CountingStore
from tests.export_world import SO, TOETS, ExportWorld, export_world

GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with export_world(tmp_path / "data") as world:
        world.grades([SO], GRADES)
        yield world


def _forget_ledger(world: ExportWorld) -> None:
    world.app.store.write_many([Write(line.path, None) for line in world.lines()])


def _erase_anna(world: ExportWorld) -> None:
    erase(world.app, world.school, "u2", actor="a1")


def _disturbed(world: ExportWorld) -> Message:
    """The message that was delivered, and has to come again."""
    message = world.post.waiting.popleft()
    with pytest.raises(Conflict):
        world.deliver(message)
    return message


def _anna_is_gone(world: ExportWorld) -> bool:
    return not {word for word in ("u2", "Anna") if word in world.stored("export-items", "export-sheets")}


def test_a_worker_that_was_at_it_begins_again_without_who_was_erased_meanwhile(world: ExportWorld) -> None:
    world.planned()
    world.at("PUT", "/results/", 1, lambda: _erase_anna(world))
    message = _disturbed(world)
    assert world.in_ledger() == {"s1": "u1"}
    done = world.deliver(message)
    assert done
    assert world.outcomes(done) == {"w1": "confirmed", "w1 u1": "confirmed"}
    assert _anna_is_gone(world)
    assert world.in_ledger() == {"s1": "u1"}
    assert set(world.there()) == {("SO H3 breuken", "s1")}


def test_of_who_is_erased_while_the_grade_goes_out_nothing_is_remembered(world: ExportWorld) -> None:
    world.planned()
    world.at("PUT", "/results/", 2, lambda: _erase_anna(world))
    message = _disturbed(world)
    world.deliver(message)
    assert _anna_is_gone(world)
    assert world.in_ledger() == {"s1": "u1"}


def test_a_worker_learns_nothing_of_who_was_erased_meanwhile(world: ExportWorld) -> None:
    world.run()
    _forget_ledger(world)
    world.grades([SO], GRADES | {("w1", "u3"): 8.0})
    world.planned()
    world.at("GET", "/results", 1, lambda: _erase_anna(world))
    message = _disturbed(world)
    assert world.in_ledger() == {}
    world.deliver(message)
    assert world.in_ledger() == {"s1": "u1", "s3": "u3"}


def test_a_worker_of_an_export_that_was_ended_learns_nothing_either(world: ExportWorld) -> None:
    world.run()
    _forget_ledger(world)
    world.grades([SO], GRADES | {("w1", "u3"): 8.0})
    planned = world.planned()

    def ended_and_erased() -> None:
        end(world.app, world.school, planned.id, why=Why("export.silent"))
        _erase_anna(world)

    world.at("GET", "/results", 1, ended_and_erased)
    message = _disturbed(world)
    assert world.deliver(message) is None
    assert world.in_ledger() == {}


def test_who_is_erased_while_an_export_is_planned_is_not_in_the_plan(world: ExportWorld) -> None:
    world.order()
    world.at("GET", "/lineItems", 1, lambda: _erase_anna(world))
    message = _disturbed(world)
    assert _anna_is_gone(world)
    world.deliver(message)
    world.finish()
    assert _anna_is_gone(world)
    assert world.in_ledger() == {"s1": "u1"}
    assert set(world.there()) == {("SO H3 breuken", "s1")}


def test_a_plan_learns_nothing_of_who_was_erased_meanwhile(world: ExportWorld) -> None:
    world.run()
    _forget_ledger(world)
    world.order()
    world.at("GET", "/results", 1, lambda: _erase_anna(world))
    message = _disturbed(world)
    assert world.in_ledger() == {}
    world.deliver(message)
    assert world.in_ledger() == {"s1": "u1"}


class _AtTheSheets(CountingStore):
    """Erases Anna once, just before the nth sheet of an export is written."""

    def __init__(self, world: ExportWorld, nth: int) -> None:
        super().__init__(world.app.store)
        self.world, self.left = world, nth

    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        self.left -= any("/export-items/" in write.path for write in writes)
        if self.left == 0:
            self.left = -1
            _erase_anna(self.world)
        return super().commit(writes)


@pytest.mark.parametrize("nth", [1, 2])
def test_a_plan_that_is_written_down_when_somebody_is_erased_does_not_begin(world: ExportWorld, nth: int) -> None:
    world.grades([SO, TOETS], GRADES | {("w2", "u2"): 5.5})
    ordered = world.order()
    message = world.post.waiting.popleft()
    planner = replace(world, app=replace(world.app, store=_AtTheSheets(world, nth)))
    with pytest.raises(Conflict):
        planner.deliver(message)
    assert world.export(ordered.id).state == "planning"
    world.deliver(message)
    world.finish()
    assert _anna_is_gone(world)
    assert world.in_ledger() == {"s1": "u1"}


def test_a_plan_that_is_written_down_when_somebody_is_erased_learns_nothing_more(world: ExportWorld) -> None:
    world.grades([SO, TOETS], GRADES | {("w2", "u2"): 5.5})
    world.run()
    _forget_ledger(world)
    world.order()
    planner = replace(world, app=replace(world.app, store=_AtTheSheets(world, 1)))
    with pytest.raises(Conflict):
        planner.deliver(world.post.waiting.popleft())
    assert world.in_ledger() == {"s1": "u1"}


class _AtTheDirectory(CountingStore):
    """An export begins just before somebody is taken out of the directory: the back end has sent the course again."""

    def __init__(self, inner: Store, world: ExportWorld) -> None:
        super().__init__(inner)
        self.world = world

    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        if any(write.path == directory_path(self.world.school, Role.STUDENT) for write in writes):
            self.world.grades([SO], GRADES)
            self.world.planned()
        return super().commit(writes)


def test_an_export_that_begins_during_the_erasure_is_without_the_erased(world: ExportWorld) -> None:
    erase(replace(world.app, store=_AtTheDirectory(world.app.store, world)), world.school, "u2", actor="a1")
    assert _anna_is_gone(world)
    world.finish()
    assert world.in_ledger() == {"s1": "u1"}
    assert set(world.there()) == {("SO H3 breuken", "s1")}


def test_an_erasure_does_not_disturb_an_export_that_does_not_know_the_person(world: ExportWorld) -> None:
    world.planned()
    world.at("PUT", "/results/", 1, lambda: erase(world.app, world.school, "u9", actor="a1"))
    assert world.finish().counts == {"items.sent": 1, "sent": 2}
