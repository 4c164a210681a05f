"""A work as the SIS takes it: what is changed, warned about and refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from paper_sis import DUE, LIMITS, SETUP, WHERE

from shared.domain.coursework import Work
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.line_item import Draft, line_item
from shared.domain.export.plan import Why
from shared.domain.export.wanted import WantedItem
from shared.domain.gradebook import Category, GradingPeriod, LineItem
from shared.domain.partner import Need
from shared.domain.sis import CategoryMissing

ASSIGNED = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
SO = Work("w1", "SO H3 breuken", "Schriftelijk", ASSIGNED, DUE, maximum=10.0, minimum=1.0, category="Toetsen")


def draft(
    work: Work = SO,
    where: Circumstances = SETUP,
    *,
    namesake: bool = False,
    taken: tuple[str, ...] = (),
    found: LineItem | None = None,
) -> Draft:
    return line_item(WantedItem(work.id, work, namesake=namesake), where, id="li", found=found, taken=taken)


def limits(where: Circumstances = SETUP, **other: Any) -> Circumstances:
    return replace(where, limits=replace(LIMITS, **other))


def codes(made: Draft) -> set[str]:
    return {each.why.code for each in made.forced} | {each.code for each in made.warnings}


def test_what_fits_goes_as_it_is() -> None:
    assert draft() == Draft(
        LineItem("li", "3a-wi", SO.title, SO.description, ASSIGNED, DUE, "toets", "p2", "baken", 1.0, 10.0),
        draft().wish,
        draft().plain,
    )


CANNOT = [
    ("export.ungraded", {"maximum": None}, {}),
    ("export.no_title", {"title": " \n "}, {}),
    ("export.no_due", {"assigned": None, "due": None}, {}),
    ("export.bad_scale", {"maximum": float("nan")}, {}),
    ("export.bad_scale", {"maximum": float("inf")}, {}),
    ("export.bad_scale", {"minimum": float("-inf")}, {}),
    ("export.bad_scale", {"maximum": 1.0}, {}),
    ("export.whole_maximum", {"maximum": 10.5}, {}),
    ("export.bad_scale", {"maximum": 0}, {}),  # a whole number may come without its point
    ("export.category_missing", {"category": "Mondeling"}, {"category": Need.REQUIRED}),
    ("export.category_needed", {"category": ""}, {"category": Need.REQUIRED}),
    ("export.outside_period", {"due": datetime(2027, 2, 1, tzinfo=UTC)}, {"due_in_open_period": True}),
]


@pytest.mark.parametrize(("code", "work", "limit"), CANNOT)
def test_what_the_sis_would_refuse_is_not_sent_and_says_why(code: str, work: Any, limit: Any) -> None:
    made = draft(replace(SO, **work), limits(**limit))
    assert made.item is None
    assert made.why is not None
    assert made.why.code == code


FORCED = [
    # work, limits → field, wanted, sent, code
    ({"title": "Schriftelijke overhoring H3"}, {"title": 20}, "title", "Schriftelijke overh…", "export.title_cut"),
    ({"due": None}, {}, "due", "16-11-2026 08:00", "export.due_is_assigned"),
    ({"assigned": None}, {}, "assigned", "20-11-2026 23:59", "export.assigned_is_due"),
    ({"category": "Mondeling"}, {}, "category", "", "export.category_left_out"),
    ({"description": "x" * 2001}, {}, "description", "x" * 1999 + "…", "export.description_cut"),
]


@pytest.mark.parametrize(("work", "limit", "field", "sent", "code"), FORCED)
def test_every_forced_change_is_told_with_both_values(work: Any, limit: Any, field: str, sent: str, code: str) -> None:
    [forced] = draft(replace(SO, **work), limits(**limit)).forced
    assert (forced.field, forced.sent, forced.why.code) == (field, sent, code)


def test_spaces_too_many_are_no_change_worth_telling() -> None:
    made = draft(replace(SO, title="  SO  H3\nbreuken "))
    assert made.item is not None
    assert made.item.title == "SO H3 breuken"
    assert made.forced == ()


def test_where_no_due_date_is_needed_none_is_made_up() -> None:
    made = draft(replace(SO, due=None), limits(due_date_required=False))
    assert made.item is not None
    assert made.item.due is None
    assert made.item.grading_period == "p2"  # that of the day it was given


@pytest.mark.parametrize(("namesake", "taken"), [(True, ()), (False, ("so h3 BREUKEN ",))])
def test_a_title_that_others_have_is_told_apart_where_titles_have_to_be_unique(
    namesake: bool, taken: tuple[str, ...]
) -> None:
    made = draft(namesake=namesake, taken=taken)
    assert codes(made) == {"export.title_twice"}
    free = draft(where=limits(unique_titles=False), namesake=namesake, taken=taken)
    assert free.item is not None
    assert free.item.title == SO.title


@pytest.mark.parametrize(
    ("category", "settings", "id", "code"),
    [
        (" toetsen", {}, "toets", ""),
        ("Mondeling", {"default_category": "so"}, "so", "export.category_default"),
        ("", {"default_category": "so"}, "so", "export.category_default"),
        ("", {"default_category": "weg"}, "", ""),
        ("", {"default_category": "weg", "categories": ()}, "weg", "export.category_default"),
        ("", {"category_missing": CategoryMissing.STOP}, "", ""),
        ("", {}, "", ""),
    ],
)
def test_a_category_goes_by_name_else_the_default_one(category: str, settings: Any, id: str, code: str) -> None:
    made = draft(replace(SO, category=category), replace(SETUP, **settings))
    assert made.item is not None
    assert made.item.category == id
    assert codes(made) == ({code} if code else set())


def test_the_default_category_is_shown_by_its_name() -> None:
    [forced] = draft(replace(SO, category="Mondeling"), replace(SETUP, default_category="so")).forced
    assert (forced.wanted, forced.sent) == ("Mondeling", "SO")


def test_a_school_may_want_no_default_in_place_of_a_missing_category() -> None:
    where = replace(SETUP, default_category="so", category_missing=CategoryMissing.STOP)
    assert draft(replace(SO, category="Mondeling"), where).why == Why(
        "export.category_missing", (("category", "Mondeling"),)
    )


def test_a_sis_that_throws_categories_away_gets_none() -> None:
    made = draft(where=limits(category=Need.IGNORED))
    assert made.item is not None
    assert (made.item.category, made.forced) == ("", ())


@pytest.mark.parametrize(
    ("due", "period"),
    [
        (datetime(2026, 11, 15, 22, 59, tzinfo=UTC), "p1"),  # 23:59 on its last day in Amsterdam
        (datetime(2026, 11, 15, 23, 0, tzinfo=UTC), "p2"),  # midnight
        (datetime(2027, 1, 31, 22, 59, tzinfo=UTC), "p2"),
    ],
)
def test_the_period_is_that_of_the_day_in_the_schools_zone(due: datetime, period: str) -> None:
    made = draft(replace(SO, due=due))
    assert made.item is not None
    assert made.item.grading_period == period


def test_of_periods_within_each_other_the_narrowest_counts() -> None:
    year = GradingPeriod("jaar", "2026-2027", date(2026, 8, 1), date(2027, 7, 31))
    made = draft(where=replace(SETUP, periods=(year, *(SETUP.periods or ()))))
    assert made.item is not None
    assert made.item.grading_period == "p2"


def test_where_the_source_names_another_period_the_due_date_counts_and_it_is_said() -> None:
    same, other = draft(replace(SO, period=" periode 2")), draft(replace(SO, period="Blok 1"))
    assert same.warnings == ()
    facts = (("theirs", "Blok 1"), ("period", "Periode 2"))
    assert other.warnings == (Why("export.period_differs", facts),)
    assert other.item is not None
    assert other.item.grading_period == "p2"


def test_a_period_that_is_over_or_missing_is_warned_about() -> None:
    over = draft(replace(SO, due=datetime(2026, 11, 9, tzinfo=UTC)))
    assert over.warnings == (Why("export.period_over", (("period", "Periode 1"),)),)
    none = draft(replace(SO, due=datetime(2027, 2, 1, tzinfo=UTC)))
    assert none.warnings == (Why("export.no_period", (("day", "01-02-2027"),)),)
    assert none.item is not None


def test_a_sis_that_tells_of_no_periods_at_all_may_have_open_ones() -> None:
    made = draft(where=limits(replace(SETUP, periods=()), due_in_open_period=True))
    assert codes(made) == {"export.no_period"}
    assert made.item is not None


def test_what_was_not_read_stays_as_it_is_there_and_the_wish_is_the_same() -> None:
    found = LineItem("li", "3a-wi", SO.title, category="toets", grading_period="p1")
    made = draft(where=WHERE, found=found)
    assert made.item is not None
    assert (made.item.category, made.item.grading_period) == ("toets", "p1")
    assert made.wish == draft().wish


@pytest.mark.parametrize(
    "change",
    [
        {"title": "SO H4"},
        {"description": ""},
        {"due": DUE.replace(day=21)},
        {"assigned": DUE},
        {"category": "SO"},
        {"maximum": 20.0},
        {"minimum": 0.0},
    ],
)
def test_a_wish_tells_every_change_at_the_source(change: Any) -> None:
    assert draft(replace(SO, **change), WHERE).wish != draft(where=WHERE).wish


def test_a_wish_tells_a_changed_setting_and_not_what_the_sis_calls_its_categories() -> None:
    assert draft(where=replace(SETUP, default_category="so")).wish != draft().wish
    other = replace(SETUP, categories=(Category("t2", "Toetsen"),))
    assert draft(where=other).wish == draft().wish
    assert draft(replace(SO, category="toetsen ")).wish == draft().wish
