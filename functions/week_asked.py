"""Which weeks a caller asks for, whose, and through which filters: the part that all timetable routes share."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from functions import etag
from functions.kept_answers import KeptAnswers
from functions.route import Answer, Asked
from functions.told import ProblemOut
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import in_words
from shared.domain.planner.choices import Filters
from shared.domain.planner.facets import Facet
from shared.domain.planner.iso_week import IsoWeek, parse, touching, week_with
from shared.domain.planner.notices import Notice, is_unknown, week_notices
from shared.domain.timetable import Week
from shared.errors import Conflict, Fault, Invalid, NotFound, Unreachable
from shared.flows.recent import recent
from shared.flows.schools import school_of, school_path
from shared.flows.timetable_for import Sight, Weeks, Whose, seen_weeks, sight, untold_in
from shared.ports import App

FURTHEST = 60  # weeks from now, either way
MOST_WEEKS = 6

PROBLEMS = (
    "404 school.unknown",
    "400 week.unknown",
    "400 week.backwards",
    "400 week.too_many",
    "400 week.too_far",
    "503 timetable.being_read",
)

FILE_PROBLEMS = (
    *PROBLEMS,
    "404 timetable.not_linked",
    "409 timetable.coupling_off",
    "409 week.id_number_unknown",
    "409 week.untold",
    "503 timetable.not_there",
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Names = Annotated[str, msgspec.Meta(max_length=1000, description="Afkortingen, door komma's / abbreviations, by comma")]


class WeekQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`week` ("2022-W45"), or `from` and `to` ("2022-11-07", both included); left out: this week.

    `teacher`, `group` and `subject` take abbreviations: one of them within a filter, all filters together. `mine`: for
    an admin, his own timetable instead of the school's.
    """

    week: Annotated[str, msgspec.Meta(max_length=8)] = ""
    first: Annotated[str, msgspec.Meta(max_length=10)] = msgspec.field(name="from", default="")
    last: Annotated[str, msgspec.Meta(max_length=10)] = msgspec.field(name="to", default="")
    teacher: Names = ""
    group: Names = ""
    subject: Names = ""
    mine: bool = False


def weeks_asked(app: App, asked: Asked, *, most: int = MOST_WEEKS) -> tuple[IsoWeek, ...]:
    """The weeks, in order. Raises Invalid "request.query_invalid", or what is wrong with the week or the dates."""
    query: WeekQuery = asked.query
    if query.week and (query.first or query.last):
        raise Invalid("request.query_invalid", (Fault("?week", "week.or_dates"),))
    if query.first or query.last:
        first, last = _day(query.first or query.last, "from"), _day(query.last or query.first, "to")
        weeks = touching(first, last)
    else:
        weeks = (parse(query.week) if query.week else this_week(app, asked.school),)
    if len(weeks) > most:
        raise Invalid("week.too_many", limit=most)
    check_reach(app, (weeks[0], weeks[-1]))
    return weeks


def check_reach(app: App, weeks: Iterable[IsoWeek]) -> None:
    """Raises Invalid "week.too_far" for a week so far away that reading it would help nobody."""
    today = app.now().date()
    if any(abs((week.days[0] - today).days) > FURTHEST * 7 for week in weeks):
        raise Invalid("week.too_far", limit=FURTHEST)


def this_week(app: App, school: str) -> IsoWeek:
    """The week it is now at the school."""
    path = school_path(school)
    found = recent.get_many(app.store, [path], app.rules.freshness.remembered)
    return week_with(app.now().astimezone(ZoneInfo(school_of(found.get(path)).zone)).date())


def days_asked(asked: Asked) -> tuple[date, date] | None:
    """First and last day when dates were asked for, None for whole weeks."""
    query: WeekQuery = asked.query
    if not (query.first or query.last):
        return None
    return _day(query.first or query.last, "from"), _day(query.last or query.first, "to")


def whose(asked: Asked) -> Whose:
    """Admins see the school unless they ask for themselves; everybody else sees himself."""
    return "school" if "admin" in asked.caller.roles and not asked.query.mine else "own"


def filters(asked: Asked) -> Filters:
    query: WeekQuery = asked.query
    given = {Facet.TEACHER: query.teacher, Facet.GROUP: query.group, Facet.SUBJECT: query.subject}
    return {facet: [name for part in text.split(",") if (name := part.strip())] for facet, text in given.items()}


def within(week: Week, days: tuple[date, date] | None) -> Week:
    """The week with only the lessons that start on these days."""
    if days is None:
        return week
    return replace(week, lessons=tuple(each for each in week.lessons if days[0] <= each.start.date() <= days[1]))


def answered(
    app: App,
    asked: Asked,
    weeks: tuple[IsoWeek, ...],
    make: Callable[[Sight, Weeks], bytes],
    kept: KeptAnswers,
    *,
    media: str = "application/json",
    name: str = "",
) -> Answer:
    """The answer that `make` gives of what the caller may see; one that nothing has changed for is not made again.

    Its tag is known before any snapshot is opened. `name`: of the file it is saved as.
    """
    seen = sight(app, asked.school, asked.caller.user, weeks, whose(asked))
    # The weeks too: "this week" is another one next week, also for somebody who sees none.
    names = " ".join(week.name for week in weeks)
    tag = etag.of(f"{name}\n{media}\n{asked.language}\n{asked.query}\n{names}\n{seen.mark}".encode())
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    if etag.named(asked.if_none_match, tag):
        return Answer(b"", media=media, etag=tag, headers=headers)
    return Answer(kept.get(tag, lambda: make(seen, seen_weeks(app, seen))), media=media, etag=tag, headers=headers)


def hidden(seen: Sight, found: Weeks) -> Notice | None:
    """Why it cannot be said which lessons of one of these weeks are his, when it cannot. Give them unfiltered."""
    known = any(week.lessons for week in found.shown)
    for week in found.shown:
        if is_unknown(week):
            return Notice("week.id_number_unknown")
        count = untold_in(seen, found, week.name)
        # Most schools have an hour a week whose students nobody enters (a photographer's round). That is no reason to
        # doubt a free week of somebody with lessons in another one; that nobody's students are told any more is.
        if count and not week.lessons and not (known and _tells_students(found.around[week.name])):
            return Notice("week.untold", (("count", count),))
    return None


def _tells_students(week: Week) -> bool:
    return any(each.students for each in week.lessons)


def refuse_partial(seen: Sight, found: Weeks, weeks: tuple[IsoWeek, ...]) -> None:
    """Raises what keeps one of these weeks from being told: a file without its lessons would say that there are none,
    and has no place to say why."""
    if not seen.school.webuntis.enabled:
        raise Conflict("timetable.coupling_off")
    if not seen.found:
        raise NotFound("timetable.not_linked")
    if len(found.shown) < len(weeks) or any(each.read is None for each in seen.found):
        raise Unreachable("timetable.not_there", service="webuntis")
    if why := hidden(seen, found):
        raise Conflict(why.code, **dict(why.facts))


def notices(seen: Sight, weeks: tuple[IsoWeek, ...], found: Weeks, language: Language) -> list[ProblemOut]:
    """What has to be said above these weeks, the most telling first: why they are empty, old or special."""
    return [told(each, language) for each in dict.fromkeys(_notices(seen, weeks, found))]


def told(notice: Notice, language: Language) -> ProblemOut:
    """A notice in words."""
    cause, facts = CAUSES[notice.code], in_words(dict(notice.facts), language)
    return ProblemOut(notice.code, cause.sentence(language, facts), cause.remedy(language, facts), cause.owner)


def _notices(seen: Sight, weeks: tuple[IsoWeek, ...], found: Weeks) -> Iterator[Notice]:
    if not seen.school.webuntis.enabled:
        yield Notice("timetable.coupling_off")
        return
    if not seen.found:
        yield Notice("timetable.not_linked")
        return
    for each in seen.found:
        if each.failure and (each.stale or each.read is None):
            yield Notice(each.failure.code, tuple(sorted(each.failure.facts.items())))
        if each.stale and each.read:
            yield Notice(
                "timetable.stale", (("at", f"{each.read.astimezone(ZoneInfo(seen.school.zone)):%d-%m-%Y %H:%M}"),)
            )
    snapshots = {each.name: each for each in found.shown}
    if any(not (each.read or each.failure) and each.week.name in snapshots for each in seen.found):
        yield Notice("timetable.being_read")  # a part of a week that is there otherwise
    failed = any(each.failure and each.read is None for each in seen.found)
    for week in weeks:
        if week.name in snapshots or not failed:
            yield from week_notices(week, snapshots.get(week.name), untold_in(seen, found, week.name))


def _day(text: str, name: str) -> date:
    try:
        if _DAY.fullmatch(text) and "1900" < text < "9000":
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("request.query_invalid", (Fault(f"?{name}", "week.date"),))
