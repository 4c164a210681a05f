"""What happened in one run of automatic linking, as the admin reads it: trigger, times, outcome, counts, everyone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from shared.domain.people import Decision, Person, Role, State, User
from shared.values import dataclass

if TYPE_CHECKING:
    from shared.domain.plan import Plan

Trigger = Literal["schedule", "person"]


class Outcome(StrEnum):
    DONE = "done"  # both lists were read and the plan applied
    PARTIAL = "partial"  # one list could not be read; the other was applied
    UNCHANGED = "unchanged"  # nothing changed on either side since `same_as`
    HELD = "held"  # too much would change: nothing applied, a person decides
    FAILED = "failed"  # nothing could be read; nothing changed
    STOPPED = "stopped"  # the coupling was switched off meanwhile: nothing applied
    DISCARDED = "discarded"  # held, and a person decided against it: nothing applied
    QUEUED = "queued"  # asked for, and not begun yet
    RUNNING = "running"  # under way


LIST_UNREAD, NEVER_JUDGED = "run.list_unread", "run.never_judged"  # causes in a log; the directory keeps its own
UNDER_WAY = (Outcome.QUEUED, Outcome.RUNNING)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong in a run: a code of causes, its blanks, and the list it concerns ("" for all)."""

    code: str
    facts: dict[str, str | int] = field(default_factory=dict)
    role: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. Times are aware, UTC. `same_as`: the run whose log still holds, when this one changed nothing.

    `by` is the user who asked for it, "" for the schedule; `discarded_by` the user who decided against it. While it is
    `UNDER_WAY`, `finished` says nothing yet.
    """

    id: str
    trigger: Trigger
    started: datetime
    finished: datetime
    outcome: Outcome
    counts: dict[str, int]
    problems: tuple[Problem, ...] = ()
    same_as: str = ""
    by: str = ""
    discarded_by: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a run decided about one user. `change` is a kind of `plan.Change`, or "" when nothing changed; `before` is
    the decision it replaced, if there was one."""

    user: str
    name: str
    decision: Decision
    change: str
    before: Decision | None = None


@dataclass(frozen=True, slots=True)
class Oddity:
    """A person at WebUntis whose ID-nummer is empty ("missing") or shared with others of the role ("double")."""

    kind: Literal["missing", "double"]
    role: Role
    key: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Log:
    """Everyone in one run, and the people whose ID-nummer needs mending. Kept for a set time, then deleted."""

    entries: tuple[Entry, ...]
    oddities: tuple[Oddity, ...]

    def missing(self, role: Role) -> int:
        """How many people of the role have no ID-nummer at WebUntis."""
        return sum(oddity.kind == "missing" and oddity.role is role for oddity in self.oddities)


def unread(users: Iterable[User], known: Iterable[Decision], *, at: str) -> tuple[Decision, ...]:
    """What stands of these users, whose role could not be read, with that for a cause. Of whom nothing is known yet is
    said so at `at` (ISO time)."""
    before = {decision.user: decision for decision in known}
    return tuple(
        replace(before[user.id], cause=LIST_UNREAD)
        if user.id in before
        else Decision(user.id, user.role, State.NOT_FOUND, NEVER_JUDGED, since=at)
        for user in users
    )


def counts(plan: "Plan", waiting: Sequence[Decision]) -> dict[str, int]:
    """Those of the plan, and of `waiting` users (`unread`) in the state that stands; "new" is who was never judged."""
    states = ("new" if each.cause == NEVER_JUDGED else each.state for each in waiting)
    told = Counter(plan.counts()) + Counter(f"{each.role}.{state}" for each, state in zip(waiting, states, strict=True))
    return dict(sorted(told.items()))


def entries(plan: "Plan", users: dict[str, User], waiting: Iterable[Decision] = ()) -> tuple[Entry, ...]:
    """Everyone in the plan or `waiting`: who needs a person first, then what changed, then by name.

    Somebody who left Profijt has only an id.
    """
    changed = {(change.role, change.user): change for change in plan.changes}
    gone = [change.before for change in plan.changes if change.kind == "gone" and change.before]
    rows = [
        Entry(
            decision.user,
            full_name(users.get(decision.user)),
            decision,
            change.kind if change else "",
            change.before if change else None,
        )
        for decision, change in (
            (each, changed.get((each.role, each.user))) for each in (*plan.decisions, *gone, *waiting)
        )
    ]
    settled = (State.LINKED, State.EXCLUDED)
    return tuple(
        sorted(rows, key=lambda row: (row.decision.state in settled, not row.change, row.name.casefold(), row.user))
    )


def oddities(persons: tuple[Person, ...]) -> tuple[Oddity, ...]:
    """People without an ID-nummer, then those who share one, role by role."""
    from shared.domain.matching import sanity  # a tenth of the start of whoever only reads runs

    known = {(person.role, person.id): person for person in persons}
    rows: list[Oddity] = []
    for numbers in sanity(persons):
        odd: list[tuple[Literal["missing", "double"], tuple[str, ...]]] = [("missing", numbers.missing)]
        odd += [("double", ids) for _, ids in numbers.double]
        for kind, ids in odd:
            for person in (known[numbers.role, identifier] for identifier in ids):
                name = f"{person.first_name} {person.last_name}".strip()
                rows.append(Oddity(kind, person.role, person.key, name, person.short_name))
    return tuple(rows)


def full_name(user: User | None) -> str:
    """First name, tussenvoegsel, last name; "" for nobody."""
    return " ".join(part for part in (user.first_name, user.prefix, user.last_name) if part) if user else ""
