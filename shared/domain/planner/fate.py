"""What became of a lesson, read from everything that tells it: a substitution often shows in the teachers alone.

(WebUntis: homeassistant-WebUntis 250, 261 and 324.)
"""

from enum import StrEnum

from shared.domain.timetable import Change, Kind, Lesson, Status


class Fate(StrEnum):
    """As the Planner marks it. `MOVED` is on both sides: away from here (it does not take place) and to here."""

    REGULAR = "regular"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    ADDED = "added"
    MOVED = "moved"
    OTHER = "other"


def fate(lesson: Lesson) -> Fate:
    """The one mark it gets."""
    if moved_away(lesson) or moved_here(lesson):
        return Fate.MOVED
    if lesson.status in (Status.REGULAR, Status.OTHER) and parts_changed(lesson):
        return Fate.CHANGED
    return Fate(lesson.status.value)


def takes_place(lesson: Lesson) -> bool:
    """At this time; a status we do not know does, as far as we know."""
    return lesson.status is not Status.CANCELLED


def moved_away(lesson: Lesson) -> bool:
    """Not given here but elsewhere."""
    return bool(lesson.moved_to) and not takes_place(lesson)


def moved_here(lesson: Lesson) -> bool:
    """Given here instead of elsewhere. What was moved here and then cancelled is simply cancelled."""
    return bool(lesson.moved_from) and takes_place(lesson)


def extra(lesson: Lesson) -> bool:
    """Not in the plan at this time."""
    return lesson.status is Status.ADDED or lesson.kind is Kind.ADDITIONAL or bool(lesson.moved_from)


def parts_changed(lesson: Lesson) -> bool:
    """A class, group, subject, room or teacher came in or was taken out."""
    parts = (*lesson.classes, *lesson.groups, *lesson.subjects, *lesson.rooms, *lesson.teachers)
    return any(ref.change is not Change.REGULAR for ref in parts)
