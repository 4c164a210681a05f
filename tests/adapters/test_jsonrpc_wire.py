"""JSON-RPC on paper: every trap of the document and of the field reports, as data."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.http import Answer
from shared.adapters.webuntis_jsonrpc import master_data
from shared.adapters.webuntis_jsonrpc.periods import Periods
from shared.adapters.webuntis_jsonrpc.wire import Refused, Word, error_of, question, result_in
from shared.domain.causes import CAUSES
from shared.domain.people import Person, Role
from shared.domain.timetable import Change, Element, ElementKind, Holiday, Kind, Lesson, Ref, Slot, Status
from shared.errors import NotAuthorized, Rejected, RemoteError, Throttled, Unreachable

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SEEN = datetime(2022, 11, 7, 6, tzinfo=UTC)
GAP = 'Cannot invoke "com.grupet.web.basic.Schoolyear.getEndDate()" because "schoolyear" is null'


def answer(body: object, status: int = 200, content_type: str = "application/json-rpc;charset=UTF-8") -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer("webuntis", "tom.webuntis.com", status, {"content-type": content_type}, raw)


# ---------------------------------------------------------------- questions and answers


def test_a_question_without_parameters_has_an_empty_object_of_them() -> None:
    assert json.loads(question("7", "logout", {})) == {"id": "7", "method": "logout", "params": {}, "jsonrpc": "2.0"}


@pytest.mark.parametrize("result", [None, 0, [], [{"id": 1}], {"sessionId": "A"}], ids=str)
def test_a_result_is_whatever_stands_there_also_nothing(result: object) -> None:
    assert result_in(answer({"jsonrpc": "2.0", "id": "7", "result": result}), "7", "getX") == result


REFUSALS = [
    (404, {"id": "7", "error": {"code": -8500, "message": "invalid schoolname"}}, Word.UNKNOWN_SCHOOL),
    (200, {"id": "error", "error": {"code": -8520, "message": "not authenticated"}}, Word.EXPIRED),
    (200, {"error": {"code": -8509, "message": "no right for getTeachers()"}}, Word.NO_RIGHT),
    (200, {"id": "7", "result": None, "error": {"code": -7004, "message": "no allowed date"}}, Word.NO_DATE),
    (200, {"id": "7", "error": {"code": -7002}}, Word.UNKNOWN_ELEMENT),
    (200, {"id": "7", "error": {"code": -8507, "message": "not within a single school year"}}, Word.TWO_YEARS),
    (200, {"id": "7", "error": {"code": -8998, "message": GAP}}, Word.NO_YEAR),
    (200, {"id": "7", "error": {"code": -8998, "message": "Benutzer ist vorübergehend gesperrt"}}, Word.LOCKED),
    (200, {"id": "7", "error": {"code": -8998}}, Word.OTHER),
    (200, {"id": "7", "error": {"code": -8511}}, Word.LOCKED),
    (500, {"id": "7", "error": {"code": -42003, "message": "maintenance"}}, Word.MAINTENANCE),
    (200, {"id": "7", "error": {"code": -31999}}, Word.OTHER),
    (200, {"id": "7", "error": "something"}, Word.OTHER),
    (200, {"id": "7", "error": {"code": "-8520"}}, Word.OTHER),
]


@pytest.mark.parametrize(("status", "body", "word"), REFUSALS, ids=str)
def test_an_error_is_read_before_the_status_and_before_the_id(status: int, body: object, word: Word) -> None:
    with pytest.raises(Refused) as caught:
        result_in(answer(body, status), "7", "getX")
    assert caught.value.word is word


@pytest.mark.parametrize("code", [-8504, -8506, -8502, -8521, -8525, -8509, -32603, -1, "-8504", None])
def test_at_login_whatever_we_do_not_know_counts_as_a_wrong_password(code: object) -> None:
    with pytest.raises(Refused) as caught:
        result_in(answer({"id": "7", "error": {"code": code, "message": "?"}}), "7", "authenticate")
    assert caught.value.word is Word.REFUSED


def test_an_unspecified_error_at_login_is_taken_for_a_lock_whatever_its_language() -> None:
    with pytest.raises(Refused) as caught:
        result_in(answer({"id": "7", "error": {"code": -8998, "message": "Käyttäjä on lukittu"}}), "7", "authenticate")
    assert caught.value.word is Word.LOCKED


BROKEN = [
    (answer({"id": "8", "result": []}), "webuntis.rpc_unclear"),
    (answer({"result": []}), "webuntis.rpc_unclear"),
    (answer({"id": "7"}), "webuntis.rpc_unclear"),
    (answer([1]), "webuntis.rpc_unclear"),
    (answer({}), "webuntis.rpc_unclear"),
    (answer(b"<html>Onderhoud", content_type="text/html"), "http.html"),
    (answer(b"<html>Onderhoud"), "http.html"),
    (answer(b"storing"), "http.not_json"),
    (answer(b'{"id": "7", "res'), "http.half_answer"),
    (answer(b"<html>weg", 503, "text/html"), "http.server_error"),
    (answer({"id": "7", "result": []}, 503), "http.server_error"),
    (answer(b"<html>nee", 404, "text/html"), "http.refused"),
]


@pytest.mark.parametrize(("broken", "code"), BROKEN, ids=lambda each: str(each)[:40])
def test_what_is_no_answer_to_this_question_is_an_error(broken: Answer, code: str) -> None:
    with pytest.raises(RemoteError) as caught:
        result_in(broken, "7", "getX")
    assert caught.value.code == code


def test_every_word_ends_in_an_error_that_can_be_told_to_people() -> None:
    kinds = {
        Word.REFUSED: NotAuthorized,
        Word.SECOND_FACTOR: NotAuthorized,
        Word.NO_RIGHT: NotAuthorized,
        Word.LOCKED: Throttled,
        Word.UNKNOWN_SCHOOL: Rejected,
        Word.OTHER: Rejected,
        Word.NO_DATE: Rejected,
        Word.EXPIRED: Unreachable,
        Word.MAINTENANCE: Unreachable,
        Word.NO_YEAR: Unreachable,
        Word.TWO_YEARS: Unreachable,
        Word.UNKNOWN_ELEMENT: Unreachable,
    }
    for word in Word:
        err = error_of(Refused("getTeachers", -1, word))
        assert type(err) is kinds[word]
        assert err.facts["list"] == "teachers"
        assert "?" not in CAUSES[err.code].sentence("nl", err.facts)


def test_a_locked_account_is_left_alone_for_an_hour() -> None:
    assert error_of(Refused("authenticate", -8998, Word.LOCKED)).retry_after == 3600


# ---------------------------------------------------------------- periods

ORDINARY = {
    "id": 1, "date": 20221107, "startTime": 830, "endTime": 920, "kl": [{"id": 11}], "te": [{"id": 21}],
    "su": [{"id": 31}], "ro": [{"id": 41}], "lsnumber": 137500,
}  # fmt: skip


def lesson_of(**fields: object) -> Lesson:
    periods = Periods(AMSTERDAM, SEEN)
    periods.add([{key: value for key, value in (ORDINARY | fields).items() if value != "omitted"}])
    assert periods.unreadable == ()
    return periods.lessons[0]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 11, day, hour, minute, tzinfo=AMSTERDAM)


TIMES = [
    (800, 845, at(7, 8), at(7, 8, 45)),
    (0, 2400, at(7, 0), at(8, 0)),
    (0, 0, at(7, 0), at(7, 0)),
    (5, 1245, at(7, 0, 5), at(7, 12, 45)),
    ("0830", "2359", at(7, 8, 30), at(7, 23, 59)),
]


@pytest.mark.parametrize(("first", "last", "start", "end"), TIMES, ids=str)
def test_times_are_numbers_without_a_leading_zero(first, last, start, end) -> None:
    lesson = lesson_of(startTime=first, endTime=last)
    assert (lesson.start, lesson.end) == (start, end)


def test_midnight_at_the_end_of_december_is_in_the_next_year() -> None:
    assert lesson_of(date=20221231, endTime=2400).end == datetime(2023, 1, 1, tzinfo=AMSTERDAM)


UNREADABLE = [
    ({"id": None}, "no_id"),
    ({"id": 0}, "no_id"),
    ({"date": 20221307}, "bad_time"),
    ({"date": None}, "bad_time"),
    ({"date": "maandag"}, "bad_time"),
    ({"endTime": 2401}, "bad_time"),
    ({"startTime": 875}, "bad_time"),
    ({"startTime": -5}, "bad_time"),
    ({"startTime": [8]}, "bad_time"),
    ({"endTime": 829}, "end_before_start"),
    ({"te": ["VRI"]}, "bad_shape"),
    ({"kl": {"id": 3}}, "bad_shape"),
    ({"lsnumber": "x"}, "bad_shape"),
]


@pytest.mark.parametrize(("fields", "why"), UNREADABLE, ids=str)
def test_a_period_that_cannot_be_read_is_counted_and_harms_no_other(fields: dict, why: str) -> None:
    periods = Periods(AMSTERDAM, SEEN)
    periods.add([ORDINARY | {"id": 5} | fields, ORDINARY])
    assert [each.id for each in periods.lessons] == ["1"]
    assert periods.unreadable == ((why, 1),)


def test_what_is_no_period_is_counted_too_and_a_shared_one_once() -> None:
    periods = Periods(AMSTERDAM, SEEN)
    for _ in range(2):
        periods.add([ORDINARY | {"id": 9, "date": 0}, ORDINARY])
    periods.add([None, "les"])
    assert periods.unreadable == (("bad_time", 1), ("no_id", 2))
    assert len(periods.lessons) == 1


REG, ADD, REM = Change.REGULAR, Change.ADDED, Change.REMOVED
PARTS = [
    ([{"id": 21}], [("21", REG)]),
    ([{"id": 22, "orgid": 21}], [("22", ADD), ("21", REM)]),
    ([{"id": 0, "orgid": 21}], [("21", REM)]),
    ([{"orgid": 21}], [("21", REM)]),
    ([{"id": 0}], []),
    ([{"id": 21, "orgid": 0}], [("21", REG)]),
    ([{"id": 21, "orgid": 21}], [("21", REG)]),
    ([{"id": 21}, {"id": 23, "orgid": 22}], [("21", REG), ("23", ADD), ("22", REM)]),
    ([{"id": 21, "orgid": 22}, {"id": 22, "orgid": 21}], [("21", REG), ("22", REG)]),
    ([{"id": 21}, {"id": 21}], [("21", REG)]),
    ([], []),
    (None, []),
    ("omitted", []),
]


@pytest.mark.parametrize("part", ["kl", "te", "su", "ro"])
@pytest.mark.parametrize(("entries", "expected"), PARTS, ids=str)
def test_a_substitution_is_seen_from_who_was_replaced_without_any_code(part, entries, expected) -> None:
    lesson = lesson_of(**{part: entries})
    refs = {"kl": lesson.classes, "te": lesson.teachers, "su": lesson.subjects, "ro": lesson.rooms}[part]
    assert [(ref.id, ref.change) for ref in refs] == expected
    assert lesson.status is (Status.CHANGED if any(change is not REG for _, change in expected) else Status.REGULAR)


STATUSES = [
    ("omitted", Status.REGULAR),
    (None, Status.REGULAR),
    ("", Status.REGULAR),
    ("cancelled", Status.CANCELLED),
    ("irregular", Status.CHANGED),
    ("teleported", Status.OTHER),
]


@pytest.mark.parametrize(("code", "status"), STATUSES)
def test_a_code_is_a_status_and_a_new_one_survives(code, status) -> None:
    assert lesson_of(code=code).status is status


def test_a_cancelled_lesson_stays_cancelled_when_its_teacher_was_replaced_first() -> None:
    assert lesson_of(code="cancelled", te=[{"id": 22, "orgid": 21}]).status is Status.CANCELLED


KINDS = [
    ({}, Kind.LESSON),
    ({"lstype": "oh"}, Kind.OFFICE_HOUR),
    ({"lstype": "sb"}, Kind.STANDBY),
    ({"lstype": "bs"}, Kind.BREAK_SUPERVISION),
    ({"lstype": "ex", "activityType": "Unterricht"}, Kind.EXAM),
    ({"lstype": "xx"}, Kind.OTHER),
    ({"lstype": "", "activityType": "Unterricht"}, Kind.LESSON),
    ({"activityType": "PRÜFUNG"}, Kind.EXAM),
    ({"activityType": "Veranstaltung"}, Kind.EVENT),
    ({"activityType": "Enseignement"}, Kind.LESSON),
]


@pytest.mark.parametrize(("fields", "kind"), KINDS, ids=str)
def test_what_a_lesson_is_comes_from_its_type_else_from_its_activity(fields, kind) -> None:
    assert lesson_of(**fields).kind is kind


def test_periods_of_one_lesson_share_the_hundreds_of_their_number() -> None:
    assert [lesson_of(lsnumber=number).lesson for number in (137500, 137501, 137600, 0, "omitted")] == [
        "1375", "1375", "1376", "", "",
    ]  # fmt: skip


def test_a_student_group_is_known_by_its_name_and_students_are_not_told() -> None:
    lesson = lesson_of(sg=" FA_3HV ")
    assert lesson.groups == (Ref("FA_3HV"),)
    assert lesson.students is None


def test_elements_gather_what_several_periods_tell_of_them() -> None:
    periods = Periods(AMSTERDAM, SEEN)
    replaced = {"id": 22, "name": "BAK", "externalkey": "D022", "orgid": 21, "orgname": "VRI"}
    periods.add([ORDINARY | {"te": [replaced]}])
    periods.add([ORDINARY | {"id": 2, "te": [{"id": 21, "longname": "de Vries", "externalkey": " D021 "}]}])
    teachers = {each for each in periods.elements if each.kind is ElementKind.TEACHER}
    assert teachers == {
        Element(ElementKind.TEACHER, "21", "VRI", "D021", "de Vries"),
        Element(ElementKind.TEACHER, "22", "BAK", "D022"),
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "orgid", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.lists(st.dictionaries(st.sampled_from([*ORDINARY, "sg", "code", "lstype", "activityType"]), JSON), max_size=4)
)
def test_no_period_however_odd_stops_the_others(rows: list[dict]) -> None:
    periods = Periods(AMSTERDAM, SEEN)
    periods.add([*rows, ORDINARY | {"id": "last"}])
    assert "last" in {each.id for each in periods.lessons}


# ---------------------------------------------------------------- lists


def class_ids(result: object) -> tuple[int, ...]:
    return master_data.ids(result, "getKlassen")


def test_day_one_is_sunday_and_hours_become_minutes() -> None:
    unit = [{"name": "1", "startTime": 800, "endTime": 845}]
    found = master_data.grid([{"day": day, "timeUnits": unit} for day in (1, 2, 7)])
    assert found == (Slot(7, 480, 525, "1"), Slot(1, 480, 525, "1"), Slot(6, 480, 525, "1"))


def test_hours_and_holidays_that_cannot_be_read_are_left_out() -> None:
    odd = [{"day": 0, "timeUnits": []}, {"day": 2}, {"day": 3, "timeUnits": [{"startTime": 800}]}, {"timeUnits": None}]
    assert master_data.grid(odd) == ()
    days = {"startDate": 20221024, "endDate": 20221030}
    rows = [days | {"longName": "Herfst"}, {"startDate": 1}, days | {"name": "H"}]
    assert [each.name for each in master_data.holidays(rows)] == ["Herfst", "H"]
    assert master_data.holidays(rows)[0] == Holiday("Herfst", date(2022, 10, 24), date(2022, 10, 30))


def test_students_have_their_key_as_text_and_teachers_never_have_one() -> None:
    rows = [{"id": 1, "key": "067", "name": "BauBen", "foreName": "Benjamin", "longName": "Bauer", "gender": "male"}]
    assert master_data.people(rows, Role.STUDENT) == (Person("1", Role.STUDENT, "067", "Benjamin", "Bauer", "BauBen"),)
    assert master_data.people(rows, Role.TEACHER)[0].key == ""
    assert master_data.people([{"id": 2}], Role.STUDENT) == (Person("2", Role.STUDENT, "", "", ""),)


INCOMPLETE = [
    [{"longName": "Bauer"}],
    [{"id": "x"}],
    [{"id": 1, "longName": ["Bauer"]}],
    [{"id": 1, "longName": "Bauer"}, {"id": 1, "longName": "Berg"}],
]


@pytest.mark.parametrize("rows", INCOMPLETE, ids=str)
def test_a_list_of_people_is_whole_or_an_error(rows: list) -> None:
    with pytest.raises(Rejected, match=r"webuntis\.list_incomplete"):
        master_data.people(rows, Role.STUDENT)


@pytest.mark.parametrize("result", [None, {}, "x", [None]], ids=str)
def test_what_is_no_list_is_an_error_not_an_empty_one(result: object) -> None:
    for read in (master_data.years, class_ids, master_data.holidays, master_data.grid):
        with pytest.raises(Rejected, match=r"webuntis\.no_list"):
            read(result)
    assert class_ids([]) == ()


def test_classes_and_teachers_who_are_no_longer_active_are_not_asked_for() -> None:
    assert class_ids([{"id": 1, "active": True}, {"id": 2, "active": False}, {"id": 3}]) == (1, 3)
