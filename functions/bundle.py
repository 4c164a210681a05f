"""What support may see: POST and DELETE /support-consent by the admin, GET /bundle while that holds."""

import os
from datetime import datetime
from typing import Annotated

import msgspec

from functions.route import Answer, Asked, Route
from functions.told import reader
from shared.domain.run import Run
from shared.flows.bundle import LONGEST, Bundle, give_consent, read_bundle, withdraw_consent
from shared.ports import App

ADMIN = frozenset({"admin"})


class ConsentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many hours support may read the bundle."""

    hours: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)]


class ConsentOut(msgspec.Struct, frozen=True):
    """Until when, in the school's zone."""

    until: datetime


class BundleSettings(msgspec.Struct, frozen=True, rename="camel"):
    """The settings without secrets; of some only whether they are filled in."""

    unlocked: bool
    enabled: bool
    school_name: str
    subdomain: str
    automatic: bool
    student_attribute: str
    teacher_attribute: str
    login: str
    has_password: bool
    has_tenant_id: bool
    has_client_id: bool
    paused: bool
    tells_by_webhook: bool
    tells_by_mail: bool


class BundleState(msgspec.Struct, frozen=True, rename="camel"):
    """What automatic linking remembers. `refused`: WebUntis refused the access in use, `lessonsRefused`: the API user
    that lessons are read as; `persons`: list sizes."""

    condition: str
    tenant_found: bool
    refused: bool
    lessons_refused: bool
    held: str
    pending: str
    last_good: datetime | None
    trouble: str
    persons: dict[str, int]
    counts: dict[str, int]


class BundleRun(msgspec.Struct, frozen=True, rename="camel"):
    """One run in numbers and codes."""

    id: str
    trigger: str
    started: datetime
    seconds: float
    outcome: str
    counts: dict[str, int]
    codes: list[str]


class BundleOut(msgspec.Struct, frozen=True, rename="camel"):
    """A school for support: numbers, codes and settings, nobody's name, number or address, no secret.

    `links` counts users by role, state and cause; `idNumbers` WebUntis persons whose ID-nummer is missing or double.
    """

    made: datetime
    consent_until: datetime | None
    version: str
    python: str
    rules_version: str
    zone: str
    settings: BundleSettings
    state: BundleState
    users: dict[str, int]
    links: dict[str, int]
    id_numbers: dict[str, int]
    passwords: dict[str, int]
    runs: list[BundleRun]
    checks: list[BundleRun]


def post_consent(app: App, asked: Asked) -> Answer:
    """Let support look along for some hours."""
    until = give_consent(app, asked.school, hours=asked.body.hours, actor=asked.caller.user)
    return Answer(ConsentOut(until.astimezone(reader(app, asked).zone)), status=201)


def delete_consent(app: App, asked: Asked) -> Answer:
    """Not any more, from now on."""
    withdraw_consent(app, asked.school, actor=asked.caller.user)
    return Answer(None)


def get_bundle(app: App, asked: Asked) -> Answer:
    """The bundle; each reading of it is an event in the audit."""
    found = read_bundle(app, asked.school, actor=asked.caller.user, admin="admin" in asked.caller.roles)
    told = BundleOut(
        made=found.made,
        consent_until=found.consent_until,
        version=os.environ.get("K_REVISION", "dev"),
        python=found.python,
        rules_version=found.rules_version,
        zone=found.school.zone,
        settings=_settings(found),
        state=_state(found),
        users=found.users,
        links=found.links,
        id_numbers=found.id_numbers,
        passwords=found.passwords,
        runs=[_run(run) for run in found.runs],
        checks=[_run(run) for run in found.checks],
    )
    name = f"bundle-{asked.school}-{found.made:%Y%m%dT%H%MZ}.json"
    return Answer(told, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def _settings(found: Bundle) -> BundleSettings:
    school, settings = found.school, found.school.webuntis
    return BundleSettings(
        unlocked=school.unlocked,
        enabled=settings.enabled,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        automatic=settings.auto_link,
        student_attribute=settings.student_attribute,
        teacher_attribute=settings.teacher_attribute,
        login=settings.auth,
        has_password=bool(settings.password_version),
        has_tenant_id=bool(settings.tenant_id),
        has_client_id=bool(settings.client_id),
        paused=school.pause is not None,
        tells_by_webhook=bool(school.notify.webhook),
        tells_by_mail=bool(school.notify.email),
    )


def _state(found: Bundle) -> BundleState:
    state = found.state
    return BundleState(
        condition=state.watch.condition,
        tenant_found=bool(state.tenant_id),
        refused=found.refused,
        lessons_refused=found.lessons_refused,
        held=state.held.run if state.held else "",
        pending=state.pending.id if state.pending else "",
        last_good=state.last_good,
        trouble=state.trouble.problem.code if state.trouble else "",
        persons=state.persons,
        counts=state.counts,
    )


def _run(run: Run) -> BundleRun:
    codes = [f"{problem.role}:{problem.code}" if problem.role else problem.code for problem in run.problems]
    seconds = (run.finished - run.started).total_seconds()
    return BundleRun(run.id, run.trigger, run.started, seconds, run.outcome, run.counts, codes)


_CONSENT = "/v1/schools/{school}/support-consent"
ROUTES = (
    Route(
        "POST",
        _CONSENT,
        post_consent,
        roles=ADMIN,
        summary="Support tijdelijk laten meekijken / Let support look along for some hours",
        body=ConsentIn,
        answer=ConsentOut,
        status=201,
        problems=("404 school.unknown", "409 store.conflict"),
    ),
    Route(
        "DELETE",
        _CONSENT,
        delete_consent,
        roles=ADMIN,
        summary="Support niet meer laten meekijken / Withdraw the consent",
        answer=None,
        problems=("404 school.unknown", "409 store.conflict"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/bundle",
        get_bundle,
        roles=frozenset({"admin", "support"}),
        summary="Wat support ziet: cijfers en codes, geen personen / What support sees: numbers and codes, no people",
        answer=BundleOut,
        problems=("403 bundle.no_consent", "404 school.unknown"),
    ),
)
