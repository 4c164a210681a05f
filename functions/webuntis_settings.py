"""GET and PUT /settings/webuntis: the seven fields of the manual and two optional ones; the password only goes in."""

from functions.etag import require_match
from functions.route import Answer, Asked, Route
from functions.settings_form import SettingsIn, SettingsOut, form_of, settings_out
from shared.flows.keep_settings import read_unlocked, save_settings
from shared.ports import App


def get_settings(app: App, asked: Asked) -> Answer:
    """The settings, once support has opened them."""
    school, version = read_unlocked(app, asked.school)
    return Answer(settings_out(school, asked.language), etag=version)


def put_settings(app: App, asked: Asked) -> Answer:
    """Save the form over the version the caller has seen."""
    _, version = read_unlocked(app, asked.school)
    require_match(asked, version)
    form = form_of(asked.body)
    school, written = save_settings(app, asked.school, form, version=version, actor=asked.caller.user)
    return Answer(settings_out(school, asked.language), etag=written)


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
        summary="Instellingen opslaan, nadat een nieuw wachtwoord is geprobeerd (If-Match verplicht) / "
        "Save the settings, after trying a new password (If-Match required)",
        body=SettingsIn,
        answer=SettingsOut,
        problems=(
            "403 settings.locked",
            "404 school.unknown",
            "422 settings.incomplete",
            "422 settings.subdomain",
            "422 settings.field_holds_bsns",
            "422 settings.password_refused",
            "422 settings.password_refused_before",
            "422 settings.too_many_refusals",
            "422 secret.text_refused",
            "422 webuntis.bad_tenant_id",
            "422 webuntis.school_ambiguous",
            "422 webuntis.school_moved",
            "422 webuntis.school_unknown",
            "422 webuntis.school_unknown_there",
            "422 webuntis.search_too_broad",
            "422 webuntis.search_unclear",
            "503 settings.not_tried",
            "request.stale",
            "request.match_required",
        ),
    ),
)
