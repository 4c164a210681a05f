"""The Classroom simulator against Google's own words: the discovery document, and the client Google ships with it.

Our client is held to the same document: what it asks exists there.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import requests
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from shared.coursework_port import RIGHTS
from shared.errors import NotAuthorized
from shared.simulators.classroom_fields import FieldsError, only
from shared.simulators.google_oauth import CLASSROOM
from tests.classroom_school import BACK, DUE, INGRID, KEES, VERIFIER, GoogleSchool, challenge, google_school

Json = dict[str, Any]

DOCUMENT: Json = json.loads(
    (resources.files("googleapiclient.discovery_cache") / "documents" / "classroom.v1.json").read_text()
)
COURSES: Json = DOCUMENT["resources"]["courses"]
METHODS: tuple[Json, ...] = (
    COURSES["methods"]["list"],
    COURSES["resources"]["students"]["methods"]["list"],
    COURSES["resources"]["courseWork"]["methods"]["list"],
    COURSES["resources"]["courseWork"]["resources"]["studentSubmissions"]["methods"]["list"],
    COURSES["methods"]["getGradingPeriodSettings"],
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


@pytest.fixture
def school() -> Iterator[GoogleSchool]:
    """One course with everything in it that a field can say."""
    with google_school() as running:
        google, maths = running.google.school, running.maths
        second = google.add_period(maths, "Periode 2", date(2026, 11, 1), date(2027, 1, 31))
        named = {"category": "Toetsen", "description": "Breuken", "gradingPeriodId": second}
        so = google.add_work(maths, "SO", points=10, due=DUE, **named)
        google.add_work(maths, "Lezen", points=None)
        po = google.add_work(maths, "PO", points=100, only=[running.anna], scheduledTime="2026-11-18T06:30:00Z")
        google.give(maths, so, running.yusuf, 0)
        google.give(maths, po, running.anna, 66.25)
        google.draft(maths, so, running.anna, 5)
        google.reclaim(maths, po, running.anna)
        yield running


def token(school: GoogleSchool, email: str = INGRID) -> str:
    """An access token, got by plain HTTP."""
    form = {"grant_type": "refresh_token", "refresh_token": school.consent(email).refresh_token}
    form |= {"client_id": school.google.oauth.client_id, "client_secret": school.google.oauth.client_secret}
    answer = requests.post(f"{school.google.url}/token", data=form, timeout=5)
    return str(answer.json()["access_token"])


def ask(school: GoogleSchool, path: str, **query: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token(school)}"}
    return requests.get(f"{school.google.url}/{path}", params=query, headers=headers, timeout=5)


def paths(school: GoogleSchool) -> tuple[str, ...]:
    """What is asked for each of METHODS."""
    course = f"v1/courses/{school.maths}"
    lists = ("students", "courseWork", "courseWork/-/studentSubmissions", "gradingPeriodSettings")
    return "v1/courses", *(f"{course}/{each}" for each in lists)


# ------------------------------------------------------------ the discovery document as judge


def misfits(value: Any, schema: Json, where: str = "") -> list[str]:
    """Everything in a value that the document does not know."""
    if "$ref" in schema:
        schema = DOCUMENT["schemas"][schema["$ref"]]
    kinds: Mapping[str, Any] = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    match schema["type"]:
        case "object" if "properties" in schema and isinstance(value, dict):
            known = schema["properties"]
            found = [f"{where}.{name} is unknown" for name in value if name not in known]
            return found + [
                each for name in value if name in known for each in misfits(value[name], known[name], f"{where}.{name}")
            ]
        case "array" if isinstance(value, list):
            return [each for one in value for each in misfits(one, schema["items"], f"{where}[]")]
        case kind if (
            kind in kinds and isinstance(value, kinds[kind]) and isinstance(value, bool) == (kind == "boolean")
        ):
            if value not in schema.get("enum", [value]):
                return [f"{where} has no value {value}"]
            if schema.get("format") == "google-datetime" and not _STAMP.fullmatch(value):
                return [f"{where} is no time: {value}"]
            return []
    return [f"{where} is no {schema['type']}: {value!r}"]


@pytest.mark.parametrize("nth", range(len(METHODS)))
def test_every_answer_has_only_fields_and_values_that_google_documents(school: GoogleSchool, nth: int) -> None:
    answer = ask(school, paths(school)[nth])
    assert answer.status_code == 200
    assert len(answer.json()) == 1  # a list with rows in it
    assert misfits(answer.json(), METHODS[nth]["response"]) == []


def test_the_judge_sees_what_does_not_fit() -> None:
    for row in ({"points": 1}, {"assignedGrade": "8"}, {"late": 0}, {"state": "LOST"}, {"creationTime": "20-11-2026"}):
        assert misfits(row, {"$ref": "StudentSubmission"})


def test_our_client_asks_only_what_google_documents(school: GoogleSchool) -> None:
    coursework = school.coursework()
    before = len(school.google.seen)
    coursework.gradings(f"classroom:{school.maths}")
    asked = [one for one in list(school.google.seen)[before:] if one.path != "/token"]
    assert len(asked) == len(METHODS)
    for request, method in zip(asked, METHODS, strict=True):
        assert request.method == method["httpMethod"]
        pattern = re.sub(r"\{\w+\}", "[^/]+", method["path"])
        assert re.fullmatch(f"/{pattern}", request.path)
        known = method["parameters"] | DOCUMENT["parameters"]
        for name, values in request.every.items():
            assert name in known
            assert set(values) <= set(known[name].get("enum", values))
        response = DOCUMENT["schemas"][method["response"]["$ref"]]
        assert unknown_fields(request.query["fields"], response) == []


def test_our_rights_exist_and_suffice_for_every_question() -> None:
    scopes = {CLASSROOM + right for right in RIGHTS}
    assert scopes <= set(DOCUMENT["auth"]["oauth2"]["scopes"])
    assert all(scopes & set(method["scopes"]) for method in METHODS)


def unknown_fields(mask: str, schema: Json) -> list[str]:
    """The names in a `fields` mask that the document does not know."""
    found: list[str] = []
    levels = [schema["properties"]]
    for name, mark in re.findall(r"(\w+)|([(),])", mask):
        if name:
            last = levels[-1].get(name)
            found += [] if last else [name]
        elif mark == "(":
            inner = last.get("items", last)
            levels.append(DOCUMENT["schemas"][inner["$ref"]]["properties"])
        elif mark == ")":
            levels.pop()
    return found


# ------------------------------------------------------------ Google's own client


def test_googles_own_client_walks_its_pages(school: GoogleSchool) -> None:
    for nth in range(11):
        school.google.school.enroll(school.maths, f"l{nth}@baken.example", "Leerling", str(nth))
    school.google.page_cap = 4
    service = build_from_document(
        DOCUMENT | {"rootUrl": f"{school.google.url}/", "mtlsRootUrl": ""}, credentials=Credentials(token(school))
    )
    students = service.courses().students()
    request, found = students.list(courseId=school.maths, pageSize=5), []
    while request is not None:
        answer = request.execute()
        found += answer["students"]
        request = students.list_next(request, answer)
    assert len({each["userId"] for each in found}) == len(found) == 13
    with pytest.raises(HttpError) as caught:
        students.list(courseId=school.dutch).execute()
    assert caught.value.status_code == 403


# ------------------------------------------------------------ what Google does and a client stumbles over


def test_what_is_at_its_default_is_left_out(school: GoogleSchool) -> None:
    google = school.google.school
    course = google.add_course("Leeg", teachers=[INGRID])
    assert ask(school, f"v1/courses/{course}/students").json() == {}
    midnight = google.add_work(course, "Om middernacht", due=DUE.replace(hour=0, minute=0))
    row = google.courses[course].work[midnight]
    assert (row["dueDate"], row["dueTime"]) == ({"year": 2026, "month": 11, "day": 20}, {})
    ungraded = google.add_work(course, "Lezen", points=0)
    assert "maxPoints" not in google.courses[course].work[ungraded]


def test_a_grade_of_zero_is_there_and_no_grade_is_not(school: GoogleSchool) -> None:
    rows = ask(school, paths(school)[3]).json()["studentSubmissions"]
    grades = {(row["userId"], row.get("assignedGrade"), row.get("draftGrade"), row["state"]) for row in rows}
    assert (school.yusuf, 0, 0, "RETURNED") in grades
    assert (school.anna, None, 5, "NEW") in grades
    assert (school.anna, 66.25, 66.25, "RECLAIMED_BY_STUDENT") in grades


def test_without_a_state_courses_of_every_state_are_told_newest_first(school: GoogleSchool) -> None:
    courses = ask(school, "v1/courses").json()["courses"]
    assert [each["courseState"] for each in courses] == ["ARCHIVED", "ACTIVE"]


def test_drafts_of_works_are_told_only_to_who_asks_for_them(school: GoogleSchool) -> None:
    school.google.school.add_work(school.maths, "Concept", state="DRAFT")
    path = paths(school)[2]
    assert "Concept" not in {each["title"] for each in ask(school, path).json()["courseWork"]}
    both = ask(school, path, courseWorkStates=["PUBLISHED", "DRAFT"]).json()["courseWork"]
    assert "Concept" in {each["title"] for each in both}


@pytest.mark.parametrize("right", ["profile.emails", "rosters.readonly", "courses.readonly"])
def test_a_right_that_was_not_given_is_missed(school: GoogleSchool, right: str) -> None:
    address = school.desk().address(state="s", challenge=challenge(VERIFIER))
    code = dict(parse_qsl(urlsplit(school.google.oauth.consent(address, INGRID, without=[right])).query))["code"]
    access = redeem(school, code=code).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    courses, students = (
        requests.get(f"{school.google.url}/{path}", headers=headers, timeout=5) for path in paths(school)[:2]
    )
    assert courses.status_code == (403 if right == "courses.readonly" else 200)
    mails = [each["profile"].get("emailAddress") for each in students.json()["students"]]
    assert all(mails) == (right != "profile.emails")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("v1/courses", {"pageToken": "x"}, 400),
        ("v1/courses", {"colour": "red"}, 400),
        ("v1/courses", {"fields": "courses(id"}, 400),
        ("v1/courses", {"teacherId": "nobody@baken.example"}, 404),
        ("v1/courses/1/students", {}, 404),
        ("v1/courses/1/courseWork/-/studentSubmissions", {}, 404),
        ("v1/topics", {}, 404),
    ],
)
def test_what_cannot_be_asked_is_refused_in_googles_shape(
    school: GoogleSchool, path: str, query: dict[str, str], status: int
) -> None:
    answer = ask(school, path, **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, status)


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer ya29.x", "Basic eDp5"])
def test_who_shows_no_living_token_is_nobody(school: GoogleSchool, header: str) -> None:
    answer = requests.get(f"{school.google.url}/v1/courses", headers={"Authorization": header}, timeout=5)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("mask", "left"),
    [
        ("a", {"a": 1}),
        ("b(c)", {"b": [{"c": 2}]}),
        ("a,b(d(e))", {"a": 1, "b": [{"d": {"e": 4}}]}),
        ("*", {"a": 1, "b": [{"c": 2, "d": {"e": 4, "f": 5}}]}),
        ("weg", {}),
    ],
)
def test_a_mask_leaves_out_the_rest(mask: str, left: Json) -> None:
    assert only({"a": 1, "b": [{"c": 2, "d": {"e": 4, "f": 5}}]}, mask) == left


@pytest.mark.parametrize("mask", ["", "a(", "a)", "a,,b", "(a)", "a b", "a()"])
def test_a_mask_that_cannot_be_read_is_refused(mask: str) -> None:
    with pytest.raises(FieldsError):
        only({}, mask)


# ------------------------------------------------------------ consent and tokens


def redeem(school: GoogleSchool, *, code: str, **other: str) -> requests.Response:
    oauth = school.google.oauth
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": BACK}
    form |= {"client_id": oauth.client_id, "client_secret": oauth.client_secret} | other
    return requests.post(f"{school.google.url}/token", data=form, timeout=5)


def code_of(school: GoogleSchool) -> str:
    address = school.desk().address(state="s", challenge=challenge(VERIFIER))
    return dict(parse_qsl(urlsplit(school.google.oauth.consent(address, INGRID)).query))["code"]


def test_the_page_is_answered_with_one_click(school: GoogleSchool) -> None:
    address = school.desk().address(state="klein.x", challenge=challenge(VERIFIER), login_hint=KEES)
    page = requests.get(address, timeout=5)
    assert page.text.index(KEES) < page.text.index(INGRID)
    back = requests.post(address, data={"email": KEES}, allow_redirects=False, timeout=5)
    told = dict(parse_qsl(urlsplit(back.headers["Location"]).query))
    assert (told["state"], told["hd"]) == ("klein.x", "baken.example")
    assert redeem(school, code=told["code"]).json()["refresh_token"]
    no = requests.post(address, data={"email": KEES, "refuse": "1"}, allow_redirects=False, timeout=5)
    assert dict(parse_qsl(urlsplit(no.headers["Location"]).query)) == {"state": "klein.x", "error": "access_denied"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "x"),
        ("redirect_uri", "https://elders.example/"),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
    ],
)
def test_a_page_that_was_not_agreed_on_is_not_shown(school: GoogleSchool, name: str, value: str) -> None:
    address = school.desk().address(state="s", challenge="x")
    query = dict(parse_qsl(urlsplit(address).query)) | {name: value}
    assert requests.get(f"{school.google.url}/o/oauth2/v2/auth", params=query, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"code": "4/x"}, "invalid_grant"),
        ({"code_verifier": "een-andere"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://elders.example/"}, "redirect_uri_mismatch"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_that_is_not_shown_rightly_is_worth_nothing(
    school: GoogleSchool, other: dict[str, str], error: str
) -> None:
    assert redeem(school, **{"code": code_of(school)} | other).json()["error"] == error


def test_a_code_is_worth_something_once(school: GoogleSchool) -> None:
    code = code_of(school)
    assert redeem(school, code=code).ok
    assert redeem(school, code=code).json()["error"] == "invalid_grant"


def test_revoking_one_token_ends_all_that_the_account_allowed(school: GoogleSchool) -> None:
    first, second = school.consent().refresh_token, school.consent().refresh_token
    assert requests.post(f"{school.google.url}/revoke", data={"token": first}, timeout=5).ok
    oauth = school.google.oauth
    form = {"grant_type": "refresh_token", "client_id": oauth.client_id, "client_secret": oauth.client_secret}
    answer = requests.post(f"{school.google.url}/token", data=form | {"refresh_token": second}, timeout=5)
    assert answer.json()["error"] == "invalid_grant"


def test_what_the_administrator_delegated_outlives_what_the_account_takes_back(school: GoogleSchool) -> None:
    school.google.oauth.delegated |= set(RIGHTS)
    own, delegated = school.coursework(), school.delegated()
    assert own.courses() == delegated.courses()
    school.google.oauth.revoke(INGRID.upper())  # the same account, however it is spelled
    assert delegated.courses()
    with pytest.raises(NotAuthorized):
        own.courses()


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({}, ""),
        ({"sub": "weg@baken.example"}, "invalid_grant"),
        ({"scope": CLASSROOM + "courses"}, "unauthorized_client"),
        ({"aud": "https://elders.example"}, "invalid_grant"),
        ({"exp": 1}, "invalid_grant"),
    ],
)
def test_a_service_account_gets_only_what_was_delegated(school: GoogleSchool, claims: Json, error: str) -> None:
    school.google.oauth.delegated |= {"courses.readonly"}
    key = json.loads(school.google.oauth.service_account_key())
    now = int(time.time())
    told = {"iss": key["client_email"], "sub": INGRID, "scope": CLASSROOM + "courses.readonly", "iat": now}
    told |= {"aud": "https://oauth2.googleapis.com/token", "exp": now + 3600} | claims
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"}
    form["assertion"] = jwt.encode(told, key["private_key"], algorithm="RS256")
    answer = requests.post(f"{school.google.url}/token", data=form, timeout=5).json()
    assert answer.get("error", "") == error
    assert ("access_token" in answer) == (not error)


def test_faults_are_switched_over_http_too(school: GoogleSchool) -> None:
    url = f"{school.google.url}/_control/faults"
    assert requests.post(url, json={"kind": "throttled", "path": "/v1/", "retry_after": "9"}, timeout=5).ok
    answer = ask(school, "v1/courses")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "9")
    assert [each["kind"] for each in requests.get(url, timeout=5).json()] == ["throttled"]
    assert requests.post(url, json={"kind": "onweer"}, timeout=5).status_code == 400
    requests.delete(url, timeout=5)
    assert ask(school, "v1/courses").status_code == 200
