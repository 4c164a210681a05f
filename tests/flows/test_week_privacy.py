"""Whoever is erased is in no kept timetable week, and the lessons of all others are as they were."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.people import Person, Role, State
from shared.errors import Conflict
from shared.flows.directory import read_directories, repack
from shared.flows.packed import commit_packed, read_packed
from shared.flows.privacy import erase
from shared.flows.refresh_week import refresh_week
from shared.flows.week_part import WHOLE, Part, part_of, parts_of_school
from shared.flows.weeks import head_path
from shared.ports import Write
from tests.functions.desk import Desk, codes, lessons
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school
from tests.lessons_by_api import lessons_by_api


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    """Two teachers give a lesson each to the first two students, this week and the next."""
    with lessons_at_school(tmp_path / "data") as there:
        pupils = [there.person(Role.STUDENT, nth) for nth in range(2)]
        for day in (0, 7):
            for nth in range(2):
                there.give(
                    10 * day + nth + 1,
                    f"{9 + nth}:00",
                    day=day,
                    teacher=there.person(Role.TEACHER, nth),
                    students=pupils,
                )
        yield there


def read(school: Lessons, part: Part = WHOLE) -> None:
    for week in (WEEK, WEEK.next):
        refresh_week(school.app, school.id, week, part, owner="job")


def holding(school: Lessons, person: Person) -> set[str]:
    """The ids of the weeks whose snapshot holds this person's ID-nummer."""
    heads = school.app.store.query(f"schools/{school.id}/weeks", limit=100).documents
    opened = ((head.id, read_packed(school.app.store, head.path)) for head in heads)
    return {name for name, found in opened if found and f'"{person.key}"'.encode() in found[0]}


def gone(school: Lessons, person: Person) -> int:
    return erase(school.app, school.id, school.user(person), actor="u-beheerder").weeks


def test_a_student_is_in_no_week_any_more_and_all_others_see_their_lessons(school: Lessons) -> None:
    read(school)
    him, other = (school.person(Role.STUDENT, nth) for nth in range(2))
    assert holding(school, him) == {"2026-W48", "2026-W49"}
    assert gone(school, him) == 2
    assert holding(school, him) == set()
    assert gone(school, him) == 0
    desk, asked = Desk(school), school.asked()
    assert (lessons(desk.of(other)), codes(desk.of(other))) == ({"1", "2"}, [])
    assert lessons(desk.admin()) == {"1", "2"}
    volg = desk.of(school.person(Role.TEACHER), "/timetable/students?lesson=1&week=2026-W48").get_json()
    assert (volg["students"], volg["unlinked"]) == ([school.user(other)], 0)
    assert school.asked() == asked


def test_a_teacher_keeps_his_abbreviation_in_the_lessons_and_neither_number_nor_name(school: Lessons) -> None:
    read(school)
    him = school.person(Role.TEACHER)
    before = Desk(school).admin().get_json()["weeks"][0]["lessons"]
    assert gone(school, him) == 2
    assert holding(school, him) == set()
    assert Desk(school).admin().get_json()["weeks"][0]["lessons"] == before
    found = read_packed(school.app.store, head_path(school.id, WEEK, WHOLE))
    assert found
    assert him.last_name.encode() not in found[0]


@pytest.mark.parametrize("role", Role)
def test_shares_of_a_week_lose_him_too(school: Lessons, role: Role) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    him = school.person(role)
    part = part_of(role, him.key, alone=False)
    for each in {part, *parts_of_school()}:
        read(school, each)
    assert {f"{week}~{part.id}" for week in ("2026-W48", "2026-W49")} <= holding(school, him)
    assert gone(school, him) >= 2
    assert holding(school, him) == set()


def test_a_part_of_his_own_goes_as_a_whole(tmp_path: Path) -> None:
    with lessons_by_api(tmp_path / "data") as by_api:
        school = by_api.school
        him = school.person(Role.STUDENT)
        school.give(1, students=[him])
        assert lessons(Desk(school).of(him)) == {"1"}
        path = head_path(school.id, WEEK, part_of(Role.STUDENT, him.key, alone=True))
        assert school.app.store.get(path)
        assert gone(school, him) == 1
        assert school.app.store.get(path) is None
        assert school.app.store.query(f"{path}/parts", limit=5).documents == ()


def test_the_week_goes_on_with_changes_afterwards_and_a_refresh_under_way_does_not_bring_him_back(
    school: Lessons,
) -> None:
    school.clock.pass_(hours=3)  # nothing is changed after it was read
    read(school)
    him, path = school.person(Role.STUDENT), head_path(school.id, WEEK, WHOLE)
    lease = school.app.store.lease(path, owner="a refresh", now=school.clock(), seconds=120)
    assert lease
    assert gone(school, him) == 2
    with pytest.raises(Conflict, match=r"store\.conflict"):
        school.app.store.commit([Write(path, lease.data, expect=lease.version)])
    school.clock.pass_(hours=2)
    assert refresh_week(school.app, school.id, WEEK, owner="job").outcome == "changes"
    assert holding(school, him) == set()


def test_a_damaged_week_does_not_keep_anybody_from_being_erased(school: Lessons) -> None:
    read(school)
    path = head_path(school.id, WEEK, WHOLE)
    page = school.app.store.query(f"{path}/parts", limit=5)
    school.app.store.commit([Write(part.path, None) for part in page.documents])
    assert gone(school, school.person(Role.STUDENT)) == 2
    assert school.app.store.get(path) is None


def test_a_number_that_another_student_has_by_now_stays_his(school: Lessons) -> None:
    read(school)
    him, heir = (school.person(Role.STUDENT, nth) for nth in range(2))
    directory = read_directories(school.app, school.id)[Role.STUDENT]
    left = {school.user(him): State.SUSPENDED, school.user(heir): State.LINKED}
    decisions = [
        replace(each, state=left[each.user], key=him.key) if each.user in left else each for each in directory.decisions
    ]
    commit_packed(school.app.store, [repack(directory, users=directory.users, decisions=decisions)])
    assert gone(school, him) == 0
    assert holding(school, him) == {"2026-W48", "2026-W49"}
