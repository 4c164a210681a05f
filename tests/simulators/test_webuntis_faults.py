"""Every fault switch of the WebUntis simulator breaks what it names, so often as asked, and nothing else."""

import time

import pytest
import requests

from shared.simulators.webuntis import WebUntisSimulator
from tests.simulators.untis_calls import ask, ids, login, token


def test_wrong_password_switch_counts_for_the_lock(untis: WebUntisSimulator) -> None:
    untis.fail("wrong_password", "token", times=8)
    assert [login(untis).json()["error"] for _ in range(8)] == ["invalid_grant"] * 8
    assert untis.schools["6700"].locked


def test_a_token_can_die_in_the_middle_of_a_run(untis: WebUntisSimulator) -> None:
    untis.fail("revoked", "students", after=2, times=1)
    bearer = token(untis)
    assert [ask(untis, bearer=bearer).status_code for _ in range(4)] == [200, 200, 401, 401]
    assert ask(untis).status_code == 200, "a fresh token works again"


def test_a_right_can_be_missing_for_one_list_of_one_school(untis: WebUntisSimulator) -> None:
    untis.fail("forbidden", "students", tenant="6700")
    refused = ask(untis)
    assert (refused.status_code, refused.json()["errorCode"]) == (403, "FORBIDDEN")
    assert ask(untis, "v2/teachers").ok
    assert ask(untis, bearer=token(untis, "6800", "anders")).ok


def test_too_many_requests_so_many_times_with_and_without_retry_after(untis: WebUntisSimulator) -> None:
    bearer = token(untis)
    untis.fail("throttled", "students", times=2, retry_after="3")
    untis.fail("throttled", "teachers", times=1)
    told = [ask(untis, bearer=bearer) for _ in range(3)]
    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in told] == [
        (429, "3"),
        (429, "3"),
        (200, None),
    ]
    assert "Retry-After" not in ask(untis, "v2/teachers", bearer=bearer).headers


def test_a_server_error_carries_the_code_it_is_given(untis: WebUntisSimulator) -> None:
    bearer = token(untis)
    untis.fail("error", "students", status=500, code="TENANT_INSTALLATION_RECOVERABLE_ERROR", times=1)
    failed = ask(untis, bearer=bearer)
    assert (failed.status_code, failed.json()["errorCode"]) == (500, "TENANT_INSTALLATION_RECOVERABLE_ERROR")
    assert ask(untis, bearer=bearer).ok


def test_a_page_for_people_comes_with_status_200(untis: WebUntisSimulator) -> None:
    untis.fail("html", "token")
    answer = login(untis)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=UTF-8")


def test_slow_answers_come_late_and_dripping_ones_byte_by_byte(untis: WebUntisSimulator) -> None:
    bearer = token(untis)
    untis.fail("slow", "students", seconds=0.2, times=1)
    began = time.perf_counter()
    assert ask(untis, bearer=bearer).ok
    assert time.perf_counter() - began >= 0.2
    untis.fail("drip", "students", seconds=5.0, times=1)
    with requests.get(
        f"{untis.url}/WebUntis/api/rest/extern/v3/students",
        headers={"Authorization": f"Bearer {bearer}", "Accept-Encoding": "identity"},
        stream=True,
        timeout=5,
    ) as answer:
        assert int(answer.headers["Content-Length"]) > 100
        assert answer.raw.read(1) == b"{"
    began = time.perf_counter()
    untis.stop()
    assert time.perf_counter() - began < 4, "stopping does not wait for a drip"


def test_half_a_body_and_no_answer_at_all(untis: WebUntisSimulator) -> None:
    bearer = token(untis)
    untis.fail("half", "students")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(untis, bearer=bearer)
    untis.fail("hang_up", "teachers")
    with pytest.raises(requests.exceptions.ConnectionError):
        ask(untis, "v2/teachers", bearer=bearer)


@pytest.mark.parametrize(
    ("place", "in_body", "in_header"), [("body", True, False), ("header", False, True), ("both", True, True)]
)
def test_an_answer_can_name_another_tenant(
    untis: WebUntisSimulator, place: str, in_body: bool, in_header: bool
) -> None:
    untis.fail("wrong_tenant", "students", place=place)
    answer = ask(untis)
    assert (answer.json()["headerData"]["school"]["tenantId"] != "6700") is in_body
    assert (answer.headers["Tenant-Id"] != "6700") is in_header


def test_lists_can_be_empty_doubled_halved_or_no_list(untis: WebUntisSimulator) -> None:
    untis.fail("empty", "students", times=1)
    assert ids(ask(untis)) == []
    untis.fail("duplicate_keys", "students", times=1)
    assert [row["externKey"] for row in ask(untis).json()["students"]][:2] == ["067", "067"]
    untis.fail("partial_page", "students", times=1)
    assert ids(ask(untis, limit=4, offset=1)) == [501, 502]
    untis.fail("not_a_list", "students", times=1)
    assert ask(untis).json()["students"] == {"rows": 5}
    assert ids(ask(untis)) == [501, 502, 503, 504, 505]


def test_a_redirect_leads_to_another_host(untis: WebUntisSimulator) -> None:
    untis.fail("redirect", "students", location="http://169.254.169.254/")
    answer = ask(untis)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://169.254.169.254/")


def test_a_gzip_bomb_is_a_thousand_times_larger_inside(untis: WebUntisSimulator) -> None:
    untis.fail("gzip_bomb", "students", megabytes=8)
    answer = ask(untis)
    assert len(answer.content) == 8 << 20
    assert int(answer.headers["Content-Length"]) < len(answer.content) // 500


def test_faults_can_be_switched_over_http_and_a_wrong_switch_is_refused(untis: WebUntisSimulator) -> None:
    board = f"{untis.url}/_control/faults"
    assert (
        requests.post(board, json={"kind": "error", "endpoint": "students", "status": 502}, timeout=5).status_code
        == 204
    )
    assert ask(untis).status_code == 502
    assert [fault["status"] for fault in requests.get(board, timeout=5).json()] == [502]
    for wrong in ({"kind": "brand"}, {"kind": "slow", "sekonden": 1}, {"kind": "slow", "seconds": "1"}, [], {}):
        assert requests.post(board, json=wrong, timeout=5).status_code == 400
    assert requests.delete(board, timeout=5).status_code == 204
    assert ask(untis).ok
