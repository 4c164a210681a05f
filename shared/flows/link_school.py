"""One school's run of automatic linking: read both sides, plan, check, apply, record.

A run that finds nothing changed reads at most 6 documents and writes 2, whatever the size of the school.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import chain

from shared.domain.matching import RULES_VERSION, assign, by_attribute
from shared.domain.people import Person, Role
from shared.domain.plan import Hold, Plan, brakes, diff
from shared.domain.rules import Limits
from shared.domain.run import Log, Outcome, Problem, Run, Trigger, entries, oddities
from shared.domain.school import School
from shared.errors import Conflict, NotFound
from shared.flows.directory import Directory, edition, open_directory, repack
from shared.flows.linking_state import LinkingState
from shared.flows.read_roster import Reading, place, read_roster
from shared.flows.record import decode, to_json
from shared.flows.record_run import apply_run, close_run, finish_pending, note_unchanged, release
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.ports import App, Write

LEASE_SECONDS = 540  # a function's time limit: whoever holds it longer is dead


def link_school(app: App, school_id: str, *, run: str, trigger: Trigger) -> Run | None:
    """Do run `run` of this school and return its record; None when it was done before or the coupling is off.

    May be repeated. Raises Conflict while another run of the school is under way or when somebody wrote in between,
    and Unreachable or Throttled when WebUntis could not be read at all (recorded first): deliver again later.
    """
    started = app.now()
    lease = app.store.lease(state_path(school_id), owner=run, now=started, seconds=LEASE_SECONDS)
    if lease is None:
        raise Conflict("run.busy", school=school_id)
    state = decode(lease.data, LinkingState)
    if state.pending:
        finish_pending(app, school_id, lease=lease, state=state)
        return link_school(app, school_id, run=run, trigger=trigger)
    documents = app.store.get_many([school_path(school_id), *(directory_path(school_id, role) for role in Role)])
    if school_path(school_id) not in documents:
        app.store.commit([Write(lease.path, None, expect=lease.version)])  # a message of before the school was removed
        raise NotFound("school.unknown")
    school = school_of(documents[school_path(school_id)])
    if run in state.done or not school.webuntis.enabled:
        release(app, lease, state)
        return None

    record = Run(run, trigger, started, started, Outcome.FAILED, {})
    reading = read_roster(app, school, state) if school.webuntis.complete else _incomplete(school)
    state = replace(state, refused=school.webuntis.password_version if reading.refused else "")
    if not reading.persons:
        record = replace(record, finished=app.now(), problems=reading.problems)
        close_run(app, school_id, lease=lease, state=state, record=record)
        if reading.passing:
            raise reading.passing
        return record

    state = replace(state, tenant_id=reading.tenant_id, tenant_of=place(school))
    heads = {role: documents.get(directory_path(school_id, role)) for role in Role}
    seen = fingerprint(school, reading, {role: edition(head) for role, head in heads.items()})
    if seen == state.fingerprint:
        return note_unchanged(app, lease, state, record=replace(record, problems=reading.problems))

    directories = {role: open_directory(app, school_id, role, head=heads[role]) for role in reading.persons}
    plan = decide(school, directories, reading.persons, at=started.isoformat())
    hold = None if state.approved == seen else check(plan, directories, reading, app.rules.limits, before=state.persons)
    log = _log(plan, directories, reading)
    record = replace(record, counts=plan.counts(), problems=reading.problems)
    if hold:
        problems = (*reading.problems, Problem(hold.cause, hold.facts))
        record = replace(record, outcome=Outcome.HELD, problems=problems, finished=app.now())
        state = replace(state, fingerprint=seen)
        close_run(app, school_id, lease=lease, state=state, record=record, log=log)
        return record

    packed = [
        repack(
            directory,
            users=directory.users,
            decisions=[decision for decision in plan.decisions if decision.role is role],
        )
        for role, directory in directories.items()
        if any(change.role is role for change in plan.changes)
    ]
    after = {role: edition(head) for role, head in heads.items()}
    for role in directories:
        after[role] += any(change.role is role for change in plan.changes)
    record = replace(record, outcome=Outcome.PARTIAL if reading.problems else Outcome.DONE, finished=app.now())
    sizes = {role.value: len(people) for role, people in reading.persons.items()}
    state = replace(
        state,
        fingerprint=fingerprint(school, reading, after),
        persons=state.persons | sizes,
        held=None,
        approved="",
        pending=record,
    )
    apply_run(app, school_id, lease=lease, state=state, log=log, packed=packed)
    return record


def decide(
    school: School, directories: Mapping[Role, Directory], persons: Mapping[Role, tuple[Person, ...]], *, at: str
) -> Plan:
    """The plan for the roles that were read: by name, or by the identifying attributes when linking is not automatic."""
    users = list(chain.from_iterable(directories[role].users for role in persons))
    standing = list(chain.from_iterable(directories[role].decisions for role in persons))
    people = list(chain.from_iterable(persons.values()))
    if school.webuntis.auto_link:
        decisions = assign(users, people, standing)
    else:
        decisions = by_attribute(users, people, standing, school.webuntis.attributes)
    return diff(standing, decisions, at=at)


def check(
    plan: Plan,
    directories: Mapping[Role, Directory],
    reading: Reading,
    limits: Limits,
    *,
    before: Mapping[str, int],
) -> Hold | None:
    """Why this plan must wait for a person, or None. `before`: the list sizes of the last applied run."""
    return brakes(
        plan,
        limits,
        users={role: len(directory.users) for role, directory in directories.items()},
        persons={role: len(people) for role, people in reading.persons.items()},
        persons_before={Role(role): count for role, count in before.items()},
    )


def fingerprint(school: School, reading: Reading, editions: Mapping[Role, int]) -> str:
    """Of everything a decision depends on, whatever order WebUntis lists its people in."""
    settings = school.webuntis
    digest = sha256(
        to_json(
            (RULES_VERSION, settings.auto_link, settings.student_attribute, settings.teacher_attribute, dict(editions))
        )
    )
    for role in Role:
        digest.update(
            to_json((role, sorted(reading.persons.get(role, ()), key=lambda person: (person.id, person.key))))
        )
    digest.update(to_json(reading.problems))
    return digest.hexdigest()


def _log(plan: Plan, directories: Mapping[Role, Directory], reading: Reading) -> Log:
    users = {user.id: user for directory in directories.values() for user in directory.users}
    return Log(entries(plan, users), oddities(tuple(chain.from_iterable(reading.persons.values()))))


def _incomplete(school: School) -> Reading:
    settings = school.webuntis
    fields = (("Schoolnaam", settings.school_name), ("Subdomein", settings.subdomain))
    missing = [name for name, value in (*fields, ("Wachtwoord", settings.password_version)) if not value]
    return Reading({}, (Problem("settings.incomplete", {"missing": ", ".join(missing)}),))
