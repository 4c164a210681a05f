"""When to ask again and how long to wait first: pure, so that every wait can be tested without waiting."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shared.adapters.http.message import Repeat
from shared.values import dataclass

_DAY = 86_400.0

# Failures of the moment. TLS is not among them: a certificate does not mend itself in a second.
_CONNECTING = frozenset({"http.dns", "http.connect", "http.connect_timeout"})
_SENT = frozenset({"http.read_timeout", "http.half_answer"})


@dataclass(frozen=True, slots=True)
class Pace:
    """Time and chance, so that tests bring their own. `monotonic` and `sleep` in seconds, `chance` in [0, 1)."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


REAL = Pace()


def repeats_failure(code: str, repeat: Repeat) -> bool:
    """Whether a request that failed with this code may be sent again."""
    return code in _CONNECTING or (repeat is Repeat.ALWAYS and code in _SENT)


def repeats_status(status: int, repeat: Repeat) -> bool:
    """Whether a request that was answered with this status may be sent again. 501 and 505 will not change."""
    return repeat is Repeat.ALWAYS and (status == 429 or (status >= 500 and status not in (501, 505)))


def wait_before(attempt: int, *, asked: float | None, chance: float) -> float:
    """Seconds before attempt 2, 3, …: doubling from half a second, spread by chance so that a thousand schools do not
    return together, and never sooner than the other side asked."""
    return (asked or 0.0) + 0.25 * (1 << (attempt - 1)) * (0.5 + chance)


def retry_after(header: str, now: datetime) -> float | None:
    """Retry-After in seconds (RFC 9110 10.2.3: a number or an HTTP date), at most a day; None when it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _DAY)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max((when - now).total_seconds(), 0.0), _DAY)
