"""Which names link by themselves, and which resemble only."""

from pathlib import Path

import pytest
import yaml

from shared.domain.matching import assign
from shared.domain.matching.letters import part, repaired
from shared.domain.people import Person, Role, State, User

CASES = Path(__file__).parent / "cases"
SAME = yaml.safe_load((CASES / "names_same.yaml").read_text(encoding="utf-8"))
CLOSE = yaml.safe_load((CASES / "names_close.yaml").read_text(encoding="utf-8"))


def decided(user_name, person_name, role=Role.STUDENT):
    user = User(id="u1", role=role, first_name=user_name[0], last_name=user_name[1])
    person = Person(id="p1", role=role, key="067", first_name=person_name[0], last_name=person_name[1])
    (decision,) = assign([user], [person], ())
    return decision


@pytest.mark.parametrize("case", SAME, ids=lambda case: case["why"])
def test_two_spellings_of_one_name_link(case):
    assert case.keys() == {"why", "user", "person", "rule"}
    decision = decided(case["user"], case["person"])
    assert (decision.state, decision.key, decision.rule) == (State.LINKED, "067", case["rule"])


@pytest.mark.parametrize("case", SAME, ids=lambda case: case["why"])
def test_they_link_the_other_way_round_too(case):
    assert decided(case["person"], case["user"]).rule == case["rule"]


@pytest.mark.parametrize("case", CLOSE, ids=lambda case: case["why"])
def test_a_resemblance_goes_to_review_with_its_candidate_and_reason(case):
    assert case.keys() == {"why", "user", "person", "cause"}
    decision = decided(case["user"], case["person"])
    assert (decision.state, decision.key, decision.cause) == (State.REVIEW, "", case["cause"])
    assert [(candidate.key, candidate.cause) for candidate in decision.candidates] == [("067", case["cause"])]


@pytest.mark.parametrize("case", CLOSE, ids=lambda case: case["why"])
def test_a_resemblance_never_links_the_other_way_round_either(case):
    assert decided(case["person"], case["user"]).state is State.REVIEW


def test_a_stranger_is_not_found():
    decision = decided(["Emma", "de Vries"], ["Mohammed", "El Idrissi"])
    assert (decision.state, decision.cause, decision.candidates) == (State.NOT_FOUND, "link.not_found", ())


@pytest.mark.parametrize("title", ["dhr.", "Mevr.", "drs.", "ir.", "Prof. dr."])
def test_the_title_of_a_teacher_is_no_name(title):
    assert decided(["Anna", "Bakker"], [f"{title} Anna", "Bakker"], Role.TEACHER).state is State.LINKED


def test_a_prefix_in_its_own_field_is_part_of_the_surname():
    user = User(id="u1", role=Role.STUDENT, first_name="Jan", prefix="van den", last_name="Berg")
    person = Person(id="p1", role=Role.STUDENT, key="1", first_name="Jan", last_name="Berg van den")
    assert assign([user], [person], ())[0].rule == "same_letters"


@pytest.mark.parametrize("name", ["Zoë", "Müller", "Ünal", "Jérôme", "Ãngela", "Łukasz"])
def test_a_sound_name_is_not_repaired(name):
    assert repaired(name) == name


def test_half_broken_text_is_left_alone():
    assert repaired("ZoÃ« Ünal") == "ZoÃ« Ünal"


@pytest.mark.parametrize(
    "raw", ["", " ", "'", "-", "\u200b", "\ud800", "a" * 500, "é" * 500, "x " * 250, "?", "١٢٣", "😀"]
)
def test_any_text_becomes_words(raw):
    assert part(raw).text == " ".join(part(raw).words)
    assert part(part(raw).text).words == part(raw).words
