"""A work as the SIS would take it: cut, dated, categorised and placed in a grading period, with every change told."""

import math
from collections.abc import Collection
from dataclasses import field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.coursework import Work
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.ledger import Digest, wish_digest
from shared.domain.export.plan import Forced, Why
from shared.domain.export.titles import cut, key, one_line, told_apart, whole
from shared.domain.export.wanted import WantedItem
from shared.domain.gradebook import GradingPeriod, LineItem
from shared.domain.partner import Need
from shared.domain.sis import CategoryMissing
from shared.values import dataclass

LONGEST_DESCRIPTION = 2000


@dataclass(frozen=True, slots=True)
class Draft:
    """`item` None: the SIS would not take it, and `why`. `wish` tells a changed wish from an unchanged one, also when
    categories and periods were not read. `warnings` do not stop it."""

    item: LineItem | None
    wish: Digest = ""
    plain: LineItem | None = None  # before its category and period
    forced: tuple[Forced, ...] = field(default=(), repr=False)
    warnings: tuple[Why, ...] = ()
    why: Why | None = None

    @property
    def apart(self) -> bool:
        """Whether its title was told apart."""
        return any(each.why.code == "export.title_twice" for each in self.forced)


class _Cannot(Exception):
    def __init__(self, why: Why) -> None:
        self.why = why


def line_item(
    wanted: WantedItem,
    where: Circumstances,
    *,
    id: str,
    found: LineItem | None,
    taken: Collection[str],
    apart: bool = False,
) -> Draft:
    """The item under this id. `taken` are the titles that other items of the class have; `apart`: its own was told
    apart from them before. What was not read of its category and period stays as the `found` item has it."""
    if wanted.work is None:
        raise ValueError("no work, no item")
    try:
        return _drafted(wanted, wanted.work, where, id, found, taken, apart)
    except _Cannot as cannot:
        return Draft(None, why=cannot.why)


def _drafted(
    wanted: WantedItem,
    work: Work,
    where: Circumstances,
    id: str,
    found: LineItem | None,
    taken: Collection[str],
    apart: bool,
) -> Draft:
    forced: list[Forced] = []
    maximum = _scale(work, where)
    title = _title(wanted, work, where, found, taken, apart, forced)
    description = cut(whole(work.description).strip(), LONGEST_DESCRIPTION)
    if description != whole(work.description).strip():
        forced.append(Forced("description", work.description, description, Why("export.description_cut")))
    assigned, due = _dates(work, where, forced)
    plain = LineItem(
        id,
        where.class_id,
        title,
        description,
        assigned,
        due,
        school=where.school,
        minimum=work.minimum,
        maximum=maximum,
    )
    # Settings decide the category as much as the work does; the period follows from the due date.
    named = "" if where.limits.category is Need.IGNORED else key(work.category)
    wish = wish_digest(plain, named, where.default_category, where.category_missing.value)
    try:
        category = _category(work, where, found, forced)
        period, warnings = _period(work, due or assigned, where, found)
    except _Cannot as cannot:
        return Draft(None, wish, plain, tuple(forced), why=cannot.why)
    item = replace(plain, category=category, grading_period=period)
    return Draft(item, wish, plain, tuple(forced), warnings)


def _scale(work: Work, where: Circumstances) -> float:
    """The maximum; the minimum needs nothing done to it."""
    if work.maximum is None:
        raise _Cannot(Why("export.ungraded"))
    if not (math.isfinite(work.minimum) and math.isfinite(work.maximum) and work.minimum < work.maximum):
        raise _Cannot(Why("export.bad_scale"))
    if where.limits.whole_maximum and not float(work.maximum).is_integer():
        raise _Cannot(Why("export.whole_maximum", (("maximum", f"{work.maximum:g}"),)))
    return work.maximum


def _title(
    wanted: WantedItem,
    work: Work,
    where: Circumstances,
    found: LineItem | None,
    taken: Collection[str],
    once_apart: bool,
    forced: list[Forced],
) -> str:
    """A title that other items have is told apart, and stays so; what an item already has, it keeps."""
    full, limit = one_line(work.title), where.limits.title
    if not full:
        raise _Cannot(Why("export.no_title"))
    plain, apart = cut(full, limit), told_apart(full, work.id, limit)
    has = key(found.title) if found else ""
    crowded = wanted.namesake or key(plain) in map(key, taken)
    stays = once_apart or has == key(apart)
    title = apart if where.limits.unique_titles and (stays or (crowded and has != key(plain))) else plain
    if title == apart:
        forced.append(Forced("title", full, title, Why("export.title_twice")))
    elif title != full:
        forced.append(Forced("title", full, title, Why("export.title_cut", (("limit", limit),))))
    return title


def _dates(work: Work, where: Circumstances, forced: list[Forced]) -> tuple[datetime | None, datetime | None]:
    """When it was assigned and when it is due: where the SIS wants both, the one stands in for the other."""
    assigned, due = work.assigned, work.due
    if where.limits.due_date_required:
        zone = ZoneInfo(where.zone)
        if due is None and assigned is None:
            raise _Cannot(Why("export.no_due"))
        if due is None and assigned is not None:
            due = assigned
            forced.append(Forced("due", "", _told(due, zone), Why("export.due_is_assigned")))
        elif assigned is None and due is not None:
            assigned = due
            forced.append(Forced("assigned", "", _told(assigned, zone), Why("export.assigned_is_due")))
    return assigned, due


def _category(work: Work, where: Circumstances, found: LineItem | None, forced: list[Forced]) -> str:
    """The id of the SIS's category with this name; of the default one when there is none and settings allow."""
    need = where.limits.category
    if need is Need.IGNORED:
        return ""
    if where.categories is None:
        return found.category if found else ""
    titles = {category.id: category.title for category in where.categories}
    same = sorted(id for id, title in titles.items() if key(work.category) and key(title) == key(work.category))
    if same:
        return same[0]
    missing = Why("export.category_missing", (("category", work.category),))
    if work.category and where.category_missing is CategoryMissing.STOP:
        raise _Cannot(missing)
    # A SIS that lists no categories at all may still have the one that was chosen when connecting.
    default = where.default_category if where.default_category in titles or not titles else ""
    if not default and need is Need.REQUIRED:
        raise _Cannot(missing if work.category else Why("export.category_needed"))
    if default or work.category:
        why = Why("export.category_default" if default else "export.category_left_out")
        forced.append(Forced("category", work.category, titles.get(default, default), why))
    return default


def _period(
    work: Work, when: datetime | None, where: Circumstances, found: LineItem | None
) -> tuple[str, tuple[Why, ...]]:
    """The grading period of that day in the school's zone, and what is to be said of it."""
    if where.periods is None:
        return (found.grading_period if found else ""), ()
    if when is None:
        return "", (Why("export.no_period"),)
    day = when.astimezone(ZoneInfo(where.zone)).date()
    holding = sorted((period for period in where.periods if period.holds(day)), key=_narrowest)
    facts = (("day", f"{day:%d-%m-%Y}"),)
    if not holding:
        if where.periods and where.limits.due_in_open_period:
            raise _Cannot(Why("export.outside_period", facts))
        return "", (Why("export.no_period", facts),)
    period = holding[0]
    warnings = []
    if period.last < where.today:
        warnings.append(Why("export.period_over", (("period", period.title),)))
    if work.period and key(work.period) != key(period.title):
        warnings.append(Why("export.period_differs", (("theirs", work.period), ("period", period.title))))
    return period.id, tuple(warnings)


def _narrowest(period: GradingPeriod) -> tuple[int, str]:
    return (period.last - period.first).days, period.id


def _told(when: datetime, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%d-%m-%Y %H:%M}"
