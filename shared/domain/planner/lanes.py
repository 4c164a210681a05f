"""Overlapping lessons side by side: no two in one lane at one time, and never more lanes than lessons at one time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.values import dataclass

_LEAST = timedelta(minutes=1)  # a lesson of no minutes still needs a place


@dataclass(frozen=True, slots=True)
class Lane:
    """Lane `index` (from 0) out of the `total` of the lessons that touch each other."""

    index: int
    total: int


def lanes(times: Sequence[tuple[datetime, datetime]]) -> tuple[Lane, ...]:
    """A lane for each of these starts and ends, in their order."""
    spans = [_span(start, end) for start, end in times]
    order = sorted(range(len(spans)), key=lambda each: (spans[each][0], spans[each][0] - spans[each][1], each))
    index: dict[int, int] = {}
    total: dict[int, int] = {}
    free: list[datetime] = []  # when each lane of these that touch each other is free again
    touching: list[int] = []
    for number in order:
        start, end = spans[number]
        if free and start >= max(free):
            total |= dict.fromkeys(touching, len(free))
            free, touching = [], []
        lane = next((place for place, until in enumerate(free) if until <= start), len(free))
        free[lane : lane + 1] = [end]
        index[number] = lane
        touching.append(number)
    total |= dict.fromkeys(touching, len(free))
    return tuple(Lane(index[number], total[number]) for number in range(len(spans)))


def _span(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    return first, max(last, first + _LEAST)
