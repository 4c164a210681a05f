"""«Waarom zie ik geen rooster?»: for every way in which a timetable stays empty, the first failing check says why."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import World, student

from shared.domain.causes import CAUSES, Owner
from shared.domain.diagnosis import OwnWeek, Situation, diagnose, first_failing
from shared.domain.people import Candidate, Decision, Role, State, User
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.notices import Notice
from shared.domain.run import Outcome, Problem, Run
from shared.domain.school import Pause, School, WebUntisSettings
from shared.domain.timetable import Reading, Span
from shared.errors import NotFound
from shared.flows.diagnose import diagnose_user
from shared.flows.keep_users import keep_users
from shared.flows.read_week import TOPIC
from shared.flows.refresh_week import refresh_week
from shared.ports import App
from shared.simulators.practice_school import tiny_school
from shared.timetable_source import TimetableSource

TINY = tiny_school()
NOW = datetime(2026, 11, 23, 8, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
SETTINGS = WebUntisSettings(enabled=True, school_name="school", subdomain="tom", password_version="1")
BY_NUMBER = replace(SETTINGS, auto_link=False)
SCHOOL = School("demo", "School", unlocked=True, webuntis=SETTINGS)
USER = User("u067", Role.STUDENT, "Fatima", "Yılmaz")
RUN = Run("20261123T0700Z", "schedule", *[datetime(2026, 11, 23, 7, 0, tzinfo=UTC)] * 2, Outcome.DONE, {})
LINKED = Decision("u067", Role.STUDENT, State.LINKED, "link.same_letters", key="067", person="9")
OTHER = Candidate("068", "10", "Sophie van den Berg", "spelling", "link.spelling")


def decided(state: State, cause: str, **more: Any) -> Decision:
    return Decision("u067", Role.STUDENT, state, cause, **more)


def failed(code: str, role: str = "") -> Run:
    outcome = Outcome.PARTIAL if role else Outcome.FAILED
    return replace(RUN, outcome=outcome, problems=(Problem(code, {}, role),))


@dataclass(frozen=True)
class Case:
    """`first`: name, code and owner of the first failing check (None: none fails); `unknown`: the checks in doubt, of
    those up to the link."""

    story: str
    first: tuple[str, str, Owner] | None
    unknown: tuple[str, ...] = ()
    school: School = SCHOOL
    last: Run | None = RUN
    user: User | None = USER
    decision: Decision | None = LINKED
    next: datetime | None = field(default=NOW.replace(minute=30))


A, U, S, N = Owner.ADMIN, Owner.UNTIS_ADMIN, Owner.SUPPORT, Owner.NOBODY
OFF = replace(SCHOOL, webuntis=WebUntisSettings())
PAUSED = replace(SCHOOL, pause=Pause(date(2026, 11, 1), date(2026, 11, 23)))
NUMBERS = replace(SCHOOL, webuntis=BY_NUMBER)
REVIEW = decided(State.REVIEW, "link.spelling", candidates=(OTHER,))
CASES = [
    Case("all is well", None),
    Case("off", ("enabled", "run.off", A), ("run",), school=OFF),
    Case("never opened by support", ("enabled", "settings.locked", S), ("run",), school=replace(OFF, unlocked=False)),
    Case(
        "on without a password",
        ("settings", "settings.incomplete", A),
        ("run",),
        school=replace(SCHOOL, webuntis=replace(SETTINGS, password_version="")),
    ),
    Case("before the first run", ("run", "run.none_yet", N), ("webuntis", "idNumber"), last=None, decision=None),
    Case("WebUntis away", ("run", "http.connect", N), last=failed("http.connect")),
    Case("password refused", ("run", "webuntis.login_refused", U), last=failed("webuntis.login_refused")),
    Case("own list refused", ("run", "webuntis.right_missing", U), last=failed("webuntis.right_missing", "student")),
    Case("the other list refused", None, last=failed("webuntis.right_missing", "teacher")),
    Case("held", ("run", "hold.links_lost", A), last=replace(failed("hold.links_lost"), outcome=Outcome.HELD)),
    Case("nothing said why", ("run", "diagnosis.run_failed", A), last=replace(RUN, outcome=Outcome.FAILED)),
    Case("no run for two hours", ("run", "diagnosis.late", S), last=replace(RUN, finished=NOW - timedelta(hours=2))),
    Case("an hour without news", None, last=replace(RUN, finished=NOW - timedelta(hours=1))),
    Case("paused, and linked before", None, school=PAUSED, last=replace(RUN, finished=NOW - timedelta(days=20))),
    Case("paused, and new", ("run", "diagnosis.paused", A), ("webuntis", "idNumber"), school=PAUSED, decision=None),
    Case("the day after the pause", None, school=replace(SCHOOL, pause=Pause(date(2026, 7, 1), date(2026, 11, 22)))),
    Case(
        "not in Profijt", ("profijt", "diagnosis.not_in_profijt", A), ("webuntis", "idNumber", "link"),
        user=None, decision=None,
    ),
    Case("new since the last run", ("link", "diagnosis.not_compared", N), ("webuntis", "idNumber"), decision=None),
    Case(
        "nobody fits", ("webuntis", "link.not_found", U), ("idNumber",),
        decision=decided(State.NOT_FOUND, "link.not_found"),
    ),
    Case(
        "left WebUntis", ("webuntis", "link.person_gone", U), ("idNumber",),
        decision=decided(State.SUSPENDED, "link.person_gone", key="067"),
    ),
    Case(
        "found without an ID-nummer", ("idNumber", "link.no_id_number", U),
        decision=decided(State.REVIEW, "link.no_id_number"),
    ),
    Case(
        "an ID-nummer of two people", ("idNumber", "link.duplicate_id_number", U),
        decision=decided(State.CONFLICT, "link.duplicate_id_number"),
    ),
    Case(
        "another number at this school", ("idNumber", "link.number_differs", A),
        decision=decided(State.CONFLICT, "link.number_differs"),
    ),
    Case("resembles", ("link", "link.spelling", A), ("webuntis", "idNumber"), decision=REVIEW),
    Case(
        "two of that name", ("link", "link.ambiguous_persons", A), ("webuntis", "idNumber"),
        decision=decided(State.CONFLICT, "link.ambiguous_persons", facts=(("persons", "2"),)),
    ),
    Case(
        "renamed in WebUntis", ("link", "link.person_renamed", A), ("webuntis", "idNumber"),
        decision=decided(State.SUSPENDED, "link.person_renamed", key="067"),
    ),
    Case(
        "no name", ("link", "link.no_name", A), ("webuntis", "idNumber"),
        decision=decided(State.NOT_FOUND, "link.no_name"),
    ),
    Case(
        "excluded by a person", ("link", "diagnosis.excluded", A), ("webuntis", "idNumber"),
        decision=decided(State.EXCLUDED, "link.excluded", by="person"),
    ),
    Case(
        "the only candidate was ruled out", ("link", "diagnosis.never", A), ("webuntis", "idNumber"),
        decision=decided(State.REVIEW, "link.never", never=("067",)),
    ),
    # The second list of the manual: not linked automatically, so the number has to be on both sides, and equal.
    Case("by number, linked", None, school=NUMBERS, decision=decided(State.LINKED, "link.attribute_equal", key="067")),
    Case(
        "by number, none in Profijt", ("idNumber", "link.attribute_empty", A), ("webuntis",),
        school=NUMBERS, decision=decided(State.NOT_FOUND, "link.attribute_empty"),
    ),
    Case(
        "by number, not in WebUntis", ("idNumber", "link.attribute_not_found", U), ("webuntis",),
        school=NUMBERS, decision=decided(State.NOT_FOUND, "link.attribute_not_found"),
    ),
    Case(
        "by number, taken away again", ("webuntis", "link.person_gone", U), ("idNumber",),
        school=NUMBERS, decision=decided(State.SUSPENDED, "link.person_gone", key="067"),
    ),
    Case(
        "by number, somebody else has it too", ("idNumber", "link.attribute_shared", A), ("webuntis",),
        school=NUMBERS, decision=decided(State.CONFLICT, "link.attribute_shared"),
    ),
    Case(
        "by number, other digits", ("idNumber", "link.attribute_lookalike", A), ("webuntis",),
        school=NUMBERS, decision=decided(State.REVIEW, "link.attribute_lookalike"),
    ),
]  # fmt: skip


def situation(case: Case) -> Situation:
    every = timedelta(minutes=30)
    return Situation(case.school, NOW, case.last, case.next, every, case.user, case.decision)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story)
def test_the_first_failing_check_says_why_and_who_mends_it(case: Case) -> None:
    checks = diagnose(situation(case))
    failing = first_failing(checks)
    found = (failing.name, failing.code, CAUSES[failing.code].owner) if failing else None
    assert found == case.first
    assert tuple(check.name for check in checks[:7] if check.result == "unknown") == case.unknown
    assert {check.result for check in checks[7:]} == {"unknown"}  # no week was looked up


@dataclass(frozen=True)
class WeekCase:
    """`first` as of Case; `unknown`: the checks in doubt, of those after the link."""

    story: str
    week: OwnWeek | None
    first: tuple[str, str, Owner] | None
    unknown: tuple[str, ...] = ()


READ = OwnWeek(read=NOW, lessons=30, cancelled=2)
WEEKS = [
    WeekCase("lessons, read just now", READ, None),
    WeekCase("nobody looked up a week", None, None, ("right", "snapshot", "year", "lessons")),
    WeekCase("never read", OwnWeek(), None, ("right", "snapshot", "year", "lessons")),
    WeekCase(
        "the application may not read lessons", OwnWeek(failure="webuntis.lessons_refused"),
        ("right", "webuntis.lessons_refused", U), ("year", "lessons"),
    ),
    WeekCase(
        "the API user may not read lessons", OwnWeek(failure="webuntis.api_lessons_refused"),
        ("right", "webuntis.api_lessons_refused", U), ("year", "lessons"),
    ),
    WeekCase(
        "the API user's password is refused", replace(READ, stale=True, failure="webuntis.api_login_refused"),
        ("right", "webuntis.api_login_refused", U),
    ),
    WeekCase(
        "never read, WebUntis away", OwnWeek(failure="webuntis.maintenance"),
        ("snapshot", "webuntis.maintenance", N), ("right", "year", "lessons"),
    ),
    WeekCase("WebUntis away for a while", replace(READ, failure="webuntis.maintenance"), None),
    WeekCase(
        "WebUntis away for long", replace(READ, stale=True, failure="webuntis.maintenance"),
        ("snapshot", "webuntis.maintenance", N),
    ),
    WeekCase("old, and nobody knows why", replace(READ, stale=True), ("snapshot", "diagnosis.week_old", S)),
    WeekCase(
        "outside the school year", OwnWeek(read=NOW, notices=(Notice("week.outside_year"),)),
        ("year", "week.outside_year", U), ("lessons",),
    ),
    WeekCase(
        "a holiday", OwnWeek(read=NOW, notices=(Notice("week.holiday", (("name", "Herfstvakantie"),)),)),
        ("year", "week.holiday", N), ("lessons",),
    ),
    WeekCase(
        "two days off, and lessons", replace(READ, notices=(Notice("week.holiday_days", (("name", "Pasen"),)),)), None,
    ),
    WeekCase("not scheduled", OwnWeek(read=NOW), ("lessons", "diagnosis.no_lessons", U)),
]  # fmt: skip


@pytest.mark.parametrize("case", WEEKS, ids=lambda case: case.story)
def test_after_the_link_come_the_right_the_snapshot_the_school_year_and_the_lessons(case: WeekCase) -> None:
    checks = diagnose(replace(situation(Case("", None)), week=case.week))
    assert [check.name for check in checks[7:]] == ["right", "snapshot", "year", "lessons"]
    failing = first_failing(checks)
    assert ((failing.name, failing.code, CAUSES[failing.code].owner) if failing else None) == case.first
    assert tuple(check.name for check in checks if check.result == "unknown") == case.unknown
    for check in checks:
        for language in ("nl", "en"):
            assert "?" not in CAUSES[check.code].sentence(language, check.facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story)
def test_every_check_has_a_sentence_and_none_is_left_with_a_blank(case: Case) -> None:
    for check in diagnose(situation(case)):
        if not check.code.startswith(
            ("webuntis.", "http.", "hold.", "link.attribute")
        ):  # facts of these were not made up here
            for language in ("nl", "en"):
                assert "?" not in CAUSES[check.code].sentence(language, check.facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story)
def test_no_check_names_anybody_else(case: Case) -> None:
    told = repr(diagnose(situation(case)))
    assert not any(secret in told for secret in ("Sophie", "Berg", "068", "067"))


def test_before_the_first_run_one_is_told_when_it_comes(world: World) -> None:
    world.open_school(TINY)
    told, checks = diagnose_user(world.app, TINY.id, TINY.users[0].id, himself=False)
    failing = first_failing(checks)
    assert failing
    assert (failing.code, failing.facts) == ("run.none_yet", {"next": "08:30"})  # 07:00 UTC is 08:00 in Amsterdam
    assert told.next == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def test_after_a_run_nothing_fails_for_whoever_is_linked_and_webuntis_is_not_asked(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    ordered = []
    world.local.queue.subscribe(TOPIC, lambda message: ordered.append(message.body["week"]))
    calls = sum(world.local.untis.calls.values())
    for user in TINY.users:
        _, checks = diagnose_user(world.app, TINY.id, user.id, himself=False)
        assert first_failing(checks) is None
        assert [check.code for check in checks if check.name == "snapshot"] == ["diagnosis.week_unread"]
    assert sum(world.local.untis.calls.values()) == calls
    assert world.local.queue.drain(10)
    assert ordered == ["2026-W48"]  # once, however many look


def at_its_clock(world: World) -> App:
    """With lessons that are read by the clock of the test: the adapters go by the real one."""

    class Read:
        def __init__(self, source: TimetableSource) -> None:
            self._source = source

        def whole(self, span: Span) -> Reading:
            return replace(self._source.whole(span), asked=world.clock())

    return replace(world.app, timetable=lambda connection, zone: Read(world.app.timetable(connection, zone)))


def test_once_the_week_was_read_everybody_hears_how_many_lessons_are_his(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    refresh_week(at_its_clock(world), TINY.id, IsoWeek(2026, 48), owner="test")
    for user in TINY.users:
        _, checks = diagnose_user(world.app, TINY.id, user.id, himself=True)
        assert {check.result for check in checks} == {"ok"}
        assert set(checks[-1].facts) == {"count", "cancelled"}
        assert checks[-1].facts["count"] > 0


def test_a_right_that_was_taken_away_is_the_cause_and_whose_it_is_shows(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.local.queue.subscribe(TOPIC, lambda _: None)
    world.local.untis.fail("forbidden", "timetable")
    done = refresh_week(world.app, TINY.id, IsoWeek(2026, 48), owner="test")
    assert (done.outcome, done.code) == ("failed", "webuntis.lessons_refused")
    _, checks = diagnose_user(world.app, TINY.id, TINY.users[0].id, himself=True)
    assert first_failing(checks) is None  # he may still be asked about alone


def test_a_user_who_came_after_the_run_hears_to_wait_for_the_next(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [student("nieuw", "Bram", "Smit")], ())
    failing = first_failing(diagnose_user(world.app, TINY.id, "nieuw", himself=False)[1])
    assert failing
    assert failing.code == "diagnosis.not_compared"


def test_whoever_is_not_in_webuntis_hears_that(world: World) -> None:
    world.open_school(TINY)
    keep_users(world.app, TINY.id, [student("nieuw", "Bram", "Smit")], ())
    world.run(TINY.id)
    failing = first_failing(diagnose_user(world.app, TINY.id, "nieuw", himself=False)[1])
    assert failing
    assert (failing.name, failing.code) == ("webuntis", "link.not_found")


def test_somebody_unknown_is_told_so_himself_and_does_not_exist_for_others(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    failing = first_failing(diagnose_user(world.app, TINY.id, "niemand", himself=True)[1])
    assert failing
    assert failing.code == "diagnosis.not_in_profijt"
    with pytest.raises(NotFound):
        diagnose_user(world.app, TINY.id, "niemand", himself=False)
    with pytest.raises(NotFound):
        diagnose_user(world.app, "elders", "niemand", himself=True)
