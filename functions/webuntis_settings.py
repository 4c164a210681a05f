"""GET and PUT /settings/webuntis: the seven fields of the manual and some optional ones; passwords only go in."""

from functions.meanwhile import require_seen, tag
from functions.route import Answer, Asked, Route
from functions.settings_form import SettingsIn, SettingsOut, form_of, settings_fields, settings_out
from shared.domain.causes import Language
from shared.domain.school import School
from shared.flows.keep_settings import read_unlocked, save_settings
from shared.flows.write_links import first_to_write
from shared.ports import App


def get_settings(app: App, asked: Asked) -> Answer:
    """The settings, once support has opened them."""
    school, _ = read_unlocked(app, asked.school)
    return _answer(school, asked.language)


def put_settings(app: App, asked: Asked) -> Answer:
    """Save the form over the settings the caller has seen."""
    form = form_of(asked.body)

    def save() -> School:
        school, version = read_unlocked(app, asked.school)
        require_seen(app, asked, settings_fields(school, asked.language, asked.body))
        saved, _ = save_settings(app, asked.school, form, version=version, actor=asked.caller.user)
        return saved

    return _answer(first_to_write(save), asked.language)


def _answer(school: School, language: Language) -> Answer:
    return Answer(settings_out(school, language), etag=tag(settings_fields(school, language)))


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
            "422 settings.api_incomplete",
            "422 settings.api_refused",
            "422 settings.api_refused_before",
            "422 settings.api_too_many_refusals",
            "422 secret.text_refused",
            "422 webuntis.bad_tenant_id",
            "422 webuntis.school_ambiguous",
            "422 webuntis.school_moved",
            "422 webuntis.school_unknown",
            "422 webuntis.school_unknown_there",
            "422 webuntis.search_too_broad",
            "422 webuntis.search_unclear",
            "422 webuntis.second_factor",
            "503 settings.not_tried",
            "request.stale",
            "request.match_required",
        ),
    ),
)
