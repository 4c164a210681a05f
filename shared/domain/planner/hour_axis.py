"""The hours down the side of the Planner: those of the time grid, and further when a lesson would be cut."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.timetable import Lesson, Slot
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class HourAxis:
    """Whole hours of the day, school time: from `first` to `last` (at most 24)."""

    first: int
    last: int


WITHOUT_GRID = HourAxis(8, 17)


def hour_axis(grid: Iterable[Slot], lessons: Iterable[Lesson]) -> HourAxis:
    """Wide enough for every slot and every lesson; a lesson over midnight needs the whole day."""
    slots = [(slot.start, slot.end) for slot in grid]
    minutes = slots or [(WITHOUT_GRID.first * 60, WITHOUT_GRID.last * 60)]
    for lesson in lessons:
        start, end = _minutes(lesson.start), _minutes(lesson.end)
        if lesson.start.date() != lesson.end.date():
            minutes.append((start if end == 0 else 0, 24 * 60))
        else:
            minutes.append((start, max(end, start + 1)))
    return HourAxis(min(start for start, _ in minutes) // 60, -(-max(end for _, end in minutes) // 60))


def _minutes(time: datetime) -> int:
    return time.hour * 60 + time.minute
