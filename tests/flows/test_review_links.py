"""A person's decision about a link: what it does, what it refuses, and that nothing but a person undoes it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import World, student

from shared.domain.people import Decision, Person, Role, State
from shared.errors import Conflict, Invalid, NotAuthorized, NotFound, ProfijtError, UnsafePlan
from shared.flows.accept_links import accept_links
from shared.flows.audit import read_audit
from shared.flows.keep_users import keep_users
from shared.flows.link_list import Link, list_links, read_link
from shared.flows.link_school import link_school
from shared.flows.review_links import Verdict, decide_link
from shared.flows.schools import link_path
from shared.simulators.practice_school import practice_school, tiny_school
from tests.counting_store import CountingStore

SCHOOL = practice_school()
TINY = tiny_school()
BENJAMIN = TINY.users[0]  # ID-nummer 167
WIM = student("wim", "Wim", "Oudhuis")
WILLEM = Person("900", Role.STUDENT, "900", "Guillaume", "Vieuxmaison")  # nobody would take him for Wim
ADMIN = "u-beheerder"


def anything(_: Link) -> None:
    """Whatever the person saw."""


def decide(world: World, user: str, kind: str = "", key: str = "", *, school: str = TINY.id, reason: str = "") -> Link:
    """A person's decision, five minutes later; without a kind: give back."""
    world.clock.pass_(minutes=5)
    verdict = Verdict(kind, key, reason) if kind else None  # type: ignore[arg-type]
    return decide_link(world.app, school, user, verdict, actor=ADMIN, seen=anything)


def decision(world: World, user: str, school: str = TINY.id) -> Decision:
    found = read_link(world.app, school, user).decision
    assert found
    return found


def untis(world: World, school: str = TINY.tenant_id):
    return world.local.untis.schools[school]


def refused(code: str, act: Callable[[], object]) -> ProfijtError:
    with pytest.raises(ProfijtError) as told:
        act()
    assert told.value.code == code
    return told.value


@pytest.fixture
def tiny(world: World) -> World:
    """The tiny school after its first run, with one user nobody in WebUntis resembles and one person likewise."""
    world.open_school(TINY)
    keep_users(world.app, TINY.id, [WIM], ())
    untis(world).add(WILLEM)
    world.run(TINY.id)
    assert decision(world, "wim").state is State.NOT_FOUND
    return world


SETTINGS_COME_AND_GO = (
    {"auto_link": False, "student_attribute": "number"},
    {"auto_link": False, "student_attribute": "untis_id"},
    {"auto_link": True},
    {"auto_link": False, "student_attribute": "eck_id"},
    {"auto_link": True, "student_attribute": "number"},
)


@pytest.mark.parametrize(
    ("user", "kind", "key", "state"),
    [
        ("wim", "link", "900", State.LINKED),
        (BENJAMIN.id, "link", "167", State.LINKED),  # a person says what the run found
        (BENJAMIN.id, "exclude", "", State.EXCLUDED),
        ("wim", "exclude", "", State.EXCLUDED),
    ],
)
def test_a_decision_survives_every_run_and_every_change_of_settings(
    tiny: World, user: str, kind: str, key: str, state: State
) -> None:
    made = decide(tiny, user, kind, key, reason="gezien in de klas").decision
    assert made
    assert (made.state, made.key, made.by, made.decided_by) == (state, key, "person", ADMIN)
    for settings in SETTINGS_COME_AND_GO:
        tiny.settings(TINY.id, **settings)
        for _ in range(2):
            assert tiny.run(TINY.id)
            assert decision(tiny, user) == made


def test_a_pair_that_was_ruled_out_is_never_linked_again(tiny: World) -> None:
    assert decide(tiny, BENJAMIN.id, "never", "167").state == State.REVIEW
    for settings in ({}, *SETTINGS_COME_AND_GO):
        tiny.settings(TINY.id, **settings)
        tiny.run(TINY.id)
        now = decision(tiny, BENJAMIN.id)
        assert now.state is not State.LINKED
        assert now.ruled_out == ("167",)


def test_a_pair_that_was_ruled_out_stays_so_when_the_id_number_is_emptied_and_filled_in_anew(tiny: World) -> None:
    person = next(each for each in TINY.persons if each.key == "167")
    decide(tiny, BENJAMIN.id, "never", "167")
    for key in ("", "700167"):
        untis(tiny).change_key(Role.STUDENT, person.id, key)
        for settings in ({}, *SETTINGS_COME_AND_GO):
            tiny.settings(TINY.id, **settings)
            tiny.run(TINY.id)
            assert decision(tiny, BENJAMIN.id).state is not State.LINKED


def test_who_is_never_one_person_is_judged_for_others(tiny: World) -> None:
    decide(tiny, BENJAMIN.id, "never", "167")
    untis(tiny).remove(Role.STUDENT, next(p.id for p in TINY.persons if p.key == "167"))
    untis(tiny).add(Person("901", Role.STUDENT, "901", BENJAMIN.first_name, BENJAMIN.last_name))
    tiny.run(TINY.id)
    assert (decision(tiny, BENJAMIN.id).state, decision(tiny, BENJAMIN.id).key) == (State.LINKED, "901")


def test_ruling_out_one_candidate_does_not_lift_a_refusal(tiny: World) -> None:
    emma = student("emma", "Emma", "de Vries")
    keep_users(tiny.app, TINY.id, [emma], ())
    untis(tiny).add(
        Person("1", Role.STUDENT, "E1", "Emma", "de Vries"), Person("2", Role.STUDENT, "E2", "Emma", "de Vries")
    )
    tiny.run(TINY.id)
    assert decision(tiny, "emma").cause == "link.ambiguous_persons"
    decide(tiny, "emma", "never", "E1")
    untis(tiny).remove(Role.STUDENT, "1")
    tiny.run(TINY.id)
    assert decision(tiny, "emma").state is State.CONFLICT
    assert decide(tiny, "emma", "link", "E2").state == State.LINKED


def test_who_is_given_back_is_linked_by_the_next_run(tiny: World) -> None:
    decide(tiny, BENJAMIN.id, "exclude")
    tiny.run(TINY.id)
    decide(tiny, BENJAMIN.id, "never", "167")
    assert decide(tiny, BENJAMIN.id).state == "new"
    assert tiny.app.store.get(link_path(TINY.id, BENJAMIN.id)) is None
    tiny.run(TINY.id)
    now = decision(tiny, BENJAMIN.id)
    assert (now.state, now.key, now.by, now.never) == (State.LINKED, "167", "auto", ())
    assert tiny.app.store.get(link_path(TINY.id, BENJAMIN.id))


def test_giving_back_what_no_person_decided_changes_nothing(tiny: World) -> None:
    before = read_link(tiny.app, TINY.id, BENJAMIN.id)
    assert decide(tiny, BENJAMIN.id) == before
    assert read_audit(tiny.app, TINY.id, limit=10, cursor=None)[0] == ()


def test_linking_by_hand_lifts_an_earlier_never_of_that_pair_only(tiny: World) -> None:
    decide(tiny, BENJAMIN.id, "never", "167")
    decide(tiny, BENJAMIN.id, "never", "900")
    assert decide(tiny, BENJAMIN.id, "link", "167").decision.ruled_out == ("900",)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "links.id_number_missing"),
        ("  ", "links.id_number_missing"),
        ("90", "links.id_number_unknown"),
        ("0900", "links.id_number_unknown"),
        ("double", "links.id_number_double"),
        ("167", "links.id_number_taken"),
    ],
)
def test_an_id_number_that_cannot_be_this_users_is_refused_and_nothing_changes(
    tiny: World, key: str, code: str
) -> None:
    untis(tiny).add(Person("D1", Role.STUDENT, "double", "A", "B"), Person("D2", Role.STUDENT, "double", "C", "D"))
    before = decision(tiny, "wim")
    err = refused(code, lambda: decide(tiny, "wim", "link", key))
    assert decision(tiny, "wim") == before
    if code == "links.id_number_taken":
        assert err.facts == {"user": BENJAMIN.id}


def test_an_id_number_of_the_other_role_does_not_count(tiny: World) -> None:
    teacher = next(person for person in TINY.persons if person.role is Role.TEACHER)
    refused("links.id_number_unknown", lambda: decide(tiny, "wim", "link", teacher.key))


def test_spaces_around_the_id_number_do_not_matter(tiny: World) -> None:
    assert decide(tiny, "wim", "link", " 900 ").decision.key == "900"
    tiny.run(TINY.id)
    assert decision(tiny, "wim").state is State.LINKED


def test_an_unknown_user_is_not_found(tiny: World) -> None:
    with pytest.raises(NotFound, match=r"links\.user_unknown"):
        decide(tiny, "iemand-anders", "exclude")


@pytest.mark.parametrize("seen", [False, True], ids=["at once", "after a run"])
def test_a_link_by_hand_goes_over_to_the_new_account_of_somebody_who_left(tiny: World, seen: bool) -> None:
    decide(tiny, "wim", "link", "900")
    keep_users(tiny.app, TINY.id, [student("wim2", "Wim", "Oudhuis")], ["wim"])
    if seen:
        tiny.run(TINY.id)
    decide(tiny, "wim2", "link", "900")
    keep_users(tiny.app, TINY.id, [WIM], ())  # and the old one comes back, too
    for _ in range(2):
        tiny.run(TINY.id)
        assert (decision(tiny, "wim2").state, decision(tiny, "wim2").key) == (State.LINKED, "900")
        assert decision(tiny, "wim").state is not State.LINKED


def test_who_leaves_and_comes_back_keeps_what_a_person_decided(tiny: World) -> None:
    made = decide(tiny, "wim", "link", "900").decision
    keep_users(tiny.app, TINY.id, [], ["wim"])
    tiny.run(TINY.id)
    keep_users(tiny.app, TINY.id, [WIM], ())
    tiny.run(TINY.id)
    assert (decision(tiny, "wim").key, decision(tiny, "wim").decided_by) == (made.key, ADMIN)


@pytest.mark.parametrize("leaves", [False, True], ids=["beside him", "in his place"])
def test_a_namesake_never_inherits_a_link_by_hand(tiny: World, leaves: bool) -> None:
    decide(tiny, BENJAMIN.id, "link", "167")
    namesake = replace(BENJAMIN, id="andere-benjamin", number="", untis_id="", email="")
    keep_users(tiny.app, TINY.id, [namesake], [BENJAMIN.id] if leaves else [])
    for _ in range(2):
        tiny.run(TINY.id)
        assert decision(tiny, namesake.id).state is State.CONFLICT
    if not leaves:
        assert decision(tiny, BENJAMIN.id).key == "167"


def test_a_recycled_id_number_does_not_carry_a_link_by_hand_over(tiny: World) -> None:
    decide(tiny, "wim", "link", "900")
    untis(tiny).remove(Role.STUDENT, "900")
    untis(tiny).add(Person("950", Role.STUDENT, "900", "Heel", "Iemandanders"))
    tiny.run(TINY.id)
    assert decision(tiny, "wim").state is State.SUSPENDED


def test_the_directory_the_link_document_and_the_audit_tell_the_same(tiny: World) -> None:
    decide(tiny, "wim", "link", "900", reason="pasfoto vergeleken")
    document = tiny.app.store.get(link_path(TINY.id, "wim"))
    assert document
    assert (document.data["state"], document.data["key"], document.data["by"]) == ("linked", "900", "person")
    [event], _ = read_audit(tiny.app, TINY.id, limit=10, cursor=None)
    assert (event.actor, event.action, event.subject) == (ADMIN, "link.link", "wim")
    assert event.before == {"staat": "not_found", "idNummer": "", "door": "automatisch"}
    assert event.after == {"staat": "linked", "idNummer": "900", "door": ADMIN, "reden": "pasfoto vergeleken"}


def test_an_eck_id_is_never_whole_in_the_audit(tiny: World) -> None:
    eck = "https://ketenid.nl/201703/" + "ab" * 64
    keep_users(tiny.app, TINY.id, [student("eva", "Eva", "Smit", eck_id=eck)], ())
    untis(tiny).add(Person("E", Role.STUDENT, eck, "Eva", "Smit"))
    decide(tiny, "eva", "link", eck)
    [event], _ = read_audit(tiny.app, TINY.id, limit=10, cursor=None)
    assert event.after["idNummer"] == "…ababab"
    assert eck not in repr(event)


def test_a_run_that_loses_the_race_is_told_and_the_decision_stays(tiny: World) -> None:
    keep_users(tiny.app, TINY.id, [student("nieuw", "Nieuwe", "Leerling")], ())
    app = replace(tiny.app, store=CountingStore(tiny.app.store))
    once = iter([lambda: decide(tiny, BENJAMIN.id, "exclude")])

    def before_write() -> None:
        if app.store.written == 1:  # the run has read the directory and has its lease
            next(once, lambda: None)()

    app.store.before_write = before_write
    with pytest.raises(Conflict):
        link_school(app, TINY.id, run="late", trigger="schedule")
    assert decision(tiny, BENJAMIN.id).state is State.EXCLUDED
    assert tiny.run(TINY.id, "late")
    assert decision(tiny, BENJAMIN.id).state is State.EXCLUDED
    assert decision(tiny, "nieuw").state is State.NOT_FOUND


@pytest.mark.parametrize("touches", [False, True], ids=["somebody else's link", "this very link"])
def test_a_person_who_loses_the_race_is_told_only_when_what_was_seen_has_changed(tiny: World, touches: bool) -> None:
    app = replace(tiny.app, store=CountingStore(tiny.app.store))
    other = BENJAMIN.id if touches else TINY.users[1].id
    once = iter([lambda: decide(tiny, other, "exclude")])
    app.store.before_write = lambda: next(once, lambda: None)()  # noqa: PLW0108  each time the next one
    seen_version = read_link(tiny.app, TINY.id, BENJAMIN.id).version

    def seen(link: Link) -> None:
        if link.version != seen_version:
            raise Conflict("request.stale")

    def act() -> Link:
        return decide_link(app, TINY.id, BENJAMIN.id, Verdict("never", "167", ""), actor=ADMIN, seen=seen)

    if touches:
        refused("request.stale", act)
        assert decision(tiny, BENJAMIN.id).ruled_out == ()
    else:
        assert act().decision.ruled_out == ("167",)
        assert decision(tiny, other).state is State.EXCLUDED


def test_with_the_coupling_off_nothing_is_asked_of_webuntis_and_unlinking_still_works(tiny: World) -> None:
    tiny.settings(TINY.id, enabled=False)
    calls = tiny.local.untis.calls.total()
    refused("links.coupling_off", lambda: decide(tiny, "wim", "link", "900"))
    assert decide(tiny, BENJAMIN.id, "exclude").state == State.EXCLUDED
    assert decide(tiny, TINY.users[1].id, "never", TINY.right_key(TINY.users[1].id)).state == State.REVIEW
    assert tiny.local.untis.calls.total() == calls


def test_a_refused_password_is_offered_once_by_screens_and_runs_together(world: World) -> None:
    world.open_school(TINY)
    untis(world).set_password("een ander wachtwoord")
    for _ in range(3):
        with pytest.raises(NotAuthorized, match=r"webuntis\.login_refused"):
            decide(world, BENJAMIN.id, "link", "167")
    world.run(TINY.id)
    assert world.local.untis.count("token") == 1


def test_a_password_that_is_gone_is_told_as_a_fault_of_the_settings(world: World) -> None:
    world.open_school(TINY, password_version="")
    with pytest.raises(Invalid, match=r"settings\.incomplete"):
        decide(world, BENJAMIN.id, "link", "167")


def test_links_are_listed_by_state_role_and_words_and_paged_without_holes(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    everyone = list_links(world.app, SCHOOL.id, states=(), roles=(), words="", limit=5000, cursor="")
    assert sum(everyone.counts.values()) == len(SCHOOL.users) == len(everyone.items)
    review = list_links(world.app, SCHOOL.id, states=["review"], roles=[Role.TEACHER], words="", limit=500, cursor="")
    assert {(link.state, link.user.role) for link in review.items} == {("review", Role.TEACHER)}
    assert len(review.items) == review.counts["review"]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = list_links(world.app, SCHOOL.id, states=["linked"], roles=(), words="", limit=97, cursor=cursor)
        seen += [link.user.id for link in page.items]
        cursor = page.next
    assert seen == sorted(link.user.id for link in everyone.items if link.state == "linked")
    bauer = list_links(world.app, SCHOOL.id, states=(), roles=(), words="BAUER 067", limit=10, cursor="")
    assert [link.user.last_name for link in bauer.items] == ["Bauer"]


def test_accents_do_not_hide_anybody(tiny: World) -> None:
    found = list_links(tiny.app, TINY.id, states=(), roles=(), words="yilmaz", limit=10, cursor="")
    assert [link.user.last_name for link in found.items] == ["Yılmaz"]


# ---------------------------------------------------------------- many at once


@pytest.fixture
def proposals(tiny: World) -> World:
    """Users in every kind of doubt, each with one candidate."""
    users = [
        student("emma1", "Emma", "de Vries"),
        student("emma2", "Emma", "de Vries"),  # leaves: then one is left, which proves nothing by itself
        student("jan", "Jan", "Janssen"),  # one letter
        student("leeg", "Lotte", "Leegwater"),  # no ID-nummer in WebUntis
        student("sam1", "Sam", "Smit"),
        student("sam2", "Sam", "Smit"),  # stays
    ]
    keep_users(tiny.app, TINY.id, users, ())
    untis(tiny).add(
        Person("E", Role.STUDENT, "E1", "Emma", "de Vries"),
        Person("J", Role.STUDENT, "J1", "Jan", "Jansen"),
        Person("L", Role.STUDENT, "", "Lotte", "Leegwater"),
        Person("S", Role.STUDENT, "S1", "Sam", "Smit"),
    )
    tiny.run(TINY.id)
    keep_users(tiny.app, TINY.id, [], ["emma2"])
    tiny.run(TINY.id)
    assert decision(tiny, "emma1").cause == "link.was_refused"
    return tiny


ASKED = ["emma1", "jan", "leeg", "sam1", BENJAMIN.id, "wim", "niemand", "emma1"]


def test_only_exact_proposals_are_accepted_and_the_others_say_why_not(proposals: World) -> None:
    done = accept_links(proposals.app, TINY.id, ASKED, actor=ADMIN)
    assert (done.accepted, done.already) == (("emma1",), (BENJAMIN.id,))
    assert {each.user: each.code for each in done.refused} == {
        "jan": "link.one_edit",
        "leeg": "link.no_id_number",
        "sam1": "link.ambiguous_users",
        "wim": "link.not_found",
        "niemand": "links.user_unknown",
    }
    now = decision(proposals, "emma1")
    assert (now.state, now.key, now.by, now.decided_by) == (State.LINKED, "E1", "person", ADMIN)
    document = proposals.app.store.get(link_path(TINY.id, "emma1"))
    assert document
    assert document.data["key"] == "E1"


def test_accepting_twice_changes_nothing_the_second_time(proposals: World) -> None:
    accept_links(proposals.app, TINY.id, ASKED, actor=ADMIN)
    before = decision(proposals, "emma1")
    again = accept_links(proposals.app, TINY.id, ASKED, actor=ADMIN)
    assert again.accepted == ()
    assert set(again.already) == {"emma1", BENJAMIN.id}
    assert decision(proposals, "emma1") == before
    assert len(read_audit(proposals.app, TINY.id, limit=10, cursor=None)[0]) == 1


def test_what_was_mended_in_webuntis_since_is_accepted(proposals: World) -> None:
    untis(proposals).change_key(Role.STUDENT, "L", "L1")
    assert accept_links(proposals.app, TINY.id, ["leeg"], actor=ADMIN).accepted == ("leeg",)
    assert decision(proposals, "leeg").key == "L1"


def test_what_became_doubtful_since_is_refused(proposals: World) -> None:
    untis(proposals).add(Person("E9", Role.STUDENT, "E9", "Emma", "de Vries"))
    done = accept_links(proposals.app, TINY.id, ["emma1"], actor=ADMIN)
    assert (done.accepted, [each.code for each in done.refused]) == ((), ["link.ambiguous_persons"])


def test_a_pair_a_person_ruled_out_is_not_accepted(proposals: World) -> None:
    decide(proposals, "emma1", "never", "E1")
    assert accept_links(proposals.app, TINY.id, ["emma1"], actor=ADMIN).accepted == ()


def test_a_list_that_shrank_is_no_ground_to_accept_on(world: World) -> None:
    world.open_school(SCHOOL)
    world.run(SCHOOL.id)
    everyone = list_links(world.app, SCHOOL.id, states=["review"], roles=(), words="", limit=500, cursor="").items
    doubtful = [link.user.id for link in everyone]
    students = [person for person in SCHOOL.persons if person.role is Role.STUDENT]
    untis(world, SCHOOL.tenant_id).replace_all(set(SCHOOL.persons) - set(students[:300]))
    with pytest.raises(UnsafePlan, match=r"hold\.list_shrunk"):
        accept_links(world.app, SCHOOL.id, doubtful, actor=ADMIN)


def test_five_hundred_at_once_are_done_in_commits_that_fit(world: World) -> None:
    users = [student(f"u{n}", "Anna", f"{_word(n)}stra") for n in range(500)]
    leavers = [replace(user, id=f"v{user.id}") for user in users]
    school = replace(
        TINY,
        users=(*users, *leavers),
        persons=tuple(Person(user.id, Role.STUDENT, f"K{user.id}", user.first_name, user.last_name) for user in users),
    )
    world.open_school(school)
    world.run(TINY.id)
    keep_users(world.app, TINY.id, [], [user.id for user in leavers])
    world.run(TINY.id)
    done = accept_links(world.app, TINY.id, [user.id for user in users], actor=ADMIN)
    assert len(done.accepted) == 500
    world.run(TINY.id)
    counts = list_links(world.app, TINY.id, states=(), roles=(), words="", limit=1, cursor="").counts
    assert counts["linked"] == 500


def _word(number: int) -> str:
    """A surname for each number, no two of the same letters."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    return f"{'bcdfghjklm'[ones]}a{'npqrstvwxz'[tens]}e{('io', 'uo', 'yo', 'ui', 'yi')[hundreds]}"
