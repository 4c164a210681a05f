"""GET /timetable/diagnosis: «Waarom zie ik geen rooster?», for an admin about anyone, for everyone about himself."""

import logging
from datetime import datetime

import msgspec

from functions.route import Answer, Asked, Route
from functions.told import CandidateOut, reader
from shared.domain.causes import CAUSES, Language, Owner
from shared.domain.causes.words import ROLE_WORDS, in_words
from shared.domain.diagnosis import Check, first_failing
from shared.errors import NotFound
from shared.flows.diagnose import diagnose_user
from shared.ports import App

log = logging.getLogger(__name__)

_WHO: dict[Owner, dict[Language, str]] = {
    Owner.ADMIN: {"nl": "de Profijt-beheerder van de school", "en": "the school's Profijt administrator"},
    Owner.UNTIS_ADMIN: {
        "nl": "de roostermaker of Untis-beheerder van de school",
        "en": "the school's Untis administrator",
    },
    Owner.SIS_ADMIN: {"nl": "de LIS-beheerder van de school", "en": "the school's SIS administrator"},
    Owner.SUPPORT: {"nl": "support (support@profijt.nu)", "en": "support (support@profijt.nu)"},
    Owner.NOBODY: {"nl": "", "en": ""},
}


class CheckOut(msgspec.Struct, frozen=True):
    """`result` is ok, failed or unknown; only of failed `remedy`, `owner` and `who` (the owner in words) are filled."""

    name: str
    result: str
    code: str
    message: str
    remedy: str
    owner: str
    who: str


class LastRun(msgspec.Struct, frozen=True):
    """When the last synchronisation ended, in the school's zone, and how."""

    at: datetime
    outcome: str


class DiagnosisOut(msgspec.Struct, frozen=True, rename="camel"):
    """`cause` is the first check that fails, null when none does; `message` says in one sentence what it comes to.

    `candidates` are WebUntis persons it might be: for an admin only, never for the person himself.
    """

    user: str
    role: str
    state: str
    automatic: bool
    message: str
    cause: CheckOut | None
    checks: list[CheckOut]
    last_run: LastRun | None
    next_run: datetime | None
    candidates: list[CandidateOut]


class DiagnosisQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`user` left out: oneself."""

    user: str = ""


def get_diagnosis(app: App, asked: Asked) -> Answer:
    """The checks on one person; whoever is not yours to see does not exist."""
    admin = "admin" in asked.caller.roles
    user = asked.query.user or asked.caller.user
    himself = user == asked.caller.user
    if not (admin or himself):
        ids = {"user": asked.caller.user, "school": asked.school, "route": "diagnosis"}  # what he typed may be a name
        log.warning("foreign person", extra={"fields": {"event": "foreign_person", "audit": True, **ids}})
        raise NotFound("diagnosis.person_unknown")
    situation, checks = diagnose_user(app, asked.school, user, himself=himself)
    failing = first_failing(checks)
    cause = _told(failing, asked.language) if failing else None
    told = reader(app, asked)
    last = situation.last
    decision = situation.decision
    return Answer(
        DiagnosisOut(
            user=user,
            role=ROLE_WORDS[situation.user.role][asked.language] if situation.user else "",
            state=decision.state if decision else "",
            automatic=situation.school.webuntis.auto_link,
            message=cause.message if cause else _well(checks[-1], asked.language),
            cause=cause,
            checks=[_told(check, asked.language) for check in checks],
            last_run=LastRun(last.finished.astimezone(told.zone), last.outcome) if last else None,
            next_run=situation.next,
            candidates=told.candidates(decision) if decision and admin else [],
        )
    )


def _well(last: Check, language: Language) -> str:
    """What it comes to when nothing fails: his lessons, when they are known."""
    return _told(last, language).message if last.result == "ok" else CAUSES["diagnosis.all_ok"].sentence(language, {})


def _told(check: Check, language: Language) -> CheckOut:
    cause, facts = CAUSES[check.code], in_words(dict(check.facts), language)
    sentence = cause.sentence(language, facts)
    if check.result != "failed":
        return CheckOut(check.name, check.result, check.code, sentence, "", Owner.NOBODY, "")
    remedy, who = cause.remedy(language, facts), _WHO[cause.owner][language]
    return CheckOut(check.name, check.result, check.code, sentence, remedy, cause.owner, who)


ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/timetable/diagnosis",
        get_diagnosis,
        roles=frozenset({"admin", "teacher", "student"}),
        summary="Waarom zie ik geen rooster? / Why do I see no timetable?",
        query=DiagnosisQuery,
        answer=DiagnosisOut,
        problems=("404 school.unknown", "404 diagnosis.person_unknown"),
    ),
)
