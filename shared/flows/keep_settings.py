"""A school's WebUntis settings, as an admin saves them: tried first, then switched in one step, with who did it.

A new password is offered to WebUntis before the old one is let go. Refused, or WebUntis out of reach: nothing changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from shared.domain.bsn import judge
from shared.domain.people import Role
from shared.domain.school import Attribute, School, WebUntisSettings
from shared.errors import Conflict, Fault, Invalid, NotAllowed, ProfijtError, Unreachable
from shared.flows.api_user import api_password_name, api_user_of
from shared.flows.audit import audited
from shared.flows.directory import read_directories
from shared.flows.new_password import (
    api_is_in_use,
    connection_of,
    destroy,
    disable,
    disable_older,
    is_in_use,
    try_api_password,
    try_password,
)
from shared.flows.read_roster import password_name
from shared.flows.schools import read_school, school_write
from shared.flows.webuntis_place import place_of
from shared.ports import App, Write
from shared.values import dataclass

WORDS: Mapping[Attribute, str] = {
    Attribute.NUMBER: "Nummer",
    Attribute.ENTREE: "Entree kenmerk",
    Attribute.ECK_ID: "ECK-iD",
    Attribute.UNTIS_ID: "Untis ID-nummer",
    Attribute.ABBREVIATION: "Afkorting",
}
POINTERS: Mapping[Role, str] = {Role.STUDENT: "/kenmerkLeerling", Role.TEACHER: "/kenmerkDocent"}


@dataclass(frozen=True, slots=True)
class Form:
    """What the admin filled in. `password` "" keeps the one that is there."""

    enabled: bool
    school_name: str
    subdomain: str
    password: str
    auto_link: bool
    student_attribute: Attribute
    teacher_attribute: Attribute
    tenant_id: str
    client_id: str
    auth: Literal["v3", "v1"]
    api_user: str = ""  # "" takes the API user away, and his password
    api_password: str = ""  # "" keeps the one that is there


def read_unlocked(app: App, school_id: str) -> tuple[School, str]:
    """The school and its version. Raises NotFound, and NotAllowed while support has not opened the settings."""
    school, version = read_school(app, school_id)
    if not school.unlocked:
        raise NotAllowed("settings.locked")
    return school, version


def save_settings(app: App, school_id: str, form: Form, *, version: str, actor: str) -> tuple[School, str]:
    """Save the form if the school still is at `version`; returns the school and its new version.

    Raises NotAllowed while support has not opened the settings; Invalid with the field; Invalid
    "settings.password_refused" or "settings.api_refused" when WebUntis does not take a new password; Unreachable or
    Throttled "settings.not_tried" when that could not be found out; Conflict when somebody else saved first. After
    each of these everything is as it was, and a new password is destroyed.
    """
    school, found = read_unlocked(app, school_id)
    if found != version:
        raise Conflict("store.conflict")
    before = school.webuntis
    settings = settings_of(form, before)
    if settings.auto_link is False:
        _refuse_bsns(app, school_id, settings)
    new = bool(form.password) and not is_in_use(app, school, settings, form.password)
    new_api = bool(form.api_password) and not api_is_in_use(app, school, settings, form.api_password)
    # The first password of a form that is still half filled in cannot be tried, and takes nobody's place.
    untried = not (settings.school_name and settings.subdomain)
    if untried and (new_api or (new and before.password_version)):
        raise Invalid("settings.incomplete", missing=settings.missing)
    added: dict[str, str] = {}
    try:
        if new:
            name = password_name(school_id)
            added[name] = app.secrets.add(name, form.password)
            settings = replace(settings, password_version=added[name])
            if not untried:
                try_password(app, connection_of(app, school_id, settings, password=form.password))
        if new_api:
            name = api_password_name(school_id)
            added[name] = app.secrets.add(name, form.api_password)
            settings = replace(settings, api_password_version=added[name])
            try_api_password(app, api_user_of(school_id, settings, password=form.api_password))
        switched = _switch(app, school, settings, version=version, actor=actor)
    except ProfijtError as err:
        if not (isinstance(err, Unreachable) and err.service == "store"):  # it may have been switched after all
            for name, secret in added.items():
                destroy(app, name, secret)
        raise
    for name, secret in added.items():
        disable_older(app, name, secret)
    if before.api_password_version and not settings.api_password_version:
        disable(app, api_password_name(school_id), before.api_password_version)
    return switched


def settings_of(form: Form, before: WebUntisSettings) -> WebUntisSettings:
    """The settings this form asks for, with the passwords that are there. Raises Invalid "settings.subdomain",
    "settings.incomplete"."""
    place = place_of(form.school_name, form.subdomain)
    settings = WebUntisSettings(
        enabled=form.enabled,
        school_name=place.school_name,
        subdomain=place.subdomain,
        password_version=before.password_version,
        auto_link=form.auto_link,
        student_attribute=Attribute(form.student_attribute),
        teacher_attribute=Attribute(form.teacher_attribute),
        tenant_id=form.tenant_id.strip(),
        client_id=form.client_id.strip(),
        auth=form.auth,
        api_user=form.api_user.strip(),
    )
    if settings.api_user and settings.api_user == before.api_user:
        settings = replace(settings, api_password_version=before.api_password_version)
    _refuse_half(settings, form.api_password)
    filled = replace(
        settings,
        password_version=form.password or before.password_version,
        api_password_version=form.api_password or settings.api_password_version,
    )
    if settings.enabled and filled.missing:
        raise Invalid("settings.incomplete", missing=filled.missing)
    return settings


def _refuse_half(settings: WebUntisSettings, password: str) -> None:
    """A user without a password, or a password without its user: a new user's is not that of the one before."""
    if bool(settings.api_user) == bool(password or settings.api_password_version):
        return
    pointer, missing = ("/apiWachtwoord", "API-wachtwoord") if settings.api_user else ("/apiGebruiker", "API-gebruiker")
    fault = Fault(pointer, "settings.api_incomplete", (("missing", missing),))
    raise Invalid("settings.api_incomplete", (fault,), missing=missing)


def _refuse_bsns(app: App, school_id: str, settings: WebUntisSettings) -> None:
    """The BSN is no key, whatever field it was put in: judged over all users of a role, never shown."""
    faults = []
    for role, directory in read_directories(app, school_id).items():
        attribute = Attribute(settings.attributes[role])
        judged = judge(getattr(user, attribute) for user in directory.users)
        if judged.are_bsns:
            facts = (("field", WORDS[attribute]), ("passing", judged.passing), ("numbers", judged.numbers))
            faults.append(Fault(POINTERS[role], "settings.field_holds_bsns", facts))
    if faults:
        raise Invalid("settings.field_holds_bsns", tuple(faults), **dict(faults[0].facts))


def _switch(app: App, school: School, settings: WebUntisSettings, *, version: str, actor: str) -> tuple[School, str]:
    """The new settings in the place of the old ones, together with who changed what."""
    # Where WebUntis withdrew the application, a new API user of the school's own opens another door.
    opens = settings.links_by_api and settings.api_password_version != school.webuntis.api_password_version
    saved = replace(school, webuntis=settings, withdrawn=None if opens else school.withdrawn)
    written, *_ = app.store.commit([school_write(saved, version=version), *_events(app, school, settings, actor=actor)])
    return saved, written


def _events(app: App, school: School, settings: WebUntisSettings, *, actor: str) -> list[Write]:
    old, new = _in_words(school.webuntis), _in_words(settings)
    changed = [name for name in new if old[name] != new[name]]
    events = []
    if changed:
        before, after = {name: old[name] for name in changed}, {name: new[name] for name in changed}
        events.append(audited(app, school.id, actor=actor, action="settings.saved", before=before, after=after))
    if settings.password_version != school.webuntis.password_version:
        before = {"Wachtwoord": "ingesteld" if school.webuntis.password_version else ""}
        after = {"Wachtwoord": "nieuw ingesteld"}
        events.append(audited(app, school.id, actor=actor, action="secret.replaced", before=before, after=after))
    if settings.api_password_version != school.webuntis.api_password_version:
        before = {"API-wachtwoord": "ingesteld" if school.webuntis.api_password_version else ""}
        after = {"API-wachtwoord": "nieuw ingesteld" if settings.api_password_version else "ingetrokken"}
        events.append(audited(app, school.id, actor=actor, action="secret.replaced", before=before, after=after))
    return events


def _in_words(settings: WebUntisSettings) -> dict[str, str | bool]:
    """The form in the manual's words, without the password."""
    return {
        "Ingeschakeld": settings.enabled,
        "Schoolnaam": settings.school_name,
        "Subdomein": settings.subdomain,
        "Automatisch koppelen van gebruikers": settings.auto_link,
        "Identificerend kenmerk leerling": WORDS[settings.student_attribute],
        "Identificerend kenmerk docent": WORDS[settings.teacher_attribute],
        "Tenant-ID": settings.tenant_id,
        "Client-ID": settings.client_id,
        "Inlogversie": settings.auth,
        "API-gebruiker": settings.api_user,
    }
