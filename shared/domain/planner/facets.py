"""The three things a timetable is looked at by, and the names a lesson has in each: abbreviations, as WebUntis shows.

Names are compared letter for letter, once their accents and blanks are written one way: "1A" is not "1a".
"""

from collections.abc import Mapping, Set
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize

from shared.domain.timetable import Change, Element, ElementKind, Lesson, Week

UNNAMED = "?"  # an element that WebUntis refers to and does not tell

Names = Mapping[tuple[ElementKind, str], str]


class Facet(StrEnum):
    """Docenten, Groepen, Vakken. A group is a class or a student group."""

    TEACHER = "teacher"
    GROUP = "group"
    SUBJECT = "subject"

    @property
    def kinds(self) -> tuple[ElementKind, ...]:
        """The kinds of element that are in it."""
        return _KINDS[self]


_KINDS = {
    Facet.TEACHER: (ElementKind.TEACHER,),
    Facet.GROUP: (ElementKind.CLASS, ElementKind.GROUP),
    Facet.SUBJECT: (ElementKind.SUBJECT,),
}


@lru_cache(8192)  # the names of a few weeks: every answer goes through all of them
def tidy(name: str) -> str:
    """A name as it is compared and shown: composed (NFC), on one line."""
    return " ".join(normalize("NFC", name).split())


def names_of(week: Week) -> Names:
    """The name of every element of the week."""
    return {(each.kind, each.id): _name(each) for each in week.elements}


def changes_by_name(lesson: Lesson, facet: Facet, names: Names) -> Mapping[str, Set[Change]]:
    """The names it has in this facet, also those taken out, each with how it belongs to the lesson."""
    found: dict[str, set[Change]] = {}
    for kind in facet.kinds:
        for ref in lesson.refs(kind):
            found.setdefault(names.get((kind, ref.id), UNNAMED), set()).add(ref.change)
    return found


def _name(element: Element) -> str:
    return tidy(element.name) or tidy(element.long_name) or UNNAMED
