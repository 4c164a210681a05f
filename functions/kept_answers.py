"""Answers this instance made before, by what they were made of: a tag is never reused for other contents."""

import threading
from collections import OrderedDict
from collections.abc import Callable

MOST = 24 * 1024 * 1024  # bytes: two thousand own weeks


class KeptAnswers:
    """Safe under threads; of all that ask for the same at once one makes it, and the others wait for that."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, threading.Lock] = {}
        self._most = most
        self._size = 0
        self._lock = threading.Lock()

    def get(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """The answer with this tag, made when it is not here (any more). What `make` raises is not kept."""
        with self._lock:
            if (found := self._found(tag)) is not None:
                return found
            turn = self._making.setdefault(tag, threading.Lock())
        with turn:
            with self._lock:
                found = self._found(tag)
            if found is not None:
                return found
            try:
                body = make()
                self._keep(tag, body)
            finally:
                with self._lock:
                    self._making.pop(tag, None)
            return body

    def _found(self, tag: str) -> bytes | None:
        if tag in self._kept:
            self._kept.move_to_end(tag)
        return self._kept.get(tag)

    def _keep(self, tag: str, body: bytes) -> None:
        with self._lock:
            if tag not in self._kept and len(body) <= self._most // 4:
                self._kept[tag] = body
                self._size += len(body)
            while self._size > self._most:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old)
