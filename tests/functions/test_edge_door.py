"""Which route, who is asking, whose school: decided in this order, before anything else is looked at."""

import os
from collections.abc import Callable
from pathlib import Path

import flask
import functions_framework
import pytest

from functions.edge import serve
from functions.route import PUBLIC, Answer, Route
from tests.functions.toy import Client, House, els, machine, problem_of

PUPILS = "/v1/schools/dalton/pupils"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def client(house: House) -> Client:
    return house.client()


# ---------------------------------------------------------------- the route


@pytest.mark.parametrize(
    "path",
    [
        "/", "/v1", "/v2/health", "/v1/health/", "/v1/schools", "/v1/schools/dalton", "/v1/schools//pupils",
        "/v1/schools/dalton/pupils/", "/v1/schools/dalton/pupils/p-1/x", "/v1/schools/dalton/pupils/..",
        "/v1/schools/dalton/pupils/__x__", "/v1/schools/dalton/pupils/%00", "/v1/schools/dalton/pupils/a%2Fb",
        "/v1/schools/dalton/pupils/a%01b", "/v1/schools/dalton/pupils/%ff", "/v1/schools/dalton/pupils/" + "a" * 201,
    ],
)  # fmt: skip
def test_an_address_that_no_route_has_is_404_also_for_whoever_is_unknown(client: Client, path: str) -> None:
    problem_of(client.get(path, token=None), 404, "request.path_unknown")


@pytest.mark.parametrize("method", ["PATCH", "POST", "DELETE", "TRACE"])
def test_another_method_is_405_and_tells_which_there_are(client: Client, method: str) -> None:
    answer = client.ask(method, PUPILS)
    problem_of(answer, 405, "request.method_unknown")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, PUT"


def test_a_fixed_segment_wins_from_a_parameter_and_a_longer_ending_from_a_shorter(client: Client) -> None:
    student = els(roles=["student"])
    assert client.get(f"{PUPILS}/me", token=student).status_code == 200
    assert client.get(f"{PUPILS}/p-1", token=student).status_code == 403
    assert client.get(f"{PUPILS}/p-1.csv").mimetype == "text/csv"


def test_a_fixed_segment_does_not_hide_the_other_methods_of_the_parameter(client: Client) -> None:
    assert client.ask("DELETE", f"{PUPILS}/me").status_code == 204


def test_head_is_get_without_the_body(client: Client) -> None:
    get, head = client.get(PUPILS), client.ask("HEAD", PUPILS)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    "routes",
    [
        [("GET", "/v1/a/{x}", False), ("GET", "/v1/a/{y}", False)],
        [("GET", "/v1/a/{x}", False), ("PUT", "/v1/a/{y}", False)],
        [("GET", "/v1/health", False)],
        [("GET", "/v1/{x}/{x}", False)],
        [("GET", "/health", False)],
        [("POST", "/v1/a", True)],
        [("PUT", "/v1/schools/{school}/a", True)],
    ],
)
def test_a_table_that_contradicts_itself_is_refused_before_it_serves(routes: list[tuple[str, str, bool]]) -> None:
    table = [
        Route(method, path, lambda app, asked: Answer(None), roles=PUBLIC, summary="", answer=None, idempotent=once)
        for method, path, once in routes
    ]
    with pytest.raises(ValueError):
        serve(table, lambda: None)


# ---------------------------------------------------------------- who is asking


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic ZWxzOmVscw==", "els", "bearer"])
def test_without_a_token_the_answer_is_401_and_says_what_to_bring(client: Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.get(PUPILS, token=None, headers=headers)
    problem_of(answer, 401, "token.missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="profijt"'


def test_a_token_that_is_not_believed_is_401_and_is_not_repeated(client: Client) -> None:
    answer = client.get(PUPILS, token="geheim.geheim.geheim")
    problem_of(answer, 401, "token.malformed")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="profijt", error="invalid_token"'
    assert "geheim" not in answer.text


def test_the_word_bearer_may_be_written_in_any_way(client: Client) -> None:
    assert client.get(PUPILS, token=None, headers={"Authorization": f"bEARER {els()}"}).status_code == 200


def test_a_role_the_route_does_not_name_is_403(client: Client) -> None:
    problem_of(client.get(PUPILS, token=els(roles=["student"])), 403, "request.not_allowed")
    problem_of(client.get(PUPILS, token=els(roles=[])), 403, "request.not_allowed")


def test_who_may_not_come_in_is_not_listened_to(client: Client) -> None:
    bad = {"data": b"{" * 20_000, "content_type": "image/png"}
    assert client.put(PUPILS, token=None, **bad).status_code == 401
    assert client.put(PUPILS, token=els(roles=["teacher"]), **bad).status_code == 403


def test_a_public_route_asks_nobody_who_he_is(client: Client) -> None:
    assert client.get("/v1/feeds/abc.ics", token="rubbish").status_code == 200


def test_a_role_that_holds_everywhere_counts_alone_at_another_school(client: Client) -> None:
    both = els(roles=["support", "admin"])
    answer = client.get("/v1/schools/lyceum/pupils/me", token=both)
    assert (answer.json["school"], answer.json["roles"]) == ("lyceum", ["support"])
    problem_of(client.get("/v1/schools/lyceum/setting", token=both), 403, "request.not_allowed")
    assert client.get("/v1/schools/dalton/setting", token=both).status_code == 200


def test_support_without_a_school_may_act_at_any(client: Client) -> None:
    assert client.get(PUPILS, token=els(school=..., roles=["support"])).status_code == 200


@pytest.mark.parametrize("school", ["lyceum", "Dalton", "dalton ", "dalton%20", "bestaat-niet"])
def test_another_school_does_not_exist_whatever_the_role(client: Client, school: str) -> None:
    for roles in (["admin"], ["teacher"], ["student"], []):
        problem_of(client.get(f"/v1/schools/{school}/setting", token=els(roles=roles)), 404, "request.not_found")


def test_a_route_without_a_school_is_about_the_callers_own(client: Client) -> None:
    assert client.get("/v1/partners").json["school"] == "dalton"


def test_a_machine_may_do_what_names_it_and_nothing_else(client: Client) -> None:
    body = {"json": {"pupils": []}}
    assert client.put(PUPILS, token=machine(), **body).json["roles"] == ["service"]
    assert client.post("/v1/tick", token=machine()).status_code == 200
    problem_of(client.get(PUPILS, token=machine()), 401, "token.issuer")


@pytest.mark.parametrize(("away", "token"), [("google", els), ("keys", machine)])
def test_nobody_waits_for_the_keys_of_an_issuer_that_is_not_his(
    house: House, away: str, token: Callable[[], str]
) -> None:
    house.net.answers[away] = b"<html>"
    assert house.client().put(PUPILS, token=token(), json={"pupils": []}).status_code == 200
    assert away not in house.net.calls


@pytest.mark.parametrize("token", ["els", "a.b.c", "é.é.é", "a" * 9000])
def test_a_token_that_says_nothing_is_refused_where_machines_may_come_too(client: Client, token: str) -> None:
    problem_of(client.put(PUPILS, token=token, json={"pupils": []}), 401, "token.malformed")


def test_a_person_may_use_a_route_that_also_names_machines_but_not_one_for_machines_only(client: Client) -> None:
    assert client.put(PUPILS, json={"pupils": []}).json["user"] == "u-els"
    problem_of(client.post("/v1/tick"), 401, "token.issuer")


def test_keys_that_cannot_be_fetched_are_our_trouble_not_the_callers(house: House) -> None:
    house.net.answers["keys"] = b"<html>"
    answer = house.client().get(PUPILS)
    problem_of(answer, 503, "identity.unreachable")
    assert int(answer.headers["Retry-After"]) > 0


# ---------------------------------------------------------------- the function


def test_functions_framework_serves_it_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "main.py"
    source.write_text(
        "import functions_framework\n"
        "from pathlib import Path\n"
        "from tests.functions.toy import House\n"
        f"serve = House(Path({str(tmp_path)!r})).function()\n"
        "@functions_framework.http\n"
        "def toy(request):\n"
        "    return serve(request)\n"
    )
    before = dict(os.environ)
    try:
        client = functions_framework.create_app("toy", str(source)).test_client()
    finally:
        os.environ.clear()  # create_app leaves FUNCTION_TARGET behind
        os.environ.update(before)
    assert client.get("/v1/health").json == {"status": "ok", "version": "dev"}
    assert client.get(PUPILS, headers={"Authorization": f"Bearer {els()}"}).status_code == 200
    assert client.open("/v1/health", method="TRACE").status_code in (404, 405)


def test_what_it_returns_is_a_flask_response(house: House) -> None:
    with flask.Flask("x").test_request_context("/v1/health"):
        assert isinstance(house.function()(flask.request), flask.Response)
