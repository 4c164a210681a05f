"""Reviewing links: the list by state, one user's link, a person's decision, bulk acceptance, and the undo of a run."""

import logging
from typing import Annotated, Literal

import msgspec

from functions.etag import Stale, require_match
from functions.link_told import LinkOut, changes, told_link
from functions.route import Answer, Asked, Cursor, Limit, Route
from functions.told import reader
from shared.domain.causes import CAUSES, Language
from shared.domain.people import Role
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.flows.accept_links import accept_links
from shared.flows.link_list import Link, list_links, read_link
from shared.flows.review_links import Verdict, decide_link
from shared.flows.schools import read_school
from shared.flows.undo_run import undo_run
from shared.ports import App

log = logging.getLogger(__name__)

READERS, DECIDERS = frozenset({"admin", "support"}), frozenset({"admin"})
_ROLES = {"leerling": Role.STUDENT, "student": Role.STUDENT, "docent": Role.TEACHER, "teacher": Role.TEACHER}
_KINDS: dict[str, Literal["link", "exclude", "never"]] = {
    "koppelen": "link",
    "ontkoppelen": "exclude",
    "nooit": "never",
}


class LinksOut(msgspec.Struct, frozen=True):
    """Part of the list, by user id; `counts` per state of everybody that fits `role` and `q`; `next` the cursor."""

    items: list[LinkOut]
    counts: dict[str, int]
    next: str | None


class LinksQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`state` leaves the others out, and so does `role`; `q`: words in name, id, Nummer, Afkorting or ID-nummer."""

    state: Literal["linked", "review", "conflict", "not_found", "suspended", "excluded", "new", ""] = ""
    role: Literal["leerling", "docent", "student", "teacher", ""] = ""
    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class DecisionIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """`koppelen` to `idNummer`; `ontkoppelen`: to nobody, until a person decides otherwise; `nooit` to `idNummer`.

    `reden` is for whoever wonders later; no personal numbers please.
    """

    besluit: Literal["koppelen", "ontkoppelen", "nooit"]
    id_nummer: Annotated[str, msgspec.Meta(max_length=500)] = ""
    reden: Annotated[str, msgspec.Meta(max_length=500)] = ""


class AcceptIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """User ids, at most 500."""

    users: Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=500)]


class RefusedOut(msgspec.Struct, frozen=True):
    """Somebody this could not be done for, why not, and what to do."""

    user: str
    code: str
    reason: str
    remedy: str


class AcceptedOut(msgspec.Struct, frozen=True):
    """User ids: linked by this call, linked already, and those that a person must look at one by one."""

    accepted: list[str]
    already: list[str]
    refused: list[RefusedOut]


class UndoneOut(msgspec.Struct, frozen=True, rename="camel"):
    """How many links were put back, kept because a person decided later, were as before already, and could not be.

    `users` are the ids of those put back, `keptUsers` of those kept.
    """

    run: str
    put_back: int
    kept: int
    already: int
    failed: int
    users: list[str]
    kept_users: list[str]
    failures: list[RefusedOut]


def get_links(app: App, asked: Asked) -> Answer:
    """One page of links."""
    told, query = reader(app, asked), asked.query
    found = list_links(
        app,
        asked.school,
        states=[query.state] if query.state else [],
        roles=[_ROLES[query.role]] if query.role else [],
        words=query.q,
        limit=query.limit,
        cursor=query.cursor,
    )
    return Answer(LinksOut([told_link(told, link) for link in found.items], found.counts, found.next))


def get_link(app: App, asked: Asked) -> Answer:
    """One user's link."""
    told = reader(app, asked)
    try:
        link = read_link(app, asked.school, asked.path["user"])
    except NotFound as err:
        _foreign(asked, err)
        raise
    return Answer(told_link(told, link), etag=link.version)


def put_link(app: App, asked: Asked) -> Answer:
    """A person's decision, over what the person saw."""
    given: DecisionIn = asked.body
    if given.besluit == "ontkoppelen" and given.id_nummer:
        raise Invalid("request.body_invalid", (Fault("/idNummer", "request.field_value"),))
    return _decide(app, asked, Verdict(_KINDS[given.besluit], given.id_nummer, given.reden.strip()))


def delete_link(app: App, asked: Asked) -> Answer:
    """Back to automatic linking."""
    return _decide(app, asked, None)


def post_accept(app: App, asked: Asked) -> Answer:
    """The exact proposals among these users."""
    done = accept_links(app, asked.school, asked.body.users, actor=asked.caller.user)
    refused = [_refused(each.user, each.code, each.facts, asked.language) for each in done.refused]
    return Answer(AcceptedOut(list(done.accepted), list(done.already), refused))


def post_undo(app: App, asked: Asked) -> Answer:
    """The links of before this run."""
    read_school(app, asked.school)
    done = undo_run(app, asked.school, asked.path["run"], actor=asked.caller.user)
    failures = [_refused(each.user, each.code, each.facts, asked.language) for each in done.failed]
    return Answer(
        UndoneOut(
            done.run,
            len(done.put_back),
            len(done.kept),
            len(done.already),
            len(done.failed),
            list(done.put_back),
            list(done.kept),
            failures,
        )
    )


def _decide(app: App, asked: Asked, verdict: Verdict | None) -> Answer:
    told = reader(app, asked)

    def seen(link: Link) -> None:
        try:
            require_match(asked, link.version)
        except Conflict as err:
            sent = (asked.body.besluit, asked.body.id_nummer) if asked.body else (None, "")
            raise Stale(changes(told, link, *sent)) from err

    try:
        link = decide_link(app, asked.school, asked.path["user"], verdict, actor=asked.caller.user, seen=seen)
    except NotFound as err:
        _foreign(asked, err)
        raise
    return Answer(told_link(told, link), etag=link.version)


def _foreign(asked: Asked, err: NotFound) -> None:
    """Asking for somebody who is not of this school is remarked; whom, is not: anything may have been typed."""
    fields = {"event": "foreign_user", "audit": True, "user": asked.caller.user, "school": asked.school}
    if err.code == "links.user_unknown":
        log.warning("foreign user", extra={"fields": fields})


def _refused(user: str, code: str, facts: tuple[tuple[str, str], ...], language: Language) -> RefusedOut:
    cause, blanks = CAUSES[code], dict(facts)
    return RefusedOut(user, code, cause.sentence(language, blanks), cause.remedy(language, blanks))


_LINKS = "/v1/schools/{school}/links"
_UNKNOWN = ("404 school.unknown", "404 links.user_unknown")
_WEBUNTIS = (
    "409 links.coupling_off",
    "422 settings.incomplete",
    "422 secret.not_found",
    "502 webuntis.login_refused",
    "502 webuntis.right_missing",
    "503 webuntis.publishing",
    "502 http.refused",
    "503 http.read_timeout",
    "503 secret.unreachable",
)
_RACE = ("request.stale", "request.match_required", "409 store.conflict")
ROUTES = (
    Route(
        "GET",
        _LINKS,
        get_links,
        roles=READERS,
        summary="Koppelingen per staat, met kandidaten en uitleg / Links by state, with candidates and why",
        query=LinksQuery,
        answer=LinksOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "GET",
        _LINKS + "/{user}",
        get_link,
        roles=READERS,
        summary="De koppeling van één gebruiker / One user's link",
        answer=LinkOut,
        problems=_UNKNOWN,
    ),
    Route(
        "PUT",
        _LINKS + "/{user}",
        put_link,
        roles=DECIDERS,
        summary="Met de hand koppelen, ontkoppelen of nooit koppelen (If-Match verplicht) / "
        "Link by hand, unlink or never link (If-Match required)",
        body=DecisionIn,
        answer=LinkOut,
        problems=(
            *_UNKNOWN,
            *_WEBUNTIS,
            *_RACE,
            "409 links.id_number_taken",
            "422 links.id_number_missing",
            "422 links.id_number_unknown",
            "422 links.id_number_double",
        ),
    ),
    Route(
        "DELETE",
        _LINKS + "/{user}",
        delete_link,
        roles=DECIDERS,
        summary="Teruggeven aan automatisch koppelen (If-Match verplicht) / "
        "Give back to automatic linking (If-Match required)",
        answer=LinkOut,
        problems=(*_UNKNOWN, *_RACE),
    ),
    Route(
        "POST",
        "/v1/schools/{school}/proposals/accept",  # under /links it would be in the way of a user called "accept"
        post_accept,
        roles=DECIDERS,
        summary="Voorstellen met sluitend bewijs in één keer accepteren / Accept proposals with exact evidence at once",
        body=AcceptIn,
        answer=AcceptedOut,
        idempotent=True,
        problems=(
            "404 school.unknown",
            *_WEBUNTIS,
            "409 hold.list_shrunk",
            "409 hold.list_empty",
            "409 store.conflict",
        ),
    ),
    Route(
        "POST",
        "/v1/schools/{school}/runs/{run}/undo",
        post_undo,
        roles=DECIDERS,
        summary="Een synchronisatie terugdraaien / Undo a run",
        answer=UndoneOut,
        idempotent=True,
        problems=(
            "404 school.unknown",
            "404 run.unknown",
            "409 undo.nothing_applied",
            "409 undo.log_gone",
            "409 store.conflict",
        ),
    ),
)
