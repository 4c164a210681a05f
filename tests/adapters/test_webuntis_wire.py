"""Every spelling of the fact sheet is read, nothing personal gets through, and no row is ever lost unseen."""

import base64
import json
from contextlib import suppress
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.http import Answer
from shared.adapters.webuntis.auth import token_in
from shared.adapters.webuntis.school_search import tenant_in
from shared.adapters.webuntis.wire import people_page, token_tenant
from shared.domain.people import Person, Role
from shared.errors import NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable

BENJAMIN = Person("17", Role.STUDENT, "067", "Benjamin", "Bauer", "BauerBen")

SPELLINGS = [
    {"id": 17, "externKey": "067", "forename": "Benjamin", "lastName": "Bauer", "shortName": "BauerBen"},
    {"id": "17", "key": "067", "foreName": "Benjamin", "longName": "Bauer", "name": "BauerBen"},
    {"id": 17, "externalKey": " 067 ", "firstName": "Benjamin", "surname": "Bauer ", "displayName": "BauerBen"},
    {
        "id": 17,
        "externKey": None,
        "key": "067",
        "forename": "",
        "firstName": "Benjamin",
        "lastName": "Bauer",
        "name": "BauerBen",
    },
]


@pytest.mark.parametrize("row", SPELLINGS)
@pytest.mark.parametrize("around", ["students", "data", "content", "items", None])
def test_every_spelling_gives_the_same_person(row, around):
    body = [row] if around is None else {around: [row], "something": "new"}
    assert people_page(body, Role.STUDENT).people == (BENJAMIN,)


@pytest.mark.parametrize(
    ("row", "person"),
    [
        ({"id": 1}, Person("1", Role.TEACHER, "", "", "")),
        ({"id": 1, "externKey": None, "lastName": None}, Person("1", Role.TEACHER, "", "", "")),
        ({"id": 1, "externKey": 67}, Person("1", Role.TEACHER, "67", "", "")),
        ({"id": 1, "externKey": "  "}, Person("1", Role.TEACHER, "", "", "")),
        ({"id": 1, "name": "BAK", "longName": "Bakker"}, Person("1", Role.TEACHER, "", "", "Bakker", "BAK")),
    ],
)
def test_what_a_school_left_empty_stays_empty_and_a_number_becomes_text(row, person):
    assert people_page({"teachers": [row]}, Role.TEACHER).people == (person,)


@pytest.mark.parametrize(
    "row",
    [
        {},
        None,
        "Anna",
        [],
        {"id": None},
        {"id": ""},
        {"id": True},
        {"id": 1.5},
        {"id": {"value": 1}},
        {"id": 1, "externKey": 67.0},
        {"id": 1, "externKey": ["067"]},
        {"id": 1, "firstName": 7},
        {"id": 1, "lastName": {"nl": "Bakker"}},
    ],
)
def test_a_row_that_cannot_be_read_is_counted(row):
    page = people_page({"students": [{"id": 2}, row]}, Role.STUDENT)
    assert (len(page.people), page.received, page.unusable) == (1, 2, 1)


@pytest.mark.parametrize(
    "body",
    [None, {}, 7, "", {"students": None}, {"students": {}}, {"teachers": []}, {"errorCode": "FORBIDDEN"}],
)
def test_an_answer_without_the_list_is_refused_and_never_taken_for_an_empty_school(body):
    with pytest.raises(Rejected) as caught:
        people_page(body, Role.STUDENT)
    assert caught.value.code == "webuntis.no_list"


def test_what_is_not_needed_for_linking_does_not_get_through():
    private = {
        "birthDate": "2011-03-04",
        "gender": "F",
        "email": "a@b.nl",
        "address": {"city": "Delft"},
        "nationalId": "123456782",
    }
    [person] = people_page([{"id": 1, "lastName": "de Vries", **private}], Role.STUDENT).people
    assert set(asdict(person).values()) == {"1", Role.STUDENT, "", "de Vries"}


@pytest.mark.parametrize(
    "about",
    [
        {"tenantId": 77},
        {"tenantId": "77"},
        {"headerData": {"school": {"tenantId": "77"}}},
        {"school": {"tenantId": " 77"}},
        {"tenant": {"id": "77"}},
    ],
)
def test_the_tenant_is_found_wherever_a_page_states_it(about):
    assert people_page({"students": [], **about}, Role.STUDENT).tenants == {"77"}


@pytest.mark.parametrize("about", [{}, {"tenantId": None}, {"school": "Het Baken"}, {"tenant": []}])
def test_a_page_that_states_no_tenant_states_none(about):
    assert people_page({"students": [], **about}, Role.STUDENT).tenants == frozenset()


def jwt(claims: object) -> str:
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{part}.c2ln"


@pytest.mark.parametrize(
    ("token", "tenant"),
    [
        (jwt({"tenant_id": "77"}), "77"),
        (jwt({"tenant_id": 77}), "77"),
        (jwt({"sub": "x"}), ""),
        (jwt([1]), ""),
        ("opaque", ""),
        ("a.b.c", ""),
        ("..", ""),
        ("é.é.é", ""),
    ],
)
def test_the_tenant_of_a_token_is_read_when_there_is_one(token, tenant):
    assert token_tenant(token) == tenant


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "students",
                    "data",
                    "externKey",
                    "name",
                    "tenantId",
                    "school",
                    "error",
                    "code",
                    "result",
                    "schools",
                    "server",
                    "loginName",
                    "access_token",
                    "expires_in",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_json_comes_only_our_errors_come_out(body):
    for read in (
        lambda: people_page(body, Role.STUDENT),
        lambda: tenant_in(body, school_name="Het Baken", server="tom.webuntis.com"),
        lambda: token_in(Answer("webuntis", "tom.webuntis.com", 200, {}, json.dumps(body).encode())),
        lambda: token_in(Answer("webuntis", "tom.webuntis.com", 400, {}, json.dumps(body).encode())),
    ):
        with suppress(ProfijtError):
            read()


# ---------------------------------------------------------------- the token's answer


def told(status: int, body: object) -> Answer:
    return Answer("webuntis", "api.webuntis.com", status, {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [
        (180, 165.0),
        ("180", 165.0),
        (None, 170.0),
        ("soon", 170.0),
        (0, 170.0),
        (-1, 170.0),
        (3, 5.0),
        (10**9, 3600.0),
        ([], 170.0),
        ("nan", 170.0),
    ],
)
def test_a_token_lives_a_little_shorter_than_it_says_and_never_absurdly(expires_in, life):
    assert token_in(told(200, {"access_token": "eyJ", "expires_in": expires_in})) == ("eyJ", life)


@pytest.mark.parametrize("token", [None, "", 7, "a b", "a\r\nX: 1", "é", "\x00"])
def test_a_token_that_cannot_go_into_a_header_is_refused(token):
    with pytest.raises(Rejected) as caught:
        token_in(told(200, {"access_token": token}))
    assert caught.value.code == "webuntis.bad_token"


REFUSALS = [
    (400, {"error": "invalid_grant"}, NotAuthorized, "webuntis.login_refused"),
    (401, {"error": "invalid_client"}, NotAuthorized, "webuntis.login_refused"),
    (400, {"error": "invalid_scope"}, NotAuthorized, "webuntis.login_refused"),
    (400, {}, NotAuthorized, "webuntis.login_refused"),
    (403, {"errorCode": "FORBIDDEN"}, NotAuthorized, "webuntis.login_refused"),
    (418, "nonsense", NotAuthorized, "webuntis.login_refused"),
    (200, {"error": {"code": -8504, "message": "bad credentials"}}, NotAuthorized, "webuntis.login_refused"),
    (200, {"error": {"code": -8519}}, NotAuthorized, "webuntis.login_refused"),
    (200, {"error": "invalid_grant"}, NotAuthorized, "webuntis.login_refused"),
    (404, {"error": {"code": -8500}}, Rejected, "webuntis.school_unknown_there"),
    (404, {}, Rejected, "webuntis.school_unknown_there"),
    (410, {}, Rejected, "webuntis.school_unknown_there"),
    (200, {"error": {"code": -42003}}, Unreachable, "webuntis.maintenance"),
    (429, {}, Throttled, "http.throttled"),
    (503, {}, Unreachable, "http.server_error"),
    (500, {"error": "server_error"}, Unreachable, "http.server_error"),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), REFUSALS)
def test_every_way_to_refuse_a_login_has_its_reaction(status, body, kind, code):
    with pytest.raises(kind) as caught:
        token_in(told(status, body))
    assert caught.value.code == code


# ---------------------------------------------------------------- the school search

HERE = {"loginName": "het baken", "server": "tom.webuntis.com", "tenantId": "6603700", "schoolId": 1}
BESIDE = {"loginName": "het baken delft", "server": "delft.webuntis.com", "tenantId": "2"}


def search(*schools: object, error: object = None) -> str:
    body = {"result": {"size": 0, "schools": list(schools)}} if error is None else {"id": "error", "error": error}
    return tenant_in(body, school_name="het baken", server="tom.webuntis.com")


@pytest.mark.parametrize(
    "schools",
    [
        [HERE],
        [BESIDE, HERE],
        [HERE, HERE],
        [{**HERE, "server": "TOM.webuntis.com"}],
        [{**HERE, "tenantId": 6603700}],
        [HERE, {**HERE, "server": "mese.webuntis.com", "tenantId": "3"}],
        [HERE, None, "x"],
    ],
)
def test_exactly_one_school_with_that_name_on_that_server_is_it(schools):
    assert search(*schools) == "6603700"


@pytest.mark.parametrize(
    ("schools", "error", "code"),
    [
        ([], None, "webuntis.school_unknown"),
        ([BESIDE], None, "webuntis.school_unknown"),
        ([{**HERE, "loginName": "Het Baken"}], None, "webuntis.school_unknown"),
        ([{**HERE, "server": "new.webuntis.com"}], None, "webuntis.school_moved"),
        ([{**HERE, "server": "tom.webuntis.com.evil.nl"}], None, "webuntis.school_moved"),
        ([{**HERE, "server": "a b"}], None, "webuntis.school_unknown"),
        ([HERE, {**HERE, "tenantId": "9"}], None, "webuntis.school_ambiguous"),
        ([{**HERE, "tenantId": None}], None, "webuntis.search_unclear"),
        ([], {"code": -6003, "message": "too many results"}, "webuntis.search_too_broad"),
        ([], {"code": -8500}, "webuntis.school_unknown"),
        ([], {"code": -42003}, "webuntis.maintenance"),
        ([], "oops", "webuntis.search_unclear"),
    ],
)
def test_anything_else_is_said_and_never_guessed(schools, error, code):
    with pytest.raises(ProfijtError) as caught:
        search(*schools, error=error)
    assert caught.value.code == code


def test_a_school_that_moved_is_told_where_to():
    with pytest.raises(Rejected) as caught:
        search({**HERE, "server": "baken.webuntis.com"})
    assert caught.value.facts["server"] == "baken.webuntis.com"
