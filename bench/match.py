"""Judge a school before it is connected: people as JSON on standard input, a decision for each user on standard output.

    python -m bench.match < school.json

Input: {"users": [{id, rol: leerling|docent, voornaam, achternaam, …}], "persons": [{key, id, type: student|teacher,
name, foreName, longName}], "standing": [what this printed before]}. Output: a JSON list sorted by role and user id,
in which who stood in "standing" and is no longer among the users stays as he stood, with "left": true.
Bad input: one line on standard error that names the place, exit status 2, nothing printed.
"""

import json
import sys
from collections.abc import Callable
from operator import itemgetter
from typing import Any, TypeVar

from shared.domain.causes import CAUSES
from shared.domain.matching import assign
from shared.domain.people import Candidate, Compared, Decision, Person, Role, State, User

_ROLES = {"leerling": Role.STUDENT, "docent": Role.TEACHER, "student": Role.STUDENT, "teacher": Role.TEACHER}
_ROL = {Role.STUDENT: "leerling", Role.TEACHER: "docent"}
_Value = TypeVar("_Value")


class BadInput(Exception):
    """What was given cannot be read; the text names the place."""


def main() -> int:
    try:
        answer = run(sys.stdin.buffer.read())
    except BadInput as mistake:
        print(f"bench.match: {mistake}", file=sys.stderr)
        return 2
    sys.stdout.write(answer + "\n")
    return 0


def run(raw: bytes) -> str:
    """The decisions for one school as JSON text. Raises BadInput."""
    try:
        school = json.loads(raw)
    except (ValueError, RecursionError) as err:
        raise BadInput(f"this is not JSON: {str(err)[:200]}") from err
    if not isinstance(school, dict):
        raise BadInput('expected an object {"users": […], "persons": […]}')
    unknown = sorted(set(school) - {"users", "persons", "standing"})
    if unknown:
        raise BadInput(f"unknown field {unknown[0]!r}; expected users, persons, standing")
    before = _list(school, "standing", standing)
    decisions = assign(_list(school, "users", _user), _list(school, "persons", _person), before)
    rows = [printed(decision) for decision in decisions]
    present = {(decision.role, decision.user) for decision in decisions}
    # A namesake of somebody who left must not inherit, however many days later: so those who left stay in the list.
    rows += [printed(old) | {"left": True} for old in before if (old.role, old.user) not in present]
    return json.dumps(sorted(rows, key=itemgetter("rol", "user")), ensure_ascii=True, indent=0)


def _list(school: dict[str, Any], name: str, read: Callable[[dict[str, Any], str], _Value]) -> list[_Value]:
    rows = school.get(name)
    if rows is None and name == "standing":
        return []
    if not isinstance(rows, list):
        raise BadInput(f"{name}: expected a list")
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise BadInput(f"{name}[{place}]: expected an object")
    return [read(row, f"{name}[{place}]") for place, row in enumerate(rows)]


def _text(row: dict[str, Any], field: str, where: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadInput(f"{where}.{field}: expected text")


def _id(row: dict[str, Any], field: str, where: str) -> str:
    value = _text(row, field, where)
    if not value:
        raise BadInput(f"{where}.{field}: is missing")
    return value


def _role(row: dict[str, Any], field: str, where: str) -> Role:
    role = _ROLES.get(_text(row, field, where))
    if role is None:
        raise BadInput(f"{where}.{field}: expected {'student or teacher' if field == 'type' else 'leerling or docent'}")
    return role


def _user(row: dict[str, Any], where: str) -> User:
    if "bsn" in {field.casefold() for field in row}:
        raise BadInput(f"{where}: a BSN does not belong here")
    return User(
        id=_id(row, "id", where),
        role=_role(row, "rol", where),
        first_name=_text(row, "voornaam", where),
        last_name=_text(row, "achternaam", where),
        prefix=_text(row, "tussenvoegsel", where),
        abbreviation=_text(row, "afkorting", where),
        number=_text(row, "nummer", where),
        untis_id=_text(row, "untis_id", where),
    )


def _person(row: dict[str, Any], where: str) -> Person:
    return Person(
        id=_id(row, "id", where),
        role=_role(row, "type", where),
        key=_text(row, "key", where),
        first_name=_text(row, "foreName", where),
        last_name=_text(row, "longName", where),
        short_name=_text(row, "name", where),
    )


def printed(decision: Decision) -> dict[str, Any]:
    """The decision as it is printed; `standing` reads it back as the same value."""
    facts = dict(decision.facts)
    linked = decision.state is State.LINKED
    return {
        "user": decision.user,
        "rol": _ROL[decision.role],
        "state": decision.state.value,
        "key": decision.key if linked else None,
        "person": decision.person if linked else None,
        "rule": decision.rule,
        "cause": decision.cause,
        "reason": _sentence(decision.cause, facts),
        "by": decision.by,
        "facts": facts,
        "compared": [[c.field, c.user, c.person, c.verdict] for c in decision.compared],
        "candidates": [
            {"key": c.key, "person": c.person, "name": c.name, "rule": c.rule, "cause": c.cause,
             "abbreviation": c.abbreviation, "reason": _sentence(c.cause, facts)}
            for c in decision.candidates
        ],
        # What a link that is not in force now goes back to, and what the next run must know.
        "held": None if linked or not decision.key else {"key": decision.key, "person": decision.person},
        "user_name": decision.user_name,
        "person_name": decision.person_name,
        "never": list(decision.never),
        "since": decision.since,
        "decided_by": decision.decided_by,
    }  # fmt: skip


def _sentence(cause: str, facts: dict[str, str]) -> str:
    return CAUSES[cause].sentence("nl", facts) if cause in CAUSES else cause


def standing(row: dict[str, Any], where: str) -> Decision:
    try:
        state = State(_text(row, "state", where))
    except ValueError as err:
        raise BadInput(f"{where}.state: expected one of {', '.join(State)}") from err
    by = _text(row, "by", where) or "auto"
    if by not in ("auto", "person"):
        raise BadInput(f"{where}.by: expected auto or person")
    held = row.get("held") or {}
    try:
        return Decision(
            user=_id(row, "user", where),
            role=_role(row, "rol", where),
            state=state,
            cause=_text(row, "cause", where),
            key=_text(row, "key", where) or _text(held, "key", where),
            person=_text(row, "person", where) or _text(held, "person", where),
            rule=_text(row, "rule", where),
            by="person" if by == "person" else "auto",
            facts=tuple((str(name), str(value)) for name, value in (row.get("facts") or {}).items()),
            compared=tuple(Compared(*each) for each in row.get("compared") or ()),
            candidates=tuple(
                Candidate(
                    each["key"], each["person"], each["name"], each["rule"], each["cause"], each.get("abbreviation", "")
                )
                for each in row.get("candidates") or ()
            ),
            user_name=_text(row, "user_name", where),
            person_name=_text(row, "person_name", where),
            never=tuple(str(key) for key in row.get("never") or ()),
            since=_text(row, "since", where),
            decided_by=_text(row, "decided_by", where),
        )
    except (TypeError, KeyError, AttributeError) as err:
        raise BadInput(f"{where}: this is not a decision that was printed here") from err


if __name__ == "__main__":
    sys.exit(main())
