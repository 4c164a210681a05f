"""What an admin reads about runs: the list, one run and its log; and the approval of a held one."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.run import Log, Run
from shared.errors import Conflict, NotFound
from shared.flows.linking_state import LinkingState
from shared.flows.record import decode, encode
from shared.flows.record_run import read_log
from shared.flows.schools import read_school, run_path, state_path
from shared.flows.tick import next_tick, order, run_id
from shared.ports import App, Write

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Runs:
    """`runs` newest first with `cursor` for older ones; `checks`: the last runs that found nothing changed, newest
    first; `last` of either kind (None: none has happened yet); `next`: when one is due (None: the coupling is off)."""

    runs: tuple[Run, ...]
    cursor: str | None
    checks: tuple[Run, ...]
    last: Run | None
    next: datetime | None


def read_state(app: App, school: str) -> LinkingState:
    found = app.store.get(state_path(school))
    return decode(found.data, LinkingState) if found else LinkingState()


def list_runs(app: App, school_id: str, *, limit: int, cursor: str | None) -> Runs:
    """One page of the school's runs. Raises NotFound for an unknown school."""
    school, _ = read_school(app, school_id)
    state = read_state(app, school_id)
    page = app.store.query(f"schools/{school_id}/runs", order="started", descending=True, limit=limit, cursor=cursor)
    now = app.now()
    runs = tuple(decode(document.data, Run) for document in page.documents if document.data["expire_at"] > now)
    due = next_tick(now, app.rules.every) if school.webuntis.enabled else None
    return Runs(runs, page.cursor, tuple(reversed(state.checks)), state.last, due)


def read_run(app: App, school: str, run: str) -> Run:
    """One run by its id, or the last one for "latest". Raises NotFound."""
    if run == LATEST:
        last = read_state(app, school).last
        if last is None:
            raise NotFound("run.unknown")
        return last
    found = app.store.get(run_path(school, run))
    if found and found.data["expire_at"] > app.now():
        return decode(found.data, Run)
    for check in read_state(app, school).checks:
        if check.id == run:
            return check
    raise NotFound("run.unknown")


def read_run_log(app: App, school: str, run: str) -> tuple[Run, Log]:
    """A run and the log that holds for it: its own, or that of the run it is the same as; empty when it read nothing.

    Raises NotFound when the run is unknown.
    """
    record = read_run(app, school, run)
    log = read_log(app, school, record.same_as or record.id)
    return record, log or Log((), ())


def approve(app: App, school: str, run: str) -> str:
    """Let a held run happen: what it saw may be applied if it still is so. Returns the id of the run that does it.

    Raises Conflict when this run does not wait (any more).
    """
    document = app.store.get(state_path(school))
    state = decode(document.data, LinkingState) if document else LinkingState()
    if document is None or state.held is None or run not in (state.held.run, LATEST):
        raise Conflict("run.nothing_held")
    approved = replace(state, approved=state.held.fingerprint, fingerprint="")
    data = encode(approved) | {name: document.data[name] for name in ("lease",) if name in document.data}
    app.store.commit([Write(document.path, data, expect=document.version)])
    again = f"{run_id(app.now())}-{app.new_id()}"
    order(app, [school], run=again, trigger="person")
    return again
