"""A WebUntis password before and after it is the school's: offered once, kept when taken, let go when replaced."""

import logging
from collections.abc import Mapping
from contextlib import suppress

from shared.domain.school import School, WebUntisSettings
from shared.errors import Fault, Invalid, NotFound, ProfijtError, RemoteError, Throttled, Unreachable
from shared.flows.linking_state import opened
from shared.flows.login_guard import log_in
from shared.flows.read_roster import password_name
from shared.flows.schools import state_path
from shared.ports import App, WebUntisConnection

log = logging.getLogger(__name__)

# What is wrong with where the school is said to be → the field to look at.
_PLACE: Mapping[str, str] = {
    "webuntis.school_unknown": "/schoolnaam",
    "webuntis.search_too_broad": "/schoolnaam",
    "webuntis.school_moved": "/subdomein",
    "webuntis.bad_subdomain": "/subdomein",
    "webuntis.school_ambiguous": "/tenantId",
    "webuntis.search_unclear": "/tenantId",
    "webuntis.bad_tenant_id": "/tenantId",
    "webuntis.school_unknown_there": "/tenantId",
}


def connection_of(school_id: str, settings: WebUntisSettings, password: str) -> WebUntisConnection:
    """How to reach WebUntis with these settings. The tenant id, unless it was filled in, is looked up anew: a school
    that moved shows."""
    return WebUntisConnection(
        school=school_id,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        tenant_id=settings.tenant_id,
        client_id=settings.client_id,
        auth=settings.auth,
        password=password,
        password_version=settings.password_version,
    )


def same_login(settings: WebUntisSettings, other: WebUntisSettings) -> bool:
    """Whether one password means the same at both."""
    return (settings.school_name, settings.subdomain, settings.tenant_id, settings.client_id, settings.auth) == (
        other.school_name, other.subdomain, other.tenant_id, other.client_id, other.auth
    )  # fmt: skip


def is_in_use(app: App, school: School, settings: WebUntisSettings, password: str) -> bool:
    """Whether this is the password that is there already. Raises Invalid when WebUntis has refused just that."""
    before = school.webuntis
    try:
        same = before.password_version and app.secrets.read(password_name(school.id), before.password_version)
    except NotFound:  # withdrawn, or destroyed by the platform's message
        return False
    if same != password or school.stopped:
        return False
    if opened(app.store.get(state_path(school.id))).refused != before.password_version:
        return True
    if same_login(settings, before):
        raise Invalid("settings.password_refused_before", (_at("/wachtwoord", "settings.password_refused_before"),))
    return False  # what it is offered to has changed: it gets a chance, under a version of its own


def try_password(app: App, connection: WebUntisConnection) -> None:
    """Offer the password to WebUntis once.

    Raises Invalid: "settings.password_refused", what the guard says, or what is wrong with where the school is said
    to be; Unreachable or Throttled "settings.not_tried" when WebUntis did not get to judge it.
    """
    try:
        log_in(app, app.roster(connection), connection)
    except Invalid as err:
        raise Invalid(err.code, (_at("/wachtwoord", err),), **err.facts) from err
    except RemoteError as err:
        if err.code == "webuntis.login_refused":
            raise Invalid("settings.password_refused", (_at("/wachtwoord", "settings.password_refused"),)) from err
        if err.code in _PLACE:
            raise Invalid(err.code, (_at(_PLACE[err.code], err),), **err.facts) from err
        if isinstance(err, Throttled):
            told = {"service": err.service, "because": err.code}
            raise Throttled("settings.not_tried", retry_after=err.retry_after, **told) from err
        raise Unreachable("settings.not_tried", service=err.service, because=err.code) from err


def _at(pointer: str, problem: str | ProfijtError) -> Fault:
    if isinstance(problem, str):
        return Fault(pointer, problem)
    return Fault(pointer, problem.code, tuple(problem.facts.items()))


def destroy(app: App, name: str, version: str) -> None:
    """If that cannot be done now it is done later: whoever saves next disables what is not in use."""
    with suppress(RemoteError, NotFound):
        app.secrets.destroy(name, version)


def disable_older(app: App, name: str, kept: str) -> None:
    """Every version before the one in use; the retention job destroys what has been disabled for a while.

    Newer ones are left alone: somebody may just be trying one.
    """
    try:
        for version, state in app.secrets.versions(name).items():
            if version == kept:
                break
            if state == "enabled":
                app.secrets.disable(name, version)
    except (RemoteError, NotFound) as err:  # saved it is, and that is what the admin is told
        log.warning("old password not disabled", extra={"fields": {"event": "not_disabled", "code": err.code}})
