"""What an export did: one operation, its items, and what came of every student, in words a teacher can act on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.export.plan import Forced, Why
from shared.values import dataclass


class ExportState(StrEnum):
    """How far an export is."""

    PLANNING = "planning"  # both sides are being read
    RUNNING = "running"
    DONE = "done"  # every item and student has an outcome
    STOPPED = "stopped"  # it ended before all was tried; `cause` says what ended it


class Outcome(StrEnum):
    """What came of one item or one student."""

    SENT = "sent"  # and the SIS showed it when it was read back
    CONFIRMED = "confirmed"  # the answer was lost, and yet the SIS has it
    SAME = "same"  # the SIS had it: nothing was sent
    KEPT = "kept"  # a person chose to leave what the SIS has
    CLEARED = "cleared"  # a person chose to have it deleted in the SIS
    CONFLICT = "conflict"  # a person has to choose first
    WITHDRAWN = "withdrawn"  # no longer at the source; still in the SIS
    CANNOT = "cannot"
    FAILED = "failed"  # tried, and it is not there
    PENDING = "pending"  # its turn is still to come, told only while the export is under way
    NOT_TRIED = "not_tried"  # the item could not be made, or the export was stopped


AGAIN = frozenset({Outcome.FAILED, Outcome.NOT_TRIED})  # what a retry is about


@dataclass(frozen=True, slots=True)
class StudentOutcome:
    """`student` is the course's id. `score` and `status` are what was sent, or would have been. `said`: the SIS's own
    words, not to be trusted."""

    student: str
    outcome: Outcome
    score: float | None = field(default=None, repr=False)
    status: str = ""
    why: Why | None = None
    said: str = field(default="", repr=False)
    forced: tuple[Forced, ...] = field(default=(), repr=False)
    warnings: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """One work of the course, with everybody of whom there is something to say."""

    work: str
    title: str
    outcome: Outcome
    why: Why | None = None
    said: str = field(default="", repr=False)
    forced: tuple[Forced, ...] = ()
    warnings: tuple[Why, ...] = ()
    students: tuple[StudentOutcome, ...] = ()

    @property
    def to_repeat(self) -> bool:
        return self.outcome in AGAIN or any(student.outcome in AGAIN for student in self.students)


@dataclass(frozen=True, slots=True)
class Export:
    """One operation. `left` are the works that are not finished yet; counts are of students and, under "items.…", of
    items, by outcome. `of`: the export whose failures this one repeats. Times are aware, UTC."""

    id: str
    course: str
    course_name: str
    sis_class: str
    sis_title: str
    book: str
    generation: int  # of the connection it was ordered under
    by: str
    at: datetime
    touched: datetime  # last sign of life
    state: ExportState = ExportState.PLANNING
    left: tuple[str, ...] = ()
    total: int = 0  # items
    counts: dict[str, int] = field(default_factory=dict)
    finished: datetime | None = None
    pairs: str = ""  # a mark of who was paired by hand when it was planned
    cause: str = ""  # a code of shared.domain.causes, when something ended it
    facts: dict[str, str | int] = field(default_factory=dict)  # its blanks
    of: str = ""
    erasures: int = 0  # of people whom it knew, or may have known while it was planned

    @property
    def why(self) -> Why | None:
        return Why(self.cause, tuple(self.facts.items())) if self.cause else None

    @property
    def under_way(self) -> bool:
        return self.state in (ExportState.PLANNING, ExportState.RUNNING)


def still_to_come(item: ItemOutcome) -> ItemOutcome:
    """The item as it is told before its turn: what was not tried is to come."""
    return replace(
        item,
        outcome=_to_come(item.outcome),
        students=tuple(replace(each, outcome=_to_come(each.outcome)) for each in item.students),
    )


def _to_come(outcome: Outcome) -> Outcome:
    return Outcome.PENDING if outcome is Outcome.NOT_TRIED else outcome


def counted(items: Iterable[ItemOutcome]) -> dict[str, int]:
    """Students by outcome, and items under "items.…"."""
    found: Counter[str] = Counter()
    for item in items:
        found[f"items.{item.outcome}"] += 1
        found.update(student.outcome.value for student in item.students)
    return dict(sorted(found.items()))
