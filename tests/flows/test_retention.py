"""The retention job: what is over goes, what is not stays, and the record says how much without saying what."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from conftest import World, student

from shared.adapters.indexes import EXEMPT
from shared.domain.rules import Keep
from shared.errors import NotFound
from shared.flows.audit import audited
from shared.flows.bundle import give_consent
from shared.flows.feeds import feed_of, make_feed, note_fetch, open_feed
from shared.flows.keep_users import keep_users
from shared.flows.packed import commit_packed, pack
from shared.flows.read_roster import password_name
from shared.flows.record_run import read_log
from shared.flows.retention import EXPIRING, SINGLE, TOPIC, list_retained, retain, retain_all
from shared.flows.schools import log_path, read_school, write_school
from shared.ports import Message, Write
from shared.simulators.practice_school import tiny_school
from tests.counting_store import CountingStore

TINY = tiny_school()
KEEP = Keep()


@pytest.fixture
def school(world: World) -> World:
    """A school with one run, its log, an event, a remembered answer and a consent; all of them of today."""
    world.open_school(TINY)
    world.run(TINY.id, "20261123T0730Z")
    now = world.clock()
    answer = {"until": now, "expire_at": now + timedelta(hours=24), "body": b"x", "status": 200, "headers": {}}
    event = audited(world.app, TINY.id, actor="u-beheerder", action="settings.saved", after={})
    world.app.store.commit([event, Write(f"schools/{TINY.id}/idempotency/x", answer)])
    give_consent(world.app, TINY.id, hours=1, actor="u-beheerder")
    return world


def kinds(world: World) -> dict[str, int]:
    """How many documents of each kind the school has, parts by themselves."""
    database = sqlite3.connect(Path(world.local.config.database))
    counts: dict[str, int] = {}
    for (path,) in database.execute("SELECT path FROM documents WHERE path LIKE 'schools/klein/%'"):
        name = ".".join(path.split("/")[2::2])
        counts[name] = counts.get(name, 0) + 1
    return counts


@pytest.mark.parametrize(
    ("after", "gone"),
    [
        (timedelta(minutes=59), {}),
        (timedelta(hours=1), {"support": 1}),
        (timedelta(hours=24), {"idempotency": 1, "support": 1}),
        (KEEP.log - timedelta(seconds=1), {"idempotency": 1, "support": 1}),
        (KEEP.log, {"idempotency": 1, "logs": 1, "support": 1}),
        (KEEP.audit, {"audit": 2, "idempotency": 1, "logs": 1, "support": 1}),
        (KEEP.record, {"audit": 2, "idempotency": 1, "logs": 1, "runs": 1, "support": 1}),
    ],
    ids=["at once", "an hour", "a day", "just before 90 days", "90 days", "a year", "13 months"],
)
def test_each_kind_goes_when_its_time_is_over_and_not_before(
    school: World, after: timedelta, gone: dict[str, int]
) -> None:
    before = kinds(school)
    school.clock.time += after
    assert retain(school.app, TINY.id).deleted == gone
    left = {name: before[name] - gone.get(name, 0) for name in before}
    assert kinds(school) == {name: count for name, count in left.items() if count} | {"retention": 1}


def test_people_links_settings_and_the_state_are_never_touched(school: World) -> None:
    school.clock.time += timedelta(days=4000)
    retain(school.app, TINY.id)
    assert kinds(school) == {"directory": 2, "links": len(TINY.users), "linking": 1, "retention": 1}
    assert read_school(school.app, TINY.id)[0].webuntis.enabled


def test_a_log_in_parts_goes_with_its_parts(school: World) -> None:
    big = Random(67).randbytes(2 << 20)  # as much compressed
    path = log_path(TINY.id, "20261123T0700Z")
    expires = {"expire_at": school.clock() + KEEP.log}
    commit_packed(school.app.store, [pack(path, big, expires, replaces=None)])
    school.app.store.commit([Write(f"{path}/parts/stale", {"value": b"x"})])
    parts = kinds(school)["logs.parts"]
    assert parts >= 2
    school.clock.time += KEEP.log
    assert retain(school.app, TINY.id).deleted["logs.parts"] == parts
    assert not any(name.startswith("logs") for name in kinds(school))


def test_newer_logs_stay_readable(school: World) -> None:
    school.clock.time += KEEP.log - timedelta(days=1)
    keep_users(school.app, TINY.id, [student("nieuw", "Bram", "Smit")], ())
    school.run(TINY.id, f"{school.clock():%Y%m%dT%H%MZ}")
    school.clock.time += timedelta(days=2)
    retain(school.app, TINY.id)
    [left] = school.app.store.query(f"schools/{TINY.id}/logs").documents
    assert read_log(school.app, TINY.id, left.id)


def test_the_record_adds_up_over_a_day_and_a_day_without_work_has_one_too(school: World) -> None:
    school.clock.time += timedelta(hours=2)
    retain(school.app, TINY.id)
    school.clock.pass_(hours=12)
    event = {"expire_at": school.clock(), "at": school.clock(), "subject": ""}
    school.app.store.commit([Write(f"schools/{TINY.id}/audit/0", event)])
    # an old event among the newest: found once those before it are gone
    told = retain(school.app, TINY.id)
    assert told.deleted == {"support": 1}
    school.clock.pass_(days=1)
    retain(school.app, TINY.id)
    days, _ = list_retained(school.app, TINY.id, limit=10, cursor=None)
    assert [day.date for day in days] == ["2026-11-24", "2026-11-23"]
    assert days[1].deleted == {"support": 1}


def test_repeating_the_job_changes_nothing(school: World) -> None:
    school.clock.time += KEEP.log
    first = retain(school.app, TINY.id)
    assert retain(school.app, TINY.id).deleted == first.deleted


def test_the_record_holds_counts_and_no_ids(school: World) -> None:
    school.clock.time += KEEP.record
    retain(school.app, TINY.id)
    [record] = school.app.store.query(f"schools/{TINY.id}/retention").documents
    assert set(record.data) == {"date", "at", "deleted", "expire_at"}
    assert all(isinstance(count, int) for count in record.data["deleted"].values())


def test_an_old_password_is_destroyed_a_month_after_it_was_put_out_of_use(school: World) -> None:
    name = password_name(TINY.id)
    [old] = school.app.secrets.versions(name)
    new = school.app.secrets.add(name, "nieuw-wachtwoord")
    school.settings(TINY.id, password_version=new)
    school.app.secrets.disable(name, old)
    retain(school.app, TINY.id)
    school.clock.time += KEEP.secret - timedelta(seconds=1)
    assert "secrets" not in retain(school.app, TINY.id).deleted
    assert school.app.secrets.versions(name) == {old: "disabled", new: "enabled"}
    school.clock.pass_(seconds=1)
    assert retain(school.app, TINY.id).deleted["secrets"] == 1
    assert school.app.secrets.versions(name) == {old: "destroyed", new: "enabled"}
    school.clock.pass_(days=400)
    assert "secrets" not in retain(school.app, TINY.id).deleted
    assert school.app.secrets.read(name, new) == "nieuw-wachtwoord"


def test_the_calendar_link_of_who_left_profijt_goes_a_month_later_and_never_opens_again(school: World) -> None:
    him, other = TINY.users[0], TINY.users[1]
    feed, address = make_feed(school.app, TINY.id, him.id)
    make_feed(school.app, TINY.id, other.id)
    keep_users(school.app, TINY.id, (), [him.id])
    assert "feeds" not in retain(school.app, TINY.id).deleted
    school.clock.time += KEEP.secret - timedelta(seconds=1)
    note_fetch(school.app, TINY.id, feed)  # a calendar goes on asking
    assert "feeds" not in retain(school.app, TINY.id).deleted
    school.clock.pass_(seconds=1)
    assert retain(school.app, TINY.id).deleted["feeds"] == 1
    assert kinds(school)["feeds"] == 1
    assert feed_of(school.app, TINY.id, other.id)
    keep_users(school.app, TINY.id, [him], ())
    with pytest.raises(NotFound, match=r"feed\.unknown"):
        open_feed(school.app, address)


def test_a_list_that_was_empty_by_mistake_ends_no_calendar_link(school: World) -> None:
    address = make_feed(school.app, TINY.id, TINY.users[0].id)[1]
    everybody = [user.id for user in TINY.users]
    for _ in range(2):  # the second absence counts from its own beginning
        keep_users(school.app, TINY.id, (), everybody)
        retain(school.app, TINY.id)
        school.clock.time += KEEP.secret - timedelta(days=1)
        retain(school.app, TINY.id)
        keep_users(school.app, TINY.id, TINY.users, ())
        retain(school.app, TINY.id)
    school.clock.time += KEEP.secret
    assert "feeds" not in retain(school.app, TINY.id).deleted
    assert open_feed(school.app, address)[1].gone is None


def test_the_periods_are_the_operators_to_set(school: World) -> None:
    app = replace(school.app, rules=replace(school.app.rules, keep=replace(KEEP, audit=timedelta(days=7))))
    app.store.commit([audited(app, TINY.id, actor="u-beheerder", action="x.y", after={})])
    [event] = [each for each in app.store.query(f"schools/{TINY.id}/audit").documents if each.data["action"] == "x.y"]
    assert event.data["expire_at"] == school.clock() + timedelta(days=7)


def test_on_a_day_with_nothing_to_do_the_job_reads_next_to_nothing(school: World) -> None:
    expires = {"expire_at": school.clock() + KEEP.log}
    logs = [Write(log_path(TINY.id, f"20261124T{n:04}Z"), expires | {"packed": {}}) for n in range(400)]
    events = [audited(school.app, TINY.id, actor="a", action="x.y", after={}) for _ in range(400)]
    school.app.store.write_many([*logs, *events])
    counting = CountingStore(school.app.store)
    retain(replace(school.app, store=counting), TINY.id)
    assert counting.read < 320  # a page of events, five logs and a few others
    assert counting.written == 1


def test_every_school_is_asked_also_one_that_is_off(school: World) -> None:
    found, _ = read_school(school.app, TINY.id)
    for number in range(350):
        write_school(school.app, replace(found, id=f"s{number:03}", webuntis=replace(found.webuntis, enabled=False)))
    taken: list[Message] = []
    school.local.queue.subscribe(TOPIC, taken.append)
    assert retain_all(school.app) == 351
    assert school.local.queue.drain(20)
    assert len({message.body["school"] for message in taken}) == 351


def test_a_school_that_is_gone_is_told_apart(world: World) -> None:
    with pytest.raises(NotFound):
        retain(world.app, "elders")
    with pytest.raises(NotFound):
        list_retained(world.app, "elders", limit=1, cursor=None)


def test_everything_that_expires_in_a_school_is_cleared_by_the_job() -> None:
    elsewhere = {"parts", "entries", "heard", "tenants"}  # with their heads, of one run no more, and outside of schools
    expiring = {entry.group for entry in EXEMPT if entry.expires} - elsewhere
    lines = {"lines"}  # of every ledger: tests/flows/test_export_privacy.py
    assert expiring <= set(EXPIRING) | {name.split("/")[0] for name in SINGLE} | lines
