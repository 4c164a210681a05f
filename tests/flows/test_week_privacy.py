"""Who is in which kept timetable weeks is told; whoever is erased is in none, and the lessons of others stay."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.people import Person, Role, State
from shared.errors import Conflict
from shared.flows.directory import read_directories, repack
from shared.flows.packed import commit_packed, read_packed
from shared.flows.privacy import erase, export
from shared.flows.refresh_week import refresh_week
from shared.flows.week_part import WHOLE, Part, part_of, parts_of_school
from shared.flows.week_privacy import weeks_with
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


def told(school: Lessons, person: Person) -> list[tuple[str, int]]:
    """The weeks that the person is told of, and how many lessons of each."""
    kept = export(school.app, school.id, school.user(person), actor="u-beheerder")
    return [(each.week, each.lessons) for each in kept.weeks]


def decided(school: Lessons, links: dict[Person, tuple[State, str]]) -> None:
    """The links of these students are in this state, with this ID-nummer."""
    directory = read_directories(school.app, school.id)[Role.STUDENT]
    left = {school.user(person): link for person, link in links.items()}
    decisions = [
        replace(each, state=left[each.user][0], key=left[each.user][1]) if each.user in left else each
        for each in directory.decisions
    ]
    commit_packed(school.app.store, [repack(directory, users=directory.users, decisions=decisions)])


def gone(school: Lessons, person: Person) -> int:
    return erase(school.app, school.id, school.user(person), actor="u-beheerder").weeks


def test_people_are_told_which_weeks_hold_their_number_and_how_many_lessons(school: Lessons) -> None:
    school.give(30, "13:00", students=[school.person(Role.STUDENT, 1)])
    read(school)
    assert told(school, school.person(Role.STUDENT, 0)) == [("2026-W48", 2), ("2026-W49", 2)]
    assert told(school, school.person(Role.STUDENT, 1)) == [("2026-W48", 3), ("2026-W49", 2)]
    assert told(school, school.person(Role.STUDENT, 2)) == []
    assert told(school, school.person(Role.TEACHER)) == [("2026-W48", 1), ("2026-W49", 1)]


def test_a_lesson_in_several_parts_of_a_week_is_told_once(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    him = school.person(Role.STUDENT)
    for part in (*parts_of_school(), part_of(Role.STUDENT, him.key, alone=False)):
        read(school, part)
    assert len(holding(school, him)) > 2
    assert told(school, him) == [("2026-W48", 2), ("2026-W49", 2)]


def test_a_week_without_lessons_of_his_that_holds_his_number_is_told(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    other = school.person(Role.STUDENT, 2)
    read(school, part_of(Role.STUDENT, other.key, alone=False))
    assert told(school, other) == [("2026-W48", 0), ("2026-W49", 0)]


def test_a_number_that_only_a_log_still_knows_is_told_and_taken_out(school: Lessons) -> None:
    read(school)
    him = school.person(Role.STUDENT)
    decided(school, {him: (State.NOT_FOUND, "")})
    assert told(school, him) == [("2026-W48", 2), ("2026-W49", 2)]
    assert gone(school, him) == 2


def test_the_same_number_of_a_teacher_is_not_a_students(school: Lessons) -> None:
    read(school)
    teacher = school.person(Role.TEACHER)
    assert weeks_with(school.app, school.id, {(Role.STUDENT, teacher.key)}) == ()
    assert len(weeks_with(school.app, school.id, {(Role.TEACHER, teacher.key)})) == 2


def test_weeks_that_are_over_or_damaged_are_not_told(school: Lessons) -> None:
    read(school)
    him = school.person(Role.STUDENT)
    page = school.app.store.query(f"{head_path(school.id, WEEK, WHOLE)}/parts", limit=5)
    school.app.store.commit([Write(part.path, None) for part in page.documents])
    assert told(school, him) == [("2026-W49", 2)]
    head = school.app.store.get(head_path(school.id, WEEK.next, WHOLE))
    assert head
    school.clock.time = head.data["expire_at"]
    assert told(school, him) == []


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
        assert told(school, him) == [("2026-W48", 1)]
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
    decided(school, {him: (State.SUSPENDED, him.key), heir: (State.LINKED, him.key)})
    assert told(school, him) == []
    assert gone(school, him) == 0
    assert holding(school, him) == {"2026-W48", "2026-W49"}
