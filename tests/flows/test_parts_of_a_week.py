"""Without the right to the whole school: its lessons are read share by share of its people, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.flows.directory import open_directory, repack
from shared.flows.packed import commit_packed
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import directory_path
from shared.flows.week_part import part_of
from tests.flows.refreshing import kept, refresh
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        pupils = [there.person(Role.STUDENT, nth) for nth in range(3)]
        there.give(1, teacher=there.person(Role.TEACHER), students=pupils[:2])
        there.give(2, "09:20", teacher=there.person(Role.TEACHER, 1), students=pupils[2:])
        yield there


def test_without_the_right_to_the_whole_school_it_is_asked_again_after_a_day_or_with_another_access(
    school: Lessons,
) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    assert refresh(school) == "failed webuntis.lessons_refused"
    before = school.asked()
    school.clock.pass_(hours=23)
    assert refresh(school) == "failed webuntis.lessons_refused"
    assert school.asked() == before
    school.clock.pass_(hours=2)
    refresh(school)
    assert school.asked() > before
    school.untis.faults.clear()
    school.settings(password_version=school.app.secrets.add(f"webuntis-{school.id}", school.people.password))
    assert refresh(school) == "whole"


def test_a_part_holds_the_lessons_of_its_people_and_of_nobody_else(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    for nth in range(3):
        person = school.person(Role.STUDENT, nth)
        part = part_of(Role.STUDENT, person.key, alone=False)
        assert refresh(school, part) == "whole"
        week = kept(school, part)
        assert week
        assert week.people
        assert person.key in week.people
        for lesson in week.lessons:
            assert lesson.students is None or set(lesson.students) & set(week.people)


def test_a_part_is_of_one_role_whatever_keys_they_share() -> None:
    """So no student's part can ever be opened as a teacher's: they lie in other places."""
    for key in ("067", "1", "student-07", "ä/ö ~"):
        for alone in (True, False):
            mine, his = (part_of(role, key, alone=alone) for role in (Role.STUDENT, Role.TEACHER))
            assert (mine.role, his.role) == (Role.STUDENT, Role.TEACHER)
            assert mine.id != his.id
            assert mine.of([key]) == his.of([key]) == (key,)


def test_a_share_of_people_is_asked_about_in_batches_of_at_most_fifty(school: Lessons) -> None:
    asked: list[int] = []
    source = school.app.timetable

    def counting(connection, zone):  # type: ignore[no-untyped-def]
        inner = source(connection, zone)

        class Counting:
            batch = inner.batch

            def of(self, role, keys, span):  # type: ignore[no-untyped-def]
                asked.append(len(keys))
                return inner.of(role, keys, span)

        return Counting()

    directory = open_directory(
        school.app, school.id, Role.STUDENT, head=school.app.store.get(directory_path(school.id, Role.STUDENT))
    )
    linked = next(each for each in directory.decisions if each.key)
    part = part_of(Role.STUDENT, linked.key, alone=False)
    keys = [key for key in (f"K{n}" for n in range(9000)) if part_of(Role.STUDENT, key, alone=False) == part][:120]

    more = tuple(replace(linked, user=f"u-{key}", key=key) for key in keys)
    commit_packed(
        school.app.store,
        [repack(directory, users=directory.users, decisions=(*directory.decisions, *more), left=directory.left)],
    )
    refresh_week(replace(school.app, timetable=counting), school.id, WEEK, part, owner="x")
    assert sum(asked) >= 121
    assert max(asked) <= 50


# ---------------------------------------------------------------- ID-nummers that WebUntis does not know


@pytest.fixture
def renumbered(school: Lessons) -> Lessons:
    """The first student has another ID-nummer at WebUntis since he was linked."""
    there = next(iter(school.untis.schools.values()))
    there.change_key(Role.STUDENT, school.person(Role.STUDENT).id, "nieuw-9")
    return school


def unknown(school: Lessons) -> tuple[list[str], int]:
    """Whom WebUntis does not know, after a refresh of the first student's part; and how much was asked for that."""
    before = school.untis.count("timetable")
    part = part_of(Role.STUDENT, school.person(Role.STUDENT).key, alone=False)
    assert refresh(school, part) == "whole"
    week = kept(school, part)
    assert week
    return [key for key, _ in week.unknown], school.untis.count("timetable") - before


def test_whom_webuntis_does_not_know_is_remembered_and_not_looked_for_at_each_reading(renumbered: Lessons) -> None:
    key = renumbered.person(Role.STUDENT).key
    found, asked = unknown(renumbered)
    assert (found, asked > 0) == ([key], True)
    renumbered.clock.pass_(hours=1)
    again, less = unknown(renumbered)
    assert again == [key]
    assert less < asked
    renumbered.clock.pass_(hours=24)
    assert unknown(renumbered) == ([key], asked)


def test_who_is_known_again_is_found_a_day_later(renumbered: Lessons) -> None:
    person = renumbered.person(Role.STUDENT)
    unknown(renumbered)
    next(iter(renumbered.untis.schools.values())).change_key(Role.STUDENT, person.id, person.key)
    renumbered.clock.pass_(hours=25)
    assert unknown(renumbered)[0] == []
    week = kept(renumbered, part_of(Role.STUDENT, person.key, alone=False))
    assert week
    assert "1" in {lesson.id for lesson in week.lessons}


def test_another_id_number_is_asked_for_at_once(renumbered: Lessons) -> None:
    person = renumbered.person(Role.STUDENT)
    unknown(renumbered)
    head = renumbered.app.store.get(directory_path(renumbered.id, Role.STUDENT))
    directory = open_directory(renumbered.app, renumbered.id, Role.STUDENT, head=head)
    new = [replace(each, key="nieuw-9") if each.key == person.key else each for each in directory.decisions]
    commit_packed(renumbered.app.store, [repack(directory, users=directory.users, decisions=new)])
    part = part_of(Role.STUDENT, "nieuw-9", alone=False)
    assert refresh(renumbered, part) == "whole"
    week = kept(renumbered, part)
    assert week
    assert ("nieuw-9" in (week.people or ()), week.unknown) == (True, ())
    assert "1" in {lesson.id for lesson in week.lessons}
