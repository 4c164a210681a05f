"""Which WebUntis person is which Profijt user: a link only where the evidence fits exactly one user and one person.

The answer does not depend on the order of the input, and whatever a person decided stands. How it is decided, in order:
what stands already, the same letters, a proven second field; for the rest candidates are proposed.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from shared.domain.matching.confirm import Confirmer
from shared.domain.matching.keep import Keeper
from shared.domain.matching.names import BY_ITSELF
from shared.domain.matching.proposals import Pool
from shared.domain.matching.roll import call_roll
from shared.domain.matching.second_field import learn
from shared.domain.matching.standing import remember
from shared.domain.matching.table import Table
from shared.domain.people import Decision, Person, Role, User


def assign(users: Iterable[User], persons: Iterable[Person], standing: Iterable[Decision]) -> tuple[Decision, ...]:
    """One decision for every user id of each role, sorted by role and user id; no two linked users share a key.

    `persons` must be all persons, also those who left: a person that is not told makes a namesake look unique.
    `standing` is what this function returned before, with what people decided since; unchanged decisions come back
    as the very same values.
    """
    with collector_at_rest():
        return _assigned(users, persons, standing)


def _assigned(users: Iterable[User], persons: Iterable[Person], standing: Iterable[Decision]) -> tuple[Decision, ...]:
    sides: dict[Role, tuple[list[User], list[Person], list[Decision]]] = {role: ([], [], []) for role in sorted(Role)}
    for user in users:
        sides[user.role][0].append(user)
    for person in persons:
        sides[person.role][1].append(person)
    for decision in standing:
        sides[decision.role][2].append(decision)
    return tuple(decision for role, side in sides.items() for decision in _of_role(role, *side))


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No garbage collection meanwhile: a run makes many values and no cycles, and looking for some costs a quarter."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _of_role(
    role: Role, users: Sequence[User], persons: Sequence[Person], standing: Sequence[Decision]
) -> list[Decision]:
    roll = call_roll(role, users, persons)
    sure = ((user, person) for user, (person, rule) in roll.pairs.items() if rule in BY_ITSELF)
    fields = learn(role, users, persons, sure)
    table = Table(roll, remember(standing, {user.id for user in users}), fields)
    Keeper(table).keep()
    table.link_same_letters()
    Confirmer(table).confirm()
    Pool(table).propose()
    return table.decisions()
