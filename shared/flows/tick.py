"""The scheduler's tick: one message per school that is due, so that no school waits for another; and one look at how
every school is doing, so that also a run that never came is noticed, and at how the systems did that schools met."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.run import Run, Trigger
from shared.domain.school import School
from shared.domain.status import is_paused
from shared.flows.linking_state import opened
from shared.flows.schools import school_of, state_path
from shared.flows.upstreams import note_upstreams
from shared.flows.watch_school import watch
from shared.ports import App

TOPIC = "link-school"
PAGE = 300


def tick(app: App) -> int:
    """Ask for a run of every school that is switched on and not paused; returns how many. May be repeated: within one
    minute it is one run.

    The run is named after the minute the tick came in and not after the scheduler's own schedule time: a tick forced
    by hand may carry the next scheduled time, and would then swallow that run.
    """
    now = app.now()
    asked = 0
    last: list[Run] = []
    cursor: str | None = None
    while True:
        page = app.store.query("schools", limit=PAGE, cursor=cursor)
        schools = [school_of(document) for document in page.documents]
        states = app.store.get_many([state_path(school.id) for school in schools])
        last += [run for state in states.values() if (run := opened(state).last)]
        for school in schools:  # before runs are asked for: while one is at work nothing can be noted
            watch(app, school, states.get(state_path(school.id)))
        due = [school.id for school in schools if school.webuntis.enabled and not is_paused(school, now)]
        order(app, due, run=run_id(now), trigger="schedule")
        asked += len(due)
        cursor = page.cursor
        if cursor is None:
            note_upstreams(app, last)
            return asked


def order(app: App, schools: list[str], *, run: str, trigger: Trigger, by: str = "") -> None:
    """Put one run of each of these schools on the queue, as user `by` asked ("": the schedule)."""
    if schools:
        app.queue.publish(TOPIC, [{"school": school, "run": run, "trigger": trigger, "by": by} for school in schools])


def run_id(now: datetime) -> str:
    """A run's name: the minute it was asked for, UTC, so that names sort by time: "20261122T0800Z"."""
    return now.strftime("%Y%m%dT%H%MZ")


def next_tick(now: datetime, every: timedelta) -> datetime:
    """When the next scheduled run is due, `every` counted from the whole hour (UTC)."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    passed = (now - hour) // every
    return hour + every * (passed + 1)


def next_due(school: School, now: datetime, every: timedelta) -> datetime | None:
    """When this school's next scheduled run is due: after its pause, if that holds then; None when it is off."""
    if not school.webuntis.enabled:
        return None
    due = next_tick(now, every)
    if not is_paused(school, due):
        return due
    assert school.pause
    resumes = datetime.combine(school.pause.last + timedelta(days=1), time(), ZoneInfo(school.zone))
    return next_tick(resumes.astimezone(due.tzinfo) - timedelta(microseconds=1), every)
