"""What a run would change, and the brakes on it: decided here without touching anything, so a dry run is this value."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from shared.domain.people import Decision, Role, State
from shared.domain.rules import Limits
from shared.values import dataclass

Kind = Literal["new", "linked", "relinked", "lost", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Change:
    """One user whose link changes. "new": nobody had decided yet, and it is no link; "lost": had a link and has none;
    "gone": the user left Profijt; never both None."""

    kind: Kind
    before: Decision | None
    after: Decision | None

    @property
    def decision(self) -> Decision:
        """The decision after the run, or the one that went with its user."""
        decision = self.after or self.before
        assert decision
        return decision

    @property
    def user(self) -> str:
        return self.decision.user

    @property
    def role(self) -> Role:
        return self.decision.role


@dataclass(frozen=True, slots=True)
class Plan:
    """`decisions` is the whole truth after the run, with `since` kept where nothing changed.

    `links` counts them before it, by role.
    """

    decisions: tuple[Decision, ...]
    changes: tuple[Change, ...]
    links: Mapping[Role, int]

    def lost(self, role: Role) -> int:
        """Links that would be taken away or go to another ID-nummer, also because their users left Profijt."""
        return sum(
            change.role is role
            and (
                change.kind in ("lost", "relinked") or (change.kind == "gone" and change.decision.state is State.LINKED)
            )
            for change in self.changes
        )

    def counts(self) -> dict[str, int]:
        """How many users are in each state after the run, by "role.state", and how many changes of each kind."""
        states = Counter(f"{decision.role}.{decision.state}" for decision in self.decisions)
        kinds = Counter(f"changes.{change.kind}" for change in self.changes)
        return dict(sorted((states + kinds).items()))


def diff(standing: Sequence[Decision], decisions: Iterable[Decision], *, at: str) -> Plan:
    """Compare what stands with what is decided now. A changed decision is dated `at` (ISO time); others keep theirs."""
    old = {(decision.role, decision.user): decision for decision in standing}
    settled, changes = [], []
    for new in decisions:
        before = old.pop((new.role, new.user), None)
        if before and replace(new, since=before.since, decided_by=before.decided_by) == before:
            settled.append(before)
            continue
        after = replace(new, since=at)
        settled.append(after)
        changes.append(Change(_kind(before, after), before, after))
    changes += [Change("gone", before, None) for before in old.values()]
    links = Counter(decision.role for decision in standing if decision.state is State.LINKED)
    return Plan(tuple(settled), tuple(sorted(changes, key=lambda change: change.user)), links)


def _kind(before: Decision | None, after: Decision) -> Kind:
    had = before is not None and before.state is State.LINKED
    has = after.state is State.LINKED
    if before and had and has and before.key != after.key:
        return "relinked"
    if has and not had:
        return "linked"
    if had and not has:
        return "lost"
    return "changed" if before else "new"


@dataclass(frozen=True, slots=True)
class Hold:
    """A run that waits for a person: `cause` is a code of causes, `facts` its blanks."""

    cause: str
    facts: dict[str, str | int]


def brakes(
    plan: Plan,
    limits: Limits,
    *,
    users: Mapping[Role, int],
    persons: Mapping[Role, int],
    persons_before: Mapping[Role, int],
) -> Hold | None:
    """Why this plan may not be applied without a person, or None.

    `users` and `persons` are the sizes of both lists now, for the roles that were read; `persons_before` those of the
    last run that was applied.
    """
    for role, count in sorted(persons.items()):
        before = persons_before.get(role, 0)
        # An empty list that was applied before was approved then: it does not hold every later change.
        if count == 0 and (before or (role not in persons_before and users.get(role, 0))):
            return Hold("hold.list_empty", {"role": role.value, "before": before})
        if before - count > max(limits.few, before * limits.shrink_share):
            return Hold("hold.list_shrunk", {"role": role.value, "before": before, "now": count})
        # Per role: all of a school's teachers are less than a tenth of its links.
        lost, links = plan.lost(role), plan.links.get(role, 0)
        if lost > max(limits.few, links * limits.lost_share):
            return Hold("hold.links_lost", {"role": role.value, "lost": lost, "links": links})
    return None
