"""Whatever is sent, it is read within bounds, refused with the place of the mistake, and never repeated."""

import gzip
import io
import json
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.route import Page, Paging
from tests.functions.toy import METHODS, Client, House, els, problem_of

PUPILS = "/v1/schools/dalton/pupils"
SECRET = "Jansen-secret"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return House(tmp_path_factory.mktemp("toy")).client()


def body(pupil: Any) -> bytes:
    return json.dumps({"pupils": [{"id": "p-0", "voornaam": "Bo"}, pupil]}).encode()


UNREADABLE = {
    "nothing": (b"", 400, "request.body_missing"),
    "half": (b'{"pupils": [', 400, "request.json_malformed"),
    "two": (b'{"pupils": []}{}', 400, "request.json_malformed"),
    "single quotes": (b"{'pupils': []}", 400, "request.json_malformed"),
    "NaN": (b'{"pupils": [], "notes": {"a": NaN}}', 400, "request.json_malformed"),
    "half a surrogate pair": (b'{"pupils": [{"id": "\\ud800"}]}', 400, "request.json_malformed"),
    "a raw control character": (b'{"pupils": [{"id": "a\x01"}]}', 400, "request.json_malformed"),
    "latin-1": ('{"pupils": [{"id": "Zoë"}]}'.encode("latin-1"), 400, "request.not_utf8"),
    "UTF-16": ('{"pupils": []}'.encode("utf-16"), 400, "request.json_malformed"),
    "a list": (b"[]", 422, "request.body_invalid"),
    "null": (b"null", 422, "request.body_invalid"),
    "nested 4,000 deep": (b"[" * 4000, 422, "request.body_invalid"),
    "too large": (b" " * 10_001, 413, "request.too_large"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_cannot_be_read_is_refused(client: Client, name: str) -> None:
    sent, status, code = UNREADABLE[name]
    problem_of(client.put(PUPILS, data=sent, content_type="application/json"), status, code)


MISTAKES = {
    "no first name": ({"id": "p-1"}, "/pupils/1/voornaam", "request.field_missing"),
    "a field too many": ({"id": "p", "voornaam": "A", "bsn": SECRET}, "/pupils/1/bsn", "request.field_unknown"),
    "a field whose name is data": (
        {"id": "p", "voornaam": "A", f"{SECRET} 0612": 1},
        "/pupils/1",
        "request.field_unknown",
    ),
    "a number for a text": ({"id": "p", "voornaam": 61234567}, "/pupils/1/voornaam", "request.field_type"),
    "a text for a number": (
        {"id": "p", "voornaam": "A", "leerjaar": SECRET},
        "/pupils/1/leerjaar",
        "request.field_type",
    ),
    "a half": ({"id": "p", "voornaam": "A", "leerjaar": 1.5}, "/pupils/1/leerjaar", "request.field_type"),
    "true for a number": ({"id": "p", "voornaam": "A", "leerjaar": True}, "/pupils/1/leerjaar", "request.field_type"),
    "year 7": ({"id": "p", "voornaam": "A", "leerjaar": 7}, "/pupils/1/leerjaar", "request.field_size"),
    "a year of 30 digits": (
        {"id": "p", "voornaam": "A", "leerjaar": 10**30},
        "/pupils/1/leerjaar",
        "request.field_size",
    ),
    "an empty id": ({"id": "", "voornaam": "A"}, "/pupils/1/id", "request.field_length"),
    "500 letters": ({"id": "p", "voornaam": SECRET * 40}, "/pupils/1/voornaam", "request.field_length"),
    "letters in a number": ({"id": "p", "voornaam": "A", "nummer": SECRET}, "/pupils/1/nummer", "request.field_form"),
    "no such choice": ({"id": "p", "voornaam": "A", "sort": SECRET}, "/pupils/1/sort", "request.field_choice"),
    "a list for a pupil": ([SECRET], "/pupils/1", "request.field_type"),
}


@pytest.mark.parametrize("name", MISTAKES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_wrong_field_is_pointed_at_and_not_repeated(client: Client, name: str, language: str) -> None:
    pupil, pointer, code = MISTAKES[name]
    answer = client.put(
        PUPILS, data=body(pupil), content_type="application/json", headers={"Accept-Language": language}
    )
    [error] = problem_of(answer, 422, "request.body_invalid")["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert "?" not in error["detail"] or name == "a field whose name is data"
    assert SECRET not in answer.text
    assert "61234567" not in answer.text


def test_too_many_items_and_a_wrong_value_under_a_free_key_are_pointed_at(client: Client) -> None:
    many = {"pupils": [{"id": "p", "voornaam": "A"}] * 4}
    [error] = problem_of(client.put(PUPILS, json=many), 422, "request.body_invalid")["errors"]
    assert (error["pointer"], error["code"]) == ("/pupils", "request.field_length")
    free = {"pupils": [], "notes": {SECRET: "x"}}
    answer = client.put(PUPILS, json=free)
    [error] = problem_of(answer, 422, "request.body_invalid")["errors"]
    assert (error["pointer"], SECRET in answer.text) == ("/notes", False)


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)
def test_another_kind_of_content_is_415_and_tells_which_kinds_there_are(client: Client, kind: str) -> None:
    answer = client.put(PUPILS, data=b'{"pupils": []}', content_type=kind)
    assert "application/json, text/csv" in problem_of(answer, 415, "request.media")["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=UTF-8", "Application/JSON", "application/json;charset=utf8"]
)
def test_json_may_be_announced_in_any_spelling(client: Client, kind: str) -> None:
    assert client.put(PUPILS, data=b'{"pupils": []}', content_type=kind).json["media"] == "application/json"


def test_another_media_type_the_route_takes_arrives_as_it_is(client: Client) -> None:
    answer = client.put(PUPILS, data=b"id;voornaam\r\n067;\xff", content_type="text/csv; charset=utf-8")
    assert (answer.json["media"], answer.json["size"]) == ("text/csv", 18)


def test_a_packed_body_is_not_unpacked_so_a_bomb_stays_small(client: Client) -> None:
    bomb = gzip.compress(b" " * 9_000_000)[:9_999]
    for coding in ("gzip", "deflate", "br", "gzip, identity"):
        answer = client.put(PUPILS, data=bomb, content_type="application/json", headers={"Content-Encoding": coding})
        problem_of(answer, 415, "request.encoding")


class _Endless(io.RawIOBase):
    """A sender that never stops; counts what was taken from him."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_a_body_without_an_announced_length_is_read_up_to_the_limit_only(client: Client) -> None:
    sender = _Endless()
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": sender}
    answer = client.put(PUPILS, content_type="application/json", environ_overrides=chunked)
    problem_of(answer, 413, "request.too_large")
    assert sender.taken <= 33 * 1024 * 1024  # thrown away, up to what the platform lets in


class _Broken(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise RuntimeError  # gunicorn has exceptions of its own for broken chunks


def test_chunks_that_are_none_are_the_callers_mistake(client: Client) -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "wsgi.input": _Broken()}
    answer = client.put(PUPILS, content_type="application/json", environ_overrides=chunked)
    problem_of(answer, 400, "request.cut_off")
    refused = client.put(PUPILS, token=None, environ_overrides={**chunked, "wsgi.input": _Broken()})
    problem_of(refused, 401, "token.missing")


def test_what_is_refused_unread_is_not_left_for_the_framework_to_keep_in_memory(client: Client) -> None:
    function = client.function
    with flask.Flask("x").test_request_context(PUPILS, method="PUT", data=b"x" * 500_000):
        request = flask.request._get_current_object()
        assert function(request).status_code == 401
        assert request.get_data() == b""


def test_a_body_of_exactly_the_limit_is_taken(client: Client) -> None:
    for terminated in (True, False):
        sent = b'{"pupils": []}'.ljust(10_000)
        answer = client.put(
            PUPILS, data=sent, content_type="application/json", environ_overrides={"wsgi.input_terminated": terminated}
        )
        assert answer.json["size"] == 10_000


@pytest.mark.parametrize("terminated", [True, False])  # what gunicorn says of its stream, and others
def test_half_a_body_is_not_taken_for_a_whole_one(client: Client, terminated: bool) -> None:
    half = {"CONTENT_LENGTH": "400", "wsgi.input": io.BytesIO(b"id;naam\r\n1;A"), "wsgi.input_terminated": terminated}
    answer = client.put(PUPILS, content_type="text/csv", environ_overrides=half)
    problem_of(answer, 400, "request.cut_off")


def test_a_route_without_a_body_takes_nothing_or_an_empty_object(client: Client) -> None:
    for empty in (b"", b"{}", b" {} "):
        assert client.ask("DELETE", f"{PUPILS}/p-1", data=empty).status_code == 204
    answer = client.ask("DELETE", f"{PUPILS}/p-1", data=b'{"id": "p-2"}', content_type="application/json")
    problem_of(answer, 400, "request.body_unexpected")


def test_the_content_of_a_get_is_not_looked_at(client: Client) -> None:
    assert client.get(PUPILS, data=b"{", headers={"Content-Encoding": "gzip"}).status_code == 200


# ---------------------------------------------------------------- the query


QUERIES = {
    "?limiet=5": ("limiet", "request.query_unknown"),
    "?limit=5&limit=6": ("limit", "request.query_repeated"),
    "?limit=0": ("limit", "request.field_size"),
    "?limit=501": ("limit", "request.field_size"),
    "?limit=1.5": ("limit", "request.field_type"),
    "?limit=" + "9" * 3000: ("limit", "request.field_size"),
    "?limit=": ("limit", "request.field_type"),
    "?sort=Jansen-secret": ("sort", "request.field_choice"),
    "?sort=null": ("sort", "request.field_value"),
    "?follows=misschien": ("follows", "request.field_type"),
    "?cursor=" + "x" * 1001: ("cursor", "request.field_length"),
    "?Jansen-secret%20a=1": ("", "request.query_unknown"),
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_wrong_query_is_400_and_names_the_parameter(client: Client, query: str) -> None:
    name, code = QUERIES[query]
    answer = client.get(PUPILS + query)
    [error] = problem_of(answer, 400, "request.query_invalid")["errors"]
    assert (error["parameter"], error["code"]) == (name, code)
    assert SECRET not in answer.text


def test_a_route_without_a_query_refuses_one_so_that_a_filter_never_silently_does_nothing(client: Client) -> None:
    problem_of(client.get(f"{PUPILS}/me?state=review"), 400, "request.query_invalid")


def test_a_query_that_one_route_understood_is_read_anew_by_another(client: Client) -> None:
    for _ in range(2):
        assert len(client.get(f"{PUPILS}?limit=5").json["items"]) == 5
        problem_of(client.get(f"{PUPILS}/me?limit=5"), 400, "request.query_invalid")


def test_walking_the_pages_by_their_links_gives_everything_once(client: Client) -> None:
    path, seen = f"{PUPILS}?limit=40&sort=naam", []
    while path:
        answer = client.get(path)
        seen += [each["id"] for each in answer.json["items"]]
        link = answer.headers.get("Link", "")
        path = PUPILS + link.split(">")[0].removeprefix("<") if link else ""
    assert seen == [f"p-{number}" for number in range(120)]
    assert answer.json["next"] is None


def test_paging_can_be_extended_and_a_page_tells_where_it_ends() -> None:
    assert (Paging().limit, Paging().cursor) == (50, "")
    assert Page(items=[1], next=None).items == [1]


# ---------------------------------------------------------------- the law

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["pupils", "id", "sort", "é"]), inner),
    max_leaves=12,
)
almost = st.fixed_dictionaries(
    {}, optional={"pupils": st.lists(st.fixed_dictionaries({}, optional={
        "id": anything, "voornaam": anything, "leerjaar": anything, "sort": anything})), "notes": anything},
)  # fmt: skip
bodies = st.binary(max_size=60) | (anything | almost).map(lambda value: json.dumps(value).encode())
headers = st.dictionaries(
    st.sampled_from([
        "Accept-Language", "If-Match", "If-None-Match", "Idempotency-Key", "X-Request-Id", "X-Cloud-Trace-Context",
        "traceparent", "Origin", "Content-Encoding", "Content-Type", "Authorization", "Accept", "Expect",
    ]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=50)
    | st.sampled_from(["*", '"a", W/"b"', "en;q=0.5", "application/json", "text/csv", "nl;q=9"]),
    max_size=5,
)  # fmt: skip
paths = st.sampled_from(
    [PUPILS, f"{PUPILS}/p-1", "/v1/schools/dalton/setting", "/v1/schools/dalton/runs", "/v1/health"]
)
queries = st.dictionaries(
    st.sampled_from(["limit", "cursor", "sort", "follows", "x"]), st.text(max_size=20), max_size=3
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(method=st.sampled_from(METHODS), path=paths, query=queries, sent=bodies, more=headers)
def test_nothing_that_is_sent_makes_the_door_fail(
    client: Client, method: str, path: str, query: dict[str, str], sent: bytes, more: dict[str, str]
) -> None:
    if query.get("cursor") and not query["cursor"].isdecimal():
        del query["cursor"]  # the toy's own cursors are numbers
    given_headers = {"Authorization": f"Bearer {els()}", "Content-Type": "application/json", **more}
    answer = client.ask(method, path, token=None, query_string=query, data=sent, headers=given_headers)
    assert answer.status_code < 500, answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.status_code >= 400 and method != "HEAD":
        problem_of(answer, answer.status_code, json.loads(answer.text)["code"])
