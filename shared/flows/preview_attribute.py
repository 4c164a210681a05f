"""What linking by an identifying attribute would do, per role, before anybody saves it: the plan, unapplied.

What the users in Profijt already tell (values too long for WebUntis, values that are BSNs) is said first, also when
WebUntis cannot be read. Nothing is stored, and no value is shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from shared.domain.bsn import judge
from shared.domain.matching import by_attribute
from shared.domain.people import Decision, Person, Role, State, User
from shared.domain.run import Problem
from shared.domain.school import Attribute, School
from shared.flows.directory import Directory, read_directories
from shared.flows.keep_settings import WORDS, read_unlocked
from shared.flows.linking_state import opened
from shared.flows.login_guard import note_refused
from shared.flows.read_roster import Reading, read_roster
from shared.flows.schools import state_path
from shared.flows.turns import take_turn
from shared.ports import App
from shared.values import dataclass

KEY_LENGTH = 100  # externKey has maxLength 100 (product.md UT-stud)
MOST, WITHIN = 20, timedelta(minutes=10)
SHOWN = 100  # people of one role


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about the values themselves. `refused`: saving this attribute is refused because of it."""

    role: Role
    problem: Problem
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A user who would not be linked, and why (a code of causes)."""

    user: str
    name: str
    cause: str


@dataclass(frozen=True, slots=True)
class RolePreview:
    """One role. `linked` and `causes` (cause → how many users) are None and empty when WebUntis' list was not read;
    then `problem` says why. `by_person` of the users were decided by people, which no attribute changes."""

    role: Role
    attribute: Attribute
    users: int
    linked: int | None = None
    by_person: int = 0
    causes: Mapping[str, int] | None = None
    unlinked: tuple[Unlinked, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """`warnings` come first: they hold whatever WebUntis says."""

    warnings: tuple[Warned, ...]
    roles: tuple[RolePreview, ...]


def preview_attribute(app: App, school_id: str, attributes: Mapping[Role, Attribute]) -> Preview:
    """What these attributes would do to the school as it is now, on both sides.

    Raises NotAllowed while the settings are locked, Throttled "request.too_many" after 20 in ten minutes.
    """
    school, _ = read_unlocked(app, school_id)
    take_turn(app, school_id, "preview", most=MOST, within=WITHIN)
    directories = read_directories(app, school_id)
    reading = _read(app, school)
    warnings = [
        warned
        for role, directory in directories.items()
        for warned in _warnings(role, attributes[role], directory.users, reading.persons.get(role, ()))
    ]
    problems = {Role(problem.role) if problem.role else None: problem for problem in reading.problems}
    roles = [
        _role(directory, attributes, reading.persons[role])
        if role in reading.persons
        else RolePreview(role, attributes[role], len(directory.users), problem=problems.get(role) or problems.get(None))
        for role, directory in directories.items()
    ]
    return Preview(tuple(warnings), tuple(roles))


def _read(app: App, school: School) -> Reading:
    missing = school.webuntis.missing
    if missing:
        return Reading({}, (Problem("settings.incomplete", {"missing": missing}),))
    reading = read_roster(app, school, opened(app.store.get(state_path(school.id))))
    if reading.refused:
        note_refused(app, school)
    return reading


def _warnings(role: Role, attribute: Attribute, users: Sequence[User], persons: Sequence[Person]) -> list[Warned]:
    values = [value for user in users if (value := getattr(user, attribute))]
    found = []
    too_long = sum(len(value) > KEY_LENGTH for value in values)
    if attribute is Attribute.ECK_ID:
        found.append(Warned(role, Problem("settings.eck_id_too_long", role=role)))
    elif too_long:
        facts: dict[str, str | int] = {"count": too_long, "total": len(users), "field": WORDS[attribute]}
        found.append(Warned(role, Problem("settings.values_too_long", facts, role)))
    judged = judge(values)
    if judged.are_bsns:
        facts = {"field": WORDS[attribute], "passing": judged.passing, "numbers": judged.numbers}
        found.append(Warned(role, Problem("settings.field_holds_bsns", facts, role), refused=True))
    judged = judge(person.key for person in persons)
    if judged.are_bsns:
        facts = {"passing": judged.passing, "numbers": judged.numbers}
        found.append(Warned(role, Problem("settings.id_numbers_hold_bsns", facts, role)))
    return found


def _role(directory: Directory, attributes: Mapping[Role, Attribute], persons: Sequence[Person]) -> RolePreview:
    decisions = by_attribute(directory.users, persons, directory.decisions, attributes)
    users = {user.id: user for user in directory.users}
    left = [decision for decision in decisions if decision.state is not State.LINKED]
    causes = Counter(decision.cause for decision in left)
    left.sort(key=lambda decision: (-causes[decision.cause], decision.cause, decision.user))
    return RolePreview(
        role=directory.role,
        attribute=attributes[directory.role],
        users=len(directory.users),
        linked=len(decisions) - len(left),
        by_person=sum(decision.by == "person" for decision in decisions),
        causes=dict(causes.most_common()),
        unlinked=tuple(_unlinked(decision, users[decision.user]) for decision in left[:SHOWN]),
    )


def _unlinked(decision: Decision, user: User) -> Unlinked:
    name = " ".join(filter(None, (user.first_name, user.prefix, user.last_name)))
    return Unlinked(user.id, name, decision.cause)
