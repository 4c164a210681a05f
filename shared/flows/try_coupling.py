"""Tries a school's coupling step by step, in the order in which it can fail, and changes nothing at the school.

address → TLS → tenant → login → each list → one person of each. Address and TLS are judged by the first call that is
made, so they are exactly what a run would meet. After a step that fails, what depends on it is skipped. Whatever is
tried, and however often, the account is not locked: see `login_guard`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from shared.domain.people import Person, Role
from shared.domain.school import School, WebUntisSettings
from shared.errors import Invalid, NotFound, ProfijtError, RemoteError
from shared.flows.keep_settings import Form, read_unlocked, settings_of
from shared.flows.linking_state import opened
from shared.flows.login_guard import log_in, note_refused
from shared.flows.new_password import connection_of, same_login
from shared.flows.read_roster import password_name
from shared.flows.schools import state_path
from shared.flows.turns import take_turn
from shared.ports import App, Roster, WebUntisConnection

MOST, WITHIN = 10, timedelta(minutes=10)

Name = Literal["address", "tls", "tenant", "login", "students", "teachers", "student", "teacher"]
NAMES: tuple[Name, ...] = ("address", "tls", "tenant", "login", "students", "teachers", "student", "teacher")
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
    """One step: `code` and `facts` are those of a cause, "" unless it failed; `took` is the time of its own calls."""

    name: Name
    result: Literal["ok", "failed", "skipped"]
    code: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    took: timedelta = timedelta()
    sample: Sample | None = None


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
    trial = _Trial(app, school, settings, form.password if form else "")
    trial.go()
    return tuple(trial.done.get(name, Step(name, "skipped")) for name in NAMES)


class _Trial:
    """`done` fills up with the steps that were taken."""

    def __init__(self, app: App, school: School, settings: WebUntisSettings, typed: str) -> None:
        self.app, self.school, self.settings, self.typed = app, school, settings, typed
        self.saved = not typed and same_login(settings, school.webuntis)
        self.done: dict[Name, Step] = {}

    def go(self) -> None:
        lacking: Invalid | NotFound | None = None
        try:
            connection = self._connection()
        except (Invalid, NotFound) as err:  # no password, or it was taken away: the tenant is found without one
            lacking, connection = err, connection_of(self.school.id, self.settings, "")
        roster = self.app.roster(connection)
        began = self.app.now()
        try:
            roster.tenant_id()
            if not self.settings.tenant_id:  # else nothing was asked: the login will tell
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

    def _connection(self) -> WebUntisConnection:
        if self.typed:  # under a version of its own, so that no token of the saved password answers for this one
            settings = replace(self.settings, password_version=self.app.new_id())
            return connection_of(self.school.id, settings, self.typed)
        version = self.settings.password_version
        if not version:
            raise Invalid("settings.incomplete", missing=self.settings.missing)
        password = self.app.secrets.read(password_name(self.school.id), version)
        return connection_of(self.school.id, self.settings, password)

    def _log_in(self, roster: Roster, connection: WebUntisConnection) -> None:
        if self.saved:
            if self.school.stopped:
                raise Invalid(f"webuntis.{self.school.stopped}")
            if opened(self.app.store.get(state_path(self.school.id))).refused == connection.password_version:
                raise Invalid("settings.password_refused_before")
        try:
            log_in(self.app, roster, connection)
        except RemoteError as err:
            if self.saved and err.code == "webuntis.login_refused":
                note_refused(self.app, self.school)
            raise

    def _read(self, roster: Roster, role: Role) -> None:
        """The right to one list, and one person of it. The other list does not depend on it."""
        whole, one = _LISTS[role]
        began = self.app.now()
        try:
            people = roster.people(role)
        except RemoteError as err:
            self._failed(whole, err.code, err.facts, took=self.app.now() - began)
            return
        self.done[whole] = Step(whole, "ok", took=self.app.now() - began)
        if not people:
            self._failed(one, "settings.list_empty", {})
            return
        without = sum(not person.key for person in people)
        sample = Sample(people[0], len(people), without)
        if without == len(people):
            self._failed(one, "settings.no_id_numbers", {"total": without}, sample=sample)
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
        elif err.code in _TENANT or not (self.settings.tenant_id or "tenant" in self.done):
            if err.code != "webuntis.bad_tenant_id":  # that is seen before anything is asked
                self._ok("address", "tls")
            self._failed("tenant", err.code, err.facts, took=took)
        else:
            if isinstance(err, RemoteError):
                self._ok("address", "tls", "tenant")
            self._failed("login", err.code, err.facts, took=took)

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
