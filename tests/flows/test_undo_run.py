"""Undoing one run: the links of before come back and stay, a person's later decision stays, and twice is once."""

from dataclasses import replace

import pytest
from conftest import World, student

from shared.domain.people import Decision, Person, Role, State
from shared.domain.run import Outcome
from shared.errors import Conflict, NotFound
from shared.flows.audit import read_audit
from shared.flows.directory import read_directories
from shared.flows.keep_users import keep_users
from shared.flows.link_list import list_links, read_link
from shared.flows.link_school import link_school
from shared.flows.review_links import Verdict, decide_link
from shared.flows.schools import link_path
from shared.flows.undo_run import Undone, undo_run
from shared.ports import Write
from shared.simulators.practice_school import practice_school, tiny_school
from tests.counting_store import CountingStore

SCHOOL = practice_school()
TINY = tiny_school()
BENJAMIN, SOPHIE = TINY.users[:2]  # ID-nummers 167 and 067
ADMIN = "u-beheerder"


def run(world: World, name: str, school: str = TINY.id) -> None:
    record = world.run(school, name)
    assert record
    assert record.outcome is Outcome.DONE


def undo(world: World, name: str, school: str = TINY.id) -> Undone:
    world.clock.pass_(minutes=5)
    return undo_run(world.app, school, name, actor=ADMIN)


def decide(world: World, user: str, kind: str, key: str = "") -> None:
    world.clock.pass_(minutes=5)
    verdict = Verdict(kind, key, "")  # type: ignore[arg-type]
    decide_link(world.app, TINY.id, user, verdict, actor="u-ander", seen=lambda _: None)


def decision(world: World, user: str, school: str = TINY.id) -> Decision:
    found = read_link(world.app, school, user).decision
    assert found
    return found


def editions(world: World, school: str = TINY.id) -> list[int]:
    return [directory.edition for directory in read_directories(world.app, school).values()]


def untis(world: World):
    return world.local.untis.schools[TINY.tenant_id]


@pytest.fixture
def tiny(world: World) -> World:
    world.open_school(TINY)
    run(world, "first")
    return world


@pytest.mark.parametrize("settings", [{}, {"auto_link": False, "student_attribute": "number"}])
def test_links_a_run_made_are_gone_and_the_next_runs_do_not_make_them_again(tiny: World, settings: dict) -> None:
    done = undo(tiny, "first")
    assert set(done.put_back) == {user.id for user in TINY.users}
    assert (done.kept, done.failed) == ((), ())
    tiny.settings(TINY.id, **settings)
    for _ in range(2):
        tiny.run(TINY.id)
        counts = list_links(tiny.app, TINY.id, states=(), roles=(), words="", limit=1, cursor="").counts
        assert counts["linked"] == 0
    assert decision(tiny, BENJAMIN.id).ruled_out == ("167",)


def test_a_link_that_was_undone_is_not_made_again_under_a_new_id_number(tiny: World) -> None:
    undo(tiny, "first")
    person = next(each for each in TINY.persons if each.key == "167")
    tiny.local.untis.schools[TINY.tenant_id].change_key(Role.STUDENT, person.id, "700167")
    assert tiny.run(TINY.id)
    assert decision(tiny, BENJAMIN.id).state is not State.LINKED


def test_a_link_a_run_took_comes_back_by_hand_and_stays(tiny: World) -> None:
    keep_users(tiny.app, TINY.id, [replace(BENJAMIN, first_name="Anders", last_name="Genoemd")], ())
    run(tiny, "second")
    assert decision(tiny, BENJAMIN.id).cause == "link.user_renamed"
    assert undo(tiny, "second").put_back == (BENJAMIN.id,)
    for _ in range(2):
        tiny.run(TINY.id)
        now = decision(tiny, BENJAMIN.id)
        assert (now.state, now.key, now.by, now.decided_by) == (State.LINKED, "167", "person", ADMIN)
    document = tiny.app.store.get(link_path(TINY.id, BENJAMIN.id))
    assert document
    assert (document.data["state"], document.data["by"]) == ("linked", "person")


def test_a_link_to_somebody_who_is_gone_from_webuntis_waits_for_the_same_id_number(tiny: World) -> None:
    there = next(person for person in TINY.persons if person.key == "167")
    untis(tiny).remove(Role.STUDENT, there.id)
    run(tiny, "second")
    undo(tiny, "second")
    tiny.run(TINY.id)
    assert (decision(tiny, BENJAMIN.id).state, decision(tiny, BENJAMIN.id).by) == (State.SUSPENDED, "person")
    untis(tiny).add(there)
    tiny.run(TINY.id)
    assert (decision(tiny, BENJAMIN.id).state, decision(tiny, BENJAMIN.id).key) == (State.LINKED, "167")


@pytest.fixture
def swapped(world: World) -> World:
    """A school by number, in which somebody exchanged two students' numbers: run "second" moved both links."""
    world.open_school(TINY, auto_link=False, student_attribute="number", teacher_attribute="abbreviation")
    run(world, "first")
    users = [replace(BENJAMIN, number=SOPHIE.number), replace(SOPHIE, number=BENJAMIN.number)]
    keep_users(world.app, TINY.id, users, ())
    run(world, "second")
    assert (decision(world, BENJAMIN.id).key, decision(world, SOPHIE.id).key) == ("067", "167")
    return world


def test_links_a_run_exchanged_are_exchanged_back(swapped: World) -> None:
    assert set(undo(swapped, "second").put_back) == {BENJAMIN.id, SOPHIE.id}
    for auto_link in (False, True, False):
        swapped.settings(TINY.id, auto_link=auto_link)
        swapped.run(TINY.id)
        assert (decision(swapped, BENJAMIN.id).key, decision(swapped, SOPHIE.id).key) == ("167", "067")


def test_what_a_person_decided_after_the_run_stays_and_bars_who_needs_it(swapped: World) -> None:
    decide(swapped, SOPHIE.id, "link", "167")  # a person says that this move was right
    done = undo(swapped, "second")
    assert done.kept == (SOPHIE.id,)
    assert [(left.user, left.code, left.facts) for left in done.failed] == [
        (BENJAMIN.id, "links.id_number_taken", (("user", SOPHIE.id),))
    ]
    assert (decision(swapped, SOPHIE.id).key, decision(swapped, SOPHIE.id).decided_by) == ("167", "u-ander")


@pytest.mark.parametrize(("kind", "state"), [("exclude", State.EXCLUDED), ("link", State.LINKED)])
def test_a_later_decision_stays(tiny: World, kind: str, state: State) -> None:
    decide(tiny, BENJAMIN.id, kind, "167" if kind == "link" else "")
    made = decision(tiny, BENJAMIN.id)
    tiny.run(TINY.id)
    done = undo(tiny, "first")
    assert BENJAMIN.id not in done.put_back
    assert decision(tiny, BENJAMIN.id) == made
    assert made.state is state


def test_a_second_undo_changes_nothing(tiny: World) -> None:
    first = undo(tiny, "first")
    before = editions(tiny)
    again = undo(tiny, "first")
    assert (again.put_back, set(again.already)) == ((), set(first.put_back))
    assert editions(tiny) == before
    tiny.run(TINY.id)
    assert undo(tiny, "first").put_back == ()
    assert decision(tiny, BENJAMIN.id).ruled_out == ("167",)
    events, _ = read_audit(tiny.app, TINY.id, limit=100, cursor=None)
    assert sum(event.action == "run.undone" for event in events) == 1


def test_the_audit_tells_who_undid_what_of_whom(tiny: World) -> None:
    undo(tiny, "first")
    [told], _ = read_audit(tiny.app, TINY.id, limit=10, cursor=None, subject="first")
    assert (told.actor, told.action) == (ADMIN, "run.undone")
    assert told.after == {"teruggezet": len(TINY.users), "later besloten": 0, "niet gelukt": 0}
    [event], _ = read_audit(tiny.app, TINY.id, limit=10, cursor=None, subject=BENJAMIN.id)
    assert (event.action, event.before["idNummer"], event.after["idNummer"]) == ("link.put_back", "167", "")
    assert event.after["synchronisatie"] == "first"


def test_who_left_cannot_be_put_back_and_who_returned_gets_back_what_a_person_had_decided(tiny: World) -> None:
    wim = student("wim", "Wim", "Oudhuis")
    untis(tiny).add(Person("900", Role.STUDENT, "900", "Guillaume", "Vieuxmaison"))
    keep_users(tiny.app, TINY.id, [wim], ())
    decide(tiny, "wim", "link", "900")
    keep_users(tiny.app, TINY.id, [], ["wim"])
    run(tiny, "second")
    assert [(left.user, left.code) for left in undo(tiny, "second").failed] == [("wim", "undo.user_gone")]
    keep_users(tiny.app, TINY.id, [wim], ())
    assert undo(tiny, "second").put_back == ("wim",)
    tiny.run(TINY.id)
    assert (decision(tiny, "wim").state, decision(tiny, "wim").key) == (State.LINKED, "900")


def test_a_run_that_changed_no_link_cannot_be_undone(tiny: World) -> None:
    again = tiny.run(TINY.id, "again")
    assert again
    assert again.outcome is Outcome.UNCHANGED
    with pytest.raises(Conflict, match=r"undo\.nothing_applied"):
        undo(tiny, "again")
    tiny.local.untis.fail("empty", "students")
    held = tiny.run(TINY.id, "held")
    assert held
    assert held.outcome is Outcome.HELD
    with pytest.raises(Conflict, match=r"undo\.nothing_applied"):
        undo(tiny, "held")


def test_without_its_log_a_run_cannot_be_undone(tiny: World) -> None:
    tiny.clock.pass_(days=91)
    with pytest.raises(Conflict, match=r"undo\.log_gone"):
        undo(tiny, "first")
    with pytest.raises(NotFound):
        undo(tiny, "niet-bestaand")


def test_undoing_while_a_run_is_at_work_loses_neither(tiny: World) -> None:
    keep_users(tiny.app, TINY.id, [student("nieuw", "Nieuwe", "Leerling")], ())
    app = replace(tiny.app, store=CountingStore(tiny.app.store))
    once = iter([lambda: undo(tiny, "first")])

    def before_write() -> None:
        if app.store.written == 1:
            next(once, lambda: None)()

    app.store.before_write = before_write
    with pytest.raises(Conflict):
        link_school(app, TINY.id, run="late", trigger="schedule")
    assert tiny.run(TINY.id, "late")
    assert decision(tiny, BENJAMIN.id).state is not State.LINKED
    assert decision(tiny, "nieuw").state is State.NOT_FOUND


def test_a_whole_school_is_put_back_with_every_link_document(world: World) -> None:
    world.open_school(SCHOOL)
    run(world, "first", SCHOOL.id)
    linked = list_links(world.app, SCHOOL.id, states=["linked"], roles=(), words="", limit=5000, cursor="").items
    done = undo(world, "first", SCHOOL.id)
    assert len(done.put_back) == len(linked) > 800
    documents = world.app.store.get_many([link_path(SCHOOL.id, user) for user in done.put_back])
    assert {document.data["state"] for document in documents.values()} == {"review"}
    assert len(documents) == len(done.put_back)
    [event], _ = read_audit(world.app, SCHOOL.id, limit=10, cursor=None, subject=done.put_back[-1])
    assert event.action == "link.put_back"


def test_link_documents_that_a_broken_undo_left_behind_are_written_by_the_next(tiny: World) -> None:
    undo(tiny, "first")
    stale = tiny.app.store.get(link_path(TINY.id, BENJAMIN.id))
    assert stale
    tiny.app.store.write_many([Write(stale.path, stale.data | {"state": "linked"})])
    undo(tiny, "first")
    mended = tiny.app.store.get(link_path(TINY.id, BENJAMIN.id))
    assert mended
    assert mended.data["state"] == "review"
