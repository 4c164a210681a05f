"""The simulator's timetable is what the vendor's specification says, and every change and fault switch is seen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from shared.domain.people import Person, Role
from shared.simulators.untis_timetable import GridSlot, Master, Named, Part, Period, Timetable
from shared.simulators.untis_wire import Dialect
from shared.simulators.webuntis import WebUntisSimulator
from tests.simulators.untis_calls import token

YEARS = ((date(2022, 8, 22), date(2023, 7, 14)), (date(2023, 8, 21), date(2024, 7, 12)))
MASTER = Master(
    {11: Named("1a", "1a")}, {61: Named("1a.bi", "")}, {41: Named("bi")}, {31: Named("A1"), 32: Named("A2")}
)
WEEK = {"start": "2022-11-07T00:00:00", "end": "2022-11-13T23:59:59"}
ALL = WEEK | {"dateLastModifiedAfter": "2000-01-01T00:00:00"}


def at(day: int, hour: int) -> datetime:
    return datetime(2022, 11, day, hour)  # noqa: DTZ001  the school's clock has no zone


LESSON = Period(
    id=1,
    start=at(7, 8),
    end=at(7, 9),
    lesson=501,
    classes=(Part(11),),
    groups=(Part(61),),
    subjects=(Part(41),),
    rooms=(Part(31),),
    teachers=(Part(501),),
    students=(501, 503),
)
MEETING = Period(id=2, start=at(8, 16), end=at(8, 17), type="MEETING", status="ADDITIONAL", teachers=(Part(501),))


class Now:
    now = datetime(2022, 11, 7, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def timetable(untis: WebUntisSimulator, now: Now) -> Iterator[Timetable]:
    def week(monday: date) -> list[Period]:
        return [LESSON, MEETING] if monday == date(2022, 11, 7) else []

    school = untis.schools["6700"]
    school.add(Person("502", Role.TEACHER, "068", "Kees", "Bakker", "BAK"))
    grid = [GridSlot(1, 800, 900)]
    school.timetable = Timetable(years=YEARS, master=lambda: MASTER, grid=grid, week=week, now=now)
    school.timetable.between(at(7, 0), at(7, 1))
    return school.timetable


def ask(untis: WebUntisSimulator, query: object = ALL, *, path: str = "timetable", **more: object) -> requests.Response:
    return requests.get(
        f"{untis.url}/WebUntis/api/rest/extern/v3/{path}",
        params={**query, **more},
        headers={"Authorization": f"Bearer {token(untis)}"},
        timeout=5,
    )


def periods(untis: WebUntisSimulator, query: object = ALL, **more: object) -> dict[int, dict]:
    return {row["id"]: row for row in ask(untis, query, **more).json()["timetableData"].get("periods", [])}


def test_an_answer_has_the_shape_of_the_specification(untis: WebUntisSimulator, timetable: Timetable) -> None:
    body = ask(untis, includeStudents="true").json()
    header = body["headerData"]
    assert header["school"] == {"tenantId": "6700", "name": "tom school+"}
    assert (header["schoolYearStart"], header["schoolYearEnd"]) == ("2022-08-22", "2023-07-14")
    assert header["filter"] == WEEK | {"limit": 0, "offset": 0}
    lesson, meeting = body["timetableData"]["periods"]
    assert (lesson["start"], lesson["end"]) == ("2022-11-07T08:00:00", "2022-11-07T09:00:00")
    assert (lesson["type"], lesson["status"], lesson["lessonId"]) == ("NORMAL_TEACHING_PERIOD", "REGULAR", 501)
    assert lesson["studentgroups"] == [{"status": "REGULAR", "id": 61}]
    assert [part["id"] for part in lesson["students"]] == [501, 503]
    assert {"subjects", "rooms", "classes", "students", "lessonId"}.isdisjoint(meeting)
    master = body["masterData"]
    assert [row["displayName"] for row in master["studentGroups"]] == ["1a.bi"]
    assert {row["id"]: row.get("externKey") for row in master["students"]} == {501: "067", 503: None}
    assert body["timetableData"]["timeGrids"][0]["timeGridSlots"][0] | {"day": 1, "start": 800, "end": 900}


def test_students_come_only_when_asked_for(untis: WebUntisSimulator, timetable: Timetable) -> None:
    body = ask(untis).json()
    assert "students" not in body["timetableData"]["periods"][0]
    assert body["masterData"]["students"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"student_ext": ["067"]}, {1}),
        ({"student_ext": ["068"]}, set()),
        ({"teacher_ext": ["067"]}, {1, 2}),
        ({"teacher": 501}, {1, 2}),
        ({"class": 11}, {1}),
        ({"class_ext": "1a"}, {1}),
        ({"room": [32]}, set()),
        ({"period": [2]}, {2}),
    ],
)
def test_a_filter_finds_its_periods(untis: WebUntisSimulator, timetable: Timetable, query: dict, found: set) -> None:
    assert set(periods(untis, WEEK, **query)) == found


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        (WEEK, 400, "VALIDATION_ERROR"),  # neither a filter nor a date
        ({"start": "7 november", **ALL} | {"start": "x"}, 400, "VALIDATION_ERROR"),
        (ALL | {"start": "2022-11-14T00:00:00"}, 400, "VALIDATION_ERROR"),
        (ALL | {"start": "2022-11-07T00:00:00Z"}, 400, "VALIDATION_ERROR"),
        (ALL | {"limit": "-1"}, 400, "VALIDATION_ERROR"),
        (ALL | {"dateLastModifiedAfter": "gisteren"}, 400, "VALIDATION_ERROR"),
        (WEEK | {"student_ext": [f"{n}" for n in range(51)]}, 400, "VALIDATION_ERROR"),
        (WEEK | {"student_ext": ["067", "067"]}, 400, "VALIDATION_ERROR"),
        (WEEK | {"student_ext": ["067", "999"]}, 404, "MASTER_DATA_NOT_FOUND"),
        (WEEK | {"teacher_ext": ["D042"]}, 404, "MASTER_DATA_NOT_FOUND"),
        (ALL | {"end": "2023-09-01T00:00:00"}, 400, "VALIDATION_ERROR"),  # two school years
    ],
)
def test_a_question_that_may_not_be_asked_says_why(
    untis: WebUntisSimulator, timetable: Timetable, query: dict, status: int, code: str
) -> None:
    answer = ask(untis, query)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


def test_the_summer_is_empty_and_until_2024_it_was_refused(untis: WebUntisSimulator, timetable: Timetable) -> None:
    summer = ALL | {"start": "2023-07-24T00:00:00", "end": "2023-07-30T23:59:59"}
    body = ask(untis, summer).json()
    assert body["timetableData"]["periods"] == []
    assert "schoolYearStart" not in body["headerData"]
    untis.dialect = Dialect(one_year=True)
    assert ask(untis, summer).status_code == 400


def test_pages_are_counted_from_one(untis: WebUntisSimulator, timetable: Timetable) -> None:
    for offset, found in ((0, [1]), (1, [1]), (2, [2]), (3, [])):
        assert list(periods(untis, limit=1, offset=offset)) == found


# ---------------------------------------------------------------- changes


def test_every_change_moves_modified_and_nothing_else_does(
    untis: WebUntisSimulator, timetable: Timetable, now: Now
) -> None:
    changes = [
        lambda: timetable.cancel(1),
        lambda: timetable.substitute(1, 502),
        lambda: timetable.change_room(1, 32),
        lambda: timetable.set_exam(1, "Toets"),
        lambda: timetable.set_students(1, [502]),
    ]
    for change in changes:
        before = now.now
        now.now += timedelta(hours=1)
        assert periods(untis, WEEK, dateLastModifiedAfter=f"{before:%Y-%m-%dT%H:%M:%S}") == {}
        change()
        row = periods(untis, WEEK, dateLastModifiedAfter=f"{before:%Y-%m-%dT%H:%M:%S}")[1]
        assert row["modified"] == f"{now.now + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"  # the school's clock


def test_a_substitute_is_added_and_the_teacher_removed(untis: WebUntisSimulator, timetable: Timetable) -> None:
    timetable.substitute(1, 502)
    row = periods(untis)[1]
    assert row["status"] == "CHANGED"
    assert row["teachers"] == [{"status": "REMOVED", "id": 501}, {"status": "ADDED", "id": 502}]


@pytest.mark.parametrize("moved", ["both", "related", "source"])
def test_a_move_is_a_cancellation_and_an_addition_that_point_at_each_other(
    untis: WebUntisSimulator, timetable: Timetable, moved: str
) -> None:
    untis.dialect = Dialect(moved=moved)
    new = timetable.move(1, at(9, 10))
    here, there = periods(untis)[1], periods(untis)[new]
    assert (here["status"], there["status"], there["start"]) == ("CANCELLED", "ADDITIONAL", "2022-11-09T10:00:00")
    if moved != "source":
        assert (here["relatedPeriod"], there["relatedPeriod"]) == (new, 1)
    if moved != "related":
        assert (here["destinationPeriod"], there["sourcePeriod"], there["initialPeriod"]) == (new, 1, 1)


def test_a_deleted_period_is_only_in_the_list_of_deletions(
    untis: WebUntisSimulator, timetable: Timetable, now: Now
) -> None:
    timetable.delete(1)
    assert set(periods(untis)) == {2}
    for after, found in (("2022-11-07T05:59:59", [1]), ("2022-11-07T06:00:00", [])):
        assert ask(untis, {"dateLastModifiedAfter": after}, path="timetable/deleted-periods").json() == found
    assert ask(untis, {}, path="timetable/deleted-periods").status_code == 400


# ---------------------------------------------------------------- faults


def test_the_right_may_be_missing_for_the_whole_school_only(untis: WebUntisSimulator, timetable: Timetable) -> None:
    untis.fail("forbidden_whole", "timetable")
    assert ask(untis).status_code == 403
    assert set(periods(untis, WEEK, student_ext="067")) == {1}
    untis.fail("forbidden", "timetable")
    assert ask(untis, WEEK, student_ext="067").status_code == 403


def test_every_switch_of_the_timetable_spoils_what_it_names(untis: WebUntisSimulator, timetable: Timetable) -> None:
    timetable.cancel(1)
    timetable.add(Period(id=3, start=at(9, 9), end=at(9, 10)))
    spoilt = {
        "new_enums": lambda: periods(untis)[1]["status"] == "SOMEWHERE",
        "duplicate_page": lambda: list(periods(untis, limit=1, offset=2)) == [1],
        "shifting": lambda: list(periods(untis, limit=1, offset=2)) == [3],
        "old_page": lambda: periods(untis)[1]["status"] == "REGULAR" and 3 not in periods(untis),
        "wrong_tenant": lambda: ask(untis).json()["headerData"]["school"]["tenantId"] == "96700",
        "not_a_list": lambda: isinstance(ask(untis).json()["timetableData"]["periods"], dict),
    }
    for kind, seen in spoilt.items():
        assert not seen()
        untis.fail(kind, "timetable")
        assert seen(), kind
        untis.faults.clear()


def test_calls_are_counted_and_need_a_token(untis: WebUntisSimulator, timetable: Timetable) -> None:
    ask(untis)
    ask(untis, path="timetable/deleted-periods")
    assert (untis.count("timetable", "6700"), untis.count("deleted", "6700")) == (1, 1)
    address = f"{untis.url}/WebUntis/api/rest/extern/v3/timetable"
    assert requests.get(address, params=ALL, timeout=5).status_code == 401
    assert requests.post(address, params=ALL, timeout=5).status_code == 405
