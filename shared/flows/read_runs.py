"""What an admin reads about runs: the list, one run, also while it is under way, and its log."""

from datetime import datetime, timedelta

from shared.domain.run import Log, Outcome, Run
from shared.errors import NotFound
from shared.flows.linking_state import LEASE_SECONDS, LinkingState, holder, opened
from shared.flows.order_run import read_order
from shared.flows.record import decode
from shared.flows.record_run import read_log
from shared.flows.schools import read_school, run_path, state_path
from shared.flows.tick import next_due
from shared.ports import App, Document
from shared.values import dataclass

LATEST = "latest"
LOST = timedelta(hours=1)  # five deliveries take less: an order that is older and left no trace will not be run


@dataclass(frozen=True, slots=True)
class Runs:
    """`runs` newest first with `cursor` for older ones; `checks`: the last runs that brought nothing new, newest
    first; `last` of either kind (None: none has happened yet); `next`: when one is due, after a pause if there is one
    (None: the coupling is off)."""

    runs: tuple[Run, ...]
    cursor: str | None
    checks: tuple[Run, ...]
    last: Run | None
    next: datetime | None


def read_state(app: App, school: str) -> LinkingState:
    """What is remembered of the school's runs; nothing yet for one that has had none."""
    return opened(app.store.get(state_path(school)))


def list_runs(app: App, school_id: str, *, limit: int, cursor: str | None) -> Runs:
    """One page of the school's runs. Raises NotFound for an unknown school."""
    school, _ = read_school(app, school_id)
    state = read_state(app, school_id)
    page = app.store.query(f"schools/{school_id}/runs", order="started", descending=True, limit=limit, cursor=cursor)
    now = app.now()
    runs = tuple(decode(document.data, Run) for document in page.documents if document.data["expire_at"] > now)
    due = next_due(school, now, app.rules.every)
    return Runs(runs, page.cursor, tuple(reversed(state.checks)), state.last, due)


def read_run(app: App, school: str, run: str) -> Run:
    """One run by its id, or the last one for "latest". Raises NotFound.

    One that was asked for is queued until it begins, and any run is running while it is at work.
    """
    document = app.store.get(state_path(school))
    state = opened(document)
    if run == LATEST:
        if state.last is None:
            raise NotFound("run.unknown")
        return state.last
    now = app.now()
    if working := _working(app, school, run, document, now):
        return working
    found = app.store.get(run_path(school, run))
    if found and found.data["expire_at"] > now:
        return decode(found.data, Run)
    for check in state.checks:
        if check.id == run:
            return check
    asked = read_order(app, school)
    if asked and asked.run == run and now - asked.at < LOST and run not in state.done:
        return Run(run, "person", asked.at, asked.at, Outcome.QUEUED, {}, by=asked.by)
    raise NotFound("run.unknown")


def _working(app: App, school: str, run: str, document: Document | None, now: datetime) -> Run | None:
    """The run as it is at work, or None when it is not."""
    working = holder(document, now)
    if working is None or working.run != run:
        return None
    began = working.until - timedelta(seconds=LEASE_SECONDS)
    asked = read_order(app, school)
    if asked and asked.run == run:
        return Run(run, "person", began, began, Outcome.RUNNING, {}, by=asked.by)
    return Run(run, "schedule", began, began, Outcome.RUNNING, {})


def read_run_log(app: App, school: str, run: str) -> tuple[Run, Log]:
    """A run and the log that holds for it: its own, or that of an earlier run (`same_as`) when it changed nothing.

    Raises NotFound when the run is unknown.
    """
    record = read_run(app, school, run)
    log = read_log(app, school, record.same_as or record.id)
    return record, log or Log((), ())


def read_last_log(app: App, school: str) -> tuple[str, Log]:
    """The last run that saw WebUntis' lists and changed or held something, and its log; also when a later one failed.

    Raises NotFound before the first such run.
    """
    run = read_state(app, school).standing_log
    if not run:
        raise NotFound("run.unknown")
    return run, read_log(app, school, run) or Log((), ())
