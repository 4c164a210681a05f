"""What one caller may see: the filter of the school's week is what WebUntis gives when asked about him alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from shared.domain.people import Person, Role
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.own import own
from shared.domain.timetable import Lesson
from shared.domain.week_changes import week_of
from shared.flows.schools import link_path
from shared.flows.timetable_for import seen_weeks, sight
from shared.ports import Write
from shared.simulators.school_weeks import crowd, practice_timetable
from tests.contracts.timetable_sources import platform
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        for nth in range(3):
            there.give(100 + nth, f"{8 + nth:02}:30", teacher=there.person(Role.TEACHER), students=[
                there.person(Role.STUDENT, nth)
            ])  # fmt: skip
        yield there


def ids(school: Lessons, user: str, whose: str = "own") -> set[str]:
    seen = sight(school.app, school.id, user, [WEEK], whose)  # type: ignore[arg-type]
    return {lesson.id for week in seen_weeks(school.app, seen).shown for lesson in week.lessons}


@pytest.mark.parametrize("seed", [3, 11])
def test_the_filter_of_the_snapshot_is_what_webuntis_gives_for_one_person(seed: int) -> None:
    people = (
        *crowd(160),
        Person("9001", Role.STUDENT, "067", "Benjamin", "Bauer", "BauerBen"),
        Person("9001", Role.TEACHER, "067", "Ingrid", "de Vries", "VRI"),
    )
    now = datetime(2022, 11, 7, 6, 0, tzinfo=UTC)
    week = IsoWeek(2022, 45)
    with platform(people, practice_timetable(people, seed, now=lambda: now), lambda: now) as there:
        span = week.span(ZONE)
        whole = week_of(week.name, there.source.whole(span))
        for person in (*Random(seed).sample(people, 4), *people[-2:]):
            alone = week_of(week.name, there.source.of(person.role, [person.key], span), people=(person.key,))
            assert own(whole, person.role, person.key).lessons == own(alone, person.role, person.key).lessons
            assert own(alone, person.role, person.key).lessons == alone.lessons


def test_a_user_without_a_link_and_one_of_another_school_see_nothing(school: Lessons) -> None:
    assert ids(school, "niemand") == set()
    assert ids(school, "u-beheerder", "school") == {"100", "101", "102"}


def test_two_schools_with_the_same_people_see_each_their_own(school: Lessons, tmp_path: Path) -> None:
    pupil = school.person(Role.STUDENT)
    with lessons_at_school(tmp_path / "other") as other:
        other.give(500, teacher=other.person(Role.TEACHER), students=[other.person(Role.STUDENT)])
        assert ids(other, other.user(other.person(Role.STUDENT))) == {"500"}
        assert ids(school, school.user(pupil)) == {"100"}


def test_the_mark_changes_with_whatever_changes_what_is_seen(school: Lessons) -> None:
    user = school.user(school.person(Role.STUDENT))

    def mark() -> str:
        return sight(school.app, school.id, user, [WEEK], "own").mark

    marks = [mark(), mark()]
    assert marks[0] == marks[1]
    document = school.app.store.get(link_path(school.id, user))
    assert document
    for change in ({"key": school.person(Role.STUDENT, 1).key}, {"role": "teacher"}, {"state": "excluded"}):
        school.app.store.commit([Write(document.path, document.data | change)])
        marks.append(mark())
    school.app.store.commit([Write(document.path, None)])
    marks.append(mark())
    school.settings(enabled=False)
    marks.append(mark())
    assert len(set(marks)) == len(marks) - 1


CLOCKS = """
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from shared.domain.planner.iso_week import IsoWeek
zone = ZoneInfo("Europe/Amsterdam")
for year, week in ((2026, 13), (2026, 43), (2026, 1), (2020, 53)):
    span = IsoWeek(year, week).span(zone)
    print(span.start.isoformat(), span.end.isoformat(), (span.end.astimezone(UTC) - span.start.astimezone(UTC)))
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_weeks_in_which_the_clock_changes_are_the_same_on_a_host_anywhere(zone: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", CLOCKS], env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told[0] == "2026-03-23T00:00:00+01:00 2026-03-30T00:00:00+02:00 6 days, 23:00:00"
    assert told[1] == "2026-10-19T00:00:00+02:00 2026-10-26T00:00:00+01:00 7 days, 1:00:00"
    assert told[3].startswith("2020-12-28T00:00:00+01:00 2021-01-04T00:00:00+01:00")


def test_a_lesson_on_either_side_of_a_clock_change_keeps_its_hour(school: Lessons) -> None:
    """Monday before and Monday after the last Sunday of March: half past eight is half past eight."""
    school.clock.time = datetime(2027, 3, 23, 7, 0, tzinfo=UTC)
    user = school.user(school.person(Role.STUDENT))
    for number, day in ((7, 119), (8, 126)):  # 22 and 29 March 2027
        school.give(number, "08:30", day=day, teacher=school.person(Role.TEACHER), students=[
            school.person(Role.STUDENT)
        ])  # fmt: skip
    weeks = [IsoWeek(2027, 12), IsoWeek(2027, 13)]
    shown = seen_weeks(school.app, sight(school.app, school.id, user, weeks, "own")).shown
    lessons: list[Lesson] = [lesson for week in shown for lesson in week.lessons]
    assert [lesson.start.isoformat() for lesson in lessons] == [
        "2027-03-22T08:30:00+01:00",
        "2027-03-29T08:30:00+02:00",
    ]
