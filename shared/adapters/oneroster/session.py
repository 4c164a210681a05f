"""Asks one SIS one thing: signed anew at every attempt, a read again when that may help, a PUT never blindly twice.

The door would send the same signature again, so it is told to repeat only what was never sent.
"""

import secrets
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from shared.adapters.http import Answer, Door, Pace, Repeat, Request
from shared.adapters.http.retry import REAL, wait_before
from shared.adapters.oneroster import oauth1
from shared.adapters.oneroster.oauth2 import Tokens
from shared.adapters.oneroster.refusal import SERVICE, Told, failure_inside, refusal, told
from shared.errors import NotAuthorized, RemoteError, Throttled, Unreachable
from shared.gradebook_port import SisConnection
from shared.values import dataclass

TRIES, SECONDS = 4, 60.0
_SKEW = 240.0  # servers allow 5 to 10 minutes
_SENT = frozenset({"http.read_timeout", "http.half_answer"})


@dataclass(frozen=True, slots=True)
class Said:
    """A 2xx answer: its decoded body (None for none), its headers, and what it says about success (never failure)."""

    body: Any
    headers: dict[str, str]
    told: Told


class Session:
    """Safe under threads; keeps nothing but the tokens it is given."""

    def __init__(
        self,
        connection: SisConnection,
        *,
        door: Door,
        tokens: Tokens,
        pace: Pace = REAL,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._connection = connection
        self._door = door
        self._tokens = tokens
        self._pace = pace
        self._nonce = nonce

    def get(self, url: str, what: str) -> Said:
        """The answer to a read about `what`, the word that errors carry. Raises what Gradebook raises."""
        answer = self._send("GET", url, None, what)
        body = answer.json()
        return Said(body, answer.headers, self._believed(body, answer, what))

    def put(self, url: str, value: Any, what: str) -> Said:
        """The answer to a write. Its body is often empty and sometimes no JSON: it proves nothing either way."""
        answer = self._send("PUT", url, msgspec.json.encode(value), what)
        body = answer.error_body() or None
        return Said(body, answer.headers, self._believed(body, answer, what))

    def delete(self, url: str, what: str) -> None:
        """As `put`: what was answered proves nothing. Sent again when that may help: a second time changes nothing."""
        answer = self._send("DELETE", url, None, what)
        self._believed(answer.error_body() or None, answer, what)

    def token_url(self) -> str:
        """Where tokens of this connection come from; "" for signatures, and before the first."""
        return self._tokens.url(self._connection) if self._connection.security == "oauth2" else ""

    def scopes(self) -> tuple[str, ...]:
        """The rights that came with the last token; none for signatures, and when it was not told."""
        return self._tokens.scopes(self._connection) if self._connection.security == "oauth2" else ()

    def _believed(self, body: Any, answer: Answer, what: str) -> Told:
        found = told(body, ok=True)
        if found.minor == "serverbusy":
            raise Throttled("http.throttled", service=SERVICE, retry_after=answer.retry_after, host=answer.host)
        if found.failed:
            raise failure_inside(found, what, answer.host)
        return found

    def _send(self, method: str, url: str, body: bytes | None, what: str) -> Answer:
        deadline = self._pace.monotonic() + SECONDS
        renewed = False
        attempt = 1
        while True:
            failure: RemoteError
            asked: float | None = None
            header, token = self._authorization(method, url)
            try:
                answer = self._once(method, url, body, header)
            except Unreachable as err:
                if method == "PUT" or err.code not in _SENT:
                    raise
                failure = err
            else:
                if answer.ok:
                    return answer
                if answer.status == 401 and token and not renewed:
                    self._tokens.get(self._connection, not_this=token)
                    renewed = True
                    continue
                failure = self._meant(answer, what)
                if not _again(method, answer.status, attempt):
                    raise failure
                asked = answer.retry_after
            attempt += 1
            wait = wait_before(attempt, asked=asked, chance=self._pace.chance())
            if attempt > TRIES or self._pace.monotonic() + wait >= deadline:
                raise failure
            self._pace.sleep(wait)

    def _authorization(self, method: str, url: str) -> tuple[str, str]:
        """The header for this attempt, and the token in it ("" when it is a signature)."""
        c = self._connection
        if c.security == "oauth2":
            token = self._tokens.get(c)
            return f"Bearer {token}", token
        now = int(self._pace.now().timestamp())
        return oauth1.authorization(
            method, url, key=c.key, secret=c.secret, by=c.security, timestamp=now, nonce=self._nonce()
        ), ""

    def _once(self, method: str, url: str, body: bytes | None, authorization: str) -> Answer:
        headers = [("Authorization", authorization)]
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        return self._door.send(Request(method, url, SERVICE, Repeat.UNSENT, headers=tuple(headers), body=body))

    def _meant(self, answer: Answer, what: str) -> RemoteError:
        """The error of an answer; a refused signature while the clocks differ is said to be that."""
        found = refusal(answer, what)
        if answer.status == 401 and self._connection.security != "oauth2" and (off := self._skew(answer)) > _SKEW:
            minutes = round(off / 60)
            return NotAuthorized("oneroster.clock_skew", service=SERVICE, host=answer.host, minutes=minutes)
        return found

    def _skew(self, answer: Answer) -> float:
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", ""))
        except (ValueError, TypeError, IndexError, OverflowError):
            return 0.0
        return abs((theirs - self._pace.now()).total_seconds()) if theirs.tzinfo else 0.0


def _again(method: str, status: int, attempt: int) -> bool:
    """Reads and deletes: too busy and passing failures, a plain 500 once. PUT: only when it was not taken on."""
    if status == 429:
        return True
    return method != "PUT" and (status in (502, 503, 504) or (status == 500 and attempt == 1))
