"""Whether what the SIS has could be what we want, also at a SIS that cuts, rounds and drops; pure."""

from collections.abc import Collection
from datetime import datetime

from shared.domain.export.titles import SHORTEST_CUT, key
from shared.domain.gradebook import LineItem, Result, ScoreStatus

_CLOSE = 1e-6  # of a score: what is lost on the way through another number format


def alike(wanted: LineItem, found: LineItem) -> bool:
    """`found` could be what a SIS made of `wanted`: its title cut, seconds or whole fields dropped. Category and period
    are not looked at: they may not be known."""
    title, theirs = key(wanted.title), key(found.title)
    return (
        (title == theirs or (len(theirs) >= SHORTEST_CUT - 1 and title.startswith(theirs.rstrip(".… "))))
        and wanted.description.startswith(found.description)
        and _same_minute(wanted.due, found.due)
        and _same_minute(wanted.assigned, found.assigned)
        and same_scale(wanted, found)
    )


def looks_like(wanted: LineItem, found: LineItem, titles: Collection[str]) -> bool:
    """A person would take them for the same: one of our titles (keys), and due at the same minute."""
    return key(found.title) in titles and _minute(wanted.due) == _minute(found.due)


def same_scale(wanted: LineItem, found: LineItem) -> bool:
    """A score means the same in both, as far as the SIS tells."""
    return found.minimum in (wanted.minimum, None) and found.maximum in (wanted.maximum, None)


def agrees(wanted: Result, found: Result) -> bool:
    """The student has what we want: status, score, and comment where we send one. What has no score agrees with any
    score, because OneRoster 1.1 demands one."""
    return (
        wanted.status is found.status
        and (wanted.score is None or (found.score is not None and abs(wanted.score - found.score) <= _CLOSE))
        and wanted.comment in ("", found.comment)
    )


def is_empty(found: Result) -> bool:
    """A place the SIS keeps for a student, with nothing in it that anybody filled in."""
    return found.score is None and found.status in (None, ScoreStatus.NOT_SUBMITTED) and not found.comment


def _same_minute(wanted: datetime | None, found: datetime | None) -> bool:
    return wanted is None or found is None or _minute(wanted) == _minute(found)


def _minute(when: datetime | None) -> datetime | None:
    return when.replace(second=0, microsecond=0) if when else None
