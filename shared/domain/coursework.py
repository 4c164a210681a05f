"""What a teacher's class did and got, as its source tells it: Google Classroom, or Profijt itself.

Ids are the source's own; a course's `id` has the source in front of it ("classroom:640123", "profijt:3a-wi"), so that
no two sources share one. Times are aware. 0 is a score, None is none.
"""

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from shared.values import dataclass


class Mark(StrEnum):
    """What a teacher said of a student's work, or the score did. Never guessed: only GRADED can come by itself."""

    GRADED = "graded"
    EXCUSED = "excused"  # vrijgesteld
    MISSING = "missing"  # ontbreekt


@dataclass(frozen=True, slots=True)
class Course:
    """A class at the source that still runs. `section` is what the source shows beside the name."""

    id: str
    name: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class CourseStudent:
    """A student of a course. `number` is the school's own number for them, where the source knows it."""

    id: str
    email: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of published coursework. `maximum` None: it is not graded, and no score of it can be
    exported. `category` and `period` (the grading period) are names as the source spells them; `minimum` is 1.0 for
    Dutch grades."""

    id: str
    title: str
    description: str = ""
    assigned: datetime | None = None
    due: datetime | None = None
    maximum: float | None = None
    minimum: float = 0.0
    category: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """What one student has for one work. A score above the maximum is extra credit. A score that is only a draft, or
    no score and no mark, is no Grade at all."""

    work: str
    student: str
    mark: Mark
    score: float | None = field(default=None, repr=False)  # None only with EXCUSED and MISSING
    scored: date | None = None  # the day in the school's zone, when the source tells
    comment: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Gradings:
    """Everything of one course at one moment."""

    course: Course
    students: tuple[CourseStudent, ...]
    works: tuple[Work, ...]
    grades: tuple[Grade, ...]
