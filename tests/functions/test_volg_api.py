"""Volg over HTTP: a teacher sees whom he has in class, by the minute, and nobody of a lesson that is not his."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.flows.keep_users import keep_users
from shared.flows.schools import link_path
from shared.ports import Write
from tests.functions.desk import Desk, codes, pupils
from tests.lessons_at_school import Lessons, lessons_at_school

AT = "/timetable/students?at=2026-11-23T08:45:00%2B01:00"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    """The first teacher has students 0 and 1 at half past eight; the second has student 2 at twenty past nine."""
    with lessons_at_school(tmp_path / "data") as there:
        pupil = [there.person(Role.STUDENT, nth) for nth in range(3)]
        there.give(100, "08:30", teacher=there.person(Role.TEACHER), students=pupil[:2])
        there.give(101, "09:20", teacher=there.person(Role.TEACHER, 1), students=pupil[2:])
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


def users(school: Lessons, *which: int) -> list[str]:
    return sorted(school.user(pupils(school)[nth]) for nth in which)


def students(desk: Desk, teacher: int, path: str) -> list[str]:
    answer = desk.of(desk.school.person(Role.TEACHER, teacher), path)
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.get_json()["students"]
    return found


@pytest.mark.parametrize("parts", [False, True], ids=["whole snapshot", "parts"])
def test_a_teacher_sees_whom_he_has_now(school: Lessons, desk: Desk, parts: bool) -> None:
    if parts:
        school.untis.fail("forbidden_whole", "timetable")
    assert students(desk, 0, AT) == users(school, 0, 1)
    assert students(desk, 1, AT) == []
    assert students(desk, 1, AT.replace("08:45", "09:20")) == users(school, 2)
    assert students(desk, 0, AT.replace("08:45", "09:20")) == []
    assert students(desk, 0, "/timetable/students?week=2026-W48") == users(school, 0, 1)


def test_somebody_elses_lesson_is_as_unknown_as_one_that_is_not_there(school: Lessons, desk: Desk) -> None:
    assert students(desk, 0, "/timetable/students?lesson=100") == users(school, 0, 1)
    answers = [
        desk.of(school.person(Role.TEACHER), f"/timetable/students?lesson={lesson}") for lesson in ("101", "999")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.get_json(force=True)["code"] for answer in answers} == {"volg.lesson_unknown"}


def test_a_substitute_sees_the_group_for_that_lesson_only(school: Lessons, desk: Desk) -> None:
    school.give(102, "08:30", day=1, teacher=school.person(Role.TEACHER), students=pupils(school)[:2])
    school.timetable.substitute(100, int(school.person(Role.TEACHER, 1).id))
    assert students(desk, 1, AT) == users(school, 0, 1)
    assert students(desk, 0, AT) == []
    assert students(desk, 1, AT.replace("11-23", "11-24")) == []


def test_of_a_cancelled_lesson_there_is_nobody(school: Lessons, desk: Desk) -> None:
    school.timetable.cancel(100)
    assert students(desk, 0, AT) == []


def test_who_has_no_profijt_user_is_counted_and_not_named(school: Lessons, desk: Desk) -> None:
    leaver = school.user(pupils(school)[0])
    keep_users(school.app, school.id, (), (leaver,))
    school.link()
    answer = desk.of(school.person(Role.TEACHER), AT).get_json()
    assert answer["students"] == users(school, 1)
    assert answer["unlinked"] == 1
    assert answer["known"] is True


def test_a_student_has_no_volg_and_a_teacher_linked_as_student_neither(school: Lessons, desk: Desk) -> None:
    assert desk.of(pupils(school)[0], AT).status_code == 403
    assert desk.admin(AT).status_code == 403
    answer = desk.ask(school.user(pupils(school)[0]), AT, role="teacher")
    assert answer.get_json()["students"] == []
    assert codes(answer) == ["volg.not_a_teacher"]


def test_what_is_not_known_is_not_nobody(school: Lessons, desk: Desk) -> None:
    school.untis.fail("error", "timetable", status=503)
    answer = desk.of(school.person(Role.TEACHER), AT)
    assert answer.get_json()["known"] is False
    assert codes(answer)[0].startswith("http.")


@pytest.mark.parametrize("off", ["coupling", "link"])
def test_switched_off_or_not_linked_nobody_is_told_and_the_reason_is(school: Lessons, desk: Desk, off: str) -> None:
    teacher = school.person(Role.TEACHER)
    if off == "coupling":
        school.settings(enabled=False)
    else:
        school.app.store.commit([Write(link_path(school.id, school.user(teacher)), None)])
    answer = desk.of(teacher, AT)
    assert (answer.get_json()["known"], answer.get_json()["students"]) == (False, [])
    assert codes(answer) == ["timetable.coupling_off" if off == "coupling" else "timetable.not_linked"]
