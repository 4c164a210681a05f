"""One school's run of automatic linking: read both sides, plan, check, apply, record.

A run that finds nothing changed reads at most 6 documents and writes 2, whatever the size of the school; each login is
one document more to read, which an API user's (`refusals.one_login`) also writes twice.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.people import Decision, Role
from shared.domain.run import Outcome, Problem, Run, Trigger
from shared.domain.school import School
from shared.domain.status import is_actionable, is_paused
from shared.errors import Conflict, NotFound, Throttled
from shared.flows.directory import Directory, repack
from shared.flows.linking_state import LEASE_SECONDS, LinkingState, Trouble, refusing
from shared.flows.packed import Packed
from shared.flows.plan_run import Proposal, editions, fingerprint, heads_of, propose
from shared.flows.read_roster import Reading, access, place, read_roster
from shared.flows.record import decode
from shared.flows.record_run import apply_run, close_run, finish_pending, note_unchanged, release, renew_log
from shared.flows.refusals import note_refusal
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.flows.tenants import own_by_login
from shared.flows.watch_school import watch
from shared.ports import App, Lease, Write

_ELSEWHERE = frozenset({"webuntis.school_unknown_there", "webuntis.wrong_tenant"})


def link_school(app: App, school_id: str, *, run: str, trigger: Trigger, by: str = "") -> Run | None:
    """Do run `run` of this school, asked for by user `by` ("" for the schedule), and return its record; None when it
    was done before, the coupling is off, WebUntis asked for patience that is not over, or the schedule asks while the
    coupling is paused.

    Switching the coupling off while this works ends it between the two lists, or before anything is committed.
    May be repeated. Raises Conflict while another run of the school is under way or when somebody wrote in between,
    and Unreachable or Throttled when WebUntis could not be read at all (recorded first): deliver again later.
    """
    record, school = _link(app, school_id, run=run, trigger=trigger, by=by)
    watch(app, school, app.store.get(state_path(school_id)))
    return record


def _link(app: App, school_id: str, *, run: str, trigger: Trigger, by: str) -> tuple[Run | None, School]:
    started = app.now()
    lease = app.store.lease(state_path(school_id), owner=run, now=started, seconds=LEASE_SECONDS)
    if lease is None:
        raise Conflict("run.busy", school=school_id)
    state = decode(lease.data, LinkingState)
    if state.pending:
        finish_pending(app, school_id, lease=lease, state=state)
        return _link(app, school_id, run=run, trigger=trigger, by=by)
    documents = app.store.get_many([school_path(school_id), *(directory_path(school_id, role) for role in Role)])
    if school_path(school_id) not in documents:
        app.store.commit([Write(lease.path, None, expect=lease.version)])  # a message of before the school was removed
        raise NotFound("school.unknown")
    school = school_of(documents[school_path(school_id)])
    waits = trigger == "schedule" and is_paused(school, started)
    patient = state.not_before is not None and started < state.not_before
    if run in state.done or not school.webuntis.enabled or waits or patient:
        release(app, lease, state)
        return None, school

    record = Run(run, trigger, started, started, Outcome.FAILED, {}, by=by)
    readable = school.webuntis.complete or school.stopped
    reading = read_roster(app, school, state, go_on=lambda: _is_on(app, school_id)) if readable else _incomplete(school)
    if reading.stopped:
        return _stop(app, lease, state, record), school
    tried = access(app, school)
    if reading.refused:
        note_refusal(app, school_id, tried)  # for all others; the next run reads it in the state
    state = _learnt(state, tried, reading)
    if not reading.persons:
        record = replace(record, finished=app.now(), problems=reading.problems)
        if isinstance(reading.passing, Throttled) and reading.passing.retry_after:
            state = replace(state, not_before=app.now() + timedelta(seconds=reading.passing.retry_after))
        record = close_run(app, school_id, lease=lease, state=state, record=record)
        if reading.passing:
            raise reading.passing
        return record, school

    if reading.tenant_id and reading.tenant_id != state.tenant_id:  # an API user has none
        own_by_login(app, school, reading.tenant_id)
    state = replace(state, tenant_id=reading.tenant_id, tenant_of=place(school))
    heads = heads_of(school_id, documents)
    seen = fingerprint(school, reading, editions(heads))
    record = replace(record, problems=reading.problems)
    if seen == state.fingerprint:
        if not _log_ends(state, started, app.rules.keep.log):
            return note_unchanged(app, lease, state, record=record), school
        if state.discarded:  # what a person set aside is not asked again for the sake of a log
            return renew_log(app, school_id, lease=lease, state=state, record=record), school

    found = propose(app, school, state, reading, heads=heads, at=started.isoformat())
    without_id = {role.value: found.log.missing(role) for role in reading.persons}
    state = replace(state, without_id=state.without_id | without_id)
    record = replace(record, counts=found.counts)
    if not _is_on(app, school_id):
        return _stop(app, lease, state, record), school
    if found.hold and state.approved != seen:
        if state.discarded and state.discarded.fingerprint == seen:
            aside = replace(state, fingerprint=seen, held=None)
            return note_unchanged(app, lease, aside, record=record), school
        problems = (*reading.problems, Problem(found.hold.cause, found.hold.facts))
        record = replace(record, outcome=Outcome.HELD, problems=problems, finished=app.now())
        held = replace(state, fingerprint=seen)
        close_run(app, school_id, lease=lease, state=held, record=record, log=found.log)
        return record, school

    record = replace(record, outcome=Outcome.PARTIAL if reading.problems else Outcome.DONE, finished=app.now())
    changed = {change.role for change in found.plan.changes}
    after = {role: number + (role in changed) for role, number in editions(heads).items()}
    sizes = {role.value: len(people) for role, people in reading.persons.items()}
    state = replace(
        state,
        fingerprint=fingerprint(school, reading, after),
        persons=state.persons | sizes,
        held=None,
        approved="",
        discarded=state.discarded if reading.problems else None,  # half a look does not undo what a person decided
        pending=record,
    )
    apply_run(
        app,
        school_id,
        lease=lease,
        state=state,
        log=found.log,
        packed=_repacked(found, changed, started, app.rules.keep.record),
    )
    return record, school


def _left(directory: Directory, found: Proposal, at: datetime, keep: timedelta) -> list[Decision]:
    """Who had left before and is not back, and who is seen to have left now; for as long as runs are remembered."""
    back = {decision.user for decision in found.plan.decisions}
    before = [
        each for each in directory.left if each.user not in back and datetime.fromisoformat(each.since) > at - keep
    ]
    gone = [change.decision for change in found.plan.changes if change.kind == "gone" and change.role is directory.role]
    return before + [replace(decision, since=at.isoformat()) for decision in gone]


def _repacked(found: Proposal, changed: set[Role], at: datetime, keep: timedelta) -> list[Packed]:
    return [
        repack(
            directory,
            users=directory.users,
            decisions=[decision for decision in found.plan.decisions if decision.role is role],
            left=_left(directory, found, at, keep),
        )
        for role, directory in found.directories.items()
        if role in changed
    ]


def _log_ends(state: LinkingState, now: datetime, keep: timedelta) -> bool:
    """Whether the log that holds is in the last tenth of its time: it is then written anew, as if something changed."""
    if state.discarded and not state.last_log:  # nothing was ever applied
        return False
    since = state.held.since if state.held else state.logged
    return since is None or now >= since + keep * 0.9


def _is_on(app: App, school: str) -> bool:
    """Whether the coupling still is switched on, here and at WebUntis, as it stands at this moment."""
    found = app.store.get(school_path(school))
    now = school_of(found) if found else None
    return now is not None and now.webuntis.enabled and not now.stopped


def _stop(app: App, lease: Lease, state: LinkingState, record: Run) -> Run:
    """Record that the coupling was switched off meanwhile; nothing else changes."""
    stopped = replace(record, outcome=Outcome.STOPPED, counts={}, problems=(Problem("run.off"),), finished=app.now())
    return close_run(app, lease.path.split("/")[1], lease=lease, state=state, record=stopped)


def _learnt(state: LinkingState, tried: str, reading: Reading) -> LinkingState:
    """What reading taught about the access it `tried`: that it is refused, or a trouble that only a person can mend.

    A tenant id that was found and does not answer for the school (any more) is looked up anew by the next run. A
    trouble outlasts failures that pass by themselves; only a reading without any problem ends it.
    """
    if reading.refused and tried not in state.refusals:
        state = refusing(state, tried)
    if _ELSEWHERE & {problem.code for problem in reading.problems}:
        state = replace(state, tenant_id="", tenant_of="")
    trouble = next((problem for problem in reading.problems if is_actionable(problem)), None)
    if trouble or not reading.problems:
        state = replace(state, trouble=Trouble(trouble, tried) if trouble else None)
    return state


def _incomplete(school: School) -> Reading:
    return Reading({}, (Problem("settings.incomplete", {"missing": school.webuntis.missing}),))
