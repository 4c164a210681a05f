"""Classroom's rows as our values: pure.

What is at its default is left out of JSON: no list is an empty list, no hours are midnight. A grade of 0 is there, and
is a grade. Names of fields: the discovery document classroom.v1, revision 20261028.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.coursework_port import CLASSROOM
from shared.domain.coursework import Course, CourseStudent, Grade, Gradings, Mark, Work

Row = Mapping[str, Any]

_FINAL = "ASSIGNED_GRADE_POINTS_EARNED_CHANGE"


def course(row: Row) -> Course:
    return Course(f"{CLASSROOM}:{row['id']}", _text(row, "name"), _text(row, "section"))


def student(row: Row) -> CourseStudent:
    """Without the right to e-mail addresses the address is not there; a profile that may not be seen has no name."""
    profile = _inside(row, "profile")
    name = _inside(profile, "name")
    return CourseStudent(
        id=row["userId"],
        email=_text(profile, "emailAddress"),
        first_name=_text(name, "givenName"),
        last_name=_text(name, "familyName"),
    )


def work(row: Row, periods: Mapping[str, str]) -> Work:
    """`periods`: the titles of the school's grading periods, by id."""
    return Work(
        id=row["id"],
        title=_text(row, "title"),
        description=_text(row, "description"),
        # What was planned was made earlier than students saw it.
        assigned=moment(row.get("scheduledTime")) or moment(row.get("creationTime")),
        due=due(row),
        maximum=number(row.get("maxPoints")) or None,
        category=_text(_inside(row, "gradeCategory"), "name"),
        period=periods.get(_text(row, "gradingPeriodId"), ""),
    )


def grade(row: Row, zone: ZoneInfo) -> Grade | None:
    """The grade the teacher gave. It stays while a student takes the work back; a draft is none."""
    score = number(row.get("assignedGrade"))
    if score is None:
        return None
    return Grade(row["courseWorkId"], row["userId"], Mark.GRADED, score, graded_on(row, zone))


def graded_on(row: Row, zone: ZoneInfo) -> date | None:
    """The day in this zone on which the grade was last given or changed."""
    history = row.get("submissionHistory")
    changes = [_inside(step, "gradeHistory") for step in history or () if isinstance(step, Mapping)]
    times = [moment(each.get("gradeTimestamp")) for each in changes if each.get("gradeChangeType") == _FINAL]
    last = max((time for time in times if time), default=None)
    return last.astimezone(zone).date() if last else None


def periods(settings: Any) -> dict[str, str]:
    """The titles of grading periods by id, out of GradingPeriodSettings."""
    found = settings.get("gradingPeriods") if isinstance(settings, Mapping) else None
    rows = [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
    return {_text(row, "id"): _text(row, "title") for row in rows}


def gradings(
    of: Course,
    students: Iterable[Row],
    works: Iterable[Row],
    submissions: Iterable[Row],
    *,
    zone: ZoneInfo,
    periods: Mapping[str, str],
) -> Gradings:
    """What belongs together of a course: published works, who is in it now, and their grades. A grade of somebody who
    left, or to whom the work is not given any more, is not in it."""
    published = [row for row in works if row.get("state", "PUBLISHED") == "PUBLISHED"]
    people = [student(row) for row in students]
    members = frozenset(each.id for each in people)
    given = {row["id"]: members & chosen if (chosen := _chosen(row)) is not None else members for row in published}
    grades = (
        found
        for row in submissions
        if row["userId"] in given.get(row["courseWorkId"], frozenset()) and (found := grade(row, zone))
    )
    return Gradings(of, tuple(people), tuple(work(row, periods) for row in published), tuple(grades))


def _chosen(row: Row) -> frozenset[str] | None:
    """The students a work is given to; None: everybody."""
    if row.get("assigneeMode") != "INDIVIDUAL_STUDENTS":
        return None
    ids = _inside(row, "individualStudentsOptions").get("studentIds")
    return frozenset(id for id in ids if isinstance(id, str)) if isinstance(ids, list) else frozenset()


def due(row: Row) -> datetime | None:
    """When it has to be in. Both parts are UTC, and each part that is zero is left out: midnight is {}."""
    day, time = _inside(row, "dueDate"), _inside(row, "dueTime")
    try:
        midnight = datetime(*(_whole(day, name) for name in ("year", "month", "day")), tzinfo=UTC)  # type: ignore[misc,arg-type]
        return midnight + timedelta(**{name: _whole(time, name) for name in ("hours", "minutes", "seconds")})
    except (ValueError, OverflowError):
        return None


def number(value: Any) -> float | None:
    """A number of at least 0; Google's JSON may also say "NaN" or "Infinity", and those are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None


def moment(value: Any) -> datetime | None:
    """An aware time; Google tells up to nine digits of a second."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _whole(row: Row, name: str) -> int:
    value = row.get(name, 0)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _inside(row: Row, name: str) -> Row:
    value = row.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""
