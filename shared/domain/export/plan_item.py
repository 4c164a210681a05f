"""One work against the SIS: what is to be sent, what a person has to choose, and what cannot be. Pure: the same for a
preview and for the export itself, and for any order of what it is given."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from shared.domain.export.circumstances import Circumstances
from shared.domain.export.compare import alike, looks_like, same_scale
from shared.domain.export.ids import item_id
from shared.domain.export.ledger import ItemEntry, digest, item_digest, item_trace
from shared.domain.export.line_item import Draft, line_item
from shared.domain.export.plan import Action, Choice, Choices, Chosen, ItemPlan, Why
from shared.domain.export.results import Into, held_results, plan_results
from shared.domain.export.titles import cut, key, one_line
from shared.domain.export.wanted import WantedItem
from shared.domain.gradebook import LineItem, Result

_GENERATIONS = 8  # how far a lost ledger is looked for


def plan_item(
    wanted: WantedItem,
    where: Circumstances,
    *,
    entry: ItemEntry | None,
    items: Sequence[LineItem],
    owned: Collection[str],
    results: Sequence[Result] | None,
    choices: Choices,
) -> ItemPlan:
    """`entry` is the ledger's, `items` are all of the class now, `owned` the ids of those that are this course's
    (`owned_ids`). `results` are those of the item as it is found; None: it is not there, or was made just now."""
    item = _Item(wanted, where, entry, sorted(items, key=lambda each: each.id), frozenset(owned))
    plan = item.gone() if wanted.work is None else item.planned(choices.get((wanted.id, "")))
    if wanted.work is None:
        return _cleared(plan, choices.get((wanted.id, "")))
    if plan.item is None:
        why = plan.why if plan.action is Action.CANNOT and plan.why else Why("export.no_item")
        return replace(plan, results=held_results(wanted, why))
    if not plan.send and not item.fits(plan):
        why = plan.why if plan.action is Action.CANNOT and plan.why else Why("export.scale_differs")
        return replace(plan, results=held_results(wanted, why))
    given = item_id(where.class_id, where.course, wanted.id, plan.generation)
    into = Into(plan.item, given, wanted.id, entry, None if results is None else tuple(results))
    return replace(plan, results=plan_results(wanted, into, where, choices))


def needs_setup(plans: Iterable[ItemPlan]) -> bool:
    """Whether categories and grading periods have to be read, and every item planned again with them."""
    return any(plan.send or plan.action is Action.CONFLICT for plan in plans)


class _Item:
    """One work's item, looked for among those of the class."""

    def __init__(
        self,
        wanted: WantedItem,
        where: Circumstances,
        entry: ItemEntry | None,
        items: Sequence[LineItem],
        owned: frozenset[str],
    ) -> None:
        self._wanted, self._where, self._entry, self._items = wanted, where, entry, items
        self._owned = owned
        self._ids = [item_id(where.class_id, where.course, wanted.id, generation) for generation in range(_GENERATIONS)]

    # ------------------------------------------------------------ the plan

    def planned(self, chosen: Chosen | None) -> ItemPlan:
        if found := self._found():
            return self._beside(found, chosen)
        unseen = self._made_unseen()
        if len(unseen) == 1:
            return self._beside(unseen[0], chosen)
        entry = self._entry
        draft = self._draft(None)
        plan = self._plan(draft, None)
        if entry and entry.confirmed:
            if entry.theirs and not entry.kept and entry.sent == draft.wish:
                plan = _asked(plan, Action.SAME, "export.item_kept_deleted", Choice.AGAIN)
                plan = replace(plan, theirs=True)
            else:
                plan = _asked(plan, Action.CONFLICT, "export.item_deleted_there", Choice.AGAIN, Choice.KEEP)
        elif draft.plain and (twin := unseen[0] if unseen else self._look_alike(draft.plain)):
            plan = replace(plan, found=twin)
            plan = _asked(plan, Action.CONFLICT, "export.look_alike", Choice.ADOPT, Choice.AGAIN)
            if _holds(chosen, plan, Choice.ADOPT):
                return self._beside(twin, None)
        elif draft.item:
            return replace(plan, action=Action.NEW, item=draft.item, send=True)
        else:
            return plan
        if _holds(chosen, plan, Choice.AGAIN):
            if draft.item is None:
                return self._plan(draft, None)
            return replace(plan, action=Action.NEW, item=draft.item, send=True, found=None, why=None, theirs=False)
        if _holds(chosen, plan, Choice.KEEP):
            return replace(plan, action=Action.SAME, why=Why("export.item_kept_deleted"), theirs=True)
        return plan

    def _beside(self, found: LineItem, chosen: Chosen | None) -> ItemPlan:
        """The plan for an item that the SIS has."""
        entry, now = self._entry, item_digest(found)
        draft = self._draft(found)
        plan = replace(self._plan(draft, found), item=replace(found, class_id=self._where.class_id))
        same = replace(plan, action=Action.SAME, why=None, forced=(), warnings=())
        left = entry is not None and entry.theirs
        kept = entry is not None and not left and now == entry.kept
        unchanged = entry is not None and (now, draft.wish) == (entry.kept, entry.sent)
        if (unchanged and not left) or self._as_wanted(draft, found):
            return same
        if unchanged:
            plan = replace(_asked(same, Action.SAME, "export.item_kept_theirs", Choice.OVERWRITE), theirs=True)
        elif draft.item is None:
            return plan
        elif kept or (entry and entry.pending and (now == entry.pending or item_trace(found) == entry.trace)):
            return replace(plan, action=Action.CHANGED, item=draft.item, send=True)
        else:
            plan = _asked(plan, Action.CONFLICT, "export.item_changed_there", Choice.OVERWRITE, Choice.KEEP)
        if _holds(chosen, plan, Choice.OVERWRITE) and draft.item:
            return replace(plan, action=Action.CHANGED, item=draft.item, send=True, why=None, theirs=False)
        if _holds(chosen, plan, Choice.KEEP):
            return replace(plan, action=Action.SAME, why=Why("export.item_kept_theirs"), theirs=True)
        return plan

    def gone(self) -> ItemPlan:
        """The plan for a work that is no longer published."""
        unseen, entry = self._made_unseen(), self._entry
        found = self._found() or (unseen[0] if len(unseen) == 1 else None)
        generation = entry.generation if entry else 0
        title = found.title if found else self._wanted.id
        plan = ItemPlan(self._wanted.id, title, Action.WITHDRAWN, found=found, generation=generation)
        if found is None:
            return replace(plan, why=Why("export.item_withdrawn_gone"))
        if not self._where.deletes:
            return replace(plan, why=Why("export.item_withdrawn_by_hand"))
        return _asked(plan, Action.WITHDRAWN, "export.item_withdrawn", Choice.KEEP, Choice.CLEAR)

    def fits(self, plan: ItemPlan) -> bool:
        """Whether the scores mean the same in the item as it is there. What we sent, and the SIS keeps so, may have
        another minimum: not every SIS has one."""
        work, found = self._wanted.work, plan.found
        if work is None or work.maximum is None or found is None:
            return False
        wanted = LineItem("", "", "", minimum=work.minimum, maximum=work.maximum)
        entry = self._entry
        kept = entry is not None and not entry.theirs and entry.kept == item_digest(found)
        if kept or (plan.action is Action.SAME and not plan.theirs):
            wanted = replace(wanted, minimum=found.minimum)
        return same_scale(wanted, found)

    # ------------------------------------------------------------ looking

    def _found(self) -> LineItem | None:
        """By the id the ledger has, else by one that only we can have given, the newest first."""
        there = {item.id: item for item in self._items}
        ids = [self._entry.id] if self._entry else []
        return next((there[id] for id in (*ids, *reversed(self._ids)) if id in there), None)

    def _made_unseen(self) -> list[LineItem]:
        """What a server with ids of its own may have made of a first PUT that nobody saw the answer of."""
        entry = self._entry
        if entry is None or not entry.pending or entry.confirmed:
            return []
        new = [item for item in self._strangers() if item.id not in entry.before]
        same = [item for item in new if item_digest(item) == entry.pending]
        return same or [item for item in new if item_trace(item) == entry.trace]

    def _look_alike(self, wanted: LineItem) -> LineItem | None:
        """A stranger that a person would take for this work."""
        titles = {key(wanted.title)} | (set() if self._wanted.namesake else {key(self._plain_title())})
        return next((item for item in self._strangers() if looks_like(wanted, item, titles)), None)

    def _strangers(self) -> list[LineItem]:
        mine = {*self._owned, *self._ids}
        return [item for item in self._items if item.id not in mine]

    # ------------------------------------------------------------ comparing

    def _draft(self, found: LineItem | None) -> Draft:
        id = found.id if found else self._entry.id if self._entry else self._ids[0]
        taken = [item.title for item in self._items if item.id != id]
        apart = self._entry is not None and self._entry.apart
        return line_item(self._wanted, self._where, id=id, found=found, taken=taken, apart=apart)

    def _as_wanted(self, draft: Draft, found: LineItem) -> bool:
        """Exactly, where we know how the SIS had it; else as far as it could be what the SIS made of it."""
        if draft.plain is None:
            return False
        if self._entry and (self._entry.kept or self._entry.theirs) and not self._entry.pending:
            known = self._where.categories is not None and draft.item is not None
            return known and item_digest(draft.item or draft.plain) == item_digest(found)
        return alike(draft.plain, found)

    def _plain_title(self) -> str:
        work = self._wanted.work
        return cut(one_line(work.title), self._where.limits.title) if work else ""

    def _plan(self, draft: Draft, found: LineItem | None) -> ItemPlan:
        """As far as it is known before comparing: it cannot be sent, or nothing is decided."""
        work, entry = self._wanted.work, self._entry
        generation = entry.generation if entry else 0
        if entry is None and found is not None and found.id in self._ids:
            generation = self._ids.index(found.id)
        title = draft.plain.title if draft.plain else one_line(work.title) if work else self._wanted.id
        return ItemPlan(
            self._wanted.id,
            title,
            Action.CANNOT,
            found=found,
            generation=generation,
            why=draft.why,
            warnings=draft.warnings,
            forced=draft.forced,
            wish=draft.wish,
            apart=draft.apart,
        )


def _cleared(plan: ItemPlan, chosen: Chosen | None) -> ItemPlan:
    if plan.found and _holds(chosen, plan, Choice.CLEAR):
        return replace(plan, clear=plan.found.id)
    return plan


def _asked(plan: ItemPlan, action: Action, code: str, *choices: Choice) -> ItemPlan:
    theirs = (plan.found.id, item_digest(plan.found)) if plan.found else ()
    return replace(plan, action=action, why=Why(code), choices=choices, seen=digest(code, plan.wish, *theirs))


def _holds(chosen: Chosen | None, plan: ItemPlan, choice: Choice) -> bool:
    """Whether a person chose this, about what is there now."""
    return bool(chosen and chosen.choice is choice and choice in plan.choices and chosen.seen == plan.seen)
