"""What a teacher's class should have at the SIS: the works, with each paired student's grade, before any limit."""

from dataclasses import field
from datetime import date

from shared.domain.coursework import Mark, Work
from shared.domain.export.plan import Why
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class WantedGrade:
    """`sis_student` "" : there is none, `why` says so, and nothing is sent. `score` None only when not GRADED."""

    student: str
    sis_student: str
    mark: Mark
    score: float | None = field(default=None, repr=False)
    scored: date | None = None
    comment: str = field(default="", repr=False)
    why: Why | None = None
    warnings: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedItem:
    """`work` None: no longer published at the source, only the ledger knows of it (`id` still tells which).

    `namesake`: another work of the class comes first with the same title. `withdrawn`: (course's, SIS's student) who
    have no grade any more for what was exported once, or whose grade went to whom they turned out not to be.
    """

    id: str  # Work.id
    work: Work | None
    grades: tuple[WantedGrade, ...] = ()
    namesake: bool = False
    withdrawn: tuple[tuple[str, str], ...] = ()
