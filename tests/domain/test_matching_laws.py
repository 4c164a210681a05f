"""Laws of matching for any people: order, strangers, uniqueness, repetition, a person's word, JSON and back."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import match
from shared.domain.matching import assign, by_attribute
from shared.domain.people import Decision, Person, Role, State, User

# Few names, so that namesakes, anagrams, cuts and resemblances happen all the time; and now and then anything at all.
FIRST = st.sampled_from(
    ["Emma", "EMMA", "Jan", "Jan Willem", "J.", "Lisa", "Isla", "Rose", "Rose Ben", "Zoë", "ZoÃ«", "", "Jan van den"]
) | st.text(max_size=6)
LAST = st.sampled_from(
    [
        "de Vries",
        "Vries, de",
        "Benali",
        "Ali",
        "Ali Ben",
        "van den Berg",
        "Berg",
        "Bakker",
        "Bakker-Smit",
        "Smit Bakker",
        "",
    ]
) | st.text(max_size=6)
VALUE = st.sampled_from(["", "1", "2", "3", "067", "67", " 67", "BAK"])
ROLE = st.sampled_from(Role)
USERS = st.lists(
    st.builds(
        User,
        id=st.sampled_from("abcdefgh"),
        role=ROLE,
        first_name=FIRST,
        last_name=LAST,
        number=VALUE,
        abbreviation=VALUE,
    ),
    max_size=7,
)
PERSONS = st.lists(
    st.builds(
        Person, id=st.sampled_from("pqrstuv"), role=ROLE, key=VALUE, first_name=FIRST, last_name=LAST, short_name=VALUE
    ),
    max_size=7,
)
HAND = st.lists(
    st.builds(
        Decision, user=st.sampled_from("abcdefgh"), role=ROLE, state=st.sampled_from([State.LINKED, State.EXCLUDED]),
        cause=st.just("link.by_hand"), key=st.sampled_from(["1", "2", "067"]), by=st.just("person"),
    ),
    max_size=2, unique_by=lambda decision: (decision.role, decision.user),
)  # fmt: skip


law = settings(deadline=None)  # a busy machine is no broken law


def keys(decisions):
    return {(d.role, d.user): d.key for d in decisions if d.state is State.LINKED}


@law
@given(USERS, PERSONS, HAND, st.randoms())
def test_the_order_of_the_input_does_not_matter(users, persons, hand, rng):
    decisions = assign(users, persons, hand)
    for side in (users, persons, hand):
        rng.shuffle(side)
    assert assign(users, persons, hand) == decisions


@law
@given(USERS, PERSONS, HAND)
def test_everybody_gets_one_decision_in_order(users, persons, hand):
    decisions = assign(users, persons, hand)
    assert [(d.role, d.user) for d in decisions] == sorted({(u.role, u.id) for u in users})


@law
@given(USERS, PERSONS, HAND)
def test_no_two_users_share_a_key_and_every_key_is_one_persons(users, persons, hand):
    for decisions in (assign(users, persons, hand), by_attribute(users, persons, hand, dict.fromkeys(Role, "number"))):
        linked = [(d.role, d.key) for d in decisions if d.state is State.LINKED]
        assert len(linked) == len(set(linked))
        assert all([p.role for p in persons if p.key == key].count(role) == 1 for role, key in linked)


@law
@given(
    USERS,
    PERSONS,
    HAND,
    st.builds(Person, id=st.just("new"), role=ROLE, key=VALUE | st.just("9"), first_name=FIRST, last_name=LAST),
)
def test_another_person_changes_a_link_to_a_refusal_or_not_at_all(users, persons, hand, stranger):
    before, after = keys(assign(users, persons, hand)), keys(assign(users, [*persons, stranger], hand))
    assert all(after.get(user, key) == key for user, key in before.items())


@law
@given(
    USERS, PERSONS, HAND, st.builds(User, id=st.just("new"), role=ROLE, first_name=FIRST, last_name=LAST, number=VALUE)
)
def test_another_user_changes_a_link_to_a_refusal_or_not_at_all(users, persons, hand, stranger):
    before, after = keys(assign(users, persons, hand)), keys(assign([*users, stranger], persons, hand))
    assert all(after.get(user, key) == key for user, key in before.items())


@law
@given(USERS, PERSONS)
def test_a_stranger_with_a_name_and_a_key_of_his_own_changes_nothing(users, persons):
    before = assign(users, persons, ())
    stranger = Person("new", Role.STUDENT, "k-9", "Qwfpgj", "Xyzkv")
    assert keys(assign(users, [*persons, stranger], ())) == keys(before)


@law
@given(USERS, PERSONS, HAND)
def test_a_second_run_changes_nothing(users, persons, hand):
    first = assign(users, persons, hand)
    assert assign(users, persons, first) == first


@given(USERS, PERSONS, PERSONS, HAND)
def test_a_second_run_on_another_day_changes_nothing_either(users, yesterday, persons, hand):
    first = assign(users, persons, assign(users, yesterday, hand))
    assert assign(users, persons, first) == first


# Ten pairs that prove the number and the code of both roles; they are called and numbered like nobody else here.
SURE = ["Qa", "Qb", "Qc", "Qd", "Qe", "Qf", "Qg", "Qh", "Qi", "Qj"]
SURE_USERS = [User(f"z{n}", role, f"{n}oe", "Quist", abbreviation=n, number=n) for n in SURE for role in Role]
SURE_PERSONS = [Person(f"z{n}", role, n, f"{n}oe", "Quist", n) for n in SURE for role in Role]


@given(USERS, PERSONS, PERSONS, HAND)
def test_a_second_run_changes_nothing_where_numbers_and_codes_are_proven(users, yesterday, persons, hand):
    users, yesterday, persons = users + SURE_USERS, yesterday + SURE_PERSONS, persons + SURE_PERSONS
    first = assign(users, persons, assign(users, yesterday, hand))
    assert assign(users, persons, first) == first


@law
@given(USERS, PERSONS, PERSONS, HAND)
def test_no_link_moves_to_another_key_by_itself(users, persons, tomorrow, hand):
    first = assign(users, persons, hand)
    before, after = keys(first), keys(assign(users, tomorrow, first))
    assert all(after.get(user, key) == key for user, key in before.items())


@law
@given(USERS, PERSONS, PERSONS, HAND)
def test_what_a_person_decided_is_still_there_a_day_later(users, persons, tomorrow, hand):
    present = {(u.role, u.id) for u in users}
    day2 = {(d.role, d.user): d for d in assign(users, tomorrow, assign(users, persons, hand))}
    for said in hand:
        if (said.role, said.user) in present:
            kept = day2[said.role, said.user]
            assert (kept.by, kept.key) == ("person", said.key)
            assert kept.state is said.state or kept.state is State.SUSPENDED


@law
@given(USERS, PERSONS, st.sets(st.sampled_from(["1", "2", "067"])))
def test_a_key_that_a_person_ruled_out_is_never_given(users, persons, never):
    standing = [replace(d, never=tuple(sorted(never))) for d in assign(users, persons, ())]
    decisions = assign(users, persons, standing)
    assert not {d.key for d in decisions if d.state is State.LINKED} & never
    assert all(set(d.never) == never for d in decisions)


@law
@given(USERS, PERSONS, HAND)
def test_decisions_go_to_json_and_back(users, persons, hand):
    decisions = assign(users, persons, hand)
    rows = json.loads(json.dumps([match.printed(decision) for decision in decisions]))
    assert tuple(match.standing(row, "standing[0]") for row in rows) == decisions


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=500), st.text(max_size=500))
def test_any_two_texts_are_a_name(first, last):
    user, person = User("u", Role.TEACHER, first, last), Person("p", Role.TEACHER, "1", first, last)
    assert assign([user], [person], ())[0].state in {State.LINKED, State.REVIEW, State.NOT_FOUND}
