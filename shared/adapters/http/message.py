"""What goes through the door and what comes back: frozen values that never show a secret in their repr."""

import re
from dataclasses import field
from enum import Enum, auto
from typing import Any
from urllib.parse import urlsplit

import msgspec

from shared.errors import NotAuthorized, Rejected, RemoteError, Throttled, Unreachable
from shared.values import dataclass


class Repeat(Enum):
    """When the door may send a request again by itself."""

    ALWAYS = auto()  # asking twice is asking once: reads
    UNSENT = auto()  # only when the connection could not be made, so that nothing was sent: credentials, writes


@dataclass(frozen=True, slots=True)
class Request:
    """One question to `service` ("webuntis", "schoolsearch", …), the name that errors carry.

    `most`: the bytes its answer may have, where the door's own bound does not fit.
    """

    method: str
    url: str
    service: str
    repeat: Repeat = Repeat.UNSENT
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    most: int | None = None

    @property
    def host(self) -> str:
        """The host alone: all of the URL that errors and logs tell. "?" when what stands there is no host name."""
        try:
            host = urlsplit(self.url).hostname or "?"
        except ValueError:
            return "?"
        return host if re.fullmatch(r"[a-z0-9.-]{1,253}", host) else "?"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole and unpacked, whatever its status. Header names are lower-case.

    `retry_after`: the seconds the other side asked for, None when it did not.
    """

    service: str
    host: str
    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self, into: Any = Any) -> Any:
        """The JSON of a 2xx answer, read as the type `into`. Raises `refusal()` for another status; Rejected for HTML,
        what is no JSON or too deep or does not fit the type; Unreachable for JSON that stops halfway."""
        if not self.ok:
            raise self.refusal()
        text = self.body.removeprefix(b"\xef\xbb\xbf")
        # A login or maintenance page comes with 200, and sometimes with a JSON content type.
        if "html" in self.headers.get("content-type", "").lower() or text.lstrip().startswith(b"<"):
            raise Rejected("http.html", service=self.service, host=self.host)
        try:
            return msgspec.json.decode(text, type=into)
        except RecursionError as err:
            raise Rejected("http.too_deep", service=self.service, host=self.host) from err
        except (msgspec.MsgspecError, ValueError) as err:
            if "truncated" in str(err):  # msgspec's word for "the text ends too soon"
                raise Unreachable("http.half_answer", service=self.service, host=self.host) from err
            raise Rejected("http.not_json", service=self.service, host=self.host) from err

    def error_body(self) -> dict[str, Any]:
        """The JSON object an error came with, {} when it came with none."""
        try:
            found = msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def refusal(self, **facts: str | int) -> RemoteError:
        """The error a status that is not 2xx means anywhere; services with more to tell look at it first."""
        facts = {"host": self.host, "status": self.status, **facts}
        if self.status == 429 or (self.status >= 500 and self.retry_after is not None):
            return Throttled("http.throttled", service=self.service, retry_after=self.retry_after, **facts)
        if self.status >= 500 or self.status == 408:
            return Unreachable("http.server_error", service=self.service, **facts)
        if self.status in (401, 403):
            return NotAuthorized("http.not_authorized", service=self.service, **facts)
        return Rejected("http.refused", service=self.service, **facts)
