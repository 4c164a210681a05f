"""How often the SIS is asked: nothing is sent that it has, and everything else once."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.export_world import CLASS, ExportWorld, export_world, work

WORKS = [work(f"w{n}", f"Toets H{n}") for n in (1, 2, 3)]
GRADES = {(f"w{n}", f"u{m}"): n + m / 10 for n in (1, 2, 3) for m in (1, 2, 3)}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with export_world(tmp_path / "data") as world:
        world.grades(WORKS, GRADES)
        yield world


def _asked(world: ExportWorld) -> Counter[str]:
    """Requests since the last time by what they are about: "GET lineItems" lists, "GET lineItem" one."""
    found: Counter[str] = Counter()
    for (method, path), times in world.sis.asked.items():
        *_, before, last = path.split("/")
        single = before in ("lineItems", "results") and last not in ("results",)
        found[f"{method} {before.removesuffix('s') if single else last}"] += times
    world.sis.asked.clear()
    return found


def test_an_unchanged_export_asks_three_questions_and_one_for_each_item(world: ExportWorld) -> None:
    world.run()
    _asked(world)
    world.run()
    asked = _asked(world)
    asked.pop("POST token", None)
    assert asked == {"GET classes": 1, "GET students": 1, "GET lineItems": 1, "GET results": len(WORKS)}


def test_a_new_item_costs_a_list_a_put_a_look_a_put_for_each_student_and_a_list(world: ExportWorld) -> None:
    world.planned()
    _asked(world)
    for _ in WORKS:
        world.deliver(world.post.waiting.popleft())
        assert _asked(world) == {
            "GET lineItems": 1,
            "PUT lineItem": 1,
            "GET lineItem": 1,
            "PUT result": 3,
            "GET results": 1,
        }


def test_one_changed_grade_is_one_put(world: ExportWorld) -> None:
    world.run()
    world.grades(WORKS, GRADES | {("w2", "u2"): 9.9})
    _asked(world)
    world.run()
    asked = _asked(world)
    asked.pop("POST token", None)
    assert asked["PUT result"] == 1
    assert asked["PUT lineItem"] == 0
    assert asked.total() == 3 + len(WORKS) + 4  # the plan; list, results, PUT, results again


def test_a_preview_sends_nothing_and_remembers_nothing(world: ExportWorld) -> None:
    _asked(world)
    preview = world.preview()
    asked = _asked(world)
    assert {plan.action for plan in preview.plans} == {"new"}
    assert not [request for request in asked if request.startswith(("PUT", "DELETE"))]
    assert world.app.store.query(f"schools/{world.school}/exports").documents == ()
    assert world.sis.school.created == {}


def test_a_class_of_another_is_asked_nothing_of(world: ExportWorld) -> None:
    """Only the linked class is read: an item of another class is no business of ours."""
    world.sis.school.add_class("3b-wi", "Wiskunde 3B", school="baken", terms=("t1",))
    world.run()
    assert not [path for _, path in world.sis.asked if "3b-wi" in path]
    assert {row["class"]["sourcedId"] for row in world.sis.school.living("lineItems")} == {CLASS}
