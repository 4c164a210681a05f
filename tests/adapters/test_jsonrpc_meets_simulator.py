"""Two independent readings of the JSON-RPC document, the adapter's and the simulator's, agree; also on a bad day."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from scripted_server import reply, serving

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis_jsonrpc import JsonRpc, jsonrpc
from shared.domain.people import Role
from shared.domain.timetable import Change, ElementKind, Kind, Lesson, Reading, SchoolYear, Span, Status
from shared.errors import NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable
from shared.simulators.jsonrpc_practice import school_day
from shared.simulators.jsonrpc_school import JsonRpcSchool, Period
from shared.simulators.webuntis_jsonrpc import JsonRpcSimulator
from shared.timetable_source import ApiUser

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NAME = "het baken+zee & co"
USER = ApiUser("demo", NAME, "tom", "profijt-api", "geheim-7", "1")
ASKS = 20  # six classes and fourteen teachers


class Clock:
    now = 10_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def untis(clock: Clock):
    with JsonRpcSimulator(clock=clock) as simulator:
        simulator.add_school(NAME, user="profijt-api", password="geheim-7")
        yield simulator


@pytest.fixture
def school(untis: JsonRpcSimulator) -> JsonRpcSchool:
    return untis.schools[NAME]


@pytest.fixture
def rpc(untis: JsonRpcSimulator, clock: Clock) -> JsonRpc:
    return made(untis, clock)


def made(untis: JsonRpcSimulator, clock: Clock, **limits: float) -> JsonRpc:
    door = Door(PublicAndLoopback(), limits=Limits(**limits), pace=Pace(sleep=lambda _: None))
    return jsonrpc(door, untis.url, now=lambda: datetime(2022, 11, 4, 7, tzinfo=UTC), monotonic=clock)


def days(first: date, count: int = 7) -> Span:
    start = datetime(first.year, first.month, first.day, tzinfo=AMSTERDAM)
    return Span(start, start + timedelta(days=count))


def week(year: int, number: int) -> Span:
    return days(date.fromisocalendar(year, number, 1))


ORDINARY = week(2022, 45)
MONDAY = date(2022, 11, 7)


def whole(rpc: JsonRpc, span: Span = ORDINARY, user: ApiUser = USER) -> Reading:
    return rpc.timetable(user, AMSTERDAM).whole(span)


def of(rpc: JsonRpc, role: Role, key: str, span: Span = ORDINARY) -> Reading:
    return rpc.timetable(USER, AMSTERDAM).of(role, [key], span)


def failure(work) -> ProfijtError:
    with pytest.raises(ProfijtError) as caught:
        work()
    return caught.value


def the(reading: Reading, day: int, hour: int, minute: int, name: str) -> Lesson:
    """The one lesson of this class that starts then, day 0 being Monday."""
    start = datetime(2022, 11, 7 + day, hour, minute, tzinfo=AMSTERDAM)
    [found] = [
        each for each in reading.lessons if each.start == start and name in names(reading, ElementKind.CLASS, each)
    ]
    return found


def names(reading: Reading, kind: ElementKind, lesson: Lesson, change: Change | None = None) -> list[str]:
    known = {each.id: each.name for each in reading.elements if each.kind is kind}
    return [known[ref.id] for ref in lesson.refs(kind) if change in (None, ref.change)]


# ---------------------------------------------------------------- a week


def test_a_whole_week_is_the_union_of_all_classes_and_teachers_each_lesson_once(rpc, untis) -> None:
    reading = whole(rpc)
    there = {str(each.id) for day in range(5) for each in school_day(MONDAY + timedelta(days=day))}
    assert {each.id for each in reading.lessons} == there
    assert len(reading.lessons) == len(there) == 206
    assert all(each.students is None for each in reading.lessons)
    assert reading.asked == datetime(2022, 11, 4, 7, tzinfo=UTC)
    assert {each.seen for each in reading.lessons} == {reading.asked}
    assert reading.unreadable == ()
    lists = ("getSchoolyears", "getKlassen", "getTeachers", "getHolidays", "getTimegridUnits")
    assert untis.calls == {"authenticate": 1, **dict.fromkeys(lists, 1), "getTimetable": ASKS, "logout": 1}


def test_the_week_comes_with_its_hours_its_school_year_and_the_holidays_that_touch_it(rpc) -> None:
    reading = whole(rpc, week(2022, 43))
    assert reading.year == SchoolYear(date(2022, 8, 22), date(2023, 7, 7))
    assert [(each.name, each.first, each.last) for each in reading.holidays] == [
        ("Herfstvakantie", date(2022, 10, 24), date(2022, 10, 30))
    ]
    assert reading.lessons == ()
    assert {(each.day, each.start) for each in reading.grid if each.name == "1"} == {(d, 510) for d in range(1, 6)}


def test_changes_stand_beside_what_they_replaced(rpc) -> None:
    reading = whole(rpc)
    cancelled = the(reading, 0, 9, 20, "1A")
    assert cancelled.status is Status.CANCELLED
    taken_over = the(reading, 0, 10, 30, "1B")
    assert taken_over.status is Status.CHANGED
    assert names(reading, ElementKind.TEACHER, taken_over, Change.ADDED) == ["HOF"]
    assert len(names(reading, ElementKind.TEACHER, taken_over, Change.REMOVED)) == 1
    elsewhere = the(reading, 1, 8, 30, "2A")
    assert names(reading, ElementKind.ROOM, elsewhere) == ["aula", "103"]
    assert the(reading, 1, 11, 20, "2B").teachers == ()
    fell_out = the(reading, 3, 10, 30, "3H")
    assert [ref.change for ref in fell_out.teachers] == [Change.REMOVED]
    assert the(reading, 4, 9, 20, "3V").kind is Kind.EXAM
    assert the(reading, 4, 11, 20, "3V").subjects == ()


def test_a_whole_day_without_subject_and_teacher_lasts_from_midnight_to_midnight(rpc) -> None:
    event = the(whole(rpc), 3, 0, 0, "1A")
    assert (event.end - event.start, event.kind) == (timedelta(days=1), Kind.EVENT)
    assert (event.subjects, event.teachers, event.lesson) == ((), (), "")


def test_parallel_courses_differ_by_group_and_lesson_and_share_their_classes(rpc) -> None:
    reading = whole(rpc)
    start = datetime(2022, 11, 8, 12, 40, tzinfo=AMSTERDAM)
    both = [each for each in reading.lessons if each.start == start and len(each.classes) == 2]
    assert [names(reading, ElementKind.GROUP, each) for each in both] == [["FA_3_1"], ["DU_3_1"]]
    assert {each.lesson for each in both} == {"200"}


def test_elements_carry_the_keys_that_timetables_tell(rpc) -> None:
    teachers = {each.name: each for each in whole(rpc).elements if each.kind is ElementKind.TEACHER}
    assert (teachers["VRI"].key, teachers["VRI"].long_name) == ("D001", "de Vries")
    assert teachers["KOK"].key == ""


def test_a_server_that_tells_ids_only_is_asked_for_the_names(rpc, untis, school) -> None:
    answers = untis.answer

    def old_server(request):
        asked = json.loads(request.body)
        for name in ("klasseFields", "teacherFields", "subjectFields", "roomFields"):
            asked["params"].get("options", {}).pop(name, None)
        return answers(replace(request, body=json.dumps(asked).encode()))

    school.rights.discard("getRooms")
    untis.answer = old_server
    reading = whole(rpc)
    named = {kind: {bool(each.name) for each in reading.elements if each.kind is kind} for kind in ElementKind}
    assert named[ElementKind.CLASS] == named[ElementKind.TEACHER] == named[ElementKind.SUBJECT] == {True}
    assert named[ElementKind.ROOM] == {False}, "the right to the rooms is missing, and costs no more than their names"


# ---------------------------------------------------------------- one person


def test_a_student_has_the_lessons_of_the_week_by_id_nummer_with_its_zero(rpc) -> None:
    reading = of(rpc, Role.STUDENT, "041")
    expected = {each.id for d in range(5) for each in school_day(MONDAY + timedelta(days=d)) if 41 in each.students}
    assert {int(each.id) for each in reading.lessons} == expected
    assert all(each.students is None for each in reading.lessons)
    groups = Counter(name for each in reading.lessons for name in names(reading, ElementKind.GROUP, each))
    assert groups == {"FA_3_1": 1}
    assert reading.unknown_keys == ()


def test_a_teacher_also_has_what_no_class_takes_part_in(rpc) -> None:
    reading = of(rpc, Role.TEACHER, "D013")
    assert {each.kind for each in reading.lessons} == {Kind.LESSON, Kind.STANDBY}
    [standby] = [each for each in reading.lessons if each.kind is Kind.STANDBY]
    assert (standby.classes, standby.rooms, standby.subjects) == ((), (), ())


def test_the_lessons_of_a_teacher_are_those_of_the_whole_school_with_that_teacher(rpc) -> None:
    everything = whole(rpc)
    [teacher] = [each.id for each in everything.elements if each.key == "D003"]
    mine = {each for each in everything.lessons if teacher in {ref.id for ref in each.teachers}}
    assert set(of(rpc, Role.TEACHER, "D003").lessons) == mine != set()


@pytest.mark.parametrize(("role", "key"), [(Role.STUDENT, "41"), (Role.STUDENT, "D003"), (Role.TEACHER, "041")])
def test_a_key_that_webuntis_does_not_know_is_told_and_is_no_error(rpc, role, key) -> None:
    reading = of(rpc, role, key)
    assert (reading.unknown_keys, reading.lessons) == ((key,), ())
    assert reading.year


@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_key_is_nobodys_and_is_not_asked_for(rpc, untis, blank) -> None:
    assert of(rpc, Role.STUDENT, blank).unknown_keys == (blank,)
    assert untis.calls["getTimetable"] == 0


def test_more_than_one_person_is_a_mistake_of_ours(rpc, untis) -> None:
    with pytest.raises(ValueError):
        rpc.timetable(USER, AMSTERDAM).of(Role.STUDENT, ["041", "042"], ORDINARY)
    assert untis.calls == {}


def test_nobody_asked_for_is_nobody_found(rpc, untis) -> None:
    reading = rpc.timetable(USER, AMSTERDAM).of(Role.STUDENT, [], ORDINARY)
    assert (reading.lessons, reading.unknown_keys, untis.calls["getTimetable"]) == ((), (), 0)


def test_this_source_asks_for_one_person_at_a_time_and_cannot_tell_changes(rpc, untis) -> None:
    source = rpc.timetable(USER, AMSTERDAM)
    assert source.batch == 1
    assert source.changes(ORDINARY, datetime(2022, 11, 1, tzinfo=UTC)) is None
    assert untis.calls == {}


# ---------------------------------------------------------------- school years


def test_a_week_between_two_school_years_is_empty_and_is_not_asked_for(rpc, untis) -> None:
    for reading in (whole(rpc, week(2022, 30)), of(rpc, Role.STUDENT, "041", week(2022, 30))):
        assert (reading.year, reading.lessons, reading.unknown_keys) == (None, (), ())
    assert untis.calls["getTimetable"] == untis.calls["getKlassen"] == 0


@pytest.mark.parametrize("far", [date(1999, 1, 4), date(2099, 1, 5)])
def test_weeks_before_and_after_all_school_years_are_empty(rpc, far) -> None:
    assert whole(rpc, days(far)).year is None


def test_a_range_that_sticks_out_of_the_school_year_is_cut_to_it(rpc) -> None:
    reading = whole(rpc, days(date(2022, 8, 15), 14))
    assert reading.year == SchoolYear(date(2022, 8, 22), date(2023, 7, 7))
    assert min(each.start for each in reading.lessons) == datetime(2022, 8, 22, 8, 30, tzinfo=AMSTERDAM)


def test_a_range_over_two_school_years_is_asked_for_in_two_parts_with_the_classes_of_each(rpc, untis) -> None:
    reading = whole(rpc, days(date(2022, 7, 4), 56))
    assert reading.year == SchoolYear(date(2022, 8, 22), date(2023, 7, 7))
    first_days = {each.start.date() for each in reading.lessons}
    assert {date(2022, 7, 4), date(2022, 8, 22)} <= first_days
    classes = {each.id for each in reading.elements if each.name == "1A"}
    assert classes == {"1100001", "1200001"}, "the same class under another number"
    assert untis.calls["getKlassen"] == 2


def test_the_weeks_of_both_clock_changes_keep_their_hours(rpc) -> None:
    for number in (12, 13, 44):
        reading = whole(rpc, week(2023, number))
        assert {(each.start.hour, each.start.minute) for each in reading.lessons if each.lesson} >= {(8, 30)}
        assert {each.start.utcoffset() for each in reading.lessons} == {timedelta(hours=2 if number == 13 else 1)}


def test_no_allowed_date_is_an_empty_week(rpc, school) -> None:
    school.visible = (date(2022, 12, 1), date(2022, 12, 31))
    reading = whole(rpc)
    assert reading.lessons == ()
    assert reading.year


def test_a_gap_that_the_list_of_years_does_not_show_is_empty_too(rpc, untis) -> None:
    untis.fail("error", "getTimetable", code=-8998, message='"schoolyear" is null')
    assert whole(rpc).lessons == ()


def test_years_that_changed_under_our_hands_are_read_anew_the_next_time(rpc, untis) -> None:
    untis.fail("error", "getTimetable", code=-8507, times=1)
    assert failure(lambda: whole(rpc)).code == "webuntis.lists_changed"
    assert len(whole(rpc).lessons) == 206
    assert untis.calls["getSchoolyears"] == 2


def test_a_class_that_vanished_makes_no_half_a_week(rpc, untis) -> None:
    untis.fail("error", "getTimetable", code=-7002, after=2, times=1)
    assert isinstance(failure(lambda: whole(rpc)), Unreachable)
    assert len(whole(rpc).lessons) == 206


def test_a_teacher_of_today_who_was_not_there_in_that_year_has_no_lessons_in_it(rpc, untis) -> None:
    untis.fail("error", "getTimetable", code=-7002, after=6, times=2)  # after the six classes
    assert len(whole(rpc).lessons) == 206
    assert untis.calls["getTimetable"] == ASKS


# ---------------------------------------------------------------- logging in and out


def test_every_question_logs_out_also_when_it_fails(rpc, untis) -> None:
    whole(rpc)
    untis.fail("error", "getTimetable", code=-8509)
    failure(lambda: of(rpc, Role.STUDENT, "041"))
    rpc.roster(USER).people(Role.TEACHER)
    assert (untis.calls["authenticate"], untis.calls["logout"], untis.sessions) == (3, 3, 0)


def test_a_logout_that_fails_spoils_nothing(rpc, untis) -> None:
    untis.fail("hang_up", "logout")
    assert len(whole(rpc).lessons) == 206


def test_a_session_that_died_is_renewed_once_and_the_question_repeated(rpc, untis) -> None:
    untis.fail("expired", "getTimetable", after=3, times=1)
    assert len(whole(rpc).lessons) == 206
    assert (untis.calls["authenticate"], untis.calls["getTimetable"]) == (2, ASKS + 1)


def test_a_session_that_dies_twice_running_is_left_for_later(rpc, untis) -> None:
    untis.fail("expired", "getTimetable")
    err = failure(lambda: whole(rpc))
    assert (type(err), err.code) == (Unreachable, "webuntis.session_lost")
    assert untis.calls["authenticate"] == 2


def test_a_wrong_password_is_tried_once_and_never_again_however_many_ask(rpc, untis, school) -> None:
    wrong = replace(USER, password="fout")
    together = threading.Barrier(4)

    def ask(_: int) -> str:
        together.wait()
        return failure(lambda: rpc.roster(wrong).people(Role.STUDENT)).code

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(ask, range(4))) == {"webuntis.login_refused"}
    for _ in range(3):
        err = failure(lambda: whole(rpc, user=wrong))
        assert isinstance(err, NotAuthorized)
        assert err.facts["error"] == -8504
    failure(rpc.roster(wrong).login)
    assert (untis.calls["authenticate"], school.wrong) == (1, 1)


def test_a_new_password_is_tried_and_other_accounts_are_not_harmed(rpc, untis) -> None:
    failure(lambda: whole(rpc, user=replace(USER, password="fout", password_version="0")))
    assert whole(rpc).lessons
    failure(lambda: whole(rpc, user=replace(USER, user="iemand")))
    assert untis.calls["authenticate"] == 3


def test_a_locked_account_is_left_alone_for_an_hour(rpc, untis, school, clock) -> None:
    school.wrong = 8
    first = failure(lambda: whole(rpc))
    assert (type(first), first.code, first.retry_after) == (Throttled, "webuntis.user_locked", 3600)
    clock.now += 3000
    assert failure(lambda: whole(rpc)).retry_after == 600
    assert untis.calls["authenticate"] == 1
    school.wrong = 0
    clock.now += 601
    assert whole(rpc).lessons


def test_an_account_that_wants_a_second_factor_says_so_and_is_not_tried_again(rpc, untis, school) -> None:
    school.second_factor = True
    for _ in range(2):
        assert failure(lambda: whole(rpc)).code == "webuntis.second_factor"
    assert untis.calls["authenticate"] == 1


def test_logging_in_afresh_is_exactly_one_attempt(rpc, untis) -> None:
    rpc.roster(USER).login()
    assert untis.calls == {"authenticate": 1, "logout": 1}


@pytest.mark.parametrize("kind", ["hang_up", "half", "status"])
def test_a_password_that_was_sent_is_never_sent_again_by_the_door(rpc, untis, kind) -> None:
    untis.fail(kind, "authenticate")
    with suppress(Unreachable):
        whole(rpc)
    assert untis.calls["authenticate"] == 1


def test_a_school_that_webuntis_does_not_know_is_a_setting_to_mend(rpc) -> None:
    err = failure(lambda: whole(rpc, user=replace(USER, school_name="het baken")))
    assert (type(err), err.code) == (Rejected, "webuntis.school_unknown_there")


def test_the_school_name_is_percent_encoded_to_the_last_sign(clock) -> None:
    with serving(lambda _: reply(404, {"id": "1", "error": {"code": -8500}})) as server:
        failure(lambda: whole(made(server, clock)))
    [asked] = server.asked
    assert asked.target == "/WebUntis/jsonrpc.do?school=het%20baken%2Bzee%20%26%20co"
    assert "cookie" not in asked.headers


def test_neither_password_nor_session_is_logged(rpc, untis, caplog) -> None:
    caplog.set_level("DEBUG")
    untis.fail("hang_up", "logout")
    untis.fail("status", "getTimetable", times=1)
    untis.fail("error", "getHolidays", code=-8509)
    whole(rpc)
    told = " ".join(str(vars(record)) for record in caplog.records)
    assert "list missing" in told
    assert "geheim-7" not in told
    assert not any(session in told for session in untis.given)


def test_a_server_that_moved_is_named_and_not_followed(rpc, untis) -> None:
    untis.fail("redirect")
    err = failure(lambda: whole(rpc))
    assert (err.code, err.facts["server"]) == ("webuntis.school_moved", "elders.webuntis.com")
    assert len(untis.seen) == 1


def test_a_subdomain_that_is_none_never_becomes_an_address(untis) -> None:
    rpc = jsonrpc(Door(PublicAndLoopback()), "https://{subdomain}.webuntis.com")
    err = failure(lambda: whole(rpc, user=replace(USER, subdomain="tom.kwaad.example/")))
    assert err.code == "webuntis.bad_subdomain"


# ---------------------------------------------------------------- rights


def test_hours_and_holidays_may_be_missing(rpc, untis, school) -> None:
    school.rights -= {"getHolidays", "getTimegridUnits", "getRooms"}
    for _ in range(3):
        reading = whole(rpc)
    assert (len(reading.lessons), reading.grid, reading.holidays) == (206, (), ())
    assert untis.calls["getHolidays"] == untis.calls["getTimegridUnits"] == 1, "asked once an hour, not every time"


@pytest.mark.parametrize("missing", ["getTimetable", "getKlassen", "getSchoolyears"])
def test_without_the_right_to_the_timetable_or_what_it_needs_this_question_may_not_be_asked(
    rpc, school, missing
) -> None:
    school.rights.discard(missing)
    err = failure(lambda: whole(rpc))
    assert (type(err), err.code) == (NotAuthorized, "webuntis.right_missing")
    assert (err.facts["list"], err.facts["method"]) == ("timetable", missing)


@pytest.mark.parametrize("missing", ["list", "timetables"])
def test_without_the_right_to_teachers_only_what_no_class_takes_part_in_is_missing(rpc, school, missing) -> None:
    if missing == "list":
        school.rights.discard("getTeachers")
    else:
        school.views = {1}
    reading = whole(rpc)
    assert len(reading.lessons) == 205
    assert all(each.classes for each in reading.lessons)


def test_without_the_right_to_classes_a_person_can_still_be_asked_for(rpc, school) -> None:
    school.rights.discard("getKlassen")
    school.views = {2, 5}
    assert failure(lambda: whole(rpc)).code == "webuntis.right_missing"
    assert of(rpc, Role.STUDENT, "041").lessons


# ---------------------------------------------------------------- politeness


def test_lists_are_asked_for_once_an_hour_and_timetables_every_time(rpc, untis, clock) -> None:
    for _ in range(3):
        whole(rpc)
    of(rpc, Role.TEACHER, "D003")
    once = ("getSchoolyears", "getKlassen", "getHolidays", "getTimegridUnits")
    assert [untis.calls[method] for method in once] == [1, 1, 1, 1]
    assert untis.calls["getTimetable"] == 3 * ASKS + 1
    clock.now += 3601
    whole(rpc)
    assert [untis.calls[method] for method in once] == [2, 2, 2, 2]


def test_lists_of_one_school_or_password_are_never_told_to_another(rpc, untis) -> None:
    untis.add_school("klein", user="profijt-api", password="anders")
    whole(rpc)
    whole(rpc, user=replace(USER, school="klein", school_name="klein", password="anders"))
    whole(rpc, user=replace(USER, password_version="2"))
    assert untis.calls["getKlassen"] == 3


def test_a_school_that_would_take_hundreds_of_questions_is_not_begun_with(rpc, untis) -> None:
    answers = untis.answer

    def endless(request):
        found = answers(request)
        if b"getKlassen" in request.body:
            body = {"id": json.loads(request.body)["id"], "result": [{"id": n} for n in range(1, 388)]}
            return replace(found, body=json.dumps(body).encode())
        return found

    untis.answer = endless
    err = failure(lambda: whole(rpc))
    assert (err.code, err.facts["asks"], err.facts["most"]) == ("webuntis.school_too_large", 401, 400)
    assert (untis.calls["getTimetable"], untis.sessions) == (0, 0)


def test_a_sample_asks_of_one_class_and_one_teacher(rpc, untis) -> None:
    assert rpc.timetable(USER, AMSTERDAM).sample(ORDINARY).lessons
    assert untis.calls["getTimetable"] == 2


# ---------------------------------------------------------------- a bad day

FAULTS = [
    ("error", {"code": -42003}, Unreachable, "webuntis.maintenance"),
    ("error", {"code": -32601}, Rejected, "webuntis.rpc_refused"),
    ("error_id", {"code": -42003}, Unreachable, "webuntis.maintenance"),
    ("wrong_id", {}, Rejected, "webuntis.rpc_unclear"),
    ("no_result", {}, Rejected, "webuntis.rpc_unclear"),
    ("not_a_list", {}, Rejected, "webuntis.no_list"),
    ("html", {}, Rejected, "http.html"),
    ("status", {}, Unreachable, "http.server_error"),
    ("throttled", {}, Throttled, "http.throttled"),
    ("half", {}, Unreachable, "http.half_answer"),
    ("hang_up", {}, Unreachable, "http.half_answer"),
]


@pytest.mark.parametrize(("kind", "how", "expected", "code"), FAULTS, ids=str)
def test_a_class_that_cannot_be_read_makes_the_whole_week_an_error(rpc, untis, kind, how, expected, code) -> None:
    untis.fail(kind, "getTimetable", after=3, **how)
    err = failure(lambda: whole(rpc))
    assert (type(err), err.code) == (expected, code)
    untis.faults.clear()
    assert len(whole(rpc).lessons) == 206


@pytest.mark.parametrize("kind", ["hang_up", "half", "status", "throttled"])
def test_a_hiccup_while_reading_is_got_over(rpc, untis, kind) -> None:
    untis.fail(kind, "getTimetable", after=2, times=1)
    assert len(whole(rpc).lessons) == 206


def test_a_server_that_hangs_is_not_waited_for(untis, clock) -> None:
    untis.fail("slow", "authenticate", seconds=5)
    err = failure(lambda: whole(made(untis, clock, read=0.1)))
    assert err.code == "http.read_timeout"


# ---------------------------------------------------------------- people


def test_students_come_with_their_id_nummer_and_teachers_without(rpc) -> None:
    roster = rpc.roster(USER)
    students, teachers = roster.people(Role.STUDENT), roster.people(Role.TEACHER)
    assert (len(students), len(teachers)) == (48, 14)
    assert [each.key for each in students[:8]] == ["001", "002", "003", "004", "005", "006", "", "008"]
    assert {each.key for each in teachers} == {""}
    assert (teachers[0].first_name, teachers[0].last_name, teachers[0].short_name) == ("Ingrid", "de Vries", "VRI")


def test_one_list_that_may_not_be_read_leaves_the_other(rpc, school) -> None:
    school.rights.discard("getTeachers")
    roster = rpc.roster(USER)
    err = failure(lambda: roster.people(Role.TEACHER))
    assert (err.code, err.facts["list"]) == ("webuntis.right_missing", "teachers")
    assert roster.people(Role.STUDENT)


def test_the_tenant_id_is_not_known_and_not_asked_for(rpc, untis) -> None:
    assert rpc.roster(USER).tenant_id() == ""
    assert untis.calls == {}


def test_a_lesson_that_is_added_or_taken_out_shows_in_the_next_reading(rpc, school) -> None:
    first = whole(rpc)
    gone = first.lessons[0]
    school.take_out(int(gone.id))
    school.added.append(Period(5, MONDAY, 1600, 1650, classes=(1,), code="irregular"))
    second = whole(rpc)
    assert gone.id not in {each.id for each in second.lessons}
    assert the(second, 0, 16, 0, "1A").status is Status.CHANGED
