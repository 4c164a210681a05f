"""What people do about runs: ask for one, look first, decide about a held one, pause, and switch off in the middle."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from conftest import World, student

from shared.domain.people import Person, Role
from shared.domain.run import Outcome
from shared.domain.school import Pause
from shared.errors import Conflict, Invalid, NotFound, Throttled, Unreachable
from shared.flows.audit import read_audit
from shared.flows.coupling_status import read_coupling
from shared.flows.judge_run import approve, discard
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.order_run import order_run
from shared.flows.pause import save_pause
from shared.flows.plan_run import dry_run
from shared.flows.read_runs import list_runs, read_last_log, read_run, read_state
from shared.flows.schools import read_school
from shared.flows.tick import next_due, tick
from shared.ports import Message, Roster
from shared.simulators.practice_school import practice_school, tiny_school
from tests.counting_store import CountingStore

SCHOOL = practice_school()
TINY = tiny_school()


def taken(world: World, topic: str = "link-school") -> list[Message]:
    """Messages pile up instead of being handled."""
    messages: list[Message] = []
    world.local.queue.subscribe(topic, messages.append)
    return messages


def held(world: World) -> str:
    """A school whose students have vanished from WebUntis, and the run that was held for it."""
    world.open_school(TINY)
    world.run(TINY.id)
    world.local.untis.fail("empty", "students")
    record = world.run(TINY.id)
    assert record
    assert record.outcome is Outcome.HELD
    return record.id


# ---------------------------------------------------------------- run now


def test_a_run_that_is_asked_for_is_queued_then_running_then_done(world: World) -> None:
    world.open_school(TINY)
    messages = taken(world)
    asked = order_run(world.app, TINY.id, by="admin-1")
    queued = read_run(world.app, TINY.id, asked.run)
    assert (queued.outcome, queued.by, queued.trigger) == (Outcome.QUEUED, "admin-1", "person")
    assert world.local.queue.drain(10)
    [message] = messages
    seen: list[Outcome] = []

    def look(roster: Roster) -> Roster:
        seen.append(read_run(world.app, TINY.id, asked.run).outcome)
        return roster

    app = replace(world.app, roster=lambda connection: look(world.app.roster(connection)))
    done = link_school(app, TINY.id, run=message.body["run"], trigger="person", by=message.body["by"])
    assert seen == [Outcome.RUNNING]
    assert read_run(world.app, TINY.id, asked.run) == done
    assert done
    assert (done.outcome, done.by) == (Outcome.DONE, "admin-1")


def test_the_second_one_within_five_minutes_is_told_how_long_to_wait(world: World) -> None:
    world.open_school(TINY)
    taken(world)
    order_run(world.app, TINY.id, by="a")
    world.clock.pass_(minutes=3)
    with pytest.raises(Throttled) as told:
        order_run(world.app, TINY.id, by="b")
    assert (told.value.code, told.value.retry_after) == ("request.too_many", 120)
    world.clock.pass_(minutes=2)
    order_run(world.app, TINY.id, by="b")
    assert [event.actor for event in read_audit(world.app, TINY.id, limit=9, cursor=None)[0]] == ["b", "a"]


def test_a_run_that_is_asked_for_does_not_swallow_the_scheduled_one(world: World) -> None:
    world.open_school(TINY)
    messages = taken(world)
    order_run(world.app, TINY.id, by="a")
    tick(world.app)
    assert world.local.queue.drain(10)
    assert len({message.body["run"] for message in messages}) == 2
    assert all(world.run(TINY.id, message.body["run"]) for message in messages)


def test_nothing_runs_when_off_or_incomplete_but_a_pause_does_not_stop_a_person(world: World) -> None:
    world.open_school(TINY, enabled=False)
    taken(world)
    with pytest.raises(Conflict, match=r"run\.off"):
        order_run(world.app, TINY.id, by="a")
    world.settings(TINY.id, enabled=True, subdomain="")
    with pytest.raises(Invalid, match="Subdomein"):
        order_run(world.app, TINY.id, by="a")
    world.settings(TINY.id, subdomain=TINY.subdomain)
    pause(world, 0, 10)
    asked = order_run(world.app, TINY.id, by="a")
    done = link_school(world.app, TINY.id, run=asked.run, trigger="person")
    assert done
    assert done.outcome is Outcome.DONE


class NoQueue:
    def publish(self, topic: str, bodies: object) -> None:
        raise Unreachable("queue.unreachable", service="queue")


def test_a_queue_that_takes_nothing_leaves_no_order_behind(world: World) -> None:
    world.open_school(TINY)
    with pytest.raises(Unreachable):
        order_run(replace(world.app, queue=NoQueue()), TINY.id, by="a")
    assert read_audit(world.app, TINY.id, limit=9, cursor=None)[0] == ()
    taken(world)
    order_run(world.app, TINY.id, by="a")


def test_an_order_that_never_came_is_not_queued_for_ever(world: World) -> None:
    world.open_school(TINY)
    taken(world)
    asked = order_run(world.app, TINY.id, by="a")
    world.clock.pass_(minutes=61)
    with pytest.raises(NotFound):
        read_run(world.app, TINY.id, asked.run)


# ---------------------------------------------------------------- dry run


def test_a_dry_run_says_what_the_run_then_does_and_does_nothing(world: World) -> None:
    world.open_school(SCHOOL)
    counting = CountingStore(world.app.store)
    plan = dry_run(replace(world.app, store=counting), SCHOOL.id)
    assert counting.written == 1  # that it was asked for: ten in ten minutes
    record = world.run(SCHOOL.id)
    assert record
    assert (plan.outcome, plan.counts) == (record.outcome, record.counts)
    assert {entry.user for entry in plan.changes} == {
        entry.user for entry in read_last_log(world.app, SCHOOL.id)[1].entries if entry.change
    }
    assert all(entry.decision.cause for entry in plan.changes)
    again = dry_run(world.app, SCHOOL.id)
    assert (again.outcome, again.changes) == (Outcome.UNCHANGED, ())


def test_a_dry_run_shows_that_it_would_be_held_and_a_switched_off_coupling_may_be_tried(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.settings(TINY.id, enabled=False)
    world.local.untis.fail("empty", "students")
    plan = dry_run(world.app, TINY.id)
    assert (plan.outcome, plan.problems[-1].code) == (Outcome.HELD, "hold.list_empty")
    assert plan.changes
    assert read_state(world.app, TINY.id).held is None


def test_a_wrong_password_is_tried_once_whoever_tries(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.schools[TINY.tenant_id].set_password("een ander wachtwoord")
    for _ in range(3):
        plan = dry_run(world.app, TINY.id)
        assert (plan.outcome, plan.problems[0].code) == (Outcome.FAILED, "webuntis.login_refused")
    world.run(TINY.id)
    assert world.local.untis.count("token") == 1


# ---------------------------------------------------------------- held: discard


def test_a_discarded_run_stays_quiet_until_something_changes(world: World) -> None:
    run = held(world)
    record = discard(world.app, TINY.id, run, by="admin-1")
    assert (record.outcome, record.discarded_by) == (Outcome.DISCARDED, "admin-1")
    assert read_run(world.app, TINY.id, run) == read_run(world.app, TINY.id, "latest") == record
    coupling = read_coupling(world.app, TINY.id)
    assert coupling.held is None
    assert coupling.discarded
    assert (coupling.discarded.by, coupling.status.condition) == ("admin-1", "waiting")
    for _ in range(2):
        quiet = world.run(TINY.id)
        assert quiet
        assert (quiet.outcome, [each.code for each in quiet.problems]) == (Outcome.UNCHANGED, ["run.set_aside"])
    assert read_coupling(world.app, TINY.id).status.condition == "on_time"
    keep_users(world.app, TINY.id, [student("nieuw", "Willemijn", "Oudhuis")], ())
    again = world.run(TINY.id)
    assert again
    assert again.outcome is Outcome.HELD


def test_what_was_discarded_stays_quiet_after_half_a_look(world: World) -> None:
    run = held(world)
    discard(world.app, TINY.id, run, by="a")
    world.local.untis.fail("forbidden", "teachers")
    world.run(TINY.id)
    world.local.untis.faults.clear()
    world.local.untis.fail("empty", "students")
    after = world.run(TINY.id)
    assert after
    assert after.outcome is Outcome.UNCHANGED


def test_the_log_that_holds_outlives_its_time_while_a_run_stays_set_aside(world: World) -> None:
    run = held(world)
    discard(world.app, TINY.id, run, by="a")
    before, log = read_last_log(world.app, TINY.id)
    assert log.entries
    world.clock.pass_(days=85)
    renewed = world.run(TINY.id)
    assert renewed
    assert (renewed.outcome, [each.code for each in renewed.problems]) == (Outcome.UNCHANGED, ["run.set_aside"])
    assert before != renewed.id
    for _ in range(24):
        world.clock.pass_(days=8)
        assert world.run(TINY.id)
        assert read_last_log(world.app, TINY.id)[1] == log
    assert read_run(world.app, TINY.id, "latest").outcome is Outcome.UNCHANGED
    assert read_coupling(world.app, TINY.id).discarded
    world.clock.pass_(days=1)
    assert world.run(TINY.id).same_as == read_last_log(world.app, TINY.id)[0]


def test_a_discarded_run_can_still_be_approved(world: World) -> None:
    run = held(world)
    discard(world.app, TINY.id, run, by="a")
    taken(world)
    approve(world.app, TINY.id, run, by="b")
    applied = world.run(TINY.id)
    assert applied
    assert applied.outcome is Outcome.DONE
    actions = [(event.action, event.actor) for event in read_audit(world.app, TINY.id, limit=9, cursor=None)[0]]
    assert sorted(actions) == [("run.approved", "b"), ("run.discarded", "a")]


def test_only_a_run_that_waits_can_be_discarded_and_once(world: World) -> None:
    run = held(world)
    with pytest.raises(Conflict, match=r"run\.nothing_held"):
        discard(world.app, TINY.id, "another", by="a")
    discard(world.app, TINY.id, run, by="a")
    with pytest.raises(Conflict, match=r"run\.nothing_held"):
        discard(world.app, TINY.id, run, by="a")


def test_normal_lists_after_a_discard_are_applied_and_a_new_loss_is_held_again(world: World) -> None:
    run = held(world)
    discard(world.app, TINY.id, run, by="a")
    world.local.untis.faults.clear()
    normal = world.run(TINY.id)
    assert normal
    assert normal.outcome is Outcome.DONE
    world.local.untis.fail("empty", "students")
    lost = world.run(TINY.id)
    assert lost
    assert lost.outcome is Outcome.HELD


# ---------------------------------------------------------------- pause


def pause(world: World, first: int, last: int) -> None:
    """From `first` to `last` days from today."""
    today = world.clock().date()
    days = Pause(today + timedelta(days=first), today + timedelta(days=last))
    save_pause(world.app, TINY.id, days, by="a", version=read_school(world.app, TINY.id)[1])


def test_a_paused_school_gets_no_message_and_resumes_by_itself(world: World) -> None:
    world.open_school(TINY)
    messages = taken(world)
    pause(world, 1, 3)
    counts = []
    for _ in range(5):
        counts.append(tick(world.app))
        world.clock.pass_(days=1)
    assert counts == [1, 0, 0, 0, 1]
    assert world.local.queue.drain(10)
    assert len(messages) == 2


def test_a_message_that_comes_late_into_the_pause_does_nothing(world: World) -> None:
    world.open_school(TINY)
    pause(world, 0, 0)
    assert world.run(TINY.id) is None
    assert world.local.untis.calls.total() == 0


def test_the_next_run_after_the_pause_is_due_at_midnight_at_the_school(world: World) -> None:
    world.open_school(TINY)
    pause(world, 0, 2)
    school, _ = read_school(world.app, TINY.id)
    due = next_due(school, world.clock(), timedelta(minutes=30))
    assert due
    assert due.isoformat() == "2026-11-25T23:00:00+00:00"
    assert list_runs(world.app, TINY.id, limit=5, cursor=None).next == due


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(3, 2, "pause.order"), (-9, -1, "pause.order"), (0, 100, "pause.too_long"), (1, 5000, "pause.too_long")],
)
def test_a_pause_that_cannot_be_meant_is_refused(world: World, first: int, last: int, code: str) -> None:
    world.open_school(TINY)
    with pytest.raises(Invalid) as told:
        pause(world, first, last)
    assert [fault.code for fault in told.value.faults] == [code]


def test_the_end_of_time_is_no_pause(world: World) -> None:
    world.open_school(TINY)
    _, version = read_school(world.app, TINY.id)
    with pytest.raises(Invalid):
        save_pause(world.app, TINY.id, Pause(date.min, date.max), by="a", version=version)


# ---------------------------------------------------------------- Ingeschakeld off, in the middle (T54)


@dataclass
class Then:
    """A roster during whose reading of `role` something happens."""

    inner: Roster
    role: Role
    happens: Callable[[], None]

    def tenant_id(self) -> str:
        return self.inner.tenant_id()

    def login(self) -> None:
        self.inner.login()

    def people(self, role: Role) -> tuple[Person, ...]:
        found = self.inner.people(role)
        if role is self.role:
            self.happens()
        return found


@pytest.mark.parametrize(("during", "lists"), [(Role.STUDENT, ["students"]), (Role.TEACHER, ["students", "teachers"])])
def test_switching_off_stops_a_run_at_its_next_checkpoint(world: World, during: Role, lists: list[str]) -> None:
    world.open_school(TINY)

    def off() -> None:
        world.settings(TINY.id, enabled=False)

    app = replace(world.app, roster=lambda connection: Then(world.app.roster(connection), during, off))
    stopped = link_school(app, TINY.id, run="stopped", trigger="schedule")
    assert stopped
    assert (stopped.outcome, [each.code for each in stopped.problems]) == (Outcome.STOPPED, ["run.off"])
    assert read_run(world.app, TINY.id, "stopped") == stopped
    assert [name for name in ("students", "teachers") if world.local.untis.count(name)] == lists
    assert world.app.store.query(f"schools/{TINY.id}/links").documents == ()
    assert world.run(TINY.id, "stopped") is None  # delivered again
    world.settings(TINY.id, enabled=True)
    done = world.run(TINY.id)
    assert done
    assert done.outcome is Outcome.DONE
