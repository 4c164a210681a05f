"""At most so many of something per school in a while, whichever instance is asked: one small document counts."""

from datetime import datetime, timedelta

from shared.errors import Conflict, Throttled
from shared.flows.record import decode, encode
from shared.ports import ABSENT, App, Write
from shared.values import dataclass

AT_ONCE = 4  # tries when several ask in the same moment


@dataclass(frozen=True, slots=True)
class _Taken:
    times: tuple[datetime, ...] = ()


def take_turn(app: App, school: str, what: str, *, most: int, within: timedelta) -> None:
    """Count one turn of `what`. Raises Throttled "request.too_many" with the seconds until the next one is free."""
    path, now = f"schools/{school}/linking/turns-{what}", app.now()
    for _ in range(AT_ONCE):
        document = app.store.get(path)
        times = decode(document.data, _Taken).times if document else ()
        recent = tuple(time for time in times if time > now - within)
        if len(recent) >= most:
            wait = recent[-most] + within - now
            raise Throttled("request.too_many", service="profijt", retry_after=wait.total_seconds())
        data = encode(_Taken((*recent, now)))
        try:
            app.store.commit([Write(path, data, expect=document.version if document else ABSENT)])
        except Conflict:
            continue
        return
    raise Throttled("request.too_many", service="profijt", retry_after=1)
