"""Analyseer: hours planned, given, cancelled and changed per subject, teacher and group, and free hours in between."""

from collections.abc import Mapping
from datetime import date

import msgspec

from functions.kept_answers import KeptAnswers
from functions.route import CSV, Answer, Asked, Route
from functions.timetable_sheet import hours
from functions.told import ProblemOut
from functions.week_asked import (
    FILE_PROBLEMS,
    PROBLEMS,
    WeekQuery,
    answered,
    days_asked,
    filters,
    notices,
    refuse_partial,
    weeks_asked,
    within,
)
from shared.domain.people import Role
from shared.domain.planner.analysis import Analysis, Minutes, analysis
from shared.domain.planner.choices import chosen
from shared.domain.planner.facets import Facet
from shared.domain.planner.free_hours import FreeDay, free_days, free_days_of_classes
from shared.domain.planner.own import taken_from
from shared.domain.timetable import Week
from shared.flows.timetable_for import Link, Sight, Weeks
from shared.ports import App

MOST_WEEKS = 20  # a term, and then some

_kept = KeptAnswers()


class MinutesOut(msgspec.Struct, frozen=True, rename="camel"):
    """Minutes. `planned` without what was added; `given` takes place; `cancelled` fell out; `changed` of what takes
    place is not as planned. `cancelledShare` of planned, from 0 to 1."""

    name: str
    planned: int
    given: int
    cancelled: int
    changed: int
    cancelled_share: float


class FreeDayOut(msgspec.Struct, frozen=True):
    """A day with free hours («tussenuren»)."""

    day: date
    hours: int
    minutes: int


class FreeOut(msgspec.Struct, frozen=True):
    """Free hours of one class; `name` is "" for one's own."""

    name: str
    days: list[FreeDayOut]


class PeriodOut(msgspec.Struct, frozen=True, rename="camel"):
    """One week, or all of them together. `hourMinutes`: how long the school's hour is."""

    weeks: list[str]
    hour_minutes: int
    total: MinutesOut
    subjects: list[MinutesOut]
    teachers: list[MinutesOut]
    groups: list[MinutesOut]


class AnalysisOut(msgspec.Struct, frozen=True, rename="camel"):
    """`period` is all weeks together, `weeks` each by itself; `free` of the classes, or of oneself."""

    notices: list[ProblemOut]
    period: PeriodOut
    weeks: list[PeriodOut]
    free: list[FreeOut]


def get_analysis(app: App, asked: Asked) -> Answer:
    """Of the weeks asked for, at most twenty."""
    weeks = weeks_asked(app, asked, most=MOST_WEEKS)

    def make(seen: Sight, found: Weeks) -> bytes:
        shown, teacher = _through(asked, found.shown), _teacher(seen)
        told = AnalysisOut(
            notices=notices(seen, weeks, found, asked.language),
            period=_period(analysis(shown, teacher)),
            weeks=[_period(analysis([week], teacher)) for week in shown],
            free=_free(seen, shown),
        )
        return msgspec.json.encode(told)

    return answered(app, asked, weeks, make, _kept)


def get_table(app: App, asked: Asked) -> Answer:
    """As CSV: every week, then all together."""

    def make(seen: Sight, found: Weeks) -> bytes:
        refuse_partial(seen, found, weeks)
        shown, teacher = _through(asked, found.shown), _teacher(seen)
        each = [analysis([week], teacher) for week in shown]
        return hours([*each, analysis(shown, teacher)] if len(each) > 1 else each, asked.language)

    weeks = weeks_asked(app, asked, most=MOST_WEEKS)
    return answered(app, asked, weeks, make, _kept, media=CSV, name="analyse.csv")


def _through(asked: Asked, weeks: tuple[Week, ...]) -> tuple[Week, ...]:
    return tuple(chosen(within(week, days_asked(asked)), filters(asked)) for week in weeks)


def _teacher(seen: Sight) -> str:
    """The ID-nummer of the teacher who looks at himself; "" for everybody else."""
    return seen.link.key if seen.link and seen.link.role is Role.TEACHER else ""


def _period(of: Analysis) -> PeriodOut:
    return PeriodOut(
        weeks=list(of.weeks),
        hour_minutes=of.unit,
        total=_minutes("", of.all),
        subjects=_rows(of.by.get(Facet.SUBJECT, {})),
        teachers=_rows(of.by.get(Facet.TEACHER, {})),
        groups=_rows(of.by.get(Facet.GROUP, {})),
    )


def _rows(rows: Mapping[str, Minutes]) -> list[MinutesOut]:
    return [_minutes(name, each) for name, each in rows.items()]


def _minutes(name: str, each: Minutes) -> MinutesOut:
    share = round(each.cancelled_share, 4)
    return MinutesOut(name, each.planned, each.given, each.cancelled, each.changed, share)


def _free(seen: Sight, weeks: tuple[Week, ...]) -> list[FreeOut]:
    if seen.link:
        return [FreeOut("", _days(tuple(day for week in weeks for day in _own_free_days(seen.link, week))))]
    by_class: dict[str, tuple[FreeDay, ...]] = {}
    for week in weeks:
        for name, days in free_days_of_classes(week).items():
            by_class[name] = (*by_class.get(name, ()), *days)
    return [FreeOut(name, _days(days)) for name, days in sorted(by_class.items())]


def _own_free_days(link: Link, week: Week) -> tuple[FreeDay, ...]:
    taken = taken_from(week, link.role, link.key)
    return free_days(week.grid, (each for each in week.lessons if each.id not in taken))


def _days(days: tuple[FreeDay, ...]) -> list[FreeDayOut]:
    return [FreeDayOut(each.day, each.hours, each.minutes) for each in days]


_WHO = frozenset({"admin", "teacher", "student"})

ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/timetable/analysis",
        get_analysis,
        roles=_WHO,
        summary="Analyseer: uren per vak, docent en groep / hours per subject, teacher and group",
        query=WeekQuery,
        answer=AnalysisOut,
        problems=PROBLEMS,
    ),
    Route(
        "GET",
        "/v1/schools/{school}/timetable/analysis.csv",
        get_table,
        roles=_WHO,
        summary="De analyse voor Excel / the analysis for Excel",
        query=WeekQuery,
        answer=bytes,
        answer_media=(CSV,),
        problems=FILE_PROBLEMS,
    ),
)
