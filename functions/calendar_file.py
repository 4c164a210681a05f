"""Lessons as an iCalendar file (RFC 5545): one event a period, with an identity that outlives every change to it.

No student is ever in it, and no free text of the school, because a feed's address may get around.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import category
from urllib.parse import quote
from zoneinfo import ZoneInfo

from functions.calendar_zone import vtimezone
from functions.lesson_words import KIND_WORDS, described, present
from shared.domain.causes import Language
from shared.domain.causes.words import word
from shared.domain.planner.lesson_view import LessonView
from shared.domain.timetable import Kind

if TYPE_CHECKING:
    from icalendar import Event

_FIRST = datetime(2020, 1, 1, tzinfo=UTC)  # SEQUENCE counts seconds from here, and fits its 31 bits until 2088
_UPDATED: Mapping[Language, str] = {"nl": "Bijgewerkt op", "en": "Updated on"}
_PLAIN = frozenset({Kind.LESSON, Kind.ADDITIONAL, Kind.OTHER})  # the subject says enough


def calendar(
    views: Iterable[LessonView],
    *,
    name: str,
    school: str,
    zone: ZoneInfo,
    language: Language,
    read: datetime,
    refresh: timedelta = timedelta(hours=1),
) -> bytes:
    """The file. Give views of `one_by_one`, so that each period keeps its own UID (lesson id and school).

    `name` is the calendar's title. `read` is up to when everything is in it: it says so, and it is the stamp of events
    that WebUntis gives no time for.
    `refresh` is how often a subscriber should look. Times are of `zone`, which is in it as VTIMEZONE.
    """
    from icalendar import Calendar  # here, because it costs 280 ms that other answers should not pay

    whole = Calendar()
    whole.add("prodid", "-//Profijt//WebUntis koppeling//NL")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("name", _clean(name))  # RFC 7986; older clients read the next one
    whole.add("x-wr-calname", _clean(name))
    whole.add("x-wr-timezone", zone.key)
    whole.add("last-modified", read.astimezone(UTC))  # RFC 7986, and in words: WebUntis may be away for days
    whole.add("description", told := f"{_UPDATED[language]} {read.astimezone(zone):%d-%m-%Y %H:%M}")
    whole.add("x-wr-caldesc", told)
    whole.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", _duration(refresh))
    whole.add_component(vtimezone(zone))
    for view in views:
        whole.add_component(_event(view, school, zone, language=language, read=read))
    file: bytes = whole.to_ical()
    return file


def sequence(modified: datetime | None) -> int:
    """The revision of an event: WebUntis' own time of change, so it rises with each change and needs no memory.

    Seconds since 2020; 0 when it was not told, and then DTSTAMP says which of two copies is newer.
    """
    return max(0, int((modified - _FIRST).total_seconds())) if modified else 0


def _event(view: LessonView, school: str, zone: ZoneInfo, *, language: Language, read: datetime) -> "Event":
    from icalendar import Event

    off = view.taken or not view.takes_place
    event = Event()
    event.add("uid", f"{quote(view.id, safe='')}@{quote(school, safe='')}.webuntis.profijt.nu")
    event.add("sequence", sequence(view.modified))
    event.add("dtstamp", (view.modified or read).astimezone(UTC))
    if view.modified:
        event.add("last-modified", view.modified.astimezone(UTC))
    event.add("dtstart", view.start.astimezone(zone))
    if view.end > view.start:  # RFC 5545, 3.8.2.2: an end is later than its start; without one it lasts no time
        event.add("dtend", view.end.astimezone(zone))
    event.add("summary", _clean(_summary(view, language)))
    if rooms := present(view.rooms):
        event.add("location", _clean(rooms))
    if text := "\n".join(map(_clean, described(view, language).splitlines())):
        event.add("description", text)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    return event


def _summary(view: LessonView, language: Language) -> str:
    """ "His 1b"; what it is in a word when it is no ordinary lesson, or has no subject."""
    subject, who = present(view.subjects), present(view.who)
    kind = "" if subject and view.kind in _PLAIN else word(KIND_WORDS, view.kind, language)
    return " ".join(filter(None, (kind, subject, who)))


def _clean(text: str) -> str:
    """On one line and without control characters, which RFC 5545, 3.3.11, forbids; the library escapes the rest."""
    return "".join(each for each in " ".join(text.splitlines()) if category(each) != "Cc")


def _duration(of: timedelta) -> str:
    return f"PT{round(of.total_seconds() / 60)}M"
