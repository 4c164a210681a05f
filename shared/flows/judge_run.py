"""A person decides about a run that was held: it may happen after all, or it is set aside."""

from dataclasses import replace

from shared.domain.run import Outcome, Run
from shared.errors import Conflict
from shared.flows.audit import audited
from shared.flows.linking_state import Discarded, Held, LinkingState, opened, rewritten
from shared.flows.order_run import new_order, order_path, order_write
from shared.flows.record import decode, encode
from shared.flows.schools import read_school, run_path, state_path
from shared.flows.tick import order
from shared.flows.watch_school import watch
from shared.ports import App, Write

LATEST = "latest"


def approve(app: App, school: str, run: str, *, by: str) -> str:
    """Let a held run happen, or one that was discarded: what it saw may be applied if it still is so. Returns the id
    of the run that does it.

    Raises NotFound for an unknown school, Conflict when this run does not wait (any more), or when somebody decided at
    the same moment.
    """
    read_school(app, school)
    documents = app.store.get_many([state_path(school), order_path(school)])
    document = documents.get(state_path(school))
    state = opened(document)
    found = _held(state, run) or _discarded(state, run)
    if found is None:
        raise Conflict("run.nothing_held")
    asked = new_order(app, by=by)
    app.store.commit(
        [
            rewritten(school, replace(state, approved=found.fingerprint, fingerprint=""), document),
            order_write(school, asked, documents.get(order_path(school))),
            audited(app, school, actor=by, action="run.approved", subject=found.run, after={"run": asked.run}),
        ]
    )
    order(app, [school], run=asked.run, trigger="person", by=by)  # if this fails, the next tick's run applies it
    return asked.run


def discard(app: App, school_id: str, run: str, *, by: str) -> Run:
    """Do not apply what this held run saw. Runs that see the same stay quiet; any change on either side asks anew.

    Returns its record as it now is. Raises NotFound for an unknown school, Conflict as `approve`.
    """
    school, _ = read_school(app, school_id)
    document = app.store.get(state_path(school_id))
    state = opened(document)
    held = _held(state, run)
    if held is None:
        raise Conflict("run.nothing_held")
    kept = app.store.get(run_path(school_id, held.run))
    after = replace(
        state,
        held=None,
        approved="",
        fingerprint=held.fingerprint,
        discarded=Discarded(held.run, held.fingerprint, by, app.now()),
        last=_judged(state.last, held, by) if state.last else None,
        checks=tuple(_judged(check, held, by) for check in state.checks),
    )
    writes = [
        rewritten(school_id, after, document),
        audited(app, school_id, actor=by, action="run.discarded", subject=held.run, after={}),
    ]
    record = Run(held.run, "schedule", held.since, held.since, Outcome.HELD, {}, held.problems)
    if kept:
        record = decode(kept.data, Run)
        data = encode(_judged(record, held, by)) | {"expire_at": kept.data["expire_at"]}
        writes.append(Write(kept.path, data, expect=kept.version))
    app.store.commit(writes)
    watch(app, school, app.store.get(state_path(school_id)))
    return _judged(record, held, by)


def _held(state: LinkingState, run: str) -> Held | None:
    """What is held, when `run` names it. Later runs that found the same also show as held, and theirs is the id an
    admin sees last."""
    held = state.held
    if held is None:
        return None
    same = (check.id for check in state.checks if check.same_as == held.run)
    return held if run in (held.run, LATEST, *same) else None


def _discarded(state: LinkingState, run: str) -> Discarded | None:
    return state.discarded if state.discarded and state.discarded.run == run else None


def _judged(run: Run, held: Held, by: str) -> Run:
    """This run with the verdict in it, if it is the held one or found the same."""
    if run.outcome is Outcome.HELD and held.run in (run.id, run.same_as):
        return replace(run, outcome=Outcome.DISCARDED, discarded_by=by)
    return run
