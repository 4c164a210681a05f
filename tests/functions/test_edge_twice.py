"""Two at once, and the same thing twice: nobody overwrites what he has not seen, and nothing is done a second time."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from functions.idempotency import LARGEST
from functions.route import Answer, Asked
from shared.errors import Conflict, Invalid, Unreachable
from tests.functions.toy import Client, House, els, problem_of

SETTING, RUNS = "/v1/schools/dalton/setting", "/v1/schools/dalton/runs"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def client(house: House) -> Client:
    return house.client()


# ---------------------------------------------------------------- ETag


def test_an_answer_that_did_not_change_is_304_without_a_body(client: Client) -> None:
    first = client.get("/v1/schools/dalton/pupils?limit=2")
    tag = first.headers["ETag"]
    for named in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = client.get("/v1/schools/dalton/pupils?limit=2", headers={"If-None-Match": named})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Content-Type" not in again.headers


def test_another_answer_has_another_tag(client: Client) -> None:
    tag = client.get("/v1/schools/dalton/pupils?limit=2").headers["ETag"]
    assert client.get("/v1/schools/dalton/pupils?limit=3", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("garbage", ["", "x", '"', 'W/"', '""', '"a', "W/*"])
def test_a_tag_that_is_no_tag_matches_nothing(client: Client, garbage: str) -> None:
    assert client.get("/v1/schools/dalton/pupils", headers={"If-None-Match": garbage}).status_code == 200


def test_a_change_needs_the_tag_that_was_seen(client: Client) -> None:
    blue = {"json": {"colour": "blauw"}}
    assert client.put(SETTING, **blue, headers={"If-None-Match": "*"}).status_code == 204
    problem_of(client.put(SETTING, **blue), 428, "request.match_required")
    tag = client.get(SETTING).headers["ETag"]
    changed = client.put(SETTING, json={"colour": "rood"}, headers={"If-Match": tag})
    assert (changed.status_code, client.get(SETTING).headers["ETag"]) == (204, changed.headers["ETag"])
    problem_of(client.put(SETTING, **blue, headers={"If-Match": tag}), 412, "request.stale")
    assert client.get(SETTING).json == {"colour": "rood"}


def test_something_that_is_not_there_yet_can_be_made_but_not_changed(client: Client) -> None:
    problem_of(client.put(SETTING, json={"colour": "rood"}, headers={"If-Match": '"1"'}), 412, "request.stale")
    assert client.put(SETTING, json={"colour": "rood"}).status_code == 204
    answer = client.put(SETTING, json={"colour": "rood"}, headers={"If-None-Match": "*"})
    problem_of(answer, 412, "request.stale")


def test_of_ten_who_save_at_once_one_wins_and_nine_hear_that_they_were_late(client: Client) -> None:
    client.put(SETTING, json={"colour": "grijs"})
    tag, together = client.get(SETTING).headers["ETag"], threading.Barrier(10)

    def save(number: int) -> int:
        together.wait()
        return client.put(SETTING, json={"colour": f"kleur {number}"}, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(save, range(10))) == [204, *[412] * 9]


# ---------------------------------------------------------------- Idempotency-Key


def key(name: str = "k-1") -> dict[str, dict[str, str]]:
    return {"headers": {"Idempotency-Key": name}}


def test_the_same_request_again_is_answered_the_same_and_not_done_again(house: House, client: Client) -> None:
    first, again = client.post(RUNS, **key()), client.post(RUNS, **key())
    assert (first.status_code, first.json) == (202, {"run": 1})
    assert (again.status_code, again.data, again.mimetype) == (202, first.data, first.mimetype)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert house.done == 1


def test_without_a_key_every_request_is_a_new_one(house: House, client: Client) -> None:
    assert [client.post(RUNS).json["run"] for _ in range(3)] == [1, 2, 3]


def test_headers_of_the_handler_are_replayed_and_those_of_the_request_are_new(house: House, client: Client) -> None:
    house.act = lambda asked: Answer(None, status=201, headers={"Location": "/v1/schools/dalton/runs/r-1"})
    first, again = client.post(RUNS, **key()), client.post(RUNS, **key())
    assert first.headers["Location"] == again.headers["Location"] == "/v1/schools/dalton/runs/r-1"
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]


def test_the_key_of_somebody_else_or_of_another_place_is_another_key(house: House, client: Client) -> None:
    client.post(RUNS, **key())
    client.post(RUNS, token=els(sub="u-bob"), **key())
    client.post("/v1/schools/lyceum/runs", token=els(school="lyceum"), **key())
    client.post(RUNS, **key("k-2"))
    assert house.done == 4


def test_a_key_may_be_quoted_as_the_draft_writes_it(house: House, client: Client) -> None:
    client.post(RUNS, **key('"k-1"'))
    client.post(RUNS, **key("k-1"))
    assert house.done == 1


@pytest.mark.parametrize("bad", ["", '""', "k" * 256, "twee woorden", "sl\u00e9utel"])
def test_a_key_that_is_none_is_400(house: House, client: Client, bad: str) -> None:
    problem_of(client.post(RUNS, **key(bad)), 400, "request.key_malformed")
    assert house.done == 0


def test_another_request_under_the_same_key_is_422(house: House, client: Client) -> None:
    client.post(RUNS, **key())
    problem_of(client.post(f"{RUNS}?dry=true", **key()), 422, "request.key_reused")
    problem_of(client.post(RUNS, data=b"{}", **key()), 422, "request.key_reused")
    assert house.done == 1


def test_a_day_later_the_key_is_free_also_when_the_database_has_not_deleted_it(house: House, client: Client) -> None:
    client.post(RUNS, **key())
    house.clock.forward(hours=24)
    fresh = {"token": els(exp=int(house.clock().timestamp()) + 600)}
    assert client.post(f"{RUNS}?dry=true", **fresh, **key()).json == {"run": 2}
    assert client.post(f"{RUNS}?dry=true", **fresh, **key()).json == {"run": 2}


def test_while_the_first_is_busy_the_second_is_409_and_hears_how_long_to_wait(house: House, client: Client) -> None:
    def meanwhile(asked: Asked) -> Answer:
        second = client.post(RUNS, **key())
        problem_of(second, 409, "request.in_flight")
        assert second.headers["Retry-After"] == "120"
        return Answer({"run": house.done})

    house.act = meanwhile
    assert client.post(RUNS, **key()).status_code == 200
    assert house.done == 1


def test_of_eight_at_once_one_is_done(house: House, client: Client) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> int:
        together.wait()
        return client.post(RUNS, **key()).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) <= {202, 409}
    assert house.done == 1


_CRASH = """
import os, sys
from pathlib import Path
from tests.functions.toy import House
house = House(Path(sys.argv[1]))
house.act = lambda asked: os._exit(9)
house.client().post("/v1/schools/dalton/runs", headers={"Idempotency-Key": "k-1"})
"""


def test_a_crash_in_flight_frees_the_key_after_the_lease(house: House, client: Client, tmp_path: Path) -> None:
    """The process that carries out the first request is gone in the middle of it."""
    root = Path(__file__).parent.parent.parent
    crashed = subprocess.run([sys.executable, "-c", _CRASH, str(tmp_path)], cwd=root, check=False)
    assert crashed.returncode == 9
    # The other process signed with keys of its own, but it was Els all the same.
    problem_of(client.post(RUNS, **key()), 409, "request.in_flight")
    house.clock.forward(seconds=120)
    assert client.post(RUNS, **key()).json == {"run": 1}
    assert client.post(RUNS, **key()).headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "trouble", [Unreachable("http.connect", service="webuntis"), Invalid("users.id"), KeyError("x")]
)
def test_a_refusal_or_a_failure_frees_the_key_at_once(house: House, client: Client, trouble: Exception) -> None:
    def fail(asked: Asked) -> Answer:
        raise trouble

    works, house.act = house.act, fail
    assert client.post(RUNS, **key()).status_code >= 400
    house.act = works
    assert client.post(f"{RUNS}?dry=true", **key()).json == {"run": 2}


@pytest.mark.parametrize(("size", "second"), [(LARGEST, 202), (LARGEST + 1, 409), (5_000_000, 409)])
def test_an_answer_too_large_to_keep_is_given_once_and_the_work_still_done_once(
    house: House, client: Client, size: int, second: int
) -> None:
    house.act = lambda asked: Answer(b"x" * size, status=202)
    assert len(client.post(RUNS, **key()).data) == size
    again = client.post(RUNS, **key())
    assert (again.status_code, house.done) == (second, 1)
    if second == 409:
        problem_of(again, 409, "request.answer_not_kept")


def test_whoever_lost_his_marker_meanwhile_still_hears_the_truth(house: House, client: Client) -> None:
    """The lease was too short: another took over. The first did its work, and says so."""

    def slow(asked: Asked) -> Answer:
        house.act = lambda asked: Answer({"run": 2})
        house.clock.forward(seconds=121)
        assert client.post(RUNS, **key()).json == {"run": 2}
        return Answer({"run": 1})

    house.act = slow
    assert client.post(RUNS, **key()).json == {"run": 1}
    assert client.post(RUNS, **key()).json == {"run": 2}


def test_what_is_remembered_holds_neither_the_key_nor_what_was_sent_and_dies_in_a_day(
    house: House, client: Client
) -> None:
    client.post(RUNS, **key("geheim-1"))
    [kept] = house.store.query("schools/dalton/idempotency").documents
    assert "geheim" not in repr(kept)
    assert kept.data["expire_at"] == house.clock() + timedelta(hours=24)


def test_losing_the_race_in_the_store_after_if_match_is_412_and_otherwise_409(house: House, client: Client) -> None:
    house.raises = Conflict("store.conflict")
    trouble = "/v1/schools/dalton/trouble"
    problem_of(client.post(trouble, headers={"If-Match": '"1"'}), 412, "store.conflict")
    problem_of(client.post(trouble), 409, "store.conflict")
    house.raises = Conflict("run.busy")
    problem_of(client.post(trouble, headers={"If-Match": '"1"'}), 409, "run.busy")
