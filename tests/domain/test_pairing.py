"""Laws and cases of pairing a course's students with those of a class at the SIS: no pair is ever wrong."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.causes import CAUSES
from shared.domain.class_link import Pair, PairState
from shared.domain.coursework import CourseStudent
from shared.domain.gradebook import SisStudent
from shared.domain.pairing import pair

ANNA = ("Anna", "Bakker")
YUSUF = ("Yusuf", "Yılmaz")
NOOR = ("Noor", "de Wit")


def ours(id: str, name: tuple[str, str] = ("", ""), *, email: str = "", number: str = "") -> CourseStudent:
    return CourseStudent(id, email, number, *name)


def theirs(id: str, name: tuple[str, str] = ("", ""), *, email: str = "", number: str = "") -> SisStudent:
    return SisStudent(id, email, number, *name)


def told(pairs: Sequence[Pair]) -> dict[str, str]:
    """Per student: the SIS student and the rule, or the cause without its prefix."""
    return {
        each.student.id: f"{each.sis.id} {each.rule}" if each.sis else each.cause.removeprefix("pair.")
        for each in pairs
    }


CASES = {
    "an e-mail address in another case": (
        [ours("c", email="Anna@School.example")],
        [theirs("s", email="anna@school.EXAMPLE ")],
        {"c": "s email"},
    ),
    "no address: the number": ([ours("c", number="067")], [theirs("s", number="067")], {"c": "s number"}),
    "a leading zero counts": ([ours("c", number="067")], [theirs("s", number="67")], {"c": "not_found"}),
    "neither: the names": ([ours("c", ANNA)], [theirs("s", ("ANNA", "Bakker"))], {"c": "s names"}),
    "swapped fields": ([ours("c", ANNA)], [theirs("s", ("Bakker", "Anna"))], {"c": "s names"}),
    "a name that resembles": ([ours("c", ANNA)], [theirs("s", ("Ana", "Bakker"))], {"c": "resembles"}),
    "nobody": ([ours("c", ANNA)], [theirs("s", NOOR)], {"c": "not_found"}),
    "nothing is known": ([ours("c")], [theirs("s")], {"c": "not_found"}),
    "an address that two there have": (
        [ours("c", email="ouders@x.example")],
        [theirs("s1", email="ouders@x.example"), theirs("s2", email="ouders@x.example")],
        {"c": "several"},
    ),
    "an address that two here have, and names that differ": (
        [ours("c1", ANNA, email="ouders@x.example"), ours("c2", NOOR, email="ouders@x.example")],
        [theirs("s1", ANNA, email="ouders@x.example"), theirs("s2", NOOR, email="ouders@x.example")],
        {"c1": "s1 names", "c2": "s2 names"},
    ),
    "namesakes here": (
        [ours("c1", ANNA), ours("c2", ANNA)],
        [theirs("s", ANNA)],
        {"c1": "namesakes", "c2": "namesakes"},
    ),
    "namesakes there": ([ours("c", ANNA)], [theirs("s1", ANNA), theirs("s2", ANNA)], {"c": "namesakes"}),
    "namesakes whom addresses tell apart": (
        [ours("c1", ANNA, email="a1@x"), ours("c2", ANNA, email="a2@x")],
        [theirs("s2", ANNA, email="a2@x"), theirs("s1", ANNA, email="a1@x")],
        {"c1": "s1 email", "c2": "s2 email"},
    ),
    "the rest of two namesakes is not who is left": (
        [ours("c1", ANNA, email="a1@x"), ours("c2", ANNA)],
        [theirs("s1", ANNA, email="a1@x"), theirs("s2", ANNA)],
        {"c1": "s1 email", "c2": "namesakes"},
    ),
    "the address says one, the number another": (
        [ours("c", email="a@x", number="1")],
        [theirs("s1", email="a@x"), theirs("s2", number="1")],
        {"c": "contradiction"},
    ),
    "the address says one, the name another": (
        [ours("c", ANNA, email="a@x")],
        [theirs("s1", NOOR, email="a@x"), theirs("s2", ANNA)],
        {"c": "contradiction"},
    ),
    "two students for one": (
        [ours("c1", email="a@x"), ours("c2", number="1")],
        [theirs("s", email="a@x", number="1")],
        {"c1": "two_students", "c2": "two_students"},
    ),
    "a namesake from outside the class has another address, where classmates' are equal": (
        [ours("c1", YUSUF, email="y@x"), ours("c3", NOOR, email="n@x"), ours("c2", ANNA, email="anna2@x")],
        [theirs("s1", YUSUF, email="y@x"), theirs("s3", NOOR, email="n@x"), theirs("s2", ANNA, email="anna@x")],
        {"c1": "s1 email", "c3": "s3 email", "c2": "differs"},
    ),
    "addresses that differ for everybody say nothing": (
        [ours("c1", YUSUF, email="y@mail"), ours("c2", ANNA, email="a@mail")],
        [theirs("s1", YUSUF, email="yy@x"), theirs("s2", ANNA, email="aa@x")],
        {"c1": "s1 names", "c2": "s2 names"},
    ),
    "the same name, and another address at the same school": (
        [ours("c", ANNA, email="anna@school.example", number="1001")],
        [theirs("s", ANNA, email="a.bakker2@school.example", number="2002")],
        {"c": "differs"},
    ),
    "the same name, and neither the address nor the number": (
        [ours("c", ANNA, email="anna@school.example", number="1001")],
        [theirs("s", ANNA, email="bakkers@mail.example", number="2002")],
        {"c": "differs"},
    ),
    "another address at the same school, of the only one in the class who has any": (
        [ours("c1", ANNA, email="anna@x"), ours("c2", NOOR, email="noor@x"), ours("c3", YUSUF, email="yusuf@x")],
        [theirs("s1", ANNA, email="bakker@x"), theirs("s2", NOOR), theirs("s3", YUSUF)],
        {"c1": "differs", "c2": "s2 names", "c3": "s3 names"},
    ),
    "the same name and number, and another address": (
        [ours("c", ANNA, email="anna@x", number="1001")],
        [theirs("s", ANNA, email="bakker@x", number="1001")],
        {"c": "s number"},
    ),
    "the number of somebody of another name": (
        [ours("c", ANNA, email="anna@mail", number="17")],
        [theirs("s", ("Mohammed", "Yılmaz"), email="m@x", number="17")],
        {"c": "differs"},
    ),
    "the number of somebody without a name, and another address at the same school": (
        [ours("c", ANNA, email="anna@x", number="17")],
        [theirs("s", email="m@x", number="17")],
        {"c": "differs"},
    ),
    "another name, where the numbers of classmates are equal": (
        [ours("c1", ANNA, number="17"), ours("c2", NOOR, number="18")],
        [theirs("s1", ("Zoë", "Smit"), number="17"), theirs("s2", NOOR, number="18")],
        {"c1": "s1 number", "c2": "s2 number"},
    ),
    "two systems that number everybody in their own way agree by accident": (
        [ours("c1", YUSUF, number="1"), ours("c2", ANNA, number="2"), ours("c3", ("Ot", "Sien"), number="3")],
        [theirs("s1", YUSUF, number="2"), theirs("s2", ANNA, number="3"), theirs("s3", ("Mies", "Noot"), number="1")],
        {"c1": "s1 names", "c2": "s2 names", "c3": "not_found"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_who_is_whom(case: tuple[list[CourseStudent], list[SisStudent], dict[str, str]]) -> None:
    students, at_sis, expected = case
    assert told(pair(students, at_sis)) == expected


def test_a_teachers_word_wins_from_every_rule() -> None:
    students = [ours("c1", ANNA, email="a@x"), ours("c2", NOOR, email="n@x")]
    at_sis = [theirs("s1", ANNA, email="a@x"), theirs("s2", NOOR, email="n@x")]
    assert told(pair(students, at_sis, [("c1", "s2"), ("c2", "s1")])) == {"c1": "s2 by_hand", "c2": "s1 by_hand"}
    assert told(pair(students, at_sis, [("c1", "")])) == {"c1": "never", "c2": "s2 email"}
    assert told(pair(students, at_sis, [("c1", "s2")])) == {"c1": "s2 by_hand", "c2": "taken"}


def test_who_was_chosen_and_left_the_class_is_nobody_and_is_not_taken() -> None:
    students, at_sis = [ours("c1", ANNA), ours("c2", NOOR)], [theirs("s2", NOOR)]
    assert told(pair(students, at_sis, [("c1", "s9"), ("weg", "s2")])) == {"c1": "chosen_gone", "c2": "s2 names"}


def test_two_who_were_given_the_same_student_by_hand_are_both_a_conflict() -> None:
    students, at_sis = [ours("c1"), ours("c2")], [theirs("s")]
    assert told(pair(students, at_sis, [("c1", "s"), ("c2", "s")])) == {"c1": "two_students", "c2": "two_students"}


# ------------------------------------------------------------ laws

# Few values, so that namesakes, shared addresses and contradictions happen all the time; and now and then anything.
FIRST = st.sampled_from(["Anna", "ANNA", "Noor", "Yusuf", "J.", ""]) | st.text(max_size=5)
LAST = st.sampled_from(["Bakker", "de Wit", "Wit, de", "Yılmaz", ""]) | st.text(max_size=5)
EMAIL = st.sampled_from(["", "a@x", "A@x", "b@x", "c@x"])
NUMBER = st.sampled_from(["", "1", "01", "2"])
STUDENTS = st.lists(
    st.builds(CourseStudent, st.sampled_from("abcdef"), EMAIL, NUMBER, FIRST, LAST),
    max_size=6, unique_by=lambda one: one.id,
)  # fmt: skip
AT_SIS = st.lists(
    st.builds(SisStudent, st.sampled_from("uvwxyz"), EMAIL, NUMBER, FIRST, LAST),
    max_size=6, unique_by=lambda one: one.id,
)  # fmt: skip
HAND = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", "u", "v"]), max_size=2).map(
    lambda given: tuple(given.items())
)
law = settings(deadline=None)  # a busy machine is no broken law


def paired(pairs: Sequence[Pair]) -> dict[str, str]:
    return {each.student.id: each.sis.id for each in pairs if each.sis}


@law
@given(STUDENTS, AT_SIS, HAND)
def test_no_student_of_the_sis_is_in_two_pairs_and_who_is_in_none_is_told_why(students, at_sis, hand):
    pairs = pair(students, at_sis, hand)
    assert [each.student for each in pairs] == students
    assert len(set(paired(pairs).values())) == len(paired(pairs))
    for each in pairs:
        assert (each.state is PairState.PAIRED) == (each.sis is not None) == bool(each.rule) == (not each.cause)
        assert not each.cause or each.cause in CAUSES


@law
@given(STUDENTS, AT_SIS, HAND, st.randoms())
def test_the_order_of_the_rosters_does_not_matter(students, at_sis, hand, rng):
    before = set(pair(students, at_sis, hand))
    for side in (students, at_sis):
        rng.shuffle(side)
    assert set(pair(students, at_sis, hand[::-1])) == before


@law
@given(STUDENTS, AT_SIS)
def test_an_address_that_one_student_on_each_side_has_pairs_them_unless_something_contradicts_it(students, at_sis):
    pairs = {each.student.id: each for each in pair(students, at_sis)}
    for student in students:
        ours = [one for one in students if one.email.casefold() == student.email.casefold()]
        theirs = [one for one in at_sis if one.email.casefold() == student.email.casefold()]
        if student.email and (len(ours), len(theirs)) == (1, 1):
            found = pairs[student.id]
            assert found.sis == theirs[0] or found.cause in ("pair.contradiction", "pair.two_students")


@law
@given(STUDENTS, AT_SIS)
def test_contradicting_evidence_never_pairs(students, at_sis):
    pairs = [each for each in pair(students, at_sis) if each.sis]
    # Whoever has the same name and number on both sides speaks for the numbers of the others.
    equal = ((one, other) for one in students for other in at_sis if one.number == other.identifier != "")
    alike = any(same_name(*each) for each in equal)
    for each in pairs:
        student, sis = each.student, each.sis
        ours, theirs = student.email.casefold(), sis.email.casefold()
        other_address = "" not in (ours, theirs) and ours != theirs
        other_number = "" not in (student.number, sis.identifier) and student.number != sis.identifier
        if each.rule == "names":
            assert not (other_address and (other_number or ours.partition("@")[2] == theirs.partition("@")[2]))
        if each.rule == "number" and not alike:
            nameless = not all((one.first_name + one.last_name).strip() for one in (student, sis))
            assert same_name(student, sis) or (nameless and not other_address)


def same_name(student: CourseStudent, sis: SisStudent) -> bool:
    """Or one that resembles it, as far as that can be said without the rest of the class."""
    [alone] = pair([replace(student, email="", number="")], [replace(sis, email="", identifier="")])
    return alone.cause != "pair.not_found"


@law
@given(STUDENTS, AT_SIS, HAND, st.sampled_from(["sis", "course"]))
def test_somebody_who_has_nothing_in_common_with_anybody_moves_no_pair_to_somebody_else(students, at_sis, hand, side):
    before = paired(pair(students, at_sis, hand))
    name, email, number = ("Qwfpgj", "Xyzkv"), "vreemd@elders", "999"
    if side == "sis":
        at_sis = [*at_sis, theirs("vreemd", name, email=email, number=number)]
    else:
        students = [*students, ours("vreemd", name, email=email, number=number)]
    assert paired(pair(students, at_sis, hand)) == before
