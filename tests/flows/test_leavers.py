"""Who leaves Profijt: the link ends, nobody inherits it, and who comes back is himself again."""

from dataclasses import replace

from conftest import World, student

from shared.domain.people import State
from shared.domain.run import Outcome
from shared.flows.directory import read_directories
from shared.flows.keep_users import keep_users
from shared.flows.review_links import Verdict, decide_link
from shared.flows.schools import link_path
from shared.simulators.practice_school import practice_school, tiny_school

TINY = tiny_school()
SCHOOL = practice_school()
SOPHIE = next(user for user in TINY.users if user.first_name == "Sophie")


def states(world: World, school: str) -> dict[str, tuple[State, str]]:
    return {
        decision.user: (decision.state, decision.key)
        for directory in read_directories(world.app, school).values()
        for decision in directory.decisions
    }


def test_a_namesake_who_comes_later_does_not_get_the_id_number_of_who_left(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [], [SOPHIE.id])
    for _ in range(3):
        world.run(TINY.id)
    keep_users(world.app, TINY.id, [replace(SOPHIE, id="nieuwe-sophie", number="999")], ())
    for _ in range(2):
        world.run(TINY.id)
    state, key = states(world, TINY.id)["nieuwe-sophie"]
    assert state is not State.LINKED
    assert key == ""


def test_who_comes_back_with_the_same_id_is_linked_again(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [], [SOPHIE.id])
    world.run(TINY.id)
    world.run(TINY.id)
    assert world.app.store.get(link_path(TINY.id, SOPHIE.id)) is None
    keep_users(world.app, TINY.id, [SOPHIE], ())
    world.run(TINY.id)
    assert states(world, TINY.id)[SOPHIE.id] == (State.LINKED, TINY.right_key(SOPHIE.id))
    document = world.app.store.get(link_path(TINY.id, SOPHIE.id))
    assert document
    assert document.data["key"] == TINY.right_key(SOPHIE.id)


def test_a_leaver_is_told_once_and_then_the_school_is_unchanged(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [], [SOPHIE.id])
    first, second = world.run(TINY.id), world.run(TINY.id)
    keep_users(world.app, TINY.id, [student("x", "Geheel", "Anders")], ())
    third = world.run(TINY.id)
    assert first
    assert second
    assert third
    assert (first.counts.get("changes.gone"), second.outcome) == (1, Outcome.UNCHANGED)
    assert "changes.gone" not in third.counts


def test_a_profijt_list_that_is_suddenly_empty_holds(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    before = states(world, SCHOOL.id)
    keep_users(world.app, SCHOOL.id, [], [user.id for user in SCHOOL.users])
    held = world.run(SCHOOL.id)
    assert held
    assert (held.outcome, held.problems[0].code) == (Outcome.HELD, "hold.links_lost")
    assert states(world, SCHOOL.id) == before


def test_a_namesake_of_somebody_excluded_who_left_is_not_linked_by_itself(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    verdict = Verdict("exclude", key="", reason="")
    decide_link(world.app, TINY.id, SOPHIE.id, verdict, actor="u-beheerder", seen=lambda _link: None)
    keep_users(world.app, TINY.id, [], [SOPHIE.id])
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [replace(SOPHIE, id="nieuwe-sophie", number="999")], ())
    world.run(TINY.id)
    assert states(world, TINY.id)["nieuwe-sophie"][0] is State.CONFLICT
