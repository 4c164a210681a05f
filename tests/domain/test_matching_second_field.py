"""A second field counts only where the school keeps it equal; then it confirms, forbids and tells apart."""

import pytest

from shared.domain.matching import assign
from shared.domain.people import Person, Role, State, User

_NAMES = "Emma Julia Mila Tess Sophie Noor Fenna Lynn Maud Nina Daan Lucas Levi Finn Milan Luuk Bram Mees Thijs Adam"
FORENAMES = _NAMES.split()


def crowd(role=Role.STUDENT, agreeing=20, size=20):
    """`size` people who link by name; the first `agreeing` of them have equal values."""
    users, persons = [], []
    for n, first in enumerate(FORENAMES[:size]):
        value = f"{n:03d}" if n < agreeing else f"x{n}"
        users.append(User(f"c{n}", role, first, "Jansen", number=f"{n:03d}", abbreviation=f"{n:03d}"))
        persons.append(Person(f"cp{n}", role, value, first, "Jansen", value))
    return users, persons


def decide(users, persons, role=Role.STUDENT, standing=(), **school):
    more_users, more_persons = crowd(role, **school)
    decisions = assign([*users, *more_users], [*persons, *more_persons], standing)
    return {decision.user: decision for decision in decisions}


def pupil(id, first, last, number, **more):
    return User(id, Role.STUDENT, first, last, number=number, **more)


def known(key, first, last):
    return Person(f"p{key or first}", Role.STUDENT, key, first, last)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("J.", "Bakker"), ("Jan", "Bakker")),
        (("J.", "Bakker"), ("J.", "Bakker")),
        (("Kees", "Bos"), ("Cornelis", "Bos")),
        (("Jan", "Berg"), ("Jan", "van den Berg")),
        (("Jan", "v.d. Berg"), ("Jan", "van der Berg")),
        (("Tim", "Jansen"), ("Tim", "Janssen")),
        (("Els", "Bos"), ("Els", "Smit-Bos")),
        (("Esra", "?zdemir"), ("Esra", "Özdemir")),
        (("Jan", "Bos"), ("Jan Willem", "Bos")),
        (("", "J. Smit"), ("Jan", "Smit")),
    ],
)
def test_an_equal_number_confirms_a_weak_name(mine, theirs):
    found = decide([pupil("a", *mine, "900")], [known("900", *theirs)])["a"]
    assert (found.state, found.key, found.cause) == (State.LINKED, "900", "link.confirmed_by_number")
    assert ("number", "equal") in {(compared.field, compared.verdict) for compared in found.compared}


def test_an_equal_number_does_not_make_another_name_the_same_person():
    found = decide([pupil("a", "Emma", "Visser", "900")], [known("900", "Hamza", "El Idrissi")])["a"]
    assert (found.state, found.cause) == (State.REVIEW, "link.name_differs")


def test_a_different_number_forbids_the_same_name():
    found = decide([pupil("a", "Emma", "Visser", "900")], [known("901", "Emma", "Visser")])["a"]
    assert (found.state, found.key, found.cause) == (State.CONFLICT, "", "link.number_differs")


def test_a_number_that_belongs_to_somebody_else_forbids_too():
    users = [pupil("a", "Emma", "Visser", ""), pupil("b", "Hamza", "Idrissi", "900")]
    assert decide(users, [known("900", "Emma", "Visser")])["a"].cause == "link.number_differs"


def test_a_missing_number_forbids_nothing():
    assert decide([pupil("a", "Emma", "Visser", "")], [known("900", "Emma", "Visser")])["a"].key == "900"


def test_numbers_tell_namesakes_apart_when_they_explain_all_of_them():
    users = [pupil("a", "Emma", "Visser", "900"), pupil("b", "Emma", "Visser", "901")]
    found = decide(users, [known("901", "Emma", "Visser"), known("900", "EMMA", "Visser")])
    assert (found["a"].key, found["b"].key) == ("900", "901")


@pytest.mark.parametrize("number", ["", "902"])
def test_a_namesake_whom_the_numbers_do_not_explain_keeps_all_refused(number):
    users = [pupil("a", "Emma", "Visser", "900"), pupil("b", "Emma", "Visser", number)]
    found = decide(users, [known("901", "Emma", "Visser"), known("900", "Emma", "Visser")])
    assert {found["a"].state, found["b"].state} == {State.CONFLICT}


def test_a_blank_namesake_might_be_the_one_who_is_meant():
    users = [pupil("a", "J.", "Visser", "900"), pupil("b", "Jan", "Visser", "")]
    found = decide(users, [known("900", "Jan", "Visser")])
    assert State.LINKED not in {found["a"].state, found["b"].state}


def test_a_number_of_two_users_confirms_nobody():
    users = [pupil("a", "J.", "Visser", "900"), pupil("b", "K.", "Visser", "900")]
    found = decide(users, [known("900", "Jan", "Visser")])
    assert State.LINKED not in {found["a"].state, found["b"].state}


@pytest.mark.parametrize(("size", "agreeing"), [(8, 8), (20, 0), (20, 14)])
def test_too_few_or_too_many_exceptions_teach_nothing(size, agreeing):
    weak = decide([pupil("a", "J.", "Bakker", "900")], [known("900", "Jan", "Bakker")], size=size, agreeing=agreeing)[
        "a"
    ]
    same = decide([pupil("a", "Jan", "Bakker", "900")], [known("901", "Jan", "Bakker")], size=size, agreeing=agreeing)[
        "a"
    ]
    assert (weak.state, same.state) == (State.REVIEW, State.LINKED)


def test_a_field_that_agrees_often_forbids_before_it_confirms():
    weak = decide([pupil("a", "J.", "Bakker", "900")], [known("900", "Jan", "Bakker")], agreeing=17)["a"]
    same = decide([pupil("a", "Jan", "Bakker", "900")], [known("901", "Jan", "Bakker")], agreeing=17)["a"]
    assert (weak.state, same.state) == (State.REVIEW, State.CONFLICT)


def test_zeros_in_front_count():
    assert decide([pupil("a", "J.", "Bakker", "0900")], [known("900", "Jan", "Bakker")])["a"].state is State.REVIEW


def test_a_timetable_code_confirms_a_teacher():
    users = [User("a", Role.TEACHER, "", "Bakker", abbreviation="bkr")]
    persons = [Person("p", Role.TEACHER, "1", "Anna", "Bakker", "BKR")]
    found = decide(users, persons, Role.TEACHER, size=5, agreeing=5)["a"]
    assert (found.state, found.cause) == (State.LINKED, "link.confirmed_by_abbreviation")


def test_a_timetable_code_tells_teachers_of_one_name_apart():
    users = [User(n, Role.TEACHER, "Anna", "Bakker", abbreviation=code) for n, code in (("a", "BKR"), ("b", "BAK"))]
    persons = [
        Person(f"p{key}", Role.TEACHER, key, "Anna", "Bakker", code) for key, code in (("1", "BAK"), ("2", "BKR"))
    ]
    found = decide(users, persons, Role.TEACHER, size=5, agreeing=5)
    assert (found["a"].key, found["b"].key) == ("2", "1")


def test_a_recycled_timetable_code_does_not_join_two_teachers():
    users = [User("a", Role.TEACHER, "Anna", "Bakker", abbreviation="BAK")]
    persons = [Person("p", Role.TEACHER, "1", "Wouter", "Bakker", "BAK")]
    assert decide(users, persons, Role.TEACHER)["a"].state is State.REVIEW


def test_the_abbreviation_of_a_student_is_made_of_the_name_and_proves_nothing():
    users = [User("a", Role.STUDENT, "Jan Willem", "Bakker", abbreviation="BakkerJan")]
    persons = [Person("p", Role.STUDENT, "z1", "Jan", "Bakker", "BakkerJan")]
    assert decide(users, persons, size=20, agreeing=0)["a"].state is State.REVIEW


def test_an_untis_id_we_may_have_written_ourselves_forbids_but_never_confirms():
    users, persons = crowd()
    users = [User(u.id, u.role, u.first_name, u.last_name, untis_id=p.key) for u, p in zip(users, persons, strict=True)]
    users += [
        User("a", Role.STUDENT, "J.", "Bos", untis_id="900"),
        User("b", Role.STUDENT, "Tim", "Smit", untis_id="901"),
    ]
    persons += [known("900", "Jan", "Bos"), known("902", "Tim", "Smit")]
    found = {decision.user: decision for decision in assign(users, persons, ())}
    assert (found["a"].state, found["b"].cause) == (State.REVIEW, "link.untis_id_differs")


def linked(users, persons, **more):
    return {user: d.key for user, d in decide(users, persons, **more).items() if d.state is State.LINKED and user < "c"}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("Nadir", "Henni"), ("", "Amel Henni")),
        (("Nadir", "Henni"), ("", "Henni, Amel")),
        (("Nadir", "Henni"), ("Amel Henni", "")),
        (("", "Nadir Henni"), ("Amel", "Henni")),
        (("", "Nadir Henni"), ("", "Amel Henni")),
    ],
)
def test_a_forename_in_the_same_field_as_the_surname_is_not_overlooked(mine, theirs):
    assert not linked([pupil("a", *mine, "900")], [known("900", *theirs)])


@pytest.mark.parametrize("surname", ["van den Berg", "Berg, van den"])
def test_a_surname_of_several_words_in_one_field_is_confirmed(surname):
    assert linked([pupil("a", "Jan", "van den Berg", "900")], [known("900", "", surname)]) == {"a": "900"}


@pytest.mark.parametrize("number", ["777", ""])
def test_an_equal_number_does_not_beat_a_user_of_the_very_name(number):
    users = [pupil("a", "Lisa", "Visser", "900"), pupil("b", "Liza", "Visser", number)]
    assert not linked(users, [known("900", "Liza", "Visser")])


def test_an_equal_number_does_not_beat_a_person_of_the_very_name():
    persons = [known("900", "Liza", "Visser"), known("901", "Lisa", "Visser")]
    assert not linked([pupil("a", "Lisa", "Visser", "900")], persons)


def test_numbers_do_not_choose_between_twins_of_one_initial():
    users = [pupil("a", "Marika", "Eckfeld", "900"), pupil("b", "Mika", "Eckfeld", "901")]
    assert not linked(users, [known("900", "M.", "Eckfeld"), known("901", "M.", "Eckfeld")])


def test_an_equal_number_does_not_choose_whose_forename_is_missing():
    users = [pupil("a", "Tim", "Visser", "900"), pupil("b", "Sofie", "Visser", "777")]
    assert not linked(users, [known("900", "", "Visser")])


def test_a_brother_who_has_a_pair_of_his_own_does_not_stand_in_the_way():
    users = [pupil("a", "Tim", "Visser", "900"), pupil("b", "Tom", "Visser", "901")]
    assert linked(users, [known("900", "T.", "Visser"), known("901", "Tom", "Visser")]) == {"a": "900", "b": "901"}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("Mark", "Visser"), ("Marije", "Visser")),
        (("Annemiek", "Visser"), ("Annemoon", "Visser")),
        (("Jan", "van der Berg"), ("Jan", "van den Berg")),
        (("S.", "Visser"), ("Sofie", "Visser-Smit")),
        (("Sanne", "Vissers"), ("Sanna", "Visser")),
    ],
)
def test_an_equal_number_does_not_confirm_very_weak_names_or_two_doubts(mine, theirs):
    assert not linked([pupil("a", *mine, "900")], [known("900", *theirs)])


@pytest.mark.parametrize(
    ("theirs", "key"),
    [(("Jannie", "Bakker"), ""), (("Jan", "Bakkert"), ""), (("J.", "Bakker"), "1"), (("Johannes", "Bakker"), "1")],
)
def test_a_timetable_code_confirms_less_than_a_number(theirs, key):
    users = [User("a", Role.TEACHER, "Jan", "Bakker", abbreviation="BAK")]
    persons = [Person("p", Role.TEACHER, "1", *theirs, "BAK")]
    assert linked(users, persons, role=Role.TEACHER).get("a", "") == key


def test_numbers_tell_names_of_the_same_letters_apart():
    users = [pupil("a", "Merel", "Dekker", "900")]
    persons = [known("900", "Merel", "Dekker"), known("901", "Merle", "Dekker")]
    assert linked(users, persons) == {"a": "900"}


def test_swapped_numbers_do_not_join_two_names_of_the_same_letters():
    users = [pupil("a", "Merel", "Dekker", "901"), pupil("b", "Merle", "Dekker", "900")]
    assert not linked(users, [known("900", "Merel", "Dekker"), known("901", "Merle", "Dekker")])
