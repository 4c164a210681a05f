"""What a person decides about one user, as values that every later run and every change of settings keeps.

A link and an exclusion bind because they are `by` a person (see keep.py); a pair that was ruled out binds because its
ID-nummer and its record are in `never`, whatever else is decided about the user.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from shared.domain.matching.closeness import weak_rules
from shared.domain.matching.names import Name, Parts, names_of_persons, names_of_users, same, text_of
from shared.domain.matching.second_field import FIELDS
from shared.domain.matching.table import shown_person, shown_user
from shared.domain.people import Compared, Decision, Person, State, User, record_mark

RULE = "by_hand"
_BOUND = (State.LINKED, State.SUSPENDED)  # states in which `Decision.key` is a link


def link(user: User, person: Person, old: Decision | None, *, by: str, at: str, reason: str = "") -> Decision:
    """This user is this person. Lifts an earlier "never" of this pair; the others stay."""
    mine, theirs = _parts(user, person)
    return Decision(
        user=user.id,
        role=user.role,
        state=State.LINKED,
        cause="link.by_hand",
        key=person.key,
        person=person.id,
        rule=RULE,
        by="person",
        facts=_facts(reason),
        compared=compared(user, person),
        user_name=text_of(mine),
        person_name=text_of(theirs),
        never=_without(old.never if old else (), _entries(person.key, person.id)),
        since=at,
        decided_by=by,
    )


def exclude(user: User, old: Decision | None, *, by: str, at: str, reason: str = "") -> Decision:
    """This user is linked to nobody until a person decides otherwise."""
    return Decision(
        user=user.id,
        role=user.role,
        state=State.EXCLUDED,
        cause="link.excluded",
        by="person",
        facts=_facts(reason),
        user_name=text_of(names_of_users([user], user.role)[0]),  # a namesake who comes later is refused by it
        never=old.never if old else (),
        since=at,
        decided_by=by,
    )


def rule_out(
    user: User, old: Decision | None, key: str, person: str, *, by: str, at: str, reason: str = ""
) -> Decision:
    """This user is never the person with this ID-nummer, nor this record ("": not known) under another one; a link
    between the two ends here.

    Otherwise what was decided stands, without that candidate: above all a refusal, which only a choice lifts.
    """
    never = _merged(old.never if old else (), _entries(key, person))
    if old and not (old.key == key and old.state in _BOUND):
        left = tuple(candidate for candidate in old.candidates if candidate.key != key)
        return replace(old, never=never, candidates=left)
    return Decision(
        user=user.id,
        role=user.role,
        state=State.REVIEW,
        cause="link.never",
        by="person",
        facts=_facts(reason),
        user_name=text_of(names_of_users([user], user.role)[0]),
        never=never,
        since=at,
        decided_by=by,
    )


def put_back(
    user: User, *, before: Decision | None, made: Decision | None, now: Decision | None, by: str, at: str
) -> Decision:
    """What was before a run, as a person's decision, so that the next run does not do the same again.

    A link of before is by hand from now on. Where there was none, the one the run `made` is ruled out, and what was
    decided before the run stands again. What was ruled out since (`now`) stays so.
    """
    ruled_out = _merged(before.never if before else (), now.never if now else ())
    if made and made.state is State.LINKED and not (before and before.key == made.key and before.state is State.LINKED):
        ruled_out = _merged(ruled_out, _entries(made.key, made.person))
    if before and before.state is State.LINKED:
        never = _without(ruled_out, _entries(before.key, before.person))
        return replace(before, by="person", cause="link.by_hand", never=never, since=at, decided_by=by)
    if made and made.state is State.LINKED:
        old = replace(before, never=ruled_out) if before else None
        decision = rule_out(user, old, made.key, made.person, by=by, at=at)
        return replace(decision, never=ruled_out, since=at, decided_by=by)
    assert before
    return replace(before, never=ruled_out, since=at, decided_by=by)


def compared(user: User, person: Person) -> tuple[Compared, ...]:
    """The names, and every other field of which this user has a value, as a reviewer should see them."""
    mine, theirs = (Name(*parts) for parts in _parts(user, person))
    equal = mine.letters == theirs.letters and same(mine, theirs)
    close = weak_rules(mine, theirs) is not None
    rows = [Compared("name", shown_user(user), shown_person(person), _verdict(equal=bool(equal), close=close))]
    for field in FIELDS:
        told, stands = getattr(user, field.user_column), getattr(person, field.person_column)
        [value], [other] = field.values([told]), field.values([stands])
        if user.role in field.roles and value:
            verdict = _verdict(equal=value == other, close=False) if other else "missing"
            rows.append(Compared(field.name, told, stands, verdict))
    return tuple(rows)


def _verdict(*, equal: bool, close: bool) -> Literal["equal", "close", "different"]:
    return "equal" if equal else "close" if close else "different"


def _parts(user: User, person: Person) -> tuple[Parts, Parts]:
    return names_of_users([user], user.role)[0], names_of_persons([person], person.role)[0]


def _facts(reason: str) -> tuple[tuple[str, str], ...]:
    return (("reason", reason),) if reason else ()


def _entries(key: str, person: str) -> tuple[str, ...]:
    """How somebody stands in `never`."""
    return (key, record_mark(person)) if person else (key,)


def _without(never: Iterable[str], entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in never if each not in entries)


def _merged(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
