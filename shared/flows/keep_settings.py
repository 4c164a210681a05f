"""A school and its WebUntis settings, as an admin saves them: the password goes to Secrets, all else to the school."""

import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from shared.domain.school import Attribute, School, WebUntisSettings
from shared.errors import Fault, Invalid, NotAllowed
from shared.flows.read_roster import password_name
from shared.flows.schools import read_school, write_school
from shared.ports import App

_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


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


def save_settings(app: App, school_id: str, form: Form, *, version: str) -> tuple[School, str]:
    """Save the form if the school still is at `version`; returns the school and its new version.

    Raises NotAllowed while support has not opened the settings, Invalid with the field, Conflict when somebody else
    saved first: the old password then still is the one in use.
    """
    school, _ = read_school(app, school_id)
    if not school.unlocked:
        raise NotAllowed("settings.locked")
    before = school.webuntis
    settings = WebUntisSettings(
        enabled=form.enabled,
        school_name=form.school_name.strip(),
        subdomain=subdomain(form.subdomain),
        password_version=before.password_version,
        auto_link=form.auto_link,
        student_attribute=form.student_attribute,
        teacher_attribute=form.teacher_attribute,
        tenant_id=form.tenant_id.strip(),
        client_id=form.client_id.strip(),
        auth=form.auth,
    )
    name = password_name(school_id)
    if form.password:
        settings = replace(settings, password_version=app.secrets.add(name, form.password))
    if settings.enabled and not settings.complete:
        fields = (("Schoolnaam", settings.school_name), ("Subdomein", settings.subdomain))
        missing = ", ".join(field for field, value in (*fields, ("Wachtwoord", settings.password_version)) if not value)
        raise Invalid("settings.incomplete", missing=missing)
    saved = replace(school, webuntis=settings)
    written = write_school(app, saved, version=version)
    if form.password and before.password_version:
        app.secrets.disable(name, before.password_version)
    return saved, written


def subdomain(given: str) -> str:
    """The subdomain in what somebody typed or pasted: "tom", "Tom.webuntis.com", "https://tom.webuntis.com/WebUntis".

    Raises Invalid "settings.subdomain" when there is none in it; "" stays "".
    """
    text = given.strip().lower()
    if not text:
        return ""
    address = urlsplit(text if "//" in text else f"//{text}")
    first, _, rest = (address.hostname or "").rstrip(".").partition(".")
    known = rest in ("", "webuntis.com") or rest.endswith(".webuntis.dev")
    if not known or "@" in address.netloc or not _SUBDOMAIN.fullmatch(first):
        raise Invalid("settings.subdomain", (Fault("/subdomein", "settings.subdomain"),))
    return first
