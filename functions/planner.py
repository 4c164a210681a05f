"""GET /timetable: the Planner. A school week for admins, one's own for everybody else, with why it is as it is."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from functions.kept_answers import KeptAnswers
from functions.moment import moment
from functions.route import Answer, Asked, Route
from functions.told import ProblemOut
from functions.week_asked import PROBLEMS, WeekQuery, answered, days_asked, filters, notices, told, weeks_asked, within
from shared.domain.planner.changed import changed_since, tells_changes
from shared.domain.planner.choices import Choice, Filters, choices, chosen
from shared.domain.planner.double_hours import Block, merged, one_by_one
from shared.domain.planner.facets import Facet
from shared.domain.planner.hour_axis import hour_axis
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.lesson_view import LessonView, Parts, views
from shared.domain.planner.notices import Notice
from shared.domain.planner.own import taken_from
from shared.domain.planner.pages import page
from shared.domain.planner.subjects import palette
from shared.domain.timetable import Week
from shared.domain.week_changes import united
from shared.flows.timetable_for import Sight, Weeks
from shared.ports import App


class PlannerQuery(WeekQuery, frozen=True, forbid_unknown_fields=True):
    """`gap`: double hours are one block with at most so many minutes between them, -1 leaves every hour by itself.

    `since` ("2022-11-07T08:00:00Z"): only what WebUntis changed after that. `limit`: a page of at most so many blocks,
    0 for all of them at once; `cursor` is `nextPage` of the page before.
    """

    gap: Annotated[int, msgspec.Meta(ge=-1, le=60)] = 0
    since: Annotated[str, msgspec.Meta(max_length=40)] = ""
    limit: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    cursor: Annotated[str, msgspec.Meta(max_length=80)] = ""


class PartOut(msgspec.Struct, frozen=True):
    """An abbreviation, and whether it was planned so (regular), came in (added) or was taken out (removed)."""

    name: str
    change: str


class MovedOut(msgspec.Struct, frozen=True):
    """The other side of a move, `direction` "to" it or "from" it; `start` is null when it is in another week."""

    direction: str
    lesson: str
    start: datetime | None
    rooms: list[str]


class LaneOut(msgspec.Struct, frozen=True):
    """Lessons at one time are side by side: this is lane `index`, from 0, of `total`."""

    index: int
    total: int


class LessonOut(msgspec.Struct, frozen=True, rename="camel"):
    """One block, in the school's zone. `parts` are the ids of the hours in it, `id` is the first.

    `status`: regular, cancelled, changed, added, moved or other; `takesPlace` at this time; `takenOver`: you were
    planned and somebody else gives it. `kind`: lesson, additional, standby, office_hour, exam, break_supervision,
    event, meeting or other. `subject` is the Profijt subject of the colour, "" for grey.
    """

    id: str
    parts: list[str]
    start: datetime
    end: datetime
    kind: str
    status: str
    takes_place: bool
    taken_over: bool
    moved: MovedOut | None
    classes: list[PartOut]
    groups: list[PartOut]
    subjects: list[PartOut]
    rooms: list[PartOut]
    teachers: list[PartOut]
    subject: str
    colour: str
    text_colour: str
    exam: str
    online: bool
    modified: datetime | None
    lane: LaneOut


class ChoiceOut(msgspec.Struct, frozen=True):
    """A name to filter by, and how many hours it would show with the other filters as they are."""

    name: str
    lessons: int
    chosen: bool


class FiltersOut(msgspec.Struct, frozen=True):
    """What can be chosen: Docenten, Groepen, Vakken."""

    teachers: list[ChoiceOut]
    groups: list[ChoiceOut]
    subjects: list[ChoiceOut]


class AxisOut(msgspec.Struct, frozen=True):
    """The hours down the side, whole hours of the day."""

    first: int
    last: int


class HourOut(msgspec.Struct, frozen=True):
    """An hour of the time grid: ISO day (1 is Monday), "08:00" in school time."""

    day: int
    start: str
    end: str
    name: str


class WeekOut(msgspec.Struct, frozen=True, rename="camel"):
    """One of the weeks. `updatedAt`: up to then everything is in it, null when it was never read."""

    week: str
    title: str
    days: list[date]
    updated_at: datetime | None
    stale: bool
    lessons: list[LessonOut]


class PlannerOut(msgspec.Struct, frozen=True, rename="camel"):
    """`notices` say why weeks are empty, old or special. `previous` and `next` are weeks to go to.

    `nextPage`: the cursor of the lessons that follow, null when these are the last. What stands around the lessons is
    about all of them, on every page; only what can be chosen is told on the first one alone.
    """

    zone: str
    previous: str
    next: str
    notices: list[ProblemOut]
    axis: AxisOut
    hours: list[HourOut]
    filters: FiltersOut
    weeks: list[WeekOut]
    next_page: str | None


_kept = KeptAnswers()


def get_timetable(app: App, asked: Asked) -> Answer:
    """The weeks asked for, through the filters."""
    since = moment(asked.query.since, "since")
    weeks = weeks_asked(app, asked)

    def make(seen: Sight, found: Weeks) -> bytes:
        return msgspec.json.encode(_page(asked, seen, weeks, found, since=since))

    return answered(app, asked, weeks, make, _kept)


def _page(asked: Asked, seen: Sight, weeks: tuple[IsoWeek, ...], found: Weeks, *, since: datetime | None) -> PlannerOut:
    snapshots = found.shown
    days, wanted = days_asked(asked), filters(asked)
    there = {week.name: within(week, days) for week in snapshots}
    recent = {name: changed_since(week, since) if since else week for name, week in there.items()}
    shown = {name: chosen(week, wanted) for name, week in recent.items()}
    grid = next((week.grid for week in snapshots if week.grid), ())
    axis = hour_axis(grid, (lesson for week in shown.values() for lesson in week.lessons))
    gap = asked.query.gap
    blocks = {name: one_by_one(week.lessons) if gap < 0 else merged(week.lessons, gap) for name, week in shown.items()}
    first = not asked.query.cursor
    part = page(blocks, limit=asked.query.limit, cursor=asked.query.cursor)
    lessons = {name: _views(seen, found, shown[name], part.blocks[name], beside=blocks[name]) for name in shown}
    return PlannerOut(
        zone=seen.school.zone,
        previous=weeks[0].previous.name,
        next=weeks[-1].next.name,
        notices=_untold_changes(found, asked) + notices(seen, weeks, found, asked.language),
        axis=AxisOut(axis.first, axis.last),
        hours=[HourOut(each.day, _clock(each.start), _clock(each.end), each.name) for each in grid],
        filters=_filters(united(tuple(recent.values())), wanted) if recent and first else FiltersOut([], [], []),
        weeks=[_week(asked, seen, week, lessons.get(week.name)) for week in weeks],
        next_page=part.next,
    )


def _untold_changes(found: Weeks, asked: Asked) -> list[ProblemOut]:
    """That an empty list does not mean that nothing changed, where somebody asks what did."""
    if asked.query.since and any(week.lessons and not tells_changes(week) for week in found.around.values()):
        return [told(Notice("timetable.changes_untold"), asked.language)]
    return []


def _views(
    seen: Sight, found: Weeks, shown: Week, blocks: tuple[Block, ...], *, beside: tuple[Block, ...]
) -> tuple[LessonView, ...]:
    taken = taken_from(shown, seen.link.role, seen.link.key) if seen.link else frozenset()
    return views(found.around[shown.name], blocks, palette(seen.subjects.items), taken=taken, beside=beside)


def _week(asked: Asked, seen: Sight, week: IsoWeek, lessons: tuple[LessonView, ...] | None) -> WeekOut:
    """`lessons` None: there is no snapshot of this week."""
    found = [each for each in seen.found if each.week == week]
    read = min((each.read for each in found if each.read), default=None) if lessons is not None else None
    return WeekOut(
        week=week.name,
        title=week.title(asked.language),
        days=list(week.days),
        updated_at=read.astimezone(ZoneInfo(seen.school.zone)) if read else None,
        stale=any(each.stale for each in found),
        lessons=[_lesson(each) for each in lessons or ()],
    )


def _lesson(view: LessonView) -> LessonOut:
    moved = view.moved
    return LessonOut(
        id=view.id,
        parts=list(view.parts),
        start=view.start,
        end=view.end,
        kind=view.kind,
        status=view.fate,
        takes_place=view.takes_place,
        taken_over=view.taken,
        moved=MovedOut(moved.direction, moved.lesson, moved.start, list(moved.rooms)) if moved else None,
        classes=_parts(view.classes),
        groups=_parts(view.groups),
        subjects=_parts(view.subjects),
        rooms=_parts(view.rooms),
        teachers=_parts(view.teachers),
        subject=view.subject,
        colour=view.colour,
        text_colour=view.text_colour,
        exam=view.exam,
        online=view.online,
        modified=view.modified,
        lane=LaneOut(view.lane.index, view.lane.total),
    )


def _parts(parts: Parts) -> list[PartOut]:
    return [PartOut(each.name, each.change) for each in parts]


def _filters(week: Week, wanted: Filters) -> FiltersOut:
    found = choices(week, wanted)
    return FiltersOut(_choices(found[Facet.TEACHER]), _choices(found[Facet.GROUP]), _choices(found[Facet.SUBJECT]))


def _choices(some: tuple[Choice, ...]) -> list[ChoiceOut]:
    return [ChoiceOut(each.name, each.lessons, each.chosen) for each in some]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/timetable",
        get_timetable,
        roles=frozenset({"admin", "teacher", "student"}),
        summary="Het rooster van een week of enkele dagen / the timetable of a week or some days",
        query=PlannerQuery,
        answer=PlannerOut,
        problems=(*PROBLEMS, "400 cursor.unknown"),
    ),
)
