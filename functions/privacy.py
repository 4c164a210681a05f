"""One person's data, told and erased: GET and DELETE /people/{user}/data; and GET /retention, what was deleted when."""

from datetime import datetime
from typing import Any

import msgspec

from functions.class_data import (
    ClassLinkData,
    CourseData,
    ExportData,
    LedgerData,
    course_data,
    export_data,
    ledger_data,
    link_data,
)
from functions.kept_days import kept_days
from functions.route import Answer, Asked, Paging, Route
from shared.domain.people import Decision, State
from shared.domain.run import Entry
from shared.errors import Fault, Invalid
from shared.flows.google_consent import Given
from shared.flows.privacy import Kept, erase, export
from shared.flows.record import encode
from shared.flows.retention import list_retained
from shared.ports import App

ADMIN = frozenset({"admin"})
_COPIED = ("role", "state", "key", "rule", "cause", "by", "since")  # of the link document: the rest tells of others


class Comparison(msgspec.Struct, frozen=True):
    """One comparison behind the link: what Profijt had, what WebUntis had."""

    field: str
    user: str
    person: str
    verdict: str


class LinkData(msgspec.Struct, frozen=True, rename="camel"):
    """What was decided about the person. Of others who came into question, or were ruled out, only how many."""

    role: str
    state: str
    cause: str
    id_number: str
    webuntis_id: str
    rule: str
    decided_by: str
    since: str
    profijt_name: str
    webuntis_name: str
    compared: list[Comparison]
    candidates: int
    ruled_out: int


class LogData(msgspec.Struct, frozen=True):
    """The person's row in the log of one run, and what it replaced."""

    run: str
    name: str
    change: str
    link: LinkData
    before: LinkData | None


class EventData(msgspec.Struct, frozen=True):
    """Something that was done about the person, without who did it."""

    at: datetime
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


class ActData(msgspec.Struct, frozen=True):
    """Something the person did, without to whom."""

    at: datetime
    action: str


class FeedData(msgspec.Struct, frozen=True):
    """That the person has a calendar link, since when, and when a calendar last asked for it."""

    made: datetime
    fetched: datetime | None


class InterestData(msgspec.Struct, frozen=True, rename="camel"):
    """An interest form for a SIS that the person sent."""

    at: datetime
    sis: str
    contact_email: str
    message: str


class GoogleData(msgspec.Struct, frozen=True):
    """Which Google account the person let Profijt read Classroom with, what of it, and since when. Not the token.
    `ended`: when Google first no longer took it; `trouble`: the code of why, or of why the last attempt failed."""

    account: str
    rights: list[str]
    since: datetime | None
    ended: datetime | None
    trouble: str


class WeekData(msgspec.Struct, frozen=True):
    """A timetable week that holds the person's ID-nummer, and how many of its lessons are the person's."""

    week: str
    lessons: int


class PersonOut(msgspec.Struct, frozen=True, rename="camel"):
    """Everything that is stored about one person: as Profijt told it, the link, its copy for the console, the calendar
    link, the rows in kept logs, audit events, interest forms, Google's consent, courses, class links, exports, what of
    them is remembered longer (`ledger`), and timetable weeks. Nothing about others."""

    user: str
    profijt: dict[str, str] | None
    link: LinkData | None
    copy: dict[str, str]
    feed: FeedData | None
    log: list[LogData]
    events: list[EventData]
    acts: list[ActData]
    interests: list[InterestData]
    google: GoogleData | None
    courses: list[CourseData]
    class_links: list[ClassLinkData]
    exports: list[ExportData]
    ledger: list[LedgerData]
    weeks: list[WeekData]


class ErasedOut(msgspec.Struct, frozen=True, rename="camel"):
    """How much was erased by this call; all 0 when nothing was left. What Profijt sends again later is a new user."""

    users: int
    decisions: int
    links: int
    log_rows: int
    events: int
    answers: int
    feeds: int
    interests: int
    google: int
    courses: int
    class_links: int
    exports: int
    ledger_lines: int
    weeks: int


class EraseQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`bevestig`: the user's id once more, because erasing cannot be undone."""

    bevestig: str = ""


class DayOut(msgspec.Struct, frozen=True):
    """What the retention job deleted on one day: how many of each kind, nothing about what was in them."""

    date: str
    at: datetime
    deleted: dict[str, int]


class RetentionOut(msgspec.Struct, frozen=True, rename="camel"):
    """`keptDays`: the periods in force, rounded up to days; `items` the job's days, last one first; `next` the cursor
    of older ones."""

    kept_days: dict[str, int]
    items: list[DayOut]
    next: str | None


def get_data(app: App, asked: Asked) -> Answer:
    """Everything about one person; that it was asked for is an event of its own."""
    user = asked.path["user"]
    kept = export(app, asked.school, user, actor=asked.caller.user)
    return Answer(_person(user, kept), headers={"Cache-Control": "no-store"})


def delete_data(app: App, asked: Asked) -> Answer:
    """Erase one person everywhere, once the caller has typed the id a second time."""
    user = asked.path["user"]
    if asked.query.bevestig != user:
        raise Invalid("person.confirm", (Fault("?bevestig", "person.confirm"),))
    return Answer(ErasedOut(**encode(erase(app, asked.school, user, actor=asked.caller.user))))


def get_retention(app: App, asked: Asked) -> Answer:
    """The proof of deletion, day by day."""
    days, cursor = list_retained(app, asked.school, limit=asked.query.limit, cursor=asked.query.cursor or None)
    items = [DayOut(day.date, day.at, day.deleted) for day in days]
    return Answer(RetentionOut(kept_days(app.rules.keep), items, cursor))


def _person(user: str, kept: Kept) -> PersonOut:
    return PersonOut(
        user=user,
        profijt={name: value for name, value in encode(kept.user).items() if value} if kept.user else None,
        link=_link(kept.decision) if kept.decision else None,
        copy={name: str(kept.link[name]) for name in _COPIED} if kept.link else {},
        feed=FeedData(kept.feed.made, kept.feed.fetched) if kept.feed else None,
        log=[_row(run, entry) for run, entry in kept.entries],
        events=[EventData(**event) for event in kept.events],
        acts=[ActData(at, action) for at, action in kept.acts],
        interests=[InterestData(each.at, each.sis, each.email, each.message) for each in kept.interests],
        google=_google(kept.google) if kept.google else None,
        courses=[course_data(each) for each in kept.courses],
        class_links=[link_data(each) for each in kept.class_links],
        exports=[export_data(each) for each in kept.exports],
        ledger=[ledger_data(each) for each in kept.ledger],
        weeks=[WeekData(each.week, each.lessons) for each in kept.weeks],
    )


def _google(given: Given) -> GoogleData:
    code = given.trouble.code if given.trouble else ""
    return GoogleData(given.email, list(given.rights), given.since, given.ended, code)


def _row(run: str, entry: Entry) -> LogData:
    before = _link(entry.before) if entry.before else None
    return LogData(run, entry.name, entry.change, _link(entry.decision), before)


def _link(decision: Decision) -> LinkData:
    # Until it is certain who is who, what was compared is somebody else's.
    certain = decision.state in (State.LINKED, State.SUSPENDED)
    compared = [Comparison(each.field, each.user, each.person, each.verdict) for each in decision.compared]
    return LinkData(
        role=decision.role,
        state=decision.state,
        cause=decision.cause,
        id_number=decision.key,
        webuntis_id=decision.person,
        rule=decision.rule,
        decided_by=decision.by,
        since=decision.since,
        profijt_name=decision.user_name,
        webuntis_name=decision.person_name if certain else "",
        compared=compared if certain else [],
        candidates=len(decision.candidates),
        ruled_out=len(decision.ruled_out),
    )


_DATA = "/v1/schools/{school}/people/{user}/data"
ROUTES = (
    Route(
        "GET",
        _DATA,
        get_data,
        roles=ADMIN,
        summary="Alles wat over iemand is opgeslagen / Everything stored about one person",
        answer=PersonOut,
        problems=("404 school.unknown", "404 person.unknown"),
    ),
    Route(
        "DELETE",
        _DATA,
        delete_data,
        roles=ADMIN,
        summary="Alles over iemand wissen (bevestigen met het id) / Erase everything about one person (confirm)",
        query=EraseQuery,
        answer=ErasedOut,
        problems=("404 school.unknown", "409 run.busy", "409 store.conflict", "422 person.confirm"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/retention",
        get_retention,
        roles=frozenset({"admin", "support"}),
        summary="Wat er wanneer volgens de bewaartermijnen is verwijderd / What was deleted when, by retention",
        query=Paging,
        answer=RetentionOut,
        problems=("404 school.unknown", "cursor.unknown"),
    ),
)
