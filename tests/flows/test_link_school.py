"""Automatic linking end to end: the practice school through the real adapters, as a tick would run it."""

from dataclasses import replace

import pytest
from conftest import World, student

from shared.domain.people import Person, Role, State
from shared.domain.run import Outcome
from shared.errors import Conflict, NotFound, Throttled, Unreachable
from shared.flows.directory import read_directories
from shared.flows.judge_run import approve
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.linking_state import opened, rewritten
from shared.flows.read_roster import password_name
from shared.flows.read_runs import list_runs, read_run, read_run_log, read_state
from shared.flows.schools import link_path, state_path
from shared.simulators.practice_school import practice_school, tiny_school
from shared.simulators.untis_wire import Dialect, person_row
from tests.counting_store import CountingStore

SCHOOL = practice_school()
TINY = tiny_school()


def links(world: World, school: str) -> dict[str, str]:
    """user → ID-nummer, as the directory holds them."""
    return {
        decision.user: decision.key
        for directory in read_directories(world.app, school).values()
        for decision in directory.decisions
        if decision.state is State.LINKED
    }


def test_a_run_links_nine_in_ten_and_nobody_wrongly(world: World) -> None:
    world.open_school(SCHOOL)
    record = world.run(SCHOOL.id)
    assert record
    assert record.outcome is Outcome.DONE
    linked = links(world, SCHOOL.id)
    assert [user for user, key in linked.items() if key != SCHOOL.right_key(user)] == []
    assert len(linked) > 0.9 * len(SCHOOL.truth)
    assert linked[next(user.id for user in SCHOOL.users if user.last_name == "Bauer")] == "067"


def test_every_link_is_also_a_document_of_its_own(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    for role, directory in read_directories(world.app, SCHOOL.id).items():
        assert len(directory.decisions) == len(directory.users)
        for decision in directory.decisions:
            document = world.app.store.get(link_path(SCHOOL.id, decision.user))
            assert document
            assert (document.data["state"], document.data["key"], document.data["role"]) == (
                decision.state,
                decision.key,
                role,
            )


def test_the_log_says_of_everyone_what_happened_and_why(world: World) -> None:
    world.open_school(SCHOOL)
    record = world.run(SCHOOL.id)
    assert record
    _, log = read_run_log(world.app, SCHOOL.id, "latest")
    assert {entry.user for entry in log.entries} == {user.id for user in SCHOOL.users}
    assert all(entry.name and entry.decision.cause and entry.decision.since for entry in log.entries)
    assert {oddity.kind for oddity in log.oddities} == {"missing", "double"}


@pytest.mark.parametrize("copies", [1, 3])
def test_an_unchanged_run_costs_the_same_whatever_the_size(world: World, copies: int) -> None:
    school = SCHOOL if copies == 1 else TINY
    world.open_school(school)
    world.run(school.id)
    counting = CountingStore(world.app.store)
    world.clock.pass_(minutes=30)
    again = link_school(replace(world.app, store=counting), school.id, run="again", trigger="schedule")
    assert again
    assert again.outcome is Outcome.UNCHANGED
    assert (counting.read, counting.written) == (6, 2)


def test_the_log_of_an_unchanged_run_is_that_of_the_run_before(world: World) -> None:
    world.open_school(TINY)
    first = world.run(TINY.id)
    again = world.run(TINY.id)
    assert first
    assert again
    assert again.same_as == first.id
    record, log = read_run_log(world.app, TINY.id, "latest")
    assert record.id == again.id
    assert len(log.entries) == len(TINY.users)
    assert [check.id for check in list_runs(world.app, TINY.id, limit=10, cursor=None).checks] == [again.id]


def test_one_new_student_writes_one_link(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [student("nieuw", "Willemijn", "Oudhuis", number="900")], ())
    world.local.untis.schools[TINY.tenant_id].add(Person("900", Role.STUDENT, "900", "Willemijn", "Oudhuis"))
    counting = CountingStore(world.app.store)
    world.clock.pass_(minutes=30)
    run = link_school(replace(world.app, store=counting), TINY.id, run="new", trigger="schedule")
    assert run
    assert run.counts["changes.linked"] == 1
    assert links(world, TINY.id)["nieuw"] == "900"
    assert counting.written <= 8  # lease; log, directory and state; link and state; record and state


def test_two_schools_with_the_same_names_and_numbers_do_not_mix(world: World) -> None:
    world.open_school(SCHOOL)
    world.open_school(TINY)
    world.run(SCHOOL.id)
    world.run(TINY.id)
    for school in (SCHOOL, TINY):
        assert all(key == school.right_key(user) for user, key in links(world, school.id).items())
    assert len(links(world, TINY.id)) == len(TINY.truth)


def test_a_school_that_is_switched_off_is_left_alone(world: World) -> None:
    world.open_school(TINY, enabled=False)
    assert world.run(TINY.id) is None
    assert world.local.untis.calls.total() == 0


def test_settings_without_a_password_are_named_in_the_log(world: World) -> None:
    world.open_school(TINY, password_version="")
    record = world.run(TINY.id)
    assert record
    assert record.outcome is Outcome.FAILED
    assert [(problem.code, problem.facts) for problem in record.problems] == [
        ("settings.incomplete", {"missing": "Wachtwoord"})
    ]
    assert world.local.untis.calls.total() == 0


def test_a_wrong_password_is_tried_once_and_not_again_until_it_changes(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.schools[TINY.tenant_id].set_password("een ander wachtwoord")
    for _ in range(10):
        record = world.run(TINY.id)
        assert record
        assert (record.outcome, record.problems[0].code) == (Outcome.FAILED, "webuntis.login_refused")
    assert world.local.untis.count("token") == 1
    version = world.app.secrets.add(password_name(TINY.id), "een ander wachtwoord")
    world.settings(TINY.id, password_version=version)
    mended = world.run(TINY.id)
    assert mended
    assert mended.outcome is Outcome.DONE


def test_a_missing_right_to_the_teachers_does_not_stop_the_students(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.fail("forbidden", "teachers")
    record = world.run(TINY.id)
    assert record
    assert record.outcome is Outcome.PARTIAL
    assert [(problem.code, problem.role) for problem in record.problems] == [("webuntis.right_missing", "teacher")]
    users = {user.id: user for user in TINY.users}
    assert {users[user].role for user in links(world, TINY.id)} == {Role.STUDENT}
    again = world.run(TINY.id)
    assert again
    assert (again.outcome, again.same_as) == (Outcome.PARTIAL, record.id)


def test_webuntis_out_of_reach_is_recorded_and_delivered_again(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.fail("error")
    with pytest.raises(Unreachable):
        world.run(TINY.id, "first")
    assert read_run(world.app, TINY.id, "first").outcome is Outcome.FAILED
    world.local.untis.faults.clear()
    record = world.run(TINY.id, "first")
    assert record
    assert record.outcome is Outcome.DONE
    assert read_run(world.app, TINY.id, "first").outcome is Outcome.DONE


def test_webuntis_asking_for_patience_is_obeyed_and_links_stay(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    before = links(world, TINY.id)
    world.local.untis.fail("throttled", "students", retry_after="600")
    world.local.untis.fail("throttled", "teachers", retry_after="600")
    with pytest.raises(Throttled) as told:
        world.run(TINY.id)
    assert told.value.retry_after == 600
    assert links(world, TINY.id) == before
    calls = world.local.untis.calls.total()
    for minutes in (1, 4, 4.5):  # what the queue delivers again, and a tick in between
        world.clock.pass_(minutes=minutes)
        assert link_school(world.app, TINY.id, run=f"too soon {minutes}", trigger="schedule") is None
    assert world.local.untis.calls.total() == calls
    world.local.untis.faults.clear()
    later = world.run(TINY.id)
    assert later
    assert later.outcome is Outcome.UNCHANGED


def test_an_empty_list_holds_and_changes_nothing(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    before = links(world, TINY.id)
    world.local.untis.fail("empty", "students")
    for _ in range(2):
        record = world.run(TINY.id)
        assert record
        assert (record.outcome, record.problems[-1].code) == (Outcome.HELD, "hold.list_empty")
    assert links(world, TINY.id) == before
    world.local.untis.faults.clear()
    normal = world.run(TINY.id)
    assert normal
    assert normal.outcome is Outcome.DONE
    assert links(world, TINY.id) == before


def test_losing_many_links_waits_until_an_admin_approves(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    before = links(world, SCHOOL.id)
    leavers = [person for person in SCHOOL.persons if person.role is Role.STUDENT][:200]
    world.local.untis.schools[SCHOOL.tenant_id].replace_all(set(SCHOOL.persons) - set(leavers))
    held = world.run(SCHOOL.id)
    assert held
    assert held.outcome is Outcome.HELD
    assert links(world, SCHOOL.id) == before
    _, log = read_run_log(world.app, SCHOOL.id, held.id)
    assert sum(entry.change == "lost" for entry in log.entries) > 100  # the log shows what it would have done

    world.local.queue.subscribe("link-school", lambda message: None)
    approve(world.app, SCHOOL.id, held.id, by="admin")
    applied = world.run(SCHOOL.id)
    assert applied
    assert applied.outcome is Outcome.DONE
    assert len(links(world, SCHOOL.id)) < len(before) - 100
    with pytest.raises(Conflict):
        approve(world.app, SCHOOL.id, held.id, by="admin")


def test_an_approval_counts_for_what_was_seen_and_not_for_something_worse(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    students = [person for person in SCHOOL.persons if person.role is Role.STUDENT]
    untis = world.local.untis.schools[SCHOOL.tenant_id]
    untis.replace_all(set(SCHOOL.persons) - set(students[:200]))
    held = world.run(SCHOOL.id)
    assert held
    world.local.queue.subscribe("link-school", lambda message: None)
    approve(world.app, SCHOOL.id, held.id, by="admin")
    untis.replace_all(set(SCHOOL.persons) - set(students[:500]))
    worse = world.run(SCHOOL.id)
    assert worse
    assert worse.outcome is Outcome.HELD


def test_a_redelivered_message_does_nothing(world: World) -> None:
    world.open_school(TINY)
    assert world.run(TINY.id, "once")
    calls = world.local.untis.calls.total()
    assert world.run(TINY.id, "once") is None
    assert world.local.untis.calls.total() == calls


def test_a_run_waits_while_another_one_is_under_way(world: World) -> None:
    world.open_school(TINY)
    path = f"schools/{TINY.id}/linking/state"
    assert world.app.store.lease(path, owner="another", now=world.clock(), seconds=3600)
    with pytest.raises(Conflict, match=r"run\.busy"):
        world.run(TINY.id)
    assert world.local.untis.calls.total() == 0


def test_users_told_while_a_run_is_deciding_are_not_overwritten(world: World) -> None:
    world.open_school(TINY)
    late = student("laat", "Late", "Komer")
    once = iter([lambda: keep_users(world.app, TINY.id, [late], ())])
    app = replace(world.app, store=CountingStore(world.app.store))

    def before_write() -> None:
        if app.store.written == 1:  # after the lease, before anything the run decided
            next(once, lambda: None)()

    app.store.before_write = before_write
    with pytest.raises(Conflict):
        link_school(app, TINY.id, run="first", trigger="schedule")
    assert links(world, TINY.id) == {}
    record = world.run(TINY.id, "first")
    assert record
    users = {user.id for directory in read_directories(world.app, TINY.id).values() for user in directory.users}
    assert "laat" in users
    assert len(links(world, TINY.id)) == len(TINY.truth)


def test_a_user_who_leaves_profijt_loses_the_link_and_its_document(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    gone = TINY.users[0].id
    keep_users(world.app, TINY.id, [], [gone])
    record = world.run(TINY.id)
    assert record
    assert record.counts["changes.gone"] == 1
    assert world.app.store.get(link_path(TINY.id, gone)) is None
    assert gone not in links(world, TINY.id)


def test_a_student_who_becomes_a_teacher_leaves_the_students(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    pupil = next(user for user in TINY.users if user.role is Role.STUDENT)
    world.local.untis.schools[TINY.tenant_id].add(
        Person("77", Role.TEACHER, "T77", pupil.first_name, f"{pupil.prefix} {pupil.last_name}".strip(), "XYZ")
    )
    keep_users(world.app, TINY.id, [replace(pupil, role=Role.TEACHER)], ())
    world.run(TINY.id)
    directories = read_directories(world.app, TINY.id)
    assert pupil.id not in {decision.user for decision in directories[Role.STUDENT].decisions}
    document = world.app.store.get(link_path(TINY.id, pupil.id))
    assert document
    assert (document.data["role"], document.data["key"]) == ("teacher", "T77")


def test_without_automatic_linking_the_identifying_attribute_decides_exactly(world: World) -> None:
    world.open_school(SCHOOL, auto_link=False, student_attribute="number", teacher_attribute="abbreviation")
    record = world.run(SCHOOL.id)
    assert record
    users = {user.id: user for user in SCHOOL.users}
    linked = links(world, SCHOOL.id)
    assert linked
    for user, key in linked.items():
        attribute = users[user].number if users[user].role is Role.STUDENT else users[user].abbreviation
        assert attribute.strip() == key


@pytest.mark.parametrize("attribute", ["number", "entree", "eck_id", "abbreviation", "untis_id"])
def test_with_automatic_linking_the_identifying_attributes_do_nothing(world: World, attribute: str) -> None:
    """R37. Each attribute of every student says somebody else's ID-nummer."""
    world.open_school(TINY)
    keys = [person.key for person in TINY.persons if person.role is Role.STUDENT]
    others = dict(zip([*keys[1:], keys[0]], keys, strict=True))
    students = [user for user in TINY.users if user.role is Role.STUDENT]
    misled = [replace(user, **{attribute: others[TINY.right_key(user.id)]}) for user in students]
    keep_users(world.app, TINY.id, misled, ())
    world.settings(TINY.id, student_attribute=attribute)
    world.run(TINY.id)
    assert links(world, TINY.id) == {user: TINY.right_key(user) for user in TINY.truth}
    world.settings(TINY.id, auto_link=False)  # while by attribute they all would be misled
    world.run(TINY.id)
    assert {links(world, TINY.id)[user.id] for user in students} == set(keys)
    assert all(links(world, TINY.id)[user.id] != TINY.right_key(user.id) for user in students)


def test_a_student_without_an_account_at_webuntis_is_linked_like_any_other(world: World) -> None:
    """T16. The lists are WebUntis' master data: whoever has an account is told in `users`, and nobody has."""
    world.open_school(TINY)
    school = world.local.untis.schools[TINY.tenant_id]
    rows = [person_row(person, Dialect()) for person in school.people(Role.STUDENT)]
    assert rows
    assert all(row["users"] == [] for row in rows)
    world.run(TINY.id)
    students = {user.id for user in TINY.users if user.role is Role.STUDENT}
    assert students <= links(world, TINY.id).keys()


def test_the_tenant_is_searched_once_and_then_remembered(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    world.run(TINY.id)
    assert world.local.untis.count("search") == 1
    assert read_state(world.app, TINY.id).tenant_id == TINY.tenant_id


def test_a_tenant_that_does_not_answer_for_the_school_any_more_is_looked_up_anew(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    document = world.app.store.get(state_path(TINY.id))
    assert document
    elsewhere = replace(opened(document), tenant_id="6799999", fingerprint="")  # where the school was before it moved
    world.app.store.commit([rewritten(TINY.id, elsewhere, document)])
    lost = world.run(TINY.id)
    assert lost
    assert {problem.code for problem in lost.problems} == {"webuntis.school_unknown_there"}
    found = world.run(TINY.id)
    assert found
    assert found.outcome is Outcome.DONE
    assert read_state(world.app, TINY.id).tenant_id == TINY.tenant_id


def test_answers_of_another_tenant_are_not_believed(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.fail("wrong_tenant")
    record = world.run(TINY.id)
    assert record
    assert record.outcome is Outcome.FAILED
    assert {problem.code for problem in record.problems} == {"webuntis.wrong_tenant"}
    assert read_state(world.app, TINY.id).tenant_id == ""
    assert links(world, TINY.id) == {}


def test_a_password_that_is_gone_is_told_in_the_log(world: World) -> None:
    world.open_school(TINY)
    world.app.secrets.destroy(password_name(TINY.id), "1")
    record = world.run(TINY.id)
    assert record
    assert (record.outcome, record.problems[0].code) == (Outcome.FAILED, "secret.not_found")
    assert world.local.untis.calls.total() == 0


class NoSecrets:
    """Secret Manager on a bad day."""

    def read(self, name: str, version: str) -> str:
        raise Unreachable("secret.unreachable", service="secrets")


def test_secrets_out_of_reach_are_told_and_the_run_comes_again(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    before = links(world, TINY.id)
    broken = replace(world.app, secrets=NoSecrets())
    with pytest.raises(Unreachable):
        link_school(broken, TINY.id, run="later", trigger="schedule")
    assert read_run(world.app, TINY.id, "later").problems[0].code == "secret.unreachable"
    assert links(world, TINY.id) == before


def test_a_log_is_not_shown_after_its_time(world: World) -> None:
    world.open_school(TINY)
    record = world.run(TINY.id)
    assert record
    world.clock.pass_(days=91)
    assert read_run(world.app, TINY.id, record.id) == record
    assert read_run_log(world.app, TINY.id, record.id)[1].entries == ()


def test_a_message_for_a_school_that_is_gone_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(NotFound):
        world.run("weg")
    assert world.app.store.get("schools/weg/linking/state") is None
