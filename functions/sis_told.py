"""A school's SIS as its admin reads it, in his language: the connection, its steps, what was found; never a secret."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from functions.told import ProblemOut, Reader
from shared.domain.causes import Language
from shared.domain.causes.words import Words, word
from shared.domain.run import Problem
from shared.domain.sis import Sis
from shared.flows.sis import Credentials
from shared.flows.sis_books import Reunion
from shared.flows.sis_partners import partners
from shared.flows.survey_sis import OPTIONAL, Name, Step
from shared.values import dataclass

Says = Mapping[Language, str]

_LABELS: Mapping[Name, Says] = {
    "address": {"nl": "Adres bereikt", "en": "Address reached"},
    "tls": {"nl": "Beveiligde verbinding (TLS)", "en": "Secure connection (TLS)"},
    "oneroster": {"nl": "OneRoster gevonden", "en": "OneRoster found"},
    "login": {"nl": "Toegangssleutel en Geheime code", "en": "Access key and secret"},
    "teachers": {"nl": "Docenten leesbaar", "en": "Teachers readable"},
    "orgs": {"nl": "Scholen leesbaar", "en": "Schools readable"},
    "classes": {"nl": "Lesgroepen leesbaar", "en": "Classes readable"},
    "students": {"nl": "Leerlingen leesbaar", "en": "Students readable"},
    "line_items": {"nl": "Onderdelen leesbaar", "en": "Items readable"},
    "results": {"nl": "Cijfers leesbaar", "en": "Grades readable"},
    "categories": {"nl": "Categorieën", "en": "Categories"},
    "periods": {"nl": "Vandaag een open periode", "en": "A period open today"},
    "writes": {"nl": "Onderdelen en cijfers schrijven", "en": "Writing items and grades"},
}
_RESULTS: Words = {
    "ok": {"nl": "ok", "en": "ok"},
    "failed": {"nl": "fout", "en": "failed"},
    "skipped": {"nl": "overgeslagen", "en": "skipped"},
}
_NEXT: Words = {
    "never": {
        "nl": "Kies uw LIS, vul Host-URL, Toegangssleutel en Geheime code in en kies Autoriseren.",
        "en": "Choose your SIS, fill in the host URL, access key and secret, and choose Authorise.",
    },
    "disconnected": {
        "nl": "Er wordt niets verstuurd. Opnieuw koppelen met hetzelfde LIS gaat verder zonder dubbelen.",
        "en": "Nothing is sent. Connecting to the same SIS again goes on without duplicates.",
    },
    "off": {
        "nl": "Docentenrechten staan uit: docenten kunnen geen lesgroepen koppelen en geen cijfers exporteren. "
        "Bestaande koppelingen blijven.",
        "en": "Teacher permissions are off: teachers can neither link classes nor export grades. Existing links stay.",
    },
    "ready": {
        "nl": "Docenten kunnen hun lesgroepen koppelen en cijfers exporteren.",
        "en": "Teachers can link their classes and export grades.",
    },
}
CONSEQUENCES: Mapping[Language, tuple[str, ...]] = {
    "nl": (
        "Docenten kunnen geen cijfers meer exporteren; een export die bezig is, stopt vóór wat er nu nog verstuurd "
        "zou worden.",
        "Wat al geëxporteerd is, blijft in het LIS staan en wordt niet meer bijgewerkt.",
        "Koppelingen van lesgroepen en het grootboek van wat er verstuurd is, blijven in Profijt bewaard.",
        "Koppelt u later hetzelfde LIS opnieuw, dan gaat het verder waar het was: er ontstaan geen dubbelen.",
        "Toegangssleutel en Geheime code worden buiten gebruik gesteld en later vernietigd.",
    ),
    "en": (
        "Teachers can no longer export grades; an export under way stops before what it would send next.",
        "What was exported stays in the SIS, and is no longer updated.",
        "Links of classes, and the ledger of what was sent, are kept in Profijt.",
        "If you connect the same SIS again later, it goes on where it was: no duplicates come about.",
        "The access key and the secret are taken out of use, and destroyed later.",
    ),
}


class CategoryOut(msgspec.Struct, frozen=True):
    """A category of the SIS, to choose as the default one."""

    id: str
    title: str


class CapabilitiesOut(msgspec.Struct, frozen=True, rename="camel"):
    """What was found when connecting; `writes` null: this SIS does not tell beforehand."""

    writes: bool | None
    categories: list[CategoryOut]
    open_periods: list[str]


class SisOut(msgspec.Struct, frozen=True, rename="camel"):
    """The connection. `state`: never, connected or disconnected; of the rest nothing is filled in when it is "never".

    `toegangssleutel` shows its end only, the secret is never shown. `problem`: what needs attention (the SIS refused
    the key when it was last asked, or an expiry within 30 days), else null; `next`: what can be done now. Times are in
    the school's zone.
    """

    state: Literal["never", "connected", "disconnected"]
    next: str
    problem: ProblemOut | None = None
    partner: str = ""
    partner_name: str = ""
    host: str = ""
    host_url: str = ""
    verificatie_url: str = ""
    toegangssleutel: str = ""
    version: str = ""
    signature: str = ""
    schools: list[str] = []
    capabilities: CapabilitiesOut | None = None
    since: datetime | None = None
    by: str = ""
    teachers_export: bool = True
    default_category: str = ""
    category_missing: Literal["default", "stop"] = "default"
    expires: date | None = None


class StepOut(msgspec.Struct, frozen=True, rename="camel"):
    """One step. `result` is the same in every language, `resultText` is it in words. `optional`: connecting does
    without. `found` is what came of it: an address, a way of signing, titles. `said`: the SIS's own words about a
    failure. Show both as text, and do not trust them."""

    step: str
    label: str
    result: Literal["ok", "failed", "skipped"]
    result_text: str
    optional: bool
    problem: ProblemOut | None
    found: str
    said: str


class ReunionOut(msgspec.Struct, frozen=True, rename="camel"):
    """A SIS that was connected before: what its ledger remembers, and what of that was found again in the classes that
    were looked at (`classesChecked` of `classesLinked`)."""

    items: int
    results: int
    classes_linked: int
    classes_checked: int
    items_found: int
    items_missing: int


@dataclass(frozen=True, slots=True)
class SisReader:
    """Tells of a SIS as this caller reads it."""

    told: Reader

    def sis(self, sis: Sis | None, credentials: Credentials | None, problem: Problem | None = None) -> SisOut:
        """`credentials` None: they are out of use."""
        language = self.told.language
        if sis is None:
            return SisOut("never", word(_NEXT, "never", language))
        now = "disconnected" if not sis.connected else "ready" if sis.teachers_export else "off"
        found = sis.capabilities
        return SisOut(
            sis.state,
            word(_NEXT, now, language),
            self.told.problem(problem) if problem else None,
            sis.partner,
            next((partner.name for partner in partners() if partner.id == sis.partner), sis.partner),
            urlsplit(sis.prefix).hostname or "",
            sis.prefix,
            sis.token_url,
            masked(credentials.key) if credentials else "",
            sis.version,
            sis.security,
            list(sis.org_names),
            CapabilitiesOut(
                found.writes,
                [CategoryOut(category.id, category.title) for category in found.categories],
                list(found.open_periods),
            ),
            sis.since.astimezone(self.told.zone),
            sis.by,
            sis.teachers_export,
            sis.default_category,
            sis.category_missing.value,
            sis.expires,
        )

    def step(self, step: Step) -> StepOut:
        language = self.told.language
        problem = self.told.problem(Problem(step.code, dict(step.facts))) if step.code else None
        return StepOut(
            step.name,
            _LABELS[step.name][language],
            step.result,
            word(_RESULTS, step.result, language),
            step.name in OPTIONAL,
            problem,
            step.found,
            step.said,
        )


def reunion_out(found: Reunion) -> ReunionOut:
    held = found.held
    return ReunionOut(held.items, held.results, found.linked, found.classes, found.found, found.missing)


def masked(key: str) -> str:
    """Its last characters, at most four and never more than a third of it."""
    shown = min(4, len(key) // 3)
    return "••••" + (key[-shown:] if shown else "")
