"""Every student of an export has an outcome with its reason, and nobody's trouble is anybody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.coursework import Mark
from shared.domain.export.outcome import ExportState
from shared.flows.exports import Asked
from shared.simulators.oneroster_school import Quirks
from tests.export_world import CLASS, ExportWorld, export_world, work

SO = work("w1", "SO H3 breuken")
TOETS = work("w2", "Toets H4 procenten")
GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0, ("w1", "u3"): 8.2}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with export_world(tmp_path / "data") as world:
        world.grades([SO], GRADES)
        yield world


def test_what_the_sis_shows_was_sent_and_what_it_had_is_the_same(world: ExportWorld) -> None:
    done = world.run()
    assert world.outcomes(done) == {"w1": "sent", "w1 u1": "sent", "w1 u2": "sent", "w1 u3": "sent"}
    assert (done.state, done.total, done.left, done.counts) == (ExportState.DONE, 1, (), {"items.sent": 1, "sent": 3})
    world.grades([SO], GRADES | {("w1", "u1"): 7.6})
    again = world.run()
    assert world.outcomes(again) == {"w1": "same", "w1 u1": "sent", "w1 u2": "same", "w1 u3": "same"}
    assert world.there() == {("SO H3 breuken", "s1"): 7.6, ("SO H3 breuken", "s2"): 6.0, ("SO H3 breuken", "s3"): 8.2}


def test_a_class_without_works_is_done_at_once(world: ExportWorld) -> None:
    world.grades([], {})
    done = world.run()
    assert (done.state, done.total, done.counts) == (ExportState.DONE, 0, {})


def test_who_is_not_in_the_class_at_the_sis_is_told_so_and_the_rest_goes_on(world: ExportWorld) -> None:
    world.sis.school.attends[CLASS].discard("s2")
    assert world.outcomes(world.run()) == {
        "w1": "sent",
        "w1 u1": "sent",
        "w1 u2": "cannot pair.not_found",
        "w1 u3": "sent",
    }
    assert set(world.there()) == {("SO H3 breuken", "s1"), ("SO H3 breuken", "s3")}


def test_whom_the_sis_refuses_is_told_its_words_and_the_rest_goes_on(world: ExportWorld) -> None:
    world.order()
    world.deliver(world.post.waiting.popleft())
    world.sis.school.attends[CLASS].discard("s2")  # after the plan was made
    done = world.finish()
    told = world.students(done)
    assert world.outcomes(done)["w1 u2"] == "failed oneroster.refused"
    assert told["w1", "u2"].said == "student does not belong to the class"
    assert (told["w1", "u1"].outcome, told["w1", "u3"].outcome) == ("sent", "sent")
    assert done.counts == {"items.sent": 1, "failed": 1, "sent": 2}


def test_server_errors_of_three_students_do_not_stop_the_other_items(world: ExportWorld) -> None:
    world.grades([SO, TOETS], GRADES | {("w2", "u1"): 5.5})
    world.sis.fail("error", method="PUT", path="/results/", times=3)
    done = world.run()
    assert world.outcomes(done) == {
        "w1": "sent",
        "w1 u1": "failed export.no_answer",
        "w1 u2": "failed export.no_answer",
        "w1 u3": "failed export.no_answer",
        "w2": "sent",
        "w2 u1": "sent",
    }


def test_of_an_item_that_is_refused_no_student_is_tried_and_other_items_go_on(world: ExportWorld) -> None:
    world.grades([SO, TOETS], GRADES | {("w2", "u1"): 5.5})
    world.sis.quirks = Quirks(title_limit=14)  # unknown to us
    done = world.run()
    assert world.outcomes(done) == {
        "w1": "sent",
        "w1 u1": "sent",
        "w1 u2": "sent",
        "w1 u3": "sent",
        "w2": "failed oneroster.refused",
        "w2 u1": "not_tried export.item_failed",
    }
    assert world.items(done)["w2"].said == "title too long"
    assert world.sis.school.created["lineItems"] == 1


@pytest.mark.parametrize("kind", ["error_after", "hang_up_after"])
@pytest.mark.parametrize("own_ids", [False, True])
def test_an_answer_that_is_lost_after_the_write_is_confirmed_by_looking_and_nothing_is_twice(
    world: ExportWorld, kind: str, own_ids: bool
) -> None:
    world.sis.quirks = Quirks(own_ids=own_ids)
    world.sis.fail(kind, method="PUT", path="/results/", times=1)
    done = world.run()
    assert world.outcomes(done) == {"w1": "sent", "w1 u1": "confirmed", "w1 u2": "sent", "w1 u3": "sent"}
    assert world.sis.school.created == {"lineItems": 1, "results": 3}


@pytest.mark.parametrize("own_ids", [False, True])
def test_an_item_whose_answer_is_lost_and_cannot_be_looked_at_is_found_by_the_next_attempt(
    world: ExportWorld, own_ids: bool
) -> None:
    world.sis.quirks = Quirks(own_ids=own_ids)
    world.order()
    world.deliver(world.post.waiting.popleft())
    world.sis.fail("error_after", method="PUT", path="/lineItems/", times=1)
    world.sis.fail("error", method="GET", path="/lineItems/", times=2)
    done = world.patiently()
    assert world.outcomes(done) == {"w1": "confirmed", "w1 u1": "sent", "w1 u2": "sent", "w1 u3": "sent"}
    assert world.sis.school.created == {"lineItems": 1, "results": 3}


def test_a_sis_that_stores_nothing_is_not_believed(world: ExportWorld) -> None:
    world.run()
    world.grades([SO], GRADES | {("w1", "u2"): 9.0})
    world.sis.fail("stores_nothing", method="PUT")
    assert world.outcomes(world.run())["w1 u2"] == "failed oneroster.not_kept"
    world.sis.faults.clear()
    world.sis.fail("stores_nothing", method="PUT", path="/lineItems/")
    world.grades([SO, TOETS], GRADES | {("w2", "u1"): 5.5})
    done = world.run()
    assert (world.outcomes(done)["w2"], world.outcomes(done)["w2 u1"]) == (
        "failed oneroster.not_kept",
        "not_tried export.item_failed",
    )


def test_a_failure_inside_an_answer_of_success_is_a_failure(world: ExportWorld) -> None:
    world.sis.fail("failure_inside", method="PUT", path="/results/", times=1)
    done = world.run()
    assert world.outcomes(done) == {"w1": "sent", "w1 u1": "failed oneroster.refused", "w1 u2": "sent", "w1 u3": "sent"}
    assert world.students(done)["w1", "u1"].said == "not kept"


def test_what_the_sis_warns_of_is_told_with_what_was_sent(world: ExportWorld) -> None:
    world.sis.fail("warning_inside", method="PUT", path="/lineItems/")
    assert world.items(world.run())["w1"].said == "kept, but look at it"


def test_excused_is_sent_as_such_and_zero_is_a_grade(world: ExportWorld) -> None:
    world.grades([work("w1", "Quiz", minimum=0.0)], {("w1", "u1"): Mark.EXCUSED, ("w1", "u2"): 0.0})
    assert world.outcomes(world.run()) == {"w1": "sent", "w1 u1": "sent", "w1 u2": "sent"}
    there = {row["student"]["sourcedId"]: row for row in world.sis.school.living("results")}
    assert {who: (row["scoreStatus"], row.get("score")) for who, row in there.items()} == {
        "s1": ("exempt", None),
        "s2": ("fully graded", 0.0),
    }


def test_oneroster_1_1_gets_a_score_with_an_exemption_because_it_demands_one(world: ExportWorld) -> None:
    world.sis_is(version="1.1")
    world.grades([SO], {("w1", "u1"): Mark.EXCUSED, ("w1", "u2"): 6.0})
    assert world.outcomes(world.run()) == {"w1": "sent", "w1 u1": "sent", "w1 u2": "sent"}
    [row] = [row for row in world.sis.school.living("results") if row["student"]["sourcedId"] == "s1"]
    assert (row["scoreStatus"], row["score"]) == ("exempt", 1.0)
    assert world.run().counts == {"items.same": 1, "same": 2}


def test_missing_is_not_made_a_zero_where_the_sis_has_no_word_for_it(world: ExportWorld) -> None:
    world.grades([SO], {("w1", "u1"): Mark.MISSING, ("w1", "u2"): 6.0})
    done = world.run()
    assert world.outcomes(done) == {"w1": "sent", "w1 u1": "cannot export.status_unsupported", "w1 u2": "sent"}
    assert world.there() == {("SO H3 breuken", "s2"): 6.0}


def test_a_score_above_the_maximum_is_extra_credit(world: ExportWorld) -> None:
    world.grades([work("w1", "Quiz", minimum=0.0, maximum=100.0)], {("w1", "u1"): 110.0})
    done = world.run()
    assert world.there() == {("Quiz", "s1"): 110.0}
    assert [each.code for each in world.students(done)["w1", "u1"].warnings] == ["export.extra_credit"]


def test_a_score_below_the_scale_is_refused_for_that_student(world: ExportWorld) -> None:
    world.grades([SO], GRADES | {("w1", "u1"): 0.5})
    done = world.run()
    assert world.outcomes(done) == {"w1": "sent", "w1 u1": "cannot export.bad_score", "w1 u2": "sent", "w1 u3": "sent"}


def test_only_the_works_that_were_asked_for_are_exported(world: ExportWorld) -> None:
    world.grades([SO, TOETS], GRADES | {("w2", "u1"): 5.5})
    done = world.run(Asked(works=("w2",)))
    assert world.outcomes(done) == {"w2": "sent", "w2 u1": "sent"}
    assert world.there() == {("Toets H4 procenten", "s1"): 5.5}
    assert world.run(Asked(works=("no such work",))).total == 0
