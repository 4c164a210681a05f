"""Everyone of one role on both sides, named and grouped: who shares all letters of a name with whom.

Groups are coarser than links (any order and any cut of the letters), so a name that could be read two ways, or is an
anagram of another, counts as two people. They hold every record, linked or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.domain.matching.id_numbers import usable_keys
from shared.domain.matching.names import SAME_LETTERS, Name, Parts, names_of_persons, names_of_users, same
from shared.domain.people import Person, Role, User


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Users and persons (positions) whose names have the same letters, more than one on at least one side."""

    users: tuple[int, ...]
    persons: tuple[int, ...]


@dataclass(slots=True)
class Roll:
    """One role of one school. People are known by their position in `users` and `persons`.

    `pairs`: user → (person, rule) where exactly one user and one person share the letters; `namesakes_of_user` and
    `namesakes_of_person`: everyone else who shares a name with somebody.
    """

    role: Role
    users: Sequence[User]
    persons: Sequence[Person]
    user_parts: list[Parts]
    person_parts: list[Parts]
    user_letters: list[int]  # `Name.letters` of each
    person_letters: list[int]
    keys: dict[str, int]  # ID-nummers that exactly one person has
    user_of: dict[int, int] = field(default_factory=dict)  # letters → one user; the others are in `crowds`
    person_of: dict[int, int] = field(default_factory=dict)
    crowds: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)
    pairs: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    namesakes_of_user: dict[int, Namesakes] = field(default_factory=dict)
    namesakes_of_person: dict[int, Namesakes] = field(default_factory=dict)

    def user_name(self, user: int) -> Name:
        return Name(*self.user_parts[user])

    def person_name(self, person: int) -> Name:
        return Name(*self.person_parts[person])

    def pair(self, user: int, person: int) -> None:
        """Note that these two, and nobody else, share their letters."""
        (given, family), (given2, family2) = mine, theirs = self.user_parts[user], self.person_parts[person]
        # Most pairs are written alike, and then their parts are the very same values.
        if given is given2 and family is family2 and given.full_given and family.full_family:
            self.pairs[user] = person, SAME_LETTERS
        else:
            self.pairs[user] = person, same(Name(*mine), Name(*theirs))

    def users_with(self, letters: int) -> Sequence[int]:
        """All users whose names have these letters."""
        if letters in self.crowds:
            return self.crowds[letters][0]
        return (self.user_of[letters],) if letters in self.user_of else ()

    def persons_with(self, letters: int) -> Sequence[int]:
        """All persons whose names have these letters."""
        if letters in self.crowds:
            return self.crowds[letters][1]
        return (self.person_of[letters],) if letters in self.person_of else ()


def unnamed_roll(role: Role, users: Sequence[User], persons: Sequence[Person]) -> Roll:
    """A roll on which nobody is grouped by name, because names play no part."""
    mine, theirs = names_of_users(users, role), names_of_persons(persons, role)
    user_letters = [given.letters + family.letters for given, family in mine]
    person_letters = [given.letters + family.letters for given, family in theirs]
    return Roll(role, users, persons, mine, theirs, user_letters, person_letters, usable_keys(persons))


def call_roll(role: Role, users: Sequence[User], persons: Sequence[Person]) -> Roll:
    """The roll of `role`; all `users` and `persons` must have that role."""
    roll = unnamed_roll(role, users, persons)
    roll.user_of = {letters: user for user, letters in enumerate(roll.user_letters)}
    roll.person_of = {letters: person for person, letters in enumerate(roll.person_letters)}
    # Of several with the same letters the last stands in these; whoever does not find himself there is in a crowd.
    crowded = {letters for user, letters in enumerate(roll.user_letters) if roll.user_of[letters] != user}
    crowded |= {letters for person, letters in enumerate(roll.person_letters) if roll.person_of[letters] != person}
    for side, everyone in enumerate((roll.user_letters, roll.person_letters)):
        for position, letters in enumerate(everyone):
            if letters in crowded and letters:
                roll.crowds.setdefault(letters, ([], []))[side].append(position)
    for letters in {*crowded, 0}:  # no letters, no name
        roll.user_of.pop(letters, None)
        roll.person_of.pop(letters, None)
    for letters, user in roll.user_of.items():
        person = roll.person_of.get(letters)
        if person is not None:
            roll.pair(user, person)
    for mine, theirs in roll.crowds.values():
        together = Namesakes(tuple(mine), tuple(theirs))
        roll.namesakes_of_user.update(dict.fromkeys(mine, together))
        roll.namesakes_of_person.update(dict.fromkeys(theirs, together))
    return roll
