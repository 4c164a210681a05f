"""Links names that only resemble, where a proven second field says who it is and the name fits nobody else as well.

A value may be wrong: it never chooses between people whom the name fits alike, nor stands against somebody who bears
the very name.
"""

from collections.abc import Iterable, Sequence, Set

from shared.domain.matching.closeness import nouns, weak_rules
from shared.domain.matching.names import BY_ITSELF, Name, Parts, placed
from shared.domain.matching.second_field import Proven
from shared.domain.matching.standing import STICKY
from shared.domain.matching.table import Table


class Confirmer:
    """Links users on `table` that are still undecided."""

    def __init__(self, table: Table) -> None:
        self.table, self.roll = table, table.roll
        self.users: dict[str, list[int]] | None = None
        self.persons: dict[str, list[int]] | None = None

    def confirm(self) -> None:
        for field in self.table.fields:
            if field.confirms:
                for user in range(len(self.roll.users)):
                    if user not in self.table.decided and user not in self.table.refused:
                        self._confirm(field, user, field.partner(user))

    def _confirm(self, field: Proven, user: int, person: int) -> None:
        if person < 0:
            return
        # The letters may be equal here too: initials that are the same on both sides.
        weak = weak_rules(self.roll.user_name(user), self.roll.person_name(person))
        if weak is None or not field.field.vouches_for(weak) or not self._fits_nobody_else(field, user, person):
            return
        objection = self.table.objection(user, person)
        if not objection:
            facts = (("weak", weak[0]),) if weak else ()
            self.table.link(user, person, field.field.name, f"link.confirmed_by_{field.field.name}", facts)
        elif objection in STICKY:
            self.table.refused[user] = objection, (person,)

    def _fits_nobody_else(self, field: Proven, user: int, person: int) -> bool:
        roll = self.roll
        letters, letters2 = roll.user_letters[user], roll.person_letters[person]
        # Somebody of one's own very name must have another value; nobody may bear the very name of the other.
        if any(other != user and not field.contradicts(other, person) for other in roll.users_with(letters)):
            return False
        if any(other != person and not field.contradicts(user, other) for other in roll.persons_with(letters2)):
            return False
        if set(roll.users_with(letters2)) - {user} or set(roll.persons_with(letters)) - {person}:
            return False
        return not self._resembled_by_others(user, person)

    def _resembled_by_others(self, user: int, person: int) -> bool:
        """Whether somebody else without a pair of his own resembles either name: one wrong value would decide."""
        if self.users is None or self.persons is None:
            self.users, self.persons = self._unpaired()
        name, name2 = self.roll.user_name(user), self.roll.person_name(person)
        users = {other for noun in _nouns(name2) for other in self.users.get(noun, ())} - {user}
        persons = {other for noun in _nouns(name) for other in self.persons.get(noun, ())} - {person}
        return any(weak_rules(self.roll.user_name(other), name2) is not None for other in users) or any(
            weak_rules(name, self.roll.person_name(other)) is not None for other in persons
        )

    def _unpaired(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Users and persons whom letters and fields do not pair, by the words of their surname; as in every run."""
        paired = {
            user: person
            for user, (person, rule) in self.roll.pairs.items()
            if rule in BY_ITSELF and not any(field.contradicts(user, person) for field in self.table.fields)
        }
        return _by_noun(self.roll.user_parts, paired.keys()), _by_noun(self.roll.person_parts, set(paired.values()))


def _by_noun(everyone: Sequence[Parts], without: Set[int]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for position, parts in enumerate(everyone):
        if position not in without:
            for noun in _nouns(Name(*parts)):
                positions.setdefault(noun, []).append(position)
    return positions


def _nouns(name: Name) -> Iterable[str]:
    given, family = placed(name)
    return set(nouns(family) if given and family else name.words)
