"""What is logged is one line of JSON per request, with our ids and counts, and not a word of anybody's data."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions import logs
from shared.errors import NotFound, Unreachable
from tests.functions.toy import Client, House, els

log = logging.getLogger("some.flow")
PUPILS = "/v1/schools/dalton/pupils"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

PLACE = "logging.googleapis.com/sourceLocation"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.install(project="profijt-test", service="settings", version="7")
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def client(house: House) -> Client:
    return house.client()


def test_a_line_has_the_fields_that_cloud_logging_knows(lines: Lines) -> None:
    with logs.within(TRACE, "00f067aa0ba902b7", school="dalton"):
        log.info("run done", extra={"fields": {"event": "run_done", "linked": 12, "share": 0.5, "ids": ("a", "b")}})
    [line] = lines()
    assert (line["severity"], line["message"], line["event"], line["linked"]) == ("INFO", "run done", "run_done", 12)
    assert (line["share"], line["ids"]) == (0.5, ["a", "b"])
    assert line["logging.googleapis.com/trace"] == f"projects/profijt-test/traces/{TRACE}"
    assert line["logging.googleapis.com/spanId"] == "00f067aa0ba902b7"
    assert line["logging.googleapis.com/labels"] == {"school": "dalton"}
    place = line["logging.googleapis.com/sourceLocation"]
    assert (place["file"], place["function"]) == (__file__, "test_a_line_has_the_fields_that_cloud_logging_knows")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(line["time"])).total_seconds()) < 60


def test_the_context_ends_with_its_block_and_labels_add_up(lines: Lines) -> None:
    with logs.within(TRACE, request_id="r-1"):
        with logs.within(school="dalton"):
            log.info("inner")
            assert logs.trace() == TRACE
        log.info("outer")
    log.info("none")
    assert logs.trace() == ""
    inner, outer, none = lines()
    assert inner["logging.googleapis.com/labels"] == {"request_id": "r-1", "school": "dalton"}
    assert outer["logging.googleapis.com/labels"] == {"request_id": "r-1"}
    assert inner["logging.googleapis.com/trace"] == outer["logging.googleapis.com/trace"]
    assert not {"logging.googleapis.com/labels", "logging.googleapis.com/trace"} & none.keys()


@pytest.mark.parametrize(
    "evil", ["a\nb", "a\r\n{}", "\x1b[31mred\x1b[0m", "a\u2028b", "a\x85b", "\u202egnp.exe", "\x00", "\u2066x"]
)
def test_no_control_character_survives_anywhere_in_a_line(lines: Lines, evil: str) -> None:
    with logs.within(school=evil):
        log.warning("name %s", evil, extra={"fields": {"event": evil, evil: [{"deep": evil}]}})
    [line] = lines()
    assert not any(char in json.dumps(line, ensure_ascii=False) for char in "\n\r\x1b\x00\x85\u2028\u202e\u2066")
    assert not any(char in value for value in _texts(line) for char in "\n\r\x1b\x00\x85\u2028\u202e\u2066")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def test_a_field_cannot_pose_as_one_of_ours_and_odd_values_do_no_harm(lines: Lines) -> None:
    log.error(
        "x", extra={"fields": {"severity": "DEBUG", "time": "then", "nan": float("nan"), "thing": object(), 5: b"x"}}
    )
    [line] = lines()
    assert (line["severity"], line["nan"], line["thing"], line["5"]) == ("ERROR", "float", "object", "bytes")
    assert line["time"] != "then"


def test_a_failure_is_reported_with_its_stack_but_without_the_words_of_the_exception(lines: Lines) -> None:
    try:
        try:
            int("Fatima Jansen")
        except ValueError as err:
            raise NotFound("school.unknown", school="dalton") from err
    except NotFound:
        log.exception("failed")
    [line] = lines()
    stack = line["stack_trace"]
    assert line["@type"].endswith("ReportedErrorEvent")
    assert line["serviceContext"] == {"service": "settings", "version": "7"}
    assert stack.count("Traceback (most recent call last):") == 2
    assert "builtins.ValueError\n" in stack
    assert stack.endswith("shared.errors.NotFound: school.unknown school=dalton")
    assert "direct cause" in stack
    assert stack.count("test_edge_logs.py") == 2
    message = "invalid literal for int()"  # the text of Python's own ValueError quotes what it was given
    assert message not in json.dumps(line)


def test_a_stack_has_line_breaks_and_no_other_control_character(lines: Lines) -> None:
    log.error("failed", exc_info=NotFound("school.unknown", school="\x1b[31mdalton\x07"))
    [line] = lines()
    assert not any(char in line["stack_trace"] for char in "\x1b\x07")
    assert line["stack_trace"].startswith("Traceback (most recent call last):\n")


def test_a_value_that_holds_itself_does_not_lose_the_line(lines: Lines) -> None:
    endless: list[object] = []
    endless.append(endless)
    log.info("x", extra={"fields": {"endless": endless}})
    assert lines()[0]["endless"] == "list"


def test_letters_quotes_and_backslashes_arrive_as_they_were(lines: Lines) -> None:
    text = 'Zoë "C:\\new\\u001b" 東京 😀 /'
    log.info(text)
    assert lines()[0]["message"] == text


def test_an_error_without_an_exception_tells_where_it_was_logged(lines: Lines) -> None:
    log.error("wrong")
    [line] = lines()
    assert line["context"]["reportLocation"]["filePath"] == __file__
    assert "stack_trace" not in line


def test_whoever_replaces_standard_output_gets_the_lines(lines: Lines) -> None:
    class Mine(list[str]):
        write, flush = list.append, lambda self: None

    mine, before = Mine(), sys.stdout
    sys.stdout = mine  # type: ignore[assignment]  # as LOG_EXECUTION_ID does during a request
    try:
        log.info("here")
    finally:
        sys.stdout = before
    assert json.loads(mine[0])["message"] == "here"
    assert lines() == []


@pytest.mark.parametrize("school", ["dalton", 'de "Bron"', "a\\b", "één", "twee\nregels", "\x7f\x85", "\u202ekrom"])
def test_fields_that_are_known_to_be_plain_make_the_same_line(lines: Lines, school: str) -> None:
    fields = {"event": "request", "school": school, "ms": 0.5, "roles": ["admin"], "httpRequest": {"status": 200}}
    log.info("told", extra={"fields": fields})
    log.info("told", extra={"fields": logs.Plain(fields)})
    usual, plain = lines()
    assert {**usual, "time": "", PLACE: ""} == {**plain, "time": "", PLACE: ""}


# ---------------------------------------------------------------- the door's own lines


def test_a_request_is_one_line_with_its_route_as_a_template(lines: Lines, client: Client) -> None:
    headers = {"X-Cloud-Trace-Context": f"{TRACE}/67667974448284343;o=1", "X-Request-Id": "vraag-0001"}
    client.get(f"{PUPILS}/p-17", headers=headers)
    [line] = lines()
    assert (line["event"], line["route"]) == ("request", "/v1/schools/{school}/pupils/{pupil}")
    assert (line["school"], line["roles"], line["severity"]) == ("dalton", ["admin"], "INFO")
    assert line["httpRequest"]["status"] == 200
    assert line["ms"] >= 0
    assert line["logging.googleapis.com/trace"] == f"projects/profijt-test/traces/{TRACE}"
    assert line["logging.googleapis.com/spanId"] == "00f067aa0ba902b7"
    assert line["logging.googleapis.com/labels"] == {"request_id": "vraag-0001"}


def test_neither_people_nor_tokens_nor_what_was_sent_is_in_the_line(lines: Lines, client: Client) -> None:
    client.get(f"{PUPILS}/p-geheim?limit=geheim", headers={"X-Request-Id": "geheim"})
    client.get("/v1/feeds/geheim.ics")
    client.get("/v1/geheim/geheim?geheim=1")
    client.put(PUPILS, data=b'{"pupils":[{"geheim":1}]}', content_type="application/json")
    client.get(PUPILS, token="geheim.geheim.geheim")
    client.ask("GEHEIM", "/v1/health")
    text = json.dumps(found := lines())
    assert len(found) == 6
    assert "geheim" not in text
    assert "u-els" not in text
    assert els() not in text


def test_a_refusal_ours_or_of_another_system_is_a_warning_and_only_our_own_failure_an_error_with_its_stack(
    lines: Lines, house: House, client: Client
) -> None:
    client.get(PUPILS, token=None)
    house.raises = RuntimeError("Fatima")
    client.post("/v1/schools/dalton/trouble")
    house.raises = Unreachable("http.connect", service="webuntis")
    client.post("/v1/schools/dalton/trouble")
    refused, failed, remote = lines()
    assert (refused["severity"], refused["code"]) == ("WARNING", "token.missing")
    assert (failed["severity"], failed["code"]) == ("ERROR", "service.failed")
    assert "toy.py" in failed["stack_trace"]
    assert "Fatima" not in json.dumps(failed)
    assert (remote["severity"], "stack_trace" in remote) == ("WARNING", False)


def test_whoever_asks_about_another_school_is_audited_with_ids_only(lines: Lines, client: Client) -> None:
    client.get("/v1/schools/lyceum/pupils/p-1")
    audit, request = lines()
    assert (audit["event"], audit["audit"], audit["severity"]) == ("foreign_school", True, "WARNING")
    assert (audit["user"], audit["own"], audit["asked"]) == ("u-els", "dalton", "lyceum")
    assert (request["code"], request["school"]) == ("request.not_found", "dalton")


def test_a_request_leaves_no_context_behind(lines: Lines, client: Client) -> None:
    client.get("/v1/health", headers={"X-Request-Id": "vraag-0001"})
    log.info("after")
    assert "logging.googleapis.com/labels" not in lines()[-1]
