"""Profijt's own grades over HTTP: who may send what, what a bad row loses, what comes back, and how it goes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.flows.retention import retain
from tests.class_world import COURSE, INGRID, KEES, SCHOOL, ClassWorld, class_world
from tests.functions.answers import code, good

PLACE = "/coursework/3a-wi"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ClassWorld]:
    with class_world(tmp_path) as world:
        yield world


def kept(school: ClassWorld, user: str = INGRID) -> dict[str, Any]:
    return good(school.ask(user, "GET", PLACE))


def new(school: ClassWorld, **changes: Any) -> TestResponse:
    return school.ask(INGRID, "PUT", PLACE, json=COURSE | changes)


def grades_of(school: ClassWorld) -> dict[str, float | str]:
    return {each["student"]: each["score"] if each["mark"] == "" else each["mark"] for each in kept(school)["grades"]}


# ------------------------------------------------------------ what is kept


def test_what_was_sent_comes_back_and_may_be_sent_again(school: ClassWorld) -> None:
    told = good(new(school))
    assert (told["id"], told["students"], told["works"], told["grades"]) == ("profijt:3a-wi", 3, 1, 2)
    course = kept(school)
    assert course["teachers"] == [INGRID]
    assert course["works"][0]["due"] == "2026-11-20T23:59:00+01:00"
    assert (course["works"][0]["minimum"], course["works"][0]["maximum"]) == (1.0, 10.0)
    assert grades_of(school) == {"u1": 7.5, "u2": 4.0}
    body = {name: course[name] for name in ("name", "section", "teachers", "students")}
    body["works"] = [{name: value for name, value in work.items() if value} for work in course["works"]]
    body["grades"] = [{name: value for name, value in each.items() if value != ""} for each in course["grades"]]
    etag = school.ask(INGRID, "GET", PLACE).headers["ETag"]
    assert school.ask(INGRID, "PUT", PLACE, json=body, headers={"If-Match": etag}).get_json()["grades"] == 2


def test_a_course_answers_to_its_id_as_well_as_its_name(school: ClassWorld) -> None:
    new(school)
    assert good(school.ask(INGRID, "GET", "/coursework/profijt:3a-wi"))["id"] == "profijt:3a-wi"


def test_no_name_or_address_of_a_student_is_kept_a_second_time(school: ClassWorld) -> None:
    new(school)
    stored = [page.data for page in school.app.store.query(f"schools/{SCHOOL}/coursework").documents]
    stored += [
        part.data for part in school.app.store.query(f"schools/{SCHOOL}/coursework/profijt:3a-wi/parts").documents
    ]
    assert "Yılmaz" not in repr(stored)
    assert "baken.example" not in repr(stored)


def test_whoever_has_not_seen_the_course_does_not_replace_it(school: ClassWorld) -> None:
    first = new(school).headers["ETag"]
    assert code(new(school), 428) == "request.match_required"
    again = school.ask(INGRID, "PUT", PLACE, json=COURSE | {"section": "B"}, headers={"If-Match": first})
    assert again.headers["ETag"] != first
    late = school.ask(INGRID, "PUT", PLACE, json=COURSE, headers={"If-Match": first})
    assert code(late, 412) == "request.stale"


@pytest.mark.parametrize("name", ["wiskunde 3A", "x" * 101, "a:b", "3a/wi"])
def test_a_name_that_can_be_no_address_is_refused(school: ClassWorld, name: str) -> None:
    answer = school.ask(INGRID, "PUT", f"/coursework/{name}", json=COURSE)
    assert answer.get_json()["code"] in ("coursework.name", "request.path_unknown")


# ------------------------------------------------------------ scores (T40)

SCORES = {
    "zero of 1 to 10": (0, "grade.outside_scale"),
    "empty": ("", None),
    "null": (None, None),
    "comma": ("7,5", 7.5),
    "point": ("7.5", 7.5),
    "number": (10, 10.0),
    "lowest": ("1,0", 1.0),
    "letter": ("V", "grade.no_number"),
    "below": (-1, "grade.outside_scale"),
    "beyond": (11, "grade.outside_scale"),
    "a fraction of points": ("110/100", "grade.no_number"),
    "no number": ("NaN", "grade.no_number"),
    "text without end": ("1e309", "grade.no_number"),
    "infinity": ("Infinity", "grade.no_number"),
    "thousands": ("1.234,5", "grade.no_number"),
    "other digits": ("٧", "grade.no_number"),
    "true": (True, "request.field_type"),
    "a list": ([7], "request.field_type"),
    "excused": ("vrijgesteld", "excused"),
    "missing": ("Ontbreekt", "missing"),
}


@pytest.mark.parametrize(("score", "becomes"), SCORES.values(), ids=SCORES.keys())
def test_a_score_is_a_grade_no_grade_or_refused_by_itself(school: ClassWorld, score: object, becomes: object) -> None:
    rows = [{"work": "so-1", "student": "u1", "score": score}, {"work": "so-1", "student": "u2", "score": "8,5"}]
    told = good(new(school, grades=rows))
    found = grades_of(school)
    assert found.pop("u2") == 8.5  # a bad row loses nothing else
    if isinstance(becomes, str) and "." in becomes:
        assert [(each["row"], each["code"]) for each in told["refused"]] == [(1, becomes)]
        assert told["refused"][0]["message"]
        assert found == {}
    else:
        assert told["refused"] == []
        assert found == ({} if becomes is None else {"u1": becomes})
        assert told["empty"] == (1 if becomes is None else 0)


def test_a_number_that_no_computer_can_hold_is_refused_by_itself(school: ClassWorld) -> None:
    rows = '{"work":"so-1","student":"u1","score":1e309},{"work":"so-1","student":"u2","score":6}'
    body = json.dumps(COURSE | {"grades": []}).replace('"grades": []', f'"grades": [{rows}]')
    answer = school.ask(INGRID, "PUT", PLACE, data=body, headers={"Content-Type": "application/json"})
    assert [each["code"] for each in good(answer)["refused"]] == ["request.field_value"]
    assert grades_of(school) == {"u2": 6.0}


def test_points_begin_at_0_and_may_go_beyond_the_maximum(school: ClassWorld) -> None:
    work = {"id": "po", "title": "Werkstuk", "maximum": 100, "minimum": 0}
    rows = [{"work": "po", "student": "u1", "score": 0}, {"work": "po", "student": "u2", "score": 110}]
    rows += [{"work": "po", "student": "u3", "score": -1}]
    told = good(new(school, works=[work], grades=rows))
    assert grades_of(school) == {"u1": 0.0, "u2": 110.0}
    assert [each["code"] for each in told["refused"]] == ["grade.outside_scale"]


BAD_ROWS = {
    "a work that is not there": ({"work": "x", "student": "u1", "score": 7}, "grade.work_unknown"),
    "a student of another class": ({"work": "so-1", "student": "u4", "score": 7}, "grade.student_unknown"),
    "a mark that is none": ({"work": "so-1", "student": "u1", "mark": "ziek"}, "grade.mark"),
    "a mark and a score": ({"work": "so-1", "student": "u1", "mark": "excused", "score": 7}, "grade.mark"),
    "a field that is none": ({"work": "so-1", "student": "u1", "cijfer": 7}, "request.field_unknown"),
    "no work": ({"student": "u1", "score": 7}, "request.field_missing"),
    "no row at all": (7, "request.field_type"),
}


@pytest.mark.parametrize(("row", "why"), BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_bad_row_is_told_with_its_number_and_loses_nothing_else(school: ClassWorld, row: object, why: str) -> None:
    told = good(new(school, grades=[{"work": "so-1", "student": "u2", "score": 6}, row]))
    assert [(each["row"], each["code"]) for each in told["refused"]] == [(2, why)]
    assert grades_of(school) == {"u2": 6.0}


def test_two_grades_of_one_student_for_one_work_are_both_refused(school: ClassWorld) -> None:
    rows = [{"work": "so-1", "student": "u1", "score": 5}, {"work": "so-1", "student": "u1", "score": 6}]
    told = good(new(school, grades=rows))
    assert [(each["row"], each["code"]) for each in told["refused"]] == [(1, "grade.twice"), (2, "grade.twice")]


def test_a_student_whom_profijt_does_not_know_is_named(school: ClassWorld) -> None:
    told = good(new(school, students=["u1", "u9", "u2", "u1"]))
    assert told["unknownStudents"] == ["u9"]
    assert kept(school)["students"] == ["u1", "u2"]


BAD_COURSES = {
    "a work twice": ({"works": [COURSE["works"][0]] * 2}, "/works/1/id"),
    "no maximum": ({"works": [{"id": "a", "title": "A", "maximum": 1, "minimum": 1}]}, "/works/0/minimum"),
    "no date": ({"works": [{"id": "a", "title": "A", "due": "30-02-2026"}]}, "/works/0/due"),
    "a teacher nobody knows": ({"teachers": [INGRID, "d9"]}, "/teachers/1"),
    "not oneself": ({"teachers": [KEES]}, "/teachers"),
    "nobody": ({"teachers": []}, "/teachers"),
    "no name": ({"name": ""}, "/name"),
    "more": ({"cijfers": []}, "/cijfers"),
}


@pytest.mark.parametrize(("changes", "place"), BAD_COURSES.values(), ids=BAD_COURSES.keys())
def test_a_course_that_is_not_right_is_refused_as_a_whole(school: ClassWorld, changes: Any, place: str) -> None:
    answer = new(school, **changes)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.get_json()["errors"]] == [place]
    assert code(school.ask(INGRID, "GET", PLACE), 404) == "course.unknown"


def test_a_course_has_a_size(school: ClassWorld) -> None:
    many = [{"work": "so-1", "student": "u1", "score": 7}] * 20_001
    assert code(new(school, grades=many), 422) == "coursework.too_many"


# ------------------------------------------------------------ CSV

HEADER = "leerling;werk;titel;omschrijving;opgegeven;inleveren;maximum;minimum;categorie;cijfer\r\n"


def send_csv(school: ClassWorld, text: str, query: str = "?naam=Wiskunde 3A", **headers: str) -> TestResponse:
    told = {"Content-Type": "text/csv", **headers}
    return school.ask(INGRID, "PUT", f"{PLACE}{query}", data=text.encode("utf-8-sig"), headers=told)


def test_a_dutch_csv_file_says_the_same(school: ClassWorld) -> None:
    rows = (
        "u1;so-1;SO H3 breuken;;16-11-2026;20-11-2026 08:30;;;SO;7,5\r\n"
        "u2;so-1;;;;;;;;vrijgesteld\r\n"
        "u3;;;;;;;;;\r\n"
        "\r\n"
        "u2;po;Werkstuk;;;;100;0;PO;110\r\n"
    )
    told = good(send_csv(school, HEADER + rows))
    assert (told["students"], told["works"], told["grades"], told["refused"]) == (3, 2, 3, [])
    course = kept(school)
    assert course["name"] == "Wiskunde 3A"
    first = course["works"][0]
    assert (first["title"], first["category"]) == ("SO H3 breuken", "SO")
    assert first["assigned"] == "2026-11-16T00:00:00+01:00"
    assert first["due"] == "2026-11-20T08:30:00+01:00"


def test_bad_rows_of_a_csv_file_are_listed_and_the_others_kept(school: ClassWorld) -> None:
    rows = (
        "u1;so-1;SO;;;;;;;11\r\n"
        "u2;so-1;Iets anders;;;;;;;7\r\n"
        "u3;so-1;;;;morgen;;;;7\r\n"
        "u3;so-1;;;;;veel;;;7\r\n"
        "u3;so-1;7\r\n"
        ";so-1;;;;;;;;7\r\n"
        "u4;so-1;;;;;;;;6,5\r\n"
    )
    told = good(send_csv(school, HEADER + rows))
    assert [(each["row"], each["code"]) for each in told["refused"]] == [
        (1, "grade.outside_scale"),
        (2, "work.differs"),
        (3, "work.moment"),
        (4, "work.number"),
        (5, "users.cells"),
        (6, "users.empty"),
    ]
    assert grades_of(school) == {"u4": 6.5}


def test_without_a_name_the_course_keeps_the_one_it_had(school: ClassWorld) -> None:
    etag = new(school).headers["ETag"]
    good(send_csv(school, "leerling;werk;cijfer\nu1;so-2;8\n", query="", **{"If-Match": etag}))
    assert (kept(school)["name"], kept(school)["teachers"]) == ("Wiskunde 3A", [INGRID])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("leerling;werk\nu1;so\n", "coursework.header"),
        ("leerling;werk;cijfer;bsn\nu1;so;7;123456782\n", "coursework.columns"),
        ("leerling;werk;cijfer;cijfer\nu1;so;7;7\n", "coursework.columns"),
        ('leerling;werk;cijfer\n"u1;so;7\n', "users.csv_broken"),
    ],
    ids=["too few columns", "a column that is none", "a column twice", "an open quotation mark"],
)
def test_a_file_that_is_not_right_is_refused_and_no_value_is_repeated(school: ClassWorld, text: str, why: str) -> None:
    answer = send_csv(school, text)
    assert code(answer, 422) == why
    assert "123456782" not in answer.text


# ------------------------------------------------------------ who may


def test_another_teachers_course_is_not_there_unless_he_is_one_of_its_teachers(school: ClassWorld) -> None:
    etag = new(school).headers["ETag"]
    for method in ("GET", "DELETE"):
        assert code(school.ask(KEES, method, PLACE), 404) == "course.unknown"
    assert code(school.send(KEES), 404) == "course.unknown"
    both = {"teachers": [INGRID, KEES]}
    school.ask(INGRID, "PUT", PLACE, json=COURSE | both, headers={"If-Match": etag})
    assert kept(school, KEES)["teachers"] == [INGRID, KEES]


@pytest.mark.parametrize("role", ["student", "admin", "support"])
def test_nobody_but_teachers_and_the_service_has_grades_here(school: ClassWorld, role: str) -> None:
    new(school)
    for method in ("GET", "PUT", "DELETE"):
        assert code(school.ask("u1", method, PLACE, role=role, json=COURSE), 403) == "request.not_allowed"


def test_another_school_does_not_have_it(school: ClassWorld) -> None:
    new(school)
    assert code(school.ask(INGRID, "GET", PLACE, school="elders"), 404) == "request.not_found"


def test_the_service_sends_for_a_teacher_whom_it_names(school: ClassWorld) -> None:
    assert code(school.as_service("PUT", PLACE, json=COURSE), 422) == "coursework.no_teacher"
    good(school.as_service("PUT", PLACE, json=COURSE | {"teachers": [KEES]}))
    assert kept(school, KEES)["name"] == "Wiskunde 3A"
    assert code(school.ask(INGRID, "GET", PLACE), 404) == "course.unknown"
    assert school.as_service("DELETE", PLACE).status_code == 204


# ------------------------------------------------------------ how it goes


def test_a_course_that_was_removed_is_gone_with_its_grades_and_its_name_is_free(school: ClassWorld) -> None:
    new(school)
    assert school.ask(INGRID, "DELETE", PLACE).status_code == 204
    assert code(school.ask(INGRID, "DELETE", PLACE), 404) == "course.unknown"
    assert not school.app.store.query(f"schools/{SCHOOL}/coursework/profijt:3a-wi/parts").documents
    good(school.ask(KEES, "PUT", PLACE, json=COURSE))


def test_400_days_after_its_last_change_a_course_is_over_and_then_deleted(school: ClassWorld) -> None:
    new(school)
    school.pass_(days=399)
    etag = school.ask(INGRID, "GET", PLACE).headers["ETag"]
    school.ask(INGRID, "PUT", PLACE, json=COURSE, headers={"If-Match": etag})
    school.pass_(days=399)
    assert kept(school)
    school.pass_(days=2)
    assert code(school.ask(INGRID, "GET", PLACE), 404) == "course.unknown"
    good(school.ask(KEES, "PUT", PLACE, json=COURSE))  # also before the database deletes it
    school.pass_(days=401)
    assert retain(school.app, SCHOOL).deleted["coursework"] == 1


def test_the_audit_tells_counts_and_no_student(school: ClassWorld) -> None:
    new(school)
    answer = good(school.ask("a1", "GET", "/audit", role="admin"))
    event = answer["items"][0]
    assert (event["action"], event["subject"]) == ("coursework.saved", "profijt:3a-wi")
    assert event["after"] == {"leerlingen": 3, "werk": 1, "cijfers": 2}
