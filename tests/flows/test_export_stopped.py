"""Once disconnected, or no longer let in, an export sends nothing more, and says what had arrived."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.domain.export.outcome import ExportState
from shared.errors import NotAllowed
from shared.flows.link_class import link_class, unlink_class
from shared.flows.order_export import order_again
from shared.ports import Page, Store
from tests.counting_store import CountingStore
from tests.export_world import COURSE, TEACHER, ExportWorld, two_items


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with two_items(tmp_path / "data") as world:
        yield world


def test_a_disconnect_stops_before_the_next_write_and_says_what_had_arrived(world: ExportWorld) -> None:
    planned = world.planned()
    world.at("PUT", "/results/", 1, world.disconnect)
    ended = world.deliver_next()
    assert (ended.state, ended.cause) == (ExportState.STOPPED, "export.disconnected")
    assert world.outcomes(ended) == {
        "w1": "sent",
        "w1 u1": "sent",
        "w1 u2": "not_tried",
        "w2": "not_tried",
        "w2 u1": "not_tried",
    }
    assert ended.counts == {"items.not_tried": 1, "items.sent": 1, "not_tried": 2, "sent": 1}
    puts = world.sis.count("PUT")
    assert world.deliver(world.post.waiting.popleft()) is None
    assert world.sis.count("PUT") == puts
    with pytest.raises(NotAllowed, match=r"sis\.not_connected"):
        order_again(world.app, world.school, planned.id, by=TEACHER)
    world.connect()
    order_again(world.app, world.school, planned.id, by=TEACHER)
    assert world.finish().counts == {"items.same": 1, "items.sent": 1, "sent": 2}
    assert world.sis.school.created == {"lineItems": 2, "results": 3}


def test_when_a_disconnected_sis_cannot_be_read_either_nobody_is_said_to_be_untried(world: ExportWorld) -> None:
    world.planned()

    def gone() -> None:
        world.disconnect()
        world.sis.fail("error", method="GET", path="/results", status=503)

    world.at("PUT", "/results/", 1, gone)
    ended = world.deliver_next()
    assert ended.cause == "export.disconnected"
    assert world.outcomes(ended)["w1 u1"] == "failed export.no_answer"
    assert world.outcomes(ended)["w1 u2"] == "not_tried"


def test_an_export_of_an_earlier_connection_sends_nothing(world: ExportWorld) -> None:
    """Disconnected and connected again before its messages came: also when it still had to be planned."""
    ordered = world.order()
    world.disconnect()
    world.connect()
    ended = world.finish()
    assert (ended.id, ended.state, ended.cause) == (ordered.id, ExportState.STOPPED, "export.disconnected")
    world.planned()
    world.disconnect()
    world.connect()
    assert world.finish().cause == "export.disconnected"
    assert world.sis.school.created == {}
    assert world.run().counts == {"items.sent": 2, "sent": 3}


def test_a_key_that_is_refused_halfway_ends_the_export_and_says_so(world: ExportWorld) -> None:
    world.planned()

    def refused() -> None:
        world.sis.auth.secret = "another"
        world.sis.auth.revoke()

    world.at("PUT", "/results/", 2, refused)
    ended = world.deliver_next()
    assert (ended.state, ended.cause) == (ExportState.STOPPED, "oneroster.credentials_refused")
    assert world.outcomes(ended)["w1 u1"] == "failed export.no_answer"
    assert world.outcomes(ended)["w2"] == "not_tried"


def test_a_right_that_is_missing_for_one_student_is_that_students_trouble(world: ExportWorld) -> None:
    world.sis.fail("forbidden", method="PUT", path="/results/", times=1)
    assert world.run().counts == {"failed": 1, "items.sent": 2, "sent": 2}


def test_teachers_switched_off_stops_before_the_next_item(world: ExportWorld) -> None:
    world.planned()
    world.at("PUT", "/results/", 1, lambda: world.sis_is(teachers_export=False))
    going = world.deliver_next()
    assert going.state is ExportState.RUNNING
    ended = world.deliver_next()
    assert (ended.state, ended.cause) == (ExportState.STOPPED, "export.teachers_off")
    assert world.outcomes(ended) == {
        "w1": "sent",
        "w1 u1": "sent",
        "w1 u2": "sent",
        "w2": "not_tried",
        "w2 u1": "not_tried",
    }
    with pytest.raises(NotAllowed, match=r"sis\.teachers_off"):
        world.order()


class _AtTheLedger(CountingStore):
    """Does something just before a ledger is read."""

    def __init__(self, inner: Store, then: Callable[[], None]) -> None:
        super().__init__(inner)
        self.then = then

    def query(self, collection: str, **how: Any) -> Page:
        if collection.endswith("/lines"):
            self.then()
        return super().query(collection, **how)


def test_a_disconnect_between_two_looks_is_a_disconnect(world: ExportWorld) -> None:
    world.planned()
    store = _AtTheLedger(world.app.store, world.disconnect)
    ended = replace(world, app=replace(world.app, store=store)).deliver_next()
    assert (ended.state, ended.cause) == (ExportState.STOPPED, "export.disconnected")
    assert world.sis.count("PUT") == 0


def test_a_class_that_was_linked_elsewhere_before_the_export_began_gets_nothing(world: ExportWorld) -> None:
    world.sis.school.add_class("3b-wi", "Wiskunde 3B", school="baken", terms=("t1",))
    world.sis.school.teaches["3b-wi"] = {"t-vries"}
    world.order()
    unlink_class(world.app, world.school, COURSE, teacher=TEACHER, by=TEACHER)
    link_class(world.app, world.school, TEACHER, COURSE, "3b-wi", seen=lambda _: None)
    assert world.finish().cause == "export.relinked"
    assert world.sis.count("PUT") == 0
