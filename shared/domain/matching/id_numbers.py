"""Which WebUntis persons cannot be linked because of their ID-nummer: it is empty, or two of one role share it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from shared.domain.matching.second_field import cleaned
from shared.domain.people import Person, Role
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class IdNumbers:
    """The ID-nummers of one role: ids of persons without one, and each double key with the ids of its persons."""

    role: Role
    missing: tuple[str, ...]
    double: tuple[tuple[str, tuple[str, ...]], ...]


def sanity(persons: Iterable[Person]) -> tuple[IdNumbers, ...]:
    """One value for each role, students first, all sorted. Keys that differ only in what nobody sees are double."""
    by_role: dict[Role, dict[str, list[str]]] = {role: {} for role in Role}
    for person in persons:
        by_role[person.role].setdefault(cleaned(person.key), []).append(person.id)
    return tuple(
        IdNumbers(
            role=role,
            missing=tuple(sorted(keys.get("", []))),
            double=tuple(sorted((key, tuple(sorted(ids))) for key, ids in keys.items() if key and len(ids) > 1)),
        )
        for role, keys in by_role.items()
    )


def usable_keys(persons: Sequence[Person]) -> dict[str, int]:
    """Position of the person for every ID-nummer that exactly one of these persons (of one role) has."""
    exact = {person.key: position for position, person in enumerate(persons)}
    if len(exact) == len(persons) and all(map(str.isalnum, exact)):
        return exact  # as it should be: every key filled, single, and without anything invisible
    seen = Counter(cleaned(person.key) for person in persons)
    return {key: position for key, position in exact.items() if cleaned(key) and seen[cleaned(key)] == 1}
