"""Answers this instance made before, by what they were made of: a tag is never reused for other contents."""

import threading
from collections import OrderedDict
from collections.abc import Callable

MOST = 24 * 1024 * 1024  # bytes: two thousand own weeks


class KeptAnswers:
    """Safe under threads; two that ask for the same at once may both make it."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._most = most
        self._size = 0
        self._lock = threading.Lock()

    def get(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """The answer with this tag, made when it is not here (any more)."""
        with self._lock:
            if tag in self._kept:
                self._kept.move_to_end(tag)
                return self._kept[tag]
        body = make()
        with self._lock:
            if tag not in self._kept and len(body) <= self._most // 4:
                self._kept[tag] = body
                self._size += len(body)
            while self._size > self._most:
                _, old = self._kept.popitem(last=False)
                self._size -= len(old)
        return body
