"""Whose a school at WebUntis is: an admin asks for the credential that waits there, support says whose it is."""

from datetime import datetime
from typing import Literal

import msgspec

from functions.route import Answer, Asked, Page, Paging, Route
from shared.domain.causes import CAUSES
from shared.domain.webuntis_event import Tenant
from shared.errors import NotAllowed
from shared.flows.claim_tenant import ask, assign, release, tenant_to_claim, waiting
from shared.flows.schools import read_school
from shared.ports import App

SUPPORT = frozenset({"support"})


class TenantOut(msgspec.Struct, frozen=True, rename="camel"):
    """A school at WebUntis as its platform tells of it. `gevraagdDoor`: schools whose admin asked for its credential.

    `wacht`: a credential waits for its school, until `tot`.
    """

    tenant_id: str
    school: str
    stand: Literal["", "active", "deactivated", "deleted"]
    subdomein: str
    schoolnaam: str
    sinds: datetime | None
    wacht: bool
    tot: datetime | None
    gevraagd_door: list[str]


class ClaimOut(msgspec.Struct, frozen=True, rename="camel"):
    """`ingevuld`: the credential is in the settings; else `melding` says who must confirm that the school is yours."""

    tenant_id: str
    ingevuld: bool
    melding: str
    oplossing: str
    eigenaar: str


def get_waiting(app: App, asked: Asked) -> Answer:
    """What waits, what ends soonest first."""
    tenants, cursor = waiting(app, limit=asked.query.limit, cursor=asked.query.cursor or None)
    return Answer(Page([_out(tenant) for tenant in tenants], cursor))


def put_tenant(app: App, asked: Asked) -> Answer:
    """Support's word; the credential that waited is filled in at once."""
    return Answer(_out(assign(app, asked.school, asked.path["tenant"], actor=asked.caller.user)))


def delete_tenant(app: App, asked: Asked) -> Answer:
    """It is not this school's any more."""
    release(app, asked.school, asked.path["tenant"], actor=asked.caller.user)
    return Answer(None)


def post_claim(app: App, asked: Asked) -> Answer:
    """Ask for the credential of the school that the saved settings name."""
    school, _ = read_school(app, asked.school)
    if not school.unlocked:
        raise NotAllowed("settings.locked")
    tenant = ask(app, asked.school, tenant_to_claim(app, school), actor=asked.caller.user)
    if tenant.school == asked.school:
        return Answer(ClaimOut(tenant.id, ingevuld=True, melding="", oplossing="", eigenaar="nobody"))
    cause = CAUSES["tenant.asked"]
    words = cause.sentence(asked.language, {}), cause.remedy(asked.language, {})
    return Answer(ClaimOut(tenant.id, ingevuld=False, melding=words[0], oplossing=words[1], eigenaar=cause.owner))


def _out(tenant: Tenant) -> TenantOut:
    return TenantOut(
        tenant.id,
        tenant.school,
        tenant.status,
        tenant.subdomain,
        tenant.school_name,
        tenant.since,
        bool(tenant.waiting),
        tenant.waits_until,
        list(tenant.asked),
    )


_TENANT = "/v1/schools/{school}/webuntis-tenants/{tenant}"
ROUTES = (
    Route(
        "GET",
        "/v1/webuntis/tenants",
        get_waiting,
        roles=SUPPORT,
        summary="WebUntis-scholen waarvan de toegang klaarstaat / WebUntis schools whose credential waits",
        query=Paging,
        answer=Page[TenantOut],
        problems=("cursor.unknown",),
    ),
    Route(
        "PUT",
        _TENANT,
        put_tenant,
        roles=SUPPORT,
        summary="Deze WebUntis-school is van deze school / This WebUntis school is this school's",
        answer=TenantOut,
        problems=(
            "404 school.unknown",
            "409 tenant.taken",
            "409 tenant.other_server",
            "409 store.conflict",
            "422 tenant.malformed",
        ),
    ),
    Route(
        "DELETE",
        _TENANT,
        delete_tenant,
        roles=SUPPORT,
        summary="Deze WebUntis-school is niet meer van deze school / This WebUntis school is no longer this school's",
        answer=None,
        problems=("404 tenant.unknown", "409 store.conflict", "422 tenant.malformed"),
    ),
    Route(
        "POST",
        "/v1/schools/{school}/settings/webuntis/claim",
        post_claim,
        roles=frozenset({"admin"}),
        summary="Vraag de toegang die WebUntis heeft klaargezet / Ask for the credential that WebUntis has waiting",
        answer=ClaimOut,
        problems=(
            "403 settings.locked",
            "404 school.unknown",
            "404 tenant.unknown",
            "409 store.conflict",
            "409 tenant.other_server",
            "422 settings.incomplete",
            "422 webuntis.school_unknown",
            "422 webuntis.school_moved",
            "422 webuntis.school_ambiguous",
            "422 webuntis.search_too_broad",
            "422 webuntis.search_unclear",
            "422 webuntis.bad_subdomain",
            "422 webuntis.bad_tenant_id",
            "503 webuntis.maintenance",
        ),
    ),
)
