"""Whatever happens to a consent, in whatever order: one token or none, and Classroom is read while it is given."""

import tempfile
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.domain.people import Role, User
from shared.domain.school import School
from shared.errors import NotAuthorized, ProfijtError, Unreachable
from shared.flows.ask_google import ask_consent, take_consent
from shared.flows.coursework_for import coursework_of
from shared.flows.google_consent import classroom_access, end_consent, secret_name, standing
from shared.flows.keep_users import keep_users
from shared.flows.schools import write_school
from shared.wiring.local import local

SCHOOL, COURSE = "klein", "Wiskunde 3A"
INGRID = User("u-ingrid", Role.TEACHER, "Ingrid", "de Vries", email="i.devries@klein.example")
KEES = "k.bakker@klein.example"


class Consents(RuleBasedStateMachine):
    """`given` and `alive` are what has to be so: here, and at Google."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        world = self.stack.enter_context(local(folder / "data"))
        self.google = world.classroom
        self.time = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
        self.app = replace(world.app, now=lambda: self.time)
        write_school(self.app, School(SCHOOL, "De Kleine School"))
        keep_users(self.app, SCHOOL, (INGRID,), ())
        for name, email in ((COURSE, INGRID.email), ("Nederlands", KEES)):
            self.google.school.add_course(name, teachers=[email])
        self.given = self.alive = False
        self.used: list[str] = []

    def teardown(self) -> None:
        self.stack.close()

    def way(self, account: str = INGRID.email, **how: Any) -> dict[str, str]:
        """To Google and back."""
        address, _ = ask_consent(self.app, SCHOOL, INGRID.id)
        self.time += timedelta(seconds=1)
        back = dict(parse_qsl(urlsplit(self.google.oauth.consent(address, account, **how)).query))
        self.used.append(back["state"])
        return back

    def take(self, back: dict[str, str], user: str = INGRID.id) -> str:
        """The code of what went wrong, "" for nothing."""
        try:
            code, error = back.get("code", ""), back.get("error", "")
            take_consent(self.app, SCHOOL, user, state=back["state"], code=code, error=error)
        except ProfijtError as err:
            return err.code
        return ""

    @rule()
    def consents(self) -> None:
        assert self.take(self.way()) == ""
        self.given = self.alive = True

    @rule()
    def refuses(self) -> None:
        assert self.take(self.way(refuse=True)) == "classroom.consent_declined"

    @rule()
    def takes_another_account(self) -> None:
        assert self.take(self.way(KEES)) == "classroom.other_account"

    @rule()
    def lets_another_bring_it_in(self) -> None:
        back = self.way()
        assert self.take(back, "u-kees") == "classroom.state_unknown"
        assert self.take(back) == "classroom.state_unknown"

    @rule()
    def unticks(self) -> None:
        assert self.take(self.way(without=["rosters.readonly"])) == "classroom.rights_not_given"

    @rule()
    def comes_back_too_late(self) -> None:
        back = self.way()
        self.time += timedelta(minutes=10)
        assert self.take(back) == "classroom.state_unknown"

    @rule()
    def comes_back_again(self) -> None:
        for state in self.used:
            assert self.take({"state": state, "code": "4/x"}) == "classroom.state_unknown"

    @rule()
    def meets_google_in_trouble(self) -> None:
        back = self.way()
        self.google.fail("error", path="/token", status=503, times=1)
        assert self.take(back) == "http.server_error"

    @rule()
    def takes_it_back_at_google(self) -> None:
        self.google.oauth.revoke(INGRID.email)
        self.alive = False

    @rule()
    def ends_it(self) -> None:
        end_consent(self.app, SCHOOL, INGRID.id, by=INGRID.id)
        self.given = self.alive = False

    @rule()
    def cannot_end_it(self) -> None:
        self.google.fail("error", path="/revoke", status=503)
        with pytest.raises(Unreachable) if self.given else nullcontext():  # without a token Google is not asked
            end_consent(self.app, SCHOOL, INGRID.id, by=INGRID.id)
        self.google.faults.clear()

    @invariant()
    def classroom_is_read_exactly_while_it_is_given(self) -> None:
        access = classroom_access(self.app, SCHOOL, INGRID.id)
        assert (access is not None) == self.given
        classroom = coursework_of(self.app, SCHOOL, INGRID.id)
        if self.given and not self.alive:
            with pytest.raises(NotAuthorized, match=r"classroom\.consent_ended"):
                classroom.courses()
        else:
            assert [each.name for each in classroom.courses()] == [COURSE] * self.given
        told = "none" if not self.given else "given" if self.alive else "ended"
        assert standing(self.app, SCHOOL, INGRID.id)[0] == told

    @invariant()
    def there_is_one_token_or_none(self) -> None:
        kept = standing(self.app, SCHOOL, INGRID.id)[1]
        states = self.app.secrets.versions(secret_name(SCHOOL, INGRID.id))
        enabled = [version for version, state in states.items() if state == "enabled"]
        assert enabled == ([kept.version] if self.given else [])
        assert set(states.values()) <= {"enabled", "destroyed"}

    @invariant()
    def at_most_one_way_is_open(self) -> None:
        assert len(self.app.store.query(f"schools/{SCHOOL}/google-ways").documents) <= 1


TestConsents = Consents.TestCase
TestConsents.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
