"""What exports keep of one person is told and erased as a whole, goes in its time, and nobody else's goes with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Conflict
from shared.flows.edit_class_link import pair_by_hand
from shared.flows.exports import Asked, read_asked, read_class, sheet_path
from shared.flows.keep_users import keep_users
from shared.flows.order_export import order_again
from shared.flows.privacy import erase, export
from shared.flows.retention import retain
from shared.ports import Write
from tests.export_world import COURSE, TEACHER, ExportWorld, export_world, work

SO = work("w1", "SO H3 breuken")
GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with export_world(tmp_path / "data") as world:
        world.grades([SO], GRADES)
        yield world


def test_a_student_is_told_what_came_of_own_grades(world: ExportWorld) -> None:
    world.sis.fail("failure_inside", method="PUT", path="/results/", times=1)
    done = world.run()
    [told] = export(world.app, world.school, "u1", actor="a1").exports
    [(title, result)] = told.results
    assert (told.export, told.ordered, title) == (done.id, False, "SO H3 breuken")
    assert (result.outcome, result.score, result.said) == ("failed", 7.5, "not kept")
    assert export(world.app, world.school, "u3", actor="a1").exports == ()


def test_a_teacher_is_told_the_exports_that_were_ordered_and_no_student(world: ExportWorld) -> None:
    done = world.run()
    [told] = export(world.app, world.school, TEACHER, actor="a1").exports
    assert (told.export, told.ordered, told.results) == (done.id, True, ())


def test_who_is_erased_is_in_no_export_and_no_ledger_and_the_others_stay(world: ExportWorld) -> None:
    asked = Asked(only={"w1": ("u1", "u2")})
    done = world.run(asked)
    assert "u1" in world.stored("export-items", "export-sheets")
    erased = erase(world.app, world.school, "u1", actor="a1")
    assert (erased.exports, erased.ledger_lines) == (1, 1)
    assert not {word for word in ("u1", "Yusuf") if word in world.stored("export-items", "export-sheets")}
    assert set(world.students(done)) == {("w1", "u2")}
    assert [each.id for each in read_class(world.app, world.school, done.id).students] == ["u2", "u3"]
    assert read_asked(world.app, world.school, done.id).only == {"w1": ("u2",)}
    [line] = world.lines()
    assert (set(line.data["results"]), line.data["people"]) == ({"s2"}, {"s2": "u2"})
    again = erase(world.app, world.school, "u1", actor="a1")
    assert (again.exports, again.ledger_lines) == (0, 0)


def test_after_an_erasure_nothing_is_exported_twice(world: ExportWorld) -> None:
    world.run()
    erase(world.app, world.school, "u1", actor="a1")
    world.grades([SO], GRADES)
    assert world.run().counts.get("sent", 0) == 0
    assert world.sis.school.created == {"lineItems": 1, "results": 2}


def test_a_retry_of_only_the_erased_student_is_about_nobody(world: ExportWorld) -> None:
    done = world.run(Asked(only={"w1": ("u1",)}))
    erase(world.app, world.school, "u1", actor="a1")
    assert read_asked(world.app, world.school, done.id).only == {}
    with pytest.raises(Conflict, match=r"export\.nothing_failed"):
        order_again(world.app, world.school, done.id, by=TEACHER)


def test_who_is_erased_during_an_export_is_not_exported(world: ExportWorld) -> None:
    done = world.planned()
    erase(world.app, world.school, "u2", actor="a1")
    ended = world.finish()
    assert set(world.there()) == {("SO H3 breuken", "s1")}
    assert ended.counts == {"items.sent": 1, "sent": 1}
    assert "u2" not in world.stored("export-items", "export-sheets")
    assert ended.id == done.id


def test_a_student_who_is_not_in_the_directory_is_erased_from_the_ledger_as_well(world: ExportWorld) -> None:
    keep_users(world.app, world.school, (), ["u2"])
    pair_by_hand(world.app, world.school, TEACHER, COURSE, [("u2", "s2")], seen=lambda _: None)
    world.run()
    assert world.in_ledger() == {"s1": "u1", "s2": "u2"}
    assert erase(world.app, world.school, "u2", actor="a1").ledger_lines == 1
    assert world.in_ledger() == {"s1": "u1"}


def test_whose_a_grade_is_that_becomes_known_later_is_remembered_once_and_nothing_is_sent(world: ExportWorld) -> None:
    world.run()
    [line] = world.lines()
    world.app.store.commit([Write(line.path, line.data | {"people": {"s1": "u1"}})])
    puts = world.sis.count("PUT")
    assert world.run().counts == {"items.same": 1, "same": 2}
    assert world.in_ledger() == {"s1": "u1", "s2": "u2"}
    [learned] = world.lines()
    world.run()
    assert world.lines() == (learned,)
    assert world.sis.count("PUT") == puts


def test_a_teacher_who_is_erased_ordered_nothing_any_more(world: ExportWorld) -> None:
    done = world.run()
    erase(world.app, world.school, TEACHER, actor="a1")
    assert world.export(done.id).by == "gewist"
    assert f"'{TEACHER}'" not in world.stored("exports", "export-items", "export-sheets")


def test_details_go_with_the_logs_the_counts_with_the_records_and_the_ledger_last(world: ExportWorld) -> None:
    done = world.run()
    world.pass_(days=89)
    assert retain(world.app, world.school).deleted == {}
    world.pass_(days=2)
    deleted = retain(world.app, world.school).deleted
    assert (deleted["export-items"], deleted["export-sheets"]) == (1, 2)
    assert world.stored("export-items", "export-sheets") == ""
    assert world.app.store.get(sheet_path(world.school, done.id, "class")) is None
    assert world.export(done.id).counts == {"items.sent": 1, "sent": 2}
    world.pass_(days=305)
    assert retain(world.app, world.school).deleted["exports"] == 1
    assert len(world.lines()) == 1
    world.pass_(days=5)
    assert retain(world.app, world.school).deleted["lines"] == 1
    assert world.lines() == ()
