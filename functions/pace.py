"""How often one caller may ask this instance: a brake on what asks every second, not a count to bill by."""

import threading
import time
from collections import OrderedDict, deque

MOST_CALLERS = 10_000


class Pace:
    """At most `most` times `within` seconds for each key; safe under threads. Other instances count for themselves."""

    def __init__(self, most: int, within: float) -> None:
        self._most = most
        self._within = within
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Count one more and return 0.0, or the seconds until one is free again."""
        now = time.monotonic()
        with self._lock:
            times = self._times.setdefault(key, deque(maxlen=self._most))
            self._times.move_to_end(key)
            if len(self._times) > MOST_CALLERS:
                self._times.popitem(last=False)
            if len(times) == self._most and now - times[0] < self._within:
                return self._within - (now - times[0])
            times.append(now)
            return 0.0
