"""What stands around every answer: ids, caching, safety, and which web sites may call."""

from pathlib import Path

import pytest

from functions.route import Answer
from tests.functions.toy import Client, House, els

PUPILS = "/v1/schools/dalton/pupils"
CONSOLE = "https://console.profijt.example"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def client(house: House) -> Client:
    return house.client(origins=frozenset({CONSOLE}))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PUPILS, 200), ("HEAD", PUPILS, 200), ("GET", "/v1/health", 200), ("OPTIONS", PUPILS, 204),
        ("POST", "/v1/schools/dalton/trouble", 500), ("GET", "/x", 404), ("PATCH", PUPILS, 405),
        ("DELETE", f"{PUPILS}/p-1", 204),
    ],
)  # fmt: skip
def test_every_answer_protects_its_reader(client: Client, method: str, path: str, status: int) -> None:
    answer = client.ask(method, path)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert int(answer.headers["Strict-Transport-Security"].split("=")[1].split(";")[0]) > 31_536_000
    assert "Accept-Language" in answer.headers["Vary"]
    assert len(answer.headers["X-Request-Id"]) >= 8


def test_what_was_read_may_be_kept_by_its_reader_and_nothing_else_by_anybody(client: Client) -> None:
    assert client.get(PUPILS).headers["Cache-Control"] == "private, no-cache"
    assert client.get(PUPILS, token=None).headers["Cache-Control"] == "no-store"
    assert client.post("/v1/schools/dalton/runs").headers["Cache-Control"] == "no-store"


def test_a_handler_may_say_how_long_its_answer_lives(client: Client) -> None:
    assert client.get("/v1/problems", token=None).headers["Cache-Control"] == "public, max-age=300"
    assert client.get("/v1/health", token=None).headers["Cache-Control"] == "no-store"


def test_a_request_id_is_taken_over_when_it_is_one(client: Client) -> None:
    for sane in ("vraag-0001", "0f8fad5b-d9cb-469f-a165-70867728950e", "a" * 64):
        assert client.get("/v1/health", headers={"X-Request-Id": sane}).headers["X-Request-Id"] == sane
    for insane in ("", "kort", "a" * 65, "twee woorden", "<script>alert(1)</script>", "Fatima Jansen", "é" * 12):
        made = client.get("/v1/health", headers={"X-Request-Id": insane}).headers["X-Request-Id"]
        assert (made != insane, len(made)) == (True, 32)


def test_a_text_says_in_what_letters_it_is_written(client: Client) -> None:
    assert client.get(f"{PUPILS}/p-1.csv").headers["Content-Type"] == "text/csv; charset=utf-8"
    assert client.get(PUPILS).headers["Content-Type"] == "application/json"


def test_an_answer_without_content_has_no_kind_of_content(client: Client) -> None:
    answer = client.ask("DELETE", f"{PUPILS}/p-1")
    assert (answer.status_code, answer.data, "Content-Type" in answer.headers) == (204, b"", False)


def test_a_header_that_would_split_the_answer_becomes_a_problem(house: House, client: Client) -> None:
    house.act = lambda asked: Answer({}, headers={"Location": "/x\r\nSet-Cookie: a=b"})
    answer = client.post("/v1/schools/dalton/runs")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (500, False)


# ---------------------------------------------------------------- browsers of other sites


def test_no_web_site_may_call_unless_it_is_listed(house: House, client: Client) -> None:
    for site in ("https://evil.example", "null", CONSOLE + ".evil.example", CONSOLE.upper(), ""):
        answer = client.get(PUPILS, headers={"Origin": site})
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in house.client().get(PUPILS, headers={"Origin": CONSOLE}).headers


def test_a_listed_site_may_read_answers_and_problems(client: Client) -> None:
    for token in (els(), None):
        answer = client.get(PUPILS, token=token, headers={"Origin": CONSOLE})
        assert answer.headers["Access-Control-Allow-Origin"] == CONSOLE
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_that_asks_beforehand_hears_what_it_may_do_without_a_token(client: Client) -> None:
    asks = {"Origin": CONSOLE, "Access-Control-Request-Method": "PUT"}
    answer = client.ask("OPTIONS", PUPILS, token=None, headers=asks)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, PUT"
    assert {"Authorization", "If-Match", "Idempotency-Key"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert answer.headers["Access-Control-Max-Age"] == "3600"


def test_options_without_a_browser_tells_what_is_allowed(client: Client) -> None:
    answer = client.ask("OPTIONS", PUPILS, token=None)
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, PUT")
    assert client.ask("OPTIONS", "/v1/nergens").status_code == 404
