"""Secrets asked for again within some minutes cost no call; what was disabled elsewhere is noticed when they are over.

A version's text never changes, so a kept text is never wrong, at most no longer allowed.
"""

import threading
from collections.abc import Callable
from typing import Literal

from shared.ports import Secrets


class RememberedSecrets:
    """Plays Secrets in front of another: keeps at most `limit` read texts, each for `seconds`, in memory only.

    Disabling or destroying through this object forgets at once. `clock` counts seconds and never goes back
    (time.monotonic). Only what was found is kept: NotFound is asked again each time.
    """

    def __init__(
        self, secrets: Secrets, *, clock: Callable[[], float], seconds: float = 600.0, limit: int = 500
    ) -> None:
        self._secrets = secrets
        self._clock = clock
        self._seconds = seconds
        self._limit = limit
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}  # until when, text; oldest first
        self._ended = 0  # how often something was disabled or destroyed
        self._lock = threading.Lock()

    def add(self, name: str, value: str) -> str:
        return self._secrets.add(name, value)

    def read(self, name: str, version: str) -> str:
        with self._lock:
            until, text = self._kept.get((name, version), (0.0, ""))
            if text and self._clock() < until:
                return text
            ended = self._ended
        text = self._secrets.read(name, version)
        with self._lock:
            if ended == self._ended:  # else this very version may have been disabled while it was on its way
                self._keep((name, version), text)
        return text

    def disable(self, name: str, version: str) -> None:
        try:
            self._secrets.disable(name, version)
        finally:
            self._forget(name, version)

    def destroy(self, name: str, version: str) -> None:
        try:
            self._secrets.destroy(name, version)
        finally:
            self._forget(name, version)

    def versions(self, name: str) -> dict[str, Literal["enabled", "disabled", "destroyed"]]:
        return self._secrets.versions(name)

    def _keep(self, key: tuple[str, str], text: str) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (self._clock() + self._seconds, text)
        if len(self._kept) > self._limit:
            del self._kept[next(iter(self._kept))]

    def _forget(self, name: str, version: str) -> None:
        with self._lock:
            self._ended += 1
            self._kept.pop((name, version), None)
