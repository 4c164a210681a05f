"""Runs that were held, could not read everything, or failed: what is told and kept of them by the runs that follow."""

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
from shared.flows.read_runs import read_last_log, read_run, read_run_log
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
