"""What a credential of WebUntis' platform does to a school's settings, and to the password that was there before."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from shared.domain.school import WebUntisSettings
from shared.domain.webuntis_event import Tenant
from shared.errors import Conflict, NotFound, RemoteError
from shared.flows.read_roster import password_name
from shared.ports import App, Write


def filled_in(settings: WebUntisSettings, tenant: Tenant) -> WebUntisSettings:
    """With the tenant id and client id; Subdomein and Schoolnaam only where the admin has left them empty."""
    return replace(
        settings,
        tenant_id=tenant.id,
        client_id=tenant.client_id or settings.client_id,
        subdomain=settings.subdomain or tenant.subdomain,
        school_name=settings.school_name or tenant.school_name,
    )


def difference(before: WebUntisSettings, after: WebUntisSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed, in the words of the form; of the password only that there is one."""
    pairs = {
        "Schoolnaam": (before.school_name, after.school_name),
        "Subdomein": (before.subdomain, after.subdomain),
        "Tenant-ID": (before.tenant_id, after.tenant_id),
        "Client-ID": (before.client_id, after.client_id),
    }
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if before.password_version != after.password_version:
        changed["Wachtwoord"] = (
            "ingesteld" if before.password_version else "",
            "nieuw ingesteld" if after.password_version else "vernietigd",
        )
    return {name: old for name, (old, _) in changed.items()}, {name: new for name, (_, new) in changed.items()}


def commit_with_secret(
    app: App, writes: Sequence[Write], *, school: str, before: WebUntisSettings, after: WebUntisSettings
) -> None:
    """All of the writes, and then the old password is disabled; or none, and the new one is destroyed."""
    new = after.password_version != before.password_version
    try:
        app.store.commit(writes)
    except Conflict:  # Unreachable too may mean that it was committed after all: then nothing is destroyed
        if new and after.password_version:
            app.secrets.destroy(password_name(school), after.password_version)
        raise
    if new and before.password_version:
        with suppress(RemoteError, NotFound):  # WebUntis has replaced it: it opens nothing any more
            app.secrets.disable(password_name(school), before.password_version)


def end_secret(app: App, name: str, version: str) -> None:
    """Destroy it; that it is gone already is as good."""
    if version:
        with suppress(NotFound):
            app.secrets.destroy(name, version)
