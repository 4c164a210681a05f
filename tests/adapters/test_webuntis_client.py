"""The real client on loopback: it logs in sparingly, keeps schools apart, and gives whole lists or errors."""

import base64
import json
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest
from scripted_server import Asked, reply, serving

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis import Endpoints, webuntis
from shared.adapters.webuntis.auth import Tokens
from shared.domain.people import Person, Role
from shared.errors import NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable
from shared.ports import Roster, WebUntisConnection

PASSWORD = "Wachtwoord-7:€"
SCHOOL = WebUntisConnection(
    school="demo",
    school_name="het baken+zee & co",
    subdomain="tom",
    tenant_id="6603700",
    client_id="profijt",
    auth="v3",
    password=PASSWORD,
    password_version="1",
)
STUDENTS = [{"id": n, "externKey": f"0{n}", "forename": "Anna", "lastName": f"Bakker {n}"} for n in range(1, 8)]
TEACHERS = [{"id": 1, "externKey": "D042", "firstName": "Jan", "longName": "de Vries", "name": "VRI"}]
HIT = {"loginName": SCHOOL.school_name, "server": "tom.webuntis.com", "tenantId": "6603700"}


@dataclass
class Untis:
    """WebUntis as a test wants it: any path may be given another answer, and tokens are counted from 1."""

    instead: dict[str, object] = field(
        default_factory=dict
    )  # what a path contains → its answer, or a function of Asked
    claims: dict[str, object] | None = None
    logins: int = 0
    good: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked):
        for part, answer in self.instead.items():
            if part in asked.path:
                return answer(asked) if callable(answer) else answer
        return self.answer(asked)

    def answer(self, asked: Asked):
        if asked.path.endswith("/token"):
            return self.token()
        if asked.path == "/schoolquery2":
            return reply(200, {"id": "1", "result": {"size": 0, "schools": [HIT]}})
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.good:
            return reply(401, {"errorCode": "UNAUTHORIZED"})
        kind = asked.path.rpartition("/")[2]
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        rows = {"students": STUDENTS, "teachers": TEACHERS}[kind]
        return reply(200, {kind: rows[offset : offset + limit]})

    def token(self):
        with self.lock:
            self.logins += 1
            token = f"token-{self.logins}"
            if self.claims is not None:
                part = base64.urlsafe_b64encode(json.dumps(self.claims).encode()).decode().rstrip("=")
                token = f"h.{part}.s"
            self.good.add(token)
        return reply(200, {"access_token": token, "token_type": "Bearer", "expires_in": 180})


def endpoints(url: str) -> Endpoints:
    return Endpoints(api=url, school_search=f"{url}/schoolquery2", school_host=url + "/{subdomain}", page_size=3)


def a_door() -> Door:
    return Door(PublicAndLoopback(), limits=Limits(read=5), pace=Pace(sleep=lambda _: None))


@contextmanager
def untis(tokens: Tokens | None = None, **settings: object):
    """The server's script, what it was asked, and a maker of rosters on it."""
    script = Untis(**settings)
    with serving(script) as server:
        yield script, server.asked, webuntis(a_door(), endpoints(server.url), tokens)


def caught_of(roster: Roster, role: Role = Role.STUDENT) -> ProfijtError:
    with pytest.raises(ProfijtError) as caught:
        roster.people(role)
    return caught.value


# ---------------------------------------------------------------- the ordinary case


def test_both_lists_come_whole_with_one_login():
    with untis() as (script, _asked, roster_of):
        roster = roster_of(SCHOOL)
        students, teachers = roster.people(Role.STUDENT), roster.people(Role.TEACHER)
    assert [student.key for student in students] == ["01", "02", "03", "04", "05", "06", "07"]
    assert teachers == (Person("1", Role.TEACHER, "D042", "Jan", "de Vries", "VRI"),)
    assert script.logins == 1


def test_version_3_logs_in_by_tenant_id_with_the_password_in_a_basic_header_only():
    with untis() as (_, asked, roster_of):
        roster_of(SCHOOL).people(Role.TEACHER)
    login = asked[0]
    assert (login.method, login.target) == ("POST", "/WebUntis/api/sso/v3/6603700/token")
    assert base64.b64decode(login.headers["authorization"].removeprefix("Basic ")).decode() == f"profijt:{PASSWORD}"
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert login.body == b"grant_type=client_credentials&scope=roster-core.readonly"
    assert asked[1].path == "/WebUntis/api/rest/extern/v2/teachers"


def test_version_1_logs_in_at_the_schools_own_server_by_its_encoded_name():
    with untis() as (_, asked, roster_of):
        roster_of(replace(SCHOOL, auth="v1")).people(Role.TEACHER)
    assert asked[0].target == "/tom/WebUntis/api/sso/het%20baken%2Bzee%20%26%20co/token"


# ---------------------------------------------------------------- tokens


def test_rosters_of_one_connection_share_a_token_and_other_schools_and_passwords_never_do():
    others = [
        replace(SCHOOL, school="other"),
        replace(SCHOOL, tenant_id="2"),
        replace(SCHOOL, client_id="other"),
        replace(SCHOOL, password_version="2"),
        replace(SCHOOL, auth="v1"),
    ]
    with untis() as (script, asked, roster_of):
        roster_of(SCHOOL).people(Role.TEACHER)
        roster_of(SCHOOL).people(Role.STUDENT)
        assert script.logins == 1
        for number, other in enumerate(others, start=2):
            roster_of(other).people(Role.TEACHER)
            assert script.logins == number
            assert asked[-1].headers["authorization"] == f"Bearer token-{number}"


def test_a_token_is_renewed_fifteen_seconds_before_it_ends():
    clock = [0.0]
    with untis(tokens=Tokens(lambda: clock[0])) as (script, _, roster_of):
        for now, logins in ((0.0, 1), (164.9, 1), (165.1, 2)):
            clock[0] = now
            roster_of(SCHOOL).people(Role.TEACHER)
            assert script.logins == logins


def test_many_threads_that_need_the_same_token_log_in_once():
    with untis() as (script, _, roster_of), ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: roster_of(SCHOOL).people(Role.STUDENT), range(16)))
    assert {len(people) for people in found} == {7}
    assert script.logins == 1


def test_a_token_that_dies_under_way_is_replaced_once_and_nobody_is_lost():
    with untis() as (script, asked, roster_of):
        script.instead["/students"] = lambda one: (
            script.good.clear() if len(asked) == 3 else None,
            script.answer(one),
        )[1]
        assert len(roster_of(SCHOOL).people(Role.STUDENT)) == 7
    assert script.logins == 2


def test_a_list_that_refuses_a_fresh_token_is_a_missing_right_after_one_more_login():
    with untis(instead={"/students": reply(401)}) as (script, _asked, roster_of):
        err = caught_of(roster_of(SCHOOL))
        assert len(roster_of(SCHOOL).people(Role.TEACHER)) == 1
    assert (type(err), err.code, err.facts["list"]) == (NotAuthorized, "webuntis.right_missing", "students")
    assert script.logins == 2


# ---------------------------------------------------------------- a wrong password


@pytest.mark.parametrize(
    "refusal",
    [
        reply(400, {"error": "invalid_grant"}),
        reply(401, {"error": "invalid_client"}),
        reply(403, {"errorCode": "FORBIDDEN"}),
        reply(200, {"error": {"code": -8504, "message": "bad credentials"}}),
    ],
)
def test_a_wrong_password_is_tried_exactly_once_until_it_changes(refusal):
    with untis(instead={"/token": refusal}) as (script, asked, roster_of):
        for _ in range(3):
            for role in Role:
                err = caught_of(roster_of(SCHOOL), role)
                assert (type(err), err.code) == (NotAuthorized, "webuntis.login_refused")
        assert len(asked) == 1
        script.instead.clear()
        assert len(roster_of(replace(SCHOOL, password="new", password_version="2")).people(Role.STUDENT)) == 7


def test_a_password_that_was_changed_at_webuntis_under_way_is_tried_once_and_then_not_again():
    with untis() as (script, asked, roster_of):
        roster = roster_of(SCHOOL)
        roster.people(Role.STUDENT)
        script.good.clear()
        script.instead["/token"] = reply(400, {"error": "invalid_grant"})
        assert caught_of(roster).code == "webuntis.login_refused"
        before = len(asked)
        assert caught_of(roster, Role.TEACHER).code == "webuntis.login_refused"
    assert len(asked) == before


def test_threads_with_the_same_wrong_password_make_one_attempt_together():
    with (
        untis(instead={"/token": reply(400, {"error": "invalid_grant"})}) as (_, asked, roster_of),
        ThreadPoolExecutor(8) as threads,
    ):
        codes = set(threads.map(lambda _: caught_of(roster_of(SCHOOL)).code, range(12)))
    assert codes == {"webuntis.login_refused"}
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(500), "http.server_error"),
        (reply(502, b"<html>Bad Gateway</html>", Content_Type="text/html"), "http.server_error"),
        (reply(429, Retry_After="9"), "http.throttled"),
        (b"", "http.half_answer"),
        (reply(200, b"<html>Onderhoud</html>"), "http.html"),
        (reply(404, {"error": {"code": -8500}}), "webuntis.school_unknown_there"),
        (reply(302, Location="https://baken.webuntis.com/WebUntis"), "webuntis.school_moved"),
    ],
)
def test_a_login_that_failed_without_a_verdict_sends_the_password_once_a_run_and_again_the_next(answer, code):
    with untis(instead={"/token": answer}) as (_, asked, roster_of):
        assert caught_of(roster_of(SCHOOL)).code == code
        assert len(asked) == 1
        assert caught_of(roster_of(SCHOOL)).code == code
        assert len(asked) == 2


def test_a_school_that_moved_is_told_where_to_and_gets_no_password_there():
    with (
        serving(lambda _: reply(200, {})) as elsewhere,
        untis(instead={"/token": reply(302, Location=f"http://localhost:{elsewhere.port}/x")}) as (_, _, roster_of),
    ):
        err = caught_of(roster_of(replace(SCHOOL, auth="v1")))
    assert (err.code, err.facts["server"], err.facts["expected"]) == ("webuntis.school_moved", "localhost", "127.0.0.1")
    assert elsewhere.asked == []


# ---------------------------------------------------------------- the tenant


def test_a_tenant_id_that_was_not_given_is_searched_once():
    with untis() as (_, asked, roster_of):
        roster = roster_of(replace(SCHOOL, tenant_id=""))
        assert roster.tenant_id() == roster.tenant_id() == "6603700"
        roster.people(Role.TEACHER)
    assert [one.path for one in asked[:2]] == ["/schoolquery2", "/WebUntis/api/sso/v3/6603700/token"]
    question = json.loads(asked[0].body)
    assert (question["method"], question["params"]) == ("searchSchool", [{"search": "het baken+zee & co"}])
    assert "authorization" not in asked[0].headers


def test_a_school_that_is_not_found_gets_no_login():
    with untis(instead={"/schoolquery2": reply(200, {"result": {"schools": []}})}) as (_, asked, roster_of):
        assert caught_of(roster_of(replace(SCHOOL, tenant_id=""))).code == "webuntis.school_unknown"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tenant_id": "../../x"}, "webuntis.bad_tenant_id"),
        ({"tenant_id": "", "subdomain": "tom.evil.nl/"}, "webuntis.bad_subdomain"),
        ({"subdomain": "tom@evil", "auth": "v1"}, "webuntis.bad_subdomain"),
        ({"subdomain": "", "auth": "v1"}, "webuntis.bad_subdomain"),
    ],
)
def test_settings_that_would_lead_elsewhere_are_refused_before_anything_is_sent(changed, code):
    with untis() as (_, asked, roster_of):
        assert caught_of(roster_of(replace(SCHOOL, **changed))).code == code
    assert asked == []


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, {"students": STUDENTS, "tenantId": 2}),
        reply(200, {"students": STUDENTS, "headerData": {"school": {"tenantId": "2"}}}),
        reply(200, {"students": STUDENTS, "school": {"tenantId": "2"}}),
        reply(200, {"students": STUDENTS, "tenant": {"id": "2"}}),
        reply(200, {"students": STUDENTS, "tenantId": "6603700", "tenant": {"id": "2"}}),
        reply(200, STUDENTS, Tenant_Id="2"),
    ],
)
def test_people_of_another_school_are_refused_wherever_the_answer_says_so(answer):
    with untis(instead={"/students": answer}) as (_, _, roster_of):
        err = caught_of(roster_of(SCHOOL))
    assert (type(err), err.code) == (Rejected, "webuntis.wrong_tenant")


def test_people_of_this_school_are_taken_when_the_answer_says_so():
    whole = reply(200, {"students": STUDENTS[:2], "tenantId": "6603700"}, Tenant_Id="6603700")
    with untis(instead={"/students": whole}) as (_, _, roster_of):
        assert len(roster_of(SCHOOL).people(Role.STUDENT)) == 2


def test_a_token_of_another_school_is_never_used():
    with untis(claims={"tenant_id": "2"}) as (_, asked, roster_of):
        assert caught_of(roster_of(SCHOOL)).code == "webuntis.wrong_tenant"
    assert len(asked) == 1


def test_a_token_of_this_school_is_used():
    with untis(claims={"tenant_id": 6603700}) as (_, _, roster_of):
        assert len(roster_of(SCHOOL).people(Role.TEACHER)) == 1


# ---------------------------------------------------------------- lists that fail

TRACED = {"requestId": "7f1c-22", "traceId": "ab12"}


def test_a_right_missing_on_one_list_is_named_and_leaves_the_other_alone():
    forbidden = reply(403, {"errorCode": "FORBIDDEN", "errorMessage": "Access is denied", **TRACED})
    with untis(instead={"/teachers": forbidden}) as (script, _asked, roster_of):
        roster = roster_of(SCHOOL)
        err = caught_of(roster, Role.TEACHER)
        assert len(roster.people(Role.STUDENT)) == 7
    assert (type(err), err.code, err.facts["list"]) == (NotAuthorized, "webuntis.right_missing", "teachers")
    assert (err.facts["request_id"], err.facts["untis_trace"]) == ("7f1c-22", "ab12")
    assert script.logins == 1


@pytest.mark.parametrize(
    ("answer", "kind", "code", "times"),
    [
        (reply(409, {"errorCode": "TT_ONGOING_TIMETABLE_PUBLICATION"}), Throttled, "webuntis.publishing", 1),
        (reply(503, {"errorCode": "TT_UNRESOLVED_CHANGESET"}), Throttled, "webuntis.publishing", 3),
        (reply(500, {"errorCode": "TENANT_INSTALLATION_RECOVERABLE_ERROR"}), Unreachable, "webuntis.recovering", 3),
        (reply(500, {"errorCode": "INTERNAL_ERROR"}), Unreachable, "http.server_error", 3),
        (reply(503, b"<html>", Content_Type="text/html"), Unreachable, "http.server_error", 3),
        (reply(429, Retry_After="900"), Throttled, "http.throttled", 1),
        (
            reply(400, {"errorCode": "VALIDATION_ERROR", "validationErrors": [{}]}),
            Rejected,
            "webuntis.request_refused",
            1,
        ),
        (reply(404, {"errorCode": "NOT_FOUND"}), Rejected, "webuntis.list_unknown", 1),
        (reply(200, b"<!doctype html>", Content_Type="text/html"), Rejected, "http.html", 1),
        (reply(200, {"errorCode": "INTERNAL_ERROR"}), Rejected, "webuntis.no_list", 1),
        (reply(200, {"students": [*STUDENTS, {"lastName": "zonder id"}]}), Rejected, "webuntis.list_incomplete", 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[", Unreachable, "http.half_answer", 3),
    ],
)
def test_every_failure_of_a_list_has_its_own_reaction(answer, kind, code, times):
    with untis(instead={"/students": answer}) as (_, asked, roster_of):
        err = caught_of(roster_of(SCHOOL))
    assert (type(err), err.code) == (kind, code)
    assert len(asked) == 1 + times


def test_a_later_page_that_fails_fails_the_whole_list():
    with untis() as (script, _, roster_of):
        script.instead["/students"] = lambda one: reply(500) if one.query["offset"] != "0" else script.answer(one)
        assert caught_of(roster_of(SCHOOL)).code == "http.server_error"


def test_an_error_text_of_webuntis_never_reaches_the_facts():
    spiteful = {"errorCode": "Anna de Vries, geboren 2011", "requestId": "Anna de Vries", "traceId": 7}
    with untis(instead={"/students": reply(403, spiteful)}) as (_, _, roster_of):
        assert "Anna" not in str(caught_of(roster_of(SCHOOL)).facts)


@pytest.mark.parametrize(
    "instead",
    [
        {"/token": reply(400, {"error": "invalid_grant"})},
        {"/token": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"},
        {"/students": b""},
        {"/students": reply(403)},
    ],
)
def test_no_error_holds_the_password_or_the_token(instead):
    pair = base64.b64encode(f"profijt:{PASSWORD}".encode()).decode()
    with untis(instead=instead) as (_, _, roster_of):
        roster = roster_of(SCHOOL)
        err = caught_of(roster)
        with suppress(ProfijtError):
            roster.people(Role.STUDENT)
    told = "".join(traceback.format_exception(err)) + repr(roster) + repr(SCHOOL) + str(err.facts)
    for secret in (PASSWORD, pair, "token-1"):
        assert secret not in told
