"""What a run would do, up to the point where it would do it: the run itself goes on from here, a dry run ends here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import chain

from shared.domain.matching import RULES_VERSION, assign, by_attribute
from shared.domain.people import Decision, Person, Role
from shared.domain.plan import Hold, Plan, brakes, diff
from shared.domain.rules import Limits
from shared.domain.run import Entry, Log, Outcome, Problem, counts, entries, oddities, unread
from shared.domain.school import School
from shared.errors import Invalid
from shared.flows.directory import Directory, edition, open_directory
from shared.flows.linking_state import LinkingState, opened
from shared.flows.login_guard import note_refused
from shared.flows.read_roster import Reading, read_roster
from shared.flows.record import to_json
from shared.flows.record_run import read_log
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.flows.turns import take_turn
from shared.ports import App, Document
from shared.values import dataclass

MOST, WITHIN = 10, timedelta(minutes=10)  # each costs WebUntis as much as a run


@dataclass(frozen=True, slots=True)
class Proposal:
    """The plan for the roles that were read and what holds it (None: nothing); counts and log are of both roles."""

    directories: Mapping[Role, Directory]
    plan: Plan
    hold: Hold | None
    counts: dict[str, int]
    log: Log


@dataclass(frozen=True, slots=True)
class DryRun:
    """How a run would end now, and whom it would change; nothing was applied or recorded."""

    outcome: Outcome
    counts: dict[str, int]
    changes: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


def dry_run(app: App, school_id: str) -> DryRun:
    """The same reading and the same plan as a run of this moment. Also while the coupling is off or paused: before
    switching on is when one wants to know.

    Raises NotFound, Invalid "settings.incomplete", and Throttled "request.too_many".
    """
    paths = [school_path(school_id), state_path(school_id), *(directory_path(school_id, role) for role in Role)]
    documents = app.store.get_many(paths)
    school = school_of(documents.get(school_path(school_id)))
    if not school.webuntis.complete and not school.stopped:
        raise Invalid("settings.incomplete", missing=school.webuntis.missing)
    take_turn(app, school_id, "dry-run", most=MOST, within=WITHIN)
    state = opened(documents.get(state_path(school_id)))
    reading = read_roster(app, school, state)
    if reading.refused:
        note_refused(app, school)
    if not reading.persons:
        return DryRun(Outcome.FAILED, {}, problems=reading.problems)
    heads = heads_of(school_id, documents)
    seen = fingerprint(school, reading, editions(heads))
    if seen == state.fingerprint and not state.held and not state.discarded:
        return DryRun(Outcome.PARTIAL if reading.problems else Outcome.UNCHANGED, {}, problems=reading.problems)
    found = propose(app, school, state, reading, heads=heads, at=app.now().isoformat())
    changes = tuple(entry for entry in found.log.entries if entry.change)
    if found.hold and state.approved != seen:
        problems = (*reading.problems, Problem(found.hold.cause, found.hold.facts))
        return DryRun(Outcome.HELD, found.counts, changes, problems)
    done = Outcome.PARTIAL if reading.problems else Outcome.DONE
    return DryRun(done if changes else Outcome.UNCHANGED, found.counts, changes, reading.problems)


def propose(
    app: App, school: School, state: LinkingState, reading: Reading, *, heads: Mapping[Role, Document | None], at: str
) -> Proposal:
    """Decide for everyone in the lists that were read; changed decisions are dated `at` (ISO time). What was known of
    the people in a list that was not read stands."""
    directories = {role: open_directory(app, school.id, role, head=heads[role]) for role in Role}
    plan = decide(school, directories, reading.persons, at=at)
    hold = check(plan, directories, reading, app.rules.limits, before=state.persons)
    users = {user.id: user for directory in directories.values() for user in directory.users}
    telling = {role: people for role, people in reading.persons.items() if not _untold(school, role)}
    odd = oddities(tuple(chain.from_iterable(telling.values())))
    missed = {role: directory for role, directory in directories.items() if role not in reading.persons}
    waiting: tuple[Decision, ...] = ()
    if missed:
        told = read_log(app, school.id, state.last_log) if state.last_log else None
        odd += tuple(each for each in (told.oddities if told else ()) if each.role in missed)
        waiting = tuple(chain.from_iterable(unread(each.users, each.decisions, at=at) for each in missed.values()))
    return Proposal(directories, plan, hold, counts(plan, waiting), Log(entries(plan, users, waiting), odd))


def heads_of(school: str, documents: Mapping[str, Document]) -> dict[Role, Document | None]:
    """The directories' heads among the documents that were read."""
    return {role: documents.get(directory_path(school, role)) for role in Role}


def editions(heads: Mapping[Role, Document | None]) -> dict[Role, int]:
    """Which edition each directory is."""
    return {role: edition(head) for role, head in heads.items()}


def decide(
    school: School, directories: Mapping[Role, Directory], persons: Mapping[Role, tuple[Person, ...]], *, at: str
) -> Plan:
    """The plan for the roles that were read: by name, or by the identifying attributes if linking is not automatic."""
    users = list(chain.from_iterable(directories[role].users for role in persons))
    standing = list(chain.from_iterable(directories[role].decisions for role in persons))
    left = list(chain.from_iterable(directories[role].left for role in persons))
    people = list(chain.from_iterable(persons.values()))
    if school.webuntis.auto_link:
        decisions = assign(users, people, [*standing, *left])
    else:
        decisions = by_attribute(users, people, [*standing, *left], school.webuntis.attributes)
    return diff(standing, [_as_told(school, each) for each in decisions], at=at)


def _untold(school: School, role: Role) -> bool:
    """Whether nobody's ID-nummer can be known: getTeachers has no external key (JSON-RPC document of 2018-09-20)."""
    return role is Role.TEACHER and school.webuntis.links_by_api


def _as_told(school: School, decision: Decision) -> Decision:
    """Where ID-nummers are not told, somebody who lacks one need not be mended in WebUntis."""
    if _untold(school, decision.role) and decision.cause in ("link.no_id_number", "link.attribute_not_found"):
        return replace(decision, cause="link.id_number_untold", facts=())
    return decision


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
            (
                *(RULES_VERSION, settings.auto_link, settings.student_attribute, settings.teacher_attribute),
                *(settings.links_by_api, dict(editions)),
            )
        )
    )
    for role in Role:
        digest.update(
            to_json((role, sorted(reading.persons.get(role, ()), key=lambda person: (person.id, person.key))))
        )
    # Without their facts: a refusal comes with another request id each time, and is the same refusal.
    digest.update(to_json([(problem.code, problem.role) for problem in reading.problems]))
    return digest.hexdigest()
