"""A course linked to a class of the SIS, and who of the one is who of the other."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from shared.domain.coursework import CourseStudent
from shared.domain.gradebook import SisStudent
from shared.values import dataclass


class PairState(StrEnum):
    """What is known of a course's student at the SIS."""

    PAIRED = "paired"
    NOT_FOUND = "not_found"  # nobody in the SIS class fits
    CONFLICT = "conflict"  # several fit, or two students fit one


@dataclass(frozen=True, slots=True)
class Pair:
    """One student of the course. `sis` is None unless PAIRED; `rule`: "email", "number", "names", "by_hand";
    `cause` is a code of shared.domain.causes when not PAIRED."""

    student: CourseStudent
    state: PairState
    sis: SisStudent | None = None
    rule: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class ClassLink:
    """`course` is a Course.id; `sis_class` a SisClass.id in the SIS whose ledger is `book`.

    `teachers`: Profijt user → the teacher's id at the SIS, of everyone who proved to teach it on both sides, and
    `proofs`: Profijt user → a digest of the e-mail address by which they did.
    `by_hand`: course student → SIS student ("" : never anybody), set by a teacher; it wins over every rule.
    `marks`: (work, student, "excused" or "missing"), set by a teacher.
    """

    course: str
    course_name: str
    book: str
    sis_class: str
    sis_title: str
    sis_code: str
    sis_school: str
    terms: tuple[str, ...]
    linked_by: str
    linked_at: datetime
    teachers: tuple[tuple[str, str], ...] = ()
    proofs: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    by_hand: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    marks: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
