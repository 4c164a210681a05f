"""Laws of the practice school: right size, the same for the same seed, every hard case there and true to its word."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.people import Role
from shared.simulators.enrolment import letters
from shared.simulators.next_day import next_day
from shared.simulators.practice_school import PracticeSchool, practice_school, tiny_school, users_body
from shared.simulators.spellings import SPELLINGS

SEVERAL_PEOPLE = {
    "leading_zeros",
    "key_in_both_roles",
    "id_number_twice",
    "homonyms",
    "homonyms_by_code",
    "homonym_half",
    "same_name_both_roles",
    "twins",
    "twins_initials",
    "siblings",
    "only_profijt",
    "only_webuntis",
    "left_in_list",
    "lookalikes",
    "duplicate_account",
    "duplicate_person",
}
EVENTS = {
    "left_both",
    "left_profijt",
    "left_webuntis",
    "arrived",
    "namesake_instead",
    "namesake_beside",
    "renamed_in_profijt",
    "renamed_in_webuntis",
    "renamed_in_both",
    "key_recycled",
    "mended",
}


@pytest.fixture(scope="module")
def school() -> PracticeSchool:
    return practice_school()


def names_of(school: PracticeSchool, case: str) -> list[tuple[str, str]]:
    """(as Profijt writes it, as WebUntis writes it) for cases of one user and one person."""
    found = []
    for one in school.named(case):
        user, person = school.user(one.users[0]), school.person(one.persons[0])
        last = f"{user.prefix} {user.last_name}".strip()
        found.append((f"{user.first_name}|{last}", f"{person.first_name}|{person.last_name}"))
    return found


def same_letters(here: str, there: str) -> bool:
    return letters(here.replace("|", " ")) == letters(there.replace("|", " "))


def one_edit_apart(here: str, there: str) -> bool:
    start = next(at for at, (a, b) in enumerate(zip(f"{here}<", f"{there}>", strict=False)) if a != b)
    return there[start + 1 :] in (here[start:], here[start + 1 :]) or there[start:] == here[start + 1 :]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_every_seed_gives_a_school_of_the_right_size_in_which_ids_name_one_person(seed: int) -> None:
    school = practice_school(seed)
    sizes = {role: tuple(map(len, school.of(role))) for role in Role}
    assert sizes[Role.STUDENT][0] == 860
    assert 850 <= sizes[Role.STUDENT][1] <= 880
    assert sizes[Role.TEACHER][0] == 90
    assert 85 <= sizes[Role.TEACHER][1] <= 95
    assert len({user.id for user in school.users}) == len(school.users)
    assert len({(person.role, person.id) for person in school.persons}) == len(school.persons)
    assert set(school.truth) <= {user.id for user in school.users}
    assert set(school.truth.values()) <= {(person.role, person.id) for person in school.persons}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_whoever_is_in_no_case_has_a_name_nobody_else_of_the_role_has(seed: int) -> None:
    school = practice_school(seed)
    labelled = {id for case in school.cases for id in case.users}
    by_name: dict[tuple[Role, str], set[object]] = {}
    for user in school.users:
        who = school.truth.get(user.id, user.id)
        by_name.setdefault((user.role, letters(f"{user.first_name} {user.last_name}")), set()).add(who)
    for person in school.persons:
        key = (person.role, letters(f"{person.first_name} {person.last_name}"))
        by_name.setdefault(key, set()).add((person.role, person.id))
    for user in school.users:
        if user.id not in labelled:
            assert len(by_name[user.role, letters(f"{user.first_name} {user.last_name}")]) == 1


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**6))
def test_every_hard_case_is_there_for_every_seed(seed: int) -> None:
    assert set(practice_school(seed).counts()) == SEVERAL_PEOPLE | {spelling.case for spelling in SPELLINGS}


def test_the_same_seed_gives_the_same_school_and_the_same_next_day(school: PracticeSchool) -> None:
    assert practice_school() == school
    assert next_day(practice_school()) == next_day(school)
    assert practice_school(68).users != school.users


def test_benjamin_bauer_of_the_manual_is_067_in_both_systems_and_someone_else_is_67(school: PracticeSchool) -> None:
    [case] = school.named("leading_zeros")
    user, person = school.user(case.users[0]), school.person(case.persons[0])
    assert (user.first_name, user.last_name, user.number) == ("Benjamin", "Bauer", "067")
    assert (person.first_name, person.last_name, person.key, person.short_name) == (
        "Benjamin",
        "Bauer",
        "067",
        "BauerBen",
    )
    assert school.person(case.persons[1]).key == "67"
    [both_roles] = school.named("key_in_both_roles")
    assert {school.person(ref).key for ref in both_roles.persons} == {"067"}


def test_nummer_is_the_id_nummer_of_students_and_afkorting_the_code_of_teachers(school: PracticeSchool) -> None:
    agree: Counter[tuple[Role, bool]] = Counter()
    for user_id, ref in school.truth.items():
        user, person = school.user(user_id), school.person(ref)
        same = user.number == person.key if user.role is Role.STUDENT else user.abbreviation == person.short_name
        agree[user.role, same] += 1
    assert agree[Role.STUDENT, True] > 0.97 * 840
    assert agree[Role.TEACHER, True] > 0.97 * 85
    assert agree[Role.STUDENT, False]
    assert agree[Role.TEACHER, False]


@pytest.mark.parametrize(
    ("case", "holds"),
    [
        ("case", lambda here, there: here != there and here.lower() == there.lower()),
        ("diacritics", lambda here, there: not here.isascii() and there.isascii()),
        ("umlaut_oe", lambda here, there: re.search("[oOuU]e", there) and re.search("[öÖüÜ]", here)),
        ("tussenvoegsel_moved", lambda here, there: here != there and same_letters(here, there)),
        ("tussenvoegsel_missing", lambda here, there: len(there) < len(here) and here.endswith(there.split("|")[1])),
        ("tussenvoegsel_abbreviated", lambda here, there: re.search(r"\|v.d\.? ", there)),
        (
            "double_name_order",
            lambda here, there: sorted(re.split("[|-]", here)[1:]) == sorted(re.split("[|-]", there)[1:]),
        ),
        ("double_name_half", lambda here, there: here.startswith(f"{there}-")),
        ("mojibake", lambda here, there: there.encode("latin-1").decode() == here != there),
        ("ij_ligature", lambda here, there: there.replace("Ĳ", "IJ") == here != there),
        ("swapped_fields", lambda here, there: there == "|".join(reversed(here.split("|")))),
        ("one_field", lambda here, there: there == "|" + here.replace("|", " ")),
        ("initials", lambda here, there: re.match(r"\w\.(\w\.)?\|", there) and there[0] == here[0]),
        ("extra_given_names", lambda here, there: there.startswith(here.split("|")[0] + " ")),
        ("one_edit", one_edit_apart),
        ("apostrophe", lambda here, there: "'" in here and "'" not in there),
        ("odd_spaces", lambda here, there: re.search("  |[\u00a0\u2009]", there) and same_letters(here, there)),
    ],
)
def test_a_spelling_case_is_true_to_its_word(school: PracticeSchool, case: str, holds: object) -> None:
    pairs = names_of(school, case)
    assert pairs
    assert [pair for pair in pairs if not holds(*pair)] == []


def test_homonyms_are_two_people_and_a_duplicate_account_is_one(school: PracticeSchool) -> None:
    for case in school.named("homonyms"):
        assert len({school.truth[id] for id in case.users}) == 2
        assert len({(school.user(id).first_name, school.user(id).last_name) for id in case.users}) == 1
    for case in school.named("duplicate_account"):
        assert len({school.truth[id] for id in case.users}) == 1


def test_people_in_one_system_only_have_no_right_key(school: PracticeSchool) -> None:
    for case in school.named("only_profijt") + school.named("lookalikes"):
        assert school.right_key(case.users[0]) == ""
    found = {ref for case in school.named("only_webuntis") + school.named("left_in_list") for ref in case.persons}
    assert found
    assert not found & set(school.truth.values())


def test_id_nummers_are_empty_or_double_only_where_the_case_says_so(school: PracticeSchool) -> None:
    keys = Counter((person.role, person.key) for person in school.persons)
    empty = {ref for case in school.named("id_number_empty") for ref in case.persons}
    assert {(p.role, p.id) for p in school.persons if not p.key} == empty
    assert sum(n == 2 for (_, key), n in keys.items() if key) == len(school.named("id_number_twice"))


def test_the_next_day_has_every_event_and_leaves_the_others_as_they_were(school: PracticeSchool) -> None:
    after = next_day(school)
    assert set(after.counts()) == EVENTS
    touched = {id for case in after.cases for id in case.users}
    before = {user.id: user for user in school.users}
    assert {u.id: u for u in after.users if u.id not in touched} == {
        i: u for i, u in before.items() if i not in touched
    }
    assert all(after.truth.get(id) == school.truth.get(id) for id in before if id not in touched)


def test_a_namesake_and_a_recycled_key_belong_to_somebody_else(school: PracticeSchool) -> None:
    after = next_day(school)
    for case in after.named("namesake_instead"):
        user, other = after.user(case.users[0]), after.person(case.persons[1])
        assert other.first_name == user.first_name
        assert user.id not in after.truth
    for case in after.named("key_recycled"):
        [old, newcomer] = case.users
        assert after.right_key(old) == ""
        assert after.right_key(newcomer) == school.right_key(old) != ""


def test_the_tiny_school_uses_the_big_schools_numbers_for_other_people(school: PracticeSchool) -> None:
    tiny = tiny_school()
    assert tiny.tenant_id != school.tenant_id
    key_067 = {p.last_name for p in tiny.persons if p.key == "067"}
    assert key_067 == {"van den Berg"}
    assert {u.id for u in tiny.users} & {u.id for u in school.users}


def test_users_who_left_are_told_as_no_longer_active(school: PracticeSchool) -> None:
    here, gone = users_body(school.users[:1], left=school.users[1:2])["users"]
    assert "actief" not in here
    assert (gone["id"], gone["actief"]) == (school.users[1].id, "nee")


def test_users_are_told_in_dutch_with_leading_zeros_and_without_a_bsn(school: PracticeSchool) -> None:
    rows = users_body(school.users)["users"]
    assert len(rows) == 950
    benjamin = next(row for row in rows if row["nummer"] == "067")
    assert benjamin["rol"] == "leerling"
    assert benjamin["untisIdNummer"] == "067"
    assert len(benjamin["eckId"]) == 154
    assert set(benjamin) == {
        "id",
        "rol",
        "voornaam",
        "tussenvoegsel",
        "achternaam",
        "afkorting",
        "nummer",
        "entreeKenmerk",
        "eckId",
        "untisIdNummer",
        "email",
    }
