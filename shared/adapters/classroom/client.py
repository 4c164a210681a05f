"""One teacher's Classroom (REST v1): whole lists, of courses this person teaches, with what an export needs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from shared.adapters.classroom import wire
from shared.adapters.classroom.paging import Row, whole_list
from shared.adapters.classroom.place import SERVICE, GoogleClient, Place
from shared.adapters.classroom.refusal import refusal
from shared.adapters.classroom.tokens import Tokens
from shared.adapters.http import Answer, Door, Repeat, Request
from shared.coursework_port import CLASSROOM, ClassroomAccess, Coursework
from shared.domain.coursework import Course, Gradings
from shared.errors import NotAuthorized, NotFound, Rejected

PAGE = "500"  # at most; the server decides

# What is asked of each row (the `fields` of Google's APIs): no photos, no attachments, no answers of students.
_FIELDS = {
    "courses": "id,name,section,courseState",
    "students": "userId,profile(name(givenName,familyName),emailAddress)",
    "courseWork": "id,title,description,state,maxPoints,dueDate,dueTime,scheduledTime,creationTime,assigneeMode,"
    "individualStudentsOptions(studentIds),gradeCategory(name),gradingPeriodId",
    "studentSubmissions": "id,courseWorkId,userId,assignedGrade,"
    "submissionHistory(gradeHistory(gradeTimestamp,gradeChangeType))",
}


def classroom(
    door: Door, *, place: Place, client: GoogleClient | None, key: Callable[[], str] | None
) -> Callable[[ClassroomAccess], Coursework]:
    """Makes coursework that shares one memory of tokens. See `Tokens`."""
    tokens = Tokens(door, place=place, client=client, key=key)
    return lambda access: ClassroomCoursework(access, door=door, tokens=tokens, base=place.classroom)


class ClassroomCoursework:
    """See shared.coursework_port.Coursework."""

    def __init__(self, access: ClassroomAccess, *, door: Door, tokens: Tokens, base: str) -> None:
        self._access = access
        self._door = door
        self._tokens = tokens
        self._base = base

    def courses(self) -> tuple[Course, ...]:
        # Without a state the list also has those that ended, that nobody accepted yet, and that were refused.
        rows = self._list("v1/courses", "courses", ("id",), teacherId="me", courseStates="ACTIVE")
        running = (wire.course(row) for row in rows if row.get("courseState") == "ACTIVE")
        return tuple(sorted(running, key=lambda each: (each.name.casefold(), each.section.casefold(), each.id)))

    def gradings(self, course: str) -> Gradings:
        of = next((each for each in self.courses() if each.id == course), None)
        if of is None:
            raise NotFound("course.unknown")
        path = f"v1/courses/{quote(course.removeprefix(f'{CLASSROOM}:'), safe='')}"
        students = self._list(f"{path}/students", "students", ("userId",))
        works = self._list(f"{path}/courseWork", "courseWork", ("id",), courseWorkStates="PUBLISHED")
        submissions = self._list(
            f"{path}/courseWork/-/studentSubmissions", "studentSubmissions", ("id", "courseWorkId", "userId")
        )
        periods = self._periods(path) if any(work.get("gradingPeriodId") for work in works) else {}
        return wire.gradings(of, students, works, submissions, zone=ZoneInfo(self._access.zone), periods=periods)

    def _periods(self, path: str) -> dict[str, str]:
        """By id. None where the school's licence does not tell them: they are for comparing only."""
        try:
            answer = self._get(f"{path}/gradingPeriodSettings", "periods", {"fields": "gradingPeriods(id,title)"})
        except (NotAuthorized, NotFound, Rejected):
            return {}
        return wire.periods(answer.json())

    def _list(self, path: str, name: str, key: tuple[str, ...], **asked: str) -> list[Row]:
        query = asked | {"pageSize": PAGE, "fields": f"nextPageToken,{name}({_FIELDS[name]})"}

        def fetch(token: str) -> Any:
            return self._get(path, name, query | ({"pageToken": token} if token else {})).json()

        return whole_list(fetch, name=name, key=key)

    def _get(self, path: str, what: str, query: dict[str, str]) -> Answer:
        """A 2xx answer. A token that was refused is renewed once: it may have ended a moment ago."""
        token = self._tokens.get(self._access)
        answer = self._once(path, query, token)
        if answer.status == 401:
            answer = self._once(path, query, self._tokens.get(self._access, not_this=token))
        if not answer.ok:
            raise refusal(answer, what)
        return answer

    def _once(self, path: str, query: dict[str, str], token: str) -> Answer:
        headers = (("Authorization", f"Bearer {token}"),)
        url = f"{self._base}/{path}"
        return self._door.send(Request("GET", url, SERVICE, Repeat.ALWAYS, query=tuple(query.items()), headers=headers))
