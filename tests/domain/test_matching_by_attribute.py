"""Linking by the identifying attribute: equal or not, never nearly; and the lists of ID-nummers that cannot be used."""

import pytest

from shared.domain.matching import by_attribute, sanity
from shared.domain.people import Decision, Person, Role, State, User
from shared.errors import Invalid

S, T = Role.STUDENT, Role.TEACHER


def decide(users, persons, standing=(), **attributes):
    chosen = {Role(role): attribute for role, attribute in attributes.items()} or {S: "number", T: "number"}
    return {(d.role, d.user): d for d in by_attribute(users, persons, standing, chosen)}


def pupil(number, id="a", **more):
    return User(id, S, "Benjamin", "Bauer", number=number, **more)


def known(key, id="p1", role=S):
    return Person(id, role, key, "Somebody", "Else")


def test_equal_values_link_whatever_the_names_say():
    found = decide([pupil("067")], [known("067")])[S, "a"]
    assert (found.state, found.key, found.cause) == (State.LINKED, "067", "link.attribute_equal")


@pytest.mark.parametrize("number", ["67", "0067", "O67", "06 7"])
def test_nearly_equal_is_not_equal(number):
    assert decide([pupil(number)], [known("067")])[S, "a"].state is State.NOT_FOUND


@pytest.mark.parametrize("number", [" 067", "067\u200b", "067\u00a0", "\ufeff067", "067\n"])
def test_what_nobody_can_see_is_ignored_and_said(number):
    found = decide([pupil(number)], [known("067")])[S, "a"]
    assert (found.state, found.key, found.cause) == (State.LINKED, "067", "link.attribute_equal_but_invisible")


def test_full_width_digits_are_shown_to_a_person():
    found = decide([pupil("０６７")], [known("067")])[S, "a"]
    assert (found.state, found.cause, found.candidates[0].key) == (State.REVIEW, "link.attribute_lookalike", "067")


def test_the_same_value_for_a_student_and_a_teacher_links_both():
    users = [pupil("067"), User("a", T, "Anna", "Bos", number="067")]
    found = decide(users, [known("067"), known("067", "t1", T)])
    assert (found[S, "a"].person, found[T, "a"].person) == ("p1", "t1")


def test_a_value_twice_in_a_role_links_neither():
    found = decide([pupil("067"), pupil("067", "b")], [known("067")])
    assert {(d.state, d.cause) for d in found.values()} == {(State.CONFLICT, "link.attribute_shared")}
    found = decide([pupil("067")], [known("067"), known("067", "p2")])
    assert (found[S, "a"].state, found[S, "a"].cause) == (State.CONFLICT, "link.duplicate_id_number")


def test_an_empty_value_links_nobody():
    assert decide([pupil("")], [known("")])[S, "a"].cause == "link.attribute_empty"
    assert decide([pupil(" \u200b")], [known("")])[S, "a"].cause == "link.attribute_empty"


def test_each_role_has_its_own_attribute():
    users = [pupil("1", entree="e-1"), User("a", T, "Anna", "Bos", abbreviation="BOS")]
    found = decide(users, [known("e-1"), known("BOS", "t1", T)], student="entree", teacher="abbreviation")
    assert {d.state for d in found.values()} == {State.LINKED}


def test_a_role_without_an_attribute_is_not_linked():
    assert decide([pupil("1")], [known("1")], teacher="number")[S, "a"].cause == "link.attribute_not_chosen"


@pytest.mark.parametrize("attribute", ["bsn", "email", "first_name", "", "id"])
def test_other_fields_cannot_be_chosen(attribute):
    with pytest.raises(Invalid) as refused:
        by_attribute([], [], (), {S: attribute})
    assert refused.value.code == "link.attribute_unknown"


def test_a_persons_word_wins_over_the_attribute():
    standing = [
        Decision("a", S, State.LINKED, "link.by_hand", key="2", by="person"),
        Decision("b", S, State.EXCLUDED, "link.excluded", by="person"),
        Decision("c", S, State.REVIEW, "link.never", by="person", never=("3",)),
    ]
    persons = [known("1"), known("2", "p2"), known("3", "p3")]
    found = decide([pupil("1"), pupil("2", "b"), pupil("3", "c"), pupil("2", "d")], persons, standing)
    assert (found[S, "a"].key, found[S, "a"].by) == ("2", "person")
    assert found[S, "b"].state is State.EXCLUDED
    assert (found[S, "c"].state, found[S, "c"].never) == (State.REVIEW, ("3",))
    assert found[S, "d"].state is not State.LINKED


def test_a_link_whose_id_number_disappeared_is_suspended():
    first = by_attribute([pupil("067")], [known("067")], (), {S: "number"})
    gone = by_attribute([pupil("067")], [], first, {S: "number"})
    assert (gone[0].state, gone[0].key) == (State.SUSPENDED, "067")
    assert by_attribute([pupil("067")], [known("067")], gone, {S: "number"}) == first


def test_empty_and_double_id_numbers_are_listed_by_role():
    persons = [known("", "p3"), known(" ", "p2"), known("067", "p1"), known("067\u200b", "p4"), known("067", "t1", T)]
    students, teachers = sanity(persons)
    assert (students.role, students.missing, students.double) == (S, ("p2", "p3"), (("067", ("p1", "p4")),))
    assert (teachers.role, teachers.missing, teachers.double) == (T, (), ())
