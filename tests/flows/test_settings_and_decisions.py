"""Settings and time: what people decided outlives every setting, and patience with passwords has an end."""

from dataclasses import replace

import pytest

from shared.domain.people import Decision, Role, State
from shared.domain.school import Attribute, School, WebUntisSettings
from shared.errors import Conflict, Invalid, NotAuthorized, Unreachable
from shared.flows.directory import read_directories, repack
from shared.flows.keep_settings import Form, save_settings
from shared.flows.linking_state import opened
from shared.flows.login_guard import logins_path, read_logins
from shared.flows.packed import commit_packed
from shared.flows.people_now import people_now
from shared.flows.preview_attribute import preview_attribute
from shared.flows.read_roster import access
from shared.flows.schools import read_school, state_path
from shared.flows.try_coupling import try_coupling
from shared.simulators.practice_school import tiny_school
from tests.flows.conftest import World

TINY = tiny_school()
FORM = Form(
    enabled=True,
    school_name=TINY.school_name,
    subdomain=TINY.subdomain,
    password="",
    auto_link=True,
    student_attribute=Attribute.UNTIS_ID,
    teacher_attribute=Attribute.UNTIS_ID,
    tenant_id="",
    client_id="",
    auth="v3",
)


def save(world: World, **fields: object) -> None:
    _, version = read_school(world.app, TINY.id)
    save_settings(world.app, TINY.id, replace(FORM, **fields), version=version, actor="beheerder")


def refusal(world: World, password: str) -> Invalid:
    with pytest.raises(Invalid) as refused:
        save(world, password=password)
    return refused.value


def by_hand(world: World) -> dict[str, Decision]:
    students = read_directories(world.app, TINY.id)[Role.STUDENT]
    return {decision.user: decision for decision in students.decisions if decision.by == "person"}


def decide(world: World) -> None:
    """One student linked by hand to another's ID-nummer, one excluded."""
    students = read_directories(world.app, TINY.id)[Role.STUDENT]
    first, second, *_ = students.users
    keys = [person.key for person in TINY.persons if person.role is Role.STUDENT]
    other = next(key for key in keys if key != TINY.right_key(first.id))
    linked = Decision(
        first.id, Role.STUDENT, State.LINKED, "link.by_hand", key=other, rule="by_hand", by="person", decided_by="admin"
    )
    excluded = Decision(second.id, Role.STUDENT, State.EXCLUDED, "link.excluded", by="person", decided_by="admin")
    decisions = [old for old in students.decisions if old.user not in (first.id, second.id)]
    commit_packed(world.app.store, [repack(students, users=students.users, decisions=[*decisions, linked, excluded])])


def test_what_a_person_decided_outlives_every_change_of_settings(world: World) -> None:
    world.open_school(TINY)
    world.run(TINY.id)
    decide(world)
    decided = {user: (one.state, one.key, one.by, one.decided_by) for user, one in by_hand(world).items()}
    assert len(decided) == 2
    for change in (
        {"enabled": False},
        {"enabled": True},
        {"auto_link": False, "student_attribute": Attribute.NUMBER},
        {"auto_link": False, "student_attribute": Attribute.ABBREVIATION},
        {"auto_link": True},
    ):
        save(world, **change)
        world.run(TINY.id)
        now = {user: (one.state, one.key, one.by, one.decided_by) for user, one in by_hand(world).items()}
        assert now == decided, change
    preview = preview_attribute(world.app, TINY.id, dict.fromkeys(Role, Attribute.NUMBER))
    assert preview.roles[0].by_person == 2


def test_after_a_day_passwords_are_tried_again_and_never_more_than_webuntis_bears(world: World) -> None:
    world.open_school(TINY)
    there = world.local.untis.schools[TINY.tenant_id]
    for number in range(4):
        assert refusal(world, f"fout-{number}").code == "settings.password_refused"
    told = refusal(world, "fout-4")
    assert (told.code, told.facts["when"]) == ("settings.too_many_refusals", "24-11-2026 08:00")
    world.clock.pass_(hours=24, seconds=1)
    assert refusal(world, "fout-0").code == "settings.password_refused_before"
    for number in range(4, 6):
        assert refusal(world, f"fout-{number}").code == "settings.password_refused"
    for _ in range(20):
        world.clock.pass_(hours=24)
        assert refusal(world, "nog-een").code == "settings.too_many_refusals"
    assert not there.locked
    world.clock.pass_(days=30)
    there.set_password("eindelijk")
    save(world, password="eindelijk")
    kept = read_logins(world.app.store.get(logins_path(TINY.id)))
    assert kept.attempts == ()


def test_no_refused_password_can_be_read_from_what_is_kept(world: World) -> None:
    world.open_school(TINY)
    refusal(world, "wachtwoord-van-thuis")
    kept = world.app.store.get(logins_path(TINY.id))
    assert kept
    assert "thuis" not in str(kept.data)
    [attempt] = read_logins(kept).attempts
    assert attempt.refused
    assert len(attempt.mark) == 32


def test_an_attempt_whose_end_nobody_knows_counts_and_may_be_repeated(world: World) -> None:
    world.open_school(TINY)
    there = world.local.untis.schools[TINY.tenant_id]
    there.set_password("nieuw")
    world.local.untis.fail("half", "token", times=1)
    with pytest.raises(Unreachable, match="not_tried"):
        save(world, password="nieuw")
    assert len(read_logins(world.app.store.get(logins_path(TINY.id))).attempts) == 1
    save(world, password="nieuw")
    assert read_logins(world.app.store.get(logins_path(TINY.id))).attempts == ()


def test_a_refused_password_gets_a_chance_where_it_was_not_offered_before(world: World) -> None:
    """The password was right and the client id was not: the same text again, after that is mended."""
    world.open_school(TINY, client_id="verkeerd")
    world.run(TINY.id)
    state = opened(world.app.store.get(state_path(TINY.id)))
    assert state.refusals == (access(world.app, read_school(world.app, TINY.id)[0]),)
    with pytest.raises(Invalid, match="password_refused_before"):
        save(world, password=TINY.password, client_id="verkeerd")
    save(world, password=TINY.password, client_id="")
    run = world.run(TINY.id)
    assert run
    assert run.outcome == "done"


def logins(world: World, times: int = 3, **settings: object) -> int:
    """How many logins these settings and so many runs cause."""
    before = world.local.untis.count("token")
    world.settings(TINY.id, **settings)
    for _ in range(times):
        world.run(TINY.id)
    return world.local.untis.count("token") - before


def test_a_deploy_with_the_wrong_client_id_is_mended_by_the_next_deploy_alone(world: World) -> None:
    world.open_school(TINY)
    right = world.app
    world.app = replace(right, client_id="verkeerd")
    assert logins(world) == 1
    with pytest.raises(NotAuthorized, match="login_refused"):
        people_now(world.app, TINY.id, Role.STUDENT)
    world.app = right
    run = world.run(TINY.id)
    assert run
    assert run.outcome == "done"
    assert len(people_now(world.app, TINY.id, Role.STUDENT)) > 0


def test_each_access_is_refused_once_however_often_settings_go_to_and_fro(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.schools[TINY.tenant_id].set_password("elders-vervangen")
    assert logins(world) == 1
    assert logins(world, auth="v1") == 1
    assert logins(world, auth="v3") == 0
    assert logins(world, client_id="van-de-school") == 1
    assert logins(world, client_id="profijt") == 0  # the application's, written out


@pytest.mark.parametrize(
    ("same", "change"),
    [
        (True, {"client_id": "profijt"}),  # the application's, written out
        (True, {"school_name": "een andere", "subdomain": "elders"}),  # nothing is offered there: the tenant says where
        (True, {"auto_link": False}),
        (False, {"tenant_id": "2"}),
        (False, {"tenant_id": ""}),
        (False, {"client_id": "van-de-school"}),
        (False, {"password_version": "2"}),
        (False, {"auth": "v1"}),
    ],
)
def test_an_access_is_what_is_offered_where_and_as_whom(world: World, same: bool, change: dict[str, object]) -> None:
    settings = WebUntisSettings(school_name="school", subdomain="tom", password_version="1", tenant_id="1")
    before, after = (School("s", "School", webuntis=each) for each in (settings, replace(settings, **change)))
    assert (access(world.app, before) == access(world.app, after)) is same


def test_a_test_that_is_refused_spares_the_next_run_the_attempt(world: World) -> None:
    world.open_school(TINY)
    world.local.untis.schools[TINY.tenant_id].set_password("elders-vervangen")
    [failed] = [step for step in try_coupling(world.app, TINY.id, None) if step.result == "failed"]
    assert (failed.name, failed.code) == ("login", "webuntis.login_refused")
    asked = world.local.untis.count("token")
    world.run(TINY.id)
    assert world.local.untis.count("token") == asked


def test_the_second_of_two_savers_does_not_even_offer_a_password(world: World) -> None:
    world.open_school(TINY)
    _, seen = read_school(world.app, TINY.id)
    save(world, client_id="profijt")
    asked = world.local.untis.count("token")
    with pytest.raises(Conflict):
        save_settings(world.app, TINY.id, replace(FORM, password="nieuw"), version=seen, actor="tweede")
    assert world.local.untis.count("token") == asked
