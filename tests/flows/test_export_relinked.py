"""Who unlinks a class, or pairs its students otherwise, is obeyed before the next grade is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.export.outcome import ExportState
from shared.flows.edit_class_link import pair_by_hand
from shared.flows.link_class import unlink_class
from tests.export_world import COURSE, TEACHER, ExportWorld, export_world, work

GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with export_world(tmp_path / "data") as world:
        world.grades([work("w1", "SO H3 breuken")], GRADES)
        yield world


def _unlink(world: ExportWorld) -> None:
    unlink_class(world.app, world.school, COURSE, teacher=TEACHER, by=TEACHER)


def _pair_otherwise(world: ExportWorld) -> None:
    pair_by_hand(world.app, world.school, TEACHER, COURSE, [("u2", "")], seen=lambda _: None)


@pytest.mark.parametrize("change", [_unlink, _pair_otherwise])
def test_a_changed_link_stops_a_running_export_before_its_next_write(world: ExportWorld, change) -> None:
    world.planned()
    world.at("PUT", "/results/", 1, lambda: change(world))
    ended = world.deliver_next()
    assert (ended.state, ended.cause) == (ExportState.STOPPED, "export.link_changed")
    assert world.outcomes(ended) == {"w1": "sent", "w1 u1": "sent", "w1 u2": "not_tried"}
    assert world.there() == {("SO H3 breuken", "s1"): 7.5}


def test_after_pairing_otherwise_an_export_goes_on_with_the_new_pairs(world: ExportWorld) -> None:
    world.planned()
    world.at("PUT", "/results/", 1, lambda: _pair_otherwise(world))
    world.deliver_next()
    assert world.run().counts["cannot"] == 1
    assert world.there() == {("SO H3 breuken", "s1"): 7.5}
