"""WebUntis' timetable as JSON, with everything that may be odd about it, becomes lessons; what cannot is counted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.webuntis.timetable_wire import Body, TimetablePage, deleted_ids, moment, timetable_page
from shared.domain.timetable import Change, Element, ElementKind, Kind, Lesson, Ref, SchoolYear, Slot, Status
from shared.errors import Rejected

ZONE = ZoneInfo("Europe/Amsterdam")
SEEN = datetime(2022, 11, 7, 7, 0, tzinfo=UTC)

# Retyped after the vendor's specification; the people are those of the manual's screenshots.
PERIOD = {
    "id": 9001,
    "lessonId": 501,
    "modified": "2022-10-30T13:05:00",
    "start": "2022-11-07T08:00:00",
    "end": "2022-11-07T08:50:00",
    "type": "NORMAL_TEACHING_PERIOD",
    "status": "REGULAR",
    "timegridId": 1,
    "classes": [{"status": "REGULAR", "id": 11}],
    "studentgroups": [{"status": "REGULAR", "id": 61}],
    "subjects": [{"status": "REGULAR", "id": 41}],
    "rooms": [{"status": "REMOVED", "id": 31}, {"status": "ADDED", "id": 32}],
    "teachers": [{"status": "REGULAR", "id": 51}],
    "students": [{"status": "REGULAR", "id": 72}, {"status": "REGULAR", "id": 71}],
}
MASTER = {
    "classes": [{"id": 11, "externKey": "3aR3", "displayName": "3aR3"}],
    "departments": [{"id": 91, "displayName": "Onderbouw"}],
    "rooms": [{"id": 31, "displayName": "R3a"}, {"id": 32, "displayName": "R3b", "detailsUrl": "x"}],
    "subjects": [{"id": 41, "externKey": None, "displayName": " D "}],
    "teachers": [{"id": 51, "externKey": "D042", "displayName": "Ber"}],
    "studentGroups": [{"id": 61, "externKey": "REL_3ab", "displayName": "REL_3ab"}],
    "students": [
        {"id": 71, "externKey": "067", "displayName": "Bauer Benjamin"},
        {"id": 72, "externKey": " 068 ", "displayName": "De Vries Anna"},
        {"id": 73, "externKey": "", "displayName": "Jansen Piet"},
        {"id": 74, "displayName": "Smit Sophie"},
    ],
}


def page(*periods: object, master: object = MASTER, header: object = None, **data: object):
    body = {
        "headerData": header or {"school": {"tenantId": "1004400"}},
        "masterData": master,
        "timetableData": {"periods": list(periods), **data},
    }
    return read(body)


def read(body: object) -> TimetablePage:
    return timetable_page(msgspec.json.decode(msgspec.json.encode(body), type=Body), zone=ZONE, seen=SEEN)


def lesson(**changed: object) -> Lesson:
    (found,) = page(PERIOD | changed).lessons
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZONE)


# ---------------------------------------------------------------- an ordinary lesson


def test_a_lesson_has_all_its_parts_in_the_schools_zone():
    assert lesson() == Lesson(
        id="9001",
        start=at("2022-11-07T08:00+01:00"),
        end=at("2022-11-07T08:50+01:00"),
        seen=SEEN,
        lesson="501",
        classes=(Ref("11"),),
        groups=(Ref("61"),),
        subjects=(Ref("41"),),
        rooms=(Ref("31", Change.REMOVED), Ref("32", Change.ADDED)),
        teachers=(Ref("51"),),
        students=("067", "068"),
        modified=at("2022-10-30T13:05+01:00"),
    )
    assert lesson().start.tzinfo is ZONE


def test_names_are_abbreviations_with_their_keys_and_students_have_none():
    assert set(page().elements) == {
        Element(ElementKind.CLASS, "11", "3aR3", "3aR3"),
        Element(ElementKind.ROOM, "31", "R3a"),
        Element(ElementKind.ROOM, "32", "R3b"),
        Element(ElementKind.SUBJECT, "41", "D"),
        Element(ElementKind.TEACHER, "51", "Ber", "D042"),
        Element(ElementKind.GROUP, "61", "REL_3ab", "REL_3ab"),
    }
    assert "Bauer" not in repr(page(PERIOD))


@pytest.mark.parametrize("spelling", ["studentgroups", "studentGroups"])
def test_groups_are_found_in_both_spellings_in_both_places(spelling):
    row, master = dict(PERIOD), dict(MASTER)
    row[spelling] = row.pop("studentgroups")
    master[spelling] = master.pop("studentGroups")
    found = page(row, master=master)
    assert found.lessons[0].groups == (Ref("61"),)
    assert ElementKind.GROUP in {each.kind for each in found.elements}


@pytest.mark.parametrize("nothing", [None, []])
def test_a_lesson_without_subject_group_teacher_or_room_is_a_lesson(nothing):
    bare = lesson(**dict.fromkeys(("classes", "studentgroups", "subjects", "rooms", "teachers"), nothing))
    assert (bare.classes, bare.groups, bare.subjects, bare.rooms, bare.teachers) == ((), (), (), (), ())


def test_null_is_missing_and_unknown_keys_are_nothing():
    least = {name: PERIOD[name] for name in ("id", "start", "end", "type", "status")}
    optional = dict.fromkeys([*PERIOD, "lessonText", "relatedPeriod", "sourcePeriod", "icons", "exam", "departments"])
    optional = {name: None for name in optional if name not in least}
    strange = {"mood": {"invented": [None]}, "notesAll": "zit naast Anna", "user": "Meier"}
    assert page(least).lessons == page(least | optional).lessons == page(least | strange).lessons


def test_an_answer_without_periods_is_an_empty_timetable():
    for body in ({"timetableData": {}}, {"timetableData": {"periods": None}, "masterData": None, "headerData": None}):
        assert (read(body).lessons, read(body).rows, read(body).year, read(body).tenant) == ((), (), None, "")


@pytest.mark.parametrize(
    "body", [{}, {"timetableData": None}, {"timetableData": []}, {"timetableData": {"periods": 7}}]
)
def test_an_answer_without_a_timetable_is_refused(body):
    with pytest.raises(Rejected) as caught:
        read(body)
    assert (caught.value.code, caught.value.facts["list"]) == ("webuntis.no_list", "timetable")


# ---------------------------------------------------------------- words that change


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("REGULAR", Status.REGULAR),
        ("CANCELLED", Status.CANCELLED),
        ("CHANGED", Status.CHANGED),
        ("ADDITIONAL", Status.ADDED),
        ("ADDED", Status.ADDED),
        ("TELEPORTED", Status.OTHER),
        (None, Status.OTHER),
    ],
)
def test_every_status_has_its_word_and_a_new_one_survives(told, status):
    assert lesson(status=told).status is status


def test_every_type_has_its_word_and_a_new_one_survives_and_is_counted():
    words = "NORMAL_TEACHING_PERIOD ADDITIONAL_PERIOD STAND_BY_PERIOD OFFICE_HOUR EXAM BREAK_SUPERVISION EVENT MEETING"
    kinds = [lesson(type=word).kind for word in words.split()]
    assert kinds == [kind for kind in Kind if kind is not Kind.OTHER]
    assert lesson(type="TELEPATHY").kind is Kind.OTHER
    assert page(PERIOD, PERIOD | {"type": "TELEPATHY"}, PERIOD | {"status": "ODD"}).strange == 2


def test_a_part_with_a_new_status_takes_part():
    assert lesson(teachers=[{"status": "DREAMING", "id": 51}]).teachers == (Ref("51"),)


# ---------------------------------------------------------------- students


@pytest.mark.parametrize(
    ("told", "keys", "unkeyed"),
    [
        (None, None, 0),
        ([], (), 0),
        ([{"id": 71, "status": "REMOVED"}, {"id": 72}], ("068",), 0),
        ([{"id": 71}, {"id": 71}], ("067",), 0),
        ([{"id": 71}, {"id": 73}, {"id": 74}, {"id": 75}], ("067",), 3),
        ([{"id": 71}, {"id": None}], ("067",), 1),
    ],
)
def test_students_are_id_nummers_and_unknown_is_not_nobody(told, keys, unkeyed):
    found = lesson(students=told)
    assert (found.students, found.unkeyed) == (keys, unkeyed)


def test_students_that_nobody_asked_for_are_unknown():
    row = {name: value for name, value in PERIOD.items() if name != "students"}
    assert page(row).lessons[0].students is None


def test_lessons_of_the_same_students_share_them_in_memory():
    first, second = page(PERIOD, PERIOD | {"id": 9002}).lessons
    assert first.students is second.students


# ---------------------------------------------------------------- moves


@pytest.mark.parametrize(
    ("status", "told", "moved_from", "moved_to"),
    [
        ("CANCELLED", {"relatedPeriod": 7}, "", "7"),
        ("ADDITIONAL", {"relatedPeriod": 7}, "7", ""),
        ("CHANGED", {"relatedPeriod": 7}, "7", ""),
        ("NEW", {"relatedPeriod": 7}, "7", ""),
        ("CANCELLED", {"destinationPeriod": 7}, "", "7"),
        ("ADDITIONAL", {"sourcePeriod": 7}, "7", ""),
        ("ADDITIONAL", {"initialPeriod": 6}, "6", ""),
        ("ADDITIONAL", {"sourcePeriod": {"id": 7}, "initialPeriod": 6}, "7", ""),
        ("CANCELLED", {"sourcePeriod": 6, "destinationPeriod": 8, "initialPeriod": 6, "relatedPeriod": 8}, "6", "8"),
        ("CANCELLED", {"relatedPeriod": 9001, "initialPeriod": 9001}, "", ""),
        ("REGULAR", {"relatedPeriod": None, "sourcePeriod": {}, "destinationPeriod": []}, "", ""),
    ],
)
def test_a_moved_lesson_points_at_its_other_place(status, told, moved_from, moved_to):
    found = lesson(status=status, **told)
    assert (found.moved_from, found.moved_to) == (moved_from, moved_to)


# ---------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("start", "end", "begins", "minutes"),
    [
        ("2022-11-07T08:00:00", "2022-11-07T08:00:00", "2022-11-07T07:00Z", 0),  # 0 minutes
        ("2022-11-07T22:00:00", "2022-11-07T24:00:00", "2022-11-07T21:00Z", 120),
        ("2022-11-07T23:30:00", "2022-11-08T00:30:00", "2022-11-07T22:30Z", 60),  # over midnight
        ("2022-11-07T08:00", "2022-11-07T08:50:30.500", "2022-11-07T07:00Z", 50.508333333333333),
        ("2022-07-07T08:00:00", "2022-07-07T09:00:00", "2022-07-07T06:00Z", 60),  # summer time
        ("2022-11-07T08:00:00Z", "2022-11-07T10:00:00+01:00", "2022-11-07T08:00Z", 60),  # offsets nobody promised
        ("2022-10-30T02:30:00", "2022-10-30T02:45:00", "2022-10-30T00:30Z", 15),  # twice: the first
        ("2022-10-30T02:40:00", "2022-10-30T02:10:00", "2022-10-30T00:40Z", 30),  # ends in the second round
        ("2022-10-30T01:30:00", "2022-10-30T03:30:00", "2022-10-29T23:30Z", 180),
        ("2023-03-26T02:30:00", "2023-03-26T02:45:00", "2023-03-26T01:30Z", 15),  # never: as much later
        ("2023-03-26T01:30:00", "2023-03-26T03:30:00", "2023-03-26T00:30Z", 60),
    ],
)
def test_odd_times_are_the_moments_they_must_mean(start, end, begins, minutes):
    found = lesson(start=start, end=end)
    assert found.start.astimezone(UTC) == datetime.fromisoformat(begins)
    length = found.end.astimezone(UTC) - found.start.astimezone(UTC)
    assert length.total_seconds() / 60 == pytest.approx(minutes)
    assert found.start.utcoffset() == found.start.astimezone(UTC).astimezone(ZONE).utcoffset()


@given(st.datetimes(datetime(2019, 1, 1), datetime(2036, 1, 1)))  # noqa: DTZ001  the school's clock has no zone
def test_every_minute_of_the_schools_clock_is_a_moment_that_shows_that_minute_again(naive):
    minute = naive.replace(second=0, microsecond=0)
    found = moment(minute.isoformat(), ZONE)
    shown = found.replace(tzinfo=None, fold=0)
    assert shown - minute in (timedelta(0), timedelta(hours=1))
    if shown != minute:  # only in the hour the clock skips
        assert (minute.month, minute.hour) == (3, 2)


@pytest.mark.parametrize(
    "text", [None, "", "x", 8, "2022-13-07T08:00:00", "2022-11-07T24:30:00", "9999-12-31T24:00:00"]
)
def test_what_is_no_time_is_none(text):
    assert moment(text, ZONE) is None
    assert lesson(modified=text).modified is None


# ---------------------------------------------------------------- rows that cannot be read

UNREADABLE = [
    ({"id": None}, "no_id"),
    ({"id": " "}, "no_id"),
    ({"start": None}, "no_time"),
    ({"end": "straks"}, "no_time"),
    ({"start": "2022-11-07T09:00:00"}, "end_before_start"),
    ({"end": "2022-11-06T09:00:00"}, "end_before_start"),
    ({"id": [1]}, "malformed"),
    ({"id": True}, "malformed"),
    ({"status": 7}, "malformed"),
    ({"teachers": {"id": 51}}, "malformed"),
    ({"teachers": [51]}, "malformed"),
    ({"students": "067"}, "malformed"),
]


@pytest.mark.parametrize(("spoilt", "why"), UNREADABLE)
def test_a_row_that_cannot_be_read_is_counted_and_harms_no_other(spoilt, why):
    found = page(PERIOD | {"id": 1}, PERIOD | spoilt, PERIOD | {"id": 2})
    assert [each.id for each in found.lessons] == ["1", "2"]
    assert list(found.unreadable.values()) == [why]
    assert len(found.rows) == 3


@pytest.mark.parametrize("row", [None, 7, "x", []])
def test_a_row_that_is_no_object_is_counted(row):
    assert list(page(row).unreadable.values()) == ["malformed"]


@settings(max_examples=30, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_json_in_place_of_a_part_breaks_the_page(value):
    for name in PERIOD:
        found = page(PERIOD | {name: value})
        assert len(found.lessons) + len(found.unreadable) == 1
    for name in MASTER:
        assert page(PERIOD, master=MASTER | {name: value}).lessons
    assert page(PERIOD, timeGrids=value).lessons


# ---------------------------------------------------------------- tests, texts, hours, header


def test_a_test_has_its_name_if_it_has_one():
    assert lesson(type="EXAM", exam={"id": 1, "type": "Toets", "name": " SO hoofdstuk 3 "}).exam == "SO hoofdstuk 3"
    assert lesson(type="EXAM", exam={"id": 1, "type": "Toets"}).exam == ""


def test_an_online_lesson_is_online():
    assert [lesson(icons=icons).online for icons in (["ONLINE"], ["NEW"], [], None, 7)] == [True, *[False] * 4]


def test_free_text_and_notes_are_never_read():
    row = PERIOD | {"lessonText": "Project", "lessonInfo": "Project", "substitutionText": "Inval", "notesAll": "geheim"}
    told = repr(page(row))
    assert not [word for word in ("Project", "Inval", "geheim") if word in told]


def test_each_time_grid_gives_its_hours_and_how_many_lessons_follow_it():
    slots = [
        {"day": 1, "unitOfDay": 2, "start": 850, "end": 940, "name": None},
        {"day": 1, "unitOfDay": 1, "start": 800, "end": 850, "name": "1e"},
        {"day": 7, "start": 2200, "end": 2400},
    ]
    odd = [{"day": 8, "start": 1, "end": 2}, {"day": 1, "start": 860, "end": 900}, {"day": 1, "start": 900}, None, 7]
    found = page(PERIOD, PERIOD | {"id": 2}, timeGrids=[{"id": 1, "timeGridSlots": slots + odd}, {"id": 2}, None])
    assert found.grids == {"1": (Slot(1, 480, 530, "1e"), Slot(1, 530, 580, "2"), Slot(7, 1320, 1440))}
    assert found.used == {"1": 2}


YEAR = SchoolYear(date(2022, 8, 29), date(2023, 7, 14))


@pytest.mark.parametrize(
    ("header", "year"),
    [
        ({"schoolYearStart": "2022-08-29", "schoolYearEnd": "2023-07-14"}, YEAR),
        ({"schoolYearStart": "2022-08-29T00:00:00", "schoolYearEnd": "2023-07-14T00:00:00"}, YEAR),
        ({"schoolYearStart": "2022-08-29"}, None),
        ({"schoolYearStart": None, "schoolYearEnd": None}, None),
        ({"schoolYearStart": "2023-08-29", "schoolYearEnd": "2022-07-14"}, None),
    ],
)
def test_the_school_year_is_told_or_not(header, year):
    assert page(header=header).year == year


@pytest.mark.parametrize(
    ("school", "tenant"),
    [({"tenantId": "1004400"}, "1004400"), ({"tenantId": 7}, "7"), ({}, ""), (None, ""), ("x", "")],
)
def test_the_page_says_whose_it_is(school, tenant):
    assert page(header={"school": school}).tenant == tenant


def test_deleted_ids_are_a_bare_list_of_numbers():
    assert deleted_ids([1, "2"]) == {"1", "2"}
    assert deleted_ids([]) == frozenset()
    for body in (None, {}, {"periods": []}, [None], [{"id": 1}], "12"):
        with pytest.raises(Rejected):
            deleted_ids(body)
