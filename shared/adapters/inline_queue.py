"""A queue inside the process: `publish` returns before anything is handled, and a failed message comes again.

It keeps Pub/Sub's promises as long as the process lives; what is undelivered when it ends is gone.
"""

import heapq
import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from shared.adapters.message_text import encoded
from shared.errors import Misconfigured, Unreachable
from shared.ports import Message

_log = logging.getLogger(__name__)

_LONGEST = 600.0  # seconds between two attempts; Pub/Sub's own maximum


@dataclass(frozen=True, slots=True, order=True)
class _Delivery:
    due: float
    order: int
    topic: str = field(compare=False)
    text: bytes = field(compare=False)
    attempt: int = field(compare=False)

    def message(self) -> Message:
        body = msgspec.json.decode(self.text, type=dict[str, str])  # a new dict each time, as from Pub/Sub
        return Message(self.topic, body, id=str(self.order), attempt=self.attempt)


class InlineQueue:
    """Plays Queue, and delivers: each topic to the one handler that subscribed to it, on `workers` threads.

    A handler that raises gets the message again after `backoff` seconds, then after twice as long each time (at most
    600), until it has failed `attempts` times: then the message is in `dead()`. The others do not wait for it.
    """

    def __init__(self, *, workers: int, attempts: int, backoff: float) -> None:
        self._workers = workers
        self._attempts = attempts
        self._backoff = backoff
        self._handlers: dict[str, Callable[[Message], None]] = {}
        self._waiting: list[_Delivery] = []  # a heap: the next one due first
        self._running = 0
        self._taken = 0
        self._dead: list[Message] = []
        self._stopped = False
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()

    def subscribe(self, topic: str, handler: Callable[[Message], None]) -> None:
        """From now on `handler` gets what is published to `topic`. It must bear repetition and several threads."""
        with self._changed:
            self._handlers[topic] = handler

    def publish(self, topic: str, bodies: Sequence[Mapping[str, str]]) -> None:
        texts = [encoded(body) for body in bodies]
        with self._changed:
            if self._stopped:
                raise Unreachable("queue.unreachable", service="queue")
            if topic not in self._handlers:
                raise Misconfigured("queue.unknown_topic", topic=topic)
            for text in texts:
                self._taken += 1
                heapq.heappush(self._waiting, _Delivery(time.monotonic(), self._taken, topic, text, attempt=1))
            while len(self._threads) < self._workers:
                thread = threading.Thread(target=self._work, name="queue", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def dead(self) -> tuple[Message, ...]:
        """What was set aside after its last attempt, oldest first."""
        with self._changed:
            return tuple(self._dead)

    def drain(self, timeout: float) -> bool:
        """Wait until every message is handled or dead, at most `timeout` seconds; False when some are not."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._running, timeout)

    def stop(self, timeout: float) -> None:
        """Take and deliver nothing more; wait at most `timeout` seconds for the handlers that are at work."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (delivery := self._next()) is not None:
            again = None
            try:
                self._handlers[delivery.topic](delivery.message())
            except Exception as err:  # noqa: BLE001 - whatever a handler raises, the message must come again
                again = self._failed(delivery, err)
            with self._changed:
                self._running -= 1
                if again is not None:
                    heapq.heappush(self._waiting, again)
                self._changed.notify_all()

    def _next(self) -> _Delivery | None:
        """The next message that is due, waiting for it; None when the queue has stopped."""
        with self._changed:
            while not self._stopped:
                wait = self._waiting[0].due - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    self._running += 1
                    return heapq.heappop(self._waiting)
                self._changed.wait(wait)
            return None

    def _failed(self, delivery: _Delivery, err: Exception) -> _Delivery | None:
        """The delivery to try later, or None when it was the last one."""
        last = delivery.attempt >= self._attempts
        frame = traceback.extract_tb(err.__traceback__)[-1]
        _log.log(
            logging.ERROR if last else logging.WARNING,
            "queue: %s message %d of %s: attempt %d of %d failed: %s at %s:%d",  # never str(err): it may hold a name
            "set aside" if last else "will repeat",
            delivery.order,
            delivery.topic,
            delivery.attempt,
            self._attempts,
            getattr(err, "code", type(err).__name__),
            frame.filename,
            frame.lineno or 0,
        )
        if last:
            with self._changed:
                self._dead.append(delivery.message())
            return None
        wait = min(_LONGEST, self._backoff * 2 ** (delivery.attempt - 1))
        return replace(delivery, due=time.monotonic() + wait, attempt=delivery.attempt + 1)
