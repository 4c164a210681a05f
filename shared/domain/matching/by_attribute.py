"""Linking without names: the attribute a school chose for its users equals the ID-nummer exactly, or not at all.

Only what nobody can see (outer white space, zero-width characters) is ignored, and the decision says so. "067" is not
"67", and full-width digits are not digits: such look-alikes are listed for a person. Double and empty values are
listed, never guessed. What a person decided stands.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from shared.domain.matching.id_numbers import usable_keys
from shared.domain.matching.keep import Keeper
from shared.domain.matching.roll import unnamed_roll
from shared.domain.matching.second_field import cleaned
from shared.domain.matching.standing import remember
from shared.domain.matching.table import Table, candidate
from shared.domain.people import Compared, Decision, Person, Role, State, User
from shared.errors import Invalid

ATTRIBUTES = ("number", "entree", "eck_id", "untis_id", "abbreviation")  # a BSN is not among them


def by_attribute(
    users: Iterable[User], persons: Iterable[Person], standing: Iterable[Decision], attributes: Mapping[Role, str]
) -> tuple[Decision, ...]:
    """One decision for every user id of each role, sorted by both; `attributes` names the `User` field for each role.

    Raises Invalid ("link.attribute_unknown") for a field that is not one of `ATTRIBUTES`. A role without an attribute
    is not linked. Names play no part; earlier automatic decisions neither, except that a link whose ID-nummer
    disappeared is suspended rather than not found.
    """
    unknown = sorted(set(attributes.values()) - set(ATTRIBUTES))
    if unknown:
        raise Invalid("link.attribute_unknown", attributes=", ".join(ATTRIBUTES))
    users, persons, standing = list(users), list(persons), list(standing)
    decisions: list[Decision] = []
    for role in sorted(Role):
        decisions += _of_role(
            role,
            [user for user in users if user.role is role],
            [person for person in persons if person.role is role],
            [decision for decision in standing if decision.role is role],
            attributes.get(role, ""),
        )
    return tuple(decisions)


def _of_role(
    role: Role, users: list[User], persons: list[Person], standing: list[Decision], attribute: str
) -> list[Decision]:
    memory = remember(standing, {user.id for user in users})
    table = Table(unnamed_roll(role, users, persons), memory, ())
    Keeper(table).keep_what_people_decided()
    values = [cleaned(getattr(user, attribute)) if attribute else "" for user in users]
    lookup = _Lookup(table, attribute, values)
    for user in range(len(users)):
        if user not in table.decided:
            table.decide(user, lookup.decision(user))
    return table.decisions()


class _Lookup:
    """The persons of one role by ID-nummer, as it stands and as it looks."""

    def __init__(self, table: Table, attribute: str, values: list[str]) -> None:
        self.table, self.attribute, self.values = table, attribute, values
        self.persons = table.roll.persons
        self.single = usable_keys(self.persons)
        self.by_value: dict[str, list[int]] = {}
        self.by_look: dict[str, list[int]] = {}
        for position, person in enumerate(self.persons):
            self.by_value.setdefault(cleaned(person.key), []).append(position)
            self.by_look.setdefault(_look(cleaned(person.key)), []).append(position)
        self.bearers: dict[str, int] = {}
        for value in values:
            self.bearers[value] = self.bearers.get(value, 0) + 1

    def decision(self, user: int) -> Decision:
        value, someone = self.values[user], self.table.roll.users[user]
        if not value:
            return self._open(
                user, State.NOT_FOUND, "link.attribute_empty" if self.attribute else "link.attribute_not_chosen"
            )
        found = self.by_value.get(value, [])
        if not found:
            return self._nobody(user, value)
        if len(found) > 1:
            return self._open(user, State.CONFLICT, "link.duplicate_id_number", found)
        if self.bearers[value] > 1:
            return self._open(user, State.CONFLICT, "link.attribute_shared", found)
        person = self.persons[found[0]]
        objection = self.table.objection(user, found[0])
        if objection in ("link.never", "link.taken_by_hand"):
            return self._open(user, State.REVIEW, objection, found)
        raw = getattr(someone, self.attribute)
        cause = "link.attribute_equal" if raw == person.key else "link.attribute_equal_but_invisible"
        return Decision(
            user=someone.id,
            role=someone.role,
            state=State.LINKED,
            cause=cause,
            key=person.key,
            person=person.id,
            rule=f"attribute:{self.attribute}",
            facts=(("attribute", self.attribute),),
            compared=(Compared(self.attribute, raw, person.key, "equal"),),
            never=self._never(user),
        )

    def _nobody(self, user: int, value: str) -> Decision:
        old = self.table.memory.of_user.get(self.table.roll.users[user].id)
        if old and old.state in (State.LINKED, State.SUSPENDED) and cleaned(old.key) == value:
            return Decision(
                user=old.user,
                role=old.role,
                state=State.SUSPENDED,
                cause="link.person_gone",
                key=old.key,
                person=old.person,
                rule=f"attribute:{self.attribute}",
                never=old.never,
            )
        alike = self.by_look.get(_look(value), [])
        if alike:
            return self._open(user, State.REVIEW, "link.attribute_lookalike", alike)
        return self._open(user, State.NOT_FOUND, "link.attribute_not_found")

    def _open(self, user: int, state: State, cause: str, found: Iterable[int] = ()) -> Decision:
        someone = self.table.roll.users[user]
        old = self.table.memory.of_user.get(someone.id)
        candidates = sorted(
            (
                candidate(person, f"attribute:{self.attribute}", cause)
                for person in map(self.persons.__getitem__, found)
                if cause == "link.never" or not (old and old.rules_out(person))
            ),
            key=lambda each: (each.name, each.key, each.person),
        )
        facts = (("attribute", self.attribute),) if self.attribute else ()
        return Decision(
            user=someone.id,
            role=someone.role,
            state=state,
            cause=cause,
            facts=facts,
            candidates=tuple(candidates),
            never=self._never(user),
        )

    def _never(self, user: int) -> tuple[str, ...]:
        old = self.table.memory.of_user.get(self.table.roll.users[user].id)
        return old.never if old else ()


def _look(value: str) -> str:
    """What `value` looks like: compatibility forms (full-width digits) as their plain ones."""
    return unicodedata.normalize("NFKC", value).casefold()
