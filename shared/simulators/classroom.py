"""Google Classroom (REST v1) and Google's OAuth on loopback, as whole or as broken as a test asks.

Written from the discovery document classroom.v1 and Google's guides, not from our client. `school` is what it holds,
`oauth` who may ask, `faults` breaks what should break, `page_cap` is the most rows of a page. Over HTTP too:

    GET, POST, DELETE /_control/faults
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.simulators.classroom_faults import GoogleFault, GoogleKind
from shared.simulators.classroom_fields import FieldsError, only
from shared.simulators.classroom_school import Account, ClassroomSchool, Row, SimCourse
from shared.simulators.fault_board import FaultBoard, fault_from_json
from shared.simulators.google_oauth import CLASSROOM, GoogleOAuth, Grant
from shared.simulators.server import LoopbackServer, Reply, Request, json_reply

Due = dict[GoogleKind, GoogleFault]

_COURSES = ("courses", "courses.readonly")
_ROSTERS = ("rosters", "rosters.readonly", "profile.emails", "profile.photos")
_WORK = ("coursework.me", "coursework.me.readonly", "coursework.students", "coursework.students.readonly")
_SUBMISSIONS = (*_WORK, "student-submissions.me.readonly", "student-submissions.students.readonly")

# What each list may be asked beside pageSize, pageToken and `fields`.
_ASKABLE = {
    "courses": {"courseStates", "teacherId", "studentId"},
    "students": set(),
    "courseWork": {"courseWorkStates", "orderBy"},
    "studentSubmissions": {"userId", "states", "late"},
}
_PATH = re.compile(
    r"/v1/courses(?:/(?P<course>[^/]+)/(?:(?P<students>students)|(?P<periods>gradingPeriodSettings)|courseWork"
    r"(?:/(?P<work>[^/]+)/(?P<submissions>studentSubmissions))?))?"
)


class _Refused(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


class ClassroomSimulator(LoopbackServer):
    """`with ClassroomSimulator() as google:` serves the API, the consent page and the tokens on `google.url`."""

    def __init__(self, *, port: int = 0, page_cap: int = 100) -> None:
        super().__init__(port)
        self.page_cap = page_cap
        self.school = ClassroomSchool()
        self.oauth = GoogleOAuth(self.school, self.url)
        self.faults = FaultBoard[GoogleFault]()

    def fail(self, kind: GoogleKind, **how: Any) -> None:
        """Switch a fault on: `google.fail("throttled", path="/students", times=2)`; fields as in GoogleFault."""
        self.faults.add(GoogleFault(kind, **how))

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/_control/"):
            return self._control(request)
        due = self.faults.due(request.path)
        if "revoked" in due:
            self.oauth.end_access_tokens()
        reply = _broken(due) or self._sound(request, due)
        if "delay" in due:
            reply = replace(reply, delay=due["delay"].seconds)
        if "half" in due:
            reply = replace(reply, half=True)
        return reply

    def _sound(self, request: Request, due: Due) -> Reply:
        match request.method, request.path:
            case "GET" | "POST", "/o/oauth2/v2/auth":
                return self.oauth.page(request)
            case _, "/token":
                return self.oauth.token(request)
            case "POST", "/revoke":
                return self.oauth.revoked(request)
        try:
            return self._api(request, due)
        except _Refused as refused:
            return refused.reply

    # ------------------------------------------------------------ the API

    def _api(self, request: Request, due: Due) -> Reply:
        found = _PATH.fullmatch(request.path) if request.method == "GET" else None
        if found is None:
            return _error(404, "NOT_FOUND", "Method not found.")
        grant = self.oauth.holder(request)
        if grant is None:
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        asker = self.school.account(grant.email)
        assert asker
        with self.school.lock:
            if found["course"] is None:
                return self._page(request, "courses", self._courses(request, grant, asker), due)
            if found["students"]:
                return self._page(request, "students", self._students(found["course"], grant, asker), due)
            if found["periods"]:
                return self._periods(request, found["course"], grant, asker)
            if found["submissions"]:
                rows = self._submissions(request, found["course"], found["work"], grant, asker)
                return self._page(request, "studentSubmissions", rows, due)
            return self._page(request, "courseWork", self._work(request, found["course"], grant, asker), due)

    def _courses(self, request: Request, grant: Grant, asker: Account) -> list[Row]:
        _need(grant, _COURSES)
        states = request.every.get("courseStates", [])
        wanted = {name: request.query[name] for name in ("teacherId", "studentId") if name in request.query}
        for name, value in wanted.items():
            account = asker if value == "me" else self.school.accounts.get(value) or self.school.account(value)
            if account is None:
                raise _Refused(_error(404, "NOT_FOUND", "Requested entity was not found."))
            wanted[name] = account.id
        return [
            each.row
            for each in reversed(self.school.courses.values())  # the newest first
            if _may_see(each, asker)
            and (not states or each.row["courseState"] in states)
            and ("teacherId" not in wanted or wanted["teacherId"] in each.teachers)
            and ("studentId" not in wanted or wanted["studentId"] in each.students)
        ]

    def _students(self, course: str, grant: Grant, asker: Account) -> list[Row]:
        _need(grant, _ROSTERS)
        of = self._course(course, asker)
        mails = CLASSROOM + "profile.emails" in grant.scopes
        return [
            {"courseId": of.row["id"], "userId": id, "profile": self.school.accounts[id].profile(with_email=mails)}
            for id in of.students
        ]

    def _work(self, request: Request, course: str, grant: Grant, asker: Account) -> list[Row]:
        _need(grant, _WORK)
        states = request.every.get("courseWorkStates", ["PUBLISHED"])
        return [row for row in self._course(course, asker).work.values() if row["state"] in states]

    def _submissions(self, request: Request, course: str, work: str, grant: Grant, asker: Account) -> list[Row]:
        _need(grant, _SUBMISSIONS)
        of = self._course(course, asker)
        if work != "-" and work not in of.work:
            raise _Refused(_error(404, "NOT_FOUND", "Requested entity was not found."))
        states = request.every.get("states", [])
        return [
            row
            for (id, _), row in of.submissions.items()
            if work in ("-", id) and (not states or row["state"] in states)
        ]

    def _periods(self, request: Request, course: str, grant: Grant, asker: Account) -> Reply:
        """One object and no list, so there are no pages; a course without any says {}."""
        _need(grant, _COURSES)
        rows = self._course(course, asker).periods
        body: Row = {"gradingPeriods": rows} if rows else {}
        return json_reply(only(body, request.query["fields"]) if "fields" in request.query else body)

    def _course(self, id: str, asker: Account) -> SimCourse:
        found = self.school.courses.get(id)
        if found is None:
            raise _Refused(_error(404, "NOT_FOUND", "Requested entity was not found."))
        if not asker.admin and asker.id not in found.teachers:
            raise _Refused(_error(403, "PERMISSION_DENIED", "The caller does not have permission", "forbidden"))
        return found

    def _page(self, request: Request, name: str, rows: list[Row], due: Due) -> Reply:
        unknown = set(request.query) - _ASKABLE[name] - {"pageSize", "pageToken", "fields", "alt", "prettyPrint"}
        size, token = request.query.get("pageSize", "0"), request.query.get("pageToken", "0")
        if unknown or not size.isdigit() or not token.isdigit():
            return _error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", "badRequest")
        start = int(token)
        end = start + min(int(size) or self.page_cap, self.page_cap)
        body: Row = {name: rows[start:end]} if rows[start:end] else {}
        if "same_page" in due:
            body["nextPageToken"] = token
        elif end < len(rows):
            body["nextPageToken"] = str(end)
        try:
            return json_reply(only(body, request.query["fields"]) if "fields" in request.query else body)
        except FieldsError:
            return _error(400, "INVALID_ARGUMENT", "Invalid field selection", "invalidParameter")

    # ------------------------------------------------------------ control

    def _control(self, request: Request) -> Reply:
        if request.path != "/_control/faults":
            return Reply(404)
        if request.method == "POST":
            try:
                self.faults.add(fault_from_json(GoogleFault, request.json()))
            except ValueError as err:
                return json_reply({"error": str(err)}, 400)
        elif request.method == "DELETE":
            self.faults.clear()
        return Reply(200, json.dumps(self.faults.on()).encode())


def _broken(due: Due) -> Reply | None:
    """What is answered in place of anything sound."""
    makers: Mapping[GoogleKind, Callable[[GoogleFault], Reply]] = {
        "hang_up": lambda _: Reply(hang_up=True),
        "throttled": lambda fault: _with_retry_after(
            _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Queries'.", "rateLimitExceeded"), fault
        ),
        "rate_limited": lambda _: _error(403, "PERMISSION_DENIED", "User Rate Limit Exceeded", "rateLimitExceeded"),
        "api_disabled": lambda _: _error(
            403, "PERMISSION_DENIED", "@ClassroomApiDisabled The user is not permitted to access the Classroom API."
        ),
        "service_disabled": lambda _: _error(
            403,
            "PERMISSION_DENIED",
            "Google Classroom API has not been used in project 67 before or it is disabled.",
            "accessNotConfigured",
            info="SERVICE_DISABLED",
        ),
        "forbidden": lambda _: _error(403, "PERMISSION_DENIED", "The caller does not have permission", "forbidden"),
        "error": lambda fault: _error(fault.status, "INTERNAL", "Internal error encountered.", "backendError"),
        "html": lambda fault: Reply(fault.status, b"<html>Error</html>", "text/html; charset=UTF-8"),
    }
    return next((make(due[kind]) for kind, make in makers.items() if kind in due), None)


def _with_retry_after(reply: Reply, fault: GoogleFault) -> Reply:
    return replace(reply, headers={"Retry-After": fault.retry_after} if fault.retry_after else {})


def _error(code: int, status: str, message: str, reason: str = "", *, info: str = "") -> Reply:
    error: Row = {"code": code, "message": message, "status": status}
    if reason:
        error["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    if info:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": info, "domain": "googleapis.com"}]
    return json_reply({"error": error}, code)


def _need(grant: Grant, scopes: tuple[str, ...]) -> None:
    if not any(CLASSROOM + scope in grant.scopes for scope in scopes):
        told = "Request had insufficient authentication scopes."
        raise _Refused(_error(403, "PERMISSION_DENIED", told, info="ACCESS_TOKEN_SCOPE_INSUFFICIENT"))


def _may_see(course: SimCourse, asker: Account) -> bool:
    return asker.admin or asker.id in (*course.teachers, *course.students)
