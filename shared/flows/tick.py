"""The scheduler's tick: one message per school that is enabled, so that no school waits for another."""

from datetime import datetime, timedelta

from shared.domain.run import Trigger
from shared.ports import App, Where

TOPIC = "link-school"
PAGE = 300


def tick(app: App) -> int:
    """Ask for a run of every enabled school; returns how many. May be repeated: within one minute it is one run.

    The run is named after the minute the tick came in and not after the scheduler's own schedule time: a tick forced
    by hand may carry the next scheduled time, and would then swallow that run.
    """
    run = run_id(app.now())
    cursor: str | None = None
    schools: list[str] = []
    while True:
        enabled = [Where("webuntis.enabled", "==", value=True)]
        page = app.store.query("schools", where=enabled, limit=PAGE, cursor=cursor)
        schools += [document.id for document in page.documents]
        cursor = page.cursor
        if cursor is None:
            break
    order(app, schools, run=run, trigger="schedule")
    return len(schools)


def order(app: App, schools: list[str], *, run: str, trigger: Trigger) -> None:
    """Put one run of each of these schools on the queue."""
    if schools:
        app.queue.publish(TOPIC, [{"school": school, "run": run, "trigger": trigger} for school in schools])


def run_id(now: datetime) -> str:
    """A run's name: the minute it was asked for, UTC, so that names sort by time: "20261122T0800Z"."""
    return now.strftime("%Y%m%dT%H%MZ")


def next_tick(now: datetime, every: timedelta) -> datetime:
    """When the next scheduled run is due, `every` counted from the whole hour (UTC)."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    passed = (now - hour) // every
    return hour + every * (passed + 1)
