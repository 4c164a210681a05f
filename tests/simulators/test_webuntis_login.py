"""Login and school search of the WebUntis simulator, as the vendor's documents describe them."""

import base64
from typing import Any

import pytest
import requests

from shared.simulators.untis_wire import Dialect
from shared.simulators.webuntis import WebUntisSimulator
from tests.simulators.untis_calls import ask, login


def test_a_login_gives_a_bearer_token_for_as_long_as_it_says(untis: WebUntisSimulator, clock: Any) -> None:
    answer = login(untis).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 180)
    clock.now += 179
    assert ask(untis, bearer=answer["access_token"]).status_code == 200
    clock.now += 2
    assert ask(untis, bearer=answer["access_token"]).status_code == 401


def test_the_grant_type_may_stand_in_the_address_but_not_be_missing(untis: WebUntisSimulator) -> None:
    url = f"{untis.url}/WebUntis/api/sso/v3/6700/token"
    assert requests.post(f"{url}?grant_type=client_credentials", auth=("profijt", "goed"), timeout=5).ok
    assert requests.post(url, auth=("profijt", "goed"), timeout=5).json() == {"error": "invalid_request"}


@pytest.mark.parametrize(
    ("tenant", "client", "password", "status", "error"),
    [
        ("6700", "profijt", "fout", 400, "invalid_grant"),
        ("6700", "profijt", "", 400, "invalid_grant"),
        ("6800", "profijt", "goed", 400, "invalid_grant"),  # another school's password
        ("6700", "somtoday", "goed", 401, "invalid_client"),
        ("9999", "profijt", "goed", 404, None),
    ],
)
def test_a_wrong_login_is_refused(
    untis: WebUntisSimulator, tenant: str, client: str, password: str, status: int, error: str | None
) -> None:
    answer = login(untis, tenant, password, client)
    assert (answer.status_code, answer.json().get("error")) == (status, error)


def test_a_basic_header_that_cannot_be_read_is_a_wrong_client(untis: WebUntisSimulator) -> None:
    for header in ("", "Basic ***", "Bearer x", "Basic " + base64.b64encode(b"\xff:x").decode()):
        answer = requests.post(
            f"{untis.url}/WebUntis/api/sso/v3/6700/token?grant_type=client_credentials",
            headers={"Authorization": header},
            timeout=5,
        )
        assert answer.json() == {"error": "invalid_client"}


def test_after_eight_wrong_passwords_the_right_one_does_not_help_until_somebody_unlocks(
    untis: WebUntisSimulator,
) -> None:
    assert [login(untis, password="fout").status_code for _ in range(8)] == [400] * 8
    assert login(untis).status_code == 400
    untis.schools["6700"].set_password("nieuw")
    assert login(untis, password="nieuw").status_code == 400
    assert login(untis, "6800", "anders").ok, "the lock is this tenant's alone"
    assert requests.post(f"{untis.url}/_control/unlock?tenant=6700", timeout=5).status_code == 204
    assert login(untis, password="nieuw").ok


def test_a_right_password_before_the_eighth_wrong_one_starts_the_count_anew(untis: WebUntisSimulator) -> None:
    for _ in range(3):
        assert not any(login(untis, password="fout").ok for _ in range(7))
        assert login(untis).ok


def test_v1_logs_in_with_the_school_name_and_v2_is_shut_down(untis: WebUntisSimulator) -> None:
    form, auth = {"grant_type": "client_credentials"}, ("profijt", "goed")
    v1 = f"{untis.url}/WebUntis/api/sso/tom%20school%2B/token"
    assert requests.post(v1, data=form, auth=auth, timeout=5).json()["token_type"] == "Bearer"
    assert (
        requests.post(f"{untis.url}/WebUntis/api/sso/v2/6700/token", data=form, auth=auth, timeout=5).status_code == 410
    )
    untis.dialect = Dialect(v1_login=False)
    assert requests.post(v1, data=form, auth=auth, timeout=5).status_code == 410


def search(untis: WebUntisSimulator, **params: object) -> dict:
    body = {"id": "7", "method": "searchSchool", "params": [params], "jsonrpc": "2.0"}
    answer = requests.post(f"{untis.url}/schoolquery2", json=body, timeout=5)
    assert (answer.status_code, answer.json()["id"]) == (200, "7")
    return answer.json()


@pytest.mark.parametrize("how", [{"search": "gemeenschap t"}, {"schoolname": "tom school+"}, {"schoolid": 6700}])
def test_school_search_tells_server_and_tenant_but_not_the_size(untis: WebUntisSimulator, how: dict) -> None:
    result = search(untis, **how)["result"]
    assert result["size"] == 0
    [school] = result["schools"]
    assert (school["loginName"], school["server"], school["tenantId"]) == ("tom school+", "tom.webuntis.com", "6700")


def test_school_search_that_fits_many_or_none_or_asks_wrongly(untis: WebUntisSimulator) -> None:
    assert search(untis, search="bestaat niet")["result"]["schools"] == []
    assert search(untis, naam="tom")["error"]["code"] == -32602
    for n in range(30):
        untis.add_school(
            tenant_id=f"1{n}", school_name=f"vrije school {n}", subdomain=f"v{n}", client_id="c", password="p"
        )
    assert search(untis, search="vrije")["error"]["code"] == -6003
    garbage = requests.post(f"{untis.url}/schoolquery2", data=b"{", timeout=5).json()
    assert (garbage["id"], garbage["error"]["code"]) == ("error", -32700)
