"""Logs a school in at WebUntis at most once per secret: tokens are kept per school, and so is a refusal.

WebUntis locks an account after 8 wrong logins, by default for ever (product.md UT-basic). So a refused login is asked
once and then answered from memory until the credentials change, and credentials that were sent are never sent again by
the door: after a timeout or a 5xx nobody knows whether the attempt was counted. The next run is soon enough.
"""

import base64
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.http import Answer, Door, Repeat, Request
from shared.adapters.webuntis.endpoints import Endpoints
from shared.adapters.webuntis.wire import token_tenant, traces
from shared.errors import NotAuthorized, Rejected, RemoteError, Unreachable
from shared.ports import WebUntisConnection

# Life in seconds. Vendor: 3 minutes, use `expires_in`; 15 s earlier, so that none expires under way.
EARLY, WITHOUT_WORD, SHORTEST, LONGEST = 15.0, 170.0, 5.0, 3600.0
_FORM = "grant_type=client_credentials&scope=roster-core.readonly"

# JSON-RPC's error numbers turn up in token answers too; all others there mean: refused (fact sheet 1.4).
_UNKNOWN_SCHOOL, _MAINTENANCE = -8500, -42003


@dataclass(frozen=True, slots=True)
class TokenKey:
    """What a token, or a refusal, belongs to: change any of it and it is another login."""

    school: str
    where: str  # the token URL: host with tenant id or school name, and the version
    client_id: str
    password_version: str


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = field(default="", repr=False)
    until: float = 0.0
    refused: NotAuthorized | None = None


class Tokens:
    """The tokens of one instance, never shared between keys. Two threads that need the same one log in once."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._entries: dict[TokenKey, _Entry] = {}
        self._lock = threading.Lock()

    def get(self, key: TokenKey, login: Callable[[], tuple[str, float]], *, not_this: str = "") -> str:
        """A live token that is not `not_this` (one that was just refused); `login` gives a new one and its life.

        A NotAuthorized from `login` is remembered and raised again without calling it.
        """
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
        with entry.lock:
            if entry.refused is not None:
                told = {name: value for name, value in entry.refused.facts.items() if name != "service"}
                raise NotAuthorized(entry.refused.code, service=entry.refused.service, **told) from entry.refused
            if entry.token and entry.token != not_this and self._monotonic() < entry.until:
                return entry.token
            entry.token = ""
            asked = self._monotonic()
            try:
                token, life = login()
            except NotAuthorized as err:
                entry.refused = err
                raise
            entry.token, entry.until = token, asked + life
            return token

    def forget(self, key: TokenKey) -> None:
        """Its token, so that the next `get` logs in. A refusal stays."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
        with entry.lock:
            entry.token = ""


def login(connection: WebUntisConnection, tenant: str, *, door: Door, endpoints: Endpoints) -> tuple[str, float]:
    """A new token and the seconds it may be used. Exactly one attempt.

    Raises NotAuthorized webuntis.login_refused; Rejected webuntis.school_unknown_there, .school_moved, .bad_token,
    .wrong_tenant; Unreachable; Throttled.
    """
    pair = f"{connection.client_id}:{connection.password}".encode()
    request = Request(
        "POST",
        endpoints.token(connection, tenant),
        "webuntis",
        Repeat.UNSENT,
        headers=(
            ("Authorization", "Basic " + base64.b64encode(pair).decode("ascii")),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ),
        body=_FORM.encode(),
    )
    try:
        answer = door.send(request)
    except Rejected as err:
        # A renamed server answers with its new address (2025-12: mese → <school>). Named, never followed.
        if err.code == "http.redirected" and err.facts["to"] != request.host:
            facts = {"server": err.facts["to"], "expected": request.host}
            raise Rejected("webuntis.school_moved", service="webuntis", **facts) from err
        raise
    token, life = token_in(answer)
    if (stated := token_tenant(token)) and stated != tenant:
        raise Rejected("webuntis.wrong_tenant", service="webuntis", where="token")
    return token, life


def token_in(answer: Answer) -> tuple[str, float]:
    """The token in a token endpoint's answer and the seconds it may be used, or the error the answer means (pure)."""
    told = answer.error_body()
    if not answer.ok or told.get("error") is not None:
        raise _refusal(answer, told)
    body = answer.json()
    token = body.get("access_token") if isinstance(body, dict) else None
    # It goes into a header: visible ASCII only.
    if not isinstance(token, str) or not token or not all("!" <= letter <= "~" for letter in token):
        raise Rejected("webuntis.bad_token", service="webuntis")
    return token, _life(body.get("expires_in"))


def _life(expires_in: Any) -> float:
    try:
        seconds = float(expires_in)  # 180, also "180"
    except (TypeError, ValueError, OverflowError):
        return WITHOUT_WORD
    if not seconds > 0:  # also NaN
        return WITHOUT_WORD
    return min(max(seconds - EARLY, SHORTEST), LONGEST)


def _refusal(answer: Answer, told: dict[str, Any]) -> RemoteError:
    error = told.get("error")
    number = error.get("code") if isinstance(error, dict) else None
    facts: dict[str, str | int] = {"status": answer.status, "host": answer.host, **traces(told)}
    if number == _MAINTENANCE:
        return Unreachable("webuntis.maintenance", service="webuntis", **facts)
    if number == _UNKNOWN_SCHOOL or answer.status in (404, 410):
        return Rejected("webuntis.school_unknown_there", service="webuntis", **facts)
    if answer.status in (408, 429) or answer.status >= 500:
        return answer.refusal(**traces(told))
    # Everything else counts as a wrong login, invalid_grant and invalid_client as well as what we do not know:
    # better one question to a person too many than eight attempts.
    if isinstance(error, str) and error in _OAUTH:
        facts["error"] = error
    elif isinstance(number, int):
        facts["error"] = number
    return NotAuthorized("webuntis.login_refused", service="webuntis", **facts)


_OAUTH = frozenset(  # RFC 6749 5.2
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)
