"""The timetable client against the WebUntis simulator: whole answers of the right school or an error, in every dialect
and under every fault; sparing with logins and with questions."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from scripted_server import reply, serving

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis import Endpoints, webuntis
from shared.adapters.webuntis.auth import Tokens
from shared.adapters.webuntis.timetable_client import timetables
from shared.domain.people import Person, Role
from shared.domain.timetable import Kind, Reading, SchoolYear, Span, Status
from shared.errors import NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable
from shared.ports import WebUntisConnection
from shared.simulators.untis_timetable import GridSlot, Master, Named, Part, Period, Timetable
from shared.simulators.untis_wire import Dialect
from shared.simulators.webuntis import WebUntisSimulator
from shared.timetable_source import TimetableSource

SCHOOL = WebUntisConnection("demo", "het baken+zee", "tom", "6603700", "profijt", "v3", "geheim", "1")
STUDENTS = tuple(Person(str(n), Role.STUDENT, f"{n:03}", "Anna", f"Bakker-{n}", f"BakAnn{n}") for n in range(1, 61))
TEACHERS = (
    Person("1", Role.TEACHER, "D042", "Jan", "de Vries", "VRI"),
    Person("2", Role.TEACHER, "D043", "Els", "Smit", "SMI"),
)
YEARS = ((date(2022, 8, 22), date(2023, 7, 14)), (date(2023, 8, 21), date(2024, 7, 12)))
MONDAY = date(2022, 11, 7)
NOW = datetime(2022, 11, 7, 6, 30, tzinfo=UTC)
LESSONS = 23


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo("Europe/Amsterdam"))


def span(first: date, days: int = 7) -> Span:
    return Span(midnight(first), midnight(first + timedelta(days=days)))


WEEK = span(MONDAY)


def a_week(monday: date) -> Iterator[Period]:
    """23 lessons, two of which begin together, in every week of the school years."""
    for n in range(LESSONS):
        start = datetime.combine(monday + timedelta(days=n // 2 % 5), time(8 + n // 10 * 2 + n % 2 // 2))
        if any(first <= start.date() <= last for first, last in YEARS):
            yield Period(
                id=(monday - date(2022, 1, 3)).days * 100 + n,
                start=start,
                end=start + timedelta(minutes=50),
                lesson=500 + n // 2,
                classes=(Part(11),),
                subjects=(Part(41),),
                teachers=(Part(1 + n % 2),),
                students=(1 + n, 2 + n),
            )


MASTER = Master(classes={11: Named("1a")}, subjects={41: Named("wi")}, rooms={31: Named("A1")})


@pytest.fixture
def untis() -> Iterator[WebUntisSimulator]:
    with WebUntisSimulator() as simulator:
        school = simulator.add_school(
            tenant_id="6603700",
            school_name="het baken+zee",
            subdomain="tom",
            client_id="profijt",
            password="geheim",
            people=STUDENTS + TEACHERS,
        )
        school.timetable = Timetable(
            years=YEARS, master=lambda: MASTER, grid=[GridSlot(1, 830, 920)], week=a_week, now=lambda: NOW
        )
        school.timetable.between(datetime.combine(MONDAY, time()), datetime.combine(MONDAY, time()))  # made
        yield simulator


def makers(untis: WebUntisSimulator, tokens: Tokens | None = None, *, page: int = 10, **limits: float):
    door = Door(PublicAndLoopback(), limits=Limits(**limits), pace=Pace(sleep=lambda _: None))
    where = Endpoints(untis.url, f"{untis.url}/schoolquery2", untis.url, period_page=page)
    tokens = tokens or Tokens()
    return timetables(door, where, tokens, now=lambda: NOW), webuntis(door, where, tokens)


def source(untis: WebUntisSimulator, **how: float) -> TimetableSource:
    return makers(untis, **how)[0](SCHOOL, "Europe/Amsterdam")


def table(untis: WebUntisSimulator) -> Timetable:
    return untis.schools["6603700"].timetable


def failure(call) -> ProfijtError:
    with pytest.raises(ProfijtError) as caught:
        call()
    return caught.value


def ids(reading: Reading | None) -> list[int]:
    assert reading is not None
    return [int(each.id) for each in reading.lessons]


EVERYTHING = [period.id for period in sorted(a_week(MONDAY), key=lambda period: (period.start, period.id))]


# ---------------------------------------------------------------- how it asks


def test_the_whole_school_is_asked_for_by_an_old_date_with_students_in_local_time(untis):
    source(untis, page=500).whole(WEEK)
    asked = [one.query for one in untis.seen if one.path.endswith("/timetable")]
    assert asked[0] == {
        "start": "2022-11-07T00:00:00",
        "end": "2022-11-13T23:59:59",
        "includeStudents": "true",
        "limit": "500",
        "offset": "0",
        "dateLastModifiedAfter": "2000-01-01T00:00:00",
    }
    assert [one["offset"] for one in asked] == ["0", str(LESSONS)]


def test_changes_are_asked_for_in_utc_ten_minutes_back(untis):
    assert ids(source(untis).changes(WEEK, datetime(2022, 11, 7, 8, 0, tzinfo=ZoneInfo("Europe/Amsterdam")))) == []
    told = {one.path.rpartition("/")[2]: one.query["dateLastModifiedAfter"] for one in list(untis.seen)[1:]}
    assert told == {"timetable": "2022-11-07T06:50:00", "deleted-periods": "2022-11-07T06:50:00"}


def test_people_are_asked_for_by_their_id_nummers_in_one_question(untis):
    keys = [student.key for student in STUDENTS[:50]]
    assert ids(source(untis, page=500).of(Role.STUDENT, keys, WEEK)) == EVERYTHING
    assert untis.seen[1].every["student_ext"] == keys
    assert len(source(untis).of(Role.STUDENT, [" 001 "], WEEK).lessons) == 1
    assert ids(source(untis).of(Role.TEACHER, ["D042"], WEEK)) == [id for id in EVERYTHING if id % 2 == 0]
    assert untis.seen[-1].every["teacher_ext"] == ["D042"]


def test_a_password_that_was_refused_to_the_roster_is_not_tried_for_the_timetable(untis):
    source_of, roster_of = makers(untis)
    wrong = replace(SCHOOL, password="fout")
    assert failure(lambda: roster_of(wrong).people(Role.TEACHER)).code == "webuntis.login_refused"
    for _ in range(10):
        lessons = source_of(wrong, "Europe/Amsterdam")
        assert failure(lambda lessons=lessons: lessons.whole(WEEK)).code == "webuntis.login_refused"
    assert untis.count("token") == 1


def test_roster_and_timetable_log_in_once_together(untis):
    source_of, roster_of = makers(untis)
    roster_of(SCHOOL).people(Role.TEACHER)
    source_of(SCHOOL, "Europe/Amsterdam").whole(WEEK)
    assert untis.count("token") == 1


def test_a_token_that_dies_between_pages_loses_nothing(untis):
    untis.fail("revoked", "timetable", after=1, times=1)
    assert ids(source(untis).whole(WEEK)) == EVERYTHING
    assert untis.count("token") == 2


# ---------------------------------------------------------------- dialects and pages

DIALECTS = [
    {},
    {"moved": "related"},
    {"moved": "source"},
    {"nothing": "null"},
    {"extra_fields": False, "tenant_in_header": False},
    {"page_cap": 2},
    {"page_cap": 7},
    {"page_cap": 10_000},
]


@pytest.mark.parametrize("dialect", DIALECTS, ids=str)
@pytest.mark.parametrize("page", [2, 11, 12, 22, 23, 24, 500])
def test_everything_comes_once_in_every_dialect_and_page_size(untis, dialect, page):
    untis.dialect = Dialect(**dialect)
    here = EVERYTHING[0]
    there = table(untis).move(here, datetime(2022, 11, 11, 16))  # noqa: DTZ001
    reading = source(untis, page=page).whole(WEEK)
    assert sorted(ids(reading)) == sorted([*EVERYTHING, there])
    moved = {each.id: each for each in reading.lessons}
    assert (moved[str(here)].moved_to, moved[str(there)].moved_from) == (str(there), str(here))
    assert all(len(each.students or ()) == 2 for each in reading.lessons)


def test_an_empty_week_takes_one_question(untis):
    reading = source(untis).whole(span(date(2023, 7, 24)))
    assert (reading.lessons, reading.grid, untis.count("timetable")) == ((), (), 1)


def test_a_server_that_counts_from_zero_is_not_believed_rather_than_a_lesson_lost(untis):
    untis.dialect = Dialect(first_offset=0)
    err = failure(lambda: source(untis).whole(WEEK))
    assert (err.code, err.facts["why"]) == ("webuntis.list_incomplete", "shifting")


def test_a_server_that_gives_the_first_page_again_and_again_is_not_believed(untis):
    untis.fail("duplicate_page", "timetable")
    err = failure(lambda: source(untis).whole(WEEK))
    assert (type(err), err.code, err.facts["why"]) == (Rejected, "webuntis.list_incomplete", "shifting")
    assert untis.count("timetable") == 6


def test_a_lesson_deleted_between_two_pages_starts_the_reading_over(untis):
    untis.fail("shifting", "timetable", after=1, times=1)
    assert ids(source(untis).whole(WEEK)) == EVERYTHING


def test_a_timetable_that_keeps_shifting_is_an_error_and_not_a_part_of_it(untis):
    untis.fail("shifting", "timetable")
    assert failure(lambda: source(untis).whole(WEEK)).facts["why"] == "shifting"


def test_an_older_page_does_not_undo_a_cancellation(untis):
    table(untis).cancel(EVERYTHING[9])  # the last row of the first page, and so the first of the second
    untis.fail("old_page", "timetable", after=1, times=1)
    reading = source(untis, page=10).whole(WEEK)
    assert next(each for each in reading.lessons if each.id == str(EVERYTHING[9])).status is Status.CANCELLED


def test_the_hours_are_those_of_most_lessons_and_a_year_that_is_not_the_spans_is_not_told():
    rows = [
        {"id": n, "start": "2022-11-07T08:00", "end": "2022-11-07T09:00", "timegridId": 1 + n % 3} for n in range(5)
    ]
    hours = [{"id": n, "timeGridSlots": [{"day": 1, "start": 100 * n, "end": 2400, "name": str(n)}]} for n in (3, 2, 1)]
    told = {
        "headerData": {
            "school": {"tenantId": "6603700"},
            "schoolYearStart": "2020-08-01",
            "schoolYearEnd": "2021-07-31",
        },
        "timetableData": {"periods": rows[1:], "timeGrids": hours},
    }

    def answer(asked):
        if asked.path.endswith("/token"):
            return reply(200, {"access_token": "x"})
        rest = told | {"timetableData": {"periods": rows[-1:]}}
        return reply(200, told if asked.query["offset"] == "0" else rest)

    with serving(answer) as server:
        door = Door(PublicAndLoopback())
        lessons = timetables(door, Endpoints(server.url), Tokens())(SCHOOL, "Europe/Amsterdam")
        reading = lessons.whole(WEEK)
    assert [slot.name for slot in reading.grid] == ["2"]
    assert reading.year is None


def test_types_and_statuses_of_tomorrow_are_read_as_other(untis):
    untis.fail("new_enums", "timetable")
    reading = source(untis).whole(WEEK)
    assert ids(reading) == EVERYTHING
    assert {(each.kind, each.status) for each in reading.lessons} == {(Kind.OTHER, Status.OTHER)}


def test_a_lesson_that_cannot_be_read_is_left_out_and_counted_once(untis):
    last = max(a_week(MONDAY), key=lambda period: (period.start, period.id))
    table(untis).add(replace(last, end=last.start - timedelta(minutes=1)))
    reading = source(untis, page=5).whole(WEEK)
    assert sorted(ids(reading)) == sorted(set(EVERYTHING) - {last.id})
    assert reading.unreadable == (("end_before_start", 1),)


def test_an_answer_that_is_mostly_unreadable_is_refused(untis):
    for period in list(a_week(MONDAY))[:12]:
        table(untis).add(replace(period, end=period.start - timedelta(minutes=1)))
    err = failure(lambda: source(untis).whole(WEEK))
    assert (err.code, err.facts["why"], err.facts["unreadable"]) == ("webuntis.list_incomplete", "unusable_rows", 12)


# ---------------------------------------------------------------- people nobody knows


@pytest.mark.parametrize("errors", ["errorCode", "title"])
def test_unknown_keys_are_found_among_fifty_in_either_spelling_of_errors(untis, errors):
    untis.dialect = Dialect(errors=errors)
    keys = [student.key for student in STUDENTS[:47]]
    keys[3:3] = ["x1"]
    keys[20:20] = ["x2"]
    keys += ["x3"]
    reading = source(untis, page=500).of(Role.STUDENT, keys, WEEK)
    assert sorted(ids(reading)) == sorted(EVERYTHING)
    assert reading.unknown_keys == ("x1", "x2", "x3")
    assert untis.count("timetable") < 40


def test_nobody_is_asked_about_when_all_keys_are_impossible(untis):
    reading = source(untis).of(Role.STUDENT, ["", "a|b"], WEEK)
    assert (reading.unknown_keys, untis.count("timetable")) == (("", "a|b"), 0)


def test_a_404_that_names_no_key_is_an_error(untis):
    untis.fail("error", "timetable", status=404, code="NOT_FOUND")
    assert failure(lambda: source(untis).of(Role.STUDENT, ["001"], WEEK)).code == "webuntis.list_unknown"


# ---------------------------------------------------------------- rights

FORBIDDEN = "webuntis.right_missing"


def test_without_the_right_to_the_whole_school_people_are_still_told(untis):
    untis.fail("forbidden_whole", "timetable")
    lessons = source(untis)
    for question in (lambda: lessons.whole(WEEK), lambda: lessons.changes(WEEK, NOW)):
        err = failure(question)
        assert (type(err), err.code, err.facts["list"]) == (NotAuthorized, FORBIDDEN, "timetable")
    assert len(lessons.of(Role.STUDENT, ["001"], WEEK).lessons) == 1


def test_without_any_right_to_the_timetable_every_question_says_so(untis):
    untis.fail("forbidden", "timetable")
    lessons = source(untis)
    questions = (
        lambda: lessons.whole(WEEK),
        lambda: lessons.changes(WEEK, NOW),
        lambda: lessons.of(Role.TEACHER, ["D042"], WEEK),
    )
    for question in questions:
        err = failure(question)
        assert (type(err), err.code, err.facts["list"]) == (NotAuthorized, FORBIDDEN, "timetable")
    assert untis.count("timetable") == 3


def test_a_webuntis_without_a_list_of_deletions_cannot_tell_changes(untis):
    untis.fail("error", "deleted", status=404, code="NOT_FOUND")
    assert source(untis).changes(WEEK, NOW) is None


# ---------------------------------------------------------------- school years

FIRST_YEAR, SECOND_YEAR = (SchoolYear(*year) for year in YEARS)


@pytest.mark.parametrize("one_year", [False, True], ids=["since 2024-02", "until 2024-02"])
@pytest.mark.parametrize(
    ("first", "days", "year"),
    [
        (date(2023, 7, 10), 7, FIRST_YEAR),  # the year ends on Friday
        (date(2023, 7, 10), 14, FIRST_YEAR),
        (date(2023, 7, 24), 7, None),
        (date(2023, 8, 14), 14, SECOND_YEAR),
        (date(2023, 7, 10), 56, FIRST_YEAR),  # both years and all of the summer
    ],
)
def test_the_edges_of_school_years_are_no_error_whether_webuntis_allows_gaps_or_not(untis, one_year, first, days, year):
    untis.dialect = Dialect(one_year=one_year)
    begin = datetime.combine(first, time())
    there = [each.id for each in table(untis).between(begin, begin + timedelta(days=days, seconds=-1))]
    reading = source(untis, page=500).whole(span(first, days))
    assert ids(reading) == there
    assert reading.year == year
    assert untis.count("timetable") < 9


def test_two_school_years_that_touch_are_read_both(untis):
    timetable = table(untis)
    timetable.years = ((date(2022, 8, 1), date(2023, 7, 31)), (date(2023, 8, 1), date(2024, 7, 31)))
    begin = datetime.combine(date(2023, 7, 31), time(8))
    days = [replace(next(a_week(MONDAY)), id=n, start=begin + timedelta(n), end=begin + timedelta(n)) for n in range(3)]
    for period in days:
        timetable.add(period)
    assert ids(source(untis).whole(span(date(2023, 7, 31)))) == [0, 1, 2]


def test_a_question_that_is_refused_everywhere_is_an_error_and_not_an_empty_week(untis):
    untis.fail("error", "timetable", status=400, code="VALIDATION_ERROR")
    err = failure(lambda: source(untis).whole(WEEK))
    assert (type(err), err.code) == (Rejected, "webuntis.request_refused")
    assert untis.count("timetable") == 3


# ---------------------------------------------------------------- everything else that fails

FAULTS = [
    (("throttled", "timetable"), {}, Throttled, "http.throttled"),
    (("throttled", "timetable"), {"retry_after": "3600"}, Throttled, "http.throttled"),
    (("error", "timetable"), {}, Unreachable, "http.server_error"),
    (("error", "timetable"), {"code": "TENANT_INSTALLATION_RECOVERABLE_ERROR"}, Unreachable, "webuntis.recovering"),
    (
        ("error", "timetable"),
        {"status": 409, "code": "TT_ONGOING_TIMETABLE_PUBLICATION"},
        Throttled,
        "webuntis.publishing",
    ),
    (("error", "timetable"), {"status": 503, "code": "TT_UNRESOLVED_CHANGESET"}, Throttled, "webuntis.publishing"),
    (("html", "timetable"), {}, Rejected, "http.html"),
    (("slow", "timetable"), {"seconds": 0.5}, Unreachable, "http.read_timeout"),
    (("drip", "timetable"), {"seconds": 0.05}, Unreachable, "http.deadline"),
    (("half", "timetable"), {}, Unreachable, "http.half_answer"),
    (("half", "timetable"), {"after": 1}, Unreachable, "http.half_answer"),
    (("hang_up", "timetable"), {}, Unreachable, "http.half_answer"),
    (("redirect", "timetable"), {}, Rejected, "http.redirected"),
    (("redirect", "token"), {}, Rejected, "webuntis.school_moved"),
    (("gzip_bomb", "timetable"), {"megabytes": 64}, Rejected, "http.too_large"),
    (("wrong_tenant", "timetable"), {}, Rejected, "webuntis.wrong_tenant"),
    (("not_a_list", "timetable"), {}, Rejected, "webuntis.no_list"),
]


BRIEF = {"http.read_timeout": {"read": 0.25}, "http.deadline": {"total": 0.7}}  # the others never wait for a limit


@pytest.mark.parametrize(("where", "how", "kind", "code"), FAULTS)
def test_every_fault_has_its_reaction_and_never_a_part_of_a_week(untis, where, how, kind, code):
    untis.fail(*where, **how)
    lessons = source(untis, **BRIEF.get(code, {}))
    err = failure(lambda: lessons.whole(WEEK))
    assert (type(err), err.code) == (kind, code)
    assert untis.count("token") == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (("forbidden", "deleted"), "webuntis.right_missing"),
        (("half", "deleted"), "http.half_answer"),
        (("not_a_list", "deleted"), "webuntis.no_list"),
        (("wrong_tenant", "deleted"), "webuntis.wrong_tenant"),
    ],
)
def test_changes_whose_deletions_fail_fail_whole(untis, fault, code):
    untis.fail(*fault)
    assert failure(lambda: source(untis).changes(WEEK, NOW)).code == code


def test_a_publication_that_is_told_in_the_older_form_is_a_publication_too(untis):
    untis.dialect = Dialect(errors="title")
    untis.fail("error", "timetable", status=500, code="TT_ONGOING_TIMETABLE_PUBLICATION")
    err = failure(lambda: source(untis).whole(WEEK))
    assert (type(err), err.code) == (Throttled, "webuntis.publishing")


@pytest.mark.parametrize("dialect", [{"tenant_in_body": False}, {"tenant_in_body": False, "tenant_in_header": False}])
def test_a_timetable_that_does_not_say_whose_it_is_is_not_believed(untis, dialect):
    untis.dialect = Dialect(**dialect)
    assert failure(lambda: source(untis).whole(WEEK)).code == "webuntis.wrong_tenant"


def test_a_timetable_has_a_bound_of_its_own(untis):
    door = Door(PublicAndLoopback(), limits=Limits(body=600), pace=Pace(sleep=lambda _: None))
    for most, code in ((100_000, ""), (1_000, "http.too_large")):
        where = Endpoints(untis.url, untis.url, untis.url, timetable_bytes=most)
        lessons = timetables(door, where, Tokens(), now=lambda: NOW)(SCHOOL, "Europe/Amsterdam")
        if code:
            assert failure(lambda lessons=lessons: lessons.whole(WEEK)).code == code
        else:
            assert ids(lessons.whole(WEEK)) == EVERYTHING


def test_a_school_that_moved_is_told_as_for_people(untis):
    moved = replace(SCHOOL, tenant_id="", subdomain="elders")
    lessons = makers(untis)[0](moved, "Europe/Amsterdam")
    assert failure(lambda: lessons.whole(WEEK)).code == "webuntis.school_moved"


def test_the_log_counts_and_names_nobody(untis, caplog):
    with caplog.at_level("INFO", logger="shared.adapters.webuntis.timetable_client"):
        source(untis).whole(WEEK)
    (record,) = caplog.records
    assert record.fields["lessons"] == LESSONS
    assert not Counter(str(record.fields).split()) & Counter(each.last_name for each in STUDENTS + TEACHERS)
