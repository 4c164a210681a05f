"""A signed message of WebUntis' platform becomes a school's credential, or the end of one: once, whatever comes twice.

The tenant, the school, the audit event and the memory of the message are committed in one step, so that of two that
come at once the second sees what the first did. Passwords go to Secrets; a mark of the coupling (Ingeschakeld) is the
admin's and never touched. What was heard is kept for ever, as digests: an old message can be sent again at any time.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from shared.domain.school import School, Withdrawn
from shared.domain.webuntis_event import Kind, PlatformEvent, Tenant, is_news
from shared.errors import Conflict, Unreachable
from shared.flows.audit import audited
from shared.flows.claim_tenant import sweep_waiting
from shared.flows.new_credential import commit_with_secret, difference, end_secret, filled_in
from shared.flows.read_roster import password_name
from shared.flows.tenants import Held, keep_school, keep_tenant, owner, tenant_of, tenant_path, until, waiting_name
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

ACTOR = "webuntis"
TRIES = 8

What = Literal["filled", "waiting", "stopped", "erased", "nothing"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: `nothing` when it was heard before; `school` is "" while nobody owns the tenant."""

    what: What
    school: str = ""


def take_credentials(app: App, event: PlatformEvent) -> Taken:
    """Act on a message whose signature holds. May be repeated: the same message acts once.

    Raises Unreachable when the stores cannot be reached or others keep writing: send it again. Invalid for a password
    that cannot be kept.
    """
    for _ in range(TRIES):
        try:
            return _take(app, event)
        except Conflict:
            continue
    raise Unreachable("webhook.busy", service="store")


def heard_path(event: PlatformEvent) -> str:
    return f"{tenant_path(event.tenant_id)}/heard/{event.digest}"


def _take(app: App, event: PlatformEvent) -> Taken:
    found = app.store.get_many([tenant_path(event.tenant_id), heard_path(event)])
    held = tenant_of(found.get(tenant_path(event.tenant_id)), event.tenant_id)
    before = found.get(heard_path(event))
    if not is_news(event, held.tenant, heard=before.data["at"] if before else None, now=app.now()):
        return Taken("nothing", held.tenant.school)
    owned = owner(app, held.tenant)
    memory = _memory(event, before, at=app.now())
    if event.kind.stops:
        return _end(app, event, held, owned=owned, memory=memory)
    tenant = replace(
        held.tenant,
        status="active",
        current=event.digest,
        client_id=event.client_id or held.tenant.client_id,
        subdomain=event.subdomain or held.tenant.subdomain,
        school_name=event.school_name or held.tenant.school_name,
        since=app.now(),
    )
    if owned:
        return _fill(app, event, held, tenant=tenant, owned=owned, memory=memory)
    return _wait(app, event, held, tenant=tenant, memory=memory)


def _fill(
    app: App, event: PlatformEvent, held: Held, *, tenant: Tenant, owned: tuple[School, str], memory: Write
) -> Taken:
    """The school gets the credential. What was refused is the old one: the next run tries this one, once."""
    school, version = owned
    password = app.secrets.add(password_name(school.id), event.password)
    settings = replace(filled_in(school.webuntis, tenant), password_version=password)
    after = replace(school, webuntis=settings, withdrawn=None)
    old, new = difference(school.webuntis, settings)
    told = audited(app, school.id, actor=ACTOR, action=f"webuntis.{event.kind.lower()}", before=old, after=new)
    kept = keep_tenant(held, replace(tenant, waiting="", waits_until=None, asked=()))
    writes = [kept, keep_school(after, version), told, memory]
    commit_with_secret(app, writes, school=school.id, before=school.webuntis, after=settings)
    end_secret(app, waiting_name(tenant.id), held.tenant.waiting)
    return Taken("filled", school.id)


def _wait(app: App, event: PlatformEvent, held: Held, *, tenant: Tenant, memory: Write) -> Taken:
    """Nobody's yet: the password waits under the tenant's own name."""
    name = waiting_name(tenant.id)
    version = app.secrets.add(name, event.password)
    try:
        app.store.commit([keep_tenant(held, replace(tenant, waiting=version, waits_until=until(app))), memory])
    except Conflict:
        app.secrets.destroy(name, version)
        raise
    end_secret(app, name, held.tenant.waiting)
    sweep_waiting(app)
    return Taken("waiting")


def _end(app: App, event: PlatformEvent, held: Held, *, owned: tuple[School, str] | None, memory: Write) -> Taken:
    """No more calls; the links stay. After a DELETION nothing opens the school any more, here or in a backup."""
    deleted = event.kind is Kind.DELETION
    end_secret(app, waiting_name(held.tenant.id), held.tenant.waiting)
    status: Literal["deactivated", "deleted"] = "deleted" if deleted else "deactivated"
    tenant = replace(held.tenant, status=status, since=app.now(), waiting="", waits_until=None, asked=())
    writes = [keep_tenant(held, tenant), memory]
    if owned:
        school, version = owned
        settings = school.webuntis
        if deleted:
            for number, state in app.secrets.versions(password_name(school.id)).items():
                if state != "destroyed":
                    end_secret(app, password_name(school.id), number)
            settings = replace(settings, password_version="")  # no password is in here, only that there is none
        ended = Withdrawn(status, settings.password_version, app.now())
        old, new = difference(school.webuntis, settings)
        new |= {"WebUntis": status, "reden": event.reason}
        told = audited(app, school.id, actor=ACTOR, action=f"webuntis.{event.kind.lower()}", before=old, after=new)
        writes += [keep_school(replace(school, webuntis=settings, withdrawn=ended), version), told]
    app.store.commit(writes)
    return Taken("erased" if deleted else "stopped", owned[0].id if owned else "")


def _memory(event: PlatformEvent, before: Document | None, *, at: datetime) -> Write:
    data = {"at": at, "kind": str(event.kind), "reason": event.reason}
    return Write(heard_path(event), data, expect=before.version if before else ABSENT)
