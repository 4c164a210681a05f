"""What a SIS cannot take is told before and after, adapted only where that says so, and never sent by guess."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.domain.export.outcome import Export
from shared.domain.export.plan import Forced
from shared.domain.sis import CategoryMissing
from shared.flows.sis import read_sis
from shared.ports import Write
from shared.simulators.oneroster_school import Quirks
from tests.export_world import ExportWorld, export_world, work

SO = work("w1", "SO H3 breuken")
GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0}
LONG = "Schriftelijke overhoring hoofdstuk drie: breuken"
CUTS = Quirks(title_limit=16, cuts_titles=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ExportWorld]:
    with export_world(tmp_path / "data") as world:
        world.grades([SO], GRADES)
        yield world


def _forced(world: ExportWorld, done: Export, field: str) -> Forced:
    [found] = [forced for forced in world.items(done)["w1"].forced if forced.field == field]
    return found


def _lose_the_ledger(world: ExportWorld) -> None:
    sis, _ = read_sis(world.app, world.school)
    assert sis
    page = world.app.store.query(f"schools/{world.school}/ledgers/{sis.book}/lines")
    assert page.documents
    world.app.store.write_many([Write(document.path, None) for document in page.documents])


# ------------------------------------------------------------ ids and titles


@pytest.mark.parametrize("told", [True, False])
def test_ids_that_the_sis_gives_itself_are_kept_to(world: ExportWorld, told: bool) -> None:
    world.sis.quirks = Quirks(own_ids=True, tells_own_ids=told)
    world.run()
    world.grades([SO], GRADES | {("w1", "u1"): 8.0})
    assert world.run().counts == {"items.same": 1, "same": 1, "sent": 1}
    assert world.there() == {("SO H3 breuken", "s1"): 8.0, ("SO H3 breuken", "s2"): 6.0}
    assert world.sis.school.created == {"lineItems": 1, "results": 2}


def test_a_title_that_is_too_long_for_the_sis_is_cut_and_told(world: ExportWorld) -> None:
    world.grades([work("w1", LONG)], GRADES)
    done = world.run()
    forced = _forced(world, done, "title")
    assert (forced.wanted, forced.why.code) == (LONG, "export.title_cut")
    assert {title for title, _ in world.there()} == {forced.sent}
    assert len(forced.sent) == 30
    assert world.run().counts == {"items.same": 1, "same": 2}


def test_a_title_that_the_sis_cuts_by_itself_is_told_too(world: ExportWorld) -> None:
    world.sis.quirks = CUTS
    world.grades([work("w1", "SO H3 breuken en procenten")], GRADES)
    forced = _forced(world, world.run(), "title")
    assert (forced.sent, forced.why.code) == ("SO H3 breuken en", "export.kept_otherwise")
    assert world.run().counts == {"items.same": 1, "same": 2}
    assert world.sis.school.created["lineItems"] == 1


def test_two_works_with_one_title_are_two_items(world: ExportWorld) -> None:
    world.grades([SO, work("w2", "SO H3 breuken")], GRADES | {("w2", "u1"): 4.0})
    world.run()
    titles = {title for title, _ in world.there()}
    assert len(titles) == 2
    assert world.run().counts == {"items.same": 2, "same": 3}


# ------------------------------------------------------------ category and period


def _category(world: ExportWorld) -> str:
    [row] = world.sis.school.living("lineItems")
    return str(row["category"]["sourcedId"])


def test_a_category_with_the_same_name_is_used_whatever_its_capitals(world: ExportWorld) -> None:
    world.sis.school.add_category("so", "Schriftelijk")
    world.grades([work("w1", "SO", category="SCHRIFTELIJK")], GRADES)
    assert world.items(world.run())["w1"].forced == ()
    assert _category(world) == "so"


def test_a_category_that_the_sis_does_not_have_becomes_the_default_one_and_says_so(world: ExportWorld) -> None:
    world.grades([work("w1", "SO", category="Praktijk")], GRADES)
    forced = _forced(world, world.run(), "category")
    assert (forced.wanted, forced.sent, forced.why.code) == ("Praktijk", "Toetsen", "export.category_default")
    assert _category(world) == "toets"


def test_a_category_that_the_sis_does_not_have_stops_its_item_where_the_school_wants_that(world: ExportWorld) -> None:
    world.sis_is(category_missing=CategoryMissing.STOP)
    world.grades([work("w1", "SO", category="Praktijk"), work("w2", "Toets")], GRADES | {("w2", "u1"): 5.5})
    done = world.run()
    assert world.outcomes(done) == {
        "w1": "cannot export.category_missing",
        "w1 u1": "cannot export.category_missing",
        "w1 u2": "cannot export.category_missing",
        "w2": "sent",
        "w2 u1": "sent",
    }
    assert dict(world.items(done)["w1"].why.facts) == {"category": "Praktijk"}  # type: ignore[union-attr]


def test_without_any_category_nothing_is_sent_where_the_sis_demands_one(world: ExportWorld) -> None:
    world.sis_is(default_category="")
    done = world.run()
    assert world.outcomes(done)["w1"] == "cannot export.category_needed"
    assert world.sis.count("PUT") == 0


def test_the_grading_period_is_that_of_the_due_day_in_the_schools_zone(world: ExportWorld) -> None:
    for period, last in (("p1", "2026-11-20"), ("p2", "2027-07-09")):
        world.sis.school.edit("academicSessions", period, endDate=last)
    world.sis.school.edit("academicSessions", "p2", startDate="2026-11-21")
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    world.grades([SO, work("w2", "Nacht", due=late)], GRADES | {("w2", "u1"): 5.5})
    done = world.run()
    periods = {row["title"]: row["gradingPeriod"]["sourcedId"] for row in world.sis.school.living("lineItems")}
    assert periods == {"SO H3 breuken": "p1", "Nacht": "p2"}
    assert [each.code for each in world.items(done)["w1"].warnings] == ["export.period_over"]
    assert world.items(done)["w2"].warnings == ()


def test_a_period_that_the_sis_has_closed_is_told_in_its_words_and_the_rest_goes_on(world: ExportWorld) -> None:
    world.sis.school.closed_periods.add("p1")
    late = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    world.grades([SO, work("w2", "Toets H4", due=late)], GRADES | {("w2", "u1"): 5.5})
    done = world.run()
    assert world.outcomes(done)["w1"] == "failed oneroster.refused"
    assert world.items(done)["w1"].said == "the grading period is closed"
    assert world.outcomes(done)["w2 u1"] == "sent"


def test_a_due_date_outside_every_period_is_not_sent(world: ExportWorld) -> None:
    world.grades([work("w1", "Zomer", due=datetime(2027, 8, 1, 12, 0, tzinfo=UTC))], GRADES)
    assert world.outcomes(world.run())["w1"] == "cannot export.outside_period"


def test_a_maximum_that_is_not_whole_is_not_sent_where_the_sis_refuses_it(world: ExportWorld) -> None:
    world.grades([work("w1", "Quiz", maximum=10.5)], GRADES)
    done = world.run()
    assert world.outcomes(done)["w1"] == "cannot export.whole_maximum"
    assert world.sis.count("PUT") == 0


def test_a_work_without_a_due_date_gets_the_day_it_was_assigned_and_says_so(world: ExportWorld) -> None:
    world.grades([work("w1", "SO", due=None)], GRADES)
    assert _forced(world, world.run(), "due").why.code == "export.due_is_assigned"


# ------------------------------------------------------------ the ledger is lost


@pytest.mark.parametrize("quirks", [Quirks(), CUTS], ids=["plain", "cuts"])
def test_after_a_lost_ledger_everything_is_found_again_and_nothing_made(world: ExportWorld, quirks: Quirks) -> None:
    world.sis.quirks = quirks
    long = work("w1", "SO H3 breuken en procenten")
    world.grades([long], GRADES)
    world.run()
    _lose_the_ledger(world)
    puts = world.sis.count("PUT")
    assert world.run().counts == {"items.same": 1, "same": 2}
    assert world.sis.count("PUT") == puts
    world.grades([long], GRADES | {("w1", "u1"): 8.0})
    assert world.run().counts == {"items.same": 1, "same": 1, "sent": 1}
    assert world.sis.school.created == {"lineItems": 1, "results": 2}


def test_after_a_lost_ledger_a_different_grade_is_asked_about_and_not_overwritten(world: ExportWorld) -> None:
    world.run()
    _lose_the_ledger(world)
    world.grades([SO], GRADES | {("w1", "u1"): 8.0})
    assert world.outcomes(world.run())["w1 u1"] == "conflict export.result_unknown"
    assert world.there()["SO H3 breuken", "s1"] == 7.5


def test_a_lost_ledger_and_ids_of_the_sis_itself_still_make_nothing_twice(world: ExportWorld) -> None:
    world.sis.quirks = Quirks(own_ids=True)
    world.run()
    _lose_the_ledger(world)
    assert world.outcomes(world.run())["w1"] == "conflict export.look_alike"
    world.run(world.every_choice())  # adopt it
    assert world.run().counts == {"items.same": 1, "same": 2}
    assert world.sis.school.created == {"lineItems": 1, "results": 2}


def test_another_spelling_of_the_address_is_the_same_sis_and_the_same_ledger(world: ExportWorld) -> None:
    world.run()
    world.disconnect()
    world.connect(f"{world.sis.prefix}/ims/oneroster/v1p1/")
    puts = world.sis.count("PUT")
    assert world.run().counts == {"items.same": 1, "same": 2}
    assert world.sis.count("PUT") == puts
