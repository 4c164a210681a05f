"""Runs that were held, could not read everything, or failed: what is told and kept of them by the runs that follow."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from conftest import World, student

from shared.domain.people import Person, Role
from shared.domain.run import Outcome
from shared.errors import Conflict, NotAuthorized, NotFound, Unreachable
from shared.flows.directory import read_directories
from shared.flows.judge_run import approve
from shared.flows.keep_settings import Form, save_settings
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.read_roster import password_name
from shared.flows.read_runs import list_runs, read_last_log, read_run, read_run_log
from shared.flows.schools import link_path, read_school
from shared.ports import Roster
from shared.simulators.practice_school import practice_school, tiny_school

SCHOOL = practice_school()
TINY = tiny_school()


def allow(world: World, school: str, run: str) -> None:
    """Approve, and leave the run that follows to the test."""
    world.local.queue.subscribe("link-school", lambda message: None)
    approve(world.app, school, run, by="admin")


def test_a_held_run_is_approved_by_the_id_the_admin_sees_last(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.local.untis.fail("empty", "students")
    world.run(TINY.id)
    world.run(TINY.id)
    seen = read_run(world.app, TINY.id, "latest")
    assert seen.same_as
    allow(world, TINY.id, seen.id)
    applied = world.run(TINY.id)
    assert applied
    assert applied.outcome is Outcome.DONE


def test_a_held_run_still_tells_why_after_a_failure_in_between(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.local.untis.fail("empty", "students")
    world.run(TINY.id)
    world.local.untis.fail("error")
    with pytest.raises(Unreachable):
        world.run(TINY.id)
    world.local.untis.faults.clear()
    world.local.untis.fail("empty", "students")
    again = world.run(TINY.id)
    assert again
    assert (again.outcome, [problem.code for problem in again.problems]) == (Outcome.HELD, ["hold.list_empty"])


def test_all_teachers_at_once_are_held_though_they_are_few_among_all(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    without = [replace(person, key="") if person.role is Role.TEACHER else person for person in SCHOOL.persons]
    world.local.untis.schools[SCHOOL.tenant_id].replace_all(without)
    record = world.run(SCHOOL.id)
    assert record
    assert (record.outcome, record.problems[0].facts["role"]) == (Outcome.HELD, "teacher")


def test_an_empty_list_that_was_approved_does_not_hold_every_later_change(world: World) -> None:
    world.open_school(TINY)
    students = [person for person in TINY.persons if person.role is Role.STUDENT]
    world.local.untis.schools[TINY.tenant_id].replace_all(students)
    held = world.run(TINY.id)
    assert held
    assert held.outcome is Outcome.HELD
    allow(world, TINY.id, held.id)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [student("nieuw", "Willemijn", "Oudhuis")], ())
    changed = world.run(TINY.id)
    assert changed
    assert changed.outcome is Outcome.DONE


@dataclass
class NoTeachers:
    """A roster that refuses the teachers, each time under another request id, as WebUntis does."""

    inner: Roster
    asked: list[int]

    def tenant_id(self) -> str:
        return self.inner.tenant_id()

    def people(self, role: Role) -> tuple[Person, ...]:
        if role is Role.STUDENT:
            return self.inner.people(role)
        self.asked.append(1)
        raise NotAuthorized("webuntis.right_missing", service="webuntis", request_id=f"request-{len(self.asked)}")


def test_the_same_refusal_under_another_request_id_is_nothing_new(world: World) -> None:
    world.open_school(TINY)
    asked: list[int] = []
    app = replace(world.app, roster=lambda connection: NoTeachers(world.app.roster(connection), asked))
    link_school(app, TINY.id, run="first", trigger="schedule")
    again = link_school(app, TINY.id, run="again", trigger="schedule")
    assert again
    assert (again.outcome, again.same_as) == (Outcome.PARTIAL, "first")


def test_who_became_a_teacher_while_students_could_not_be_read_keeps_the_new_link(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    pupil = next(user for user in TINY.users if user.role is Role.STUDENT)
    name = f"{pupil.prefix} {pupil.last_name}".strip()
    world.local.untis.schools[TINY.tenant_id].add(Person("77", Role.TEACHER, "T77", pupil.first_name, name, "XYZ"))
    keep_users(world.app, TINY.id, [replace(pupil, role=Role.TEACHER)], ())
    world.local.untis.fail("forbidden", "students")
    world.run(TINY.id)
    world.local.untis.faults.clear()
    world.run(TINY.id)
    assert pupil.id not in {decision.user for decision in read_directories(world.app, TINY.id)[Role.STUDENT].decisions}
    document = world.app.store.get(link_path(TINY.id, pupil.id))
    assert document
    assert (document.data["role"], document.data["key"]) == ("teacher", "T77")


def test_the_list_of_id_numbers_survives_a_morning_without_webuntis(world: World) -> None:
    world.open_school(SCHOOL)
    with pytest.raises(NotFound):
        read_last_log(world.app, SCHOOL.id)
    first = world.run(SCHOOL.id)
    assert first
    _, log = read_run_log(world.app, SCHOOL.id, first.id)
    world.local.untis.fail("error")
    with pytest.raises(Unreachable):
        world.run(SCHOOL.id)
    assert read_last_log(world.app, SCHOOL.id) == (first.id, log)
    assert log.oddities


def test_whoever_saves_second_leaves_no_password_behind(world: World) -> None:
    world.open_school(TINY)
    _, seen = read_school(world.app, TINY.id)
    before = world.app.secrets.versions(password_name(TINY.id))
    world.settings(TINY.id, client_id="van-een-ander")
    form = Form(True, TINY.school_name, TINY.subdomain, "nieuw", True, "untis_id", "untis_id", "", "", "v3")
    with pytest.raises(Conflict):
        save_settings(world.app, TINY.id, form, version=seen, actor="admin")
    after = world.app.secrets.versions(password_name(TINY.id))
    assert [state for state in after.values() if state == "enabled"] == list(before.values())


@dataclass
class WhileReading:
    """A roster that lets something else happen before it is first asked, and then has no teachers."""

    inner: Roster
    happens: list[Callable[[], object]]

    def tenant_id(self) -> str:
        if self.happens:
            self.happens.pop()()
        return self.inner.tenant_id()

    def people(self, role: Role) -> tuple[Person, ...]:
        return self.inner.people(role) if role is Role.STUDENT else ()


def test_the_slower_of_two_deliveries_of_one_message_does_not_replace_the_log(world: World) -> None:
    world.open_school(TINY)
    happens: list[Callable[[], object]] = [
        lambda: link_school(world.app, TINY.id, run="twice", trigger="schedule"),
    ]
    app = replace(world.app, roster=lambda connection: WhileReading(world.app.roster(connection), happens))
    with pytest.raises(Conflict):
        link_school(app, TINY.id, run="twice", trigger="schedule")
    _, log = read_run_log(world.app, TINY.id, "twice")
    assert {entry.user for entry in log.entries if entry.change == "linked"} == set(TINY.truth)


def test_the_log_of_a_run_that_missed_a_list_still_shows_everybody(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    _, before = read_run_log(world.app, SCHOOL.id, "latest")
    world.local.untis.fail("forbidden", "teachers")
    record = world.run(SCHOOL.id)
    assert record
    assert record.outcome is Outcome.PARTIAL
    _, log = read_run_log(world.app, SCHOOL.id, "latest")
    then = {entry.user: entry for entry in before.entries}
    now = {entry.user: entry for entry in log.entries}
    assert now.keys() == then.keys()
    teachers = {user.id for user in SCHOOL.users if user.role is Role.TEACHER}
    assert {user for user, entry in now.items() if entry.decision.cause == "run.list_unread"} == teachers
    assert all(now[user].decision == replace(then[user].decision, cause="run.list_unread") for user in teachers)
    assert {each for each in log.oddities if each.role is Role.TEACHER} == {
        each for each in before.oddities if each.role is Role.TEACHER
    }
    assert {name: count for name, count in record.counts.items() if name.startswith("teacher")} == dict(
        sorted(Counter(f"teacher.{then[user].decision.state}" for user in teachers).items())
    )
    kept = read_directories(world.app, SCHOOL.id)[Role.TEACHER].decisions
    assert "run.list_unread" not in {decision.cause for decision in kept}


def test_whoever_was_never_judged_and_could_not_be_read_is_called_new(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.fail("forbidden", "teachers")
    record = world.run(TINY.id)
    assert record
    teachers = {user.id for user in TINY.users if user.role is Role.TEACHER}
    assert record.counts["teacher.new"] == len(teachers)
    _, log = read_run_log(world.app, TINY.id, "latest")
    assert {entry.user for entry in log.entries if entry.decision.cause == "run.never_judged"} == teachers
    assert all(entry.decision.since and not entry.change for entry in log.entries if entry.user in teachers)


def test_after_a_failed_run_the_last_log_still_holds_and_says_whose_it_is(world: World) -> None:
    world.open_school(TINY)
    first = world.run(TINY.id)
    assert first
    _, before = read_run_log(world.app, TINY.id, first.id)
    world.settings(TINY.id, client_id="verkeerd")
    for _ in range(2):  # the second failure is the same as the first
        world.run(TINY.id)
        record, log = read_run_log(world.app, TINY.id, "latest")
        assert (record.outcome, record.same_as, log) == (Outcome.FAILED, first.id, before)
        assert [problem.code for problem in record.problems] == ["webuntis.login_refused"]


def test_a_log_is_written_anew_before_its_time_is_over(world: World) -> None:
    world.open_school(TINY)
    first = world.run(TINY.id)
    assert first
    world.clock.pass_(days=80)
    same = world.run(TINY.id)
    assert same
    assert (same.outcome, same.same_as) == (Outcome.UNCHANGED, first.id)
    world.clock.pass_(days=5)
    anew = world.run(TINY.id)
    assert anew
    assert (anew.outcome, anew.same_as) == (Outcome.DONE, "")
    world.clock.pass_(days=80)
    last = world.run(TINY.id)
    assert last
    assert (last.outcome, last.same_as) == (Outcome.UNCHANGED, anew.id)
    assert len(read_run_log(world.app, TINY.id, "latest")[1].entries) == len(TINY.users)


def test_what_waits_for_a_person_is_still_told_after_its_log_would_have_ended(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.local.untis.fail("empty", "students")
    first = world.run(TINY.id)
    assert first
    world.clock.pass_(days=85)
    anew = world.run(TINY.id)
    assert anew
    assert (anew.outcome, anew.same_as) == (Outcome.HELD, "")
    world.clock.pass_(days=10)
    assert world.run(TINY.id)
    assert read_run_log(world.app, TINY.id, "latest")[1].entries
    allow(world, TINY.id, anew.id)


def documents(world: World) -> list[str]:
    return [document.id for document in world.app.store.query(f"schools/{TINY.id}/runs").documents]


def test_a_school_that_keeps_failing_alike_fills_no_shelf_with_runs(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.schools[TINY.tenant_id].set_password("elders-vervangen")
    runs = [world.run(TINY.id) for _ in range(60)]
    assert documents(world) == [runs[0].id]
    assert read_run(world.app, TINY.id, "latest") == runs[-1]
    assert read_run(world.app, TINY.id, runs[-40].id) == runs[-40]
    world.local.untis.schools[TINY.tenant_id].set_password(TINY.password)
    world.settings(TINY.id, school_name="")  # fails for another reason
    other = world.run(TINY.id)
    assert documents(world) == [runs[0].id, other.id]


def test_a_failure_delivered_again_is_one_run_however_it_ends(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.fail("error")
    for run in ("eerste", "eerste", "tweede", "tweede"):
        with pytest.raises(Unreachable):
            world.run(TINY.id, run)
    assert documents(world) == ["eerste"]
    assert [check.id for check in list_runs(world.app, TINY.id, limit=9, cursor=None).checks] == ["tweede"]
    world.local.untis.faults.clear()
    world.run(TINY.id, "tweede")
    assert documents(world) == ["eerste", "tweede"]
    assert list_runs(world.app, TINY.id, limit=9, cursor=None).checks == ()


def test_a_run_that_a_person_asked_for_is_kept_also_when_it_fails_like_the_one_before(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.schools[TINY.tenant_id].set_password("elders-vervangen")
    world.run(TINY.id, "eerste")
    link_school(world.app, TINY.id, run="gevraagd", trigger="person", by="beheerder")
    assert documents(world) == ["eerste", "gevraagd"]
