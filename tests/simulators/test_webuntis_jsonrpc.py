"""The JSON-RPC simulator is as odd as the document and the field reports say, asked over plain HTTP."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import requests

from shared.simulators.jsonrpc_faults import Fault
from shared.simulators.webuntis_jsonrpc import JsonRpcSimulator

NAME = "het baken+zee"
WEEK = {"startDate": 20221107, "endDate": 20221113}
CLASS_1A = 1_200_001


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def untis(clock: Clock) -> Iterator[JsonRpcSimulator]:
    with JsonRpcSimulator(clock=clock) as untis:
        untis.add_school(NAME, user="api", password="goed")
        yield untis


def send(untis: JsonRpcSimulator, body: Any, *, session: str = "", school: str = NAME) -> requests.Response:
    url = f"{untis.url}/WebUntis/jsonrpc.do"
    return requests.post(url, json=body, params={"school": school}, cookies={"JSESSIONID": session}, timeout=5)


def ask(untis: JsonRpcSimulator, method: str, params: Any = None, *, session: str = "") -> dict[str, Any]:
    """What came back: with a result or an error."""
    body = {"id": "7", "method": method, "params": params or {}, "jsonrpc": "2.0"}
    answer = send(untis, body, session=session)
    assert answer.status_code == 200
    return answer.json()


def code(untis: JsonRpcSimulator, method: str, params: Any = None, *, session: str = "") -> int:
    return ask(untis, method, params, session=session)["error"]["code"]


def login(untis: JsonRpcSimulator, password: str = "goed") -> dict[str, Any]:
    return ask(untis, "authenticate", {"user": "api", "password": password, "client": "test"})


@pytest.fixture
def session(untis: JsonRpcSimulator) -> str:
    return login(untis)["result"]["sessionId"]


def test_an_unknown_school_is_404_with_the_error_as_json(untis) -> None:
    answer = send(untis, {"id": "7", "method": "authenticate", "params": {}}, school="het baken")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, -8500)
    assert answer.headers["Content-Type"] == "application/json-rpc;charset=UTF-8"


@pytest.mark.parametrize(("body", "expected"), [("x", -32700), ({"method": "logout"}, -32700)])
def test_what_is_no_request_is_a_parse_error(untis, body, expected) -> None:
    assert send(untis, body).json() == {
        "jsonrpc": "2.0",
        "id": "error",
        "error": {"message": "parse error", "code": expected},
    }


@pytest.mark.parametrize("body", [{"id": "1", "method": "logout"}, {"id": "1", "method": "logout", "params": None}])
def test_parameters_must_be_there(untis, body) -> None:
    assert send(untis, body).json()["error"]["code"] == -32602


def test_eight_wrong_passwords_lock_the_account_also_for_the_right_one(untis) -> None:
    assert [login(untis, "fout")["error"]["code"] for _ in range(8)] == [-8504] * 8
    assert login(untis)["error"] == {"message": "Benutzer ist vorübergehend gesperrt", "code": -8998}


def test_a_right_password_starts_the_count_anew(untis) -> None:
    for _ in range(2):
        assert [login(untis, "fout")["error"]["code"] for _ in range(7)] == [-8504] * 7
        assert login(untis)["result"]["personId"] == -1


def test_a_session_ends_by_leaving_by_idling_and_by_a_switch(untis, clock, session) -> None:
    clock.now += 599
    assert ask(untis, "getRooms", session=session)["result"]
    clock.now += 601
    assert code(untis, "getRooms", session=session) == -8520
    second = login(untis)["result"]["sessionId"]
    assert ask(untis, "logout", session=second) == {"jsonrpc": "2.0", "id": "7", "result": None}
    assert code(untis, "getRooms", session=second) == -8520
    third = login(untis)["result"]["sessionId"]
    untis.fail("expired", "getRooms", times=1)
    assert code(untis, "getRooms", session=third) == -8520


def test_a_session_of_one_school_opens_no_other(untis, session) -> None:
    untis.add_school("klein", user="api", password="goed")
    body = {"id": "1", "method": "getRooms", "params": {}}
    assert send(untis, body, session=session, school="klein").json()["error"]["code"] == -8520


def test_a_right_can_be_missing_for_one_method_or_one_kind_of_timetable(untis, session) -> None:
    untis.schools[NAME].rights.discard("getTeachers")
    untis.schools[NAME].views.discard(5)
    assert ask(untis, "getTeachers", session=session)["error"] == {
        "message": "no right for getTeachers()",
        "code": -8509,
    }
    assert code(untis, "getTimetable", {"id": 1, "type": 5, **WEEK}, session=session) == -8509
    assert ask(untis, "getTimetable", {"id": 1, "type": 2, **WEEK}, session=session)["result"]
    assert code(untis, "getAbsences", session=session) == -32601


RANGES = [
    ((20220701, 20220715), -8507),
    ((20220901, 20230901), -8507),
    ((20220718, 20220724), -8998),
    ((20221113, 20221107), -7004),
]


@pytest.mark.parametrize(("days", "expected"), RANGES, ids=str)
def test_a_range_must_lie_in_one_school_year(untis, session, days, expected) -> None:
    params = {"id": 1, "type": 2, "startDate": days[0], "endDate": days[1]}
    assert code(untis, "getTimetable", params, session=session) == expected


def test_what_may_not_be_seen_is_cut_off_without_a_word(untis, session) -> None:
    untis.schools[NAME].visible = (date(2022, 11, 8), date(2022, 11, 8))
    params = {"id": CLASS_1A, "type": 1, **WEEK}
    assert {row["date"] for row in ask(untis, "getTimetable", params, session=session)["result"]} == {20221108}
    untis.schools[NAME].visible = (date(2022, 12, 1), date(2022, 12, 31))
    assert code(untis, "getTimetable", params, session=session) == -7004


ELEMENTS = [
    ({"id": CLASS_1A - 100_000, "type": 1}, -7002),  # last year's number of the same class
    ({"id": "D001", "type": 2}, -7002),
    ({"id": "", "type": 5, "keyType": "externalkey"}, -7002),
    ({"id": 1, "type": 6}, -7001),
]


@pytest.mark.parametrize(("element", "expected"), ELEMENTS, ids=str)
def test_an_element_that_is_not_there_is_an_error(untis, session, element, expected) -> None:
    assert code(untis, "getTimetable", {"options": {"element": element, **WEEK}}, session=session) == expected


def test_without_fields_only_ids_are_told_and_empty_fields_are_left_out(untis, session) -> None:
    rows = ask(untis, "getTimetable", {"id": CLASS_1A, "type": 1, **WEEK}, session=session)["result"]
    assert len(rows) == 35
    assert all(set(part) <= {"id", "orgid"} for row in rows for part in (*row["kl"], *row.get("te", ())))
    [event] = [row for row in rows if row["endTime"] == 2400]
    assert (event["startTime"], "su" in event, "te" in event, "code" in event) == (0, False, False, False)


def test_a_substitution_is_told_by_orgid_alone(untis, session) -> None:
    options = {"element": {"id": "D013", "type": 2, "keyType": "externalkey"}, "teacherFields": ["name"], **WEEK}
    rows = ask(untis, "getTimetable", {"options": options}, session=session)["result"]
    [row] = [row for row in rows if row.get("kl")]
    assert "code" not in row
    assert row["te"][0] == {"id": 13, "name": "HOF", "orgid": row["te"][0]["orgid"], "orgname": row["te"][0]["orgname"]}


def test_the_hours_count_from_sunday_and_a_student_without_a_key_has_no_such_field(untis, session) -> None:
    assert [row["day"] for row in ask(untis, "getTimegridUnits", session=session)["result"]] == [2, 3, 4, 5, 6]
    students = ask(untis, "getStudents", session=session)["result"]
    assert [row.get("key") for row in students][5:8] == ["006", None, "008"]


def test_a_switch_waits_its_turn_and_stops_in_time(untis, session) -> None:
    untis.fail("error", "getRooms", after=1, times=2, code=-42003)
    told = [ask(untis, "getRooms", session=session).get("error", {}).get("code") for _ in range(4)]
    assert told == [None, -42003, -42003, None]
    assert "result" in ask(untis, "getSubjects", session=session)
    with pytest.raises(ValueError, match="no such fault"):
        Fault("sulk")
