"""A school's gradebook at its SIS, as values: who is in which class, which items it has, and who got what for them.

Ids are the SIS's own (`sourcedId`): opaque, case-sensitive, at most 255 characters. "" and None mean: not stated.
"""

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Org:
    """A school or a part of it. The ids of a SIS's orgs tell whether it is the same SIS under another address."""

    id: str
    name: str
    kind: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class SisTeacher:
    """A teacher as the SIS knows them."""

    id: str
    email: str = field(repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SisStudent:
    """A student of a class. `identifier` is the school's own number for them."""

    id: str
    email: str = field(default="", repr=False)
    identifier: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SisClass:
    """A class of the SIS, with the school it is of and the terms it runs in."""

    id: str
    title: str
    code: str = ""
    school: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """What an item counts as. `weight` as the SIS states it (OneRoster 1.2)."""

    id: str
    title: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class GradingPeriod:
    """Days of the school's calendar, first and last included."""

    id: str
    title: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class LineItem:
    """One column of a class's gradebook. Times are aware; `minimum` and `maximum` bound its ordinary scores."""

    id: str
    class_id: str
    title: str
    description: str = ""
    assigned: datetime | None = None
    due: datetime | None = None
    category: str = ""
    grading_period: str = ""
    school: str = ""
    minimum: float | None = None
    maximum: float | None = None


class ScoreStatus(StrEnum):
    """What a result is, in OneRoster's words."""

    EXEMPT = "exempt"
    GRADED = "fully graded"
    NOT_SUBMITTED = "not submitted"
    PARTLY_GRADED = "partially graded"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Result:
    """What one student got for one item. 0 is a score, None is none; a score above the maximum is extra credit.

    `status` is None only for what was read: a status that OneRoster does not know.
    """

    id: str
    line_item: str
    student: str
    status: ScoreStatus | None
    score: float | None = field(default=None, repr=False)
    scored: date | None = None
    comment: str = field(default="", repr=False)


_ITEM = ("class_id", "title", "description", "assigned", "due", "category", "grading_period", "minimum", "maximum")


def item_differences(wanted: LineItem, found: LineItem) -> tuple[str, ...]:
    """The fields that say something else in `found`; what `wanted` does not state cannot differ."""
    return tuple(name for name in _ITEM if _differs(getattr(wanted, name), getattr(found, name)))


def _differs(wanted: object, found: object) -> bool:
    if wanted is None or wanted == "":
        return False
    if isinstance(wanted, datetime) and isinstance(found, datetime):
        return wanted.replace(microsecond=0) != found.replace(microsecond=0)  # not every SIS keeps milliseconds
    return wanted != found
