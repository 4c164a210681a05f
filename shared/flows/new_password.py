"""A WebUntis password before and after it is the school's: offered once, kept when taken, let go when replaced."""

import logging
from collections.abc import Mapping
from contextlib import suppress

from shared.domain.school import School, WebUntisSettings
from shared.errors import Fault, Invalid, NotFound, ProfijtError, RemoteError, Throttled, Unreachable
from shared.flows.api_user import api_access, api_password_name
from shared.flows.login_guard import log_in
from shared.flows.read_roster import access, password_name
from shared.flows.refusals import is_refused
from shared.ports import App, WebUntisConnection
from shared.timetable_source import ApiUser

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


# What the guard says about the application's password → about an API user's.
API_CODES: Mapping[str, str] = {
    "settings.password_refused_before": "settings.api_refused_before",
    "settings.too_many_refusals": "settings.api_too_many_refusals",
}


def connection_of(app: App, school_id: str, settings: WebUntisSettings, *, password: str) -> WebUntisConnection:
    """How to reach WebUntis with these settings. The tenant id, unless it was filled in, is looked up anew: a school
    that moved shows."""
    return WebUntisConnection(
        school=school_id,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        tenant_id=settings.tenant_id,
        client_id=settings.client_id or app.client_id,
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
    if not is_refused(app, school.id, access(app, school)):
        return True
    if same_login(settings, before):
        raise Invalid("settings.password_refused_before", (_at("/wachtwoord", "settings.password_refused_before"),))
    return False  # what it is offered to has changed: it gets a chance, under a version of its own


def same_api_login(settings: WebUntisSettings, other: WebUntisSettings) -> bool:
    """As `same_login`, of the API user's password."""
    return (settings.school_name, settings.subdomain, settings.api_user) == (
        other.school_name, other.subdomain, other.api_user
    )  # fmt: skip


def api_is_in_use(app: App, school: School, settings: WebUntisSettings, password: str) -> bool:
    """As `is_in_use`, of the API user's password."""
    before = school.webuntis
    try:
        kept = before.api_password_version and app.secrets.read(
            api_password_name(school.id), before.api_password_version
        )
    except NotFound:
        return False
    if kept != password or school.stopped or not same_api_login(settings, before):
        return False
    if is_refused(app, school.id, api_access(school)):
        raise Invalid("settings.api_refused_before", (_at("/apiWachtwoord", "settings.api_refused_before"),))
    return True


def try_api_password(app: App, user: ApiUser) -> None:
    """As `try_password`, of an API user; Invalid "webuntis.second_factor" also when WebUntis asks it for one."""
    try:
        log_in(app, app.roster(user), user)
    except Invalid as err:
        code = API_CODES.get(err.code, err.code)
        raise Invalid(code, (Fault("/apiWachtwoord", code, tuple(err.facts.items())),), **err.facts) from err
    except RemoteError as err:
        if err.code == "webuntis.login_refused":
            raise Invalid("settings.api_refused", (_at("/apiWachtwoord", "settings.api_refused"),)) from err
        if err.code == "webuntis.second_factor":
            raise Invalid(err.code, (_at("/apiGebruiker", err),), **err.facts) from err
        raise _untried(err) from err


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
        raise _untried(err) from err


def _untried(err: RemoteError) -> ProfijtError:
    """What to raise when WebUntis did not judge the password."""
    if err.code in _PLACE:
        return Invalid(err.code, (_at(_PLACE[err.code], err),), **err.facts)
    if isinstance(err, Throttled):
        return Throttled("settings.not_tried", service=err.service, retry_after=err.retry_after, because=err.code)
    return Unreachable("settings.not_tried", service=err.service, because=err.code)


def _at(pointer: str, problem: str | ProfijtError) -> Fault:
    if isinstance(problem, str):
        return Fault(pointer, problem)
    return Fault(pointer, problem.code, tuple(problem.facts.items()))


def destroy(app: App, name: str, version: str) -> None:
    """If that cannot be done now it is done later: whoever saves next disables what is not in use."""
    with suppress(RemoteError, NotFound):
        app.secrets.destroy(name, version)


def disable(app: App, name: str, version: str) -> None:
    """Out of use; the retention job destroys it after a while."""
    disable_older(app, name, version)
    with suppress(RemoteError, NotFound):
        app.secrets.disable(name, version)


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
