"""POST /v1/webuntis/webhook: what WebUntis' platform tells of a school's credential; unsigned, it is not even read.

Versions 1 and 2 of the messages, and those that end an access; keys we do not know are skipped, and with them the
e-mail addresses, names and telephone numbers that version 2 carries: they are never decoded, kept or logged.
https://developer.untis.com/integration-guides/webhooks/
"""

import hashlib
import logging
import os
import re
from collections.abc import Callable
from functools import cache
from typing import Annotated, Literal

import msgspec
from flask import Request, Response

from functions import logs
from functions.edge import serve
from functions.route import PUBLIC, Answer, Asked, Route
from shared import wiring
from shared.domain.webuntis_event import Kind, PlatformEvent
from shared.errors import Invalid, Unauthenticated
from shared.flows.take_credentials import take_credentials
from shared.flows.tenants import is_tenant_id
from shared.ports import App

log = logging.getLogger(__name__)

LIMIT = 64 * 1024  # bytes; theirs are some hundreds
# How the documents spell the one algorithm there is. The header is never followed: what says another is refused.
ALGORITHMS = frozenset({"", "sha256withrsa", "sha256"})

_SERVER = re.compile(r"(?:https?://)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.webuntis\.com(?:[:/].*)?", re.IGNORECASE)

Text = Annotated[str, msgspec.Meta(max_length=500)]
TenantId = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,64}$", examples=["6700067"])]
Reason = Annotated[str, msgspec.Meta(pattern="^[A-Z_]{0,40}$", examples=["SCHOOL_DEACTIVATION"])]


class WebhookIn(msgspec.Struct, frozen=True, rename="camel"):
    """One message of WebUntis. Keys beyond these are ignored."""

    tenant_id: TenantId | Annotated[int, msgspec.Meta(ge=0)]
    event_type: Text
    client_id: Text | None = None
    password: Text | None = None
    host: Text | None = None
    school_name: Text | None = None
    reason_type: Reason | None = None


class WebhookOut(msgspec.Struct, frozen=True):
    """What became of it: a school has the credential (filled), nobody has yet (waiting), calls stopped (stopped), the
    password was destroyed (erased), or it was heard before or says nothing we know (nothing)."""

    outcome: Literal["filled", "waiting", "stopped", "erased", "nothing"]


def post_webhook(app: App, asked: Asked) -> Answer:
    """Believe it, read it, act on it once."""
    if asked.algorithm.strip().lower() not in ALGORITHMS or not app.signed(asked.raw, asked.signature):
        raise Unauthenticated("webhook.signature")
    told = decoded(asked.raw)
    if told.event_type not in set(Kind):  # a kind of message that is newer than we are: repeating it would not help
        log.warning("webhook", extra={"fields": {"event": "webhook", "outcome": "unknown kind"}})
        return Answer(WebhookOut("nothing"))
    event = event_of(told, hashlib.sha256(asked.raw).hexdigest())
    taken = take_credentials(app, event)
    fields = {"event": "webhook", "kind": event.kind, "tenant": event.tenant_id, "school": taken.school}
    log.info("webhook", extra={"fields": fields | {"outcome": taken.what}})
    return Answer(WebhookOut(taken.what))


def decoded(body: bytes) -> WebhookIn:
    """The message in a body. Raises Invalid "webhook.unreadable"."""
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("webhook.unreadable") from None  # the message of the decoder may quote what was sent


def event_of(told: WebhookIn, digest: str) -> PlatformEvent:
    """What it means. Raises Invalid "webhook.unreadable": no tenant's id, or a credential without a password."""
    kind, tenant_id = Kind(told.event_type), str(told.tenant_id)
    if not is_tenant_id(tenant_id) or not (kind.stops or told.password):
        raise Invalid("webhook.unreadable")
    server = _SERVER.fullmatch((told.host or "").strip())
    return PlatformEvent(
        kind=kind,
        tenant_id=tenant_id,
        digest=digest,
        client_id=told.client_id or "",
        password="" if kind.stops else told.password or "",
        subdomain=server[1].lower() if server else "",
        school_name=(told.school_name or "").strip(),
        reason=told.reason_type or "",
    )


_DECODER = msgspec.json.Decoder(WebhookIn)

ROUTES = (
    Route(
        "POST",
        "/v1/webuntis/webhook",
        post_webhook,
        roles=PUBLIC,
        signed=True,
        summary="Berichten van het WebUntis-platform / Messages of the WebUntis platform",
        body=WebhookIn,
        body_limit=LIMIT,
        answer=WebhookOut,
        problems=("401 webhook.signature", "422 webhook.unreadable", "422 secret.text_refused", "503 webhook.busy"),
    ),
)


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "webuntis_webhook"), version=version)
    return serve(ROUTES, wiring.cloud(logs.trace), version=version)
