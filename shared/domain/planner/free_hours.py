"""Free hours («tussenuren»): slots of the time grid without a lesson, between the first and the last of a day.

Breaks are not in the grid and so are never free hours; a cancelled lesson in the middle of a day becomes one.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from shared.domain.planner.facets import UNNAMED, names_of
from shared.domain.planner.fate import takes_place
from shared.domain.planner.own import stays
from shared.domain.timetable import ElementKind, Lesson, Slot, Week
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day with free hours: their number and their minutes together."""

    day: date
    hours: int
    minutes: int


def free_days(grid: Iterable[Slot], lessons: Iterable[Lesson]) -> tuple[FreeDay, ...]:
    """The days on which whoever has these lessons has free hours; none can be told without a grid.

    For one person: `own(week, …).lessons` without those `taken_from` him. Where grids overlap, an hour counts once.
    """
    days: dict[date, list[tuple[int, int]]] = {}
    for each in filter(takes_place, lessons):
        days.setdefault(each.start.date(), []).append(_times(each))
    slots = sorted({(slot.end, slot.start, slot.day) for slot in grid if slot.start < slot.end})
    return tuple(
        FreeDay(day, len(free), sum(end - start for start, end in free))
        for day, busy in sorted(days.items())
        if (free := _free([(start, end) for end, start, number in slots if number == day.isoweekday()], busy))
    )


def free_days_of_classes(week: Week) -> Mapping[str, tuple[FreeDay, ...]]:
    """By the name of the class, of those that have free hours. A lesson of a part of a class occupies it."""
    names = names_of(week)
    lessons: dict[str, list[Lesson]] = {}
    for each in week.lessons:
        for name in {names.get((ElementKind.CLASS, ref.id), UNNAMED) for ref in filter(stays, each.classes)}:
            lessons.setdefault(name, []).append(each)
    found = ((name, free_days(week.grid, theirs)) for name, theirs in sorted(lessons.items()))
    return {name: days for name, days in found if days}


def _free(slots: list[tuple[int, int]], busy: list[tuple[int, int]]) -> list[tuple[int, int]]:
    first, last = min(start for start, _ in busy), max(end for _, end in busy)
    free: list[tuple[int, int]] = []
    for start, end in slots:
        taken = any(begin < end and start < until for begin, until in busy)
        after = not free or free[-1][1] <= start
        if first <= start and end <= last and after and not taken:
            free.append((start, end))
    return free


def _times(lesson: Lesson) -> tuple[int, int]:
    start, end = lesson.start, lesson.end
    until = end.hour * 60 + end.minute if end.date() == start.date() else 24 * 60
    return start.hour * 60 + start.minute, until
