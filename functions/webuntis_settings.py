"""GET and PUT /settings/webuntis: the seven fields of the manual and two optional ones; the password only goes in."""

from typing import Annotated, Literal

import msgspec

from functions.etag import require_match
from functions.route import Answer, Asked, Route
from shared.domain.school import Attribute, School
from shared.errors import NotAllowed
from shared.flows.keep_settings import Form, save_settings
from shared.flows.schools import read_school
from shared.ports import App

Kenmerk = Literal["nummer", "entreeKenmerk", "eckId", "untisIdNummer", "afkorting"]
_ATTRIBUTES: dict[Kenmerk, Attribute] = {
    "nummer": Attribute.NUMBER,
    "entreeKenmerk": Attribute.ENTREE,
    "eckId": Attribute.ECK_ID,
    "untisIdNummer": Attribute.UNTIS_ID,
    "afkorting": Attribute.ABBREVIATION,
}
_WORDS = {attribute: word for word, attribute in _ATTRIBUTES.items()}
Text = Annotated[str, msgspec.Meta(max_length=200)]


class SettingsIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The form. Leave `wachtwoord` out to keep the one that is there."""

    ingeschakeld: bool
    schoolnaam: Text
    subdomein: Text
    automatisch_koppelen: bool = True
    kenmerk_leerling: Kenmerk = "untisIdNummer"
    kenmerk_docent: Kenmerk = "untisIdNummer"
    wachtwoord: Annotated[str, msgspec.Meta(max_length=500)] = ""
    tenant_id: Text = ""
    client_id: Text = ""
    inlogversie: Literal["v3", "v1"] = "v3"


class SettingsOut(msgspec.Struct, frozen=True, rename="camel"):
    """The settings; of the password only whether there is one."""

    ingeschakeld: bool
    schoolnaam: str
    subdomein: str
    wachtwoord_ingesteld: bool
    automatisch_koppelen: bool
    kenmerk_leerling: Kenmerk
    kenmerk_docent: Kenmerk
    tenant_id: str
    client_id: str
    inlogversie: str


def get_settings(app: App, asked: Asked) -> Answer:
    """The settings, once support has opened them."""
    school, version = read_school(app, asked.school)
    if not school.unlocked:
        raise NotAllowed("settings.locked")
    return Answer(_out(school), etag=version)


def put_settings(app: App, asked: Asked) -> Answer:
    """Save the form over the version the caller has seen."""
    _, version = read_school(app, asked.school)
    require_match(asked, version)
    given: SettingsIn = asked.body
    form = Form(
        given.ingeschakeld,
        given.schoolnaam,
        given.subdomein,
        given.wachtwoord,
        given.automatisch_koppelen,
        _ATTRIBUTES[given.kenmerk_leerling],
        _ATTRIBUTES[given.kenmerk_docent],
        given.tenant_id,
        given.client_id,
        given.inlogversie,
    )
    school, written = save_settings(app, asked.school, form, version=version)
    return Answer(_out(school), etag=written)


def _out(school: School) -> SettingsOut:
    settings = school.webuntis
    return SettingsOut(
        settings.enabled,
        settings.school_name,
        settings.subdomain,
        bool(settings.password_version),
        settings.auto_link,
        _WORDS[settings.student_attribute],
        _WORDS[settings.teacher_attribute],
        settings.tenant_id,
        settings.client_id,
        settings.auth,
    )


_PATH = "/v1/schools/{school}/settings/webuntis"
ROUTES = (
    Route(
        "GET",
        _PATH,
        get_settings,
        roles=frozenset({"admin", "support"}),
        summary="Instellingen van de WebUntis-koppeling / Settings of the WebUntis coupling",
        answer=SettingsOut,
        problems=("403 settings.locked", "404 school.unknown"),
    ),
    Route(
        "PUT",
        _PATH,
        put_settings,
        roles=frozenset({"admin"}),
        summary="Instellingen opslaan (If-Match verplicht) / Save the settings (If-Match required)",
        body=SettingsIn,
        answer=SettingsOut,
        problems=(
            "403 settings.locked",
            "404 school.unknown",
            "422 settings.incomplete",
            "422 settings.subdomain",
            "422 secret.text_refused",
            "request.stale",
            "request.match_required",
        ),
    ),
)
