"""The SIS simulator does what the documents say, asked by plain HTTP and not by our client."""

import base64
import copy
from collections.abc import Iterator

import pytest
import requests

from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_auth import SisAuth
from shared.simulators.oneroster_school import Quirks
from tests.sis_school import sis

V1, V2 = "ims/oneroster/v1p1", "ims/oneroster/gradebook/v1p2"


class Client:
    """Somebody with a token, or without."""

    def __init__(self, server: OneRosterSimulator) -> None:
        self.server = server
        self.headers: dict[str, str] = {}
        pair = base64.b64encode(f"{server.auth.key}:{server.auth.secret}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": "a b"}
        answer = requests.post(
            f"{server.url}/oauth/token", data=form, headers={"Authorization": f"Basic {pair}"}, timeout=5
        )
        if answer.ok:
            self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def ask(self, method: str, path: str, json: object = None, **params: str) -> requests.Response:
        url = f"{self.server.prefix}/{path}"
        return requests.request(method, url, json=json, params=params, headers=self.headers, timeout=5)


@pytest.fixture
def server() -> Iterator[OneRosterSimulator]:
    with sis() as running:
        yield running


@pytest.fixture
def client(server: OneRosterSimulator) -> Client:
    return Client(server)


def ref(endpoint: str, id: str, kind: str) -> dict[str, str]:
    return {"href": f"https://sis.example/{endpoint}/{id}", "sourcedId": id, "type": kind}


ITEM = {
    "sourcedId": "i1",
    "status": "active",
    "dateLastModified": "2026-11-21T09:15:00.000Z",
    "title": "SO H3",
    "assignDate": "2026-11-16T07:00:00.000Z",
    "dueDate": "2026-11-20T22:59:00.000Z",
    "class": ref("classes", "3a-wi", "class"),
    "category": ref("categories", "toets", "category"),
    "gradingPeriod": ref("gradingPeriods", "p2", "academicSession"),
    "resultValueMin": 1.0,
    "resultValueMax": 10.0,
}
RESULT = {
    "sourcedId": "r1",
    "status": "active",
    "dateLastModified": "2026-11-21T09:15:00.000Z",
    "lineItem": ref("lineItems", "i1", "lineItem"),
    "student": ref("users", "s1", "user"),
    "scoreStatus": "fully graded",
    "score": 7.5,
    "scoreDate": "2026-11-21",
}


def made(client: Client) -> Client:
    assert client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": ITEM}).status_code == 201
    assert client.ask("PUT", f"{V1}/results/r1", {"result": RESULT}).status_code == 201
    return client


def test_nobody_is_let_in_without_a_token(server: OneRosterSimulator, client: Client) -> None:
    client.headers = {}
    answer = client.ask("GET", f"{V1}/orgs")
    assert answer.status_code == 401
    assert answer.json()["imsx_codeMajor"] == "failure"


def test_a_token_is_refused_for_a_wrong_secret_and_for_an_unknown_scope() -> None:
    with OneRosterSimulator(auth=SisAuth(known_scopes=frozenset("a"))) as server:
        assert Client(server).headers == {}
        server.auth.known_scopes = None
        assert Client(server).headers
        wrong = {"grant_type": "client_credentials", "client_id": server.auth.key, "client_secret": "fout"}
        answer = requests.post(f"{server.url}/oauth/token", data=wrong, timeout=5)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


# made with oauthlib, for the URL of the fact sheet's second vector
def test_a_signature_of_long_ago_or_of_another_key_is_refused(server: OneRosterSimulator, client: Client) -> None:
    fields = {
        "oauth_consumer_key": server.auth.key,
        "oauth_nonce": "n0nce123",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1767225600",
        "oauth_version": "1.0",
        "oauth_signature": "Xukr1MstrW%2B%2Fm%2BpnTyRzw%2F2MjqU%3D",
    }
    client.headers = {"Authorization": "OAuth " + ",".join(f'{n}="{v}"' for n, v in fields.items())}
    assert "timestamp" in client.ask("GET", f"{V1}/orgs").json()["imsx_description"]
    server.auth.clock = lambda: 1767225600.0
    assert "signature" in client.ask("GET", f"{V1}/orgs").json()["imsx_description"]


def test_everything_ever_created_is_counted_and_an_edit_is_not(server: OneRosterSimulator, client: Client) -> None:
    made(client)
    assert client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": ITEM}).status_code == 200
    assert client.ask("PUT", f"{V2}/results/r1", {"result": RESULT}).status_code == 201
    assert server.school.created == {"lineItems": 1, "results": 1}
    assert requests.get(f"{server.url}/_control/created", timeout=5).json() == {"lineItems": 1, "results": 1}


def test_a_result_is_read_with_its_references(client: Client) -> None:
    (row,) = made(client).ask("GET", f"{V1}/classes/3a-wi/lineItems/i1/results").json()["results"]
    assert row["score"] == 7.5
    assert row["student"]["href"] == f"{client.server.prefix}/{V1}/students/s1"
    assert client.ask("GET", f"{V1}/classes/3b%2Fwi%20%C3%A9/results").json() == {"results": []}


WRONG = [
    {"title": ""},
    {"dueDate": None},
    {"dueDate": "2026-11-20"},
    {"class": {"sourcedId": "3a-wi"}},
    {"description": ""},
    {"sourcedId": "anders"},
    {"gradingPeriod": ref("gradingPeriods", "p2", "gradingPeriod")},
    {"resultValueMax": "10"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_strict_sis_refuses_what_the_data_model_does_not_allow(
    server: OneRosterSimulator, client: Client, wrong: dict
) -> None:
    assert client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": ITEM | wrong}).status_code == 422
    assert not server.school.created


def test_a_strict_1_2_asks_for_the_school_and_refuses_what_it_does_not_know(client: Client) -> None:
    assert client.ask("PUT", f"{V2}/lineItems/i1", {"lineItem": ITEM}).status_code == 422
    whole = ITEM | {"school": ref("orgs", "baken", "org")}
    assert client.ask("PUT", f"{V2}/lineItems/i1", {"lineItem": whole | {"extra": 1}}).status_code == 422
    assert client.ask("PUT", f"{V2}/lineItems/i1", {"lineItem": whole}).status_code == 201


def test_a_lax_sis_takes_a_bare_item(server: OneRosterSimulator, client: Client) -> None:
    server.quirks = Quirks(strict=False)
    bare = {"title": "SO", "class": {"sourcedId": "3a-wi"}}
    assert client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": bare}).status_code == 201


@pytest.mark.parametrize(
    "wrong", [{"student": ref("users", "s3", "user")}, {"lineItem": ref("lineItems", "x", "lineItem")}]
)
def test_a_result_needs_its_item_and_a_student_of_the_class(client: Client, wrong: dict) -> None:
    made(client)
    assert client.ask("PUT", f"{V1}/results/r2", {"result": RESULT | {"sourcedId": "r2"} | wrong}).status_code == 422


def test_a_second_result_of_a_student_is_counted_or_refused(server: OneRosterSimulator, client: Client) -> None:
    made(client)
    second = {"result": RESULT | {"sourcedId": "r2"}}
    server.quirks = Quirks(one_result_each=True)
    assert client.ask("PUT", f"{V1}/results/r2", second).status_code == 422
    server.quirks = Quirks()
    assert client.ask("PUT", f"{V1}/results/r2", second).status_code == 201
    assert server.school.created["results"] == 2


def test_a_deleted_item_is_marked_or_gone(server: OneRosterSimulator, client: Client) -> None:
    made(client)
    assert client.ask("DELETE", f"{V1}/lineItems/i1").status_code == 204
    assert client.ask("GET", f"{V1}/lineItems/i1").json()["lineItem"]["status"] == "tobedeleted"
    server.quirks = Quirks(soft_deletes=False)
    assert client.ask("DELETE", f"{V1}/results/r1").status_code == 204
    assert client.ask("GET", f"{V1}/results/r1").status_code == 404
    server.quirks = Quirks(deletes=False)
    assert client.ask("DELETE", f"{V1}/lineItems/i1").status_code == 405


def test_pages_are_capped_and_point_to_each_other(server: OneRosterSimulator, client: Client) -> None:
    server.quirks = Quirks(page_cap=2)
    first = client.ask("GET", f"{V1}/students", limit="10000")
    assert (len(first.json()["users"]), first.headers["X-Total-Count"]) == (2, "3")
    second = requests.get(first.links["next"]["url"], headers=client.headers, timeout=5)
    assert [row["sourcedId"] for row in second.json()["users"]] == ["s3"]
    assert "next" not in second.links


@pytest.mark.parametrize(
    ("filters", "status", "found"), [("work", 200, 1), ("ignored", 200, 2), ("empty", 200, 0), ("refused", 400, None)]
)
def test_filters_work_or_fail_in_each_known_way(
    server: OneRosterSimulator, client: Client, filters: str, status: int, found: int | None
) -> None:
    server.quirks = Quirks(filters=filters)
    answer = client.ask("GET", f"{V1}/teachers", filter="email='i.devries@BAKEN.example'")
    assert answer.status_code == status
    assert found is None or len(answer.json()["users"]) == found


@pytest.mark.parametrize(
    ("kind", "stored", "counted"),
    [("error", 0, 1), ("error_after", 1, 1), ("stores_nothing", 0, 1), ("failure_inside", 0, 1), ("throttled", 0, 1)],
)
def test_a_fault_is_applied_before_or_after_the_write_as_it_says(
    server: OneRosterSimulator, client: Client, kind: str, stored: int, counted: int
) -> None:
    server.fail(kind, method="PUT", times=1)
    client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": copy.deepcopy(ITEM)})
    assert (server.school.created["lineItems"], server.count("PUT")) == (stored, counted)


@pytest.mark.parametrize(("kind", "stored"), [("hang_up", 0), ("hang_up_after", 1)])
def test_a_dropped_socket_is_dropped_before_or_after_the_write(
    server: OneRosterSimulator, client: Client, kind: str, stored: int
) -> None:
    server.fail(kind, method="PUT", times=1)
    with pytest.raises(requests.ConnectionError):
        client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": ITEM})
    assert server.school.created["lineItems"] == stored


def test_a_sis_with_ids_of_its_own_makes_another_for_an_id_it_did_not_give(
    server: OneRosterSimulator, client: Client
) -> None:
    """Which is how duplicates come about: it is counted."""
    server.quirks = Quirks(own_ids=True)
    first, second = (client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": ITEM}).json() for _ in range(2))
    assert first["sourcedIdPairs"][0]["suppliedSourcedId"] == "i1"
    assert first != second
    assert server.school.created["lineItems"] == 2


def test_a_closed_period_takes_no_items(server: OneRosterSimulator, client: Client) -> None:
    server.school.closed_periods = {"p2"}
    answer = client.ask("PUT", f"{V1}/lineItems/i1", {"lineItem": ITEM})
    assert (answer.status_code, answer.json()["imsx_description"]) == (422, "the grading period is closed")


def test_faults_can_be_set_by_hand(server: OneRosterSimulator, client: Client) -> None:
    where = f"{server.url}/_control/faults"
    assert requests.post(where, json={"kind": "throttled", "retry_after": "3"}, timeout=5).status_code == 204
    assert client.ask("GET", f"{V1}/orgs").headers["Retry-After"] == "3"
    assert requests.post(where, json={"kind": "onzin"}, timeout=5).status_code == 400
    assert requests.delete(where, timeout=5).status_code == 204
    assert client.ask("GET", f"{V1}/orgs").status_code == 200
