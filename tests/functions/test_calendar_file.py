"""The iCalendar file says the same to two parsers that share no code, in every week of the year (T18-T22, T50, T51)."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from functions.calendar_file import calendar, sequence
from shared.domain.causes import Language
from shared.domain.people import Role
from shared.domain.planner.double_hours import one_by_one
from shared.domain.planner.lesson_view import LessonView, views
from shared.domain.planner.own import own, taken_from
from shared.domain.timetable import Change, Element, ElementKind, Kind, Lesson, Ref, Status, Week

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READ = datetime(2022, 11, 6, 5, tzinfo=UTC)
TOUCHED = datetime(2022, 11, 4, 9, 30, tzinfo=AMSTERDAM)
ELEMENTS = (
    Element(ElementKind.CLASS, "1", "1b"),
    Element(ElementKind.CLASS, "2", "2b"),
    Element(ElementKind.SUBJECT, "1", "FöMat"),
    Element(ElementKind.ROOM, "1", "R1b"),
    Element(ElementKind.ROOM, "2", "R2"),
    Element(ElementKind.TEACHER, "1", "VIS", "042"),
    Element(ElementKind.TEACHER, "2", "BAK", "043"),
)


def lesson(id: str = "9001", start: datetime | None = None, minutes: int = 50, **more: object) -> Lesson:
    """History for 1b in R1b, Monday 7 November 2022 at 8:00."""
    first = start or datetime(2022, 11, 7, 8, tzinfo=AMSTERDAM)
    told: dict[str, object] = {
        "classes": (Ref("1"),),
        "subjects": (Ref("1"),),
        "rooms": (Ref("1"),),
        "teachers": (Ref("1"),),
        "students": ("L067-Jansen",),
    }
    return Lesson(id, first, first + timedelta(minutes=minutes), READ, **(told | more))  # type: ignore[arg-type]


def shown(*lessons: Lesson, elements: tuple[Element, ...] = ELEMENTS, teacher: str = "") -> tuple[LessonView, ...]:
    whole = Week("2022-W45", READ, READ, lessons, elements)
    mine = own(whole, Role.TEACHER, teacher) if teacher else whole
    return views(whole, one_by_one(mine.lessons), {}, taken=taken_from(whole, Role.TEACHER, teacher))


def written(found: tuple[LessonView, ...], language: Language = "nl", school: str = "tom") -> bytes:
    return calendar(found, name="Rooster", school=school, zone=AMSTERDAM, language=language, read=READ)


def read(file: bytes) -> list[dict[str, object]]:
    """By icalendar."""
    return [
        {
            "uid": str(event["UID"]),
            "start": event.start,
            "end": event.end,
            "summary": str(event.get("SUMMARY", "")),
            "location": str(event.get("LOCATION", "")),
            "description": str(event.get("DESCRIPTION", "")),
            "status": str(event["STATUS"]),
            "sequence": event.sequence,
            "modified": event["LAST-MODIFIED"].dt if "LAST-MODIFIED" in event else None,
        }
        for event in icalendar.Calendar.from_ical(file).events
    ]


def read_by_another(file: bytes) -> list[dict[str, object]]:
    """By ical, which shares no code with it."""
    return [
        {
            "uid": event.uid,
            "start": event.dtstart,
            "end": event.dtend or event.dtstart,
            "summary": event.summary or "",
            "location": event.location or "",
            "description": event.description or "",
            "status": str(event.status.value) if event.status else "",
            "sequence": event.sequence,
            "modified": event.last_modified,
        }
        for event in IcsCalendarStream.calendar_from_ics(file.decode()).events
    ]


def the_event(found: tuple[LessonView, ...], language: Language = "nl") -> dict[str, object]:
    (event,) = read(written(found, language))
    return event


def test_a_lesson_says_what_for_whom_where_and_by_whom() -> None:
    event = the_event(shown(lesson(modified=TOUCHED)))
    assert event == {
        "uid": "9001@tom.webuntis.profijt.nu",
        "start": datetime(2022, 11, 7, 8, tzinfo=AMSTERDAM),
        "end": datetime(2022, 11, 7, 8, 50, tzinfo=AMSTERDAM),
        "summary": "FöMat 1b",
        "location": "R1b",
        "description": "Docent: VIS",
        "status": "CONFIRMED",
        "sequence": sequence(TOUCHED),
        "modified": TOUCHED,
    }


def test_the_file_tells_clients_its_name_zone_how_old_it_is_and_how_often_to_look() -> None:
    lines = written(shown()).decode().split("\r\n")
    for line in (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "NAME:Rooster",
        "X-WR-CALNAME:Rooster",
        "X-WR-TIMEZONE:Europe/Amsterdam",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT60M",
        "LAST-MODIFIED:20221106T050000Z",
        "DESCRIPTION:Bijgewerkt op 06-11-2022 06:00",
        "X-WR-CALDESC:Bijgewerkt op 06-11-2022 06:00",
    ):
        assert line in lines
    assert any(line.startswith("PRODID:-//Profijt//") for line in lines)


def test_a_time_is_of_the_zone_that_is_in_the_file() -> None:
    assert b"\r\nDTSTART;TZID=Europe/Amsterdam:20221107T080000\r\n" in written(shown(lesson()))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)).map(  # noqa: DTZ001
    lambda each: each.replace(second=0, microsecond=0, tzinfo=UTC).astimezone(AMSTERDAM)
)
LESSONS = st.builds(
    lesson,
    id=st.integers(1, 10**9).map(str),
    start=TIMES.filter(lambda each: each.fold == 0),
    minutes=st.sampled_from([0, 1, 50, 300]),
    status=st.sampled_from(Status),
    kind=st.sampled_from(Kind),
    subjects=st.lists(st.builds(Ref, st.just("1"), st.sampled_from(Change)), max_size=2).map(tuple),
    exam=TEXTS,
    online=st.booleans(),
    modified=st.none() | st.just(TOUCHED),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(LESSONS, max_size=3, unique_by=lambda each: each.id), TEXTS, st.sampled_from(["nl", "en"]))
def test_two_independent_parsers_read_back_the_same(lessons: list[Lesson], name: str, language: Language) -> None:
    elements = (*ELEMENTS[:2], Element(ElementKind.SUBJECT, "1", name), *ELEMENTS[3:])
    file = written(shown(*lessons, elements=elements), language)
    first = read(file)
    assert first == read_by_another(file)
    told = {each.id: each for each in lessons}
    assert {str(each["uid"]).split("@")[0] for each in first} == set(told)
    for each in first:
        origin = told[str(each["uid"]).split("@")[0]]
        start, end = each["start"], each["end"]
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        assert (start.replace(tzinfo=None), start.astimezone(UTC)) == (
            origin.start.replace(tzinfo=None),
            origin.start.astimezone(UTC),
        )
        assert end.astimezone(UTC) == origin.end.astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2022, 10, 28), 6),
        (date(2022, 10, 31), 7),
        (date(2022, 10, 30), 7),
        (date(2023, 3, 24), 7),
        (date(2023, 3, 26), 6),
        (date(2023, 3, 27), 6),
        (date(2026, 12, 28), 7),
        (date(2027, 1, 4), 7),
        (date(2035, 10, 29), 7),
    ],
)
def test_eight_o_clock_stays_eight_o_clock_when_the_clock_changes(day: date, utc: int) -> None:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=AMSTERDAM)
    file = written(shown(lesson(start=start)))
    assert f"DTSTART;TZID=Europe/Amsterdam:{day:%Y%m%d}T080000".encode() in file
    for event in (*read(file), *read_by_another(file)):
        assert isinstance(event["start"], datetime)
        assert event["start"].astimezone(UTC).hour == utc


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_a_host_in_another_zone_writes_the_same_bytes(zone: str) -> None:
    script = (
        "import sys; sys.path[:0] = ['tests/functions', '.']\n"
        "from test_calendar_file import written, shown, lesson, TOUCHED\n"
        "sys.stdout.buffer.write(written(shown(lesson(modified=TOUCHED), lesson('2'))))"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, env={"TZ": zone}, capture_output=True, check=True)
    assert done.stdout == written(shown(lesson(modified=TOUCHED), lesson("2")))


@pytest.mark.parametrize(
    "change",
    [
        {"rooms": (Ref("1", Change.REMOVED), Ref("2", Change.ADDED))},
        {"teachers": (Ref("1", Change.REMOVED), Ref("2", Change.ADDED))},
        {"status": Status.CANCELLED},
        {"start": datetime(2022, 11, 8, 9, tzinfo=AMSTERDAM)},
    ],
    ids=["room", "teacher", "cancelled", "time"],
)
def test_a_change_keeps_the_uid_and_raises_the_sequence(change: dict[str, object]) -> None:
    before = the_event(shown(lesson(modified=TOUCHED)))
    after = the_event(shown(lesson(modified=TOUCHED + timedelta(seconds=1), **change)))  # type: ignore[arg-type]
    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"]  # type: ignore[operator]


def test_cancelled_and_then_restored_is_confirmed_again_with_a_higher_sequence() -> None:
    gone = the_event(shown(lesson(modified=TOUCHED, status=Status.CANCELLED)))
    back = the_event(shown(lesson(modified=TOUCHED + timedelta(minutes=5))))
    assert (gone["status"], back["status"]) == ("CANCELLED", "CONFIRMED")
    assert gone["uid"] == back["uid"]
    assert gone["sequence"] < back["sequence"]  # type: ignore[operator]


def test_the_sequence_fits_its_type_for_decades_and_is_0_when_nothing_was_told() -> None:
    assert 0 < sequence(datetime(2087, 1, 1, tzinfo=UTC)) < 2**31
    assert sequence(None) == sequence(datetime(2012, 1, 1, tzinfo=UTC)) == 0


def test_the_halves_of_a_double_hour_have_their_own_uids() -> None:
    halves = (lesson("1", lesson="7"), lesson("2", datetime(2022, 11, 7, 8, 50, tzinfo=AMSTERDAM), lesson="7"))
    assert len({str(each["uid"]) for each in read(written(shown(*halves)))}) == 2


def test_two_schools_never_share_a_uid() -> None:
    uids = {str(read(written(shown(lesson()), school=school))[0]["uid"]) for school in ("tom", "piet")}
    assert len(uids) == 2


def test_a_room_change_shows_the_new_room_with_the_old_one_beside_it() -> None:
    event = the_event(shown(lesson(rooms=(Ref("1", Change.REMOVED), Ref("2", Change.ADDED)), status=Status.CHANGED)))
    assert event["location"] == "R2"
    assert event["description"] == "Gewijzigd\nDocent: VIS\nLokaal: R2 (in plaats van R1b)"


def test_a_substitution_tells_both_teachers_in_english_too() -> None:
    substituted = shown(lesson(teachers=(Ref("1", Change.REMOVED), Ref("2", Change.ADDED))))
    assert the_event(substituted)["description"] == "Gewijzigd\nDocent: BAK (in plaats van VIS)"
    assert the_event(substituted, "en")["description"] == "Changed\nTeacher: BAK (instead of VIS)"


def test_for_the_teacher_it_was_taken_from_the_lesson_is_cancelled_and_says_who_gives_it() -> None:
    taken = lesson(teachers=(Ref("1", Change.REMOVED), Ref("2", Change.ADDED)))
    event = the_event(shown(taken, teacher="042"))
    assert event["status"] == "CANCELLED"
    assert event["description"] == "Vervallen voor u\nDocent: BAK (in plaats van VIS)"
    assert the_event(shown(taken, teacher="043"))["status"] == "CONFIRMED"


def test_a_moved_lesson_is_cancelled_here_and_says_where_it_went_and_is_whole_there() -> None:
    later = datetime(2022, 11, 10, 13, 30, tzinfo=AMSTERDAM)
    away = lesson("1", status=Status.CANCELLED, moved_to="2")
    here = lesson("2", later, status=Status.ADDED, moved_from="1", rooms=(Ref("2"),))
    one, other = read(written(shown(away, here)))
    assert (one["status"], one["description"]) == ("CANCELLED", "Verplaatst naar do 10-11 13:30, R2\nDocent: VIS")
    assert (other["status"], other["description"]) == ("CONFIRMED", "Verplaatst van ma 7-11 08:00, R1b\nDocent: VIS")


def test_an_exam_says_so_and_a_period_without_subject_says_what_it_is() -> None:
    exam = the_event(shown(lesson(kind=Kind.EXAM, exam="H3; §2, de rest")))
    assert (exam["summary"], exam["description"]) == ("Toets FöMat 1b", "Docent: VIS\nToets: H3; §2, de rest")
    assert the_event(shown(lesson(subjects=(), kind=Kind.BREAK_SUPERVISION)))["summary"] == "Pauzetoezicht 1b"
    assert the_event(shown(lesson(subjects=(), classes=())))["summary"] == "Les"


def test_a_period_of_no_minutes_has_no_end_because_an_end_is_later_than_its_start() -> None:
    assert b"DTEND" not in written(shown(lesson(minutes=0)))


def test_odd_periods_make_a_file_that_can_be_read() -> None:
    bare = {"classes": (), "subjects": (), "rooms": (), "teachers": (), "students": None}
    night = datetime(2022, 11, 7, 23, 30, tzinfo=AMSTERDAM)
    classes = tuple(Ref(str(number)) for number in range(12))
    file = written(
        shown(lesson("1", minutes=0), lesson("2", night, 120), lesson("3", **bare), lesson("4", classes=classes))  # type: ignore[arg-type]
    )
    assert read(file) == read_by_another(file)
    assert read(file)[0]["end"] == datetime(2022, 11, 7, 8, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    "name",
    [
        "=HYPERLINK(\"http://x\")",
        "a;b,c\\d\nBEGIN:VEVENT\nUID:evil\nEND:VEVENT",
        "a\r\nATTENDEE:mailto:x@y\r\n",
        "مدرسة\u200f العلوم",
        "ij" * 100,
        "👩‍🏫" * 60,
        "bel\x07\x1b[31m\u2028 rood",
    ],
)  # fmt: skip
def test_no_name_breaks_the_file(name: str) -> None:
    elements = (*ELEMENTS[:2], Element(ElementKind.SUBJECT, "1", name), *ELEMENTS[3:])
    file = written(shown(lesson(), elements=elements))
    assert read(file) == read_by_another(file)
    assert len(read(file)) == 1
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", file)
    assert max(map(len, file.split(b"\r\n"))) <= 75
    assert file.count(b"\n") == file.count(b"\r\n")
    assert b"\r\nUID:evil" not in file
    assert b"\r\nATTENDEE" not in file


def test_no_student_is_in_it() -> None:
    assert b"Jansen" not in written(shown(lesson())).replace(b"\r\n ", b"")


def test_the_library_is_not_paid_for_by_who_only_imports_the_module() -> None:
    script = "import sys, functions.calendar_file; sys.exit('icalendar' in sys.modules)"
    root = Path(__file__).parent.parent.parent
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
