"""Exporteren over HTTP: the same lessons as the Planner, and never an empty file that hides a reason."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest

from shared.domain.people import Role
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import link_path
from shared.ports import Write
from tests.functions.desk import Desk, lessons, pupils
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school

FILES = ["/timetable.ics", "/timetable.csv"]


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        for nth, start in enumerate(("08:30", "09:20", "10:30")):
            pupil = there.person(Role.STUDENT, nth)
            there.give(100 + nth, start, day=nth, teacher=there.person(Role.TEACHER), students=[pupil])
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


@pytest.mark.parametrize("query", ["", "?from=2026-11-24&to=2026-11-25", "?subject=wi", "?teacher=niemand"])
def test_the_files_hold_what_the_planner_shows(school: Lessons, desk: Desk, query: str) -> None:
    for answers in (
        [desk.admin(f"{path}{query}") for path in ("/timetable", *FILES)],
        [desk.of(pupils(school)[1], f"{path}{query}") for path in ("/timetable", *FILES)],
    ):
        shown = lessons(answers[0])
        events = icalendar.Calendar.from_ical(answers[1].data).walk("VEVENT")
        rows = list(csv.reader(io.StringIO(answers[2].data.decode("utf-8-sig")), delimiter=";"))
        assert len(events) == len(rows) - 1 == len(shown)
        assert "attachment" in answers[1].headers["Content-Disposition"]


@pytest.mark.parametrize("path", FILES)
def test_no_student_is_in_a_file(school: Lessons, desk: Desk, path: str) -> None:
    text = desk.admin(path).data.decode()
    for pupil in pupils(school):
        assert pupil.last_name not in text
        assert f";{pupil.key};" not in text


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_one_is_no_file_of_another(school: Lessons, desk: Desk, path: str) -> None:
    first, second, _ = pupils(school)
    answer = desk.of(first, path)
    tag = answer.headers["ETag"]
    assert desk.of(first, path, **{"If-None-Match": tag}).status_code == 304
    other = desk.of(second, path, **{"If-None-Match": tag})
    assert other.status_code == 200
    assert other.data != answer.data


@pytest.mark.parametrize("path", FILES)
def test_who_is_not_linked_is_told_so_because_waiting_will_not_help(school: Lessons, desk: Desk, path: str) -> None:
    pupil = pupils(school)[0]
    desk.of(pupil, path)
    school.app.store.commit([Write(link_path(school.id, school.user(pupil)), None)])
    answer = desk.of(pupil, path)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (404, "timetable.not_linked")


@pytest.mark.parametrize("path", FILES)
def test_without_a_snapshot_there_is_no_file(school: Lessons, desk: Desk, path: str) -> None:
    school.untis.fail("error", "timetable", status=503)
    answer = desk.admin(path)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, "timetable.not_there")


@pytest.mark.parametrize("path", FILES)
def test_half_a_period_is_no_file(school: Lessons, desk: Desk, path: str) -> None:
    assert desk.admin(path).status_code == 200
    school.untis.fail("error", "timetable", status=503)
    assert desk.admin(f"{path}?from=2026-11-23&to=2026-12-04").status_code == 503


@pytest.mark.parametrize("path", FILES)
def test_switched_off_there_is_no_file(school: Lessons, desk: Desk, path: str) -> None:
    school.settings(enabled=False)
    answer = desk.admin(path)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (409, "timetable.coupling_off")


def test_a_lesson_keeps_its_identity_through_a_change_of_room(school: Lessons, desk: Desk) -> None:
    def event() -> icalendar.cal.Component:
        return icalendar.Calendar.from_ical(desk.of(pupils(school)[0], FILES[0]).data).walk("VEVENT")[0]

    before = event()
    school.clock.pass_(hours=1)
    school.timetable.change_room(100, 2)

    refresh_week(school.app, school.id, WEEK, owner="x")
    after = event()
    assert before["UID"] == after["UID"]
    assert before["LOCATION"] != after["LOCATION"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
