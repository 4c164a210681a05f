"""The side of WebUntis' platform that speaks first: signed webhooks about a school's credential, in version 1 or 2.

Written from the vendor's documents alone. What it says is so: after CREATED, REACTIVATED and RESET the school's
platform password is the one in the message, after DEACTIVATION and DELETION no password opens it. Over HTTP, for
`make run`, on the practice WebUntis:

    POST /_control/webhook {"eventType": "RESET", "tenant": "6700067"}      answers what the receiver answered
"""

import base64
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from shared.simulators.server import Reply, Request, json_reply
from shared.simulators.signing_keys import SigningKey, new_key
from shared.simulators.untis_school import UntisSchool

GIVES = ("CREATED", "REACTIVATED", "RESET")
TAKES = {"DEACTIVATION": "SCHOOL_DEACTIVATION", "DELETION": "SCHOOL_DELETION"}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback is never reached through a proxy


@dataclass(frozen=True, slots=True)
class Webhook:
    """A message ready to be sent, once or again: the same body has the same signature."""

    body: bytes
    headers: Mapping[str, str]


class WebUntisPlatform:
    """Sends to `target` ("" until somebody listens). `schools` are the tenants it speaks about, by tenant id."""

    def __init__(self, schools: Callable[[], Mapping[str, UntisSchool]]) -> None:
        self.target = ""
        self._schools = schools

    @cached_property
    def key(self) -> SigningKey:
        """Made when first wanted: it takes a tenth of a second."""
        return new_key("platform", "RS256")

    @property
    def public_pem(self) -> str:
        """What the vendor publishes for receivers."""
        return self.key.public_pem().decode()

    # ------------------------------------------------------------ messages

    def credential(self, school: UntisSchool, event: str, *, version: Literal[1, 2] = 2, **other: object) -> Webhook:
        """A new password for the school, and the message that brings it; `other` replaces or adds keys."""
        password = secrets.token_urlsafe(18)
        school.set_password(password)
        told: dict[str, object] = {
            "tenantId": school.tenant_id,
            "clientId": school.client_id,
            "secret": secrets.token_urlsafe(24),  # of the sign-on for users; not the platform password
            "password": password,
            "host": f"{school.subdomain}.webuntis.com",
            "country": "NL",
            "region": "NL-UT",
            "language": "nl",
            "eventType": event,
        }
        contact = {
            "activatorEmail": "beheer@oefenschool.example",
            "activatorUsername": "untis.beheer",
            "schoolEmail": "info@oefenschool.example",
            "schoolPhoneNumber": "+31 30 1234567",
        }
        return self.signed(told | (contact if version == 2 else {"schoolName": school.school_name}) | other)

    def ending(self, school: UntisSchool, event: str, **other: object) -> Webhook:
        """The school ends the application's access: from now on no password opens it."""
        school.set_password(secrets.token_urlsafe(18))
        told = {"tenantId": school.tenant_id, "eventType": event, "reasonType": TAKES[event], "reasonText": ""}
        return self.signed(told | other)

    def signed(self, message: object) -> Webhook:
        """Any JSON, or bytes as they are, under the platform's signature."""
        body = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
        signature: bytes = self.key.loaded().sign(body, padding.PKCS1v15(), hashes.SHA256())
        headers = {
            "Authorization": base64.b64encode(signature).decode(),
            "Algorithm": "SHA256withRSA",
            "Content-Type": "application/json",
        }
        return Webhook(body, headers)

    # ------------------------------------------------------------ sending

    def send(self, webhook: Webhook, target: str = "") -> tuple[int, bytes]:
        """Deliver it: status and body of the answer, 0 when nobody answered."""
        to = urllib.request.Request(  # noqa: S310  loopback: whoever runs the simulator says where
            target or self.target, data=webhook.body, headers=dict(webhook.headers), method="POST"
        )
        try:
            with OPENER.open(to, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()
        except (OSError, ValueError):
            return 0, b""

    def control(self, request: Request) -> Reply:
        """What a person asks for with curl; without "tenant" it is about the first school."""
        try:
            asked: Any = request.json()
            event = str(asked["eventType"])
            tenant = str(asked.get("tenant") or next(iter(self._schools())))
            school = self._schools()[tenant]
        except (ValueError, TypeError, KeyError, AttributeError, StopIteration):
            return json_reply({"error": "give eventType, and the tenant of a school that is here"}, 400)
        if event not in (*GIVES, *TAKES):
            return json_reply({"error": f"eventType is one of {', '.join((*GIVES, *TAKES))}"}, 400)
        if not self.target:
            return json_reply({"error": "nobody listens for webhooks"}, 409)
        webhook = self.credential(school, event) if event in GIVES else self.ending(school, event)
        status, body = self.send(webhook)
        return json_reply({"eventType": event, "tenant": tenant, "status": status, "answer": body.decode()})
