"""A SIS on paper, for the laws of planning: one class, with the habits of servers as switches, and an export as the
flow does it, step by step, so that a test can cut it off or lose an answer anywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from shared.domain.export.circumstances import Circumstances
from shared.domain.export.ids import item_id
from shared.domain.export.ledger import (
    ItemEntry,
    item_confirmed,
    learned,
    next_generation,
    result_cleared,
    result_confirmed,
    sending_item,
    sending_result,
)
from shared.domain.export.plan import Choices, ItemPlan
from shared.domain.export.plan_item import needs_setup, plan_item
from shared.domain.export.results import confirmation
from shared.domain.export.wanted import WantedItem
from shared.domain.export.wanted_items import owned_ids
from shared.domain.gradebook import Category, GradingPeriod, LineItem, Result
from shared.domain.partner import Limits, Need

LIMITS = Limits(
    title=30,
    unique_titles=True,
    whole_maximum=True,
    due_date_required=True,
    due_in_open_period=False,
    category=Need.OPTIONAL,
    comment=0,
)
WHERE = Circumstances(
    course="classroom:640123",
    class_id="3a-wi",
    school="baken",
    version="1.1",
    limits=LIMITS,
    statuses=("exempt", "fully graded", "not submitted"),
    zone="Europe/Amsterdam",
    today=date(2026, 11, 22),
)
SETUP = replace(
    WHERE,
    categories=(Category("so", "SO"), Category("toets", "Toetsen")),
    periods=(
        GradingPeriod("p1", "Periode 1", date(2026, 8, 17), date(2026, 11, 15)),
        GradingPeriod("p2", "Periode 2", date(2026, 11, 16), date(2027, 1, 31)),
    ),
)
DUE = datetime(2026, 11, 20, 22, 59, 30, tzinfo=UTC)


class Lost(Exception):
    """Nobody heard the answer."""


@dataclass
class PaperSis:
    """`made` counts everything that was ever created."""

    cuts_titles: int = 0
    drops_seconds: bool = False
    own_ids: bool = False
    revives: bool = True
    rounds: bool = False  # scores, to one decimal
    wants_score: bool = False  # OneRoster 1.1: who has none gets the minimum
    items: dict[str, LineItem] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    puts: int = 0

    def put_item(self, item: LineItem) -> LineItem:
        self.puts += 1
        if item.id in self.deleted and not self.revives:
            raise LookupError(item.id)
        id = item.id
        if id not in self.items:
            id = f"own-{len(self.made)}" if self.own_ids else id
            self.made.append(id)
        kept = replace(item, id=id, title=item.title[: self.cuts_titles or None].strip())
        if self.drops_seconds and kept.due and kept.assigned:
            kept = replace(kept, due=kept.due.replace(second=0), assigned=kept.assigned.replace(second=0))
        self.items[id] = kept
        return kept

    def put_result(self, item: LineItem, result: Result) -> None:
        self.puts += 1
        id = result.id
        if id not in self.results:
            id = f"own-{len(self.made)}" if self.own_ids else id
            self.made.append(id)
        score = result.score
        if score is None and self.wants_score:
            score = item.minimum
        self.results[id] = replace(result, id=id, score=round(score, 1) if self.rounds and score is not None else score)

    def delete_item(self, id: str) -> None:
        self.deleted.add(id)
        del self.items[id]
        self.results = {key: each for key, each in self.results.items() if each.line_item != id}

    def of(self, item: LineItem) -> tuple[Result, ...]:
        return tuple(each for each in self.results.values() if each.line_item == item.id)


Ledger = dict[str, ItemEntry]
Choose = Callable[[ItemPlan], Choices]


def preview(
    sis: PaperSis,
    wanted: Sequence[WantedItem],
    ledger: Mapping[str, ItemEntry],
    choices: Choices | None = None,
    where: Circumstances = WHERE,
) -> list[ItemPlan]:
    """Every item's plan; the setup is read only when it is needed."""
    owned = owned_ids(wanted, ledger, where)

    def planned(here: Circumstances) -> list[ItemPlan]:
        return [_plan(sis, each, ledger.get(each.id), owned, choices or {}, here) for each in wanted]

    plans = planned(where)
    if where.categories is None and needs_setup(plans):
        plans = planned(replace(where, categories=SETUP.categories, periods=SETUP.periods))
    return plans


def _plan(
    sis: PaperSis,
    wanted: WantedItem,
    entry: ItemEntry | None,
    owned: frozenset[str],
    choices: Choices,
    where: Circumstances,
) -> ItemPlan:
    items = list(sis.items.values())

    def plan(results: tuple[Result, ...] | None) -> ItemPlan:
        return plan_item(wanted, where, entry=entry, items=items, owned=owned, results=results, choices=choices)

    first = plan(None)
    return plan(sis.of(first.there)) if first.there else first


def export(
    sis: PaperSis,
    wanted: Sequence[WantedItem],
    ledger: Ledger,
    choices: Choices | None = None,
    *,
    steps: int | None = None,
    lost: frozenset[int] = frozenset(),
    refused: frozenset[int] = frozenset(),
) -> Ledger:
    """The ledger after an export that is cut off after so many writes to the SIS (None: never). Of the writes in `lost`
    the answer is lost after it was applied, of those in `refused` before."""
    clock = _writes(steps, lost, refused)
    ledger = dict(ledger)
    for plan in preview(sis, wanted, ledger, choices):
        each = next(one for one in wanted if one.id == plan.work)
        with suppress(Lost):
            _export_item(sis, each, ledger, choices or {}, owned_ids(wanted, ledger, WHERE), clock)
    return ledger


def _export_item(
    sis: PaperSis,
    wanted: WantedItem,
    ledger: Ledger,
    choices: Choices,
    owned: frozenset[str],
    clock: Iterator[str],
) -> None:
    def plan() -> ItemPlan:
        made = _plan(sis, wanted, ledger.get(wanted.id), owned, choices, SETUP)
        if (entry := learned(ledger.get(wanted.id), made)) is not None:
            ledger[wanted.id] = entry
        return made

    def send(apply: Callable[[], object]) -> None:
        fate = next(clock)
        if fate != "refused":
            apply()
        if fate != "fine":
            raise Lost

    now = plan()
    if now.clear:
        send(lambda: sis.delete_item(now.clear))
        del ledger[wanted.id]
        return
    if now.send:
        ledger[wanted.id] = sending_item(ledger.get(wanted.id), now, sis.items.values())
        found: list[LineItem] = []
        try:
            send(lambda: found.append(sis.put_item(now.item)))
        except LookupError:
            entry = ledger[wanted.id]
            id = item_id(WHERE.class_id, WHERE.course, wanted.id, entry.generation + 1)
            ledger[wanted.id] = next_generation(entry, id)
            _export_item(sis, wanted, ledger, choices, owned, clock)
            return
        ledger[wanted.id] = item_confirmed(ledger[wanted.id], now, found[0])
        now = plan()
    sent = []
    for result in now.results:
        with suppress(Lost):
            if result.send:
                ledger[wanted.id] = sending_result(ledger[wanted.id], result)
                send(lambda result=result: sis.put_result(now.item, result.send))
                sent.append(result)
            elif result.clear:
                send(lambda result=result: sis.results.pop(result.clear))
                ledger[wanted.id] = result_cleared(ledger[wanted.id], result)
    for result in sent:  # read back once
        [there] = [each for each in sis.of(now.item) if each.student == result.sis_student]
        why = confirmation(result, now.item.id, there)
        assert why is None or why.code == "export.kept_otherwise"
        ledger[wanted.id] = result_confirmed(ledger[wanted.id], result, there)


def _writes(steps: int | None, lost: frozenset[int], refused: frozenset[int]) -> Iterator[str]:
    n = 0
    while True:
        cut = steps is not None and n >= steps
        yield "refused" if cut or n in refused else "lost" if n in lost else "fine"
        n += 1
