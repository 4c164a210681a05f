"""Everyone of one role on both sides, named and grouped: who shares all letters of a name with whom.

Groups are coarser than links (any order and any cut of the letters), so a name that could be read two ways counts as
two people. They hold every record, linked or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.domain.matching.id_numbers import usable_keys
from shared.domain.matching.names import Name, mistakable, name_of_person, name_of_user, same
from shared.domain.people import Person, Role, User


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Users and persons (positions) whose names may be one name, more than one on at least one side."""

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
    user_names: list[Name]
    person_names: list[Name]
    keys: dict[str, int]  # ID-nummers that exactly one person has
    by_letters: dict[int, tuple[list[int], list[int]]]
    pairs: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    namesakes_of_user: dict[int, Namesakes] = field(default_factory=dict)
    namesakes_of_person: dict[int, Namesakes] = field(default_factory=dict)

    @classmethod
    def without_names(cls, role: Role, users: Sequence[User], persons: Sequence[Person]) -> "Roll":
        """A roll on which nobody is grouped by name, because names play no part."""
        names = [name_of_user(user) for user in users], [name_of_person(person) for person in persons]
        return cls(role, users, persons, *names, usable_keys(persons), {})


def call_roll(role: Role, users: Sequence[User], persons: Sequence[Person]) -> Roll:
    """The roll of `role`; all `users` and `persons` must have that role."""
    user_names, person_names = [name_of_user(user) for user in users], [name_of_person(person) for person in persons]
    by_letters: dict[int, tuple[list[int], list[int]]] = {}
    for position, name in enumerate(user_names):
        group = by_letters.get(name.letters)
        if group is None:
            by_letters[name.letters] = ([position], [])
        else:
            group[0].append(position)
    for position, name in enumerate(person_names):
        group = by_letters.get(name.letters)
        if group is None:
            by_letters[name.letters] = ([], [position])
        else:
            group[1].append(position)
    by_letters.pop(0, None)  # no letters, no name
    roll = Roll(role, users, persons, user_names, person_names, usable_keys(persons), by_letters)
    for mine, theirs in by_letters.values():
        if len(mine) == 1 == len(theirs):
            roll.pairs[mine[0]] = theirs[0], same(user_names[mine[0]], person_names[theirs[0]])
        elif len(mine) + len(theirs) > 1:
            _tell_apart(roll, mine, theirs)
    return roll


def _tell_apart(roll: Roll, users: list[int], persons: list[int]) -> None:
    """Split a group of the same letters into those that may be one name."""
    bags: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}
    for user in users:
        bags.setdefault(tuple(sorted(roll.user_names[user].words)), ([], []))[0].append(user)
    for person in persons:
        bags.setdefault(tuple(sorted(roll.person_names[person].words)), ([], []))[1].append(person)
    circles: list[list[tuple[str, ...]]] = []
    for bag in bags:
        met = [circle for circle in circles if any(mistakable(bag, other) for other in circle)]
        circles = [circle for circle in circles if circle not in met]
        circles.append([bag, *(other for circle in met for other in circle)])
    for circle in circles:
        mine = tuple(user for bag in circle for user in bags[bag][0])
        theirs = tuple(person for bag in circle for person in bags[bag][1])
        if len(mine) == 1 == len(theirs):
            roll.pairs[mine[0]] = theirs[0], same(roll.user_names[mine[0]], roll.person_names[theirs[0]])
        elif len(mine) + len(theirs) > 1:
            together = Namesakes(mine, theirs)
            roll.namesakes_of_user.update(dict.fromkeys(mine, together))
            roll.namesakes_of_person.update(dict.fromkeys(theirs, together))
