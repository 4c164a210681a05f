"""What somebody did in the SIS is never overwritten or deleted unless a teacher says so, of what is there now."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.export.plan import Choice, Chosen
from shared.flows.exports import Asked, ChosenFor
from shared.simulators.oneroster_school import Quirks
from tests.export_world import CLASS, DUE, ExportWorld, export_world, work

SO = work("w1", "SO H3 breuken")
GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    """Two grades were exported."""
    with export_world(tmp_path / "data") as world:
        world.grades([SO], GRADES)
        world.run()
        yield world


def _edit(world: ExportWorld, student: str, score: float) -> None:
    """Somebody changes a grade in the SIS itself."""
    school = world.sis.school
    [row] = [row for row in school.living("results") if row["student"]["sourcedId"] == student]
    school.edit("results", row["sourcedId"], score=score)


def _item(world: ExportWorld) -> str:
    [row] = world.sis.school.living("lineItems")
    return str(row["sourcedId"])


# ------------------------------------------------------------ a grade


def test_a_grade_changed_in_the_sis_waits_for_a_choice(world: ExportWorld) -> None:
    _edit(world, "s1", 9.0)
    world.grades([SO], GRADES | {("w1", "u1"): 8.0})
    done = world.run()
    assert world.outcomes(done)["w1 u1"] == "conflict export.result_changed_there"
    assert world.there()["SO H3 breuken", "s1"] == 9.0
    assert done.counts == {"conflict": 1, "items.same": 1, "same": 1}


def test_chosen_ours_is_sent(world: ExportWorld) -> None:
    _edit(world, "s1", 9.0)
    done = world.run(world.choose("w1", "u1", Choice.OVERWRITE))
    assert world.outcomes(done)["w1 u1"] == "sent"
    assert world.there()["SO H3 breuken", "s1"] == 7.5
    assert world.run().counts == {"items.same": 1, "same": 2}


def test_chosen_theirs_stays_and_is_not_asked_about_again_until_something_changes(world: ExportWorld) -> None:
    _edit(world, "s1", 9.0)
    done = world.run(world.choose("w1", "u1", Choice.KEEP))
    assert world.outcomes(done)["w1 u1"] == "kept export.kept_theirs"
    assert world.outcomes(world.run())["w1 u1"] == "kept export.kept_theirs"
    world.grades([SO], GRADES | {("w1", "u1"): 8.0})
    assert world.outcomes(world.run())["w1 u1"] == "conflict export.result_changed_there"
    assert world.there()["SO H3 breuken", "s1"] == 9.0


@pytest.mark.parametrize("choice", [Choice.OVERWRITE, Choice.KEEP])
def test_a_choice_about_what_was_there_before_does_nothing(world: ExportWorld, choice: Choice) -> None:
    _edit(world, "s1", 9.0)
    asked = world.choose("w1", "u1", choice)
    _edit(world, "s1", 9.5)  # after the teacher looked
    assert world.outcomes(world.run(asked))["w1 u1"] == "conflict export.result_changed_there"
    assert world.there()["SO H3 breuken", "s1"] == 9.5


def test_a_choice_made_between_plan_and_sending_holds_only_for_what_was_seen(world: ExportWorld) -> None:
    _edit(world, "s1", 9.0)
    world.order(world.choose("w1", "u1", Choice.OVERWRITE))
    world.deliver(world.post.waiting.popleft())
    _edit(world, "s1", 9.5)
    assert world.outcomes(world.finish())["w1 u1"] == "conflict export.result_changed_there"
    assert world.there()["SO H3 breuken", "s1"] == 9.5


def test_choices_that_were_not_offered_do_nothing(world: ExportWorld) -> None:
    nonsense = [ChosenFor("w1", "u1", Chosen(choice, seen)) for choice in Choice for seen in ("", "0" * 24)] + [
        ChosenFor("w1", "", Chosen(choice, "")) for choice in Choice
    ]
    assert world.run(Asked(choices=tuple(nonsense))).counts == {"items.same": 1, "same": 2}
    assert len(world.there()) == 2


def test_a_grade_deleted_in_the_sis_is_asked_about(world: ExportWorld) -> None:
    [row] = [row for row in world.sis.school.living("results") if row["student"]["sourcedId"] == "s1"]
    world.sis.school.edit("results", row["sourcedId"], status="tobedeleted")
    assert world.outcomes(world.run())["w1 u1"] == "conflict export.result_deleted_there"
    done = world.run(world.choose("w1", "u1", Choice.KEEP))
    assert world.outcomes(done)["w1 u1"] == "kept export.kept_deleted"
    done = world.run(world.choose("w1", "u1", Choice.AGAIN))
    assert world.outcomes(done)["w1 u1"] == "sent"
    assert world.there()["SO H3 breuken", "s1"] == 7.5


def test_a_withdrawn_grade_stays_until_somebody_has_it_cleared(world: ExportWorld) -> None:
    world.grades([SO], {("w1", "u2"): 6.0})
    assert world.outcomes(world.run())["w1 u1"] == "withdrawn export.withdrawn"
    done = world.run(world.choose("w1", "u1", Choice.KEEP))
    assert world.outcomes(done)["w1 u1"] == "withdrawn export.withdrawn"
    assert ("SO H3 breuken", "s1") in world.there()
    done = world.run(world.choose("w1", "u1", Choice.CLEAR))
    assert world.outcomes(done)["w1 u1"] == "cleared"
    assert world.there() == {("SO H3 breuken", "s2"): 6.0}
    assert "w1 u1" not in world.outcomes(world.run())


def test_a_sis_that_does_not_delete_after_all_is_not_believed(world: ExportWorld) -> None:
    world.grades([SO], {("w1", "u2"): 6.0})
    asked = world.choose("w1", "u1", Choice.CLEAR)
    world.sis.quirks = Quirks(deletes=False)
    done = world.run(asked)
    assert world.outcomes(done)["w1 u1"] == "failed oneroster.not_supported"
    assert ("SO H3 breuken", "s1") in world.there()


# ------------------------------------------------------------ an item


def test_an_item_changed_in_the_sis_waits_and_its_results_go_on(world: ExportWorld) -> None:
    world.sis.school.edit("lineItems", _item(world), title="SO 3")
    world.grades([SO], GRADES | {("w1", "u1"): 8.0})
    assert world.outcomes(world.run()) == {
        "w1": "conflict export.item_changed_there",
        "w1 u1": "sent",
        "w1 u2": "same",
    }
    assert world.outcomes(world.run(world.choose("w1", "", Choice.KEEP)))["w1"] == "kept export.item_kept_theirs"
    assert world.there()["SO 3", "s1"] == 8.0
    assert world.outcomes(world.run(world.choose("w1", "", Choice.OVERWRITE)))["w1"] == "sent"
    assert world.there()["SO H3 breuken", "s1"] == 8.0


@pytest.mark.parametrize("revives", [True, False])
def test_an_item_deleted_in_the_sis_is_made_again_only_when_that_is_chosen(world: ExportWorld, revives: bool) -> None:
    world.sis.quirks = Quirks(revives=revives)
    world.sis.school.edit("lineItems", _item(world), status="tobedeleted")
    for row in world.sis.school.living("results"):
        world.sis.school.edit("results", row["sourcedId"], status="tobedeleted")
    done = world.run()
    assert world.outcomes(done) == {
        "w1": "conflict export.item_deleted_there",
        "w1 u1": "cannot export.no_item",
        "w1 u2": "cannot export.no_item",
    }
    assert world.there() == {}
    done = world.run(world.choose("w1", "", Choice.AGAIN))
    assert world.outcomes(done) == {"w1": "sent", "w1 u1": "sent", "w1 u2": "sent"}
    assert world.there() == {("SO H3 breuken", "s1"): 7.5, ("SO H3 breuken", "s2"): 6.0}


def test_a_deleted_work_stays_in_the_sis_until_somebody_has_it_cleared(world: ExportWorld) -> None:
    world.grades([], {})
    done = world.run()
    assert world.outcomes(done) == {"w1": "withdrawn export.item_withdrawn"}
    assert len(world.there()) == 2
    done = world.run(world.choose("w1", "", Choice.CLEAR))
    assert world.outcomes(done) == {"w1": "cleared"}
    assert world.sis.school.living("lineItems") == []
    assert world.run().counts == {}
    world.grades([SO], GRADES)  # published again
    assert world.run().counts == {"items.sent": 1, "sent": 2}


def _by_hand(world: ExportWorld) -> None:
    """Somebody made the second work's item in the SIS itself, and graded a student."""
    refs = {"class": {"sourcedId": CLASS}, "category": {"sourcedId": "toets"}, "school": {"sourcedId": "baken"}}
    due = DUE.isoformat().replace("+00:00", "Z")
    told = {"title": "Toets H4", "assignDate": due, "dueDate": due, "resultValueMin": 1.0, "resultValueMax": 10.0}
    rows = world.sis.school.rows
    common = {"status": "active", "dateLastModified": due}
    rows["lineItems"]["hand"] = {"sourcedId": "hand", **common, **refs, **told}
    of = {"lineItem": {"sourcedId": "hand"}, "student": {"sourcedId": "s1"}}
    graded = {"scoreStatus": "fully graded", "score": 5.0, "scoreDate": "2026-11-21"}
    rows["results"]["hand-1"] = {"sourcedId": "hand-1", **common, **of, **graded}


def test_an_item_that_looks_like_ours_is_never_adopted_by_itself(world: ExportWorld) -> None:
    _by_hand(world)
    world.grades([SO, work("w2", "Toets H4")], GRADES | {("w2", "u1"): 5.5, ("w2", "u2"): 8.0})
    done = world.run()
    assert world.outcomes(done)["w2"] == "conflict export.look_alike"
    assert world.outcomes(done)["w2 u1"] == "cannot export.no_item"
    done = world.run(world.choose("w2", "", Choice.ADOPT))
    assert world.outcomes(done)["w2"] != "conflict export.look_alike"
    assert world.outcomes(done)["w2 u1"] == "conflict export.result_unknown"
    assert world.outcomes(done)["w2 u2"] == "sent"
    assert world.there()["Toets H4", "s1"] == 5.0
    world.run(world.choose("w2", "u1", Choice.OVERWRITE))
    assert world.there()["Toets H4", "s1"] == 5.5
    assert world.sis.school.created["lineItems"] == 1


def test_an_item_that_only_looks_like_ours_is_left_and_ours_made_beside_it(world: ExportWorld) -> None:
    _by_hand(world)
    world.grades([SO, work("w2", "Toets H4")], GRADES | {("w2", "u1"): 5.5})
    done = world.run(world.choose("w2", "", Choice.AGAIN))
    assert (world.outcomes(done)["w2"], world.outcomes(done)["w2 u1"]) == ("sent", "sent")
    assert world.sis.school.rows["results"]["hand-1"]["score"] == 5.0
    assert len(world.sis.school.living("lineItems")) == 3
