"""The school's SIS (LIS): connect it (Autoriseren), save its settings, disconnect it (Verbinding verbreken)."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from functions import etag
from functions.extended import Extended
from functions.meanwhile import Field, require_seen, tag
from functions.route import Answer, Asked, Route
from functions.sis_told import CONSEQUENCES, ReunionOut, SisOut, SisReader, StepOut, reunion_out
from functions.told import ProblemOut, reader
from shared.domain.causes import Language
from shared.domain.run import Problem
from shared.domain.sis import CategoryMissing, Sis
from shared.errors import NotAllowed, NotFound
from shared.flows.connect_sis import Form, authorize
from shared.flows.disconnect_sis import Unconfirmed, disconnect
from shared.flows.keep_sis import Settings, save_sis
from shared.flows.record import encode
from shared.flows.sis import Credentials, attention, read_credentials, read_sis
from shared.ports import App

ADMIN = frozenset({"admin"})
Address = Annotated[str, msgspec.Meta(max_length=2000)]
Credential = Annotated[str, msgspec.Meta(max_length=500)]


class AuthorizeIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The form. `partner` is an id of GET /v1/sis-partners; the three fields as the SIS shows them, in any spelling,
    and the Verificatie-URL if the SIS has one."""

    partner: Annotated[str, msgspec.Meta(max_length=100)]
    host_url: Address
    toegangssleutel: Credential
    geheime_code: Credential
    verificatie_url: Address = ""


class AuthorizeOut(msgspec.Struct, frozen=True):
    """Every step in order. `connected`: everything needed works and was kept; else nothing was changed, and the step
    that failed says why. `notices`: what was done without being asked; `reunion`: when it was connected before."""

    connected: bool
    steps: list[StepOut]
    notices: list[ProblemOut]
    reunion: ReunionOut | None
    sis: SisOut | None


class SisIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """`teachersExport`: Exporteren van schoolwerk en cijfers inschakelen. `defaultCategory`: the id of a category, ""
    for none; `categoryMissing`: give an item the default category, or stop it, when the SIS lacks its own."""

    teachers_export: bool
    default_category: Annotated[str, msgspec.Meta(max_length=255)]
    category_missing: Literal["default", "stop"]
    expires: date | None


class DisconnectQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`confirm`: what the first answer (409) told."""

    confirm: Annotated[str, msgspec.Meta(max_length=100)] = ""


def get_sis(app: App, asked: Asked) -> Answer:
    """The connection as it is."""
    told = _reader(app, asked)
    sis, _ = read_sis(app, asked.school)
    return _answer(app, asked, told, sis)


def post_authorize(app: App, asked: Asked) -> Answer:
    """Connect, connect anew, or replace the key and secret."""
    given: AuthorizeIn = asked.body
    told = _reader(app, asked)
    form = Form(given.partner, given.host_url, given.toegangssleutel, given.geheime_code, given.verificatie_url)
    found = authorize(app, asked.school, form, by=asked.caller.user)
    return Answer(
        AuthorizeOut(
            found.sis is not None,
            [told.step(step) for step in found.steps],
            [told.told.problem(notice) for notice in found.notices],
            reunion_out(found.reunion) if found.reunion else None,
            told.sis(found.sis, _credentials(app, asked.school, found.sis), _attention(app, asked, told, found.sis))
            if found.sis
            else None,
        )
    )


def put_sis(app: App, asked: Asked) -> Answer:
    """Save the settings over those the caller has seen."""
    given: SisIn = asked.body
    told = _reader(app, asked)
    sis, version = read_sis(app, asked.school)
    if sis is None or not sis.connected:
        raise NotAllowed("sis.not_connected")
    require_seen(app, etag.settled(asked), _fields(sis, asked.language, given))
    missing = CategoryMissing(given.category_missing)
    settings = Settings(given.teachers_export, given.default_category, missing, given.expires)
    saved, _ = save_sis(app, asked.school, settings, version=version, by=asked.caller.user)
    return _answer(app, asked, told, saved)


def delete_sis(app: App, asked: Asked) -> Answer:
    """Disconnect, once it is confirmed."""
    try:
        disconnect(app, asked.school, confirm=asked.query.confirm, by=asked.caller.user)
    except Unconfirmed as err:
        members = {"confirm": err.confirm, "until": err.until, "consequences": CONSEQUENCES[asked.language]}
        raise Extended(err.code, {"confirmation": members}) from err
    return Answer(None)


def _reader(app: App, asked: Asked) -> SisReader:
    return SisReader(reader(app, asked))


def _answer(app: App, asked: Asked, told: SisReader, sis: Sis | None) -> Answer:
    problem = _attention(app, asked, told, sis)
    out = told.sis(sis, _credentials(app, asked.school, sis), problem)
    # Whether the SIS takes the key today is nothing that somebody saved.
    version = etag.passing(tag(_fields(sis, asked.language)), msgspec.json.encode(problem)) if sis else ""
    return Answer(out, etag=version)


def _attention(app: App, asked: Asked, told: SisReader, sis: Sis | None) -> Problem | None:
    return attention(app, asked.school, sis, app.now().astimezone(told.told.zone).date())


def _credentials(app: App, school: str, sis: Sis | None) -> Credentials | None:
    if sis is None or not sis.connected:
        return None
    try:
        return read_credentials(app, school, sis.secret_version)
    except NotFound:  # replaced in this very moment
        return None


def _fields(sis: Sis, language: Language, sent: SisIn | None = None) -> list[Field]:
    """What can be saved, and (not told) everything else of the connection."""
    nl = language == "nl"
    now = encode(sis)
    told = msgspec.to_builtins(sent) if sent else {}
    fields = [
        Field(name, label if nl else english, in_audit, now.pop(key), told.get(name))
        for name, key, label, english, in_audit in _SAVED
    ]
    connection = ("LIS-koppeling", "SIS connection")
    return [*fields, Field("", connection[not nl], "Host-URL", sorted(now.items()), secret=True)]


# Of each field: its name, that of Sis, what it is called in both languages, and its word in the audit.
_SAVED = (
    (
        "teachersExport",
        "teachers_export",
        "Exporteren van schoolwerk en cijfers inschakelen",
        "Enable export of coursework and grades",
        "Exporteren van schoolwerk en cijfers inschakelen",
    ),
    ("defaultCategory", "default_category", "Standaardcategorie", "Default category", "Standaardcategorie"),
    (
        "categoryMissing",
        "category_missing",
        "Als een categorie ontbreekt",
        "When a category is missing",
        "Ontbrekende categorie",
    ),
    ("expires", "expires", "Verloopt op", "Expires on", "Verloopt"),
)

_AT = "/v1/schools/{school}/sis"
ROUTES = (
    Route(
        "GET",
        _AT,
        get_sis,
        roles=ADMIN,
        summary="Het LIS van de school / The school's SIS",
        answer=SisOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "POST",
        f"{_AT}/authorize",
        post_authorize,
        roles=ADMIN,
        summary="Het LIS koppelen (Autoriseren): stap voor stap getest, alleen bewaard als alles werkt / "
        "Connect the SIS: tested step by step, kept only when everything works",
        body=AuthorizeIn,
        answer=AuthorizeOut,
        problems=(
            "404 school.unknown",
            "409 store.conflict",
            "422 partner.unknown",
            "422 sis.not_connectable",
            "request.too_many",
        ),
    ),
    Route(
        "PUT",
        _AT,
        put_sis,
        roles=ADMIN,
        summary="Docentenrechten, standaardcategorie en vervaldatum opslaan (If-Match verplicht) / "
        "Save teacher permissions, default category and expiry (If-Match required)",
        body=SisIn,
        answer=SisOut,
        problems=(
            "403 sis.not_connected",
            "404 school.unknown",
            "422 sis.category_unknown",
            "502 oneroster.credentials_refused",
            "request.stale",
            "request.match_required",
        ),
    ),
    Route(
        "DELETE",
        _AT,
        delete_sis,
        roles=ADMIN,
        summary="Verbinding verbreken, in twee stappen / Disconnect, in two steps",
        query=DisconnectQuery,
        answer=None,
        problems=("404 school.unknown", "409 sis.confirm_disconnect", "409 store.conflict"),
    ),
)
