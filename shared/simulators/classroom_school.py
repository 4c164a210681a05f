"""What the Classroom simulator holds: people, courses, coursework and submissions, as rows of the REST API (v1).

Rows are written as Google's JSON is: a field at its default is not there, a list without items neither, and of a time
of day the parts that are zero.
"""

import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

Row = dict[str, Any]


@dataclass(slots=True)
class Account:
    """A Google account of the school."""

    id: str
    email: str
    given: str
    family: str
    admin: bool = False  # a domain administrator, who may see every course

    def profile(self, *, with_email: bool) -> Row:
        name = {"givenName": self.given, "familyName": self.family, "fullName": f"{self.given} {self.family}".strip()}
        return {"id": self.id, "name": _told(name)} | ({"emailAddress": self.email} if with_email else {})


@dataclass(slots=True)
class SimCourse:
    """One course: `row` is what the API tells of it; newest work first, as the API orders it."""

    row: Row
    teachers: list[str] = field(default_factory=list)
    students: list[str] = field(default_factory=list)
    work: dict[str, Row] = field(default_factory=dict)
    submissions: dict[tuple[str, str], Row] = field(default_factory=dict)  # by work and student
    periods: list[Row] = field(default_factory=list)


class ClassroomSchool:
    """Safe under threads. Ids are numbers as text, as Google's are."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.courses: dict[str, SimCourse] = {}
        self.lock = threading.RLock()
        self._ids = itertools.count(640_123)

    # ------------------------------------------------------------ people and courses

    def add_person(self, email: str, given: str = "", family: str = "", *, admin: bool = False) -> str:
        """The id of the account with this address, made when it is new."""
        with self.lock:
            found = self.account(email)
            made = found or Account(f"1{next(self._ids)}", email, given, family, admin)
            self.accounts[made.id] = made
            return made.id

    def account(self, email: str) -> Account | None:
        return next((each for each in self.accounts.values() if each.email.casefold() == email.casefold()), None)

    def add_course(self, name: str, *, teachers: Sequence[str], section: str = "", state: str = "ACTIVE") -> str:
        """A course taught by these addresses, the first of which owns it."""
        with self.lock:
            id = str(next(self._ids))
            owners = [self.add_person(email) for email in teachers]
            row: Row = {"id": id, "name": name, "section": section, "ownerId": owners[0], "courseState": state}
            row |= {"creationTime": "2026-08-17T07:00:00Z", "updateTime": "2026-08-17T07:00:00Z"}
            row |= {"gradebookSettings": {"calculationType": "TOTAL_POINTS", "displaySetting": "HIDE_OVERALL_GRADE"}}
            self.courses[id] = SimCourse(_told(row), owners)
            return id

    def enroll(self, course: str, email: str, given: str = "", family: str = "") -> str:
        with self.lock:
            id = self.add_person(email, given, family)
            self.courses[course].students.append(id)
            return id

    def add_period(self, course: str, title: str, first: date, last: date) -> str:
        """A grading period, both days included; give its id to `add_work` as gradingPeriodId."""
        with self.lock:
            id = str(next(self._ids))
            days = {
                name: {"year": day.year, "month": day.month, "day": day.day}
                for name, day in (("startDate", first), ("endDate", last))
            }
            self.courses[course].periods.append({"id": id, "title": title, **days})
            return id

    def leave(self, course: str, student: str) -> None:
        """Out of the course; what the student handed in is still listed."""
        with self.lock:
            self.courses[course].students.remove(student)

    # ------------------------------------------------------------ coursework

    def add_work(
        self,
        course: str,
        title: str,
        *,
        points: float | None = 100,
        due: datetime | None = None,
        category: str = "",
        only: Sequence[str] | None = None,
        **more: Any,
    ) -> str:
        """A published work, with a submission for everybody it is for (`only` these students); `more` are fields."""
        with self.lock:
            of = self.courses[course]
            id = str(next(self._ids))
            row: Row = {"id": id, "courseId": course, "title": title, "state": "PUBLISHED", "workType": "ASSIGNMENT"}
            row |= {"creationTime": "2026-11-16T07:00:00.123Z", "updateTime": "2026-11-16T07:00:00.123Z"}
            row |= {"assigneeMode": "ALL_STUDENTS", "creatorUserId": of.teachers[0]}
            row |= {"maxPoints": points, **(_due(due) if due else {})}
            if category:
                row["gradeCategory"] = {"id": f"c-{category}", "name": category, "weight": 250_000}
            if only is not None:
                row |= {"assigneeMode": "INDIVIDUAL_STUDENTS", "individualStudentsOptions": {"studentIds": list(only)}}
            of.work = {id: _told(row | more)} | of.work
            for student in of.students if only is None else only:
                self.submission(course, id, student)
            return id

    def change_work(self, course: str, work: str, **fields: Any) -> None:
        with self.lock:
            self.courses[course].work[work] = _told(self.courses[course].work[work] | fields)

    def remove_work(self, course: str, work: str) -> None:
        with self.lock:
            of = self.courses[course]
            del of.work[work]
            of.submissions = {key: row for key, row in of.submissions.items() if key[0] != work}

    # ------------------------------------------------------------ submissions

    def submission(self, course: str, work: str, student: str) -> Row:
        """The row of this student's submission, NEW when there was none."""
        with self.lock:
            row = {"id": f"Cg{work}{student}", "courseId": course, "courseWorkId": work, "userId": student}
            row |= {"state": "NEW", "courseWorkType": "ASSIGNMENT"}
            return self.courses[course].submissions.setdefault((work, student), row)

    def draft(self, course: str, work: str, student: str, points: float) -> None:
        with self.lock:
            self._grade(course, work, student, "draftGrade", points, datetime.now(UTC))

    def give(self, course: str, work: str, student: str, points: float, *, at: datetime | None = None) -> None:
        """Grade and return it: draft and final grade are the same then."""
        with self.lock:
            when = at or datetime.now(UTC)
            self._grade(course, work, student, "draftGrade", points, when)
            self._grade(course, work, student, "assignedGrade", points, when)
            self._state(course, work, student, "RETURNED", when)

    def take_away(self, course: str, work: str, student: str) -> None:
        """The teacher clears the grade."""
        with self.lock:
            row = self.submission(course, work, student)
            for name in ("assignedGrade", "draftGrade"):
                row.pop(name, None)

    def reclaim(self, course: str, work: str, student: str) -> None:
        """The student takes back what was handed in."""
        with self.lock:
            self._state(course, work, student, "RECLAIMED_BY_STUDENT", datetime.now(UTC))

    def _grade(self, course: str, work: str, student: str, name: str, points: float, when: datetime) -> None:
        row = self.submission(course, work, student)
        row[name] = points
        kind = "ASSIGNED_GRADE_POINTS_EARNED_CHANGE" if name == "assignedGrade" else "DRAFT_GRADE_POINTS_EARNED_CHANGE"
        of = self.courses[course]
        change: Row = {"pointsEarned": points, "gradeTimestamp": _stamp(when), "actorUserId": of.teachers[0]}
        most = {"maxPoints": of.work[work]["maxPoints"]} if "maxPoints" in of.work[work] else {}
        row.setdefault("submissionHistory", []).append(
            {"gradeHistory": _told(change | most | {"gradeChangeType": kind})}
        )
        row["updateTime"] = _stamp(when)

    def _state(self, course: str, work: str, student: str, state: str, when: datetime) -> None:
        row = self.submission(course, work, student)
        row["state"] = state
        change = {"state": state, "stateTimestamp": _stamp(when), "actorUserId": student}
        row.setdefault("submissionHistory", []).append({"stateHistory": change})
        row["updateTime"] = _stamp(when)


def _told(row: Row) -> Row:
    """Without what is at its default."""
    return {name: value for name, value in row.items() if value not in ("", None, 0, [], False)}


def _due(at: datetime) -> Row:
    """The two fields of a moment, in UTC."""
    utc = at.astimezone(UTC)
    time = _told({"hours": utc.hour, "minutes": utc.minute, "seconds": utc.second, "nanos": utc.microsecond * 1000})
    return {"dueDate": {"year": utc.year, "month": utc.month, "day": utc.day}, "dueTime": time}


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
