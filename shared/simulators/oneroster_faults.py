"""Switches that make the SIS simulator fail in one named way, for so many requests as a test or a person asks."""

import dataclasses
import threading
from dataclasses import dataclass
from typing import Any, Literal, get_args

SisKind = Literal[
    "throttled",  # 429, with Retry-After when `retry_after` is given; nothing is applied
    "delay",  # the answer comes after `seconds`
    "error",  # `status` before anything is applied
    "error_after",  # `status`, but a write has been applied
    "hang_up",  # the connection closes without an answer, before anything is applied
    "hang_up_after",  # the same, after a write has been applied
    "stores_nothing",  # a write is answered as if it were kept
    "half",  # Content-Length promises twice what is sent
    "html",  # a page for people with `status`
    "failure_inside",  # 200 or 201 with a statusInfoSet that says failure; nothing is applied
    "warning_inside",  # as usual, with a statusInfoSet of severity warning beside the data
    "revoked",  # all tokens die just before this request
    "forbidden",  # 403
    "same_link",  # every Link rel=next points to the first page
    "foreign_link",  # every Link rel=next points to another host
    "redirect",  # 302 to another host
]


@dataclass(frozen=True, slots=True)
class SisFault:
    """One way to fail, for requests by `method` ("" any) whose path contains `path` ("" any): the first `after` of them
    pass, the next `times` fail (None: until cleared)."""

    kind: SisKind
    method: str = ""
    path: str = ""
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    status: int = 500
    retry_after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(SisKind):
            raise ValueError(f"no such fault: {self.kind!r}")


def sis_fault_from_json(value: Any) -> SisFault:
    """A fault from a JSON object with the fields of `SisFault`; raises ValueError, also for an unknown field."""
    try:
        return SisFault(**value)
    except TypeError as err:
        raise ValueError(str(err)) from err


class SisFaultBoard:
    """The switches that are on. Safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: list[tuple[SisFault, int]] = []

    def add(self, *faults: SisFault) -> None:
        with self._lock:
            self._on += [(fault, 0) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._on = []

    def on(self) -> list[dict[str, Any]]:
        """Those that may still fire, as JSON objects."""
        with self._lock:
            return [dataclasses.asdict(fault) for fault, _ in self._on]

    def due(self, method: str, path: str) -> dict[SisKind, SisFault]:
        """Count one request, and return the faults it runs into by kind (the one added first wins)."""
        due: dict[SisKind, SisFault] = {}
        with self._lock:
            still: list[tuple[SisFault, int]] = []
            for fault, met in self._on:
                if fault.method in ("", method) and fault.path in path:
                    if met >= fault.after:
                        due.setdefault(fault.kind, fault)
                    met += 1
                if fault.times is None or met < fault.after + fault.times:
                    still.append((fault, met))
            self._on = still
        return due
