"""Finds the snapshot that answers a reader, without waiting for WebUntis whenever there is any.

A reader whose snapshot is old gets it, marked, and a refresh is ordered behind his back: one per few minutes, however
many readers there are. Only where there is none at all does the reader wait while it is read, and not for long: of
several weeks he gets those that were there in time.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property

from shared.domain.planner.iso_week import IsoWeek
from shared.domain.school import School
from shared.errors import Conflict, Throttled, Unreachable
from shared.flows.lesson_source import lesson_origin, reads_alone
from shared.flows.recent import recent
from shared.flows.refresh_week import ASK_AGAIN, may_not_read, refresh_week
from shared.flows.week_part import Part
from shared.flows.weeks import Failure, Head, head_of, head_path, in_zone, is_stale, is_wanted, kept_until
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

TOPIC = "refresh-week"
ORDER_EVERY = timedelta(minutes=5)
TRY_EVERY = timedelta(seconds=30)  # where there is no snapshot and reading it failed
POLL = 0.2  # seconds between two looks whether another has read it


@dataclass(frozen=True)
class Found:
    """What there is to answer with. `mark` is the same as long as the contents and what is said of them are.

    `read` is the time up to which everything is in it, None when there is no snapshot. `failure` is why the last
    attempt to renew it failed. `busy`: somebody is reading it for the first time.
    """

    week: IsoWeek
    part: Part
    head: Head
    stale: bool
    busy: bool = False

    @property
    def read(self) -> datetime | None:
        return self.head.read

    @property
    def failure(self) -> Failure | None:
        return self.head.failure

    @cached_property
    def mark(self) -> str:
        failure = self.failure.code if self.failure else ""
        return f"{self.head.path} {self.head.digest} {self.read} {self.stale} {failure}"


def patience(app: App) -> float:
    """Until when (`time.monotonic`) somebody who asks now is kept waiting for weeks that nobody has read yet."""
    return time.monotonic() + app.rules.freshness.patience.total_seconds()


def find_weeks(
    app: App,
    school: School,
    weeks: Sequence[IsoWeek],
    part: Part,
    *,
    until: float,
    documents: Mapping[str, Document] | None = None,
) -> tuple[Found, ...]:
    """The snapshots of these weeks. One round trip, or none when the caller has read the heads' `documents`.

    What there is no snapshot of is read from WebUntis now, week after week; none is begun after `until` (`patience`, or
    0 for who does not wait), then it is only ordered.
    """
    paths = [head_path(school.id, week, part) for week in weeks]
    kept = app.store.get_many(paths) if documents is None else documents
    return tuple(
        _found(app, school, week, part, document=kept.get(path), until=until)
        for week, path in zip(weeks, paths, strict=True)
    )


def whole_may_be_read(app: App, school: School, found: Sequence[Found]) -> bool:
    """False when WebUntis said that this school's lessons may only be asked for person by person."""
    return not any(may_not_read(app, school, each.head) for each in found)


def order_again(app: App, school: School, found: Found) -> None:
    """Have a snapshot read anew however fresh it is, unless that was asked for minutes ago."""
    document = app.store.get(found.head.path)
    head = head_of(found.head.path, document, lesson_origin(school))
    _order(app, school, found.week, found.part, head=head, document=document)


def _found(app: App, school: School, week: IsoWeek, part: Part, *, document: Document | None, until: float) -> Found:
    path = head_path(school.id, week, part)
    head, now = head_of(path, document, lesson_origin(school)), app.now()
    local, busy = in_zone(now, school.zone), False
    if may_not_read(app, school, head):
        if head.refused_at and now - head.refused_at > ASK_AGAIN:
            _order(app, school, week, part, head=head, document=document)
    elif school.webuntis.enabled and is_wanted(app.rules.freshness, week, head, local):
        tried = head.failure and now - head.failure.at < TRY_EVERY
        # One by one is how an API user reads a whole school: longer than anybody waits, and than his request may take.
        slow = reads_alone(school) and not part.id
        if head.digest or slow or time.monotonic() >= until:
            _order(app, school, week, part, head=head, document=document)
        elif not tried:
            found = _first(app, school, week, part, path=path, until=until)
            head, busy = found or head, found is None
    stale = bool(head.digest) and is_stale(app.rules.freshness, week, head, local)
    return Found(week, part, head, stale, busy)


def _order(app: App, school: School, week: IsoWeek, part: Part, *, head: Head, document: Document | None) -> None:
    """Have it read by and by, unless that was asked for just now or is being done."""
    now, data = app.now(), document.data if document else {}
    lease = data.get("lease")
    if (head.ordered and now - head.ordered < ORDER_EVERY) or (lease and lease["owner"] and lease["until"] > now):
        return
    try:
        expect = document.version if document else ABSENT
        ordered = {"ordered": now, "expire_at": kept_until(app.rules.keep, week, now)}
        app.store.commit([Write(head.path, data | ordered, expect=expect)])
    except Conflict:
        return  # somebody else did
    finally:
        recent.forget(head.path)
    with suppress(Unreachable, Throttled):  # then some minutes later: no reason to keep the reader from what there is
        app.queue.publish(TOPIC, [body(school.id, week, part, now)])


def body(school: str, week: IsoWeek, part: Part, at: datetime) -> dict[str, str]:
    """The message that has a snapshot read, unless it was read after `at`."""
    return {"school": school, "week": week.name, "part": part.id, "at": at.isoformat()}


def _first(app: App, school: School, week: IsoWeek, part: Part, *, path: str, until: float) -> Head | None:
    """Read a week that nobody has read; one of this instance's threads does, the others wait for it. None when somebody
    is still at it at `until`."""
    recent.forget(path)  # that there was nothing
    turn = _turn(path)
    if not turn.acquire(timeout=max(0.0, until - time.monotonic())):
        return None
    try:
        head = head_of(path, app.store.get(path), lesson_origin(school))
        if head.digest or (head.failure and app.now() - head.failure.at < TRY_EVERY):
            return head
        while _is_busy(app, school, week, part):  # another instance reads it
            if time.monotonic() > until:
                return None
            time.sleep(POLL)
        return head_of(path, app.store.get(path), lesson_origin(school))
    finally:
        turn.release()


def _is_busy(app: App, school: School, week: IsoWeek, part: Part) -> bool:
    try:
        done = refresh_week(app, school.id, week, part, owner=app.new_id(), since=app.now() - TRY_EVERY)
    except (Unreachable, Throttled):
        return False  # and noted in the head
    return done.outcome == "busy"


_turns: dict[str, threading.Lock] = {}
_turns_lock = threading.Lock()


def _turn(path: str) -> threading.Lock:
    """The lock of this place in this instance; there are as many as weeks that were ever read first here."""
    with _turns_lock:
        return _turns.setdefault(path, threading.Lock())
