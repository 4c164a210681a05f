"""The webhook as WebUntis would call it: what is not signed is not read, and no secret or address of a person leaks."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from werkzeug.test import Client, TestResponse

from functions import logs
from functions.auto_link import run_message
from functions.local_server import start, web
from shared.adapters.webuntis_signature import verifier
from shared.errors import Misconfigured
from shared.flows.tick import tick
from shared.simulators.practice_school import load, tiny_school, users_body
from shared.simulators.signing_keys import new_key
from shared.simulators.untis_school import UntisSchool
from shared.simulators.webuntis_platform import Webhook, WebUntisPlatform
from shared.wiring.local import Local, local
from tests.functions.answers import code

TINY = tiny_school()
HOOK = "/v1/webuntis/webhook"
PLACE = f"/v1/schools/{TINY.id}"
FORM: dict[str, object] = {"ingeschakeld": False, "schoolnaam": TINY.school_name, "subdomein": TINY.subdomain}


class Practice:
    """A school that is set up, and the platform that speaks about it."""

    def __init__(self, world: Local) -> None:
        assert world.untis
        self.world = world
        self.client = Client(web(world.app))
        self.platform: WebUntisPlatform = world.untis.platform
        self.untis: UntisSchool = load(world.untis, TINY)

    def ask(self, persona: str, method: str, path: str, **more: Any) -> TestResponse:
        token = self.world.identity.persona(persona, school=TINY.id)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **more)

    def set_up(self, **form: object) -> None:
        assert self.ask("support", "PUT", PLACE, json={"naam": "Klein", "ontgrendeld": True}).status_code == 200
        assert self.ask("admin", "PUT", f"{PLACE}/users", json=users_body(TINY.users)).status_code == 200
        self.save(FORM | form)

    def save(self, form: dict[str, object]) -> None:
        match = {"If-Match": self.ask("admin", "GET", f"{PLACE}/settings/webuntis").headers["ETag"]}
        saved = self.ask("admin", "PUT", f"{PLACE}/settings/webuntis", json=form, headers=match)
        assert saved.status_code == 200, saved.text

    def settings(self) -> dict[str, Any]:
        told: dict[str, Any] = self.ask("admin", "GET", f"{PLACE}/settings/webuntis").get_json()
        return told

    def hook(self, webhook: Webhook, **headers: str) -> TestResponse:
        return self.client.post(HOOK, data=webhook.body, headers={**webhook.headers, **headers})

    def outcome(self, webhook: Webhook) -> str:
        answer = self.hook(webhook)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["outcome"])

    def sync(self) -> str:
        assert tick(self.world.app)
        assert self.world.queue.drain(30)
        return str(self.ask("admin", "GET", f"{PLACE}/runs/latest").get_json()["outcome"])


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with local(tmp_path / "data") as world:
        world.queue.subscribe("link-school", lambda message: run_message(world.app, message))  # type: ignore[arg-type, return-value]
        yield Practice(world)


def resigned(webhook: Webhook, key: Any, digest: Any = None, scheme: Any = None) -> Webhook:
    """The same body under another key, digest or padding."""
    signature = key.loaded().sign(webhook.body, scheme or padding.PKCS1v15(), digest or hashes.SHA256())
    return Webhook(webhook.body, {**webhook.headers, "Authorization": base64.b64encode(signature).decode()})


# ---------------------------------------------------------------- the whole way


def test_from_nothing_to_everybody_linked_without_a_password_typed(practice: Practice) -> None:
    """The school is made, the application activated in WebUntis, and support says whose it is."""
    practice.set_up()
    assert practice.outcome(practice.platform.credential(practice.untis, "CREATED")) == "waiting"
    asked = practice.ask("admin", "POST", f"{PLACE}/settings/webuntis/claim").get_json()
    assert (asked["ingevuld"], asked["eigenaar"]) == (False, "profijt-support")
    [waits] = practice.ask("support", "GET", "/v1/webuntis/tenants").get_json()["items"]
    assert (waits["tenantId"], waits["subdomein"]) == (TINY.tenant_id, TINY.subdomain)
    assert waits["gevraagdDoor"] == [TINY.id]
    given = practice.ask("support", "PUT", f"{PLACE}/webuntis-tenants/{TINY.tenant_id}")
    assert (given.status_code, given.get_json()["wacht"]) == (200, False)
    told = practice.settings()
    assert (told["wachtwoordIngesteld"], told["tenantId"], told["ingeschakeld"]) == (True, TINY.tenant_id, False)
    practice.save(FORM | {"ingeschakeld": True, "tenantId": TINY.tenant_id})
    assert practice.sync() == "done"


def test_a_school_that_logged_in_once_needs_nobody_when_its_password_changes(practice: Practice) -> None:
    practice.set_up(ingeschakeld=True, wachtwoord=TINY.password)
    practice.sync()
    assert practice.outcome(practice.platform.credential(practice.untis, "RESET", version=1)) == "filled"
    practice.world.untis.revoke_tokens()  # type: ignore[union-attr]
    assert practice.world.queue.drain(1)
    practice.world.queue.publish("link-school", [{"school": TINY.id, "run": "na-reset", "trigger": "schedule"}])
    assert practice.world.queue.drain(30)
    assert practice.ask("admin", "GET", f"{PLACE}/runs/latest").get_json()["outcome"] == "unchanged"


def test_whoever_runs_it_locally_tries_it_with_curl(practice: Practice) -> None:
    practice.set_up(wachtwoord=TINY.password)
    server = start(practice.world.app, 0)
    try:
        practice.platform.target = f"http://127.0.0.1:{server.server_port}{HOOK}"
        assert practice.world.untis
        asked = {"eventType": "DELETION", "tenant": TINY.tenant_id}
        told = requests.post(f"{practice.world.untis.url}/_control/webhook", json=asked, timeout=60).json()
    finally:
        server.shutdown()
    assert told["status"] == 200
    assert json.loads(told["answer"]) == {"outcome": "erased"}


def test_a_deactivated_school_is_told_what_is_the_matter_and_who_mends_it(practice: Practice) -> None:
    practice.set_up(ingeschakeld=True, wachtwoord=TINY.password)
    practice.sync()
    assert practice.outcome(practice.platform.ending(practice.untis, "DEACTIVATION")) == "stopped"
    practice.world.queue.publish("link-school", [{"school": TINY.id, "run": "erna", "trigger": "schedule"}])
    assert practice.world.queue.drain(30)
    [problem] = practice.ask("admin", "GET", f"{PLACE}/runs/latest").get_json()["problems"]
    assert (problem["code"], problem["owner"]) == ("webuntis.deactivated", "untis-admin")
    assert problem["remedy"]


# ---------------------------------------------------------------- who is believed


def test_the_body_is_signed_byte_for_byte(practice: Practice) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED")
    for body in (webhook.body + b" ", webhook.body.replace(b"CREATED", b"DELETED"), webhook.body[:-1]):
        assert code(practice.hook(replace(webhook, body=body)), 401) == "webhook.signature"
    assert nothing_stored(practice)


@pytest.mark.parametrize(
    "header", ["", "Bearer x", "=", "AAAA", "geen base64!", "A" * 20_000, "\u00e9", "none"], ids=lambda text: text[:12]
)
def test_what_is_no_signature_is_refused(practice: Practice, header: str) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED")
    assert code(practice.hook(webhook, Authorization=header), 401) == "webhook.signature"
    assert nothing_stored(practice)


def test_a_signature_with_a_scheme_before_it_is_another_header(practice: Practice) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED")
    assert code(practice.hook(webhook, Authorization=f"Bearer {webhook.headers['Authorization']}"), 401)


@pytest.mark.parametrize("said", ["none", "SHA1withRSA", "SHA512withRSA", "HS256", "NONEwithRSA", "SHA256withECDSA"])
def test_another_algorithm_is_refused_although_the_signature_is_right(practice: Practice, said: str) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED")
    assert code(practice.hook(webhook, Algorithm=said), 401) == "webhook.signature"
    assert nothing_stored(practice)


@pytest.mark.parametrize("said", ["SHA256withRSA", "SHA256", "sha256WithRsa", ""])
def test_both_spellings_of_the_one_algorithm_are_known(practice: Practice, said: str) -> None:
    assert practice.hook(practice.platform.credential(practice.untis, "CREATED"), Algorithm=said).status_code == 200


def test_the_algorithm_is_ours_whatever_the_header_says(practice: Practice) -> None:
    """Signed by the right key, but with SHA-1, SHA-512 or PSS padding, under a header that fits or does not."""
    webhook, key = practice.platform.credential(practice.untis, "CREATED"), practice.platform.key
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH)
    wrong = [
        resigned(webhook, key, hashes.SHA1()),
        resigned(webhook, key, hashes.SHA512()),
        resigned(webhook, key, scheme=pss),
        resigned(webhook, new_key("iemand", "RS256")),
    ]
    assert [practice.hook(each).status_code for each in wrong] == [401] * 4
    assert nothing_stored(practice)


def nothing_stored(practice: Practice) -> bool:
    app = practice.world.app
    return not app.store.query("tenants").documents and not app.secrets.versions(f"webuntis-tenant-{TINY.tenant_id}")


@pytest.mark.parametrize("form", ["pem", "escaped", "bare"])
def test_a_key_is_configured_in_any_of_three_forms_and_two_may_hold_at_once(practice: Practice, form: str) -> None:
    pem = practice.platform.public_pem
    given = {
        "pem": pem,
        "escaped": pem.replace("\n", "\\n"),
        "bare": "".join(line for line in pem.splitlines() if "-" not in line),
    }[form]
    old = new_key("oud", "RS256").public_pem().decode()
    webhook = practice.platform.signed({"tenantId": "1"})
    assert verifier([old, given])(webhook.body, webhook.headers["Authorization"])
    assert not verifier([old])(webhook.body, webhook.headers["Authorization"])


@pytest.mark.parametrize(
    "key", ["x", "-----BEGIN PUBLIC KEY-----", new_key("ec", "ES256").public_pem().decode(), "\u00e9"]
)
def test_a_key_that_is_no_rsa_key_stops_the_function(key: str) -> None:
    with pytest.raises(Misconfigured, match=r"config\.unreadable"):
        verifier([key])


# ---------------------------------------------------------------- what is read


def test_a_signed_message_that_is_not_json_is_told_apart(practice: Practice) -> None:
    for body in (b"{", b"\xff\xfe", b"[]", b"null", b"[" * 5000, b'{"tenantId": "1"}', b'{"eventType": "RESET"}'):
        assert code(practice.hook(practice.platform.signed(body)), 422) == "webhook.unreadable"


@pytest.mark.parametrize(
    "change",
    [
        {"tenantId": "../x"},
        {"tenantId": ""},
        {"tenantId": "6800068\n"},
        {"tenantId": True},
        {"tenantId": -1},
        {"password": ""},
        {"password": None},
        {"password": "x" * 501},
        {"reasonType": "een zin over iemand"},
    ],
    ids=str,
)
def test_a_signed_message_that_cannot_be_meant_is_refused(practice: Practice, change: dict[str, object]) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED", **change)
    assert code(practice.hook(webhook), 422) == "webhook.unreadable"


def test_a_tenant_id_may_be_a_number_and_unknown_keys_are_skipped(practice: Practice) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED", tenantId=int(TINY.tenant_id), later={"v": 3})
    assert practice.outcome(webhook) == "waiting"
    assert [found.id for found in practice.world.app.store.query("tenants").documents] == [TINY.tenant_id]


def test_a_kind_of_message_that_is_newer_than_we_are_is_acknowledged(practice: Practice) -> None:
    assert practice.outcome(practice.platform.signed({"tenantId": "1", "eventType": "UPGRADED"})) == "nothing"
    assert nothing_stored(practice)


def test_a_message_over_64_kib_is_not_held(practice: Practice) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED", filler="x" * 66_000)
    assert code(practice.hook(webhook), 413) == "request.too_large"


def test_an_empty_or_packed_body_is_refused(practice: Practice) -> None:
    assert code(practice.hook(practice.platform.signed(b"")), 400) == "request.body_missing"
    webhook = practice.platform.credential(practice.untis, "CREATED")
    assert code(practice.hook(webhook, **{"Content-Encoding": "gzip"}), 415) == "request.encoding"


def test_it_is_read_whatever_it_calls_its_content(practice: Practice) -> None:
    webhook = practice.platform.credential(practice.untis, "CREATED")
    assert practice.hook(webhook, **{"Content-Type": "text/plain;charset=ISO-8859-1"}).status_code == 200


def test_a_token_of_a_person_is_no_signature(practice: Practice) -> None:
    assert code(practice.ask("support", "POST", HOOK, json={"tenantId": "1", "eventType": "RESET"}), 401)


def test_a_claim_for_a_school_that_webuntis_does_not_know_says_what_to_mend(practice: Practice) -> None:
    assert code(practice.ask("admin", "POST", f"{PLACE}/settings/webuntis/claim"), 404) == "school.unknown"
    practice.set_up(schoolnaam="bestaat-niet")
    assert code(practice.ask("admin", "POST", f"{PLACE}/settings/webuntis/claim"), 422) == "webuntis.school_unknown"
    practice.save(FORM)
    assert code(practice.ask("admin", "POST", f"{PLACE}/settings/webuntis/claim"), 404) == "tenant.unknown"


@pytest.mark.parametrize("persona", ["admin", "teacher", "student"])
def test_only_support_says_whose_a_tenant_is(practice: Practice, persona: str) -> None:
    practice.set_up()
    tenant = f"{PLACE}/webuntis-tenants/1"
    asked = [("GET", "/v1/webuntis/tenants"), ("PUT", tenant), ("DELETE", tenant)]
    assert [practice.ask(persona, *each).status_code for each in asked] == [403] * 3


# ---------------------------------------------------------------- what leaks


def test_no_secret_and_no_address_of_a_person_is_logged_answered_or_stored(practice: Practice) -> None:
    canaries = {
        "password": "kanarie-wachtwoord",
        "secret": "kanarie-secret",
        "activatorEmail": "kanarie@school.example",
        "activatorUsername": "kanarie.naam",
        "schoolEmail": "kanarie-school@school.example",
        "schoolPhoneNumber": "+31-kanarie",
    }
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines(project="", service="webhook", version="1"))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        practice.set_up(ingeschakeld=True, wachtwoord=TINY.password)
        practice.sync()
        platform, untis = practice.platform, practice.untis
        answers = [
            practice.hook(platform.credential(untis, "RESET", **canaries)),
            practice.hook(platform.credential(untis, "CREATED", **canaries), Algorithm="none"),
            practice.hook(platform.signed(json.dumps(canaries).encode()[:-1])),
            practice.hook(platform.credential(untis, "CREATED", tenantId="4711", **canaries)),
            practice.hook(platform.ending(untis, "DELETION", reasonText="kanarie-reden")),
        ]
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert [answer.status_code for answer in answers] == [200, 401, 422, 200, 200]
    assert '"event": "webhook"' in out.getvalue().replace('":"', '": "')
    assert "kanarie" not in out.getvalue() + "".join(answer.text for answer in answers)
    stored = (Path(practice.world.config.database)).read_bytes()
    for file in Path(practice.world.config.database).parent.glob("store.db*"):
        stored += file.read_bytes()
    assert b"kanarie" not in stored
    assert "kanarie-secret" not in (Path(practice.world.config.database).parent / "secrets.json").read_text()
