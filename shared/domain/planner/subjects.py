"""Profijt's subjects and the WebUntis abbreviations that belong to each: colours follow at once, nothing is synced.

Abbreviations are equal when they differ in capitals, in how an accent is written (one character or two) or in blanks
around them, and in nothing else: "FöMat" is not "FéMat".
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from unicodedata import normalize

from shared.domain.planner.facets import UNNAMED, Facet, changes_by_name, names_of
from shared.domain.timetable import Week
from shared.errors import Fault
from shared.values import dataclass

GREY = "#9E9E9E"  # of lessons whose subject has no colour (yet)

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of Profijt. `colour` is #RRGGBB; `abbreviations` as the admin wrote them."""

    id: str
    name: str
    colour: str
    abbreviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An abbreviation of WebUntis, in its first spelling, that no subject has, and the periods that have it."""

    abbreviation: str
    lessons: int


Palette = Mapping[str, Subject]  # by folded abbreviation


@lru_cache(maxsize=4096)
def folded(abbreviation: str) -> str:
    """What is compared: Unicode's caseless match (D145), blanks around it taken off."""
    return normalize("NFC", normalize("NFD", abbreviation).casefold()).strip()


def faults(subjects: Sequence[Subject]) -> tuple[Fault, ...]:
    """What is wrong with these, all of it; pointers are into the list ("/1/abbreviations/0")."""
    found: list[Fault] = []
    owners: dict[str, int] = {}
    ids: set[str] = set()
    for row, subject in enumerate(subjects):
        if subject.id and subject.id in ids:
            found.append(Fault(f"/{row}/id", "subject.id_twice"))
        ids.add(subject.id)
        if not _COLOUR.fullmatch(subject.colour):
            found.append(Fault(f"/{row}/colour", "subject.colour"))
        for place, abbreviation in enumerate(subject.abbreviations):
            pointer, key = f"/{row}/abbreviations/{place}", folded(abbreviation)
            if not key:
                found.append(Fault(pointer, "subject.empty"))
            elif owners.setdefault(key, row) != row:
                found.append(Fault(pointer, "subject.twice", (("subject", subjects[owners[key]].id),)))
    return tuple(found)


def palette(subjects: Iterable[Subject]) -> Palette:
    """The subject of each abbreviation; of two that claim one, the first."""
    found: dict[str, Subject] = {}
    for subject in subjects:
        for abbreviation in subject.abbreviations:
            found.setdefault(folded(abbreviation), subject)
    return found


def unmapped(weeks: Iterable[Week], subjects: Palette) -> tuple[Unmapped, ...]:
    """Abbreviations in these weeks that no subject has, the most frequent first."""
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for week in weeks:
        names = names_of(week)
        for lesson in week.lessons:
            here = changes_by_name(lesson, Facet.SUBJECT, names).keys() - {UNNAMED}
            for name in sorted(here):
                spelling.setdefault(folded(name), name)
            counts.update({folded(name) for name in here})
    left = sorted((-number, key) for key, number in counts.items() if key not in subjects)
    return tuple(Unmapped(spelling[key], -number) for number, key in left)
