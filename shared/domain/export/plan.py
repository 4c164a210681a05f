"""What an export would do, item by item and student by student: the preview, and what an export then carries out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from shared.domain.gradebook import LineItem, Result
from shared.values import dataclass


class Action(StrEnum):
    """What is to be done with one item or one result."""

    NEW = "new"
    CHANGED = "changed"  # the SIS has what we sent before
    SAME = "same"  # the SIS has it already: nothing is sent
    CONFLICT = "conflict"  # a person has to choose first
    CANNOT = "cannot"  # and why
    WITHDRAWN = "withdrawn"  # no longer at the source; a person may choose to clear it


class Choice(StrEnum):
    """What a teacher chose about a CONFLICT or a WITHDRAWN."""

    OVERWRITE = "overwrite"  # send ours
    KEEP = "keep"  # leave what the SIS has: it is not asked about again until either side changes
    ADOPT = "adopt"  # an item that looks like ours is ours
    AGAIN = "again"  # deleted in the SIS, or not the one that looks like it: make it (anew)
    CLEAR = "clear"  # delete it in the SIS


@dataclass(frozen=True, slots=True)
class Why:
    """A code of shared.domain.causes and what fills in its sentence."""

    code: str
    facts: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice, made when the SIS showed `seen` (ItemPlan.seen, ResultPlan.seen): it holds for that only."""

    choice: Choice
    seen: str


@dataclass(frozen=True, slots=True)
class Forced:
    """A field that is sent otherwise than the source has it: both values as texts, and why."""

    field: str  # "title", "description", "assigned", "due", "category", "comment"
    wanted: str
    sent: str
    why: Why


@dataclass(frozen=True, slots=True)
class ResultPlan:
    """One student's part. `student` is the course's id, `sis_student` the SIS's ("" when there is none).

    `wanted` is what the source has for them, as it would be sent (None: nothing); `send` is what to put now (or None);
    `clear` is the id of a result to delete. `found` is what the SIS has.
    `choices` are those a person may make now; `seen` marks what they were shown.
    """

    student: str
    sis_student: str
    action: Action
    wanted: Result | None = field(default=None, repr=False)
    send: Result | None = field(default=None, repr=False)
    found: Result | None = field(default=None, repr=False)
    clear: str = ""
    why: Why | None = None
    warnings: tuple[Why, ...] = ()
    forced: tuple[Forced, ...] = field(default=(), repr=False)
    choices: tuple[Choice, ...] = ()
    seen: str = ""
    wish: str = ""
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """One work's part. `item` is the line item its results go into (None: there is none, and no result is sent);
    `send` says whether it is put first. `clear` is the id of an item to delete. `found` is what the SIS has now.
    """

    work: str
    title: str
    action: Action
    item: LineItem | None = None
    send: bool = False
    found: LineItem | None = None
    clear: str = ""
    generation: int = 0
    why: Why | None = None
    warnings: tuple[Why, ...] = ()
    forced: tuple[Forced, ...] = ()
    choices: tuple[Choice, ...] = ()
    seen: str = ""
    wish: str = ""
    theirs: bool = False
    apart: bool = False  # the title was told apart from that of another item
    results: tuple[ResultPlan, ...] = ()

    @property
    def there(self) -> LineItem | None:
        """The item that results go into, when the SIS has it already: the one to read results of."""
        return self.item if self.item and self.found and self.item.id == self.found.id else None

    @property
    def idle(self) -> bool:
        """Nothing would be sent or deleted."""
        return not (self.send or self.clear or any(result.send or result.clear for result in self.results))


Choices = Mapping[tuple[str, str], Chosen]  # (work, course student); of the item itself: (work, "")


def counted_plans(plans: Iterable[ItemPlan]) -> dict[str, int]:
    """Students by action, and items under "items.…"."""
    found: Counter[str] = Counter()
    for plan in plans:
        found[f"items.{plan.action}"] += 1
        found.update(result.action.value for result in plan.results)
    return dict(sorted(found.items()))
