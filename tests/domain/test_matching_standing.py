"""What stands from earlier runs: links are kept, suspended, resumed; refusals stick; a person's word is final."""

from dataclasses import replace

import pytest

from shared.domain.matching import assign, by_attribute
from shared.domain.matching.by_hand import link, rule_out
from shared.domain.people import Decision, Person, Role, State, User, record_mark

S = Role.STUDENT


def user(id="a", first="Emma", last="de Vries", **more):
    return User(id, S, first, last, **more)


def person(key="1", first="Emma", last="de Vries", id=""):
    return Person(id or f"p{key}", S, key, first, last)


def decide(users, persons, standing=()):
    return {decision.user: decision for decision in assign(users, persons, standing)}


def after(users, persons):
    return assign(users, persons, ())


def by_hand(user_id="a", key="1", **more):
    return Decision(
        **{"user": user_id, "role": S, "state": State.LINKED, "cause": "link.by_hand", "key": key, "by": "person"}
        | more
    )


LINKED = after([user()], [person()])


def test_nothing_changed_gives_the_very_same_values():
    people = [
        user(),
        user("b", "J.", "Bos"),
        user("c", "Tim", "Smit"),
        user("d", "Tim", "Smit"),
        user("e", "Ali", "Kaya"),
    ]
    persons = [person(), person("2", "Jan", "Bos"), person("3", "Tim", "Smit")]
    first = after(people, persons)
    assert all(one is other for one, other in zip(first, assign(people, persons, first), strict=True))


def test_a_person_who_is_gone_suspends_the_link_and_the_same_id_number_resumes_it():
    gone = assign([user()], [person("9", "Tim", "Bos")], LINKED)
    assert (gone[0].state, gone[0].cause, gone[0].key) == (State.SUSPENDED, "link.person_gone", "1")
    assert decide([user()], [person()], gone)["a"].state is State.LINKED


def test_a_namesake_with_another_id_number_does_not_inherit_the_link():
    assert decide([user()], [person("2")], LINKED)["a"].state is State.SUSPENDED


def test_a_new_user_does_not_inherit_the_person_of_a_namesake_who_left():
    found = assign([user("b")], [person()], LINKED)
    assert (found[0].state, found[0].cause) == (State.CONFLICT, "link.was_linked_elsewhere")
    assert assign([user("b")], [person()], found) == found


def test_an_id_number_given_to_somebody_else_does_not_carry_the_link_over():
    found = decide([user(), user("b", "Tim", "Bos")], [person("1", "Tim", "Bos", id="p77")], LINKED)
    assert (found["a"].state, found["a"].cause) == (State.SUSPENDED, "link.person_renamed")
    assert (found["b"].state, found["b"].key) == (State.LINKED, "1")


@pytest.mark.parametrize(("first", "last"), [("Emma", "Bakker"), ("Sophie", "de Vries")])
def test_an_id_number_given_to_somebody_with_half_the_name_does_not_either(first, last):
    assert decide([user()], [person("1", first, last, id="p77")], LINKED)["a"].state is State.SUSPENDED


@pytest.mark.parametrize(("first", "last"), [("Emma", "Bakker"), ("E.", "de Vries"), ("Emma Sofie", "de Vries")])
def test_a_person_who_changes_surname_or_is_called_alike_stays_linked_and_shows_it(first, last):
    found = assign([user()], [person("1", first, last)], LINKED)
    assert (found[0].state, found[0].key) == (State.LINKED, "1")
    assert found[0].compared[0].person == f"{first} {last}"
    assert assign([user()], [person("1", first, last)], found) == found


@pytest.mark.parametrize("forename", ["Sophie", "Emmeline", "Hamza"])
def test_a_brother_written_over_the_record_of_a_person_does_not_get_the_link(forename):
    found = assign([user()], [person("1", forename, "de Vries")], LINKED)
    assert (found[0].state, found[0].cause) == (State.SUSPENDED, "link.person_renamed")
    assert assign([user()], [person("1", forename, "de Vries")], found) == found
    assert assign([user()], [person()], found) == LINKED


@pytest.mark.parametrize(("state", "never"), [(State.EXCLUDED, ()), (State.REVIEW, ("1",))])
def test_what_a_person_refused_binds_a_namesake_when_the_user_is_gone(state, never):
    refused = Decision("a", S, state, "link.excluded", by="person", user_name="emma|de vries", never=never)
    assert decide([user("b")], [person()], [refused])["b"].state is State.CONFLICT
    assert decide([user("b", "Tim", "Bos")], [person("1", "Tim", "Bos")], [refused])["b"].state is State.LINKED


def test_one_name_after_the_other_is_another_person():
    once = assign([user()], [person("1", "Emma", "Bakker")], LINKED)
    assert decide([user()], [person("1", "Sophie", "Bakker")], once)["a"].state is State.SUSPENDED


def test_a_user_who_changes_both_names_is_suspended():
    assert decide([user("a", "Tim", "Bos")], [person()], LINKED)["a"].cause == "link.user_renamed"


def test_after_a_change_of_name_somebody_who_bears_the_very_name_wins_nothing_by_himself():
    found = decide([user()], [person("1", "Emma", "Bakker"), person("2")], LINKED)
    assert (found["a"].state, found["a"].cause) == (State.SUSPENDED, "link.fits_another")


def test_a_namesake_beside_a_link_is_a_notice_and_is_refused_himself():
    found = decide([user(), user("b")], [person(), person("2")], LINKED)
    assert (found["a"].state, found["a"].key, found["a"].cause) == (State.LINKED, "1", "link.namesake_arrived")
    assert found["b"].state is State.CONFLICT


def test_the_notice_goes_with_the_namesake():
    beside = assign([user()], [person(), person("2")], LINKED)
    assert assign([user()], [person()], beside) == LINKED


AMBIGUOUS = after([user(), user("b")], [person()])


def test_an_ambiguity_that_dissolves_because_somebody_left_stays_refused():
    found = assign([user()], [person()], AMBIGUOUS)
    assert (found[0].state, found[0].cause) == (State.CONFLICT, "link.was_refused")
    assert assign([user()], [person()], found) == found


def test_the_refusal_holds_for_a_new_user_of_that_name_too():
    assert decide([user("c")], [person()], AMBIGUOUS)["c"].cause == "link.was_refused"


@pytest.mark.parametrize(
    "word",
    [
        {"state": State.EXCLUDED, "cause": "link.excluded", "key": ""},
        {"state": State.REVIEW, "cause": "link.never", "key": "", "never": ("1",)},
    ],
    ids=["not to be linked", "never this ID-nummer"],
)
def test_a_namesake_of_a_leaver_whom_a_person_refused_hears_that_and_keeps_hearing_it(word):
    said = by_hand("gone", user_name="emma|de vries", **word)
    found = assign([user("new")], [person()], [said])
    assert (found[0].state, found[0].cause) == (State.CONFLICT, "link.refused_by_hand")
    assert assign([user("new")], [person()], found) == found
    assert decide([user("third")], [person()], found)["third"].cause == "link.was_refused"


def test_a_refusal_does_not_hold_for_another_name():
    assert decide([user("a", "Sophie", "Bos")], [person("1", "Sophie", "Bos")], AMBIGUOUS)["a"].state is State.LINKED


def test_a_person_lifts_the_refusal_by_linking():
    found = decide([user()], [person()], [*AMBIGUOUS[1:], by_hand()])
    assert (found["a"].state, found["a"].by) == (State.LINKED, "person")


def test_weak_evidence_that_became_the_same_name_links():
    weak = after([user("a", "E.", "de Vries")], [person()])
    assert decide([user()], [person()], weak)["a"].state is State.LINKED


def test_a_filled_in_id_number_links():
    assert decide([user()], [person()], after([user()], [person("", id="p1")]))["a"].key == "1"


def test_a_link_by_hand_stands_whatever_the_names_say():
    first = assign([user(first="Noor", last="Smit")], [person()], [by_hand(since="2026-01-05", decided_by="k")])
    assert (first[0].state, first[0].key, first[0].since, first[0].decided_by) == (State.LINKED, "1", "2026-01-05", "k")
    assert assign([user(first="Noor", last="Smit")], [person()], first) == first


def test_a_link_by_hand_takes_the_id_number_from_an_automatic_one():
    found = decide([user(), user("b", "Noor", "Smit")], [person()], [*LINKED, by_hand("b")])
    assert (found["b"].state, found["a"].state, found["a"].cause) == (State.LINKED, State.REVIEW, "link.taken_by_hand")


def test_a_link_by_hand_waits_for_its_id_number():
    gone = assign([user()], [], [by_hand()])
    assert (gone[0].state, gone[0].by, gone[0].key) == (State.SUSPENDED, "person", "1")
    assert decide([user()], [person()], gone)["a"].state is State.LINKED


def test_a_link_by_hand_does_not_follow_the_id_number_to_somebody_else():
    linked = assign([user()], [person()], [by_hand()])
    assert decide([user()], [person("1", "Hamza", "Idrissi", id="p77")], linked)["a"].state is State.SUSPENDED


def test_two_links_by_hand_to_one_id_number_are_both_suspended():
    found = decide([user(), user("b")], [person()], [by_hand(), by_hand("b")])
    assert {(d.state, d.cause, d.by) for d in found.values()} == {(State.SUSPENDED, "link.key_held_twice", "person")}


def test_an_excluded_user_stays_excluded():
    excluded = Decision("a", S, State.EXCLUDED, "link.excluded", by="person")
    assert assign([user()], [person()], [excluded]) == (excluded,)


def test_an_excluded_user_still_counts_as_a_namesake():
    excluded = Decision("b", S, State.EXCLUDED, "link.excluded", by="person")
    assert decide([user(), user("b")], [person()], [excluded])["a"].state is State.CONFLICT


def test_never_is_never_and_is_not_proposed_again():
    never = Decision("a", S, State.REVIEW, "link.never", by="person", never=("1",))
    found = assign([user()], [person()], [never])
    assert (found[0].state, found[0].key, found[0].candidates, found[0].never) == (State.REVIEW, "", (), ("1",))
    assert assign([user()], [person()], found) == found


def never_this_one():
    """Emma was linked to record p1, then with ID-nummer 1, and a person said: never."""
    return rule_out(user(), LINKED[0], "1", "p1", by="admin", at="2026-11-23T08:00:00+00:00")


@pytest.mark.parametrize("key", ["", "2", "E-0001"])
def test_never_holds_for_the_record_whatever_id_number_it_gets(key):
    standing = (never_this_one(),)
    for now in ("1", key, "3"):
        standing = assign([user()], [person(now, id="p1")], standing)
        assert (standing[0].state, standing[0].key) != (State.LINKED, now)
        assert standing[0].candidates == ()
    found = by_attribute([user(number="3")], [person("3", id="p1")], standing, {S: "number"})
    assert (found[0].state, found[0].cause) == (State.REVIEW, "link.never")


def test_never_holds_for_the_id_number_too_when_another_record_gets_it():
    assert decide([user()], [person("1", id="p2")], [never_this_one()])["a"].state is State.REVIEW


def test_an_automatic_link_ends_when_its_id_number_goes_to_the_one_who_was_ruled_out():
    standing = [replace(LINKED[0], never=(record_mark("p9"),))]
    assert decide([user()], [person("1", id="p9")], standing)["a"].cause == "link.never"


def test_a_link_by_hand_waits_when_its_id_number_goes_to_the_one_who_was_ruled_out():
    standing = assign([user()], [person()], [by_hand(never=(record_mark("p9"),))])
    found = assign([user()], [person("1", id="p9")], standing)
    assert (found[0].state, found[0].cause, found[0].by) == (State.SUSPENDED, "link.never", "person")
    assert decide([user()], [person()], found)["a"].state is State.LINKED


def test_linking_by_hand_lifts_never_of_the_record_and_of_its_id_number():
    assert link(user(), person(id="p1"), never_this_one(), by="admin", at="").never == ()


def test_saying_never_twice_is_saying_it_once():
    once = never_this_one()
    assert rule_out(user(), once, "1", "", by="admin", at="later").never == once.never == ("1", record_mark("p1"))
    assert once.ruled_out == ("1",)


def test_never_ends_an_automatic_link():
    found = decide([user()], [person()], [replace(LINKED[0], never=("1",))])["a"]
    assert (found.state, found.never) == (State.REVIEW, ("1",))


def test_a_persons_word_outlives_many_runs():
    standing = (by_hand(), Decision("b", S, State.EXCLUDED, "link.excluded", by="person"))
    for persons in ([person()], [], [person(), person("2")], [person("2")], [person()]):
        standing = assign([user(), user("b")], persons, standing)
    assert [(d.state, d.key, d.by) for d in standing] == [(State.LINKED, "1", "person"), (State.EXCLUDED, "", "person")]


def test_another_role_is_another_person():
    teacher = User("a", Role.TEACHER, "Emma", "de Vries")
    found = assign([teacher], [Person("t1", Role.TEACHER, "1", "Emma", "de Vries")], LINKED)
    assert [(d.role, d.state) for d in found] == [(Role.TEACHER, State.LINKED)]


def test_a_user_delivered_twice_keeps_what_a_person_said():
    found = assign([user(), user(first="Tim")], [person()], [by_hand()])
    assert [(d.state, d.key, d.by) for d in found] == [(State.LINKED, "1", "person")]
    assert assign([user(), user(first="Tim")], [], found)[0].state is State.SUSPENDED


def test_a_user_delivered_twice_loses_an_automatic_link():
    assert [d.cause for d in assign([user(), user(first="Tim")], [person()], LINKED)] == ["link.duplicate_user_id"]


def test_a_link_by_hand_of_a_user_who_left_keeps_the_person_from_a_namesake_for_good():
    found = assign([user("b")], [person()], [by_hand()])
    assert (found[0].state, found[0].cause) == (State.CONFLICT, "link.was_linked_elsewhere")
    assert assign([user("b")], [person()], found)[0].state is State.CONFLICT


def test_a_link_by_hand_of_a_user_who_left_does_not_bar_another_link_by_hand():
    found = assign([user("b")], [person()], [by_hand(), by_hand("b")])
    assert (found[0].state, found[0].key) == (State.LINKED, "1")
