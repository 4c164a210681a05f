"""Writes down what a run decided, so that a crash between any two writes is mended by whoever comes next.

The new links and the intent to write them out are committed in one step (`pending`); the plain link documents, which
the cloud console shows, follow and may be repeated; the run's record and the end of its lease close it.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.run import Entry, Log, Outcome, Run
from shared.flows.linking_state import CHECKS, DONE, Held, LinkingState
from shared.flows.packed import Packed, commit_packed, pack, read_packed
from shared.flows.record import encode, from_json, to_json
from shared.flows.schools import link_path, log_path, run_path
from shared.ports import App, Lease, Write


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
    _write_log(app, school, record=state.pending, log=log)
    data = encode(state) | {"lease": lease.data["lease"]}
    *_, version = commit_packed(app.store, packed, [Write(lease.path, data, expect=lease.version)])
    _finish(app, school, lease=replace(lease, version=version), state=state, log=log)


def finish_pending(app: App, school: str, *, lease: Lease, state: LinkingState) -> None:
    """Write out what an earlier run committed and did not finish; ends the lease."""
    assert state.pending
    log = read_log(app, school, state.pending.id) or Log((), ())
    _finish(app, school, lease=lease, state=state, log=log)


def close_run(app: App, school: str, *, lease: Lease, state: LinkingState, record: Run, log: Log | None = None) -> None:
    """Record a run that changed no link: held (with the log of what it would have done) or failed. Ends the lease."""
    if log:
        _write_log(app, school, record=record, log=log)
    if record.outcome is Outcome.HELD:
        state = replace(state, held=Held(record.id, state.fingerprint, record.started))
    _close(app, school, lease=lease, state=state, record=record)


def note_unchanged(app: App, lease: Lease, state: LinkingState, *, record: Run) -> Run:
    """Record that everything is as the last completed run saw it: a line in the state, no document of its own."""
    before = state.last
    noted = replace(
        record,
        outcome=Outcome.HELD if state.held else Outcome.PARTIAL if record.problems else Outcome.UNCHANGED,
        finished=app.now(),
        counts={name: count for name, count in state.counts.items() if not name.startswith("changes.")},
        problems=before.problems if before and state.held else record.problems,
        same_as=state.held.run if state.held else state.last_log,
    )
    release(app, lease, replace(state, last=noted, checks=(*state.checks, noted)[-CHECKS:], done=_done(state, noted)))
    return noted


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
    assert state.pending
    changed = sorted((entry for entry in log.entries if entry.change), key=lambda entry: entry.change != "gone")
    # By user, "gone" first: who changed role is gone in one role and has a link in the other.
    app.store.write_many(list({entry.user: _link(school, entry) for entry in changed}.values()))
    done = replace(state, pending=None, last_log=state.pending.id, counts=state.pending.counts)
    _close(app, school, lease=lease, state=done, record=state.pending)


def _close(app: App, school: str, *, lease: Lease, state: LinkingState, record: Run) -> None:
    written = encode(record) | {"expire_at": record.started + app.rules.keep.record}
    ended = replace(state, last=record, done=_done(state, record))
    app.store.commit([_ended(lease, ended), Write(run_path(school, record.id), written)])


def _ended(lease: Lease, state: LinkingState) -> Write:
    held = lease.data["lease"]
    return Write(lease.path, encode(state) | {"lease": held | {"owner": ""}}, expect=lease.version)


def _done(state: LinkingState, record: Run) -> tuple[str, ...]:
    """A run that failed is not done: its redelivery tries again."""
    return state.done if record.outcome is Outcome.FAILED else (*state.done, record.id)[-DONE:]


def _write_log(app: App, school: str, *, record: Run, log: Log) -> None:
    path = log_path(school, record.id)
    expires = {"expire_at": record.started + app.rules.keep.log}
    commit_packed(app.store, [pack(path, to_json(log), expires, replaces=app.store.get(path))])


def _link(school: str, entry: Entry) -> Write:
    """A link as the cloud console shows it; derived from the directory, so it may be rebuilt at any time."""
    path = link_path(school, entry.user)
    if entry.change == "gone":
        return Write(path, None)
    data = encode(entry.decision)
    kept = ("role", "state", "key", "rule", "cause", "by", "since", "decided_by")
    candidates = [{"key": found["key"], "rule": found["rule"]} for found in data["candidates"]]
    return Write(path, {name: data[name] for name in kept} | {"candidates": candidates})
