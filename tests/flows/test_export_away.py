"""A SIS that is away is waited for; then what failed can be repeated, and nothing but that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.export.outcome import ExportState
from shared.errors import Conflict, Unreachable
from shared.flows.order_export import order_again
from shared.flows.plan_export import LAST_ATTEMPT
from tests.export_world import ATTEMPTS, GRADES, SO, TEACHER, TOETS, ExportWorld, two_items


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with two_items(tmp_path / "data") as world:
        yield world


def test_a_sis_that_is_away_is_waited_for(world: ExportWorld) -> None:
    planned = world.planned()
    world.sis.fail("error", status=503)
    message = world.post.waiting[0]
    for attempt in (1, 2, 3):
        with pytest.raises(Unreachable):
            world.deliver(replace(message, attempt=attempt))
    world.sis.faults.clear()
    done = world.patiently()
    assert (done.id, done.state) == (planned.id, ExportState.DONE)
    assert done.counts == {"items.sent": 2, "sent": 3}


def test_at_the_last_attempt_it_has_failed_and_a_retry_repeats_only_that(world: ExportWorld) -> None:
    first = world.planned()
    world.deliver(world.post.waiting.popleft())
    world.sis.fail("error", status=503)
    done = world.patiently()
    assert world.outcomes(done) == {
        "w1": "sent",
        "w1 u1": "sent",
        "w1 u2": "sent",
        "w2": "failed export.no_answer",
        "w2 u1": "failed export.no_answer",
    }
    world.sis.faults.clear()
    world.grades([SO, TOETS], GRADES | {("w1", "u1"): 9.0})  # not what failed
    again = order_again(world.app, world.school, first.id, by=TEACHER)
    assert again.of == first.id
    done = world.patiently()
    assert world.outcomes(done) == {"w2": "sent", "w2 u1": "sent"}
    assert world.there()["SO H3 breuken", "s1"] == 7.5
    with pytest.raises(Conflict, match=r"export\.nothing_failed"):
        order_again(world.app, world.school, done.id, by=TEACHER)


def test_a_retry_repeats_only_the_students_that_failed(world: ExportWorld) -> None:
    world.sis.fail("error", method="PUT", path="/results/", times=1)
    done = world.run()
    assert done.counts == {"failed": 1, "items.sent": 2, "sent": 2}
    order_again(world.app, world.school, done.id, by=TEACHER)
    again = world.finish()
    assert again.counts == {"items.same": 1, "sent": 1}
    assert len(world.there()) == 3


def test_a_plan_that_never_came_about_says_so_and_its_retry_is_about_everything(world: ExportWorld) -> None:
    world.sis.fail("error", status=503)
    world.order()
    done = world.patiently()
    assert (done.state, done.cause, done.counts) == (ExportState.STOPPED, "http.server_error", {})
    world.sis.faults.clear()
    again = order_again(world.app, world.school, done.id, by=TEACHER)
    assert world.patiently().counts == {"items.sent": 2, "sent": 3}
    assert again.of == done.id


def test_students_whose_answer_is_not_known_are_not_said_to_be_untried(world: ExportWorld) -> None:
    """They went out, reading back fails: perhaps they arrived. The next export finds that they did."""
    world.planned()
    world.sis.fail("error", method="GET", path="/results", status=503)
    done = world.patiently()
    assert world.outcomes(done)["w1 u1"] == "failed export.no_answer"
    assert len(world.there()) == 3
    world.sis.faults.clear()
    assert world.run().counts == {"items.same": 2, "same": 3}
    assert world.sis.school.created == {"lineItems": 2, "results": 3}


def test_three_answers_in_a_row_that_do_not_come_are_reason_to_wait(world: ExportWorld) -> None:
    many = {("w1", f"u{n}"): 6.0 + n / 10 for n in (1, 2, 3)}
    world.grades([SO], many)
    world.planned()
    world.sis.fail("hang_up", method="PUT", path="/results/")
    with pytest.raises(Unreachable):
        world.deliver(world.post.waiting[0])
    world.sis.faults.clear()
    assert world.patiently().counts == {"items.confirmed": 1, "sent": 3}


def test_the_queue_lets_go_after_the_attempt_at_which_an_export_ends() -> None:
    assert LAST_ATTEMPT < ATTEMPTS
