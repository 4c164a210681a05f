"""What WebUntis refused somebody while a run was at work, the next run does not try once more."""

from dataclasses import replace

import pytest
from conftest import World

from shared.domain.run import Outcome
from shared.domain.status import Condition
from shared.errors import Throttled
from shared.flows.login_guard import note_access_refused
from shared.flows.read_roster import access, password_name
from shared.flows.read_runs import read_state
from shared.flows.refusals import note_patience, note_refusal
from shared.flows.schools import read_school, state_path
from shared.simulators.practice_school import tiny_school
from tests.counting_store import CountingStore

TINY = tiny_school()


def refused_during_a_run(world: World) -> None:
    """Noted by whoever reads lessons, while somebody holds the lease."""
    assert world.app.store.lease(state_path(TINY.id), owner="een run", now=world.clock(), seconds=540)
    note_access_refused(world.app, TINY.id, access(world.app, read_school(world.app, TINY.id)[0]))
    assert read_state(world.app, TINY.id).refusals == ()


def test_the_next_run_does_not_log_in_and_says_so(world: World) -> None:
    world.open_school(TINY)
    refused_during_a_run(world)
    for _ in range(2):
        run = world.run(TINY.id)
        assert run
        assert (run.outcome, run.problems[0].code) == (Outcome.FAILED, "webuntis.login_refused")
    assert world.local.untis.count("token") == 0
    assert read_state(world.app, TINY.id).watch.condition is Condition.ACTION_NEEDED


def test_nor_does_it_when_webuntis_forgets_a_token_that_was_good(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    refused_during_a_run(world)
    world.local.untis.revoke_tokens()
    before = world.local.untis.count("token")
    run = world.run(TINY.id)
    assert run
    assert run.problems[0].code == "webuntis.login_refused"
    assert world.local.untis.count("token") == before


def test_a_new_password_is_tried(world: World) -> None:
    world.open_school(TINY)
    refused_during_a_run(world)
    world.settings(TINY.id, password_version=world.app.secrets.add(password_name(TINY.id), TINY.password))
    run = world.run(TINY.id)
    assert run
    assert run.outcome is Outcome.DONE


def test_who_logs_in_reads_one_document_more_and_writes_none(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.local.untis.revoke_tokens()
    store = CountingStore(world.app.store)
    run = World(world.local, replace(world.app, store=store), world.clock).run(TINY.id)
    assert run
    assert (run.outcome, store.read, store.written) == (Outcome.UNCHANGED, 7, 2)


def test_patience_that_others_were_asked_for_is_had_before_logging_in(world: World) -> None:
    world.open_school(TINY)
    asked = access(world.app, read_school(world.app, TINY.id)[0])
    note_patience(world.app, TINY.id, asked, Throttled("http.throttled", service="webuntis", retry_after=2400))
    note_refusal(world.app, TINY.id, "een andere toegang")
    with pytest.raises(Throttled) as told:
        world.run(TINY.id)  # half an hour later
    assert told.value.retry_after == 600
    assert world.local.untis.count("token") == 0
    run = world.run(TINY.id)
    assert run
    assert run.outcome is Outcome.DONE
