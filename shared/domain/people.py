"""The people on both sides of a link, and what was decided about them: plain values, nothing fetched.

Every key is a string compared exactly: "067" is not "67". Keys are unique within a role only.
"""

from enum import StrEnum
from typing import Literal

from shared.values import dataclass


class Role(StrEnum):
    STUDENT = "student"
    TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class User:
    """A Profijt user as Profijt tells it. Empty text means: not known. There is no field for a BSN."""

    id: str
    role: Role
    first_name: str
    last_name: str
    prefix: str = ""  # tussenvoegsel
    abbreviation: str = ""  # afkorting
    number: str = ""  # stam- of personeelsnummer
    entree: str = ""  # Entree kenmerk
    eck_id: str = ""
    untis_id: str = ""  # Untis ID-nummer as it stands in Profijt itself
    email: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A WebUntis student or teacher as the master data list tells it.

    `key` is the ID-nummer (externKey), "" when the school left it empty; `id` is WebUntis' own number, always there.
    """

    id: str
    role: Role
    key: str
    first_name: str
    last_name: str
    short_name: str = ""  # Afkorting; for teachers the timetable code


class State(StrEnum):
    """What a user's link is now."""

    LINKED = "linked"  # the ID-nummer in `Decision.key` is this user's
    REVIEW = "review"  # there are candidates, the evidence is too weak: a person decides
    CONFLICT = "conflict"  # evidence fits several people, or contradicts itself: refused until a person decides
    NOT_FOUND = "not_found"  # nobody in WebUntis fits
    SUSPENDED = "suspended"  # was linked; the other side is gone or renamed: no timetable, resumes with the same key
    EXCLUDED = "excluded"  # a person said: do not link this user


By = Literal["auto", "person"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison behind a decision, as shown to the school: what was compared, both values, what it said."""

    field: str  # "name", "number", "abbreviation", "untis_id", …
    user: str
    person: str
    verdict: Literal["equal", "close", "different", "missing"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A WebUntis person who might be this user, best first in `Decision.candidates`, with the rule that proposed it."""

    key: str
    person: str  # Person.id
    name: str  # for the reviewer's eyes
    rule: str
    cause: str  # a code of shared.domain.causes: why this one was not linked by itself
    abbreviation: str = ""  # of a teacher: what the school knows him by


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one user, and everything needed to explain it and to keep it in the next run.

    `cause` is a code of `shared.domain.causes`; `facts` fill in its sentence. `user_name`/`person_name` are the names
    as they were (normalised) when the link was made, so that a recycled key or a namesake never inherits it.
    `never` holds whom a person said must never be linked to this user: the key, and the record (`record_mark`) for
    when the key is emptied or changed. `decided_by`/`since` are filled by the flow that records the decision (who, ISO
    time), never by matching.
    """

    user: str
    role: Role
    state: State
    cause: str
    key: str = ""
    person: str = ""
    rule: str = ""
    by: By = "auto"
    facts: tuple[tuple[str, str], ...] = ()
    compared: tuple[Compared, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    user_name: str = ""
    person_name: str = ""
    never: tuple[str, ...] = ()
    since: str = ""
    decided_by: str = ""

    def rules_out(self, person: Person) -> bool:
        """Whether a person said that this user is never this one, whatever ID-nummer the record has now."""
        return bool(self.never) and (
            (bool(person.key) and person.key in self.never) or record_mark(person.id) in self.never
        )

    @property
    def ruled_out(self) -> tuple[str, ...]:
        """The ID-nummers in `never`, as they were when each was ruled out."""
        return tuple(entry for entry in self.never if not entry.startswith(_RECORD))


_RECORD = "id:"


def record_mark(person: str) -> str:
    """How the WebUntis record with this `Person.id` stands in `Decision.never`, beside the ID-nummer it then had."""
    return f"{_RECORD}{person}"
