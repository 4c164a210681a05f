"""How a snapshot of a week comes to be: from readings, from parts, and from changes in whatever order they come."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from shared.domain.timetable import Element, Gone, Lesson, Reading, Week


def week_of(name: str, reading: Reading, *, people: tuple[str, ...] | None = None) -> Week:
    """The snapshot that one whole reading of the week makes. Lessons that start in another week are left out."""
    return Week(
        name=name,
        whole=reading.asked,
        read=reading.asked,
        lessons=_ordered(_within(name, reading.lessons)),
        elements=tuple(sorted(set(reading.elements), key=lambda each: (each.kind, each.id))),
        grid=reading.grid,
        year=reading.year,
        holidays=reading.holidays,
        people=people,
        unreadable=reading.unreadable,
    )


def joined(readings: Sequence[Reading]) -> Reading:
    """Several readings of one span as one, as old as the oldest; of a lesson that is in several, the latest told.

    Raises ValueError for none.
    """
    lessons: dict[str, Lesson] = {}
    for each in sorted(readings, key=lambda reading: reading.asked):
        lessons |= {lesson.id: lesson for lesson in each.lessons}
    first = min(readings, key=lambda reading: reading.asked)
    return replace(
        first,
        lessons=tuple(lessons.values()),
        elements=tuple(dict.fromkeys(element for each in readings for element in each.elements)),
        grid=next((each.grid for each in readings if each.grid), ()),
        year=next((each.year for each in readings if each.year), None),
        holidays=next((each.holidays for each in readings if each.holidays), ()),
        deleted=frozenset(one for each in readings for one in each.deleted),
        unreadable=_summed(each.unreadable for each in readings),
        unknown_keys=tuple(key for each in readings for key in each.unknown_keys),
    )


def _summed(counts: Iterable[tuple[tuple[str, int], ...]]) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(dict(each))
    return tuple(sorted(total.items()))


def united(weeks: Sequence[Week]) -> Week:
    """Parts of one school week as one snapshot, as old as the oldest. Raises ValueError for none."""
    first = min(weeks, key=lambda week: week.read)
    if len(weeks) == 1:
        return first  # most are: what was read as a whole is in order already
    lessons: dict[str, Lesson] = {}
    for each in weeks:
        for lesson in each.lessons:
            if lesson.id not in lessons or lesson.seen > lessons[lesson.id].seen:
                lessons[lesson.id] = lesson
    elements = {(one.kind, one.id): one for each in weeks for one in each.elements}
    whole = any(each.people is None for each in weeks)
    return replace(
        first,
        lessons=_ordered(lessons.values()),
        elements=tuple(elements[place] for place in sorted(elements)),
        grid=next((each.grid for each in weeks if each.grid), ()),
        year=next((each.year for each in weeks if each.year), None),
        holidays=next((each.holidays for each in weeks if each.holidays), ()),
        unreadable=_summed(each.unreadable for each in weeks),
        people=None if whole else tuple(sorted({key for each in weeks for key in each.people or ()})),
        unknown=() if whole else tuple(sorted({one for each in weeks for one in each.unknown})),
    )


def with_changes(week: Week, changes: Reading) -> Week:
    """The snapshot after these changes, asked for later or earlier: of each lesson the latest word counts.

    The order in which changes are put in does not matter, and neither does putting them in twice. What was told in the
    same question as its deletion is deleted. Of an element under two names either may stay until the week
    is next read as a whole.
    """
    here = frozenset(each.id for each in _within(week.name, changes.lessons))
    told: list[Lesson | Gone] = [Gone(each, changes.asked) for each in sorted(changes.deleted)]
    # A lesson that left the week says so by its new time, also to those who still show it here.
    told += [each if each.id in here else Gone(each.id, each.seen) for each in changes.lessons]
    known: dict[str, Lesson | Gone] = {each.id: each for each in week.lessons}
    known |= {each.id: each for each in week.gone}
    for each in told:
        if each.seen > week.whole and _wins(each, known.get(each.id)):
            known[each.id] = each
    elements = {(each.kind, each.id): each for each in week.elements}
    for element in changes.elements:
        place = (element.kind, element.id)
        elements[place] = max(element, elements.get(place, element), key=_named)
    return replace(
        week,
        read=max(week.read, changes.asked),
        lessons=_ordered(each for each in known.values() if isinstance(each, Lesson)),
        elements=tuple(elements[place] for place in sorted(elements)),
        grid=week.grid or changes.grid,
        year=week.year or changes.year,
        holidays=week.holidays or changes.holidays,
        gone=tuple(sorted((each for each in known.values() if isinstance(each, Gone)), key=lambda each: each.id)),
    )


def _wins(new: Lesson | Gone, old: Lesson | Gone | None) -> bool:
    if old is None or new.seen != old.seen:
        return old is None or new.seen > old.seen
    return isinstance(new, Gone)


def _named(element: Element) -> tuple[str, str, str]:
    return element.name, element.key, element.long_name


def _within(name: str, lessons: Iterable[Lesson]) -> Iterator[Lesson]:
    return (each for each in lessons if "{}-W{:02}".format(*each.start.isocalendar()[:2]) == name)


def _ordered(lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    return tuple(sorted(lessons, key=lambda each: (each.lesson, each.start, each.id)))
