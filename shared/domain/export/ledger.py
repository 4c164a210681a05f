"""What the SIS holds from us, remembered as digests: the third side of every comparison, which outlives a disconnect.

With it a difference can be told apart: the grade changed here since (send it), or somebody changed it there (ask).
Every function gives the entry to write next, and changes nothing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import UTC, datetime

from shared.domain.export.plan import Action, ItemPlan, ResultPlan
from shared.domain.export.titles import SHORTEST_CUT, key
from shared.domain.gradebook import LineItem, Result
from shared.values import dataclass

Digest = str  # of what was sent or read back; never the mark itself


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """One student's result. `sent`/`kept`: what we last sent that was confirmed, and how the SIS then had it.
    `pending`: sent, but nobody knows whether it was kept ("" : nothing is under way). `student`: the course's, whose
    grade it is ("" : written before that was remembered).

    `theirs`: a person chose to leave what the SIS has (`kept`, "" : nothing) instead of what we would send (`sent`).
    """

    id: str
    sent: Digest = ""
    kept: Digest = ""
    pending: Digest = ""
    theirs: bool = False
    student: str = ""


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One work's line item. `id` is what the SIS calls it; `generation` is the g in the id we gave it first. `sent` is
    the digest of what the source wished (ItemPlan.wish), the others are of items.

    `pending`: a PUT went out that nobody confirmed. Of a first PUT `trace` is what a server that cuts and drops would
    still show, and `before` are the ids the class then had: so a server that gives its own ids is not asked twice.
    `theirs`: as in ResultEntry.
    """

    work: str
    id: str
    generation: int = 0
    sent: Digest = ""
    kept: Digest = ""
    pending: Digest = ""
    trace: Digest = ""
    before: tuple[str, ...] = ()
    theirs: bool = False
    apart: bool = False  # ItemPlan.apart: it stays so, also when the other item goes
    results: dict[str, ResultEntry] = field(default_factory=dict)  # by the student's id at the SIS

    @property
    def confirmed(self) -> bool:
        """Whether the SIS ever showed the item, or something in it."""
        return bool(self.kept or self.theirs or any(result.kept for result in self.results.values()))


# ------------------------------------------------------------ what changes in it


def learned(entry: ItemEntry | None, plan: ItemPlan) -> ItemEntry | None:
    """With all that a plan found out by itself, before anything is sent: what is there as wanted, what goes by another
    id, what a person chose to leave, what is gone. Repeating it changes nothing."""
    if plan.found is not None and plan.there is not None:
        entry = replace(entry, id=plan.found.id) if entry else ItemEntry(plan.work, plan.found.id, plan.generation)
        if plan.action is Action.SAME:
            entry = item_confirmed(entry, plan, plan.found)
    elif plan.theirs and entry:
        entry = replace(entry, sent=plan.wish, kept="", pending="", trace="", before=(), theirs=True)
    if entry is None:
        return None
    for result in plan.results:
        if result.action is Action.SAME and result.found is not None:
            entry = result_confirmed(entry, result, result.found)
        elif result.theirs and (kept := entry.results.get(result.sis_student)):
            entry = _with(entry, result, replace(kept, sent=result.wish, kept="", pending="", theirs=True))
        elif result.action is Action.WITHDRAWN and result.found is None:
            entry = result_cleared(entry, result)
    return entry


def sending_item(entry: ItemEntry | None, plan: ItemPlan, there: Iterable[LineItem]) -> ItemEntry:
    """Before the item is put. `there`: all items of the class."""
    if plan.item is None:
        raise ValueError("nothing is planned to be sent")
    entry = entry or ItemEntry(plan.work, plan.item.id, plan.generation)
    sending = replace(entry, id=plan.item.id, generation=plan.generation, pending=item_digest(plan.item))
    if plan.action is not Action.NEW:
        return sending
    # What was in an item that is made anew went with it, or comes back with it: nobody knows.
    results = {
        student: ResultEntry(result.id, pending=result.kept or result.pending, student=result.student)
        for student, result in entry.results.items()
    }
    before = tuple(sorted(item.id for item in there))
    trace = item_trace(plan.item)
    return replace(sending, sent="", kept="", theirs=False, trace=trace, before=before, results=results)


def item_confirmed(entry: ItemEntry, plan: ItemPlan, found: LineItem) -> ItemEntry:
    """The SIS shows the item: as it was wanted, as it made of it, or as a person chose to leave it."""
    return ItemEntry(
        entry.work,
        found.id,
        entry.generation,
        sent=plan.wish,
        kept=item_digest(found),
        theirs=plan.theirs,
        apart=plan.apart,
        results=entry.results,
    )


def next_generation(entry: ItemEntry, id: str) -> ItemEntry:
    """The SIS deleted the item and does not take its id back: `id` is `item_id` of the next generation."""
    return ItemEntry(entry.work, id, entry.generation + 1)


def sending_result(entry: ItemEntry, plan: ResultPlan) -> ItemEntry:
    """Before the result is put."""
    if plan.send is None:
        raise ValueError("nothing is planned to be sent")
    before = entry.results.get(plan.sis_student) or ResultEntry(plan.send.id)
    return _with(entry, plan, replace(before, id=plan.send.id, pending=plan.wish, student=plan.student))


def result_confirmed(entry: ItemEntry, plan: ResultPlan, found: Result) -> ItemEntry:
    """The SIS shows the result: as it was wanted, as it made of it, or as a person chose to leave it."""
    kept = result_digest(entry.work, found)
    return _with(entry, plan, ResultEntry(found.id, plan.wish, kept, theirs=plan.theirs, student=plan.student))


def result_cleared(entry: ItemEntry, plan: ResultPlan) -> ItemEntry:
    """The SIS does not have the result any more, as it should be."""
    return replace(entry, results={who: each for who, each in entry.results.items() if who != plan.sis_student})


def _with(entry: ItemEntry, plan: ResultPlan, result: ResultEntry) -> ItemEntry:
    return replace(entry, results={**entry.results, plan.sis_student: result})


# ------------------------------------------------------------ digests


def item_digest(item: LineItem) -> Digest:
    """Of everything a teacher sees; not of its id."""
    words = (item.title, item.description, _time(item.assigned), _time(item.due), item.category, item.grading_period)
    return digest(*words, _number(item.minimum), _number(item.maximum))


def item_trace(item: LineItem) -> Digest:
    """Of how its title begins and when it is due, to the minute: what is left of it at a server that cuts and drops."""
    due = item.due.replace(second=0, microsecond=0) if item.due else None
    return digest(key(item.title)[:SHORTEST_CUT].rstrip(), _time(due))


def result_digest(work: str, result: Result) -> Digest:
    """Of status, score and comment, bound to the student and the work, so that equal marks have unequal digests."""
    status = result.status.value if result.status else ""
    return digest(work, result.student, status, _number(result.score), result.comment)


def wish_digest(item: LineItem, *more: str) -> Digest:
    """Of what the source wishes, before category and period are looked up at the SIS (`more`: what decides them)."""
    return digest(item_digest(replace(item, category="", grading_period="")), *more)


def digest(*parts: str) -> Digest:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()


def _time(when: datetime | None) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds") if when else ""


def _number(value: float | None) -> str:
    return "" if value is None else repr(round(value, 6) + 0.0)  # -0.0 is 0.0
