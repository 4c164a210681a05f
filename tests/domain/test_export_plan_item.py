"""One work's line item: found by whichever id, compared with what we sent, asked about when a person has to choose."""

from dataclasses import replace
from typing import Any

import pytest
from paper_sis import DUE, LIMITS, SETUP, WHERE, PaperSis, export, preview

from shared.domain.coursework import Mark, Work
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.ids import item_id
from shared.domain.export.ledger import ItemEntry, ResultEntry, item_digest, learned, next_generation, sending_item
from shared.domain.export.line_item import line_item
from shared.domain.export.plan import Action, Choice, Chosen, ItemPlan
from shared.domain.export.plan_item import needs_setup, plan_item
from shared.domain.export.wanted import WantedGrade, WantedItem
from shared.domain.gradebook import LineItem

SO = Work("w1", "SO H3 breuken", "Schriftelijk", DUE, DUE, maximum=10.0, category="Toetsen")
LI, LI1 = (item_id(SETUP.class_id, SETUP.course, "w1", generation) for generation in (0, 1))
DRAFT = line_item(WantedItem("w1", SO), SETUP, id=LI, found=None, taken=())
ITEM = DRAFT.item
assert ITEM
CONFIRMED = ItemEntry("w1", LI, sent=DRAFT.wish, kept=item_digest(ITEM))
FOREIGN = replace(ITEM, id="van-een-ander", title="so h3  BREUKEN", description="")
GRADE = WantedGrade("yusuf", "s1", Mark.GRADED, 7.5)


def plan(
    entry: ItemEntry | None,
    *items: LineItem,
    work: Work | None = SO,
    where: Circumstances = SETUP,
    chosen: Chosen | None = None,
    owned: tuple[str, ...] = (),
) -> ItemPlan:
    return plan_item(
        WantedItem("w1", work, (GRADE,) if work else ()),
        where,
        entry=entry,
        items=items,
        owned=owned,
        results=(),
        choices={("w1", ""): chosen} if chosen else {},
    )


def code(made: ItemPlan) -> str:
    return made.why.code if made.why else ""


def sent(**other: Any) -> ItemEntry:
    """A first PUT went out, and nobody heard what became of it."""
    going = plan(None)
    return replace(sending_item(None, going, other.pop("before", [])), **other)


OTHER = replace(ITEM, title="Anders")
CASES = [
    # the ledger, the class's items, what is changed at the source → action, code
    (None, [], {}, "new", ""),
    (None, [replace(FOREIGN, title="Andere toets")], {}, "new", ""),
    (None, [replace(FOREIGN, due=None)], {}, "new", ""),
    (None, [FOREIGN], {}, "conflict", "export.look_alike"),
    (None, [ITEM], {}, "same", ""),  # its ledger was lost
    (None, [replace(ITEM, id=LI1)], {}, "same", ""),  # and it was made anew once
    (None, [replace(ITEM, title="SO H3 breuk")], {}, "conflict", "export.item_changed_there"),
    (CONFIRMED, [ITEM], {}, "same", ""),
    (CONFIRMED, [ITEM, FOREIGN], {}, "same", ""),
    (CONFIRMED, [ITEM], {"title": "SO H4"}, "changed", ""),
    (CONFIRMED, [ITEM], {"category": "SO"}, "changed", ""),
    (CONFIRMED, [ITEM], {"due": DUE.replace(day=19)}, "changed", ""),
    (CONFIRMED, [OTHER], {}, "conflict", "export.item_changed_there"),
    (CONFIRMED, [OTHER], {"title": "Anders"}, "same", ""),  # changed to the same on both sides
    (CONFIRMED, [replace(ITEM, category="so")], {}, "conflict", "export.item_changed_there"),
    (CONFIRMED, [], {}, "conflict", "export.item_deleted_there"),
    (CONFIRMED, [FOREIGN], {}, "conflict", "export.item_deleted_there"),
    (sent(), [], {}, "new", ""),
    (sent(), [ITEM], {}, "same", ""),
    (sent(), [ITEM], {"title": "SO H4"}, "changed", ""),
    (sent(), [replace(ITEM, id="eigen-1")], {}, "same", ""),  # a server with ids of its own
    (sent(), [replace(ITEM, id="eigen-1")], {"title": "SO H4"}, "changed", ""),
    (sent(before=[replace(ITEM, id="eigen-1")]), [replace(ITEM, id="eigen-1")], {}, "conflict", "export.look_alike"),
    (sent(), [replace(ITEM, id=f"eigen-{n}") for n in (1, 2)], {}, "conflict", "export.look_alike"),
    (replace(CONFIRMED, pending="x"), [ITEM], {}, "same", ""),  # the change was taken back before it arrived
    (CONFIRMED, [ITEM], {"maximum": 10.5}, "cannot", "export.whole_maximum"),
    (None, [], {"maximum": None}, "cannot", "export.ungraded"),
    (CONFIRMED, [ITEM], None, "withdrawn", "export.item_withdrawn"),
    (CONFIRMED, [], None, "withdrawn", "export.item_withdrawn_gone"),
    (sent(), [replace(ITEM, id="eigen-1")], None, "withdrawn", "export.item_withdrawn"),
]


@pytest.mark.parametrize(("entry", "items", "change", "action", "why"), CASES)
def test_three_sides_decide_what_is_done(entry: Any, items: Any, change: Any, action: str, why: str) -> None:
    made = plan(entry, *items, work=None if change is None else replace(SO, **change))
    assert (made.action.value, code(made)) == (action, why)
    assert made.send == (action in ("new", "changed"))
    assert not made.clear


def test_an_item_of_another_work_of_ours_is_no_look_alike() -> None:
    assert plan(None, FOREIGN, owned=(FOREIGN.id,)).action is Action.NEW


def test_an_item_that_is_as_it_was_is_known_without_reading_categories_and_periods() -> None:
    made = plan(CONFIRMED, ITEM, where=WHERE)
    assert made.action is Action.SAME
    assert not needs_setup([made])


@pytest.mark.parametrize(
    ("entry", "items", "change"),
    [(None, [], {}), (CONFIRMED, [ITEM], {"category": "SO"}), (CONFIRMED, [OTHER], {}), (CONFIRMED, [], {})],
)
def test_what_may_have_to_be_sent_needs_them(entry: Any, items: Any, change: Any) -> None:
    assert needs_setup([plan(entry, *items, work=replace(SO, **change), where=WHERE)])


def test_a_changed_setting_sends_nothing_when_it_comes_to_the_same() -> None:
    other = replace(SETUP, default_category="so")
    assert plan(CONFIRMED, ITEM, where=replace(WHERE, default_category="so")).action is Action.CHANGED
    assert plan(CONFIRMED, ITEM, where=other).action is Action.SAME


CHOICES = [
    (CONFIRMED, [OTHER], Choice.OVERWRITE, "changed", LI),
    (CONFIRMED, [OTHER], Choice.KEEP, "same", LI),
    (CONFIRMED, [], Choice.AGAIN, "new", LI),
    (CONFIRMED, [], Choice.KEEP, "same", ""),
    (None, [FOREIGN], Choice.ADOPT, "same", FOREIGN.id),
    (None, [replace(FOREIGN, maximum=100.0)], Choice.ADOPT, "conflict", FOREIGN.id),  # ours, but not as wanted
    (None, [FOREIGN], Choice.AGAIN, "new", LI),
]


@pytest.mark.parametrize(("entry", "items", "choice", "action", "id"), CHOICES)
def test_a_choice_does_what_it_says_for_what_was_seen_only(
    entry: Any, items: Any, choice: Choice, action: str, id: str
) -> None:
    asked = plan(entry, *items)
    assert choice in asked.choices
    made = plan(entry, *items, chosen=Chosen(choice, asked.seen))
    assert (made.action.value, made.item.id if made.item else "") == (action, id)
    assert made.send == (action in ("new", "changed"))
    for stale in (Chosen(choice, "x"), Chosen(Choice.CLEAR, asked.seen)):
        assert plan(entry, *items, chosen=stale) == asked


def test_a_work_that_is_no_longer_published_is_deleted_only_when_chosen_and_possible() -> None:
    asked = plan(CONFIRMED, ITEM, work=None)
    assert asked.choices == (Choice.KEEP, Choice.CLEAR)
    assert plan(CONFIRMED, ITEM, work=None, chosen=Chosen(Choice.CLEAR, asked.seen)).clear == LI
    assert plan(CONFIRMED, ITEM, work=None, chosen=Chosen(Choice.KEEP, asked.seen)) == asked
    by_hand = plan(CONFIRMED, ITEM, work=None, where=replace(SETUP, deletes=False))
    assert (by_hand.choices, code(by_hand)) == ((), "export.item_withdrawn_by_hand")


def test_an_item_in_conflict_does_not_hold_its_results_back_unless_its_scale_is_another() -> None:
    made = plan(CONFIRMED, OTHER)
    assert [result.action for result in made.results] == [Action.NEW]
    assert made.item == OTHER
    held = plan(CONFIRMED, replace(OTHER, maximum=100.0))
    assert [code(result) for result in held.results] == ["export.scale_differs"]


@pytest.mark.parametrize("items", [[], [FOREIGN]])
def test_where_there_is_no_item_of_ours_no_result_is_sent(items: Any) -> None:
    entry = None if items else CONFIRMED
    [result] = plan(entry, *items).results
    assert (result.action, result.send) == (Action.CANNOT, None)


def test_an_item_that_cannot_be_changed_still_takes_results() -> None:
    outside = replace(SO, due=DUE.replace(year=2028))
    made = plan(CONFIRMED, ITEM, work=outside, where=replace(SETUP, limits=replace(LIMITS, due_in_open_period=True)))
    assert (made.action, code(made)) == (Action.CANNOT, "export.outside_period")
    assert [result.action for result in made.results] == [Action.NEW]


def test_a_sis_without_a_lowest_score_still_gets_results() -> None:
    dutch = replace(SO, minimum=1.0)
    sis = PaperSis()
    ledger = export(sis, [WantedItem("w1", dutch)], {})
    [kept] = sis.items.values()
    sis.items[kept.id] = replace(kept, minimum=0.0)
    ledger["w1"] = replace(ledger["w1"], kept=item_digest(sis.items[kept.id]))
    [made] = preview(sis, [WantedItem("w1", dutch, (GRADE,))], ledger)
    assert [result.action for result in made.results] == [Action.NEW]


@pytest.mark.parametrize("items", [[OTHER], []])
def test_what_was_left_to_the_sis_is_asked_about_again_when_either_side_changes(items: list[LineItem]) -> None:
    asked = plan(CONFIRMED, *items)
    left = learned(CONFIRMED, plan(CONFIRMED, *items, chosen=Chosen(Choice.KEEP, asked.seen)))
    assert left is not None
    settled = plan(left, *items)
    assert (settled.action, settled.theirs, settled.send) == (Action.SAME, True, False)
    assert learned(left, settled) == left
    assert plan(left, *items, work=replace(SO, title="SO H4")).action is Action.CONFLICT
    assert plan(left, replace(ITEM, title="Nog anders")).action is Action.CONFLICT
    assert plan(left, ITEM).action is Action.SAME
    better = plan(left, *items, chosen=Chosen(settled.choices[0], settled.seen))
    assert better.send
    assert not better.theirs


def test_a_deleted_item_whose_id_the_sis_does_not_take_back_gets_the_next() -> None:
    entry = next_generation(replace(CONFIRMED, results={"s1": ResultEntry("r")}), LI1)
    made = plan(entry)
    assert (made.action, made.generation) == (Action.NEW, 1)
    assert made.item is not None
    assert made.item.id == LI1
    [result] = made.results
    assert result.send is not None
    assert result.send.id != "r"


def test_what_goes_by_another_id_is_learned_before_anything_is_sent() -> None:
    own = replace(ITEM, id="eigen-1")
    entry = learned(sent(), plan(sent(), own))
    assert entry == replace(CONFIRMED, id="eigen-1")
    asked = plan(None, FOREIGN)
    adopted = learned(None, plan(None, replace(FOREIGN, maximum=100.0), chosen=None))
    assert adopted is None  # nobody chose
    assert asked.item is None


def test_the_titles_of_others_in_the_class_count_where_titles_have_to_be_unique() -> None:
    same = plan(None, replace(FOREIGN, due=None))
    assert same.title.startswith("SO H3 breuken (")
    asked = plan(None, FOREIGN)
    assert plan(None, FOREIGN, chosen=Chosen(Choice.ADOPT, asked.seen)).title == "SO H3 breuken"


def test_an_item_that_is_there_keeps_its_title_whoever_comes_with_the_same_one() -> None:
    first = WantedItem("w1", SO)
    sis = PaperSis()
    ledger = export(sis, [first], {})
    earlier = WantedItem("w0", replace(SO, id="w0", assigned=DUE.replace(day=1)))
    both = [earlier, replace(first, namesake=True)]
    for _ in range(2):
        ledger = export(sis, both, ledger)
        old, new = sorted((item.title for item in sis.items.values()), key=len)
        assert old == SO.title
        assert new.startswith(f"{SO.title} (")
    assert sis.puts == 2
