"""Volg's flow: only linked Profijt students come back, and what nobody told is no empty class."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.people import Role, State
from shared.domain.timetable import Lesson, Week
from shared.flows.directory import open_directory, repack
from shared.flows.packed import commit_packed
from shared.flows.schools import directory_path
from shared.flows.students_in import Attendance, students_in
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        there.give(
            1, teacher=there.person(Role.TEACHER), students=[there.person(Role.STUDENT, nth) for nth in range(3)]
        )
        yield there


def everything(_week: Week, lessons: Iterable[Lesson]) -> Iterable[Lesson]:
    return lessons


def ask(school: Lessons, nth: int = 0, role: Role = Role.TEACHER) -> Attendance:
    return students_in(school.app, school.id, school.user(school.person(role, nth)), WEEK, everything)


@pytest.mark.parametrize("state", [State.EXCLUDED, State.SUSPENDED, State.CONFLICT, State.NOT_FOUND])
def test_a_student_who_is_not_linked_is_counted_and_not_named(school: Lessons, state: State) -> None:
    pupil = school.user(school.person(Role.STUDENT))
    directory = open_directory(
        school.app, school.id, Role.STUDENT, head=school.app.store.get(directory_path(school.id, Role.STUDENT))
    )
    decisions = [replace(one, state=state) if one.user == pupil else one for one in directory.decisions]
    commit_packed(
        school.app.store,
        [repack(directory, users=directory.users, decisions=tuple(decisions), left=directory.left)],
    )
    found = ask(school)
    assert pupil not in found.students.users
    assert (len(found.students.users), found.students.unlinked) == (2, 1)


def test_another_teacher_has_none_of_them(school: Lessons) -> None:
    assert ask(school, 1).students.users == ()
    assert ask(school, 1).lessons == ()


def test_a_student_who_asks_has_no_students(school: Lessons) -> None:
    found = ask(school, 0, Role.STUDENT)
    assert (found.week, found.lessons, found.students.users) == (None, (), ())


def test_webuntis_is_not_asked_while_there_is_a_snapshot(school: Lessons) -> None:
    ask(school)
    before = school.asked()
    school.clock.pass_(hours=5)
    assert len(ask(school).students.users) == 3
    assert school.asked() == before
