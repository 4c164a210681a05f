"""A run because a person asks for one: beside the scheduled ones, and not more often than once in five minutes."""

from datetime import datetime, timedelta

from shared.errors import Conflict, Invalid, ProfijtError, Throttled
from shared.flows.audit import audited
from shared.flows.record import decode, encode
from shared.flows.schools import read_school
from shared.flows.tick import order, run_id
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

BETWEEN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Order:
    """The last run of the school that a person asked for: who and when."""

    run: str
    by: str
    at: datetime


def order_path(school: str) -> str:
    return f"schools/{school}/linking/order"


def order_run(app: App, school_id: str, *, by: str) -> Order:
    """Ask for a run now, also while the coupling is paused: a person may know better than the calendar.

    Raises NotFound; Conflict "run.off" when the coupling is switched off, Invalid "settings.incomplete"; Throttled
    "request.too_many" when somebody asked a moment ago; Unreachable when the queue takes nothing: then nothing changed.
    """
    school, _ = read_school(app, school_id)
    if not school.webuntis.enabled:
        raise Conflict("run.off")
    if not school.webuntis.complete:
        raise Invalid("settings.incomplete", missing=school.webuntis.missing)
    now = app.now()
    before = app.store.get(order_path(school_id))
    _expect_patience(before, now)
    asked = new_order(app, by=by)
    event = audited(app, school_id, actor=by, action="run.ordered", subject=asked.run, after={})
    try:
        [version, _] = app.store.commit([order_write(school_id, asked, before), event])
    except Conflict:  # somebody else asked at this very moment
        raise Throttled("request.too_many", service="runs", retry_after=BETWEEN.total_seconds()) from None
    try:
        order(app, [school_id], run=asked.run, trigger="person", by=by)
    except ProfijtError:
        back = before.data if before else None
        app.store.commit([Write(order_path(school_id), back, expect=version), Write(event.path, None)])
        raise
    return asked


def new_order(app: App, *, by: str) -> Order:
    """An order of this moment, under a name that no scheduled run has."""
    now = app.now()
    return Order(f"{run_id(now)}-{app.new_id()}", by, now)


def order_write(school: str, asked: Order, before: Document | None) -> Write:
    """The write that makes this the last order, in place of `before` as it was read."""
    return Write(order_path(school), encode(asked), expect=before.version if before else ABSENT)


def read_order(app: App, school: str) -> Order | None:
    """The last order, or None."""
    found = app.store.get(order_path(school))
    return decode(found.data, Order) if found else None


def _expect_patience(before: Document | None, now: datetime) -> None:
    if before is None:
        return
    left = decode(before.data, Order).at + BETWEEN - now
    if left > timedelta():
        raise Throttled("request.too_many", service="runs", retry_after=left.total_seconds())
