"""Classroom's rows as they really come: what is left out, what is zero, and what only looks like a grade."""

import json
import math
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.classroom import wire
from shared.adapters.classroom.paging import whole_list
from shared.adapters.classroom.refusal import refusal
from shared.adapters.http import Answer
from shared.domain.coursework import Course, CourseStudent, Mark
from shared.errors import NotAuthorized, NotFound, Rejected, Throttled, Unreachable

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
COURSE = Course("classroom:1", "Wiskunde")
FIELDS = (
    *("title", "description", "state", "maxPoints", "dueDate", "dueTime", "year", "month", "day", "hours", "minutes"),
    *("scheduledTime", "creationTime", "assigneeMode", "individualStudentsOptions", "studentIds", "gradeCategory"),
    *("name", "profile", "emailAddress", "givenName", "familyName", "assignedGrade", "submissionHistory"),
    *("gradeHistory", "gradeTimestamp", "gradeChangeType"),
)


# ------------------------------------------------------------ due


@pytest.mark.parametrize(
    ("row", "due"),
    [
        ({"dueTime": {}}, "2026-11-20T00:00"),  # midnight has no parts
        ({}, "2026-11-20T00:00"),
        ({"dueTime": {"hours": 22, "minutes": 59}}, "2026-11-20T22:59"),
        ({"dueTime": {"minutes": 5}}, "2026-11-20T00:05"),
        ({"dueTime": {"hours": 9}}, "2026-11-20T09:00"),
        ({"dueTime": {"hours": 23, "minutes": 59, "seconds": 60}}, "2026-11-21T00:00"),  # a leap second
        ({"dueTime": {"hours": 24}}, "2026-11-21T00:00"),
        ({"dueTime": None}, "2026-11-20T00:00"),
    ],
)
def test_a_due_time_is_utc_and_parts_that_are_left_out_are_zero(row: dict[str, Any], due: str) -> None:
    found = wire.due({"dueDate": {"year": 2026, "month": 11, "day": 20}} | row)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"dueTime": {"hours": 9}},
        {"dueDate": {}},
        {"dueDate": {"year": 2026, "month": 11}},  # "a month without a day" can be said so
        {"dueDate": {"month": 11, "day": 20}},
        {"dueDate": {"year": 2026, "month": 2, "day": 30}},
        {"dueDate": "2026-11-20"},
        {"dueDate": {"year": 9999, "month": 12, "day": 31}, "dueTime": {"hours": 24}},
        {"dueDate": {"year": True, "month": 1, "day": 1}},
    ],
)
def test_without_a_whole_day_nothing_is_due(row: dict[str, Any]) -> None:
    assert wire.due(row) is None


# ------------------------------------------------------------ works


@pytest.mark.parametrize(
    ("points", "maximum"),
    [(100, 100.0), (7.5, 7.5), (0, None), (None, None), ("100", None), (-1, None), (True, None), ("NaN", None)],
)
def test_without_points_a_work_is_not_graded(points: object, maximum: float | None) -> None:
    assert wire.work({"id": "7", "maxPoints": points}, {}).maximum == maximum
    assert wire.work({"id": "7"}, {}).maximum is None


def test_a_work_is_given_when_it_was_planned_to_be_and_else_when_it_was_made() -> None:
    made = {"id": "7", "creationTime": "2026-11-16T07:00:00.123456789Z"}
    assert wire.work(made, {}).assigned == datetime(2026, 11, 16, 7, 0, 0, 123456, UTC)
    planned = made | {"scheduledTime": "2026-11-18T06:30:00Z"}
    assert wire.work(planned, {}).assigned == datetime(2026, 11, 18, 6, 30, tzinfo=UTC)
    assert wire.work(made | {"creationTime": "gisteren"}, {}).assigned is None


def test_the_category_is_known_by_its_name() -> None:
    category = {"id": "c", "name": "Toetsen", "weight": 250000}
    assert wire.work({"id": "7", "gradeCategory": category}, {}).category == "Toetsen"
    assert wire.work({"id": "7"}, {}).category == ""


# ------------------------------------------------------------ people


def test_without_the_right_to_addresses_a_student_has_none() -> None:
    row = {"userId": "5", "profile": {"id": "5", "name": {"givenName": "Yusuf", "familyName": "Yılmaz"}}}
    assert wire.student(row) == CourseStudent("5", "", "", "Yusuf", "Yılmaz")
    row["profile"] |= {"emailAddress": "yusuf@baken.example"}  # type: ignore[operator]
    assert wire.student(row).email == "yusuf@baken.example"


@pytest.mark.parametrize("row", [{"userId": "5"}, {"userId": "5", "profile": {}}, {"userId": "5", "profile": None}])
def test_a_profile_that_may_not_be_seen_is_a_student_without_a_name(row: dict[str, Any]) -> None:
    assert wire.student(row) == CourseStudent("5")


# ------------------------------------------------------------ grades


def row(**more: Any) -> dict[str, Any]:
    return {"id": "s", "courseWorkId": "7", "userId": "5"} | more


@pytest.mark.parametrize(
    ("told", "score"),
    [
        ({"assignedGrade": 0}, 0.0),  # a grade like any other
        ({"assignedGrade": 7.25, "draftGrade": 9}, 7.25),
        ({"assignedGrade": 110}, 110.0),  # extra credit
        ({"assignedGrade": 8, "state": "RECLAIMED_BY_STUDENT"}, 8.0),
        ({"assignedGrade": 8, "state": "TURNED_IN"}, 8.0),  # handed in again after it was graded
        ({"draftGrade": 9}, None),
        ({"draftGrade": 0, "late": True}, None),  # what Classroom fills in for what is missing
        ({"state": "RETURNED"}, None),
        ({}, None),
        ({"assignedGrade": None}, None),
        ({"assignedGrade": "NaN"}, None),
        ({"assignedGrade": "8"}, None),
        ({"assignedGrade": True}, None),
        ({"assignedGrade": -1}, None),
    ],
)
def test_a_grade_is_what_the_teacher_assigned_and_nothing_else(told: dict[str, Any], score: float | None) -> None:
    grade = wire.grade(row(**told), AMSTERDAM)
    assert (grade and grade.score) == score
    assert grade is None or grade.mark is Mark.GRADED


def change(when: str, kind: str = "ASSIGNED_GRADE_POINTS_EARNED_CHANGE") -> dict[str, Any]:
    return {"gradeHistory": {"gradeTimestamp": when, "gradeChangeType": kind, "pointsEarned": 8}}


@pytest.mark.parametrize(
    ("history", "day"),
    [
        ([], None),
        ([change("2026-11-20T10:00:00Z")], date(2026, 11, 20)),
        ([change("2026-11-20T23:30:00Z")], date(2026, 11, 21)),  # after midnight in Amsterdam
        ([change("2026-07-01T22:30:00Z")], date(2026, 7, 2)),  # and in summer time
        ([change("2026-11-21T10:00:00Z"), change("2026-11-19T10:00:00Z")], date(2026, 11, 21)),  # in any order
        ([change("2026-11-21T10:00:00Z", "DRAFT_GRADE_POINTS_EARNED_CHANGE")], None),
        ([change("2026-11-21T10:00:00Z", "MAX_POINTS_CHANGE"), change("2026-11-19T10:00:00Z")], date(2026, 11, 19)),
        ([{"stateHistory": {"state": "RETURNED", "stateTimestamp": "2026-11-22T10:00:00Z"}}], None),
        ([change("ooit"), None, {}], None),
        (None, None),
    ],
)
def test_the_day_of_a_grade_is_that_of_its_last_change_in_the_schools_zone(history: Any, day: date | None) -> None:
    grade = wire.grade(row(assignedGrade=8, submissionHistory=history), AMSTERDAM)
    assert grade
    assert grade.scored == day


def test_a_grade_belongs_to_a_work_that_is_there_and_a_student_who_is_there() -> None:
    works = [
        {"id": "7"},
        {"id": "8", "assigneeMode": "INDIVIDUAL_STUDENTS", "individualStudentsOptions": {"studentIds": ["6"]}},
        {"id": "9", "state": "DRAFT"},
        {"id": "10", "assigneeMode": "INDIVIDUAL_STUDENTS"},
    ]
    rows = [
        row(courseWorkId=work, userId=student, assignedGrade=8) for work in ("7", "8", "9", "10") for student in "567"
    ]
    found = wire.gradings(COURSE, [{"userId": "5"}, {"userId": "6"}], works, rows, zone=AMSTERDAM, periods={})
    assert [each.id for each in found.works] == ["7", "8", "10"]
    assert {(each.work, each.student) for each in found.grades} == {("7", "5"), ("7", "6"), ("8", "6")}


# ------------------------------------------------------------ whatever comes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2026-11-20T10:00:00Z"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=4,
)
ROWS = st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6), max_size=2)


@given(students=ROWS, works=ROWS, submissions=ROWS)
def test_no_row_is_so_odd_that_the_others_are_lost(
    students: list[dict[str, Any]], works: list[dict[str, Any]], submissions: list[dict[str, Any]]
) -> None:
    good = row(assignedGrade=0)
    found = wire.gradings(
        COURSE,
        [*(each | {"userId": f"u{nth}"} for nth, each in enumerate(students)), {"userId": "5"}],
        [*(each | {"id": f"w{nth}"} for nth, each in enumerate(works)), {"id": "7"}],
        [*(each | row(courseWorkId=f"w{nth}", userId=f"u{nth}") for nth, each in enumerate(submissions)), good],
        zone=AMSTERDAM,
        periods={},
    )
    assert wire.grade(good, AMSTERDAM) in found.grades
    assert all(each.score is not None and math.isfinite(each.score) and each.score >= 0 for each in found.grades)
    assert all(work.due is None or work.due.tzinfo for work in found.works)
    assert {each.work for each in found.grades} <= {each.id for each in found.works}


# ------------------------------------------------------------ pages


def pages(*bodies: Any) -> list[dict[str, Any]]:
    tokens: list[str] = []

    def fetch(token: str) -> Any:
        tokens.append(token)
        return bodies[len(tokens) - 1]

    found = whole_list(fetch, name="students", key=("userId",))
    assert tokens == ["", *(body["nextPageToken"] for body in bodies[:-1])]
    return found


def test_an_empty_list_is_left_out() -> None:
    assert pages({}) == []
    assert pages({"nextPageToken": ""}) == []


def test_a_page_without_rows_is_not_the_last() -> None:
    found = pages({"nextPageToken": "a"}, {"students": [{"userId": "5"}], "nextPageToken": "b"}, {})
    assert found == [{"userId": "5"}]


def test_who_is_on_two_pages_is_there_once_as_last_told() -> None:
    first, again = {"userId": "5", "profile": {}}, {"userId": "5"}
    assert pages({"students": [first], "nextPageToken": "a"}, {"students": [again]}) == [again]


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        "x",
        {"students": {}},
        {"students": None},
        {"students": ["5"]},
        {"students": [{}]},
        {"students": [{"userId": 5}]},
        {"students": [{"userId": ""}]},
        {"nextPageToken": 2},
    ],
)
def test_what_is_no_list_is_not_an_empty_list(body: Any) -> None:
    with pytest.raises(Rejected, match=r"classroom\.unexpected_shape"):
        whole_list(lambda _: body, name="students", key=("userId",))


def test_a_list_that_leads_back_to_itself_is_refused() -> None:
    with pytest.raises(Rejected, match=r"classroom\.list_incomplete"):
        whole_list(lambda _: {"nextPageToken": "a"}, name="students", key=("userId",))


def test_a_list_without_an_end_is_refused() -> None:
    numbers = iter(range(10_000))
    with pytest.raises(Rejected, match=r"classroom\.list_incomplete"):
        whole_list(lambda _: {"nextPageToken": str(next(numbers))}, name="students", key=("userId",))


# ------------------------------------------------------------ errors


def answer(status: int, error: Any = None, *, retry_after: float | None = None) -> Answer:
    body = json.dumps({"error": error}).encode() if error is not None else b"<html>"
    return Answer("google", "classroom.googleapis.com", status, {}, body, retry_after)


def reason(word: str, message: str = "Emma de Vries may not") -> dict[str, Any]:
    return {"code": 403, "message": message, "errors": [{"reason": word, "domain": "global"}]}


def info(word: str) -> dict[str, Any]:
    return {"code": 403, "status": "PERMISSION_DENIED", "details": [{"reason": word, "domain": "googleapis.com"}]}


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        (answer(429, {"status": "RESOURCE_EXHAUSTED"}), Throttled, "http.throttled"),
        (answer(403, {"status": "RESOURCE_EXHAUSTED"}), Throttled, "http.throttled"),
        (answer(403, reason("rateLimitExceeded")), Throttled, "http.throttled"),
        (answer(403, reason("userRateLimitExceeded")), Throttled, "http.throttled"),
        (answer(403, reason("dailyLimitExceeded")), Throttled, "http.throttled"),
        (answer(403, info("RATE_LIMIT_EXCEEDED")), Throttled, "http.throttled"),
        (answer(429), Throttled, "http.throttled"),
        (answer(401, {"status": "UNAUTHENTICATED"}), NotAuthorized, "classroom.consent_ended"),
        (answer(403, reason("accessNotConfigured")), NotAuthorized, "classroom.not_enabled"),
        (answer(403, info("SERVICE_DISABLED")), NotAuthorized, "classroom.not_enabled"),
        (answer(403, reason("", "@ClassroomApiDisabled The user is not…")), NotAuthorized, "classroom.api_off"),
        (answer(403, reason("", "@ClassroomDisabled")), NotAuthorized, "classroom.api_off"),
        (answer(403, reason("", "@ClassroomApiDisabledForNow x")), NotAuthorized, "classroom.right_missing"),
        (answer(403, info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")), NotAuthorized, "classroom.right_missing"),
        (answer(403, reason("forbidden")), NotAuthorized, "classroom.right_missing"),
        (answer(403), NotAuthorized, "classroom.right_missing"),
        (answer(404, {"status": "NOT_FOUND"}), NotFound, "course.unknown"),
        (answer(400, {"status": "INVALID_ARGUMENT"}), Rejected, "classroom.refused"),
        (answer(400, "invalid_grant"), Rejected, "classroom.refused"),
        (answer(500, {"status": "INTERNAL"}), Unreachable, "http.server_error"),
        (answer(503), Unreachable, "http.server_error"),
        (answer(403, {"errors": "x", "details": [1], "message": 2}), NotAuthorized, "classroom.right_missing"),
    ],
)
def test_googles_errors_mean_what_they_mean_and_quote_nobody(given: Answer, kind: type, code: str) -> None:
    err = refusal(given, "students")
    assert (type(err), err.code) == (kind, code)
    assert "Emma" not in str(err)


def test_the_patience_that_google_asks_for_is_passed_on() -> None:
    err = refusal(answer(429, retry_after=17.0), "students")
    assert isinstance(err, Throttled)
    assert err.retry_after == 17.0
