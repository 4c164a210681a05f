"""A grade that went to the wrong student of the SIS: it is told until somebody decides, and the right one gets it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.export.plan import Choice, Chosen
from shared.flows.edit_class_link import pair_by_hand
from shared.flows.exports import Asked, ChosenFor
from shared.flows.privacy import erase
from shared.ports import Write
from tests.export_world import CLASS, COURSE, TEACHER, ExportWorld, export_world, work

SO = work("w1", "SO H3 breuken")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    """Yusuf's 7,5 went to s9, by a mistake of the teacher's."""
    with export_world(tmp_path) as world:
        world.sis.school.add_student("s9", "", CLASS, name=("Yusuf", "Yildiz"))
        world.grades([SO], {("w1", "u1"): 7.5, ("w1", "u2"): 6.0})
        yusuf_is(world, "s9")
        world.run()
        assert world.there() == {("SO H3 breuken", "s9"): 7.5, ("SO H3 breuken", "s2"): 6.0}
        yield world


def yusuf_is(world: ExportWorld, whom: str) -> None:
    pair_by_hand(world.app, world.school, TEACHER, COURSE, [("u1", whom)], seen=lambda _: None)


def of_yusuf(world: ExportWorld, asked: Asked | None = None) -> list[str]:
    students = world.items(world.run(asked))["w1"].students
    return [f"{one.outcome} {one.why.code if one.why else ''}".strip() for one in students if one.student == "u1"]


def clear(world: ExportWorld) -> Asked:
    [plan] = world.preview().plans
    [wrong] = [one for one in plan.results if Choice.CLEAR in one.choices]
    return Asked(choices=(ChosenFor("w1", wrong.student, Chosen(Choice.CLEAR, wrong.seen)),))


def test_the_right_student_gets_the_grade_and_the_wrong_one_keeps_it_only_until_it_is_cleared(
    world: ExportWorld,
) -> None:
    yusuf_is(world, "s1")
    assert of_yusuf(world) == ["sent", "withdrawn export.misplaced"]
    assert of_yusuf(world) == ["same", "withdrawn export.misplaced"]
    assert world.there().keys() == {("SO H3 breuken", who) for who in ("s1", "s2", "s9")}
    assert of_yusuf(world, clear(world)) == ["same", "cleared"]
    assert world.there() == {("SO H3 breuken", "s1"): 7.5, ("SO H3 breuken", "s2"): 6.0}
    assert of_yusuf(world) == ["same"]


def test_it_may_be_cleared_at_once(world: ExportWorld) -> None:
    yusuf_is(world, "s1")
    assert of_yusuf(world, clear(world)) == ["sent", "cleared"]
    assert world.there() == {("SO H3 breuken", "s1"): 7.5, ("SO H3 breuken", "s2"): 6.0}


def test_of_who_is_nobody_at_the_sis_it_may_be_cleared_as_well(world: ExportWorld) -> None:
    yusuf_is(world, "")
    assert of_yusuf(world) == ["cannot pair.never", "withdrawn export.misplaced"]
    assert of_yusuf(world, clear(world)) == ["cannot pair.never", "cleared"]
    assert world.there() == {("SO H3 breuken", "s2"): 6.0}


def test_who_is_erased_goes_out_of_the_ledger_also_where_the_grade_did_not_belong(world: ExportWorld) -> None:
    pair_by_hand(world.app, world.school, TEACHER, COURSE, [("u1", "s1"), ("u3", "s9")], seen=lambda _: None)
    world.run()
    assert world.in_ledger() == {"s1": "u1", "s2": "u2", "s9": "u1"}
    erase(world.app, world.school, "u1", actor="a1")
    assert world.in_ledger() == {"s2": "u2"}


def test_a_ledger_of_before_it_was_remembered_whose_a_grade_is_is_still_read(world: ExportWorld) -> None:
    book = world.preview().book
    document = world.app.store.get(book.path("w1"))
    assert document
    results = {
        who: {name: value for name, value in each.items() if name != "student"}
        for who, each in document.data["results"].items()
    }
    world.app.store.commit([Write(document.path, document.data | {"results": results})])
    assert of_yusuf(world) == ["same"]
    yusuf_is(world, "s1")
    assert of_yusuf(world) == ["sent", "withdrawn export.misplaced"]
