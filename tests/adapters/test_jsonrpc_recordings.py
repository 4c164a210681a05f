"""A real school's fortnight of January 2013, as it was recorded, becomes lessons one for one."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.webuntis_jsonrpc import master_data
from shared.adapters.webuntis_jsonrpc.periods import Periods
from shared.domain.people import Person, Role
from shared.domain.timetable import Element, ElementKind, Holiday, Kind, Lesson, Ref, SchoolYear, Status

RECORDINGS = Path(__file__).parent.parent / "recordings" / "jsonrpc"
VIENNA = ZoneInfo("Europe/Vienna")
SEEN = datetime(2013, 1, 7, 6, tzinfo=UTC)
NAMED = {
    ElementKind.CLASS: ("getKlassen", "getklassen"),
    ElementKind.SUBJECT: ("getSubjects", "getsubjects"),
    ElementKind.ROOM: ("getRooms", "getrooms"),
    ElementKind.TEACHER: ("getTeachers", "getteachers"),
}


def recorded(name: str) -> list:
    return json.loads((RECORDINGS / f"{name}_mock.json").read_text())


@pytest.fixture(scope="module")
def found() -> Periods:
    periods = Periods(VIENNA, SEEN)
    periods.add(recorded("gettimetables"))
    for kind, (method, name) in NAMED.items():
        periods.name(master_data.names(recorded(name), kind, method))
    return periods


@pytest.fixture(scope="module")
def lessons(found: Periods) -> dict[str, Lesson]:
    return {each.id: each for each in found.lessons}


def names(found: Periods, kind: ElementKind, refs: tuple[Ref, ...]) -> list[str]:
    known = {each.id: each.name for each in found.elements if each.kind is kind}
    return [known[ref.id] for ref in refs]


def test_every_one_of_the_114_periods_is_a_lesson(found: Periods) -> None:
    assert len(found.lessons) == 114
    assert found.unreadable == ()
    assert min(each.start for each in found.lessons) == datetime(2013, 1, 7, 8, tzinfo=VIENNA)
    assert max(each.end for each in found.lessons) == datetime(2013, 1, 18, 16, 10, tzinfo=VIENNA)


def test_times_are_those_of_the_recording_with_the_winter_offset_of_vienna(lessons: dict[str, Lesson]) -> None:
    for row in recorded("gettimetables"):
        lesson = lessons[str(row["id"])]
        assert f"{lesson.start:%Y%m%d}" == str(row["date"])
        assert lesson.start.hour * 100 + lesson.start.minute == row["startTime"]
        assert lesson.end.hour * 100 + lesson.end.minute == row["endTime"]
        assert lesson.start.utcoffset().total_seconds() == 3600


def test_one_lesson_to_the_letter(found: Periods, lessons: dict[str, Lesson]) -> None:
    lesson = lessons["444540"]
    assert lesson == Lesson(
        "444540",
        datetime(2013, 1, 8, 11, 55, tzinfo=VIENNA),
        datetime(2013, 1, 8, 12, 45, tzinfo=VIENNA),
        SEEN,
        classes=(Ref("129"), Ref("130")),
        subjects=(Ref("5"),),
        rooms=(Ref("26"),),
        teachers=(Ref("54"),),
    )
    assert names(found, ElementKind.CLASS, lesson.classes) == ["1A", "1B"]
    assert names(found, ElementKind.ROOM, lesson.rooms) == ["AK1"]
    told = (
        {row["id"]: row["name"] for row in recorded("getsubjects")},
        {row["id"]: row["name"] for row in recorded("getteachers")},
    )
    assert names(found, ElementKind.SUBJECT, lesson.subjects) == [told[0][5]]
    assert names(found, ElementKind.TEACHER, lesson.teachers) == [told[1][54]]


def test_the_odd_ones_are_what_the_recording_says(lessons: dict[str, Lesson]) -> None:
    assert Counter(each.status for each in lessons.values()) == {
        Status.REGULAR: 112,
        Status.CANCELLED: 1,
        Status.CHANGED: 1,
    }
    assert lessons["444542"].status is Status.CANCELLED
    assert lessons["444544"].status is Status.CHANGED
    assert Counter(each.kind for each in lessons.values()) == {
        Kind.LESSON: 112,
        Kind.OFFICE_HOUR: 1,
        Kind.BREAK_SUPERVISION: 1,
    }
    assert lessons["444543"].kind is Kind.OFFICE_HOUR
    assert lessons["444546"].kind is Kind.BREAK_SUPERVISION


def test_lessons_of_seven_classes_two_teachers_and_no_room_all_come_through(lessons: dict[str, Lesson]) -> None:
    assert Counter(len(each.classes) for each in lessons.values()) == {1: 68, 2: 22, 4: 8, 3: 8, 7: 8}
    assert Counter(len(each.teachers) for each in lessons.values()) == {1: 110, 2: 4}
    assert Counter(len(each.rooms) for each in lessons.values()) == {1: 106, 2: 4, 0: 4}


def test_every_element_of_a_lesson_has_a_name_from_the_lists(found: Periods) -> None:
    assert all(each.name for each in found.elements)
    assert Element(ElementKind.CLASS, "129", "1A", long_name="Klasse 1A") in found.elements
    assert not any(found.nameless(kind) for kind in NAMED)


def test_the_lists_are_read_whole() -> None:
    years = master_data.years(recorded("getschoolyears"))
    assert (len(years), years[-1].id) == (7, 7)
    assert years[-1].days == SchoolYear(date(2012, 8, 27), date(2013, 7, 28))
    assert len(master_data.ids(recorded("getklassen"), "getKlassen")) == 20
    teachers = master_data.people(recorded("getteachers"), Role.TEACHER)
    assert Person("20", Role.TEACHER, "", "Isaac", "Asimov", "Asim") in teachers
    assert len(teachers) == len(recorded("getteachers"))
    holidays = master_data.holidays(recorded("getholidays"))
    assert len(holidays) == 10
    christmas = Holiday("Weihnachtsferien", date(2012, 12, 23), date(2013, 1, 6))
    assert master_data.touching(holidays, date(2013, 1, 6), date(2013, 1, 18)) == (christmas,)
