"""The one door to the network: every call out passes `Door.send`, and comes back as an Answer or as one of our errors.

Bounded in every direction (connect, read, total time, size before and after unpacking, tries), bound to an address
rule, without redirects, cookies, proxies or anything else from the environment. Errors name a host, never a URL.
"""

import logging
import re
from dataclasses import replace

import requests
import urllib3.exceptions

from shared.adapters.http.address import AddressRefused, AddressRule
from shared.adapters.http.body import BodyRefused, HalfABody, read_body
from shared.adapters.http.line import Dial, Line, NotConnected, dial_tcp
from shared.adapters.http.message import Answer, Request
from shared.adapters.http.retry import REAL, Pace, repeats_failure, repeats_status, retry_after, wait_before
from shared.errors import Rejected, RemoteError, Unreachable
from shared.values import dataclass

USER_AGENT = "Profijt-Koppelingen/0.1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOST = re.compile(r"https?://([a-z0-9.-]{1,253})(?:[:/?].*)?", re.IGNORECASE)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two reads, and for all tries and waits together; bytes of body; tries."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0
    body: int = 8 * 1024 * 1024  # the most people a school has, in pages of 500, is far below; JSON takes 20× in memory
    tries: int = 3


class Door:
    """Sends requests where `rule` allows. Safe under threads; keeps connections for a few seconds, nothing else.

    `trust` is a file with the certificate authorities to believe, "" for the usual ones.
    """

    def __init__(
        self,
        rule: AddressRule,
        *,
        limits: Limits = Limits(),  # noqa: B008 — frozen
        pace: Pace = REAL,
        dial: Dial = dial_tcp,
        trust: str = "",
    ) -> None:
        self._rule = rule
        self._limits = limits
        self._pace = pace
        self._trust: str | bool = trust or True
        self._line = Line(rule, dial)

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status. Repeats by itself, as `request.repeat` allows, while there is time.

        Raises Unreachable (http.dns, .connect, .connect_timeout, .tls, .read_timeout, .half_answer, .deadline) and
        Rejected (address.…, http.redirected, .too_large, .encoding, .bad_request).
        """
        deadline = self._pace.monotonic() + self._limits.total
        for attempt in range(1, self._limits.tries + 1):
            failure: RemoteError | None = None
            answer: Answer | None = None
            try:
                answer = self._once(request, deadline - self._pace.monotonic())
            except Unreachable as err:
                if not repeats_failure(err.code, request.repeat):
                    raise
                failure = err
            else:
                if not repeats_status(answer.status, request.repeat):
                    return answer
            asked = answer.retry_after if answer else None
            wait = wait_before(attempt + 1, asked=asked, chance=self._pace.chance())
            if attempt == self._limits.tries or self._pace.monotonic() + wait >= deadline:
                break
            log.warning(
                "asking again",
                extra={
                    "fields": {
                        "event": "asking_again",
                        "service": request.service,
                        "host": request.host,
                        "attempt": attempt,
                        "code": failure.code if failure else f"http.{answer.status if answer else 0}",
                    }
                },
            )
            self._pace.sleep(wait)
        if failure is not None:
            raise failure
        assert answer is not None
        return answer

    def _once(self, request: Request, seconds: float) -> Answer:
        """One try within `seconds`."""
        facts: dict[str, str] = {"service": request.service, "host": request.host}
        with self._line.watched(seconds) as watch:
            try:
                answer = self._exchange(request, seconds)
            except (AddressRefused, BodyRefused) as err:
                raise Rejected(err.code, **facts) from err
            except NotConnected as err:
                raise Unreachable("http.deadline" if watch.expired else err.code, **facts) from err
            except _UNSENDABLE:
                # Not chained: requests quotes the header it refuses, and that may be the one with the password.
                raise Rejected("http.bad_request", **facts) from None
            except _FAILURES as err:
                raise Unreachable("http.deadline" if watch.expired else _code_of(err), **facts) from err
            # Hanging up looks like the end of the headers to http.client: what came after the deadline is not believed.
            if watch.expired:
                raise Unreachable("http.deadline", **facts)
        if answer.status in _REDIRECTS:
            # A school's server that moved points elsewhere; following would hand the password to whoever is there.
            target = _HOST.fullmatch(answer.headers.get("location", ""))
            raise Rejected("http.redirected", to=target[1].lower() if target else request.host, **facts)
        return answer

    def _exchange(self, request: Request, seconds: float) -> Answer:
        headers = {
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "gzip",
            "Accept": "application/json",
            **dict(request.headers),
        }
        url = self._rule.url(request.url)
        prepared = requests.Request(
            request.method, url, headers=headers, params=list(request.query), data=request.body
        ).prepare()
        connect, read = (min(limit, max(seconds, 0.001)) for limit in (self._limits.connect, self._limits.read))
        # The adapter itself instead of a Session: nothing of the environment, no cookies, no redirects, no netrc.
        response = self._line.send(prepared, stream=True, timeout=(connect, read), verify=self._trust, proxies={})
        with response:
            received = {name.lower(): value for name, value in response.headers.items()}
            encoding = received.get("content-encoding", "").strip().lower()
            body = read_body(response.raw, encoding=encoding, limit=request.most or self._limits.body)
        answer = Answer(request.service, request.host, response.status_code, received, body)
        return replace(answer, retry_after=retry_after(received.get("retry-after", ""), self._pace.now()))


_UNSENDABLE = (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL)
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, HalfABody, OSError)


def _code_of(err: BaseException) -> str:
    """Which failure it was, in our words; requests and urllib3 have two names for each."""
    if isinstance(err, requests.exceptions.SSLError):
        return "http.tls"
    if isinstance(err, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "http.read_timeout"
    return "http.half_answer"  # closed, reset or garbled before the end
