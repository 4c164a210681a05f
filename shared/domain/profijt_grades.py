"""Profijt's own grades as a school sends them: texts become a course's works and grades, or are refused row by row.

An empty score is no grade, 0 is one. A scale that begins above 0, as 1 to 10 does, ends at its maximum; points begin at
0 and may go beyond it: extra credit.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from shared.domain.coursework import Grade, Mark, Work
from shared.errors import Fault
from shared.values import dataclass

MARKS = {
    "vrijgesteld": Mark.EXCUSED,
    "excused": Mark.EXCUSED,
    "ontbreekt": Mark.MISSING,
    "missing": Mark.MISSING,
}
DAY_BEGINS, DAY_ENDS = time(0, 0), time(23, 59)
MAXIMUM, MINIMUM = 10.0, 1.0  # of a Dutch grade
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_DUTCH = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})(?:[ T]([0-9]{1,2}):([0-9]{2}))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One row as sent, in texts; `row` counts from 1. `score` may be a mark's word, too."""

    row: int
    work: str
    student: str
    score: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, and why; `fault.pointer` is the field. `id` is whom or what it was about."""

    row: int
    id: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Judged:
    """The grades that the rows hold, how many were empty, and the rows that were refused."""

    grades: tuple[Grade, ...]
    empty: int
    refused: tuple[Refused, ...]


def judge(rows: Iterable[GradeRow], works: Mapping[str, Work], students: Collection[str]) -> Judged:
    """Each row by itself: a bad one loses nothing but itself. Two grades for one work of a student are both refused."""
    grades: list[Grade] = []
    refused: list[Refused] = []
    told = [row for row in rows if row.score or row.mark]
    empty = [row for row in rows if not (row.score or row.mark)]
    times = Counter((row.work, row.student) for row in told)
    for row in (*told, *empty):
        found = _grade(row, works, students)
        if isinstance(found, Fault):
            refused.append(Refused(row.row, row.student, found))
        elif times[row.work, row.student] > 1:
            refused.append(Refused(row.row, row.student, Fault("work", "grade.twice")))
        elif found:
            grades.append(found)
    return Judged(tuple(grades), len(empty), tuple(sorted(refused, key=lambda each: each.row)))


def _grade(row: GradeRow, works: Mapping[str, Work], students: Collection[str]) -> Grade | Fault | None:
    work = works.get(row.work)
    if work is None or work.maximum is None:
        return Fault("work", "grade.work_unknown")
    if row.student not in students:
        return Fault("student", "grade.student_unknown")
    mark = MARKS.get((row.mark or row.score).casefold())
    if row.mark and (mark is None or row.score):
        return Fault("mark", "grade.mark")
    if mark:
        return Grade(work.id, row.student, mark)
    if not row.score:
        return None
    score = number(row.score)
    if score is None:
        return Fault("score", "grade.no_number")
    if score < work.minimum or (work.minimum > 0 and score > work.maximum):
        scale = (("minimum", written(work.minimum)), ("maximum", written(work.maximum)))
        return Fault("score", "grade.outside_scale", scale)
    return Grade(work.id, row.student, Mark.GRADED, score)


def number(text: str) -> float | None:
    """The number, with a comma or a point before its decimals; None for anything else."""
    return float(text.replace(",", ".")) + 0.0 if _NUMBER.fullmatch(text) else None  # + 0.0: -0 is 0


def written(value: float) -> str:
    """As a Dutch school writes it: 7,5."""
    return f"{value:g}".replace(".", ",")


def moment(text: str, zone: ZoneInfo, *, day: time) -> datetime | None:
    """2026-11-20, 2026-11-20T08:30 (with an offset, or in `zone`), 20-11-2026 or 20-11-2026 08:30; None for "".

    A date alone is at `day` o'clock. Raises ValueError for anything else.
    """
    if not text:
        return None
    if dutch := _DUTCH.fullmatch(text):
        date, month, year, hour, minute = dutch.groups()
        clock = time(int(hour), int(minute)) if hour else day
        found = datetime.combine(datetime(int(year), int(month), int(date)), clock)  # noqa: DTZ001  the zone comes below
    elif _DATE.fullmatch(text):
        found = datetime.combine(datetime.fromisoformat(text), day)
    elif _TIME.fullmatch(text):
        found = datetime.fromisoformat(text)
    else:
        raise ValueError("shape")
    if not 1900 < found.year < 9000:  # the last years there are cannot be told in every zone
        raise ValueError("year")
    return found if found.tzinfo else found.replace(tzinfo=zone)
