"""What a timetable cannot show is said, and never told as "no lessons" or "nothing changed"."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.flows.directory import open_directory, repack
from shared.flows.packed import commit_packed
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import directory_path
from shared.flows.week_part import Part, part_of, parts_of_school
from shared.flows.weeks import head_path
from shared.ports import Write
from tests.functions.desk import Desk, codes, lessons
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school
from tests.lessons_by_api import lessons_by_api

SINCE = "/timetable?since=2026-11-16T08:00:00Z"
FORTNIGHT = "?from=2026-11-23&to=2026-12-04"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


# ---------------------------------------------------------------- lessons whose students nobody tells


def test_a_student_whose_lessons_are_not_told_does_not_hear_that_he_has_none(school: Lessons, desk: Desk) -> None:
    school.give(1, teacher=school.person(Role.TEACHER))
    school.give(2, "09:20", teacher=school.person(Role.TEACHER))
    answer = desk.of(school.person(Role.STUDENT))
    assert (lessons(answer), codes(answer)) == (set(), ["week.untold"])
    [notice] = answer.get_json()["notices"]
    assert "2 lessen" in notice["message"]
    assert notice["owner"] == "untis-admin"
    assert codes(desk.of(school.person(Role.TEACHER))) == []


def test_neither_does_a_file_or_a_calendar_say_that_he_has_none(school: Lessons, desk: Desk) -> None:
    school.give(1, teacher=school.person(Role.TEACHER))
    pupil = school.person(Role.STUDENT)
    for path in ("/timetable.ics", "/timetable.csv", "/timetable/analysis.csv"):
        answer = desk.of(pupil, path)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "week.untold")
    address = desk.of(pupil, "/feeds", method="POST").get_json()["address"]
    assert desk.client.get(address).status_code == 503


def test_a_week_that_is_not_told_is_not_left_out_beside_one_that_is(school: Lessons, desk: Desk) -> None:
    pupil = school.person(Role.STUDENT)
    school.give(1, teacher=school.person(Role.TEACHER))
    school.give(2, day=7, teacher=school.person(Role.TEACHER), students=[pupil])
    assert lessons(desk.of(pupil, f"/timetable{FORTNIGHT}")) == {"2"}
    for path in ("/timetable.ics", "/timetable.csv", "/timetable/analysis.csv"):
        answer = desk.of(pupil, f"{path}{FORTNIGHT}")
        assert (answer.status_code, answer.get_json()["code"]) == (409, "week.untold")
    address = desk.of(pupil, "/feeds", method="POST").get_json()["address"]
    answer = desk.client.get(address)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "timetable.not_there")
    assert int(answer.headers["Retry-After"]) > 0


def test_an_hour_whose_students_nobody_enters_makes_no_free_week_doubtful(school: Lessons, desk: Desk) -> None:
    mine, another = (school.person(Role.STUDENT, nth) for nth in range(2))
    school.give(1, teacher=school.person(Role.TEACHER), students=[another])
    school.give(2, "09:20", teacher=school.person(Role.TEACHER))
    school.give(3, day=7, teacher=school.person(Role.TEACHER), students=[mine])
    assert desk.of(mine, f"/timetable.csv{FORTNIGHT}").status_code == 200
    address = desk.of(mine, "/feeds", method="POST").get_json()["address"]
    assert desk.client.get(address).text.count("BEGIN:VEVENT") == 1
    assert desk.of(mine, "/timetable.csv").get_json()["code"] == "week.untold"  # of this week alone nothing is his


@pytest.mark.parametrize("query", ["?subject=ne", "?from=2026-11-24&to=2026-11-24"])
def test_a_filter_that_leaves_nothing_is_nothing_to_wait_for(school: Lessons, desk: Desk, query: str) -> None:
    pupil = school.person(Role.STUDENT)
    school.give(1, teacher=school.person(Role.TEACHER), students=[pupil])
    school.give(2, "09:20", teacher=school.person(Role.TEACHER))
    calendar, table = (desk.of(pupil, f"/timetable.{kind}{query}") for kind in ("ics", "csv"))
    assert (calendar.status_code, calendar.text.count("BEGIN:VEVENT")) == (200, 0)
    assert (table.status_code, len(table.text.splitlines())) == (200, 1)


def test_the_diagnosis_names_the_cause_and_whose_it_is(school: Lessons, desk: Desk) -> None:
    school.give(1, teacher=school.person(Role.TEACHER))
    pupil = school.person(Role.STUDENT)
    desk.of(pupil)
    cause = desk.of(pupil, "/timetable/diagnosis").get_json()["cause"]
    assert (cause["name"], cause["code"], cause["owner"]) == ("lessons", "week.untold", "untis-admin")


def test_a_meeting_is_nobodys_lesson_and_no_reason_to_doubt(school: Lessons, desk: Desk) -> None:
    school.give(1, teacher=school.person(Role.TEACHER), classes=())
    assert codes(desk.of(school.person(Role.STUDENT))) == ["week.no_own_lessons"]


def test_who_has_lessons_hears_nothing_about_those_of_others(school: Lessons, desk: Desk) -> None:
    school.give(1, teacher=school.person(Role.TEACHER), students=[school.person(Role.STUDENT)])
    school.give(2, "09:20", teacher=school.person(Role.TEACHER))
    answer = desk.of(school.person(Role.STUDENT))
    assert (lessons(answer), codes(answer)) == ({"1"}, [])


# ---------------------------------------------------------------- changed since


def test_where_webuntis_does_not_tell_when_lessons_changed_since_says_so(tmp_path: Path) -> None:
    with lessons_by_api(tmp_path / "data") as by_api:
        school = by_api.school
        school.give(1, teacher=school.person(Role.TEACHER))
        refresh_week(school.app, school.id, WEEK, owner="job")
        answer = Desk(school).admin(SINCE)
        assert (lessons(answer), codes(answer)) == (set(), ["timetable.changes_untold"])
        assert (lessons(Desk(school).admin()), codes(Desk(school).admin())) == ({"1"}, [])


def test_where_it_does_an_empty_list_means_that_nothing_changed(school: Lessons, desk: Desk) -> None:
    school.give(1, teacher=school.person(Role.TEACHER))
    answer = desk.admin("/timetable?since=2030-01-01T08:00:00Z")
    assert (lessons(answer), codes(answer)) == (set(), [])
    assert lessons(desk.admin(SINCE)) == {"1"}


def test_a_lesson_of_a_week_that_is_yet_to_be_read_is_not_called_unknown(tmp_path: Path) -> None:
    with lessons_by_api(tmp_path / "data") as by_api:
        school = by_api.school
        teacher = school.person(Role.TEACHER)
        school.give(1, teacher=teacher)
        path = f"/timetable/students?week={WEEK.name}&lesson=1"
        answer = Desk(school).of(teacher, path)
        assert (answer.status_code, answer.get_json()["known"], codes(answer)) == (200, False, ["week.not_told"])
        refresh_week(school.app, school.id, WEEK, owner="job")
        told = Desk(school).of(teacher, path).get_json()
        assert [lesson["id"] for lesson in told["lessons"]] == ["1"]
        assert Desk(school).of(teacher, path.replace("lesson=1", "lesson=2")).status_code == 404


# ---------------------------------------------------------------- person by person


def test_where_nobody_is_linked_the_week_is_not_said_to_be_outside_the_school_years(
    school: Lessons, desk: Desk
) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    school.give(1, teacher=school.person(Role.TEACHER))
    head = school.app.store.get(directory_path(school.id, Role.TEACHER))
    directory = open_directory(school.app, school.id, Role.TEACHER, head=head)
    commit_packed(school.app.store, [repack(directory, users=(), decisions=())])
    answer = desk.admin()
    assert (lessons(answer), codes(answer)) == (set(), ["week.nobody_linked"])


def test_a_school_of_which_a_part_is_still_being_read_says_so(school: Lessons, desk: Desk) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    school.give(1, teacher=school.person(Role.TEACHER))
    assert (lessons(desk.admin()), codes(desk.admin())) == ({"1"}, [])
    mine = part_of(Role.TEACHER, school.person(Role.TEACHER).key, alone=False)
    other = next(part for part in parts_of_school() if part != mine)
    path = head_path(school.id, WEEK, other)
    school.app.store.commit([Write(path, None)])
    school.app.store.lease(path, owner="elders", now=school.clock(), seconds=120)
    freshness = replace(school.app.rules.freshness, patience=timedelta(0))
    hasty = Desk(school, replace(school.app, rules=replace(school.app.rules, freshness=freshness)))
    answer = hasty.admin()
    assert (lessons(answer), codes(answer)) == ({"1"}, ["timetable.being_read"])


def test_who_has_an_id_number_that_webuntis_does_not_know_hears_that(school: Lessons, desk: Desk) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    pupil = school.person(Role.STUDENT)
    school.give(1, teacher=school.person(Role.TEACHER), students=[pupil])
    next(iter(school.untis.schools.values())).change_key(Role.STUDENT, pupil.id, "nieuw-9")
    answer = desk.of(pupil)
    assert (lessons(answer), codes(answer)) == (set(), ["week.id_number_unknown"])
    assert "ID-nummer" in answer.get_json()["notices"][0]["message"]
    assert desk.of(pupil, "/timetable.csv").get_json()["code"] == "week.id_number_unknown"
    cause = desk.of(pupil, "/timetable/diagnosis").get_json()["cause"]
    assert (cause["name"], cause["code"], cause["owner"]) == ("idNumber", "diagnosis.id_unknown_there", "admin")


def test_an_id_number_that_is_unknown_since_one_of_the_weeks_is_told_of_them_all(school: Lessons, desk: Desk) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    pupil = school.person(Role.STUDENT)
    school.give(1, teacher=school.person(Role.TEACHER), students=[pupil])
    assert lessons(desk.of(pupil)) == {"1"}
    next(iter(school.untis.schools.values())).change_key(Role.STUDENT, pupil.id, "nieuw-9")
    answer = desk.of(pupil, f"/timetable.csv{FORTNIGHT}")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "week.id_number_unknown")
    address = desk.of(pupil, "/feeds", method="POST").get_json()["address"]
    assert desk.client.get(address).status_code == 503


def test_an_api_user_who_hears_that_of_one_student_does_not_ask_again_at_once(tmp_path: Path) -> None:
    with lessons_by_api(tmp_path / "data") as by_api:
        school = by_api.school
        pupil = school.person(Role.STUDENT)
        del by_api.there.lists.elements[5][int(pupil.id)]  # type: ignore[attr-defined]
        desk = Desk(school)
        assert codes(desk.of(pupil)) == ["week.id_number_unknown"]
        before = by_api.rpc.calls["getTimetable"]
        school.clock.pass_(hours=2)
        assert "week.id_number_unknown" in codes(desk.of(pupil))
        school.local.queue.drain(5)
        [order] = school.orders
        assert refresh_week(school.app, school.id, WEEK, Part(order["part"]), owner="job").outcome == "whole"
        assert codes(desk.of(pupil)) == ["week.id_number_unknown"]
        assert by_api.rpc.calls["getTimetable"] == before
