"""Asks WebUntis for a school's people, role by role: one list that fails does not stop the other."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.domain.people import Person, Role
from shared.domain.run import Problem
from shared.domain.school import School
from shared.errors import NotAuthorized, NotFound, RemoteError, Throttled, Unreachable
from shared.flows.linking_state import LinkingState
from shared.ports import App, WebUntisConnection


@dataclass(frozen=True, slots=True)
class Reading:
    """The lists that could be read, and what was the matter with the others.

    `refused`: WebUntis refused the password. `passing`: nothing could be read, for a reason that may pass by itself.
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


def connection(app: App, school: School, state: LinkingState) -> WebUntisConnection:
    """How to reach this school. Raises NotAuthorized "webuntis.deactivated" or "webuntis.deleted" when it ended its
    access there, NotFound when the password's version is gone, Unreachable."""
    settings = school.webuntis
    if school.stopped:
        raise NotAuthorized(f"webuntis.{school.stopped}", service="webuntis")
    return WebUntisConnection(
        school=school.id,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        tenant_id=settings.tenant_id or (state.tenant_id if state.tenant_of == place(school) else ""),
        client_id=settings.client_id,
        auth=settings.auth,
        password=app.secrets.read(password_name(school.id), settings.password_version),
        password_version=settings.password_version,
    )


def access(school: School) -> str:
    """What decides whether the school lets us in: while it is the same, so is WebUntis' refusal."""
    settings = school.webuntis
    return "/".join((place(school), settings.tenant_id, settings.client_id, settings.auth, settings.password_version))


def read_roster(app: App, school: School, state: LinkingState, *, go_on: Callable[[], bool] = lambda: True) -> Reading:
    """Both lists, or as much as WebUntis gives. A refused password is tried once and never again.

    `go_on` is asked between the two lists: no further call is made after it says no.
    """
    if state.refused == school.webuntis.password_version and not school.stopped:
        return Reading({}, (Problem("webuntis.login_refused"),), refused=True)
    try:
        roster = app.roster(connection(app, school, state))
        tenant_id = roster.tenant_id()
    except RemoteError as err:
        return _nothing(err)
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
                return _nothing(err)
            last = err
            problems.append(_problem(err, role))
    passing = last if not persons and isinstance(last, Unreachable | Throttled) else None
    return Reading(persons, tuple(problems), tenant_id, passing=passing)


def _nothing(err: RemoteError) -> Reading:
    return Reading(
        {},
        (_problem(err, ""),),
        refused=isinstance(err, NotAuthorized) and err.code == "webuntis.login_refused",
        passing=err if isinstance(err, Unreachable | Throttled) else None,
    )


def _problem(err: RemoteError, role: str) -> Problem:
    return Problem(err.code, dict(err.facts), str(role))
