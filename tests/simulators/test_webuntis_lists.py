"""The people lists of the WebUntis simulator in every spelling the documents allow, and its count of calls."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from shared.domain.people import Person, Role
from shared.simulators.practice_school import load, practice_school, tiny_school
from shared.simulators.untis_wire import Dialect
from shared.simulators.webuntis import WebUntisSimulator
from tests.simulators.untis_calls import ask, ids, login, token


def test_students_and_teachers_have_lists_of_their_own_where_keys_may_repeat(untis: WebUntisSimulator) -> None:
    for path, list_key, count in (
        ("v1/students", "students", 5),
        ("v3/students", "students", 5),
        ("v1/teachers", "teachers", 1),
        ("v2/teachers", "teachers", 1),
    ):
        rows = ask(untis, path).json()[list_key]
        assert len(rows) == count
        assert rows[0]["externKey"] == "067"
    assert ask(untis, "v9/students").status_code == 404


def test_a_token_opens_its_own_tenant_and_no_other(untis: WebUntisSimulator) -> None:
    answer = ask(untis, bearer=token(untis, "6800", "anders"))
    assert [row["lastName"] for row in answer.json()["students"]] == ["Smit"]
    assert answer.json()["headerData"]["school"]["tenantId"] == answer.headers["Tenant-Id"] == "6800"


@pytest.mark.parametrize("bearer", ["", "eyJverzonnen"])
def test_without_a_good_token_there_is_no_list(untis: WebUntisSimulator, bearer: str) -> None:
    answer = ask(untis, bearer=bearer)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
def test_pages_from_either_base_hold_everybody_once(untis: WebUntisSimulator, base: int, limit: int) -> None:
    untis.dialect = Dialect(first_offset=base)
    bearer, found, offset = token(untis), [], base
    while rows := ids(ask(untis, bearer=bearer, limit=limit, offset=offset)):
        assert len(rows) <= limit
        found += rows
        offset += limit
    assert found == [501, 502, 503, 504, 505]


@pytest.mark.parametrize("base", [0, 1])
def test_without_paging_and_from_offset_0_the_list_starts_at_the_first(untis: WebUntisSimulator, base: int) -> None:
    untis.dialect = Dialect(first_offset=base)
    assert ids(ask(untis)) == ids(ask(untis, limit=0, offset=0)) == [501, 502, 503, 504, 505]
    assert ids(ask(untis, limit=2, offset=0)) == [501, 502]


def test_a_cap_gives_fewer_rows_than_asked(untis: WebUntisSimulator) -> None:
    untis.dialect = Dialect(page_cap=2)
    assert ids(ask(untis)) == ids(ask(untis, limit=4)) == [501, 502]


@pytest.mark.parametrize("wrong", [{"limit": -1}, {"offset": "een"}, {"limit": "²"}])
def test_a_page_that_is_no_number_is_a_validation_error(untis: WebUntisSimulator, wrong: dict) -> None:
    answer = ask(untis, **wrong)
    assert answer.status_code == 400
    assert answer.json()["validationErrors"][0]["path"] in ("limit", "offset")


def test_every_spelling_of_a_row_can_be_chosen(untis: WebUntisSimulator) -> None:
    untis.dialect = Dialect(
        first_name="firstName", last_name="longName", key="key", short_name="name", list_key="", extra_fields=False
    )
    assert ask(untis).json()[0] == {
        "id": 501,
        "key": "067",
        "name": "BauerBen",
        "firstName": "Benjamin",
        "longName": "Bauer",
    }
    untis.dialect = Dialect(list_key="data")
    assert len(ask(untis).json()["data"]) == 5


@pytest.mark.parametrize(("how", "told"), [("null", None), ("empty", ""), ("omitted", "no such field")])
def test_an_empty_id_nummer_is_null_or_empty_or_left_out(untis: WebUntisSimulator, how: str, told: str | None) -> None:
    untis.dialect = Dialect(empty_key=how)
    assert ask(untis).json()["students"][2].get("externKey", "no such field") == told


def test_rows_carry_private_unknown_and_null_fields_for_a_client_to_drop(untis: WebUntisSimulator) -> None:
    row = ask(untis).json()["students"][0]
    assert {"birthDate", "gender", "nationalId", "colourOfTheDay"} <= set(row)
    assert None in row.values()


def test_errors_come_in_the_spelling_of_their_version(untis: WebUntisSimulator) -> None:
    old, new = ask(untis, "v1/students", bearer="x").json(), ask(untis, "v3/students", bearer="x").json()
    assert set(old) == {"title", "status", "detail"}
    assert set(new) == {"errorCode", "errorMessage", "requestId", "traceId"}


def test_people_change_as_an_untis_admin_changes_them(untis: WebUntisSimulator) -> None:
    school = untis.schools["6700"]
    school.remove(Role.STUDENT, "504")
    school.rename(Role.STUDENT, "502", last_name="Bakker")
    school.change_key(Role.STUDENT, "505", "171")
    school.add(Person("506", Role.STUDENT, "072", "Łukasz", "Nowak"))
    rows = ask(untis).json()["students"]
    assert [(row["id"], row["lastName"], row["externKey"]) for row in rows] == [
        (501, "Bauer", "067"),
        (502, "Bakker", "068"),
        (503, "Yılmaz", None),
        (505, "El Idrissi", "171"),
        (506, "Nowak", "072"),
    ]


def test_calls_are_counted_by_tenant_and_endpoint_also_the_refused_ones(untis: WebUntisSimulator) -> None:
    ask(untis)
    ask(untis, bearer="x")
    login(untis, "6800", "fout")
    requests.post(f"{untis.url}/schoolquery2", data=b"{", timeout=5)
    assert untis.calls == {
        ("6700", "token"): 1,
        ("6700", "students"): 1,
        ("", "students"): 1,
        ("6800", "token"): 1,
        ("", "search"): 1,
    }
    assert (untis.count("token"), untis.count("token", "6800")) == (2, 1)
    told = requests.get(f"{untis.url}/_control/calls", timeout=5).json()
    assert {"tenant": "6800", "endpoint": "token", "calls": 1} in told


def test_no_call_and_no_change_gets_lost_between_threads(untis: WebUntisSimulator) -> None:
    school, bearer = untis.schools["6700"], token(untis)

    def work(n: int) -> None:
        school.add(Person(f"7{n:02}", Role.STUDENT, f"7{n:02}", "Noor", "Bakker"))
        ask(untis, bearer=bearer)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert untis.count("students", "6700") == 40
    assert len(school.people(Role.STUDENT)) == 45


def test_what_a_client_sent_can_be_read_back(untis: WebUntisSimulator) -> None:
    ask(untis, limit=2)
    last = untis.seen[-1]
    assert (last.method, last.query, last.headers["authorization"][:7]) == ("GET", {"limit": "2"}, "Bearer ")


def test_two_practice_schools_live_side_by_side_and_a_new_day_replaces_the_people(untis: WebUntisSimulator) -> None:
    big, tiny = practice_school(), tiny_school()
    load(untis, big)
    load(untis, tiny)
    assert len(ids(ask(untis, bearer=token(untis, tiny.tenant_id, tiny.password)))) == 3
    assert len(ids(ask(untis, bearer=token(untis, big.tenant_id, big.password)))) == len(big.of(Role.STUDENT)[1])
    school = load(untis, practice_school(68))
    assert school.people(Role.STUDENT) == practice_school(68).of(Role.STUDENT)[1]


def test_after_stopping_nobody_answers(untis: WebUntisSimulator) -> None:
    untis.stop()
    with pytest.raises(requests.exceptions.ConnectionError):
        login(untis)
