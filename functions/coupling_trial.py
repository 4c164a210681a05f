"""POST /settings/webuntis/test and /preview: what the coupling and an identifying attribute would do, unapplied."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from functions.route import Answer, Asked, Route
from functions.settings_form import ATTRIBUTES, KENMERKEN, Kenmerk, SettingsIn, form_of
from functions.told import ProblemOut
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import ROLE_WORDS, ROLES_WORDS, Words, in_words, word
from shared.domain.people import Role
from shared.domain.run import Problem
from shared.flows.preview_attribute import RolePreview, Unlinked, preview_attribute
from shared.flows.try_coupling import Sample, Step, try_coupling
from shared.ports import App

_LABELS: Mapping[str, Mapping[Language, str]] = {
    "address": {"nl": "Adres", "en": "Address"},
    "tls": {"nl": "Beveiligde verbinding (TLS)", "en": "Secure connection (TLS)"},
    "tenant": {"nl": "School gevonden (Schoolnaam en Subdomein)", "en": "School found (school name and subdomain)"},
    "login": {"nl": "Inloggen (Wachtwoord)", "en": "Login (password)"},
    "students": {"nl": "Recht op de lijst leerlingen", "en": "Right to the list of students"},
    "teachers": {"nl": "Recht op de lijst docenten", "en": "Right to the list of teachers"},
    "student": {"nl": "Een leerling als voorbeeld", "en": "One student as a sample"},
    "teacher": {"nl": "Een docent als voorbeeld", "en": "One teacher as a sample"},
    "lessons": {"nl": "Rooster lezen", "en": "Reading the timetable"},
}
_NAMES: Mapping[str, str] = {
    "address": "adres",
    "tls": "tls",
    "tenant": "school",
    "login": "inloggen",
    "students": "leerlingen",
    "teachers": "docenten",
    "student": "voorbeeldLeerling",
    "teacher": "voorbeeldDocent",
    "lessons": "rooster",
}
_HOW: Words = {
    "whole": {
        "nl": "{who} mag het rooster van de hele school lezen.",
        "en": "{who} may read the timetable of the whole school.",
    },
    "person": {
        "nl": "{who} mag het rooster alleen per persoon lezen.",
        "en": "{who} may read the timetable person by person only.",
    },
    "outside_year": {
        "nl": "Vandaag valt buiten de schooljaren in WebUntis: of het rooster gelezen mag worden, is nog niet bekend.",
        "en": "Today is outside the school years in WebUntis: whether the timetable may be read cannot be told now.",
    },
}
_WHO: Mapping[bool, Mapping[Language, str]] = {
    False: {"nl": "De applicatie Profijt", "en": "The application Profijt"},
    True: {"nl": "De API-gebruiker", "en": "The API user"},
}
_RESULTS: Words = {
    "ok": {"nl": "ok", "en": "ok"},
    "failed": {"nl": "fout", "en": "failed"},
    "skipped": {"nl": "overgeslagen", "en": "skipped"},
}


class SampleOut(msgspec.Struct, frozen=True, rename="camel"):
    """One person of a list, and of the whole list how many there are and how many have no ID-nummer."""

    naam: str
    heeft_id_nummer: bool
    aantal: int
    zonder_id_nummer: int


class StepOut(msgspec.Struct, frozen=True, rename="camel"):
    """One step. `resultaat` is the same in every language, `resultaatTekst` is it in words. `probleem` says what is the
    matter, what to do and who can; null unless the step failed. `duurMs`: of the step's own calls, 0 when it is judged
    by the call of another. `uitleg`: what the step found out, "" when `resultaat` says all."""

    stap: str
    label: str
    resultaat: Literal["ok", "failed", "skipped"]
    resultaat_tekst: str
    duur_ms: int
    probleem: ProblemOut | None
    voorbeeld: SampleOut | None
    uitleg: str = ""


class TestOut(msgspec.Struct, frozen=True):
    """Every step, in the order in which they can fail; `geslaagd` when none failed and none was skipped, but for the
    timetable outside the school years."""

    geslaagd: bool
    stappen: list[StepOut]


class PreviewIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The field in Profijt that would hold the ID-nummer, per role."""

    kenmerk_leerling: Kenmerk
    kenmerk_docent: Kenmerk


class WarningOut(msgspec.Struct, frozen=True, rename="camel"):
    """Something about the values themselves. `houdtTegen`: this attribute cannot be saved."""

    rol: str
    houdt_tegen: bool
    probleem: ProblemOut


class CauseOut(msgspec.Struct, frozen=True):
    """How many users would not be linked for this reason."""

    aantal: int
    probleem: ProblemOut


class UnlinkedOut(msgspec.Struct, frozen=True):
    """A user who would not be linked; `code` is one of the reasons."""

    id: str
    naam: str
    code: str


class RolePreviewOut(msgspec.Struct, frozen=True, rename="camel"):
    """One role. Without an answer of WebUntis the counts are null and `probleem` says why. `doorPersonen` of the users
    were decided by hand, which no attribute changes; `mensen` are at most 100, `nietGetoond` tells how many more."""

    rol: str
    kenmerk: Kenmerk
    totaal: int
    gekoppeld: int | None
    niet_gekoppeld: int | None
    door_personen: int
    samenvatting: str
    redenen: list[CauseOut]
    mensen: list[UnlinkedOut]
    niet_getoond: int
    probleem: ProblemOut | None


class PreviewOut(msgspec.Struct, frozen=True):
    """`waarschuwingen` hold whatever WebUntis says; nothing was stored."""

    waarschuwingen: list[WarningOut]
    rollen: list[RolePreviewOut]


def post_test(app: App, asked: Asked) -> Answer:
    """Try the form that was sent, or what is saved."""
    steps = try_coupling(app, asked.school, form_of(asked.body) if asked.body else None)
    passed = all(step.result == "ok" or step.how for step in steps)
    return Answer(TestOut(passed, [_step(step, asked.language) for step in steps]))


def post_preview(app: App, asked: Asked) -> Answer:
    """Count who would be linked by these attributes."""
    given: PreviewIn = asked.body
    chosen = {Role.STUDENT: ATTRIBUTES[given.kenmerk_leerling], Role.TEACHER: ATTRIBUTES[given.kenmerk_docent]}
    preview = preview_attribute(app, asked.school, chosen)
    warnings = [
        WarningOut(ROLE_WORDS[each.role][asked.language], each.refused, _problem(each.problem, asked.language))
        for each in preview.warnings
    ]
    return Answer(PreviewOut(warnings, [_role(role, asked.language) for role in preview.roles]))


def _step(step: Step, language: Language) -> StepOut:
    problem = _problem(Problem(step.code, dict(step.facts)), language) if step.code else None
    took = round(step.took.total_seconds() * 1000)
    name, label = _NAMES[step.name], _LABELS[step.name][language]
    result, sample = word(_RESULTS, step.result, language), _sample(step.sample)
    return StepOut(name, label, step.result, result, took, problem, sample, _explained(step, language))


def _explained(step: Step, language: Language) -> str:
    return _HOW[step.how][language].format(who=_WHO[step.by_api][language]) if step.how else ""


def _sample(sample: Sample | None) -> SampleOut | None:
    if sample is None:
        return None
    name = f"{sample.person.first_name} {sample.person.last_name}".strip()
    return SampleOut(name, bool(sample.person.key), sample.people, sample.without)


def _role(preview: RolePreview, language: Language) -> RolePreviewOut:
    causes = preview.causes or {}
    missing = sum(causes.values()) if preview.linked is not None else None
    facts: dict[str, str | int] = {"attribute": preview.attribute.value}
    return RolePreviewOut(
        ROLE_WORDS[preview.role][language],
        KENMERKEN[preview.attribute],
        preview.users,
        preview.linked,
        missing,
        preview.by_person,
        _summary(preview, language),
        [CauseOut(count, _problem(Problem(code, facts), language)) for code, count in causes.items()],
        [_unlinked(each) for each in preview.unlinked],
        max(0, (missing or 0) - len(preview.unlinked)),
        _problem(preview.problem, language) if preview.problem else None,
    )


def _unlinked(each: Unlinked) -> UnlinkedOut:
    return UnlinkedOut(each.user, each.name, each.cause)


def _summary(preview: RolePreview, language: Language) -> str:
    who, total, linked = ROLES_WORDS[preview.role][language], preview.users, preview.linked
    if linked is None:
        nl, en = f"Niet bekend: de lijst {who} is niet gelezen.", f"Not known: the list of {who} was not read."
    else:
        nl = f"{linked} van de {total} {who} worden gekoppeld, {total - linked} niet."
        en = f"{linked} of {total} {who} would be linked, {total - linked} would not."
    return nl if language == "nl" else en


def _problem(problem: Problem, language: Language) -> ProblemOut:
    cause, facts = CAUSES[problem.code], in_words(problem.facts, language)
    sentence, remedy = cause.sentence(language, facts), cause.remedy(language, facts)
    return ProblemOut(problem.code, sentence, remedy, cause.owner)


_ADMIN = frozenset({"admin"})
_PATH = "/v1/schools/{school}/settings/webuntis"
ROUTES = (
    Route(
        "POST",
        f"{_PATH}/test",
        post_test,
        roles=_ADMIN,
        summary="De koppeling stap voor stap testen, met het formulier of met wat is opgeslagen / "
        "Test the coupling step by step, with the form or with what is saved",
        body=SettingsIn,
        body_optional=True,
        answer=TestOut,
        problems=(
            "403 settings.locked",
            "404 school.unknown",
            "422 settings.api_incomplete",
            "422 settings.incomplete",
            "422 settings.subdomain",
            "request.too_many",
        ),
    ),
    Route(
        "POST",
        f"{_PATH}/preview",
        post_preview,
        roles=_ADMIN,
        summary="Wie er met een identificerend kenmerk zou worden gekoppeld / Who an identifying attribute would link",
        body=PreviewIn,
        answer=PreviewOut,
        problems=("403 settings.locked", "404 school.unknown", "request.too_many"),
    ),
)
