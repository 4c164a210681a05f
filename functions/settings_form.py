"""The form of the WebUntis settings: what goes in, what comes out, and every field explained in the manual's words."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from functions.meanwhile import Field
from shared.domain.causes import CAUSES, Language
from shared.domain.school import Attribute, School
from shared.flows.keep_settings import Form

Kenmerk = Literal["nummer", "entreeKenmerk", "eckId", "untisIdNummer", "afkorting"]
ATTRIBUTES: Mapping[Kenmerk, Attribute] = {
    "nummer": Attribute.NUMBER,
    "entreeKenmerk": Attribute.ENTREE,
    "eckId": Attribute.ECK_ID,
    "untisIdNummer": Attribute.UNTIS_ID,
    "afkorting": Attribute.ABBREVIATION,
}
KENMERKEN: Mapping[Attribute, Kenmerk] = {attribute: word for word, attribute in ATTRIBUTES.items()}
Text = Annotated[str, msgspec.Meta(max_length=200)]
Address = Annotated[str, msgspec.Meta(max_length=500)]  # a whole address may be pasted


class SettingsIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The form. Leave `wachtwoord` or `apiWachtwoord` out to keep the one that is there; without `apiGebruiker` the API
    user is taken away. A pasted WebUntis address will do as `subdomein`,
    and fills in `schoolnaam` when that is empty."""

    ingeschakeld: bool
    schoolnaam: Address
    subdomein: Address
    automatisch_koppelen: bool = True
    kenmerk_leerling: Kenmerk = "untisIdNummer"
    kenmerk_docent: Kenmerk = "untisIdNummer"
    wachtwoord: Annotated[str, msgspec.Meta(max_length=500)] = ""
    tenant_id: Text = ""
    client_id: Text = ""
    inlogversie: Literal["v3", "v1"] = "v3"
    api_gebruiker: Text = ""
    api_wachtwoord: Annotated[str, msgspec.Meta(max_length=500)] = ""


class FieldOut(msgspec.Struct, frozen=True):
    """A field's name on the screen and its explanation. `genegeerd`: it has no effect now, and `waarom` says why;
    `waarschuwing` is about the choice that was made, "" when there is nothing to say."""

    label: str
    toelichting: str
    genegeerd: bool = False
    waarom: str = ""
    waarschuwing: str = ""


class SettingsOut(msgspec.Struct, frozen=True, rename="camel"):
    """The settings; of passwords only whether there is one. `velden` explains each field by its name in the form."""

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
    api_gebruiker: str
    api_wachtwoord_ingesteld: bool
    velden: dict[str, FieldOut]


def form_of(given: SettingsIn) -> Form:
    """The form as the flows know it."""
    return Form(
        given.ingeschakeld,
        given.schoolnaam,
        given.subdomein,
        given.wachtwoord,
        given.automatisch_koppelen,
        ATTRIBUTES[given.kenmerk_leerling],
        ATTRIBUTES[given.kenmerk_docent],
        given.tenant_id,
        given.client_id,
        given.inlogversie,
        given.api_gebruiker,
        given.api_wachtwoord,
    )


def settings_out(school: School, language: Language) -> SettingsOut:
    """The settings of this school, explained."""
    settings = school.webuntis
    return SettingsOut(
        settings.enabled,
        settings.school_name,
        settings.subdomain,
        bool(settings.password_version),
        settings.auto_link,
        KENMERKEN[settings.student_attribute],
        KENMERKEN[settings.teacher_attribute],
        settings.tenant_id,
        settings.client_id,
        settings.auth,
        settings.api_user,
        bool(settings.api_password_version),
        {name: _explained(name, school, language) for name in _FIELDS},
    )


def settings_fields(school: School, language: Language, given: SettingsIn | None = None) -> list[Field]:
    """The form field by field: as it is now, and as it was sent."""
    settings = school.webuntis
    secrets = {"wachtwoord": settings.password_version, "apiWachtwoord": settings.api_password_version}
    now = msgspec.to_builtins(settings_out(school, language)) | secrets
    sent = msgspec.to_builtins(given) if given else {}
    return [
        Field(name, told[language][0], told["nl"][0], now[name], sent.get(name), secret=name in secrets)
        for name, told in _FIELDS.items()
    ]


def _explained(name: str, school: School, language: Language) -> FieldOut:
    label, explanation = _FIELDS[name][language]
    chosen = {"kenmerkLeerling": school.webuntis.student_attribute, "kenmerkDocent": school.webuntis.teacher_attribute}
    if name not in chosen:
        return FieldOut(label, explanation)
    if school.webuntis.auto_link:
        return FieldOut(label, explanation, genegeerd=True, waarom=_IGNORED[language])
    long = chosen[name] is Attribute.ECK_ID
    warning = CAUSES["settings.eck_id_too_long"].sentence(language, {}) if long else ""
    return FieldOut(label, explanation, waarschuwing=warning)


_IGNORED: Mapping[Language, str] = {
    "nl": "Koppelen gebeurt dan altijd op basis van het WebUntis ID-nummer.",
    "en": "Linking is then always done by the WebUntis ID number.",
}
# By the name in the form, in the order of the screen: label and explanation. The seven of the manual (version 1.4,
# Instellingen in Profijt) in its own words; the English is ours.
_FIELDS: Mapping[str, Mapping[Language, tuple[str, str]]] = {
    "ingeschakeld": {
        "nl": ("Ingeschakeld", "Zet dit vinkje aan om de koppeling in werking te stellen."),
        "en": ("Enabled", "Tick this box to put the coupling into operation."),
    },
    "schoolnaam": {
        "nl": ("Schoolnaam", "Vul hier de schoolnaam in die u heeft genoteerd tijdens de voorbereiding."),
        "en": ("School name", "Fill in the school name that you noted during the preparations."),
    },
    "subdomein": {
        "nl": ("Subdomein", "Vul hier het subdomein in dat u heeft genoteerd tijdens de voorbereiding."),
        "en": ("Subdomain", "Fill in the subdomain that you noted during the preparations."),
    },
    "wachtwoord": {
        "nl": ("Wachtwoord", "Het wachtwoord zoals u dat heeft genoteerd tijdens de voorbereiding."),
        "en": ("Password", "The password as you noted it during the preparations."),
    },
    "automatischKoppelen": {
        "nl": (
            "Automatisch koppelen van gebruikers",
            "Zet dit vinkje aan om bij de leerlingen en docenten automatisch (elke 30 minuten) op basis van hun voor- "
            "en achternaam het WebUntis ID-nummer in Profijt te registreren. Koppelen gebeurt dan altijd op basis van "
            "het WebUntis ID-nummer.",
        ),
        "en": (
            "Link users automatically",
            "Tick this box to register the WebUntis ID number of students and teachers in Profijt automatically (every "
            "30 minutes), by their first and last name. Linking is then always done by the WebUntis ID number.",
        ),
    },
    "kenmerkLeerling": {
        "nl": (
            "Identificerend kenmerk leerling",
            "Als u niet automatisch koppelt, dan kiest u hier het veld in Profijt dat moet worden gebruikt om de "
            "leerling in WebUntis te identificeren (het veld dat de waarde bevat dat overeenkomt met de waarde van het "
            "veld ID-nummer in WebUntis).",
        ),
        "en": (
            "Identifying attribute, student",
            "If you do not link automatically, choose the field in Profijt that identifies the student in WebUntis "
            "(the field that holds the same value as the field ID number in WebUntis).",
        ),
    },
    "kenmerkDocent": {
        "nl": (
            "Identificerend kenmerk docent",
            "Als u niet automatisch koppelt, dan kiest u hier het veld in Profijt dat moet worden gebruikt om de "
            "docent in WebUntis te identificeren (het veld dat de waarde bevat dat overeenkomt met de waarde van het "
            "veld ID-nummer in WebUntis).",
        ),
        "en": (
            "Identifying attribute, teacher",
            "If you do not link automatically, choose the field in Profijt that identifies the teacher in WebUntis "
            "(the field that holds the same value as the field ID number in WebUntis).",
        ),
    },
    "tenantId": {
        "nl": (
            "Tenant-ID",
            "Niet nodig als Schoolnaam en Subdomein kloppen: dan wordt het opgezocht. Staat in WebUntis bij de "
            "toegangsgegevens van Profijt.",
        ),
        "en": (
            "Tenant id",
            "Not needed when school name and subdomain are right: it is then looked up. WebUntis shows it with the "
            "access data of Profijt.",
        ),
    },
    "clientId": {
        "nl": ("Client-ID", "Laat dit leeg, tenzij de school een eigen toegang in WebUntis heeft gekregen."),
        "en": ("Client id", "Leave this empty, unless the school was given an access of its own in WebUntis."),
    },
    "inlogversie": {
        "nl": ("Inlogversie", "Kies v3. De oude manier (v1) wordt door WebUntis afgesloten."),
        "en": ("Login version", "Choose v3. WebUntis is closing the old way (v1) down."),
    },
    "apiGebruiker": {
        "nl": (
            "API-gebruiker",
            "Alleen nodig als de applicatie Profijt in WebUntis geen roosters mag lezen of er geen applicatie is: de "
            "naam van een gewone WebUntis-gebruiker die dat wel mag. Zonder Wachtwoord worden ook de personen met deze "
            "gebruiker gelezen; docenten hebben daar geen ID-nummer en worden dan niet gekoppeld. Maak het veld leeg "
            "om de gebruiker te verwijderen.",
        ),
        "en": (
            "API user",
            "Only needed when the application Profijt may not read timetables in WebUntis, or there is no application: "
            "the name of an ordinary WebUntis user who may. Without Wachtwoord (password) the people are read as this "
            "user too; teachers have no ID number there and are then not linked. Empty the field to remove the user.",
        ),
    },
    "apiWachtwoord": {
        "nl": (
            "API-wachtwoord",
            "Het wachtwoord van de API-gebruiker in WebUntis. Het wordt geprobeerd voordat het wordt bewaard, en is "
            "daarna niet meer te zien.",
        ),
        "en": (
            "API password",
            "The password of the API user in WebUntis. It is tried before it is saved, and cannot be seen afterwards.",
        ),
    },
}
