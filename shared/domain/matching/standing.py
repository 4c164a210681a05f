"""What earlier runs and people decided and still binds: hand links, refusals that stick, keys of absent users.

A refusal sticks to the name, not only to the user, so an ambiguity that seems to dissolve because somebody left does
not become a link. A link of a user who is gone keeps its key from namesakes.
"""

from collections.abc import Iterable, Set

from shared.domain.matching.names import Name, read
from shared.domain.people import Decision, State
from shared.values import dataclass

REFUSED_BY_HAND = "link.refused_by_hand"  # whom a person did not want linked may be back under another id

# Refusals that only a person lifts: two people were (or may have been) behind one name.
STICKY = frozenset(
    {
        "link.ambiguous_users",
        "link.ambiguous_persons",
        "link.was_refused",
        "link.was_linked_elsewhere",
        REFUSED_BY_HAND,
        "link.held_by_other",
    }
)
# Refusals that also an equal value lifts.
FORBIDDEN = frozenset({"link.number_differs", "link.abbreviation_differs", "link.untis_id_differs"})


@dataclass(frozen=True, slots=True)
class Memory:
    """Earlier decisions of one role. `held` are the keys of users who are no longer there, with their decisions."""

    of_user: dict[str, Decision]
    refused: Set[int]  # `Name.letters` of refused names
    by_person: Set[int]  # those of them that a person refused, for somebody who is not there any more
    held: dict[str, tuple[Decision, ...]]
    by_hand: dict[str, tuple[str, ...]]  # key → users, still there, it was linked to by a person


def remember(standing: Iterable[Decision], present: Set[str]) -> Memory:
    """The memory of one role; `present` are the ids of its users now. Of two decisions on one user a person's wins."""
    of_user: dict[str, Decision] = {}
    for decision in standing:
        known = of_user.get(decision.user)
        if known is None or _weight(decision) > _weight(known):
            of_user[decision.user] = decision
    refused: set[int] = set()
    by_person: set[int] = set()
    held: dict[str, list[Decision]] = {}
    by_hand: dict[str, list[str]] = {}
    for user, decision in of_user.items():
        if is_hand_link(decision) and user in present:
            by_hand.setdefault(decision.key, []).append(user)
        if decision.state is State.CONFLICT and decision.by == "auto" and decision.cause in STICKY:
            refused.add(read(decision.user_name).letters)
        # What a person refused binds a namesake too, once the user himself is gone and cannot be told from him.
        if user not in present and (decision.state is State.EXCLUDED or decision.never):
            by_person.add(read(decision.user_name).letters)
        if user not in present and decision.state in (State.LINKED, State.SUSPENDED):
            held.setdefault(decision.key, []).append(decision)
    return Memory(
        of_user,
        (refused | by_person) - {0},
        by_person - {0},
        {key: tuple(decisions) for key, decisions in held.items()},
        {key: tuple(users) for key, users in by_hand.items()},
    )


def _weight(decision: Decision) -> tuple[bool, str, str]:
    return decision.by == "person", decision.since, repr(decision)


def is_hand_link(decision: Decision) -> bool:
    return decision.by == "person" and decision.state in (State.LINKED, State.SUSPENDED)


def shares_part(old: str, new: Name) -> bool:
    """Whether the remembered name and the name now have the forename or the surname in common."""
    was = read(old)
    return (bool(was.given.words) and was.given.letters == new.given.letters) or (
        bool(was.family.words) and was.family.letters == new.family.letters
    )
