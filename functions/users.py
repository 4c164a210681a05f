"""PUT and GET /users: Profijt tells its users in bulk, and may see what is known of them."""

from typing import Annotated, Any, Literal

import msgspec

from functions import user_rows
from functions.route import CSV, JSON, MIB, Answer, Asked, Cursor, Limit, Route
from shared.domain.causes import CAUSES
from shared.domain.people import Decision, Role, User
from shared.flows.directory import read_directories
from shared.flows.keep_users import keep_users
from shared.flows.schools import read_school
from shared.flows.write_links import masked
from shared.ports import App

_ROLES = {role: word for word, role in user_rows.ROLES.items()}


class UsersIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The users to keep, at most 5,000. `actief: nee` tells that a user has left. Every value is text: "067"."""

    users: list[Annotated[dict[str, Any], msgspec.Meta(extra_json_schema=user_rows.ROW_SCHEMA)]]


class RefusedRow(msgspec.Struct, frozen=True):
    """`rij` counts from 1 (the header not counted); `veld` is the field, `melding` and `oplossing` say what and how."""

    rij: int
    id: str
    veld: str
    code: str
    melding: str
    oplossing: str


class Upload(msgspec.Struct, frozen=True):
    """How many rows came, what they changed, and the rows that were refused; the others were stored."""

    ontvangen: int
    nieuw: int
    gewijzigd: int
    verwijderd: int
    ongewijzigd: int
    geweigerd: list[RefusedRow]


class UserOut(msgspec.Struct, frozen=True, rename="camel"):
    """A user as Profijt told it, and the ID-nummer and state of the link."""

    id: str
    rol: str
    voornaam: str
    tussenvoegsel: str
    achternaam: str
    afkorting: str
    nummer: str
    entree_kenmerk: str
    untis_id_nummer: str
    email: str
    status: str
    id_nummer: str


class UserPage(msgspec.Struct, frozen=True):
    """Part of the list, by id; `next` is the cursor of what follows, null at the end."""

    items: list[UserOut]
    next: str | None


class UserQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rol` leaves the others out."""

    rol: Literal["leerling", "docent", ""] = ""
    limit: Limit = 200
    cursor: Cursor = ""


def put_users(app: App, asked: Asked) -> Answer:
    """Store the good rows in one step and list the others."""
    rows = user_rows.from_csv(asked.raw) if asked.media == CSV else user_rows.from_json(asked.body.users)
    stored = keep_users(app, asked.school, rows.users, rows.removed)
    refused = []
    for number, identifier, fault in rows.refused:
        cause, facts = CAUSES[fault.code], dict(fault.facts)
        sentence, remedy = cause.sentence(asked.language, facts), cause.remedy(asked.language, facts)
        refused.append(RefusedRow(number, identifier, fault.pointer, fault.code, sentence, remedy))
    return Answer(Upload(rows.count, stored.added, stored.changed, stored.removed, stored.same, refused))


def get_users(app: App, asked: Asked) -> Answer:
    """Everyone Profijt told us, by id."""
    read_school(app, asked.school)
    query: UserQuery = asked.query
    found = []
    for role, directory in read_directories(app, asked.school).items():
        if query.rol in ("", _ROLES[role]):
            links = {decision.user: decision for decision in directory.decisions}
            found += [(user, links.get(user.id)) for user in directory.users if user.id > query.cursor]
    found.sort(key=lambda pair: pair[0].id)
    page = [_out(user, link) for user, link in found[: query.limit]]
    return Answer(UserPage(page, page[-1].id if len(found) > query.limit else None))


def _out(user: User, link: Decision | None) -> UserOut:
    state, key = (link.state.value, masked(link.key, user)) if link else ("", "")
    return UserOut(
        user.id, _ROLES[Role(user.role)], user.first_name, user.prefix, user.last_name, user.abbreviation,
        user.number, user.entree, user.untis_id, user.email, state, key,
    )  # fmt: skip


ROUTES = (
    Route(
        "PUT",
        "/v1/schools/{school}/users",
        put_users,
        roles=frozenset({"admin", "service", "support"}),
        summary="Gebruikers aanleveren (JSON of CSV, hooguit 5.000 per keer) / Send users in bulk",
        body=UsersIn,
        answer=Upload,
        body_media=(JSON, CSV),
        body_limit=8 * MIB,
        problems=(
            "404 school.unknown",
            "409 store.conflict",
            "422 users.bsn_refused",
            "422 users.too_many",
            "422 users.columns",
            "422 users.csv_broken",
            "422 users.header",
            "422 users.not_utf8",
        ),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/users",
        get_users,
        roles=frozenset({"admin", "service", "support"}),
        summary="Gebruikers en de staat van hun koppeling / Users and the state of their links",
        query=UserQuery,
        answer=UserPage,
        problems=("404 school.unknown",),
    ),
)
