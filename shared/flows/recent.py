"""Documents as this instance read them some seconds ago, for readers who may see them that late.

For reading only: whoever writes, reads the store. Kept by path, so nobody sees through it what he may not ask for.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta
from operator import is_
from typing import Any, TypeVar

from shared.ports import Document, Store

MOST = 4096  # documents
MADE = 512  # values made of them

T = TypeVar("T")


class Recent:
    """Safe under threads. One per store; also that a document is not there is remembered."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[str, tuple[float, Document | None]] = OrderedDict()
        self._made: OrderedDict[tuple[object, ...], tuple[Sequence[Document | None], Any]] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get_many(self, store: Store, paths: Sequence[str], within: timedelta) -> dict[str, Document]:
        """As the store's, but those read `within` this time are not read again; the rest takes one round trip."""
        seconds = within.total_seconds()
        if seconds <= 0:
            return store.get_many(paths)
        now = time.monotonic()
        with self._lock:
            known = {path: kept[1] for path in paths if (kept := self._kept.get(path)) and kept[0] > now - seconds}
        missing = [path for path in paths if path not in known]
        if missing:
            found = store.get_many(missing)
            known |= {path: found.get(path) for path in missing}
            self._keep(missing, known, now)
        return {path: document for path, document in known.items() if document is not None}

    def made(self, place: tuple[object, ...], documents: Sequence[Document | None], make: Callable[[], T]) -> T:
        """What was made of exactly these documents before, or `make()` now: the store gives other ones at each reading,
        so it lives as long as they are remembered. `place` says what it is, and of which paths."""
        kept = self._made.get(place)
        if kept and all(map(is_, kept[0], documents)):
            value: T = kept[1]
            return value
        value = make()
        with self._lock:
            self._made[place] = documents, value
            self._made.move_to_end(place)
            while len(self._made) > MADE:
                self._made.popitem(last=False)
        return value

    def forget(self, path: str) -> None:
        """It was written, or is about to be."""
        with self._lock:
            self._kept.pop(path, None)

    def _keep(self, paths: Sequence[str], known: dict[str, Document | None], now: float) -> None:
        with self._lock:
            for path in paths:
                self._kept[path] = now, known[path]
                self._kept.move_to_end(path)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


recent = Recent()
