"""Volg: whose students are in a teacher's lessons, lesson by lesson, so that a substitute sees no more than his hour.

A cancelled lesson has nobody, and a teacher who was taken out of a lesson sees nobody of it. Where WebUntis did not
tell the students they are unknown, which is never the same as nobody.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.domain.planner.facets import Facet, changes_by_name, names_of, tidy
from shared.domain.planner.fate import takes_place
from shared.domain.planner.own import teaches
from shared.domain.timetable import Change, Lesson, Week
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Students:
    """Who is in some lessons. `keys` are ID-nummers, `users` the Profijt users linked to them, both sorted.

    `unlinked` of the keys are no Profijt user's. `unkeyed` students have no ID-nummer: of several lessons the most in
    any one, because they cannot be told apart. `untold` are ids of the lessons whose students nobody told.
    """

    keys: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    unlinked: int = 0
    unkeyed: int = 0
    untold: tuple[str, ...] = ()


def given(week: Week, teacher: str) -> tuple[Lesson, ...]:
    """The lessons that this ID-nummer gives this week, in order of time."""
    return tuple(sorted(filter(takes_place, teaches(week, teacher)), key=lambda each: (each.start, each.id)))


def now(lessons: Iterable[Lesson], at: datetime) -> tuple[Lesson, ...]:
    """Those that are going on at this (aware) moment: begun, and not over."""
    return tuple(each for each in lessons if each.start <= at < each.end)


def of_group(week: Week, lessons: Iterable[Lesson], group: str) -> tuple[Lesson, ...]:
    """Those that the class or student group of this name is in now."""
    names, name = names_of(week), tidy(group)
    return tuple(
        each for each in lessons if changes_by_name(each, Facet.GROUP, names).get(name, set()) - {Change.REMOVED}
    )


def students(lessons: Iterable[Lesson], users: Mapping[str, str]) -> Students:
    """Everybody in these lessons; `users` gives the linked Profijt student of an ID-nummer, of students only."""
    lessons = tuple(lessons)
    keys = tuple(sorted({key for each in lessons for key in each.students or ()}))
    return Students(
        keys=keys,
        users=tuple(sorted(users[key] for key in keys if key in users)),
        unlinked=sum(key not in users for key in keys),
        unkeyed=max((each.unkeyed for each in lessons), default=0),
        untold=tuple(each.id for each in lessons if each.students is None),
    )
