"""Private calendar feeds: one's own to make, renew, revoke and look at; and the feed, for whoever has its address."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from functions import etag
from functions.kept_answers import KeptAnswers
from functions.pace import Pace
from functions.route import PUBLIC, Answer, Asked, Route
from functions.timetable_export import CALENDAR, calendar_of
from shared.domain.planner.iso_week import IsoWeek, touching, week_with
from shared.errors import NotFound, Throttled, Unreachable
from shared.flows.feeds import end_feed, feed_of, make_feed, note_fetch, open_feed
from shared.flows.schools import read_school
from shared.flows.timetable_for import Sight, seen_weeks, sight
from shared.ports import App

BACK, AHEAD = timedelta(weeks=2), timedelta(weeks=12)

_kept = KeptAnswers()
_pace = Pace(most=12, within=60.0)


class FeedOut(msgspec.Struct, frozen=True, rename="camel"):
    """`made` null: there is none. `address` is told once, when it is made, and "" ever after; keep it to yourself."""

    made: datetime | None
    last_fetched: datetime | None
    address: str


def get_feed(app: App, asked: Asked) -> Answer:
    """One's own feed."""
    zone = ZoneInfo(read_school(app, asked.school)[0].zone)
    feed = feed_of(app, asked.school, asked.caller.user)
    if feed is None:
        return Answer(FeedOut(None, None, ""))
    fetched = feed.fetched.astimezone(zone) if feed.fetched else None
    return Answer(FeedOut(feed.made.astimezone(zone), fetched, ""))


def post_feed(app: App, asked: Asked) -> Answer:
    """A new one; the one there was is unknown from now on. Of two made at once one is refused."""
    zone = ZoneInfo(read_school(app, asked.school)[0].zone)
    feed, token = make_feed(app, asked.school, asked.caller.user)
    return Answer(FeedOut(feed.made.astimezone(zone), None, f"/v1/feeds/{token}.ics"), status=201)


def delete_feed(app: App, asked: Asked) -> Answer:
    end_feed(app, asked.school, asked.caller.user, by=asked.caller.user)
    return Answer(None)


def get_calendar(app: App, asked: Asked) -> Answer:
    """The holder's own lessons, from two weeks ago to twelve weeks ahead, without a student's name.

    Where this week cannot be had the answer is an error: an empty calendar would wipe the one that is there.
    """
    token = asked.path["token"]
    if wait := _pace.wait(etag.of(token.encode())):
        raise Throttled("request.too_many", service="profijt", retry_after=wait)
    school, feed = open_feed(app, token)
    today = app.now().date()  # UTC will do: it is the ends of the range that this decides
    seen = sight(app, school, feed.user, touching(today - BACK, today + AHEAD), "own", wait=False)
    if not seen.school.webuntis.enabled:  # for a while: a calendar that is told "unknown" may be thrown away
        raise Unreachable("timetable.not_there", service="webuntis")
    if not seen.found:
        raise NotFound("feed.unknown")  # he left, or is not linked any more
    note_fetch(app, school, feed)
    tag = etag.of(f"{feed.hash}\n{asked.language}\n{seen.mark}".encode())
    headers = {"X-Robots-Tag": "noindex, nofollow", "Content-Disposition": 'inline; filename="profijt-rooster.ics"'}
    if etag.named(asked.if_none_match, tag):
        return Answer(b"", media=CALENDAR, etag=tag, headers=headers)
    body = _kept.get(tag, lambda: _calendar(app, asked, seen, week_with(today)))
    return Answer(body, media=CALENDAR, etag=tag, headers=headers)


def _calendar(app: App, asked: Asked, seen: Sight, this_week: IsoWeek) -> bytes:
    """Raises Unreachable without this week, or one that was read before the holder was linked."""
    weeks = seen_weeks(app, seen)
    wanted = {this_week.name} | {each.week.name for each in seen.found if each.read}
    if not wanted <= {week.name for week in weeks.shown}:
        raise Unreachable("timetable.not_there", service="webuntis")
    return calendar_of(seen, weeks, asked.language)


_OWN = frozenset({"admin", "teacher", "student"})

ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/feeds",
        get_feed,
        roles=_OWN,
        summary="Uw agendalink / your calendar link",
        answer=FeedOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "POST",
        "/v1/schools/{school}/feeds",
        post_feed,
        roles=_OWN,
        summary="Een (nieuwe) agendalink maken / make a (new) calendar link",
        answer=FeedOut,
        status=201,
        problems=("404 school.unknown", "409 store.conflict"),
    ),
    Route(
        "DELETE",
        "/v1/schools/{school}/feeds",
        delete_feed,
        roles=_OWN,
        summary="De agendalink intrekken / revoke the calendar link",
        answer=None,
        problems=("404 school.unknown", "409 store.conflict"),
    ),
    Route(
        "GET",
        "/v1/feeds/{token}.ics",
        get_calendar,
        roles=PUBLIC,
        summary="De agenda achter een agendalink / the calendar behind a link",
        answer=bytes,
        answer_media=(CALENDAR,),
        problems=("404 feed.unknown", "429 request.too_many", "503 timetable.not_there"),
    ),
)
