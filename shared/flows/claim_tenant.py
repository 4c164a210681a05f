"""A credential that waits is claimed: an admin asks for it, support says whose it is, and nobody else gets it."""

from contextlib import suppress
from dataclasses import replace
from typing import Literal

from shared.domain.school import School
from shared.domain.webuntis_event import Tenant
from shared.errors import Conflict, Invalid, NotFound, Rejected
from shared.flows.audit import audited
from shared.flows.new_credential import commit_with_secret, difference, end_secret, filled_in
from shared.flows.read_roster import password_name
from shared.flows.schools import read_school
from shared.flows.tenants import Held, is_tenant_id, keep_school, keep_tenant, read_tenant, tenant_of, waiting_name
from shared.ports import ABSENT, App, WebUntisConnection, Where

ASKED = 20  # schools remembered that want one tenant


def assign(app: App, school_id: str, tenant_id: str, *, actor: str) -> Tenant:
    """Support's word that this tenant is this school's: fills in its Tenant-ID, and the credential that was waiting.

    May be repeated. Raises NotFound for the school, Invalid "tenant.malformed", Conflict "tenant.taken" when it is
    another school's or "tenant.other_server" when it is on another server than the school, Conflict when somebody wrote
    in between.
    """
    if not is_tenant_id(tenant_id):
        raise Invalid("tenant.malformed")
    held = read_tenant(app, tenant_id)
    if held.tenant.school not in ("", school_id):
        raise Conflict("tenant.taken")
    return _hand_over(app, school_id, held, actor=actor, proof="support")


def release(app: App, school_id: str, tenant_id: str, *, actor: str) -> None:
    """Support's word that this tenant is not this school's any more; its settings stay. Raises NotFound, Conflict."""
    if not is_tenant_id(tenant_id):
        raise Invalid("tenant.malformed")
    held = read_tenant(app, tenant_id)
    if held.tenant.school != school_id:
        raise NotFound("tenant.unknown")
    event = audited(app, school_id, actor=actor, action="tenant.released", subject=tenant_id, after={"Tenant-ID": ""})
    app.store.commit([keep_tenant(held, replace(held.tenant, school="", proof="")), event])


def tenant_to_claim(app: App, school: School) -> str:
    """The tenant that the saved settings are about: the Tenant-ID, or the school search's one hit, asked without login.

    Raises Invalid when they name none ("settings.incomplete", "webuntis.school_unknown" and what else the search may
    answer), Unreachable, Throttled.
    """
    settings = school.webuntis
    if settings.tenant_id:
        return settings.tenant_id
    fields = (("Schoolnaam", settings.school_name), ("Subdomein", settings.subdomain))
    if missing := ", ".join(name for name, value in fields if not value):
        raise Invalid("settings.incomplete", missing=missing)
    there = WebUntisConnection(
        school=school.id,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        tenant_id="",
        client_id="",
        auth="v3",
        password="",
        password_version="",
    )
    try:
        return app.roster(there).tenant_id()
    except Rejected as err:  # what is wrong stands in the settings
        raise Invalid(err.code, (), **err.facts) from err


def ask(app: App, school_id: str, tenant_id: str, *, actor: str) -> Tenant:
    """An admin wants the credential that waits at this tenant: it is handed over if the tenant is the school's, else
    support is shown who asked.

    Raises NotFound "tenant.unknown" when nothing waits or it is another school's: who asks cannot tell which.
    """
    held = read_tenant(app, tenant_id) if is_tenant_id(tenant_id) else Held(Tenant(tenant_id), ABSENT)
    tenant = held.tenant
    if tenant.school == school_id and tenant.proof and tenant.waiting:
        return _hand_over(app, school_id, held, actor=actor, proof=tenant.proof)
    if tenant.school == school_id or (school_id in tenant.asked and not tenant.school):
        return tenant
    if not tenant.waiting or tenant.school:
        raise NotFound("tenant.unknown")
    asked = replace(tenant, asked=(*tenant.asked, school_id)[-ASKED:])
    told = {"Tenant-ID": tenant_id}
    event = audited(app, school_id, actor=actor, action="tenant.asked", subject=tenant_id, after=told)
    app.store.commit([keep_tenant(held, asked), event])
    return asked


def waiting(app: App, *, limit: int, cursor: str | None) -> tuple[tuple[Tenant, ...], str | None]:
    """Tenants whose credential waits for a school, those that end soonest first, and the cursor of later ones."""
    alive = [Where("waits_until", ">", app.now())]
    page = app.store.query("tenants", where=alive, order="waits_until", limit=limit, cursor=cursor)
    found = (tenant_of(document, document.id).tenant for document in page.documents)
    return tuple(tenant for tenant in found if not tenant.school), page.cursor


def sweep_waiting(app: App) -> int:
    """Destroy the credentials nobody claimed in time; returns how many. What was heard stays, against replays."""
    over = [Where("waits_until", "<=", app.now())]
    page = app.store.query("tenants", where=over, order="waits_until", limit=50)
    for document in page.documents:
        held = tenant_of(document, document.id)
        end_secret(app, waiting_name(held.tenant.id), held.tenant.waiting)
        with suppress(Conflict):  # a newer one came just now
            app.store.commit([keep_tenant(held, replace(held.tenant, waiting="", waits_until=None, asked=()))])
    return len(page.documents)


def _hand_over(app: App, school_id: str, held: Held, *, actor: str, proof: Literal["login", "support"]) -> Tenant:
    """The tenant is the school's, and so is the password that waited there."""
    school, version = read_school(app, school_id)
    before, settings = held.tenant, school.webuntis
    if before.subdomain and settings.subdomain and before.subdomain != settings.subdomain:
        raise Conflict("tenant.other_server")
    filled = filled_in(settings, before)
    if before.waits_until and before.waits_until > app.now():
        text = app.secrets.read(waiting_name(before.id), before.waiting)
        filled = replace(filled, password_version=app.secrets.add(password_name(school_id), text))
    after = replace(before, school=school_id, proof=proof, waiting="", waits_until=None, asked=())
    old, new = difference(settings, filled)
    told = audited(app, school_id, actor=actor, action="tenant.assigned", subject=before.id, before=old, after=new)
    writes = [keep_tenant(held, after), keep_school(replace(school, webuntis=filled), version), told]
    commit_with_secret(app, writes, school=school_id, before=settings, after=filled)
    end_secret(app, waiting_name(before.id), before.waiting)
    return after
