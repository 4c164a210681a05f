"""Keeps what seldom changes for an hour, per login, so that a school is asked for its lists once and not every time."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

LIFE = 3600.0  # seconds

T = TypeVar("T")


class Kept:
    """Safe under threads: two that miss the same list at once both ask for it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._values: dict[tuple[Hashable, str], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, owner: Hashable, what: str, fetch: Callable[[], T]) -> T:
        """What `fetch` gave in the last hour, or gives now."""
        now = self._monotonic()
        with self._lock:
            until, value = self._values.get((owner, what), (now, None))
        if until > now:
            return cast(T, value)
        fetched = fetch()
        with self._lock:
            self._values = {place: each for place, each in self._values.items() if each[0] > now}
            self._values[owner, what] = (now + LIFE, fetched)
        return fetched

    def forget(self, owner: Hashable) -> None:
        """All that is kept for this login."""
        with self._lock:
            self._values = {place: each for place, each in self._values.items() if place[0] != owner}
