"""Tries a school's coupling step by step, in the order in which it can fail, and changes nothing at the school.

address → TLS → tenant → login → each list → one person of each → lessons. Without a password of the application the
people are read as the API user; lessons are read as the API user wherever there is one. Address and TLS are judged by
the first call that is made, so they are exactly what a run would meet. After a step that fails, what depends on it is
skipped. Whatever is tried, and however often, no account is locked: see `login_guard`.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shared.domain.people import Person, Role
from shared.domain.school import School, WebUntisSettings
from shared.domain.timetable import Span
from shared.errors import Invalid, NotAuthorized, NotFound, ProfijtError, RemoteError
from shared.flows.api_user import api_access, api_password_name, api_user_of, told_code
from shared.flows.keep_settings import Form, read_unlocked, settings_of
from shared.flows.login_guard import log_in, note_access_refused
from shared.flows.new_password import API_CODES, connection_of, same_api_login, same_login
from shared.flows.read_roster import access, password_name
from shared.flows.refusals import is_refused
from shared.flows.turns import take_turn
from shared.ports import App, Roster, WebUntisConnection
from shared.timetable_source import ApiUser
from shared.values import dataclass

MOST, WITHIN = 10, timedelta(minutes=10)

Name = Literal["address", "tls", "tenant", "login", "students", "teachers", "student", "teacher", "lessons"]
NAMES: tuple[Name, ...] = ("address", "tls", "tenant", "login", "students", "teachers", "student", "teacher", "lessons")
How = Literal["", "whole", "person", "outside_year"]
_LISTS: Mapping[Role, tuple[Name, Name]] = {
    Role.STUDENT: ("students", "student"),
    Role.TEACHER: ("teachers", "teacher"),
}
_ADDRESS = frozenset({"http.dns", "http.connect", "http.connect_timeout", "webuntis.bad_subdomain"})
_TENANT = frozenset(  # also when the login is what told so
    {"webuntis.bad_tenant_id", "webuntis.school_unknown_there", "webuntis.school_moved", "webuntis.wrong_tenant"}
)
_OURS = frozenset({"store", "secrets"})  # not reached: that is no finding about WebUntis


@dataclass(frozen=True, slots=True)
class Sample:
    """The first person of a list, how many there are, and how many lack an ID-nummer."""

    person: Person
    people: int
    without: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `code` and `facts` are those of a cause, "" unless it failed; `took` is the time of its own calls.

    Of lessons: `how` they may be read, for the whole school or person by person, `by_api` as whom. Outside the school
    years nothing can be asked: then the step is skipped.
    """

    name: Name
    result: Literal["ok", "failed", "skipped"]
    code: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    took: timedelta = timedelta()
    sample: Sample | None = None
    how: How = ""
    by_api: bool = False


def try_coupling(app: App, school_id: str, form: Form | None) -> tuple[Step, ...]:
    """Every step of NAMES. `form`: settings that were not saved (its empty password: the saved one); None: the saved.

    Raises NotAllowed while the settings are locked, Invalid when the form cannot be one or names no school, Throttled
    "request.too_many" after 10 in ten minutes, Unreachable when our own stores are.
    """
    school, _ = read_unlocked(app, school_id)
    settings = settings_of(replace(form, enabled=False), school.webuntis) if form else school.webuntis
    if not (settings.school_name and settings.subdomain):
        raise Invalid("settings.incomplete", missing=settings.missing)
    take_turn(app, school_id, "test", most=MOST, within=WITHIN)
    trial = _Trial(app, school, settings, form.password if form else "", form.api_password if form else "")
    trial.go()
    return tuple(trial.done.get(name, Step(name, "skipped")) for name in NAMES)


class _Trial:
    """`done` fills up with the steps that were taken."""

    def __init__(self, app: App, school: School, settings: WebUntisSettings, typed: str, typed_api: str) -> None:
        self.app, self.school, self.settings, self.typed, self.typed_api = app, school, settings, typed, typed_api
        has_api = bool(settings.api_user and (typed_api or settings.api_password_version))
        self.lessons_by_api = has_api
        self.people_by_api = has_api and not (typed or settings.password_version)
        self.done: dict[Name, Step] = {}
        self.keys: dict[Role, str] = {}

    def go(self) -> None:
        lacking: Invalid | NotFound | None = None
        connection: WebUntisConnection | ApiUser
        try:
            connection = self._api_user() if self.people_by_api else self._connection()
        except (Invalid, NotFound) as err:  # no password, or it was taken away: the tenant is found without one
            lacking, connection = err, connection_of(self.app, self.school.id, self.settings, password="")
        roster = self.app.roster(connection)
        began = self.app.now()
        try:
            roster.tenant_id()
            # Else nothing was asked: the login will tell.
            if not (self.settings.tenant_id or isinstance(connection, ApiUser)):
                self._ok("address", "tls")
                self.done["tenant"] = Step("tenant", "ok", took=self.app.now() - began)
            began = self.app.now()
            if lacking:
                raise lacking
            self._log_in(roster, connection)
        except ProfijtError as err:
            self._blame(err, took=self.app.now() - began)
            return
        self._ok("address", "tls", "tenant")
        self.done["login"] = Step("login", "ok", took=self.app.now() - began)
        for role in Role:
            self._read(roster, role)
        self._lessons(connection)

    def _connection(self) -> WebUntisConnection:
        if self.typed:  # under a version of its own, so that no token of the saved password answers for this one
            settings = replace(self.settings, password_version=self.app.new_id())
            return connection_of(self.app, self.school.id, settings, password=self.typed)
        version = self.settings.password_version
        if not version:
            raise Invalid("settings.incomplete", missing=self.settings.missing)
        password = self.app.secrets.read(password_name(self.school.id), version)
        return connection_of(self.app, self.school.id, self.settings, password=password)

    def _api_user(self) -> ApiUser:
        """As `_connection`, of the API user."""
        if self.typed_api:
            settings = replace(self.settings, api_password_version=self.app.new_id())
            return api_user_of(self.school.id, settings, password=self.typed_api)
        password = self.app.secrets.read(api_password_name(self.school.id), self.settings.api_password_version)
        return api_user_of(self.school.id, self.settings, password=password)

    def _saved_access(self, connection: WebUntisConnection | ApiUser) -> str:
        """The access (`read_roster.access`) that this tries, when it is the saved one; else ""."""
        if isinstance(connection, ApiUser):
            saved = not self.typed_api and same_api_login(self.settings, self.school.webuntis)
            return api_access(self.school) if saved else ""
        saved = not self.typed and same_login(self.settings, self.school.webuntis)
        return access(self.app, self.school) if saved else ""

    def _log_in(self, roster: Roster, connection: WebUntisConnection | ApiUser) -> None:
        by_api, tried = isinstance(connection, ApiUser), self._saved_access(connection)
        if tried:
            if self.school.stopped:
                raise Invalid(f"webuntis.{self.school.stopped}")
            if is_refused(self.app, self.school.id, tried):
                raise Invalid("settings.api_refused_before" if by_api else "settings.password_refused_before")
        try:
            log_in(self.app, roster, connection)
        except Invalid as err:
            raise Invalid(API_CODES.get(err.code, err.code) if by_api else err.code, err.faults, **err.facts) from err
        except RemoteError as err:
            if tried and err.code == "webuntis.login_refused":
                note_access_refused(self.app, self.school.id, tried)
            raise

    def _lessons(self, connection: WebUntisConnection | ApiUser) -> None:
        """The right to lessons, of this day: of the whole school, or else of one person."""
        began = self.app.now()
        try:
            if self.lessons_by_api and not isinstance(connection, ApiUser):
                connection = self._api_user()
                self._log_in(self.app.roster(connection), connection)
            how = self._how(connection)
        except ProfijtError as err:
            if isinstance(err, RemoteError) and err.service in _OURS:
                raise
            self._failed("lessons", self._code(err, lessons=True), err.facts, took=self.app.now() - began)
            return
        result: Literal["ok", "skipped"] = "skipped" if how == "outside_year" else "ok"
        took = self.app.now() - began
        self.done["lessons"] = Step("lessons", result, took=took, how=how, by_api=self.lessons_by_api)

    def _how(self, connection: WebUntisConnection | ApiUser) -> How:
        source = self.app.timetable(connection, self.school.zone)
        zone = ZoneInfo(self.school.zone)
        today = self.app.now().astimezone(zone).date()
        span = Span(*(datetime.combine(today + timedelta(days=n), time(), zone) for n in (0, 1)))
        how: How = "whole"
        try:
            reading = source.sample(span)
        except NotAuthorized as err:
            if err.code != "webuntis.right_missing" or not self.keys:
                raise
            role, key = next(iter(self.keys.items()))
            reading, how = source.of(role, [key], span), "person"
        return how if reading.year or reading.lessons else "outside_year"  # not everybody tells the years

    def _code(self, err: ProfijtError, *, lessons: bool = False) -> str:
        by_api = self.lessons_by_api if lessons else self.people_by_api
        return told_code(err.code, by_api=by_api, lessons=lessons)

    def _read(self, roster: Roster, role: Role) -> None:
        """The right to one list, and one person of it. The other list does not depend on it."""
        whole, one = _LISTS[role]
        began = self.app.now()
        try:
            people = roster.people(role)
        except RemoteError as err:
            self._failed(whole, self._code(err), err.facts, took=self.app.now() - began)
            return
        self.done[whole] = Step(whole, "ok", took=self.app.now() - began)
        if not people:
            self._failed(one, "settings.list_empty", {})
            return
        without = sum(not person.key for person in people)
        sample = Sample(people[0], len(people), without)
        if key := next((person.key for person in people if person.key), ""):
            self.keys[role] = key
        if without == len(people):
            untold = role is Role.TEACHER and self.people_by_api
            code = "settings.id_numbers_untold" if untold else "settings.no_id_numbers"
            self._failed(one, code, {"total": without}, sample=sample)
        else:
            self.done[one] = Step(one, "ok", sample=sample)

    def _blame(self, err: ProfijtError, *, took: timedelta) -> None:
        """The step that an error before the lists belongs to; those before it were passed."""
        if isinstance(err, RemoteError) and err.service in _OURS:
            raise err
        if err.code in _ADDRESS or err.code.startswith("address."):
            self._failed("address", err.code, err.facts, took=took)
        elif err.code == "http.tls":
            self._ok("address")
            self._failed("tls", err.code, err.facts, took=took)
        elif err.code in _TENANT or not (self.people_by_api or self.settings.tenant_id or "tenant" in self.done):
            if err.code != "webuntis.bad_tenant_id":  # that is seen before anything is asked
                self._ok("address", "tls")
            self._failed("tenant", err.code, err.facts, took=took)
        else:
            if isinstance(err, RemoteError):
                self._ok("address", "tls", "tenant")
            self._failed("login", self._code(err), err.facts, took=took)

    def _ok(self, *names: Name) -> None:
        for name in names:
            self.done.setdefault(name, Step(name, "ok"))

    def _failed(
        self,
        name: Name,
        code: str,
        facts: Mapping[str, str | int],
        *,
        took: timedelta = timedelta(),
        sample: Sample | None = None,
    ) -> None:
        self.done[name] = Step(name, "failed", code, facts, took, sample)
