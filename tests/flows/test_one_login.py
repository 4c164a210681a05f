"""Of an API user one login is under way at a time, and what one instance is refused, no other tries."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from shared.errors import Conflict, Unreachable
from shared.flows.api_user import api_access, api_password_name
from shared.flows.login_guard import note_access_refused
from shared.flows.refresh_week import refresh_week
from shared.flows.refusals import is_refused, note_refusal, one_login, refusals_path
from shared.flows.schools import state_path
from shared.ports import App, Write
from shared.simulators.jsonrpc_school import WRONG_BEFORE_LOCK
from tests.counting_store import CountingStore
from tests.lessons_at_school import WEEK
from tests.lessons_by_api import ByApi, lessons_by_api

REFUSED = ("failed", "webuntis.api_login_refused")


@pytest.fixture
def by_api(tmp_path: Path) -> Iterator[ByApi]:
    with lessons_by_api(tmp_path / "data") as there:
        there.school.give(1)
        yield there


def read(by_api: ByApi, app: App, later: int = 0) -> tuple[str, str]:
    week = WEEK
    for _ in range(later):
        week = week.next
    done = refresh_week(app, by_api.school.id, week, owner=app.new_id())
    return done.outcome, done.code


def together(by_api: ByApi, instances: int) -> list[tuple[str, str]]:
    """Each of these instances reads a week of its own at the same moment."""
    outcomes: list[tuple[str, str]] = []
    threads = [
        threading.Thread(target=lambda app, nth: outcomes.append(read(by_api, app, nth)), args=(by_api.instance(), nth))
        for nth in range(instances)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_many_instances_one_sends_the_password_that_was_changed_at_webuntis(by_api: ByApi) -> None:
    assert read(by_api, by_api.school.app) == ("whole", "")
    by_api.there.password = "anders"
    by_api.rpc.fail("slow", "authenticate", seconds=0.2)
    assert together(by_api, 10) == [REFUSED] * 10
    assert by_api.there.wrong == 1


def test_many_instances_with_the_right_password_all_get_in(by_api: ByApi) -> None:
    assert together(by_api, 4) == [("whole", "")] * 4


def test_a_refusal_is_noted_while_a_run_is_at_work(by_api: ByApi) -> None:
    school = by_api.school
    assert school.app.store.lease(state_path(school.id), owner="een run", now=school.clock(), seconds=540)
    by_api.there.password = "anders"
    assert [read(by_api, by_api.instance(), nth) for nth in range(3)] == [REFUSED] * 3
    assert by_api.there.wrong == 1


def test_what_anybody_notes_during_a_run_is_known_to_all(by_api: ByApi) -> None:
    school = by_api.school
    assert school.app.store.lease(state_path(school.id), owner="een run", now=school.clock(), seconds=540)
    note_access_refused(school.app, school.id, api_access(school.school))
    assert read(by_api, school.app) == REFUSED
    assert by_api.rpc.calls["authenticate"] == 0


def test_a_new_password_is_another_access(by_api: ByApi) -> None:
    by_api.there.password = "anders"
    assert read(by_api, by_api.instance()) == REFUSED
    version = by_api.school.app.secrets.add(api_password_name(by_api.school.id), "anders")
    by_api.school.settings(api_password_version=version)
    assert read(by_api, by_api.instance()) == ("whole", "")


def test_a_refusal_noted_during_a_login_stays_and_the_turn_is_given_away(by_api: ByApi) -> None:
    school = by_api.school
    with one_login(school.app, school.id, "a"):
        note_refusal(school.app, school.id, "b")
    with one_login(school.app, school.id, "a"):
        pass
    assert is_refused(school.app, school.id, "b")
    assert not is_refused(school.app, school.id, "a")


def test_an_account_that_webuntis_locked_is_left_alone_by_all(by_api: ByApi) -> None:
    by_api.there.wrong = WRONG_BEFORE_LOCK  # somebody at the school kept guessing
    for nth in range(3):
        assert read(by_api, by_api.instance(), nth) == ("failed", "webuntis.user_locked")
    assert by_api.rpc.calls["authenticate"] == 1
    by_api.there.wrong = 0
    by_api.school.clock.pass_(hours=1)
    assert read(by_api, by_api.instance()) == ("whole", "")


def test_who_died_during_a_login_is_waited_for_a_minute_and_not_longer(by_api: ByApi) -> None:
    school = by_api.school
    assert school.app.store.lease(refusals_path(school.id), owner="dood", now=school.clock(), seconds=60)
    school.clock.pass_(seconds=61)
    assert read(by_api, school.app) == ("whole", "")


def test_what_cannot_be_written_down_first_is_not_tried(by_api: ByApi) -> None:
    class Full(CountingStore):
        def lease(self, path: str, *, owner: str, now: datetime, seconds: int) -> None:  # type: ignore[override]
            if path == refusals_path(by_api.school.id):
                raise Unreachable("store.unreachable", service="store")
            return super().lease(path, owner=owner, now=now, seconds=seconds)  # type: ignore[return-value]

    app = replace(by_api.school.app, store=Full(by_api.school.app.store))
    with pytest.raises(Unreachable, match=r"store\.unreachable"):
        read(by_api, app)
    assert by_api.rpc.calls["authenticate"] == 0


def test_a_login_that_went_well_is_no_failure_when_that_cannot_be_written_down(by_api: ByApi) -> None:
    class Busy(CountingStore):
        def commit(self, writes: list[Write]) -> tuple[str, ...]:  # type: ignore[override]
            [first, *_] = writes
            if first.path == refusals_path(by_api.school.id) and first.data and not first.data["lease"]["owner"]:
                raise Conflict("store.conflict")
            return super().commit(writes)

    app = replace(by_api.school.app, store=Busy(by_api.school.app.store))
    assert read(by_api, app) == ("whole", "")


def test_of_the_refused_the_last_are_kept(by_api: ByApi) -> None:
    school = by_api.school
    for nth in range(25):
        note_refusal(school.app, school.id, f"toegang-{nth}")
    store = CountingStore(school.app.store)
    note_refusal(replace(school.app, store=store), school.id, "toegang-24")
    assert store.written == 0
    assert [is_refused(school.app, school.id, f"toegang-{nth}") for nth in (4, 5, 24)] == [False, True, True]
