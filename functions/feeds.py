"""Private calendar feeds: one's own to make, renew, revoke and look at; and the feed, for whoever has its address."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from functions import etag
from functions.kept_answers import KeptAnswers
from functions.pace import Pace
from functions.route import PUBLIC, Answer, Asked, Route
from functions.timetable_export import CALENDAR, calendar_of
from functions.week_asked import hidden
from shared.domain.planner.iso_week import IsoWeek, touching, week_with
from shared.errors import NotFound, Throttled, Unreachable
from shared.flows.feeds import Feed, end_feed, feed_of, make_feed, note_fetch, open_feed
from shared.flows.schools import read_school
from shared.flows.timetable_for import Link, Sight, seen_weeks, sight
from shared.flows.week_part import WHOLE, part_of
from shared.flows.weeks import head_of, head_path
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

    Where this week cannot be had, or another that calendars may have, the answer is an error: they delete what a feed
    leaves out. A far week that nobody has read yet is not in it, and comes when it is read.
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
    body = _kept.get(tag, lambda: _calendar(app, asked, seen, feed=feed, this_week=week_with(today)))
    return Answer(body, media=CALENDAR, etag=tag, headers=headers)


def _calendar(app: App, asked: Asked, seen: Sight, *, feed: Feed, this_week: IsoWeek) -> bytes:
    """Raises Unreachable without this week, one that was read before the holder was linked, one of which it cannot be
    said what is his, or one that calendars may have from before."""
    weeks = seen_weeks(app, seen)
    wanted = {this_week.name} | {each.week.name for each in seen.found if each.read}
    there = {week.name for week in weeks.shown}
    if not wanted <= there or hidden(seen, weeks) or (feed.fetched and _to_be_read_again(app, seen)):
        raise Unreachable("timetable.not_there", service="webuntis")
    return calendar_of(seen, weeks, asked.language)


def _to_be_read_again(app: App, seen: Sight) -> bool:
    """Whether a week that has yet to be read was read before, at another place at WebUntis or by another way of asking
    (the whole school, a share of its people, him alone). A week that never was is in no calendar."""
    link = seen.link or Link()
    ways = (WHOLE, *(part_of(link.role, link.key, alone=alone) for alone in (False, True)))
    unread = [each.week for each in seen.found if not each.read]
    heads = app.store.get_many([head_path(seen.school.id, week, way) for week in unread for way in ways])
    return any(head_of(path, document).digest for path, document in heads.items())


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
