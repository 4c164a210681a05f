"""What WebUntis' platform says becomes the right school's credential, once, whatever comes twice or late."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shared.domain.school import School, WebUntisSettings
from shared.domain.webuntis_event import Kind, PlatformEvent
from shared.errors import Conflict, Invalid, NotFound
from shared.flows.audit import read_audit
from shared.flows.claim_tenant import ask, assign, release, sweep_waiting, tenant_to_claim, waiting
from shared.flows.keep_users import keep_users
from shared.flows.read_roster import password_name
from shared.flows.schools import read_school, write_school
from shared.flows.take_credentials import Taken, take_credentials
from shared.flows.tenants import owner, read_tenant, waiting_name
from shared.simulators.practice_school import load, practice_school, tiny_school
from tests.flows.conftest import World

TINY = tiny_school()
NUMBERS = itertools.count()


def event(kind: Kind, password: str = "", digest: str = "", **more: str) -> PlatformEvent:
    """A message in words of its own, unless `digest` says that it is another one again."""
    told = PlatformEvent(kind, TINY.tenant_id, digest or f"{next(NUMBERS):064x}", password=password, reason="NO_REASON")
    credential = {} if kind.stops else {"client_id": "profijt-klein", "subdomain": TINY.subdomain}
    return replace(told, **(credential | more))


def password_of(world: World, school: str = TINY.id) -> str:
    found, _ = read_school(world.app, school)
    return world.app.secrets.read(password_name(school), found.webuntis.password_version)


@pytest.fixture
def linked(world: World) -> World:
    """The school has logged in with its own password, so the tenant is proven to be its own."""
    world.open_school(TINY)
    world.run(TINY.id)
    return world


@pytest.fixture
def empty(world: World) -> World:
    """At WebUntis, and in Profijt with a name and users only."""
    load(world.local.untis, TINY)
    write_school(world.app, School(TINY.id, TINY.display_name, unlocked=True))
    keep_users(world.app, TINY.id, TINY.users, ())
    return world


def rotate(world: World, password: str) -> str:
    world.local.untis.schools[TINY.tenant_id].set_password(password)
    return password


# ---------------------------------------------------------------- a credential for a school that is known


def test_a_reset_password_is_used_by_the_next_run_without_a_person(linked: World) -> None:
    before, _ = read_school(linked.app, TINY.id)
    new = rotate(linked, "nieuw-1")
    assert linked.app.secrets.read(password_name(TINY.id), before.webuntis.password_version) == TINY.password
    linked.local.untis.schools[TINY.tenant_id].client_id = "profijt-klein"
    assert take_credentials(linked.app, event(Kind.RESET, new)) == Taken("filled", TINY.id)
    after, _ = read_school(linked.app, TINY.id)
    assert password_of(linked) == new
    assert (after.webuntis.tenant_id, after.webuntis.client_id) == (TINY.tenant_id, "profijt-klein")
    with pytest.raises(NotFound):
        linked.app.secrets.read(password_name(TINY.id), before.webuntis.password_version)
    assert linked.run(TINY.id).outcome in ("done", "unchanged")


def test_a_refused_login_is_forgotten_with_its_password_and_never_tried_in_between(linked: World) -> None:
    untis = linked.local.untis
    new = rotate(linked, "nieuw-2")
    untis.revoke_tokens()
    assert linked.run(TINY.id).problems[0].code == "webuntis.login_refused"
    logins = untis.count("token")
    linked.run(TINY.id)
    assert untis.count("token") == logins
    take_credentials(linked.app, event(Kind.RESET, new, client_id=TINY.client_id))
    assert linked.run(TINY.id).outcome in ("done", "unchanged")
    assert untis.count("token") == logins + 1


def test_a_message_that_comes_again_changes_nothing(linked: World) -> None:
    created = event(Kind.CREATED, "een")
    assert take_credentials(linked.app, created).what == "filled"
    versions = linked.app.secrets.versions(password_name(TINY.id))
    school = read_school(linked.app, TINY.id)
    assert take_credentials(linked.app, created) == Taken("nothing", TINY.id)
    assert read_school(linked.app, TINY.id) == school
    assert linked.app.secrets.versions(password_name(TINY.id)) == versions


@pytest.mark.parametrize("days", [0, 400])
def test_an_old_credential_that_is_sent_again_never_brings_its_password_back(linked: World, days: int) -> None:
    created = event(Kind.CREATED, "oud")
    take_credentials(linked.app, created)
    take_credentials(linked.app, event(Kind.RESET, "nieuw"))
    linked.clock.pass_(days=days)
    assert take_credentials(linked.app, created).what == "nothing"
    assert password_of(linked) == "nieuw"


def test_of_messages_that_arrive_together_all_are_taken_and_one_password_is_left(linked: World) -> None:
    taken = at_once(linked, [event(Kind.RESET, f"gelijk-{number}") for number in range(5)])
    assert taken == ["filled"] * 5
    states = linked.app.secrets.versions(password_name(TINY.id))
    assert list(states.values()).count("enabled") == 1
    assert password_of(linked).startswith("gelijk-")


def test_the_same_message_twice_at_once_acts_once(linked: World) -> None:
    assert at_once(linked, [event(Kind.RESET, "tweemaal")] * 6) == ["filled", *["nothing"] * 5]


def at_once(world: World, events: list[PlatformEvent]) -> list[str]:
    with ThreadPoolExecutor(len(events)) as pool:
        return sorted(taken.what for taken in pool.map(lambda told: take_credentials(world.app, told), events))


def test_the_switch_stays_as_the_admin_left_it(linked: World) -> None:
    linked.settings(TINY.id, enabled=False)
    take_credentials(linked.app, event(Kind.DEACTIVATION))
    take_credentials(linked.app, event(Kind.REACTIVATED, "terug"))
    assert read_school(linked.app, TINY.id)[0].webuntis.enabled is False
    assert linked.run(TINY.id) is None


def test_everything_is_in_the_audit_and_no_password_is(linked: World) -> None:
    take_credentials(linked.app, event(Kind.RESET, "kanarie-geheim"))
    take_credentials(linked.app, event(Kind.DEACTIVATION))
    take_credentials(linked.app, event(Kind.DELETION))
    events, _ = read_audit(linked.app, TINY.id, limit=10, cursor=None)
    told = {each.action: each for each in events}
    assert {each.actor for each in events} == {"webuntis"}
    assert told["webuntis.reset"].after["Wachtwoord"] == "nieuw ingesteld"
    assert told["webuntis.deactivation"].after["WebUntis"] == "deactivated"
    assert told["webuntis.deletion"].after["Wachtwoord"] == "vernietigd"
    assert "kanarie" not in repr(events)


# ---------------------------------------------------------------- the end of one


def test_after_a_deactivation_nothing_calls_webuntis_and_the_links_stay(linked: World) -> None:
    links = linked.app.store.query(f"schools/{TINY.id}/links").documents
    take_credentials(linked.app, event(Kind.DEACTIVATION))
    calls = linked.local.untis.calls.total()
    run = linked.run(TINY.id)
    assert (run.outcome, [problem.code for problem in run.problems]) == ("failed", ["webuntis.deactivated"])
    assert linked.local.untis.calls.total() == calls
    assert linked.app.store.query(f"schools/{TINY.id}/links").documents == links


def test_a_reactivated_school_goes_on_by_itself(linked: World) -> None:
    take_credentials(linked.app, event(Kind.DEACTIVATION))
    linked.run(TINY.id)
    take_credentials(linked.app, event(Kind.REACTIVATED, rotate(linked, "terug"), client_id=TINY.client_id))
    assert linked.run(TINY.id).outcome in ("done", "unchanged")


def test_a_password_filled_in_by_hand_opens_a_deactivated_school_too(linked: World) -> None:
    take_credentials(linked.app, event(Kind.DEACTIVATION))
    linked.settings(TINY.id, password_version=linked.app.secrets.add(password_name(TINY.id), TINY.password))
    assert linked.run(TINY.id).outcome in ("done", "unchanged")


def test_a_deletion_destroys_every_password_at_once(linked: World) -> None:
    take_credentials(linked.app, event(Kind.RESET, "weg"))
    assert take_credentials(linked.app, event(Kind.DELETION)) == Taken("erased", TINY.id)
    assert set(linked.app.secrets.versions(password_name(TINY.id)).values()) == {"destroyed"}
    run = linked.run(TINY.id)
    assert [problem.code for problem in run.problems] == ["webuntis.deleted"]


def test_a_credential_from_before_a_deletion_does_not_undo_it(linked: World) -> None:
    created = event(Kind.CREATED, "voor")
    take_credentials(linked.app, created)
    take_credentials(linked.app, event(Kind.DELETION))
    assert take_credentials(linked.app, created).what == "nothing"
    assert read_school(linked.app, TINY.id)[0].stopped == "deleted"


@pytest.mark.parametrize(("hours", "what", "stopped"), [(0.5, "nothing", ""), (24, "stopped", "deactivated")])
def test_a_deactivation_in_the_same_words_is_a_redelivery_only_shortly_after(
    linked: World, hours: float, what: str, stopped: str
) -> None:
    ending = event(Kind.DEACTIVATION)
    take_credentials(linked.app, ending)
    take_credentials(linked.app, event(Kind.REACTIVATED, "terug"))
    linked.clock.pass_(hours=hours)
    assert take_credentials(linked.app, ending).what == what
    assert read_school(linked.app, TINY.id)[0].stopped == stopped


def test_a_school_that_gets_the_same_password_back_every_year_comes_back_every_year(linked: World) -> None:
    back = event(Kind.REACTIVATED, TINY.password, client_id=TINY.client_id)
    ending = event(Kind.DEACTIVATION)
    for _ in range(3):
        linked.clock.pass_(days=200)
        assert take_credentials(linked.app, ending).what == "stopped"
        linked.clock.pass_(days=100)
        assert take_credentials(linked.app, back).what == "filled"
        assert linked.run(TINY.id).outcome in ("done", "unchanged")


def test_a_deactivation_that_overtook_its_own_creation_does_not_stand_in_the_way(world: World) -> None:
    assert take_credentials(world.app, event(Kind.DEACTIVATION)) == Taken("stopped")
    assert take_credentials(world.app, event(Kind.CREATED, "later")) == Taken("waiting")
    assert read_tenant(world.app, TINY.tenant_id).tenant.status == "active"


# ---------------------------------------------------------------- whose it is


def test_what_came_before_the_school_waits_and_support_hands_it_over_without_a_password_typed(empty: World) -> None:
    told = event(Kind.CREATED, TINY.password, client_id=TINY.client_id, school_name=TINY.school_name)
    assert take_credentials(empty.app, told) == Taken("waiting")
    [tenant], _ = waiting(empty.app, limit=10, cursor=None)
    assert (tenant.id, tenant.subdomain) == (TINY.tenant_id, TINY.subdomain)
    assign(empty.app, TINY.id, TINY.tenant_id, actor="u-support")
    found, _ = read_school(empty.app, TINY.id)
    assert found.webuntis.complete
    assert (found.webuntis.enabled, found.webuntis.subdomain) == (False, TINY.subdomain)
    assert set(empty.app.secrets.versions(waiting_name(TINY.tenant_id)).values()) == {"destroyed"}
    assert waiting(empty.app, limit=10, cursor=None) == ((), None)
    empty.settings(TINY.id, enabled=True)
    assert empty.run(TINY.id).outcome == "done"


def test_a_tenant_that_support_named_beforehand_needs_nobody_when_its_credential_comes(empty: World) -> None:
    assign(empty.app, TINY.id, TINY.tenant_id, actor="u-support")
    assert take_credentials(empty.app, event(Kind.CREATED, TINY.password)) == Taken("filled", TINY.id)
    assert password_of(empty) == TINY.password


def test_whoever_fills_in_another_schools_name_and_tenant_id_gets_nothing(world: World) -> None:
    """All of it is public: school name, server, tenant id."""
    taken = WebUntisSettings(
        enabled=True, school_name=TINY.school_name, subdomain=TINY.subdomain, tenant_id=TINY.tenant_id
    )
    load(world.local.untis, TINY)
    write_school(world.app, School("dief", "Een andere school", unlocked=True, webuntis=taken))
    assert take_credentials(world.app, event(Kind.CREATED, "van-klein")) == Taken("waiting")
    claimed = ask(world.app, "dief", TINY.tenant_id, actor="u-dief")
    assert (claimed.school, claimed.asked) == ("", ("dief",))
    assert read_school(world.app, "dief")[0].webuntis == taken
    assert world.app.secrets.versions(password_name("dief")) == {}


def test_a_login_elsewhere_proves_nothing_of_a_tenant_id_that_was_typed(world: World) -> None:
    """Version 1 logs in at a school name: the Tenant-ID beside it may be anybody's."""
    other = practice_school()
    world.open_school(other, tenant_id=other.tenant_id, auth="v1")
    world.local.untis.dialect = replace(world.local.untis.dialect, v1_login=True)
    assert world.run(other.id).outcome == "done"
    assert read_tenant(world.app, other.tenant_id).tenant.school == ""


def test_a_tenant_belongs_to_one_school(linked: World) -> None:
    write_school(linked.app, School("tweede", "Tweede", unlocked=True))
    with pytest.raises(Conflict, match=r"tenant\.taken"):
        assign(linked.app, "tweede", TINY.tenant_id, actor="u-support")
    with pytest.raises(NotFound):
        ask(linked.app, "tweede", TINY.tenant_id, actor="u-tweede")
    release(linked.app, TINY.id, TINY.tenant_id, actor="u-support")
    assert assign(linked.app, "tweede", TINY.tenant_id, actor="u-support").school == "tweede"
    assert take_credentials(linked.app, event(Kind.RESET, "nieuw")) == Taken("filled", "tweede")


def test_a_school_that_moved_to_another_tenant_does_not_get_the_old_ones_credential(linked: World) -> None:
    linked.settings(TINY.id, tenant_id="999")
    before = read_school(linked.app, TINY.id)
    assert take_credentials(linked.app, event(Kind.RESET, "van-de-oude")) == Taken("waiting")
    assert take_credentials(linked.app, event(Kind.DELETION)) == Taken("erased")
    assert read_school(linked.app, TINY.id) == before
    assert owner(linked.app, read_tenant(linked.app, TINY.tenant_id).tenant) is None


def test_an_admin_whose_tenant_is_proven_picks_up_what_came_while_his_settings_were_elsewhere(linked: World) -> None:
    linked.settings(TINY.id, tenant_id="999")
    take_credentials(linked.app, event(Kind.RESET, "gewacht"))
    linked.settings(TINY.id, tenant_id="")
    school, _ = read_school(linked.app, TINY.id)
    assert tenant_to_claim(linked.app, school) == TINY.tenant_id
    ask(linked.app, TINY.id, TINY.tenant_id, actor="u-beheerder")
    assert password_of(linked) == "gewacht"


def test_a_credential_of_another_server_is_not_handed_over(empty: World) -> None:
    empty.settings(TINY.id, subdomain="tom")
    take_credentials(empty.app, event(Kind.CREATED, "x"))
    with pytest.raises(Conflict, match=r"tenant\.other_server"):
        assign(empty.app, TINY.id, TINY.tenant_id, actor="u-support")
    assert read_school(empty.app, TINY.id)[0].webuntis.password_version == ""


@pytest.mark.parametrize("typed", ["", "..", "a/b", "x" * 65, "6700 067"])
def test_what_cannot_be_a_tenant_id_becomes_no_path(empty: World, typed: str) -> None:
    with pytest.raises(Invalid, match=r"tenant\.malformed"):
        assign(empty.app, TINY.id, typed, actor="u-support")
    with pytest.raises(NotFound):
        ask(empty.app, TINY.id, typed, actor="u-beheerder")


def test_what_nobody_claims_in_a_month_is_destroyed_and_stays_known_against_replays(empty: World) -> None:
    created = event(Kind.CREATED, "te-lang")
    take_credentials(empty.app, created)
    empty.clock.pass_(days=31)
    assert waiting(empty.app, limit=10, cursor=None) == ((), None)
    assert assign(empty.app, TINY.id, TINY.tenant_id, actor="u-support").school == TINY.id
    assert read_school(empty.app, TINY.id)[0].webuntis.password_version == ""
    take_credentials(empty.app, replace(event(Kind.CREATED, "ander"), tenant_id="4711"))
    empty.clock.pass_(days=31)
    assert sweep_waiting(empty.app) == 1
    assert set(empty.app.secrets.versions(waiting_name("4711")).values()) == {"destroyed"}
    assert take_credentials(empty.app, created).what == "nothing"


def test_a_newer_credential_that_waits_takes_the_place_of_the_older(empty: World) -> None:
    take_credentials(empty.app, event(Kind.CREATED, "eerste"))
    take_credentials(empty.app, event(Kind.RESET, "tweede"))
    assert list(empty.app.secrets.versions(waiting_name(TINY.tenant_id)).values()) == ["destroyed", "enabled"]
    assign(empty.app, TINY.id, TINY.tenant_id, actor="u-support")
    assert password_of(empty) == "tweede"


def test_a_deletion_destroys_what_waits_too(empty: World) -> None:
    take_credentials(empty.app, event(Kind.CREATED, "wacht"))
    assert take_credentials(empty.app, event(Kind.DELETION)) == Taken("erased")
    assert set(empty.app.secrets.versions(waiting_name(TINY.tenant_id)).values()) == {"destroyed"}
