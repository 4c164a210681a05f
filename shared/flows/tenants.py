"""Whose a school at WebUntis (a tenant) is: one school's, proven by a login there or by support, and never by asking.

Schoolnaam, Subdomein and Tenant-ID are public or easily guessed, so an admin who fills in another school's gets
nothing: a credential that came by webhook is handed over to the school that has logged in there with its own password,
or that support named. Until then it waits, as a secret of its own, for at most 30 days.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.school import School
from shared.domain.webuntis_event import Tenant
from shared.errors import NotFound
from shared.flows.linking_state import LinkingState
from shared.flows.read_roster import place
from shared.flows.record import decode, encode
from shared.flows.schools import read_school, school_path, state_path
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

WAITS = timedelta(days=30)

_TENANT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Held:
    """A tenant as stored, and the version to write it back with (ABSENT: it is new)."""

    tenant: Tenant
    version: str


def tenant_path(tenant: str) -> str:
    return f"tenants/{tenant}"


def is_tenant_id(text: str) -> bool:
    """Whether it can be one: it becomes part of a path and of a secret's name."""
    return _TENANT_ID.fullmatch(text) is not None


def waiting_name(tenant: str) -> str:
    """The name among the secrets of a password that no school has been given yet."""
    return f"webuntis-tenant-{tenant}"


def tenant_of(document: Document | None, tenant: str) -> Held:
    """The tenant in this document; one that nothing is known of when there is none."""
    if document is None:
        return Held(Tenant(tenant), ABSENT)
    return Held(decode(document.data | {"id": tenant}, Tenant), document.version)


def read_tenant(app: App, tenant: str) -> Held:
    return tenant_of(app.store.get(tenant_path(tenant)), tenant)


def keep_tenant(held: Held, tenant: Tenant) -> Write:
    """The write that stores it if nobody else did meanwhile."""
    data = encode(tenant)
    del data["id"]
    return Write(tenant_path(tenant.id), data, expect=held.version)


def keep_school(school: School, version: str) -> Write:
    """The write that stores it if nobody else did meanwhile."""
    data = encode(school)
    del data["id"]
    return Write(school_path(school.id), data, expect=version)


def owner(app: App, tenant: Tenant) -> tuple[School, str] | None:
    """The tenant's school and its version, if its settings still are about this tenant; else None."""
    if not tenant.school:
        return None
    try:
        school, version = read_school(app, tenant.school)
    except NotFound:
        return None
    if school.webuntis.tenant_id:
        return (school, version) if school.webuntis.tenant_id == tenant.id else None
    state = read_linking(app, school.id)
    found = state.tenant_id == tenant.id and state.tenant_of == place(school)
    return (school, version) if found or tenant.proof == "support" else None


def read_linking(app: App, school: str) -> LinkingState:
    document = app.store.get(state_path(school))
    return decode(document.data, LinkingState) if document else LinkingState()


def own_by_login(app: App, school: School, tenant_id: str) -> None:
    """Note that this school has logged in at this tenant; it stays whose it was when another came first.

    A login of version 1 is at a school name and proves nothing of a Tenant-ID that somebody typed. Raises Conflict when
    somebody wrote in between.
    """
    if school.webuntis.auth == "v1" and school.webuntis.tenant_id:
        return
    held = read_tenant(app, tenant_id)
    if not held.tenant.school:
        app.store.commit([keep_tenant(held, replace(held.tenant, school=school.id, proof="login"))])


def until(app: App) -> datetime:
    """When a credential that starts to wait now has waited long enough."""
    return app.now() + WAITS
