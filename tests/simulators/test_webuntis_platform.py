"""The platform's webhooks as the vendor describes them, checked by a reading of RSA that is neither theirs nor ours."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
import requests
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from shared.simulators.practice_school import load, tiny_school
from shared.simulators.untis_school import UntisSchool
from shared.simulators.webuntis import WebUntisSimulator

TINY = tiny_school()
# DER of DigestInfo for SHA-256, before the digest itself (RFC 8017, 9.2, note 1)
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


@pytest.fixture
def untis() -> Iterator[WebUntisSimulator]:
    with WebUntisSimulator() as running:
        load(running, TINY)
        yield running


@pytest.fixture
def school(untis: WebUntisSimulator) -> UntisSchool:
    return untis.schools[TINY.tenant_id]


class Receiver(BaseHTTPRequestHandler):
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def target() -> Iterator[str]:
    Receiver.got.clear()
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


def opened(untis: WebUntisSimulator, signature: str) -> bytes:
    """What the signature says, by the public key and modular arithmetic alone."""
    numbers: Any = load_pem_public_key(untis.platform.public_pem.encode()).public_numbers()  # type: ignore[union-attr]
    raw = base64.b64decode(signature, validate=True)
    return pow(int.from_bytes(raw), numbers.e, numbers.n).to_bytes(len(raw))


def test_the_signature_is_pkcs1_over_sha256_of_the_raw_body(untis: WebUntisSimulator, school: UntisSchool) -> None:
    webhook = untis.platform.credential(school, "CREATED")
    block = opened(untis, webhook.headers["Authorization"])
    tail = SHA256_INFO + hashlib.sha256(webhook.body).digest()
    assert block == b"\x00\x01" + b"\xff" * (len(block) - len(tail) - 3) + b"\x00" + tail
    assert webhook.headers["Algorithm"] == "SHA256withRSA"


@pytest.mark.parametrize("event", ["CREATED", "REACTIVATED", "RESET"])
def test_a_credential_brings_the_password_that_opens_the_school_from_now_on(
    untis: WebUntisSimulator, school: UntisSchool, event: str
) -> None:
    told = json.loads(untis.platform.credential(school, event).body)
    assert (told["tenantId"], told["eventType"]) == (TINY.tenant_id, event)
    assert told["host"] == f"{TINY.subdomain}.webuntis.com"
    assert told["secret"] != told["password"]
    assert school.accepts(told["password"])
    assert not school.accepts(TINY.password)


def test_version_one_tells_the_school_name_and_version_two_whom_to_call(
    untis: WebUntisSimulator, school: UntisSchool
) -> None:
    one, two = (json.loads(untis.platform.credential(school, "CREATED", version=version).body) for version in (1, 2))
    contact = {"activatorEmail", "activatorUsername", "schoolEmail", "schoolPhoneNumber"}
    assert one.keys() - two.keys() == {"schoolName"}
    assert two.keys() - one.keys() == contact


@pytest.mark.parametrize("event", ["DEACTIVATION", "DELETION"])
def test_after_an_ending_no_password_opens_the_school(
    untis: WebUntisSimulator, school: UntisSchool, event: str
) -> None:
    told = json.loads(untis.platform.ending(school, event).body)
    assert told == {
        "tenantId": TINY.tenant_id,
        "eventType": event,
        "reasonType": f"SCHOOL_{event}",
        "reasonText": "",
    }
    assert not school.accepts(TINY.password)


def test_whoever_runs_it_asks_for_a_webhook_with_curl(untis: WebUntisSimulator, target: str) -> None:
    untis.platform.target = target
    asked = {"eventType": "RESET", "tenant": TINY.tenant_id}
    answer = requests.post(f"{untis.url}/_control/webhook", json=asked, timeout=30)
    assert answer.json() == {**asked, "status": 200, "answer": "{}"}
    [(headers, body)] = Receiver.got
    assert headers["Authorization"]
    assert json.loads(body)["eventType"] == "RESET"


@pytest.mark.parametrize("asked", [{}, {"eventType": "UPDATED"}, {"eventType": "RESET", "tenant": "0"}, [], None])
def test_what_it_cannot_send_it_says_so(untis: WebUntisSimulator, target: str, asked: object) -> None:
    untis.platform.target = target
    assert requests.post(f"{untis.url}/_control/webhook", json=asked, timeout=30).status_code == 400
    assert Receiver.got == []


def test_when_nobody_listens_the_password_stays_as_it_was(untis: WebUntisSimulator, school: UntisSchool) -> None:
    answer = requests.post(f"{untis.url}/_control/webhook", json={"eventType": "RESET"}, timeout=30)
    assert answer.status_code == 409
    assert school.accepts(TINY.password)
