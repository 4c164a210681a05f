"""A snapshot belongs to the school at WebUntis it was read from: settings that name another one, and new ID-nummers."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.domain.planner.own import own
from shared.errors import Unreachable
from shared.flows.packed import FIELD
from shared.flows.read_week import find_weeks
from shared.flows.refresh_week import refresh_week
from shared.flows.timetable_for import sight
from shared.flows.week_part import WHOLE
from shared.flows.weeks import head_of, head_path, open_week
from shared.ports import Write
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        there.give(1, teacher=there.person(Role.TEACHER), students=[there.person(Role.STUDENT)])
        assert refresh_week(there.app, there.id, WEEK, owner="first").outcome == "whole"
        yield there


@pytest.mark.parametrize("elsewhere", [{"school_name": "zusterschool"}, {"subdomain": "zus"}])
def test_after_settings_that_name_another_school_nobody_sees_the_old_ones_lessons(
    school: Lessons, elsewhere: dict[str, str]
) -> None:
    school.settings(**elsewhere)
    [found] = find_weeks(school.app, school.school, [WEEK], WHOLE, until=0.0)
    assert found.read is None
    assert open_week(school.app, found.head) is None


def test_another_tenant_under_the_same_name_is_another_school_and_the_one_that_was_found_is_not(
    school: Lessons,
) -> None:
    def is_read() -> bool:
        [found] = find_weeks(school.app, school.school, [WEEK], WHOLE, until=0.0)
        return found.read is not None

    school.settings(tenant_id=school.people.tenant_id)
    assert is_read()
    school.clock.pass_(minutes=30)
    refresh_week(school.app, school.id, WEEK, owner="second")
    school.settings(tenant_id="6700099")
    assert not is_read()


def test_with_an_api_user_instead_the_platforms_week_is_not_gone_on_with(school: Lessons) -> None:
    school.settings(api_user="rooster", api_password_version="1")
    [found] = find_weeks(school.app, school.school, [WEEK], WHOLE, until=0.0)
    assert found.read is None


def test_when_teachers_got_other_id_numbers_the_week_is_read_whole(school: Lessons) -> None:
    there = next(iter(school.untis.schools.values()))
    first, second = school.person(Role.TEACHER), school.person(Role.TEACHER, 1)
    for person, key in ((first, second.key), (second, first.key)):
        there.change_key(Role.TEACHER, person.id, key)
    school.clock.pass_(minutes=30)
    school.timetable.change_room(1, 2)
    assert refresh_week(school.app, school.id, WEEK, owner="second").outcome == "whole"
    path = head_path(school.id, WEEK, WHOLE)
    week = open_week(school.app, head_of(path, school.app.store.get(path)))
    assert week
    assert [lesson.id for lesson in own(week, Role.TEACHER, second.key).lessons] == ["1"]
    assert own(week, Role.TEACHER, first.key).lessons == ()


def test_a_snapshot_that_lost_its_parts_is_read_anew(school: Lessons) -> None:
    path = head_path(school.id, WEEK, WHOLE)
    head = school.app.store.get(path)
    assert head
    # As another instance finds it, that never opened this snapshot: its own digest, and nothing behind it.
    packed = head.data[FIELD] | {"digest": "gone", "parts": ["absent-gone-0"]}
    school.app.store.commit([Write(path, head.data | {FIELD: packed})])
    school.clock.pass_(minutes=30)
    assert refresh_week(school.app, school.id, WEEK, owner="second").outcome == "whole"


def test_a_passing_failure_does_not_make_readers_forget_that_the_whole_school_is_refused(tmp_path: Path) -> None:
    with lessons_at_school(tmp_path / "other") as school:
        school.untis.fail("forbidden_whole", "timetable")
        pupil = school.person(Role.STUDENT)
        school.give(7, students=[pupil])
        user = school.user(pupil)
        assert sight(school.app, school.id, user, [WEEK], "own").found[0].part != WHOLE
        school.clock.time += timedelta(hours=25)
        school.untis.fail("error", "timetable", status=503)
        with suppress(Unreachable):
            refresh_week(school.app, school.id, WEEK, owner="again")
        [found] = sight(school.app, school.id, user, [WEEK], "own").found
        assert found.part != WHOLE
        assert found.read
