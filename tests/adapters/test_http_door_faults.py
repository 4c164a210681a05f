"""Every way a server can misbehave has its own code, costs bounded time and memory, and leaks nothing."""

import gzip
import itertools
import logging
import os
import socket
import subprocess
import sys
import time
import traceback
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_server import reply, serving

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback, Repeat, Request
from shared.adapters.http.retry import retry_after, wait_before
from shared.errors import NotAuthorized, Rejected, RemoteError, Throttled, Unreachable

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Waits:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def pace(self) -> Pace:
        return Pace(monotonic=lambda: sum(self.slept), now=lambda: NOON, sleep=self.slept.append, chance=lambda: 0.5)


def door(waits: Waits | None = None, **limits: float) -> Door:
    return Door(PublicAndLoopback(), limits=Limits(**limits), pace=(waits or Waits()).pace())


def get(url: str, repeat: Repeat = Repeat.ALWAYS) -> Request:
    return Request("GET", url, "webuntis", repeat)


def endless_gzip() -> bytes:
    return gzip.compress(b"[" + b" " * 50_000_000 + b"]")


# ---------------------------------------------------------------- answers that may not be believed

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BROKEN = {
    "half a body": (HEAD + b'Content-Length: 900\r\n\r\n{"students": [', Unreachable, "http.half_answer"),
    "half a chunked body": (
        HEAD + b'Transfer-Encoding: chunked\r\n\r\n40\r\n{"students"',
        Unreachable,
        "http.half_answer",
    ),
    "JSON that stops, without a length to tell": (
        HEAD + b'\r\n{"students": [{"id": 1}',
        Unreachable,
        "http.half_answer",
    ),
    "nothing at all": (b"", Unreachable, "http.half_answer"),
    "an empty body": (HEAD + b"Content-Length: 0\r\n\r\n", Unreachable, "http.half_answer"),
    "no HTTP": (b"220 smtp.school.nl ESMTP\r\n", Unreachable, "http.half_answer"),
    "half a packed body": (
        HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b'{"a": 1}' * 99)[:-20],
        Unreachable,
        "http.half_answer",
    ),
    "a login page with 200": (
        HEAD.replace(b"application/json", b"text/html") + b"\r\n<!doctype html><title>Inloggen</title>",
        Rejected,
        "http.html",
    ),
    "a login page that says it is JSON": (HEAD + b"\r\n  <html></html>", Rejected, "http.html"),
    "plain text": (HEAD + b"\r\nschool is closed", Rejected, "http.not_json"),
    "JSON in latin-1": (HEAD + b'\r\n["Zo\xeb van den Berg"]', Rejected, "http.not_json"),
    "a deep JSON bomb": (HEAD + b"\r\n" + b"[" * 2_000_000, Rejected, "http.too_deep"),
    "a gzip bomb": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + endless_gzip(), Rejected, "http.too_large"),
    "a gzip bomb in many parts": (
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 1_000_000) * 50,
        Rejected,
        "http.too_large",
    ),
    "gzip with rubbish behind it": (
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"[]") + b"rubbish",
        Rejected,
        "http.encoding",
    ),
    "50 MB announced": (HEAD + b"Content-Length: 50000000\r\n\r\n[", Rejected, "http.too_large"),
    "a packing nobody asked for": (HEAD + b"Content-Encoding: br\r\n\r\nxx", Rejected, "http.encoding"),
    "gzip that is none": (HEAD + b"Content-Encoding: gzip\r\n\r\nxx", Rejected, "http.encoding"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_told_apart_and_never_used(name):
    raw, kind, code = BROKEN[name]
    with serving(lambda _: raw) as server, pytest.raises(kind) as caught:
        door().send(get(server.url)).json()
    assert caught.value.code == code
    assert caught.value.facts == {"service": "webuntis", "host": "127.0.0.1"}


def test_a_body_without_end_is_given_up_at_the_limit_in_bounded_memory():
    def endless(_):
        yield HEAD + b"\r\n["
        yield from itertools.repeat(b"1," * 50_000)

    with serving(endless) as server:
        tracemalloc.start()
        with pytest.raises(Rejected) as caught:
            door(body=4_000_000).send(get(server.url))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert caught.value.code == "http.too_large"
    assert peak < 20_000_000


def test_a_gzip_bomb_is_never_unpacked_in_memory():
    packed = HEAD + b"Content-Encoding: gzip\r\n\r\n" + endless_gzip()
    with serving(lambda _: packed) as server:
        tracemalloc.start()
        with pytest.raises(Rejected):
            door(body=1_000_000).send(get(server.url))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8_000_000


def test_a_packed_answer_is_unpacked():
    whole = gzip.compress('{"students": ["Zoë"]}'.encode())
    with serving(lambda _: reply(200, whole, Content_Encoding="gzip")) as server:
        assert door().send(get(server.url)).json() == {"students": ["Zoë"]}


def test_an_answer_packed_in_two_parts_is_one_answer():
    parts = gzip.compress(b'["Anna", ') + gzip.compress(b'"Jan"]')
    with serving(lambda _: reply(200, parts, Content_Encoding="gzip")) as server:
        assert door().send(get(server.url)).json() == ["Anna", "Jan"]


def test_a_byte_order_mark_is_no_reason_to_refuse():
    with serving(lambda _: reply(200, b"\xef\xbb\xbf[]")) as server:
        assert door().send(get(server.url)).json() == []


# ---------------------------------------------------------------- time


def drip(piece: bytes):
    def dripping(_):
        yield HEAD
        for _ in range(200):
            time.sleep(0.05)
            yield piece

    return dripping


@pytest.mark.parametrize("piece", [b"X-Slow: 1\r\n", b"\r\n1"], ids=["headers", "body"])
def test_a_server_that_drips_is_hung_up_on_at_the_deadline(piece):
    with serving(drip(piece)) as server:
        started = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            Door(PublicAndLoopback(), limits=Limits(read=5, total=0.4)).send(get(server.url))
        assert time.monotonic() - started < 200 * 0.05, "not to the last drop"
    assert caught.value.code == "http.deadline"


def test_a_connection_of_an_earlier_answer_is_still_good_after_its_deadline():
    with serving(lambda _: reply(200, [])) as server:
        one = Door(PublicAndLoopback(), limits=Limits(total=0.3))
        one.send(get(server.url))
        time.sleep(0.5)
        assert one.send(get(server.url)).json() == []
    assert server.connections == 1


def test_a_silent_server_is_a_read_timeout_and_asked_three_times():
    waits = Waits()
    with serving(lambda _: iter(lambda: time.sleep(0.3) or b"", None)) as server, pytest.raises(Unreachable) as caught:
        door(waits, read=0.1).send(get(server.url))
    assert caught.value.code == "http.read_timeout"
    assert len(server.asked) == 3
    assert waits.slept == [0.5, 1.0]


def test_a_closed_port_is_no_connection():
    with serving(lambda _: b"") as server:
        pass
    with pytest.raises(Unreachable) as caught:
        door().send(get(server.url))
    assert caught.value.code == "http.connect"


def test_a_connection_that_is_never_accepted_is_a_connect_timeout():
    def unanswered(address, port, seconds):
        raise TimeoutError

    with pytest.raises(Unreachable) as caught:
        Door(PublicAndLoopback(), pace=Waits().pace(), dial=unanswered).send(get("http://127.0.0.1:1"))
    assert caught.value.code == "http.connect_timeout"


def test_an_unknown_name_is_a_dns_failure():
    def nobody(host):
        raise OSError(-2, "Name or service not known")

    with pytest.raises(Unreachable) as caught:
        Door(PublicAndLoopback(nobody), pace=Waits().pace()).send(get("https://tom.webuntis.com/"))
    assert caught.value.code == "http.dns"
    assert caught.value.facts["host"] == "tom.webuntis.com"


# ---------------------------------------------------------------- asking again


def script_of(*answers):
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_again_and_forgotten(status):
    with serving(script_of(reply(status), reply(status), reply(200, ["Anna"]))) as server:
        assert door().send(get(server.url)).json() == ["Anna"]
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
def test_a_refusal_is_asked_once(status):
    with serving(lambda _: reply(status)) as server:
        assert door().send(get(server.url)).status == status
    assert len(server.asked) == 1


@pytest.mark.parametrize("answer", [reply(429), reply(500), reply(503), b"", HEAD + b"Content-Length: 9\r\n\r\n1"])
def test_credentials_that_were_sent_are_never_sent_again(answer):
    with serving(lambda _: answer) as server, suppress(Unreachable):
        door().send(Request("POST", server.url, "webuntis", body=b"grant_type=client_credentials"))
    assert len(server.asked) == 1


def test_credentials_that_could_not_be_sent_are_tried_again():
    tried = []

    def refused(address, port, seconds):
        tried.append(address)
        raise ConnectionRefusedError

    with pytest.raises(Unreachable):
        Door(PublicAndLoopback(), pace=Waits().pace(), dial=refused).send(
            Request("POST", "http://127.0.0.1:1", "webuntis")
        )
    assert len(tried) == 3


def test_what_the_server_asks_to_wait_is_waited():
    waits = Waits()
    with serving(script_of(reply(429, Retry_After="7"), reply(200, []))) as server:
        assert door(waits).send(get(server.url)).json() == []
    assert waits.slept == [7.5]


def test_a_date_to_wait_for_is_waited_for():
    waits = Waits()
    later = format_datetime(NOON + timedelta(seconds=20), usegmt=True)
    with serving(script_of(reply(503, Retry_After=later), reply(200, []))) as server:
        assert door(waits).send(get(server.url)).json() == []
    assert waits.slept == [20.5]


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_beyond_the_deadline_is_handed_to_the_caller(status):
    waits = Waits()
    with serving(lambda _: reply(status, Retry_After="3600")) as server, pytest.raises(Throttled) as caught:
        door(waits).send(get(server.url)).json()
    assert (caught.value.code, caught.value.retry_after) == ("http.throttled", 3600.0)
    assert (waits.slept, len(server.asked)) == ([], 1)


def test_a_server_that_only_says_too_many_is_throttled_without_a_time():
    with serving(lambda _: reply(429)) as server, pytest.raises(Throttled) as caught:
        door().send(get(server.url)).json()
    assert caught.value.retry_after is None
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (500, Unreachable, "http.server_error"),
        (401, NotAuthorized, "http.not_authorized"),
        (403, NotAuthorized, "http.not_authorized"),
        (404, Rejected, "http.refused"),
    ],
)
def test_a_status_becomes_one_of_our_errors_when_its_json_is_asked_for(status, kind, code):
    with serving(lambda _: reply(status, {"students": []})) as server, pytest.raises(kind) as caught:
        door().send(get(server.url)).json()
    assert (caught.value.code, caught.value.facts["status"]) == (code, status)


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "٣", "Wed, 99 Foo", "9" * 400, "Mon, 23 Nov 2026 12:00:07"])
def test_a_strange_retry_after_is_a_sane_number_or_nothing(text):
    seconds = retry_after(text, NOON)
    assert seconds is None or 0 <= seconds <= 86_400


@given(st.text(max_size=60))
def test_no_retry_after_ever_breaks_the_door(text):
    seconds = retry_after(text, NOON)
    assert seconds is None or 0 <= seconds <= 86_400


@given(st.integers(2, 3), st.floats(0, 0.999), st.none() | st.floats(0, 86_400))
def test_nobody_is_asked_sooner_than_he_asked_for(attempt, chance, asked):
    assert wait_before(attempt, asked=asked, chance=chance) > (asked or 0)


# ---------------------------------------------------------------- elsewhere


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused_and_named(status):
    with (
        serving(lambda _: reply(200, [])) as elsewhere,
        serving(lambda _: reply(status, Location=f"http://localhost:{elsewhere.port}/x?school=a")) as server,
        pytest.raises(Rejected) as caught,
    ):
        door().send(get(server.url))
    assert caught.value.code == "http.redirected"
    assert caught.value.facts["to"] == "localhost"
    assert elsewhere.asked == []


def test_cookies_are_not_kept_and_the_environment_is_not_used(tmp_path):
    # A proxy and a .netrc in the environment must change nothing: own process, since the environment is everybody's.
    with serving(lambda _: reply(200, [], Set_Cookie="JSESSIONID=abc; Path=/")) as server:
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
        code = (
            "from shared.adapters.http import *\n"
            "door = Door(PublicAndLoopback())\n"
            f"for _ in range(2): door.send(Request('GET', {server.url!r}, 'webuntis'))\n"
        )
        environment = os.environ | {
            "HTTP_PROXY": "http://127.0.0.1:9",
            "ALL_PROXY": "http://127.0.0.1:9",
            "HOME": str(tmp_path),
            "PYTHONPATH": os.getcwd(),  # noqa: PTH109
        }
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=30)
    assert len(server.asked) == 2
    for asked in server.asked:
        assert "cookie" not in asked.headers
        assert "authorization" not in asked.headers
        assert asked.headers["user-agent"].startswith("Profijt-Koppelingen/")


# ---------------------------------------------------------------- secrets

SECRET = "hunter2-very-secret"


def secret_request(url: str, header: str = SECRET) -> Request:
    return Request(
        "POST",
        url,
        "webuntis",
        Repeat.ALWAYS,
        query=(("school", SECRET),),
        headers=(("Authorization", header),),
        body=SECRET.encode(),
    )


def failing(url_of):
    return {
        "closed": lambda server: secret_request("http://127.0.0.1:1"),
        "half": lambda server: secret_request(server.url),
        "header": lambda server: secret_request(server.url, SECRET + "\r\nX: 1"),
        "no TLS there": lambda server: secret_request(f"https://school.example.org/?p={SECRET}"),
        "user info": lambda server: secret_request(f"https://me:{SECRET}@school.example.org/"),
    }[url_of]


@pytest.mark.parametrize("name", ["closed", "half", "header", "no TLS there", "user info"])
def test_no_error_traceback_repr_or_log_line_holds_a_secret(name, caplog):
    caplog.set_level(logging.INFO)
    with serving(lambda _: HEAD + b"Content-Length: 99\r\n\r\n{") as server:

        def dial(address, port, seconds):
            return socket.create_connection(("127.0.0.1", server.port if port != 1 else 1), timeout=seconds)

        rule = PublicAndLoopback(lambda host: ["93.184.216.34"])
        request = failing(name)(server)
        with pytest.raises(RemoteError) as caught:
            Door(rule, limits=Limits(connect=0.3), pace=Waits().pace(), dial=dial).send(request)
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value.facts)
    assert SECRET not in told
    assert SECRET not in repr(request).replace(request.url, "")
    assert all(SECRET not in str(vars(record)) for record in caplog.records)
