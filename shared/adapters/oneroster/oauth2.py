"""Tokens by OAuth 2 client credentials: one per connection and secret, found once, asked with fewer rights if need be.

A refused way of asking is not asked again for the same secret: which address, which spelling of the credentials and
which rights work is remembered with the token.
"""

import base64
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from shared.adapters.http import Answer, Door, Repeat, Request
from shared.adapters.oneroster.dialect import DIALECTS
from shared.adapters.oneroster.refusal import OAUTH, SERVICE, refusal, told
from shared.errors import NotAuthorized, Rejected, RemoteError
from shared.gradebook_port import SisConnection, SisRejected

EARLY, WITHOUT_WORD, SHORTEST, LONGEST = 60.0, 3600.0, 5.0, 86_400.0  # seconds of life
# Where token endpoints were seen: no standard says. Below the prefix first, then below the host alone.
_NEAR = ("/oauth/token", "/oauth2/token", "/token")
_ON_HOST = ("/api/oauth/token", "/oauth/token", "/oauth2/token", "/oauth/rest/v2.0/auth", "/token")
_WAYS = ("basic", "form")  # RFC 6749 2.3.1 asks for Basic; Aspen reads the form alone

_MOST = 500  # connections of one instance
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Way:
    url: str
    credentials: str
    scopes: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = field(default="", repr=False)
    until: float = 0.0
    way: _Way | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Given:
    """A token as it was given, with its `life` in seconds and the rights the answer names ("" : it names none)."""

    token: str = field(repr=False)
    life: float
    scope: str


class Tokens:
    """The tokens of one instance, at most 500. Two threads that need the same one ask once.

    Where a secret got no token, the search for a token address does not offer it again.
    """

    def __init__(self, door: Door, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._monotonic = monotonic
        self._entries: dict[SisConnection, _Entry] = {}
        self._tokenless: dict[tuple[str, str], set[str]] = {}  # (school, secret version) → addresses
        self._lock = threading.Lock()

    def get(self, connection: SisConnection, *, not_this: str = "") -> str:
        """A live token that is not `not_this`, one that was just refused.

        Raises NotAuthorized oneroster.credentials_refused, .scope_refused; SisRejected oneroster.token_url_unknown,
        .bad_token; Unreachable; Throttled.
        """
        entry = self._entry(connection)
        with entry.lock:
            if entry.token and entry.token != not_this and self._monotonic() < entry.until:
                return entry.token
            asked = self._monotonic()
            entry.token = ""
            given, entry.way = self._login(connection, entry.way)
            entry.token, entry.until = given.token, asked + given.life
            entry.scopes = tuple(given.scope.split()) or entry.way.scopes  # RFC 6749 5.1: left out when as asked
            return entry.token

    def url(self, connection: SisConnection) -> str:
        """Where the token came from: what to keep, so that it need not be looked for again. "" before the first."""
        way = self._entry(connection).way
        return way.url if way else connection.token_url

    def scopes(self, connection: SisConnection) -> tuple[str, ...]:
        """The rights that came with the token; () before the first, and when neither side named any."""
        return self._entry(connection).scopes

    def _entry(self, connection: SisConnection) -> _Entry:
        with self._lock:
            if len(self._entries) >= _MOST and connection not in self._entries:
                self._entries.pop(next(iter(self._entries)))  # the oldest
            return self._entries.setdefault(connection, _Entry())

    def _login(self, connection: SisConnection, known: _Way | None) -> tuple[_Given, _Way]:
        if known:
            answer = self._post(connection, known)
            return _token_in(answer), known
        tokenless = self._where_not(connection)
        guesses = (url for url in _candidates(connection.prefix) if url not in tokenless)
        for url in (connection.token_url,) if connection.token_url else guesses:
            try:
                found = self._login_at(connection, url)
            except NotAuthorized:
                tokenless.add(url)
                raise
            except Rejected as err:
                if err.code not in ("http.html", "http.not_json", "oneroster.token_url_unknown") and (
                    connection.token_url or err.code != "http.redirected"
                ):
                    raise
                found = None
            if found:
                return found
            tokenless.add(url)
        host = urlsplit(connection.token_url or connection.prefix).hostname or ""
        raise SisRejected("oneroster.token_url_unknown", service=SERVICE, host=host)

    def _where_not(self, connection: SisConnection) -> set[str]:
        """The addresses at which this secret got no token."""
        secret = (connection.school, connection.secret_version)
        with self._lock:
            if len(self._tokenless) >= _MOST and secret not in self._tokenless:
                self._tokenless.pop(next(iter(self._tokenless)))
            return self._tokenless.setdefault(secret, set())

    def _login_at(self, connection: SisConnection, url: str) -> tuple[_Given, _Way] | None:
        """The token; None when there is no token endpoint at this address. Each way of asking is asked at most once."""
        sets = DIALECTS[connection.version].scopes
        credentials, scopes = 0, 0
        while True:
            way = _Way(url, _WAYS[credentials], sets[scopes])
            answer = self._post(connection, way)
            if answer.ok:
                given = _token_in(answer)
                fields = {"event": "sis_token", "school": connection.school, "scopes": len(way.scopes)}
                log.info("token from the SIS", extra={"fields": fields})
                return given, way
            error = told(answer.error_body()).minor
            if not connection.token_url and (
                answer.status in (404, 405, 410) or (answer.status < 500 and error not in OAUTH)
            ):
                return None
            if error == "invalidscope" and scopes + 1 < len(sets):
                scopes += 1
            elif (error in ("invalidclient", "invalidrequest") or answer.status == 401) and credentials == 0:
                credentials += 1
            else:
                raise _refused(answer)

    def _post(self, connection: SisConnection, way: _Way) -> Answer:
        form = {"grant_type": "client_credentials"}
        if way.scopes:
            form["scope"] = " ".join(way.scopes)
        headers = [("Content-Type", "application/x-www-form-urlencoded")]
        if way.credentials == "basic":
            pair = base64.b64encode(f"{connection.key}:{connection.secret}".encode()).decode("ascii")
            headers.append(("Authorization", f"Basic {pair}"))
        else:
            form |= {"client_id": connection.key, "client_secret": connection.secret}
        return self._door.send(
            Request("POST", way.url, SERVICE, Repeat.UNSENT, headers=tuple(headers), body=urlencode(form).encode())
        )


def _candidates(prefix: str) -> Iterator[str]:
    parts = urlsplit(prefix)
    host = f"{parts.scheme}://{parts.netloc}"
    # Aeries has it below the OneRoster base itself.
    urls = [prefix + path for path in _NEAR] + [host + path for path in _ON_HOST]
    yield from dict.fromkeys([*urls, f"{prefix}/ims/oneroster/v1p1/token"])


def _refused(answer: Answer) -> RemoteError:
    error = told(answer.error_body()).minor
    if answer.status in (408, 429) or answer.status >= 500:
        return refusal(answer, "token")
    facts: dict[str, str | int] = {"status": answer.status, "host": answer.host}
    if error:
        facts["minor"] = error
    if error == "invalidscope":
        return NotAuthorized("oneroster.scope_refused", service=SERVICE, **facts)
    if answer.status in (404, 405, 410):
        return SisRejected("oneroster.token_url_unknown", service=SERVICE, host=answer.host)
    return NotAuthorized("oneroster.credentials_refused", service=SERVICE, what="token", **facts)


def _token_in(answer: Answer) -> _Given:
    if not answer.ok:
        raise _refused(answer)
    body = answer.json()
    if told(body, ok=True).failed:
        raise NotAuthorized("oneroster.credentials_refused", service=SERVICE, what="token", status=answer.status)
    found = body if isinstance(body, dict) else {}
    token = found.get("access_token")
    kind = found.get("token_type", "bearer")
    # It goes into a header: visible ASCII only.
    usable = isinstance(token, str) and token and all("!" <= letter <= "~" for letter in token)
    if not usable or not isinstance(kind, str) or kind.lower() != "bearer":
        raise SisRejected("oneroster.bad_token", service=SERVICE, host=answer.host)
    scope = found.get("scope")
    return _Given(str(token), _life(found.get("expires_in")), scope if isinstance(scope, str) else "")


def _life(expires_in: Any) -> float:
    try:
        seconds = float(expires_in)  # 3600, also "3600"
    except (TypeError, ValueError, OverflowError):
        seconds = WITHOUT_WORD
    if not seconds > 0:  # also NaN
        seconds = WITHOUT_WORD
    return min(max(seconds - EARLY, SHORTEST), LONGEST)
