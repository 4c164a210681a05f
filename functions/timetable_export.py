"""Exporteren: what the Planner shows, as a calendar file and as a table for Excel, through the same filters."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from functions.calendar_file import calendar
from functions.kept_answers import KeptAnswers
from functions.route import CSV, Answer, Asked, Route
from functions.timetable_sheet import lessons
from functions.week_asked import (
    FILE_PROBLEMS,
    WeekQuery,
    answered,
    days_asked,
    filters,
    refuse_partial,
    weeks_asked,
    within,
)
from shared.domain.causes import Language
from shared.domain.planner.choices import chosen
from shared.domain.planner.double_hours import one_by_one
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.lesson_view import LessonView, views
from shared.domain.planner.own import taken_from
from shared.domain.planner.subjects import palette
from shared.flows.timetable_for import Sight, Weeks
from shared.ports import App

CALENDAR = "text/calendar"
_TITLES: dict[Language, str] = {"nl": "Rooster", "en": "Timetable"}

_kept = KeptAnswers()


def get_calendar(app: App, asked: Asked) -> Answer:
    """The weeks asked for as iCalendar."""

    weeks = weeks_asked(app, asked)

    def make(seen: Sight, found: Weeks) -> bytes:
        return calendar_of(seen, _through(asked, seen, found, weeks), asked.language)

    return answered(app, asked, weeks, make, _kept, media=CALENDAR, name="rooster.ics")


def get_table(app: App, asked: Asked) -> Answer:
    """The weeks asked for as CSV, hour by hour."""

    weeks = weeks_asked(app, asked)

    def make(seen: Sight, found: Weeks) -> bytes:
        return lessons(_views(seen, _through(asked, seen, found, weeks)), asked.language)

    return answered(app, asked, weeks, make, _kept, media=CSV, name="rooster.csv")


def calendar_of(seen: Sight, weeks: Weeks, language: Language) -> bytes:
    """These weeks, at least one, as a calendar file."""
    return calendar(
        _views(seen, weeks),
        name=f"{_TITLES[language]} {seen.school.name}",
        school=seen.school.id,
        zone=ZoneInfo(seen.school.zone),
        language=language,
        read=min(week.read for week in weeks.shown),
    )


def _through(asked: Asked, seen: Sight, found: Weeks, weeks: tuple[IsoWeek, ...]) -> Weeks:
    """What the filters leave. Raises as `refuse_partial`."""
    days: tuple[date, date] | None = days_asked(asked)
    refuse_partial(seen, found, weeks)
    return replace(found, shown=tuple(chosen(within(week, days), filters(asked)) for week in found.shown))


def _views(seen: Sight, weeks: Weeks) -> Iterator[LessonView]:
    for week in weeks.shown:
        taken = taken_from(week, seen.link.role, seen.link.key) if seen.link else frozenset()
        yield from views(weeks.around[week.name], one_by_one(week.lessons), palette(seen.subjects.items), taken=taken)


_WHO = frozenset({"admin", "teacher", "student"})

ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/timetable.ics",
        get_calendar,
        roles=_WHO,
        summary="Exporteren als agenda / export as iCalendar",
        query=WeekQuery,
        answer=bytes,
        answer_media=(CALENDAR,),
        problems=FILE_PROBLEMS,
    ),
    Route(
        "GET",
        "/v1/schools/{school}/timetable.csv",
        get_table,
        roles=_WHO,
        summary="Exporteren voor Excel / export for Excel",
        query=WeekQuery,
        answer=bytes,
        answer_media=(CSV,),
        problems=FILE_PROBLEMS,
    ),
)
