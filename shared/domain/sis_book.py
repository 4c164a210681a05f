"""Whether a SIS is one that a school was connected to before: by the schools it holds, never by its address or key.

What was exported is remembered in a book per SIS, so taking one SIS for another would put marks in the wrong class.
An id alone is no proof, for two SISs may both call their first school "1": its name or its own number has to agree, and
where there is neither, the address.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.domain.gradebook import Org
from shared.values import dataclass

# A department is too small to tell a SIS by, and a state or a country too large: several SISs hold the same.
_TELLING = frozenset({"school", "district", "local"})
_SHARED = frozenset({"department", "state", "national"})


@dataclass(frozen=True, slots=True)
class Book:
    """A SIS that the school is or was connected to. `items` and `results`: what its ledger held when it was last
    disconnected (`ended`; None: never yet)."""

    orgs: tuple[Org, ...]  # every one that was ever seen there
    prefix: str  # where it was last
    partner: str
    first: datetime
    last: datetime  # connected
    ended: datetime | None = None
    items: int = 0
    results: int = 0


def telling(orgs: Iterable[Org]) -> tuple[Org, ...]:
    """The orgs that tell a SIS from another, in order of their ids: schools and districts, or all when there are
    none."""
    found = sorted(orgs, key=lambda org: org.id)
    return tuple(org for org in found if org.kind in _TELLING) or tuple(found)


def book_of(orgs: Iterable[Org], known: Mapping[str, Book], *, prefix: str) -> tuple[str, bool]:
    """The name of the book of the SIS with these orgs at this address, and whether it is one of those `known`.

    A SIS that opened or closed schools is still the same while one of those it had is there. Of several, as when SISs
    were merged, the one with the most schools in common, then the last one connected.
    """
    here = telling(orgs)
    common = {name: sum(_has(book, org, prefix) for org in here) for name, book in known.items()}
    name = max(known, key=lambda name: (common[name], known[name].last), default="")
    if name and common[name]:
        return name, True
    name = _name(here)
    while name in known:  # of a SIS that says as little of itself, and could not be shown to be this one
        name = _digest(name)
    return name, False


def united(orgs: Iterable[Org], before: Iterable[Org]) -> tuple[Org, ...]:
    """All of them once, as they are called now."""
    found = {org.id: org for org in before} | {org.id: org for org in orgs}
    return tuple(found[id] for id in sorted(found))


def _has(book: Book, org: Org, prefix: str) -> bool:
    there = any(old.id == org.id and _agree(old, org) for old in telling(book.orgs))
    return there and (prefix == book.prefix or _proves(org))


def _agree(old: Org, new: Org) -> bool:
    same_number = bool(old.identifier) and old.identifier == new.identifier
    return same_number or _plain(old.name) == _plain(new.name)


def _proves(org: Org) -> bool:
    """Whether it is that of one SIS alone, wherever that is; `_agree` is of two that say nothing as well."""
    return org.kind not in _SHARED and bool(org.identifier or _plain(org.name))


def _name(orgs: Iterable[Org]) -> str:
    """Of ids and what goes with them, so that a namesake of another SIS gets a book of its own."""
    told = "\n".join(f"{org.id}\t{org.identifier or _plain(org.name)}" for org in orgs)
    return _digest(told)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
