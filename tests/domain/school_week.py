"""A few hand-made lessons, and weeks drawn by Hypothesis that hold everything a school can do in one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shared.domain.timetable import (
    Change,
    Element,
    ElementKind,
    Kind,
    Lesson,
    Ref,
    SchoolYear,
    Slot,
    Status,
    Week,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SEEN = datetime(2022, 11, 6, 5, 0, tzinfo=UTC)
YEAR = SchoolYear(datetime(2022, 8, 1).date(), datetime(2023, 7, 31).date())  # noqa: DTZ001
KINDS = {
    "kl": ElementKind.CLASS,
    "gr": ElementKind.GROUP,
    "va": ElementKind.SUBJECT,
    "lo": ElementKind.ROOM,
    "do": ElementKind.TEACHER,
}
ELEMENTS = (
    *(Element(ElementKind.CLASS, name, name) for name in ("1b", "2a", "2b", "3a")),
    *(Element(ElementKind.GROUP, name, name) for name in ("2b.wi1", "2a")),
    *(Element(ElementKind.SUBJECT, name, name) for name in ("His", "FöMat", "TEC", "Werks")),
    *(Element(ElementKind.ROOM, name, name) for name in ("R1b", "R2b", "Aula")),
    *(
        Element(ElementKind.TEACHER, key or "x", name, key)
        for key, name in (("042", "VIS"), ("42", "BAK"), ("", "GAS"))
    ),
)
GRID = tuple(
    Slot(day, start, start + 50, str(hour + 1))
    for day in range(1, 6)
    for hour, start in enumerate((510, 560, 625, 675, 760, 810, 860))
)


def at(clock: str, day: int = 7, month: int = 11, year: int = 2022) -> datetime:
    """A time in school: Monday 7 November 2022 unless said otherwise."""
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def refs(text: str) -> tuple[Ref, ...]:
    """ "1b -2a +2b": 1b as planned, 2a taken out, 2b came in."""
    changes = {"-": Change.REMOVED, "+": Change.ADDED}
    return tuple(Ref(word.lstrip("+-"), changes.get(word[0], Change.REGULAR)) for word in text.split())


def lesson(id: str = "1", start: str = "8:30", end: str = "", day: int = 7, **more: object) -> Lesson:
    """A lesson of 50 minutes; kl, gr, va, lo, do are lists of `refs`."""
    names = {"kl": "classes", "gr": "groups", "va": "subjects", "lo": "rooms", "do": "teachers"}
    fields = {names.get(name, name): refs(str(value)) if name in names else value for name, value in more.items()}
    first = at(start, day)
    return Lesson(id, first, at(end, day) if end else first + timedelta(minutes=50), SEEN, **fields)  # type: ignore[arg-type]


def week(*lessons: Lesson, **more: object) -> Week:
    """Week 45 of 2022 with these lessons, everybody known."""
    told: dict[str, object] = {"elements": ELEMENTS, "grid": GRID, "year": YEAR} | more
    return Week("2022-W45", SEEN, SEEN, tuple(lessons), **told)  # type: ignore[arg-type]


def any_lesson(id: str, seed: int, tells_students: bool) -> Lesson:
    """Any period of the week: no subject, no teacher, no minutes, over midnight, … From a seed: a hundred times
    quicker than drawing every field, and still the lessons of a failing week are taken away one by one."""
    chance = Random(seed)

    def some(kind: ElementKind, most: int) -> tuple[Ref, ...]:
        known = [each.id for each in ELEMENTS if each.kind is kind]
        names = chance.sample(known, chance.randint(0, min(most, len(known))))
        return tuple(Ref(name, chance.choice([Change.REGULAR] * 3 + [Change.ADDED, Change.REMOVED])) for name in names)

    hour, anywhere = chance.randrange(2 * 7), chance.randrange(7 * 288)
    start = at("8:30", 7 + hour // 7) + timedelta(minutes=50 * (hour % 7))
    plain = chance.random() < 0.5  # so that equal lessons and double hours occur
    told = tuple(sorted(chance.sample(["042", "42", "067", "67", "A"], chance.randint(0, 4))))
    start = start if plain else at("0:00") + timedelta(minutes=5 * anywhere)
    return Lesson(
        id=id,
        start=start,
        end=start + timedelta(minutes=50 if plain else chance.choice([0, 5, 45, 100, 300])),
        seen=SEEN,
        lesson=chance.choice(["", "7", "8"]),
        kind=Kind.LESSON if plain else chance.choice(list(Kind)),
        status=Status.REGULAR if plain else chance.choice(list(Status)),
        classes=some(ElementKind.CLASS, 3),
        groups=some(ElementKind.GROUP, 2),
        subjects=some(ElementKind.SUBJECT, 2),
        rooms=() if plain else some(ElementKind.ROOM, 2),
        teachers=some(ElementKind.TEACHER, 3),
        students=told if tells_students or chance.random() < 0.7 else None,
        unkeyed=0 if plain else chance.randint(0, 2),
        moved_to=chance.choice(["", "", "", "5"]),
        moved_from=chance.choice(["", "", "", "5"]),
        modified=chance.choice([None, at("9:00", 4)]),
    )


def weeks(tells_students: bool = False, most: int = 12) -> st.SearchStrategy[Week]:
    """Any week. In some a lesson is followed by another that is equal to it in all but its time."""
    seeds = st.lists(st.integers(0, 2**32), max_size=most)
    return st.tuples(seeds, st.booleans()).map(lambda drawn: week(*_lessons(*drawn, tells_students)))


def _lessons(seeds: list[int], doubled: bool, tells_students: bool) -> Iterator[Lesson]:
    for number, seed in enumerate(seeds):
        found = any_lesson(str(number), seed, tells_students)
        yield found
        if doubled:
            yield replace(found, id=f"{number}b", start=found.end, end=found.end + timedelta(minutes=50))


def ids(found: Iterable[Lesson] | Week) -> list[str]:
    """Their ids, in their order."""
    return [each.id for each in (found.lessons if isinstance(found, Week) else found)]
