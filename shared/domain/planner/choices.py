"""The filters Docenten, Groepen and Vakken: any of the names within a filter, all of the filters together.

A name that was taken out of a lesson still finds it: who looks for a teacher or class also wants to see what changed.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from shared.domain.planner.facets import Facet, changes_by_name, names_of, tidy
from shared.domain.timetable import Week
from shared.values import dataclass

Filters = Mapping[Facet, Collection[str]]  # no names, or no facet: not filtered by it; {} clears all


@dataclass(frozen=True, slots=True)
class Choice:
    """One name to filter by. `lessons`: how many periods it would show under the filters of the other facets."""

    name: str
    lessons: int
    chosen: bool


def chosen(week: Week, filters: Filters) -> Week:
    """The same week with only the lessons that pass every filter."""
    wanted = _wanted(filters)
    if not any(wanted.values()):
        return week
    names = names_of(week)
    kept = (
        lesson
        for lesson in week.lessons
        if all(not some or some & changes_by_name(lesson, facet, names).keys() for facet, some in wanted.items())
    )
    return replace(week, lessons=tuple(kept))


def choices(week: Week, filters: Filters) -> Mapping[Facet, tuple[Choice, ...]]:
    """What can be chosen, by name; with what is chosen already, even if nothing has it now."""
    wanted, names = _wanted(filters), names_of(week)
    rows = [{facet: changes_by_name(lesson, facet, names).keys() for facet in Facet} for lesson in week.lessons]
    told: dict[Facet, tuple[Choice, ...]] = {}
    for facet in Facet:
        others = [(other, some) for other, some in wanted.items() if some and other is not facet]
        shown = (row for row in rows if all(some & row[other] for other, some in others))
        counts = Counter(name for row in shown for name in row[facet])
        told[facet] = tuple(
            Choice(name, counts[name], name in wanted[facet])
            for name in sorted(counts.keys() | wanted[facet], key=lambda each: (each.casefold(), each))
        )
    return told


def _wanted(filters: Filters) -> Mapping[Facet, frozenset[str]]:
    return {facet: frozenset(map(tidy, filters.get(facet, ()))) for facet in Facet}
