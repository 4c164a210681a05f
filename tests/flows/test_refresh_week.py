"""Reading a week into its snapshot: whole or by changes, one at a time, and a failure loses nothing."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.people import Person, Role
from shared.domain.timetable import Status
from shared.errors import Conflict, NotFound, Throttled, Unreachable
from shared.flows.refresh_week import LEASE_SECONDS, refresh_week
from shared.flows.schools import read_school, state_path, write_school
from shared.flows.week_part import WHOLE
from shared.flows.weeks import head_of, head_path
from shared.ports import Write
from tests.counting_store import CountingStore
from tests.flows.refreshing import kept, refresh
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        pupils = [there.person(Role.STUDENT, nth) for nth in range(3)]
        there.give(1, teacher=there.person(Role.TEACHER), students=pupils[:2])
        there.give(2, "09:20", teacher=there.person(Role.TEACHER, 1), students=pupils[2:])
        yield there


def ids(school: Lessons) -> set[str]:
    week = kept(school)
    assert week
    return {lesson.id for lesson in week.lessons}


def test_the_first_reading_is_whole_and_the_next_asks_for_changes_alone(school: Lessons) -> None:
    assert refresh(school) == "whole"
    school.clock.pass_(minutes=30)
    school.timetable.cancel(1)
    school.timetable.delete(2)
    school.give(3, "10:30")
    assert refresh(school) == "changes"
    week = kept(school)
    assert week
    assert {lesson.id: lesson.status for lesson in week.lessons} == {"1": Status.CANCELLED, "3": Status.REGULAR}


def test_after_a_night_the_week_is_read_whole_again(school: Lessons) -> None:
    refresh(school)
    school.clock.pass_(hours=21)
    assert refresh(school) == "whole"


def test_a_lesson_that_moved_to_another_week_is_gone_from_this_one(school: Lessons) -> None:
    period = school.give(5, "10:30", day=1)
    refresh(school)
    school.clock.pass_(minutes=30)
    school.timetable.add(replace(period, start=period.start + timedelta(days=7), end=period.end + timedelta(days=7)))
    refresh(school)
    assert "5" not in ids(school)


def test_what_webuntis_did_a_minute_ago_is_seen_in_any_zone_of_the_school(school: Lessons) -> None:
    """dateLastModifiedAfter alone is UTC: one hour off would lose whatever changed within that hour."""
    refresh(school)
    school.clock.pass_(minutes=1)
    school.timetable.cancel(1)
    school.clock.pass_(minutes=1)
    assert refresh(school) == "changes"
    week = kept(school)
    assert week
    assert next(each for each in week.lessons if each.id == "1").status is Status.CANCELLED


def test_an_older_page_does_not_bring_back_what_was(school: Lessons) -> None:
    refresh(school)
    school.clock.pass_(minutes=30)
    school.timetable.cancel(1)
    refresh(school)
    before = kept(school)
    school.clock.pass_(minutes=30)
    refresh(school)
    after = kept(school)
    assert before
    assert after
    assert [(each.id, each.status) for each in after.lessons] == [(each.id, each.status) for each in before.lessons]


def test_nothing_new_writes_the_head_alone(school: Lessons) -> None:
    refresh(school)
    school.clock.pass_(minutes=30)
    refresh(school)  # what changed just before the first is told twice: questions overlap
    school.clock.pass_(minutes=30)
    digest = head_of(path := head_path(school.id, WEEK, WHOLE), school.app.store.get(path)).digest
    store = CountingStore(school.app.store)
    refresh_week(replace(school.app, store=store), school.id, WEEK, owner="x")
    head = head_of(path, school.app.store.get(path))
    assert head.digest == digest
    assert head.read == school.clock()
    assert store.written == 2  # the lease and the head


@pytest.mark.parametrize(
    ("kind", "how", "code"),
    [
        ("error", {"status": 503}, "http.server_error"),
        ("hang_up", {}, "http."),
        ("html", {}, "http."),
        ("throttled", {"retry_after": "1"}, "http.throttled"),
        ("error", {"status": 500, "code": "TT_ONGOING_TIMETABLE_PUBLICATION"}, "webuntis.publishing"),
    ],
)
def test_a_webuntis_in_trouble_loses_nothing_and_says_why(
    school: Lessons, kind: str, how: dict[str, object], code: str
) -> None:
    refresh(school)
    before = kept(school)
    school.clock.pass_(minutes=61)
    school.untis.fail(kind, "timetable", **how)  # type: ignore[arg-type]
    with suppress(Unreachable, Throttled):
        refresh(school)
    path = head_path(school.id, WEEK, WHOLE)
    head = head_of(path, school.app.store.get(path))
    assert kept(school) == before
    assert head.failure
    assert head.failure.code.startswith(code)
    school.untis.faults.clear()
    school.clock.pass_(minutes=1)
    assert refresh(school) == "changes"
    assert head_of(path, school.app.store.get(path)).failure is None


def test_a_refused_login_is_never_made_again_whatever_the_week(school: Lessons) -> None:
    school.untis.schools[school.people.tenant_id].password = "anders"
    school.untis.revoke_tokens()
    before = school.untis.count("token")
    for week in (WEEK, WEEK.next, WEEK.previous):
        done = refresh_week(school.app, school.id, week, owner=school.app.new_id())
        assert (done.outcome, done.code) == ("failed", "webuntis.login_refused")
    assert school.untis.count("token") - before == 1


def test_a_login_that_is_refused_while_a_run_is_at_work_is_not_made_again_by_another_instance(school: Lessons) -> None:
    assert school.app.store.lease(state_path(school.id), owner="een run", now=school.clock(), seconds=540)
    school.untis.schools[school.people.tenant_id].password = "anders"
    school.untis.revoke_tokens()
    before = school.untis.count("token")
    for app in (school.app, school.instance(), school.instance()):
        assert refresh_week(app, school.id, WEEK, owner=app.new_id()).code == "webuntis.login_refused"
    assert school.untis.count("token") - before == 1


def test_switched_off_means_no_call_at_all(school: Lessons) -> None:
    school.settings(enabled=False)
    before = school.asked()
    assert refresh(school) == "failed timetable.coupling_off"
    assert school.asked() == before


def test_a_school_nobody_knows_is_told_so(school: Lessons) -> None:
    with pytest.raises(NotFound, match=r"school\.unknown"):
        refresh_week(school.app, "elders", WEEK, owner="x")


def test_what_was_read_after_the_order_is_not_read_again(school: Lessons) -> None:
    refresh(school)
    before = school.asked()
    assert refresh(school, since=school.clock() - timedelta(seconds=1)) == "fresh"
    assert school.asked() == before


def test_a_message_that_comes_twice_reads_once(school: Lessons) -> None:
    at = school.clock()
    school.clock.pass_(seconds=5)
    assert [refresh(school, owner="m1", since=at) for _ in range(2)] == ["whole", "fresh"]


def test_of_many_at_once_one_asks_webuntis(school: Lessons) -> None:
    """As instances do: each with its own App, over one database."""
    school.untis.fail("slow", "timetable", seconds=0.3)
    outcomes: list[str] = []

    def one() -> None:
        outcomes.append(refresh_week(replace(school.app), school.id, WEEK, owner=school.app.new_id()).outcome)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["busy"] * 5 + ["whole"]
    asked = school.untis.count("timetable")
    school.clock.pass_(hours=21)
    assert refresh(school) == "whole"
    assert asked == school.untis.count("timetable") - asked


def test_who_took_too_long_gives_way_to_who_took_over(school: Lessons) -> None:
    class Overtaken(CountingStore):
        def commit(self, writes: list[Write]) -> tuple[str, ...]:  # type: ignore[override]
            if any(write.data and "packed" in write.data for write in writes):
                raise Conflict("store.conflict")
            return super().commit(writes)

    done = refresh_week(replace(school.app, store=Overtaken(school.app.store)), school.id, WEEK, owner="x")
    assert done.outcome == "busy"


@pytest.mark.parametrize("commits", range(5))
def test_a_crash_at_any_write_leaves_the_old_week_or_the_new_one(school: Lessons, commits: int) -> None:
    refresh(school)
    school.clock.pass_(minutes=30)
    school.give(3, "10:30")
    left = iter(range(commits))

    def die() -> None:
        if next(left, None) is None:
            raise RuntimeError("killed")

    with suppress(RuntimeError):
        refresh_week(replace(school.app, store=CountingStore(school.app.store, die)), school.id, WEEK, owner="crashed")
    assert ids(school) in ({"1", "2"}, {"1", "2", "3"})
    school.clock.pass_(seconds=LEASE_SECONDS + 1)  # the lease of the dead is over
    assert refresh(school) in ("changes", "whole")
    assert ids(school) == {"1", "2", "3"}


def test_every_head_says_when_it_may_go(school: Lessons) -> None:
    school.untis.fail("error", "timetable", status=503)
    with pytest.raises(Unreachable):
        refresh(school)
    head = school.app.store.get(head_path(school.id, WEEK, WHOLE))
    assert head
    assert head.data["expire_at"] > school.clock() + timedelta(days=90)


def test_who_was_linked_since_is_read_anew_with_the_whole_week(school: Lessons) -> None:
    pupil = school.person(Role.STUDENT)
    assert own(school, pupil, key="") == ("whole", set())
    assert own(school, pupil, key=pupil.key) == ("whole", {"1"})
    school.clock.pass_(minutes=30)
    assert refresh(school) == "changes"


def own(school: Lessons, pupil: Person, *, key: str) -> tuple[str, set[str]]:
    """How the week is read once the run knows that his ID-nummer is this, and which lessons then are his."""
    school.untis.schools[school.people.tenant_id].change_key(Role.STUDENT, pupil.id, key)
    school.link()
    outcome, week = refresh(school), kept(school)
    assert week
    return outcome, {lesson.id for lesson in week.lessons if pupil.key in (lesson.students or ())}


def test_a_change_that_cannot_be_read_does_not_leave_the_lesson_as_it_was(school: Lessons) -> None:
    refresh(school)
    school.clock.pass_(minutes=30)
    period = school.timetable.get(1)
    school.timetable.add(replace(period, end=period.start - timedelta(minutes=1)))
    assert refresh(school) == "whole"
    week = kept(school)
    assert week
    assert (ids(school), week.unreadable) == ({"2"}, (("end_before_start", 1),))


def test_lessons_of_another_zone_are_nobodys(school: Lessons) -> None:
    refresh(school)
    found, version = read_school(school.app, school.id)
    write_school(school.app, replace(found, zone="Europe/London"), version=version)
    assert refresh(school) == "whole"
