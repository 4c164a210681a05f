"""Asks WebUntis for a school's people, role by role: one list that fails does not stop the other."""

from collections.abc import Callable

from shared.domain.people import Person, Role
from shared.domain.run import Problem
from shared.domain.school import School
from shared.errors import NotAuthorized, NotFound, RemoteError, Throttled, Unreachable
from shared.flows.api_user import api_access, api_user, told_code
from shared.flows.linking_state import LinkingState
from shared.flows.refusals import refuse_to_ask
from shared.ports import App, WebUntisConnection
from shared.timetable_source import ApiUser
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """The lists that could be read, and what was the matter with the others.

    `refused`: WebUntis refused the login. `passing`: nothing could be read, for a reason that may pass by itself.
    `stopped`: reading ended before the end, because the caller said so.
    """

    persons: dict[Role, tuple[Person, ...]]
    problems: tuple[Problem, ...] = ()
    tenant_id: str = ""
    refused: bool = False
    passing: RemoteError | None = None
    stopped: bool = False


def password_name(school: str) -> str:
    """The name of a school's WebUntis password among the secrets."""
    return f"webuntis-{school}"


def place(school: School) -> str:
    """What a found tenant id belongs to: it is looked up again when either changes."""
    return f"{school.webuntis.subdomain}/{school.webuntis.school_name}"


def connection(app: App, school: School, state: LinkingState) -> WebUntisConnection | ApiUser:
    """How to reach this school: as the application, or where there is none as its API user; neither logs in again with
    what WebUntis refused anybody, nor before it has had the patience it asked for. Raises NotAuthorized
    "webuntis.deactivated" or "webuntis.deleted" when it ended its access there, NotFound when the password's version is
    gone, Unreachable."""
    settings = school.webuntis
    if settings.links_by_api:
        return api_user(app, school)
    if school.stopped:
        raise NotAuthorized(f"webuntis.{school.stopped}", service="webuntis")
    return WebUntisConnection(
        school=school.id,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        tenant_id=settings.tenant_id or (state.tenant_id if state.tenant_of == place(school) else ""),
        client_id=settings.client_id or app.client_id,
        auth=settings.auth,
        password=app.secrets.read(password_name(school.id), settings.password_version),
        password_version=settings.password_version,
        before_login=lambda: refuse_to_ask(app, school.id, access(app, school)),
    )


def access(app: App, school: School) -> str:
    """What is offered to WebUntis, where and as whom: while it is the same, so is WebUntis' refusal."""
    settings = school.webuntis
    if settings.links_by_api:
        return api_access(school)
    where = settings.tenant_id if settings.auth == "v3" and settings.tenant_id else place(school)
    return "/".join((settings.auth, where, settings.client_id or app.client_id, settings.password_version))


def read_roster(app: App, school: School, state: LinkingState, *, go_on: Callable[[], bool] = lambda: True) -> Reading:
    """Both lists, or as much as WebUntis gives. An access that was refused is tried once and never again.

    `go_on` is asked between the two lists: no further call is made after it says no.
    """
    by_api = school.webuntis.links_by_api
    if access(app, school) in state.refusals and not school.stopped:
        return Reading({}, (Problem(told_code("webuntis.login_refused", by_api=by_api)),), refused=True)
    try:
        roster = app.roster(connection(app, school, state))
        tenant_id = roster.tenant_id()
    except RemoteError as err:
        return _nothing(err, by_api=by_api)
    except NotFound as err:  # the password was taken out of the secrets behind our back
        return Reading({}, (Problem(err.code, dict(err.facts)),))
    persons: dict[Role, tuple[Person, ...]] = {}
    problems: list[Problem] = []
    last: RemoteError | None = None
    for number, role in enumerate(Role):
        if number and not go_on():
            return Reading({}, (Problem("run.off"),), stopped=True)
        try:
            persons[role] = roster.people(role)
        except RemoteError as err:
            if err.code == "webuntis.login_refused":
                return _nothing(err, by_api=by_api)
            last = err
            problems.append(_problem(err, role, by_api=by_api))
    passing = last if not persons and isinstance(last, Unreachable | Throttled) else None
    return Reading(persons, tuple(problems), tenant_id, passing=passing)


def _nothing(err: RemoteError, *, by_api: bool) -> Reading:
    return Reading(
        {},
        (_problem(err, "", by_api=by_api),),
        refused=isinstance(err, NotAuthorized) and err.code == "webuntis.login_refused",
        passing=err if isinstance(err, Unreachable | Throttled) else None,
    )


def _problem(err: RemoteError, role: str, *, by_api: bool) -> Problem:
    return Problem(told_code(err.code, by_api=by_api), dict(err.facts), str(role))
