"""A field beside the name that a school demonstrably keeps equal in both systems, learned from its own sure pairs.

Sure pairs are the one-to-one pairs of the same letters, so nothing is learned from what the field itself decided.
A proven field confirms weak name evidence and forbids pairs whose values differ; an unproven one says nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Literal

from shared.domain.matching.letters import INVISIBLE
from shared.domain.people import Person, Role, User
from shared.values import dataclass

Verdict = Literal["equal", "different", "missing"]

_INVISIBLE = str.maketrans("", "", INVISIBLE)


def cleaned(value: str) -> str:
    """`value` without invisible characters and outer white space; "067" stays "067"."""
    return value if value.isalnum() else value.translate(_INVISIBLE).strip()


def _all_cleaned(values: Iterable[str]) -> list[str]:
    return [value if value.isalnum() else cleaned(value) for value in values]


def _codes(values: Iterable[str]) -> list[str]:
    return [cleaned(value).casefold() for value in values]


@dataclass(frozen=True, slots=True)
class Field:
    """A pair of columns, and how sure the school must be about it.

    Two shares: a field that agrees this often forbids (`forbids_at`); confirming asks for more (`confirms_at`).
    """

    name: str
    roles: frozenset[Role]
    user_column: str
    person_column: str
    values: Callable[[Iterable[str]], list[str]]
    least_pairs: int
    forbids_at: float
    confirms_at: float
    vouches: frozenset[str]  # the weak rules that an equal value makes up for

    def vouches_for(self, weak: tuple[str, ...]) -> bool:
        """Whether an equal value is enough for this weak evidence: two doubtful parts at once are too much."""
        return not weak or (len(weak) == 1 and weak[0] in self.vouches)


_NEVER = 2.0
# A code is handed on to a successor, and is made from the surname: it says little about a surname that differs.
_CODE_VOUCHES = frozenset(
    ["spelling", "extra_forename", "prefix_abbreviated", "prefix_missing", "call_name", "initials", "no_forename"]
)
_NUMBER_VOUCHES = _CODE_VOUCHES | {"one_edit", "half_surname", "letters_lost"}
FIELDS = (
    # Two systems that both number an alphabetical list agree on its first part by accident: hence 10 pairs and 90 %.
    Field("number", frozenset(Role), "number", "key", _all_cleaned, 10, 0.8, 0.9, _NUMBER_VOUCHES),
    # Only teachers: a student's Afkorting (BauerBen) is made from the name, so it says nothing the name did not say.
    Field("abbreviation", frozenset({Role.TEACHER}), "abbreviation", "short_name", _codes, 5, 0.8, 0.8, _CODE_VOUCHES),
    # We wrote this one ourselves after earlier links: agreement proves nothing, and a recycled key would prove itself.
    # So it may forbid, never confirm.
    Field("untis_id", frozenset(Role), "untis_id", "key", _all_cleaned, 10, 0.8, _NEVER, frozenset()),
)


@dataclass(frozen=True, slots=True)
class Proven:
    """A field that this school demonstrably uses for one role. Owners are positions; a value with two owners has -1."""

    field: Field
    confirms: bool
    of_users: Sequence[str]
    of_persons: Sequence[str]
    user_owners: Mapping[str, int]
    person_owners: Mapping[str, int]

    def user_value(self, user: int) -> str:
        return self.of_users[user]

    def person_value(self, person: int) -> str:
        return self.of_persons[person]

    def says(self, user: int, person: int) -> Verdict:
        """What the values say about this pair. A value that belongs to exactly one other person differs, too."""
        mine, theirs = self.of_users[user], self.of_persons[person]
        if mine and theirs:
            return "equal" if mine == theirs else "different"
        owned = (mine and self.person_owners.get(mine, -1) >= 0) or (theirs and self.user_owners.get(theirs, -1) >= 0)
        return "different" if owned else "missing"

    def contradicts(self, user: int, person: int) -> bool:
        """Whether both have a value, and not the same: a blank one contradicts nothing."""
        mine, theirs = self.of_users[user], self.of_persons[person]
        return bool(mine and theirs) and mine != theirs

    def partner(self, user: int) -> int:
        """The one person with this user's value, when nobody else on either side has it; otherwise -1."""
        value = self.of_users[user]
        if not value or self.user_owners[value] < 0:
            return -1
        return self.person_owners.get(value, -1)


def learn(
    role: Role, users: Sequence[User], persons: Sequence[Person], sure: Iterable[tuple[int, int]]
) -> tuple[Proven, ...]:
    """The fields that the `sure` pairs (positions) prove for this role."""
    pairs = list(sure)
    proven = []
    for field in FIELDS:
        if role not in field.roles:
            continue
        mine = list(map(attrgetter(field.user_column), users))
        if not any(mine):
            continue
        mine, theirs = field.values(mine), field.values(map(attrgetter(field.person_column), persons))
        equal = [mine[user] == theirs[person] for user, person in pairs if mine[user] and theirs[person]]
        if len(equal) >= field.least_pairs and sum(equal) >= field.forbids_at * len(equal):
            confirms = sum(equal) >= field.confirms_at * len(equal)
            proven.append(Proven(field, confirms, mine, theirs, _owners(mine), _owners(theirs)))
    return tuple(proven)


def _owners(values: Sequence[str]) -> dict[str, int]:
    owners: dict[str, int] = {}
    for position, value in enumerate(values):
        owners[value] = -1 if value in owners or not value else position
    return owners
