"""Vakken over HTTP: one list with colours, kept as a whole, and what WebUntis has that is in none of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.domain.people import Role
from shared.flows.audit import read_audit
from shared.simulators.untis_timetable import Part
from tests.functions.desk import Desk, pupils
from tests.lessons_at_school import Lessons, lessons_at_school

MATHS = {"id": "wis", "name": "Wiskunde", "colour": "#1e88e5", "abbreviations": ["WI", "wisA"]}
DUTCH = {"id": "net", "name": "Nederlands", "colour": "#FFEB3B", "abbreviations": ["ne"]}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        teacher, pupil = there.person(Role.TEACHER), there.person(Role.STUDENT)
        there.give(100, teacher=teacher, students=[pupil])
        there.give(101, "09:20", teacher=teacher, students=[pupil], subjects=(Part(2),))
        there.give(102, "10:30", teacher=teacher, students=[pupil], subjects=(Part(2),))
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


def put(desk: Desk, *subjects: dict[str, Any], seen: str | None = None) -> TestResponse:
    tag = desk.admin("/subjects").headers.get("ETag", "*") if seen is None else seen
    headers = {"If-Match": tag} if tag else {}
    return desk.admin("/subjects", method="PUT", json={"subjects": list(subjects)}, **headers)


def colours(desk: Desk) -> list[str]:
    answer = desk.of(pupils(desk.school)[0])
    return [lesson["colour"] for lesson in answer.get_json()["weeks"][0]["lessons"]]


def test_the_colours_show_at_once_grey_until_then_and_without_a_call(school: Lessons, desk: Desk) -> None:
    grey = colours(desk)
    assert len(set(grey)) == 1
    before = school.asked()
    assert put(desk, MATHS).status_code == 200
    assert colours(desk) == ["#1E88E5", grey[0], grey[0]]
    assert put(desk, MATHS, DUTCH).status_code == 200
    assert colours(desk) == ["#1E88E5", "#FFEB3B", "#FFEB3B"]
    assert school.asked() == before


def test_what_has_no_subject_is_listed_with_how_often_it_occurs(desk: Desk) -> None:
    unmapped = lambda: desk.admin("/subjects/unmapped").get_json()["items"]  # noqa: E731
    assert unmapped() == [{"abbreviation": "ne", "lessons": 2}, {"abbreviation": "wi", "lessons": 1}]
    put(desk, DUTCH)
    assert unmapped() == [{"abbreviation": "wi", "lessons": 1}]


def test_what_was_not_read_is_not_said_to_have_a_subject(school: Lessons, desk: Desk) -> None:
    school.untis.fail("error", "timetable", status=503)
    answer = desk.admin("/subjects/unmapped")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "timetable.not_there")
    school.settings(enabled=False)
    answer = desk.admin("/subjects/unmapped")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "timetable.coupling_off")


def test_of_several_weeks_all_are_read_or_none_is_told(school: Lessons, desk: Desk) -> None:
    assert desk.admin("/subjects/unmapped").status_code == 200
    school.untis.fail("error", "timetable", status=503)
    assert desk.admin("/subjects/unmapped?from=2026-11-23&to=2026-12-04").status_code == 503
    assert desk.admin("/subjects/unmapped").status_code == 200


def test_the_text_on_a_colour_can_be_read(desk: Desk) -> None:
    told = put(desk, MATHS, DUTCH | {"colour": "#000000"}).get_json()["subjects"]
    assert [each["textColour"] for each in told][1].upper() == "#FFFFFF"


@pytest.mark.parametrize(
    "wrong",
    [
        [MATHS, MATHS | {"id": "twee", "name": "Twee"}],  # the same abbreviation twice
        [MATHS, DUTCH | {"id": "wis"}],
        [MATHS | {"colour": "rood"}],
        [MATHS | {"colour": "#12345"}],
        [MATHS | {"bsn": "1"}],
    ],
)
def test_a_list_with_a_fault_is_refused_as_a_whole(desk: Desk, wrong: list[dict[str, Any]]) -> None:
    put(desk, DUTCH)
    assert put(desk, *wrong).status_code == 422
    assert [each["id"] for each in desk.admin("/subjects").get_json()["subjects"]] == ["net"]


def test_two_admins_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    put(desk, DUTCH)
    seen = desk.admin("/subjects").headers["ETag"]
    assert put(desk, MATHS, seen=seen).status_code == 200
    assert put(desk, DUTCH, seen=seen).status_code == 412
    assert put(desk, DUTCH, seen="").status_code == 428


def test_who_changed_which_subject_is_in_the_audit(school: Lessons, desk: Desk) -> None:
    put(desk, MATHS)
    event = read_audit(school.app, school.id, limit=1, cursor=None)[0][0]
    assert (event.action, event.actor) == ("subjects.saved", "u-beheerder")


def test_teachers_may_look_and_students_may_not(school: Lessons, desk: Desk) -> None:
    assert desk.of(school.person(Role.TEACHER), "/subjects").status_code == 200
    assert desk.of(pupils(school)[0], "/subjects").status_code == 403
    for path, method in (("/subjects", "PUT"), ("/subjects/unmapped", "GET")):
        assert desk.of(school.person(Role.TEACHER), path, method=method).status_code == 403
