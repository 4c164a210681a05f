"""Who is not linked although the names are the same, and why."""

import pytest

from shared.domain.matching import assign
from shared.domain.people import Person, Role, State, User


def user(id, name, role=Role.STUDENT, **more):
    first, last = name.split(" ", 1) if " " in name else ("", name)
    return User(id=id, role=role, first_name=first, last_name=last, **more)


def person(key, name, role=Role.STUDENT, **more):
    first, last = name.split(" ", 1) if " " in name else ("", name)
    return Person(**{"id": f"p{key}", "role": role, "key": key, "first_name": first, "last_name": last} | more)


def decide(users, persons, standing=()):
    return {decision.user: decision for decision in assign(users, persons, standing)}


def test_two_persons_of_one_name_refuse_the_one_user():
    found = decide([user("a", "Emma de Vries")], [person("1", "Emma de Vries"), person("2", "EMMA Vries, de")])
    assert (found["a"].state, found["a"].cause) == (State.CONFLICT, "link.ambiguous_persons")
    assert {candidate.key for candidate in found["a"].candidates} == {"1", "2"}


def test_two_users_of_one_name_are_both_refused():
    found = decide([user("a", "Emma de Vries"), user("b", "Emma de Vries")], [person("1", "Emma de Vries")])
    assert {decision.cause for decision in found.values()} == {"link.ambiguous_users"}


def test_names_that_can_be_read_two_ways_count_as_one_name():
    found = decide(
        [user("a", "Rose Benali")], [person("1", "Rose Benali"), person("2", "Rose Ali", last_name="Ali Ben")]
    )
    assert found["a"].state is State.CONFLICT


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lisa de Boer", "Isla de Boer"), ("Merel Dekker", "Merle Dekker"), ("Sarah Smit", "Sahra Smit")],
)
def test_who_shares_all_letters_with_somebody_is_refused(one, other):
    found = decide([user("a", one), user("b", other)], [person("1", one), person("2", other)])
    assert {decision.state for decision in found.values()} == {State.CONFLICT}


def test_a_student_and_a_teacher_of_one_name_and_one_id_number_are_two_people():
    people = [user("a", "Anna Bos"), user("a", "Anna Bos", Role.TEACHER)]
    decisions = assign(people, [person("067", "Anna Bos"), person("067", "Anna Bos", Role.TEACHER, id="t")], ())
    assert [(d.role, d.key, d.person) for d in decisions] == [(Role.STUDENT, "067", "p067"), (Role.TEACHER, "067", "t")]


def test_twins_are_told_apart_by_their_forenames():
    found = decide([user("a", "Tim Bos"), user("b", "Tom Bos")], [person("1", "Tom Bos"), person("2", "Tim Bos")])
    assert (found["a"].key, found["b"].key) == ("2", "1")


def test_a_person_without_id_number_is_named_and_not_linked():
    found = decide([user("a", "Anna Bos")], [person("", "Anna Bos", id="p9")])
    assert (found["a"].state, found["a"].cause, found["a"].key) == (State.REVIEW, "link.no_id_number", "")
    assert [candidate.person for candidate in found["a"].candidates] == ["p9"]


def test_an_id_number_of_two_persons_links_nobody():
    found = decide([user("a", "Anna Bos"), user("b", "Tim Smit")], [person("1", "Anna Bos"), person("1", "Tim Smit")])
    assert {(d.state, d.cause) for d in found.values()} == {(State.REVIEW, "link.duplicate_id_number")}


def test_id_numbers_that_differ_in_something_invisible_are_double():
    found = decide([user("a", "Anna Bos")], [person("1", "Anna Bos"), person("1\u200b", "Tim Smit")])
    assert found["a"].cause == "link.duplicate_id_number"


def test_a_user_delivered_twice_is_refused_once():
    decisions = assign([user("a", "Anna Bos"), user("a", "Tim Smit")], [person("1", "Anna Bos")], ())
    assert [(d.user, d.state, d.cause) for d in decisions] == [("a", State.CONFLICT, "link.duplicate_user_id")]


def test_leading_zeros_survive():
    assert decide([user("a", "Anna Bos")], [person("067", "Anna Bos"), person("67", "Tim Smit")])["a"].key == "067"


def test_a_user_without_a_name_is_not_found():
    found = decide([User("a", Role.STUDENT, "", "")], [Person("p", Role.STUDENT, "1", "", "")])
    assert (found["a"].state, found["a"].cause) == (State.NOT_FOUND, "link.no_name")


@pytest.mark.parametrize("length", [500, 5000])
def test_endless_names_link_like_others(length):
    name = "A" * length + " " + "b c" * length
    assert decide([user("a", name)], [person("1", name.lower())])["a"].key == "1"


def test_candidates_come_best_first_and_at_most_five():
    persons = [person(str(n), f"Jan{'x' * n} Bakker") for n in range(1, 9)] + [
        person("99", "Jan Willem Bakker", last_name="Bakker", first_name="Jan Willem")
    ]
    found = decide([user("a", "Jan Bakker")], persons)
    assert found["a"].candidates[0].key == "99"
    assert len(found["a"].candidates) == 5


def test_nobody_at_all_gives_no_decisions():
    assert assign([], [person("1", "Anna Bos")], ()) == ()
