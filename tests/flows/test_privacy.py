"""One person told and erased: whatever was stored about him, wherever, and nothing of anybody else's."""

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from conftest import World, student

from shared.domain.people import Decision, Person, Role, State
from shared.errors import Conflict, NotFound, Unreachable
from shared.flows.audit import audited, read_audit
from shared.flows.directory import read_directories, repack
from shared.flows.keep_users import keep_users
from shared.flows.link_school import LEASE_SECONDS, link_school
from shared.flows.order_run import order_run
from shared.flows.packed import FIELD, commit_packed, read_packed
from shared.flows.privacy import Erased, erase, export
from shared.flows.schools import link_path, state_path
from shared.flows.tick import TOPIC
from shared.ports import Write
from shared.simulators.practice_school import load, tiny_school
from tests.counting_store import CountingStore

TINY = tiny_school()
HIM = student(
    "u-canary-7", "Quirijn", "Zwanepoel", prefix="van", number="9907001", entree="qz@entree.example",
    eck_id="https://ketenid.nl/201703/canary7", untis_id="9907001", email="quirijn@zwanepoel.example",
)  # fmt: skip
HIS = ("u-canary-7", "zwanepoel", "9907001", "qz@entree", "canary7")
PERSON = Person("w-canary", Role.STUDENT, "9907001", "Quirijn", "van Zwanepoel")


@pytest.fixture
def told(world: World) -> World:
    """A school with some history about him: linked, renamed, a namesake, decisions and events by and about him."""
    school = replace(TINY, users=(*TINY.users, HIM), persons=(*TINY.persons, PERSON))
    world.open_school(school)
    world.run(TINY.id)
    # A namesake who resembles him has him for a candidate, with his name and ID-nummer.
    keep_users(world.app, TINY.id, [student("u-ander", "Quirijn", "Zwanepol", prefix="van")], ())
    untis = world.local.untis.schools[TINY.tenant_id]
    untis.replace_all([*school.persons, Person("w-2", Role.STUDENT, "", "Quirijn", "van Zwanepoel")])
    world.run(TINY.id)
    # He also is somebody who decides about others, and who is decided about.
    students = read_directories(world.app, TINY.id)[Role.STUDENT]
    decisions = [replace(each, decided_by=HIM.id) for each in students.decisions]
    commit_packed(
        world.app.store,
        [repack(students, users=students.users, decisions=decisions)],
        [
            audited(
                world.app, TINY.id, actor="u-beheerder", action="link.decided", subject=HIM.id, after={"key": "9907001"}
            ),
            audited(world.app, TINY.id, actor=HIM.id, action="link.decided", subject="u-ander", after={"key": "068"}),
            audited(world.app, TINY.id, actor="u-beheerder", action="links.accepted", after={"users": [HIM.id, "u1"]}),
        ],
    )
    shown = world.app.store.get(link_path(TINY.id, "u-ander"))
    assert shown
    shown.data["decided_by"] = HIM.id
    answer = {"status": 200, "headers": {}, "body": b'{"name":"Quirijn van Zwanepoel"}', "until": world.clock()}
    world.app.store.commit([Write(shown.path, shown.data), Write(f"schools/{TINY.id}/idempotency/x", answer)])
    world.run(TINY.id)
    return world


def everything(world: World) -> Iterator[tuple[str, str]]:
    """Every document in the database with all its values as text, packed ones opened."""
    rows = sqlite3.connect(Path(world.local.config.database)).execute("SELECT path, data FROM documents").fetchall()
    for path, raw in rows:
        data = msgspec.msgpack.decode(raw)
        if FIELD in data:
            found = read_packed(world.app.store, path)
            data[FIELD] = found[0].decode() if found else ""
        yield path, repr((path, data))


def traces(world: World) -> dict[str, list[str]]:
    found = {path: [mark for mark in HIS if mark in text.lower()] for path, text in everything(world)}
    return {path: marks for path, marks in found.items() if marks}


def test_he_is_to_be_found_in_every_kind_of_document_before(told: World) -> None:
    kinds = {path.split("/")[2] for path in traces(told)}
    assert kinds == {"directory", "links", "logs", "audit", "idempotency"}


def test_after_erasing_no_document_holds_his_id_name_or_numbers(told: World) -> None:
    done = erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert traces(told) == {}
    assert done.users == done.decisions == done.links == done.answers == 1
    assert done.events == 3
    assert done.log_rows >= 3  # his rows of two logs or more, and the person without an ID-nummer of his name


def test_nobody_else_is_touched(told: World) -> None:
    before = read_directories(told.app, TINY.id)
    before_runs = told.app.store.query(f"schools/{TINY.id}/runs").documents
    erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    after = read_directories(told.app, TINY.id)
    for role in Role:
        assert after[role].users == tuple(user for user in before[role].users if user.id != HIM.id)

        def others(decisions: tuple[Decision, ...]) -> list[Decision]:
            return [replace(each, candidates=(), decided_by="") for each in decisions if each.user != HIM.id]

        assert others(after[role].decisions) == others(before[role].decisions)
    assert told.app.store.query(f"schools/{TINY.id}/runs").documents == before_runs


def test_the_runs_he_asked_for_no_longer_say_so(told: World) -> None:
    told.local.queue.subscribe(TOPIC, lambda _: None)
    order_run(told.app, TINY.id, by=HIM.id)
    told.clock.pass_(minutes=30)
    keep_users(told.app, TINY.id, [student("u-nieuw", "Bram", "Smit")], ())  # so that the run has something to record
    link_school(told.app, TINY.id, run="20261123T0930Z-x", trigger="person", by=HIM.id)
    assert {"runs", "linking"} <= {path.split("/")[2] for path in traces(told)}
    erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert traces(told) == {}


def test_the_proof_tells_how_much_and_not_whom(told: World) -> None:
    done = erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    [proof] = [
        event for event in read_audit(told.app, TINY.id, limit=50, cursor=None)[0] if event.action == "person.erased"
    ]
    assert (proof.actor, proof.subject, proof.after["users"]) == ("u-beheerder", "gewist", 1)
    assert proof.after["log_rows"] == done.log_rows


def test_erasing_twice_removes_nothing_the_second_time_and_proves_it_once(told: World) -> None:
    erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    before = dict(everything(told))
    assert erase(told.app, TINY.id, HIM.id, actor="u-beheerder") == Erased()
    lease = state_path(TINY.id)
    assert {path: text for path, text in everything(told) if path != lease} == {
        path: text for path, text in before.items() if path != lease
    }


def test_who_erases_himself_is_not_named_in_the_proof(told: World) -> None:
    erase(told.app, TINY.id, HIM.id, actor=HIM.id)
    assert traces(told) == {}


def test_a_run_after_erasing_goes_on_as_usual_and_brings_nobody_back(told: World) -> None:
    untis = told.local.untis.schools[TINY.tenant_id]
    untis.replace_all(TINY.persons)
    erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    done = told.run(TINY.id)
    assert done
    assert done.outcome in ("done", "unchanged")
    assert traces(told) == {}


def test_whom_profijt_sends_again_is_a_new_user(told: World) -> None:
    erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    keep_users(told.app, TINY.id, [HIM], ())
    told.run(TINY.id)
    kept = export(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert len(kept.entries) == 1
    assert kept.events == ()


def test_a_person_who_left_profijt_is_erased_from_what_is_left(told: World) -> None:
    keep_users(told.app, TINY.id, (), [HIM.id])
    told.local.untis.schools[TINY.tenant_id].replace_all(TINY.persons)
    told.run(TINY.id)
    assert erase(told.app, TINY.id, HIM.id, actor="u-beheerder").users == 0
    assert traces(told) == {}


def test_a_run_under_way_is_waited_for(told: World) -> None:
    lease = told.app.store.lease(state_path(TINY.id), owner="run-x", now=told.clock(), seconds=LEASE_SECONDS)
    assert lease
    with pytest.raises(Conflict, match=r"run\.busy"):
        erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert export(told.app, TINY.id, HIM.id, actor="u-beheerder").user == HIM


def breaking(world: World, writes: int) -> CountingStore:
    """A database that is out of reach after so many writes."""
    left = iter(range(writes))

    def before_write() -> None:
        if next(left, None) is None:
            raise Unreachable("store.unreachable", service="store")

    return CountingStore(world.app.store, before_write)


def test_whatever_write_it_breaks_off_at_a_repeat_finishes_and_only_then_is_there_a_proof(told: World) -> None:
    for writes in itertools.count():
        try:
            erase(replace(told.app, store=breaking(told, writes)), TINY.id, HIM.id, actor="u-beheerder")
            break
        except Unreachable:
            assert export(told.app, TINY.id, HIM.id, actor="u-beheerder").user == HIM  # still to be seen as not done
            events = read_audit(told.app, TINY.id, limit=100, cursor=None)[0]
            assert not any(event.action == "person.erased" for event in events)
    assert writes > 3
    assert traces(told) == {}


def test_the_export_holds_all_of_his_and_nothing_of_others(told: World) -> None:
    kept = export(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert kept.user == HIM
    assert kept.decision
    assert kept.decision.state is State.LINKED
    assert {entry.user for _, entry in kept.entries} == {HIM.id}
    assert len(kept.entries) >= 2
    assert kept.link
    assert kept.link["key"] == "9907001"
    assert [event["action"] for event in kept.events] == ["link.decided"]
    assert [action for _, action in kept.acts] == ["link.decided"]
    names = {user.last_name for user in TINY.users}
    assert not any(name in repr((kept.entries, kept.events, kept.acts)) for name in names)


def test_that_somebody_was_exported_is_an_event_about_him(told: World) -> None:
    export(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert export(told.app, TINY.id, HIM.id, actor="u-beheerder").events[-1]["action"] == "person.exported"


def test_about_nobody_nothing_is_stored(told: World) -> None:
    with pytest.raises(NotFound, match=r"person\.unknown"):
        export(told.app, TINY.id, "niemand", actor="u-beheerder")
    with pytest.raises(NotFound, match=r"school\.unknown"):
        erase(told.app, "elders", HIM.id, actor="u-beheerder")
    assert erase(told.app, TINY.id, "niemand", actor="u-beheerder") == Erased()


def test_a_person_of_another_school_stays_there(told: World) -> None:
    elders = replace(TINY, id="elders", tenant_id="999", school_name="elders", subdomain="elders")
    elders = replace(elders, users=(HIM,), persons=(PERSON,))
    load(told.local.untis, elders)
    told.open_school(elders)
    erase(told.app, TINY.id, HIM.id, actor="u-beheerder")
    assert {path.split("/")[1] for path in traces(told)} == {"elders"}
