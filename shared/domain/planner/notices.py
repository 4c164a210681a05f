"""Why a week is empty or special, and what Volg does not know: codes with a sentence in `shared.domain.causes`."""

from collections.abc import Iterator
from datetime import date

from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.volg import Students
from shared.domain.timetable import Week
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A code of `shared.domain.causes` and the blanks of its sentence. It may name a holiday, never a person."""

    code: str
    facts: tuple[tuple[str, str | int], ...] = ()


def week_notices(week: IsoWeek, snapshot: Week | None, untold: int = 0) -> tuple[Notice, ...]:
    """What to say above this week, the most telling first; `snapshot` None is a week that was never read.

    `untold` (`own.untold`) lessons may be of the student whose week it is: then it is not said that he has none.
    """
    if snapshot is None:
        return (Notice("week.not_told"),)
    if snapshot.people == ():
        return (Notice("week.nobody_linked"),)
    if is_unknown(snapshot):
        return (Notice("week.id_number_unknown"),)
    return tuple(_about(week, snapshot, untold))


def is_unknown(snapshot: Week) -> bool:
    """Whether it is the week of one person, whose ID-nummer WebUntis does not know."""
    people = snapshot.people or ()
    return len(people) == 1 and people[0] in dict(snapshot.unknown)


def volg_notices(students: Students) -> tuple[Notice, ...]:
    """Who may be missing from these, and why."""
    counts = (
        ("volg.untold", len(students.untold)),
        ("volg.unlinked", students.unlinked),
        ("volg.unkeyed", students.unkeyed),
    )
    return tuple(Notice(code, (("count", count),)) for code, count in counts if count)


def _about(week: IsoWeek, snapshot: Week, untold: int) -> Iterator[Notice]:
    school_days = week.days[:5]
    year, empty = snapshot.year, not snapshot.lessons and not untold
    # WebUntis need not tell the school year (`schoolYearStart` is optional): a week with lessons is in one
    quiet = empty if year is None else year.last < week.days[0] or week.days[-1] < year.first
    if quiet:
        yield Notice("week.outside_year")
    elif year and week.days[0] < year.first:
        yield Notice("week.year_begins", (("day", _day(year.first)),))
    elif year and year.last < school_days[-1]:
        yield Notice("week.year_ends", (("day", _day(year.last)),))
    for holiday in sorted(snapshot.holidays, key=lambda each: (each.first, each.name)):
        off = [day for day in school_days if holiday.first <= day <= holiday.last]
        if len(off) == len(school_days):
            yield Notice("week.holiday", (("name", holiday.name),))
            quiet = True
        elif off:
            yield Notice("week.holiday_days", (("name", holiday.name), ("days", _days(off))))
    if not snapshot.lessons and untold:
        yield Notice("week.untold", (("count", untold),))
    elif empty and not quiet:
        yield Notice("week.no_own_lessons" if snapshot.people and len(snapshot.people) == 1 else "week.no_lessons")
    if unreadable := sum(count for _, count in snapshot.unreadable):
        yield Notice("week.unreadable", (("count", unreadable),))


def _days(days: list[date]) -> str:
    return _day(days[0]) if len(days) == 1 else f"{_day(days[0])} – {_day(days[-1])}"


def _day(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
