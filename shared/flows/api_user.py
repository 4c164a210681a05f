"""A school's API user: an ordinary WebUntis account that reads where no application may, and what only it is told."""

from collections.abc import Collection
from dataclasses import replace

from shared.domain.run import Problem
from shared.domain.school import School, WebUntisSettings
from shared.errors import NotAuthorized
from shared.flows.refusals import one_login
from shared.ports import App
from shared.timetable_source import ApiUser

# What WebUntis refuses to an API user has other causes, and other remedies, than what it refuses to the application.
_AS_API_USER = {
    "webuntis.login_refused": "webuntis.api_login_refused",
    "webuntis.right_missing": "webuntis.api_right_missing",
}


def api_password_name(school: str) -> str:
    """The name of the password of a school's API user among the secrets."""
    return f"webuntis-api-{school}"


def api_access(school: School) -> str:
    """As `read_roster.access`, of the API user."""
    settings = school.webuntis
    return "/".join(("api", settings.subdomain, settings.school_name, settings.api_user, settings.api_password_version))


def api_user(app: App, school: School) -> ApiUser:
    """How to reach this school as its API user: one login at a time, and never again what was refused.

    Raises NotAuthorized "webuntis.deactivated" or "webuntis.deleted" when it ended Profijt's access, NotFound when the
    password's version is gone, Unreachable.
    """
    settings = school.webuntis
    if school.stopped:
        raise NotAuthorized(f"webuntis.{school.stopped}", service="webuntis")
    password = app.secrets.read(api_password_name(school.id), settings.api_password_version)
    user = api_user_of(school.id, settings, password=password)
    return replace(user, turn=lambda: one_login(app, school.id, api_access(school)))


def api_user_of(school: str, settings: WebUntisSettings, *, password: str) -> ApiUser:
    """The API user of these settings, with this password."""
    return ApiUser(
        school=school,
        school_name=settings.school_name,
        subdomain=settings.subdomain,
        user=settings.api_user,
        password=password,
        password_version=settings.api_password_version,
    )


def api_refusal(school: School, refused: Collection[str]) -> Problem | None:
    """That WebUntis refused the API user the school has now, if that is among these accesses."""
    if not school.webuntis.api_user or api_access(school) not in refused:
        return None
    return Problem(told_code("webuntis.login_refused", by_api=True))


def told_code(code: str, *, by_api: bool, lessons: bool = False) -> str:
    """The code whose sentence fits who was refused, and what: lessons are no list beside which another goes on."""
    if lessons and code == "webuntis.right_missing":
        return "webuntis.api_lessons_refused" if by_api else "webuntis.lessons_refused"
    return _AS_API_USER.get(code, code) if by_api else code
