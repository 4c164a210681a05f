"""Writes down what a run decided, so that a crash between any two writes is mended by whoever comes next.

The new links and the intent to write them out are committed in one step (`pending`); the plain link documents, which
the cloud console shows, follow and may be repeated; the run's record and the end of its lease close it.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.people import Decision
from shared.domain.run import Log, Outcome, Problem, Run
from shared.flows.directory import read_directories
from shared.flows.linking_state import CHECKS, DONE, Held, LinkingState
from shared.flows.packed import Packed, commit_packed, pack, read_packed
from shared.flows.record import encode, from_json, to_json
from shared.flows.schools import link_path, log_path, run_path
from shared.ports import App, Lease, Write

AT_ONCE = 400  # link documents in one commit; production takes 500 writes


def apply_run(
    app: App,
    school: str,
    *,
    lease: Lease,
    state: LinkingState,
    log: Log,
    packed: Sequence[Packed],
) -> None:
    """Make the plan true: `state.pending` is the run's record, `packed` are the directories that change."""
    assert state.pending
    # With the log in the same commit: whoever lost the lease must not replace the log that links are written from.
    heads = [*packed, _packed_log(app, school, record=state.pending, log=log)]
    data = encode(state) | {"lease": lease.data["lease"]}
    *_, version = commit_packed(app.store, heads, [Write(lease.path, data, expect=lease.version)])
    _finish(app, school, lease=replace(lease, version=version, data=data), state=state, log=log)


def finish_pending(app: App, school: str, *, lease: Lease, state: LinkingState) -> None:
    """Write out what an earlier run committed and did not finish; ends the lease."""
    assert state.pending
    log = read_log(app, school, state.pending.id) or Log((), ())
    _finish(app, school, lease=lease, state=state, log=log)


def close_run(app: App, school: str, *, lease: Lease, state: LinkingState, record: Run, log: Log | None = None) -> Run:
    """Record a run that changed no link, and return it as recorded: held (with the log of what it would have done), or
    failed or stopped, when the log that held before still does.

    The same failure of the schedule once more is a line in the state, no document of its own. Ends the lease.
    """
    heads = [_packed_log(app, school, record=record, log=log)] if log else []
    if record.outcome is Outcome.HELD:
        state = replace(state, held=Held(record.id, state.fingerprint, record.started, record.problems))
    else:
        record = replace(record, same_as=state.standing_log)
    if _is_same_failure(state, record):
        release(app, lease, _after(_noted(state, record), record))
    else:
        _close(app, school, lease=lease, state=state, record=record, heads=heads)
    return record


def note_unchanged(app: App, lease: Lease, state: LinkingState, *, record: Run) -> Run:
    """Record that everything is as the last completed run saw it: a line in the state, no document of its own.

    Also when a person decided against what it saw: then it says so.
    """
    noted = _unchanged(app, state, record)
    release(app, lease, _after(_noted(state, noted), noted))
    return noted


def renew_log(app: App, school: str, *, lease: Lease, state: LinkingState, record: Run) -> Run:
    """As `note_unchanged`, with a copy of the log that holds for this run's own: its time is nearly over.

    Under a new name, because logs are deleted in the order of their runs.
    """
    renewed = replace(_unchanged(app, state, record), same_as="")
    log = read_log(app, school, state.standing_log) or Log((), ())
    head = _packed_log(app, school, record=renewed, log=log)
    state = replace(state, last_log=renewed.id, logged=renewed.started)
    _close(app, school, lease=lease, state=state, record=renewed, heads=[head])
    return renewed


def _unchanged(app: App, state: LinkingState, record: Run) -> Run:
    """The record of a run that found what the last completed one saw."""
    aside = (Problem("run.set_aside"),) if state.discarded and not state.held else ()
    return replace(
        record,
        outcome=Outcome.HELD if state.held else Outcome.PARTIAL if record.problems else Outcome.UNCHANGED,
        finished=app.now(),
        counts={name: count for name, count in state.counts.items() if not name.startswith("changes.")},
        problems=state.held.problems if state.held else (*record.problems, *aside),
        same_as=state.standing_log,
    )


def release(app: App, lease: Lease, state: LinkingState) -> None:
    """End the lease, with the state as it now is. Raises Conflict when somebody else has claimed it since."""
    app.store.commit([_ended(lease, state)])


def read_log(app: App, school: str, run: str) -> Log | None:
    """The log of a run, or None when it has none or its time is over."""
    found = read_packed(app.store, log_path(school, run))
    if found is None or found[1].data["expire_at"] <= app.now():
        return None
    return from_json(found[0], Log)


def _finish(app: App, school: str, *, lease: Lease, state: LinkingState, log: Log) -> None:
    """Make the link documents follow the directory as it is now (a person may have decided meanwhile), then close.

    Each commit also holds the lease's document: who lost the lease overwrites nothing.
    """
    assert state.pending
    truth = {each.user: each for one in read_directories(app, school).values() for each in one.decisions}
    users = sorted({entry.user for entry in log.entries if entry.change})
    links = [
        link_document(school, truth[user]) if user in truth else Write(link_path(school, user), None) for user in users
    ]
    for start in range(0, len(links), AT_ONCE):
        guard = Write(lease.path, lease.data, expect=lease.version)
        *_, version = app.store.commit([*links[start : start + AT_ONCE], guard])
        lease = replace(lease, version=version)
    run = state.pending
    done = replace(state, pending=None, last_log=run.id, logged=run.started, counts=run.counts)
    _close(app, school, lease=lease, state=done, record=run)


def _close(
    app: App, school: str, *, lease: Lease, state: LinkingState, record: Run, heads: Sequence[Packed] = ()
) -> None:
    written = encode(record) | {"expire_at": record.started + app.rules.keep.record}
    ended = _after(replace(state, checks=_others(state, record)), record)
    commit_packed(app.store, heads, [_ended(lease, ended), Write(run_path(school, record.id), written)])


def _noted(state: LinkingState, record: Run) -> LinkingState:
    """The state with this run as a line in it, in the place of an earlier delivery of the same."""
    return replace(state, checks=(*_others(state, record), record)[-CHECKS:])


def _others(state: LinkingState, record: Run) -> tuple[Run, ...]:
    return tuple(check for check in state.checks if check.id != record.id)


def _is_same_failure(state: LinkingState, record: Run) -> bool:
    """Whether the schedule failed for the reasons of the last run, which has told them. One that has a document, as it
    was delivered before, keeps it."""
    last = state.last
    if last is None or record.trigger != "schedule" or not (last.outcome is record.outcome is Outcome.FAILED):
        return False
    if last.id == record.id and record.id not in (check.id for check in state.checks):
        return False
    # Without their facts: a refusal comes with another request id each time.
    return [(one.code, one.role) for one in last.problems] == [(one.code, one.role) for one in record.problems]


def _ended(lease: Lease, state: LinkingState) -> Write:
    held = lease.data["lease"]
    return Write(lease.path, encode(state) | {"lease": held | {"owner": ""}}, expect=lease.version)


def _after(state: LinkingState, record: Run) -> LinkingState:
    """The state once this was the last run. One that failed is not done: its redelivery tries again."""
    done = state.done if record.outcome is Outcome.FAILED else (*state.done, record.id)[-DONE:]
    good = record.outcome in (Outcome.DONE, Outcome.UNCHANGED)
    return replace(state, last=record, done=done, last_good=record.finished if good else state.last_good)


def _packed_log(app: App, school: str, *, record: Run, log: Log) -> Packed:
    path = log_path(school, record.id)
    expires = {"expire_at": record.started + app.rules.keep.log}
    return pack(path, to_json(log), expires, replaces=app.store.get(path))


def link_document(school: str, decision: Decision) -> Write:
    """A link as the cloud console shows it; derived from the directory, so it may be rebuilt at any time."""
    data = encode(decision)
    kept = ("role", "state", "key", "rule", "cause", "by", "since", "decided_by")
    candidates = [{"key": found["key"], "rule": found["rule"]} for found in data["candidates"]]
    return Write(link_path(school, decision.user), {name: data[name] for name in kept} | {"candidates": candidates})
