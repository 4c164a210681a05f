"""What the ledger remembers of a student is told for as long as it is kept, and of no other student."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.rules import Keep
from shared.errors import NotFound
from shared.flows.edit_class_link import pair_by_hand
from shared.flows.keep_users import keep_users
from shared.flows.link_class import unlink_class
from shared.flows.packed import read_packed, removed
from shared.flows.privacy import Kept, erase, export
from shared.flows.profijt_coursework import course_path
from shared.flows.record import encode
from shared.flows.retention import retain
from tests.export_world import CLASS, COURSE, TEACHER, ExportWorld, export_world, work

SO = work("w1", "SO H3 breuken")
TOETS = work("w2", "Toets H4 procenten")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    """Yusuf (u1) and Anna (u2) have a grade for the SO; Anna has one for the test too."""
    with export_world(tmp_path / "data") as world:
        world.grades([SO, TOETS], {("w1", "u1"): 7.5, ("w1", "u2"): 6.0, ("w2", "u2"): 5.5})
        world.run()
        yield world


def told(world: ExportWorld, user: str = "u1") -> Kept:
    return export(world.app, world.school, user, actor="a1")


def test_a_student_is_told_where_a_grade_went_as_whom_and_until_when_that_is_known(world: ExportWorld) -> None:
    [line] = told(world).ledger
    assert (line.sis, line.sis_class, line.course, line.work) == (world.sis.prefix, CLASS, COURSE, "w1")
    assert line.sis_item in {row["sourcedId"] for row in world.sis.school.living("lineItems")}
    assert line.sis_students == ("s1",)
    assert line.until - line.changed == Keep().coursework
    assert line.changed == world.time[0]
    assert {each.work for each in told(world, "u2").ledger} == {"w1", "w2"}
    assert told(world, "u3").ledger == ()


def test_no_digest_and_no_other_student_is_told(world: ExportWorld) -> None:
    line = world.app.store.get(world.preview().book.path("w1"))
    assert line
    shown = repr([encode(each) for each in told(world).ledger])
    digests = [line.data["sent"], line.data["kept"], *(each["kept"] for each in line.data["results"].values())]
    assert all(digests)
    assert not [hidden for hidden in (*digests, "s2", "u2", "7.5") if hidden in shown]


def test_a_grade_that_lies_at_two_students_of_the_sis_is_told_of_both(world: ExportWorld) -> None:
    world.sis.school.add_student("s9", "", CLASS, name=("Yusuf", "Yildiz"))
    pair_by_hand(world.app, world.school, TEACHER, COURSE, [("u1", "s9")], seen=lambda _: None)
    world.run()
    [line] = told(world).ledger
    assert sorted(line.sis_students) == ["s1", "s9"]


def test_a_line_of_a_class_that_is_no_longer_linked_tells_no_class(world: ExportWorld) -> None:
    unlink_class(world.app, world.school, COURSE, teacher=None, by="a1")
    [line] = told(world).ledger
    assert (line.sis_class, line.course, line.work) == ("", "", "w1")


def test_what_outlives_the_exports_details_is_told_also_of_who_left_until_it_is_erased_or_over(
    world: ExportWorld,
) -> None:
    keep_users(world.app, world.school, (), ["u1"])
    course = read_packed(world.app.store, course_path(world.school, COURSE))
    assert course
    world.app.store.commit(removed(course[1]))
    world.pass_(days=91)
    retain(world.app, world.school)
    kept = told(world)
    assert (kept.user, kept.exports, kept.courses) == (None, (), ())
    assert [each.work for each in kept.ledger] == ["w1"]
    assert erase(world.app, world.school, "u1", actor="a1").ledger_lines == 1
    with pytest.raises(NotFound, match=r"person\.unknown"):
        told(world)


def test_a_line_that_is_over_is_not_told_even_before_the_job_has_been(world: ExportWorld) -> None:
    world.pass_(days=Keep().coursework.days)
    assert told(world).ledger == ()
