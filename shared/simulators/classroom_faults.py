"""Switches that make the Classroom simulator fail in one named way, for so many requests as a test or a person asks."""

import dataclasses
import threading
from dataclasses import dataclass
from typing import Any, Literal, get_args

GoogleKind = Literal[
    "throttled",  # 429 RESOURCE_EXHAUSTED, with Retry-After when `retry_after` is given
    "rate_limited",  # 403 rateLimitExceeded
    "error",  # `status`
    "api_disabled",  # 403: the school's administrator switched the Classroom API off
    "service_disabled",  # 403: the Classroom API is not enabled for our project
    "forbidden",  # 403 without a word why
    "revoked",  # all access tokens die just before this request
    "delay",  # the answer comes after `seconds`
    "half",  # Content-Length promises twice what is sent
    "hang_up",  # the connection closes without an answer
    "html",  # a page for people with `status`
    "same_page",  # nextPageToken leads back to this page
]


@dataclass(frozen=True, slots=True)
class GoogleFault:
    """One way to fail, for requests whose path contains `path` ("" any): the first `after` of them pass, the next
    `times` fail (None: until cleared)."""

    kind: GoogleKind
    path: str = ""
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    status: int = 500
    retry_after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(GoogleKind):
            raise ValueError(f"no such fault: {self.kind!r}")


def google_fault_from_json(value: Any) -> GoogleFault:
    """A fault from a JSON object with the fields of `GoogleFault`; raises ValueError, also for an unknown field."""
    try:
        return GoogleFault(**value)
    except TypeError as err:
        raise ValueError(str(err)) from err


class GoogleFaultBoard:
    """The switches that are on. Safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: list[tuple[GoogleFault, int]] = []  # with the number of requests each has met

    def add(self, *faults: GoogleFault) -> None:
        with self._lock:
            self._on += [(fault, 0) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._on = []

    def on(self) -> list[dict[str, Any]]:
        """Those that may still fire, as JSON objects."""
        with self._lock:
            return [dataclasses.asdict(fault) for fault, _ in self._on]

    def due(self, path: str) -> dict[GoogleKind, GoogleFault]:
        """Count one request, and return the faults it runs into by kind (the one added first wins)."""
        due: dict[GoogleKind, GoogleFault] = {}
        with self._lock:
            still: list[tuple[GoogleFault, int]] = []
            for fault, met in self._on:
                if fault.path in path:
                    if met >= fault.after:
                        due.setdefault(fault.kind, fault)
                    met += 1
                if fault.times is None or met < fault.after + fault.times:
                    still.append((fault, met))
            self._on = still
        return due
