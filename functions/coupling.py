"""GET /coupling: how the coupling is doing, in one state with who must act; its pause, and whom a change is told."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from functions.meanwhile import Field, require_seen, tag
from functions.route import Answer, Asked, Route
from functions.told import ProblemOut, Reader
from shared.domain.causes import CAUSES, Language
from shared.domain.school import Pause, School
from shared.domain.status import Condition, is_paused
from shared.flows.coupling_status import Coupling, read_coupling
from shared.flows.keep_notify import save_notify
from shared.flows.pause import save_pause
from shared.flows.schools import read_school
from shared.flows.sis import attention, read_sis
from shared.flows.write_links import first_to_write
from shared.ports import App

ADMIN = frozenset({"admin"})
READERS = frozenset({"admin", "support"})


class LinkCounts(msgspec.Struct, frozen=True, rename="camel"):
    """Users by the state of their link; `withoutIdNumber` are people in WebUntis, as the last run saw them."""

    linked: int
    to_review: int
    not_found: int
    without_id_number: int


class DiscardedOut(msgspec.Struct, frozen=True):
    """The held run that a person decided against: who, and when."""

    run: str
    by: str
    at: datetime


class CouplingOut(msgspec.Struct, frozen=True, rename="camel"):
    """One state: not_set_up, waiting, on_time, late, error, held, action_needed, paused or off.

    `message` says it, `owner` is who must act and `remedy` the next step; `problem` is what is behind it, if anything.
    `since`: when the state was noted, null when that is still to come. `next`: when the next scheduled run is due.
    `held` is the run to approve or discard, `running` the one at work, "" for none. `lessons` is why no timetable can
    be read, null when WebUntis did not refuse the API user it is read as. `sis`: that the SIS refuses its key, or
    that it has expired or soon will; null when there is nothing.
    """

    state: str
    message: str
    remedy: str
    owner: str
    problem: ProblemOut | None
    since: datetime | None
    last_good: datetime | None
    next: datetime | None
    running: str
    held: str
    discarded: DiscardedOut | None
    counts: LinkCounts
    lessons: ProblemOut | None
    sis: ProblemOut | None


class PauseIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """From and up to and including which day, in the school's zone."""

    eerste_dag: date
    laatste_dag: date


class PauseOut(msgspec.Struct, frozen=True, rename="camel"):
    """The pause, past or to come as well; null when there is none. `nu`: it holds at this moment."""

    eerste_dag: date | None
    laatste_dag: date | None
    nu: bool


class NotificationsIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Where a change of state is told: an https address, a mail address, both or ("") neither.

    `nieuwGeheim` replaces the secret that the webhook's messages are signed with.
    """

    webhook: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    nieuw_geheim: bool = False


class NotificationsOut(msgspec.Struct, frozen=True):
    """`geheim` is shown once, when it is new: the key of the HMAC-SHA256 in the header X-Profijt-Signature."""

    webhook: str
    email: str
    geheim: str


def get_coupling(app: App, asked: Asked) -> Answer:
    """The state of the coupling, who must act and what comes next."""
    found = read_coupling(app, asked.school)
    zone = ZoneInfo(found.school.zone)
    told = Reader(asked.language, zone)
    status, counts = found.status, found.counts
    problem = told.problem(status.problem) if status.problem else None
    begun = status.condition is Condition.WAITING and (found.last_good or found.discarded)
    state = CAUSES["coupling.waiting_again" if begun else status.code]
    facts = _facts(found, asked)

    def local(at: datetime | None) -> datetime | None:
        return at.astimezone(zone) if at else None

    gone = found.discarded
    sis, _ = read_sis(app, asked.school)
    grades = attention(app, asked.school, sis, app.now().astimezone(zone).date())
    return Answer(
        CouplingOut(
            status.condition,
            state.sentence(asked.language, facts),
            problem.remedy if problem else state.remedy(asked.language, facts),
            status.owner,
            problem,
            local(found.since),
            local(found.last_good),
            local(found.next),
            found.running,
            found.held.run if found.held else "",
            DiscardedOut(gone.run, gone.by, gone.at.astimezone(zone)) if gone else None,
            LinkCounts(counts.linked, counts.to_review, counts.not_found, counts.without_id),
            told.problem(found.lessons) if found.lessons else None,
            told.problem(grades) if grades else None,
        )
    )


def _facts(found: Coupling, asked: Asked) -> dict[str, str | int]:
    pause = found.school.pause
    return {"last": shown(pause.last, asked)} if pause else {}


def shown(day: date, asked: Asked) -> str:
    """A day as the caller writes it."""
    return f"{day:%d-%m-%Y}" if asked.language == "nl" else day.isoformat()


def get_pause(app: App, asked: Asked) -> Answer:
    """The pause that was set."""
    school, _ = read_school(app, asked.school)
    return _pause_answer(app, school)


def put_pause(app: App, asked: Asked) -> Answer:
    """Pause between two days, over the pause the caller has seen."""
    given: PauseIn = asked.body
    return _pause_answer(app, _save_pause(app, asked, Pause(given.eerste_dag, given.laatste_dag)))


def delete_pause(app: App, asked: Asked) -> Answer:
    """Go on now."""
    _save_pause(app, asked, None)
    return Answer(None)


def _save_pause(app: App, asked: Asked, pause: Pause | None) -> School:
    def save() -> School:
        school, version = read_school(app, asked.school)
        require_seen(app, asked, _pause_fields(school, asked.language, pause))
        return save_pause(app, asked.school, pause, by=asked.caller.user, version=version)

    return first_to_write(save)


def _pause_answer(app: App, school: School) -> Answer:
    pause = school.pause
    out = PauseOut(pause.first if pause else None, pause.last if pause else None, is_paused(school, app.now()))
    return Answer(out, etag=tag(_pause_fields(school)))


def _pause_fields(school: School, language: Language = "nl", sent: Pause | None = None) -> list[Field]:
    """Of the pause alone: an open settings form and a new pause do not get in each other's way."""
    first, last = ("Eerste dag", "Laatste dag") if language == "nl" else ("First day", "Last day")
    now = school.pause
    return [
        Field("eersteDag", first, "eersteDag", now and now.first.isoformat(), sent and sent.first.isoformat()),
        Field("laatsteDag", last, "laatsteDag", now and now.last.isoformat(), sent and sent.last.isoformat()),
    ]


def get_notifications(app: App, asked: Asked) -> Answer:
    """Where a change of state is told; never the secret."""
    school, _ = read_school(app, asked.school)
    return _notifications_answer(school, "")


def put_notifications(app: App, asked: Asked) -> Answer:
    """Save the addresses, over those the caller has seen."""
    given: NotificationsIn = asked.body

    def save() -> tuple[School, str]:
        school, version = read_school(app, asked.school)
        require_seen(app, asked, _notifications_fields(school, asked.language, given))
        return save_notify(
            app,
            asked.school,
            webhook=given.webhook,
            email=given.email,
            new_secret=given.nieuw_geheim,
            by=asked.caller.user,
            version=version,
        )

    return _notifications_answer(*first_to_write(save))


def _notifications_answer(school: School, secret: str) -> Answer:
    notify = school.notify
    return Answer(NotificationsOut(notify.webhook, notify.email, secret), etag=tag(_notifications_fields(school)))


def _notifications_fields(
    school: School, language: Language = "nl", sent: NotificationsIn | None = None
) -> list[Field]:
    mail, secret = (
        ("E-mailadres", "Geheim van de webhook") if language == "nl" else ("E-mail address", "Webhook secret")
    )
    now = school.notify
    return [
        Field("webhook", "Webhook", "webhook", now.webhook, sent and sent.webhook),
        Field("email", mail, "email", now.email, sent and sent.email),
        Field("nieuwGeheim", secret, "geheim", now.secret_version, secret=True),
    ]


_AT = "/v1/schools/{school}/coupling"
_EDITED = ("404 school.unknown", "409 store.conflict", "request.stale", "request.match_required")
ROUTES = (
    Route(
        "GET",
        _AT,
        get_coupling,
        roles=READERS,
        summary="Hoe het met de koppeling gaat, en wie wat moet doen / How the coupling is doing, and who must act",
        answer=CouplingOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "GET",
        f"{_AT}/pause",
        get_pause,
        roles=READERS,
        summary="De pauze / The pause",
        answer=PauseOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "PUT",
        f"{_AT}/pause",
        put_pause,
        roles=ADMIN,
        summary="Pauzeren tussen twee dagen (If-Match verplicht) / Pause between two days (If-Match required)",
        body=PauseIn,
        answer=PauseOut,
        problems=_EDITED,
    ),
    Route(
        "DELETE",
        f"{_AT}/pause",
        delete_pause,
        roles=ADMIN,
        summary="De pauze beëindigen (If-Match verplicht) / End the pause (If-Match required)",
        answer=None,
        problems=_EDITED,
    ),
    Route(
        "GET",
        f"{_AT}/notifications",
        get_notifications,
        roles=ADMIN,
        summary="Wie hoort van een verandering / Who is told of a change",
        answer=NotificationsOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "PUT",
        f"{_AT}/notifications",
        put_notifications,
        roles=ADMIN,
        summary="Meldingen instellen (If-Match verplicht) / Choose who is told (If-Match required)",
        body=NotificationsIn,
        answer=NotificationsOut,
        problems=_EDITED,
    ),
)
