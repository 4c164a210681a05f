"""A SIS is known by the schools it holds: while one of them is there it is the same, and another SIS never is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.gradebook import Org
from shared.domain.sis_book import Book, book_of, telling, united

BAKEN, ZUID = Org("o1", "Het Baken", "school", "01AB"), Org("o2", "Zuiderlicht", "school", "02CD")
BOARD = Org("b1", "Stichting Water", "district", "B1")
STATE = Org("nl", "Nederland", "state")
NATION = Org("nl", "Nederland", "national", "NL")
NAMELESS = Org("1", "", "school")
HOST, ELSEWHERE = "https://lis.baken.nl", "https://sis.elders.example"


def book(*orgs: Org, last: int = 1) -> Book:
    at = datetime(2026, 9, last, tzinfo=UTC)
    return Book(orgs, HOST, "other", at, at)


def named(*orgs: Org) -> str:
    return book_of(orgs, {}, prefix=HOST)[0]


def test_the_order_in_which_a_sis_names_its_schools_is_no_matter() -> None:
    assert named(BAKEN, ZUID) == named(ZUID, BAKEN)
    assert named(BAKEN) != named(ZUID)


SAME = {
    "a school was opened": (BAKEN, ZUID),
    "a school was closed": (BOARD,),
    "a school has another name": (Org("o1", "Baken College", "school", "01AB"),),
    "a school has another number": (Org("o1", "HET  BAKEN", "school", "99ZZ"),),
    "departments came and went": (BAKEN, Org("d1", "Wiskunde", "department")),
}


@pytest.mark.parametrize("now", SAME)
def test_a_sis_stays_the_same_when(now: str) -> None:
    known = {"boek": book(BAKEN, BOARD), "ander": book(Org("x", "Elders", "school"))}
    assert book_of(SAME[now], known, prefix=ELSEWHERE) == ("boek", True)


OTHERS = {
    "has other schools": (ZUID,),
    "calls its first school by the same id": (Org("o1", "Zuiderlicht", "school", "02CD"),),
    "is in the same country": (STATE, ZUID),
    "tells of the country alone": (STATE,),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_sis_that(other: str) -> None:
    name, known = book_of(OTHERS[other], {"boek": book(BAKEN, STATE)}, prefix=ELSEWHERE)
    assert not known
    assert name != "boek"


def test_a_namesake_of_a_known_sis_gets_a_book_of_its_own_name() -> None:
    first = Org("1", "Het Baken", "school")
    assert named(first) != named(Org("1", "Zuiderlicht", "school"))


@pytest.mark.parametrize("says_little", [NAMELESS, NATION, STATE, Org("d1", "Wiskunde", "department", "D1")], ids=str)
def test_a_sis_that_says_too_little_of_itself_is_the_same_at_its_own_address_alone(says_little: Org) -> None:
    first = named(says_little)
    known = {first: book(says_little)}
    assert book_of((says_little,), known, prefix=HOST) == (first, True)
    other, recognised = book_of((says_little,), known, prefix=ELSEWHERE)
    assert not recognised
    assert other != first
    known[other] = replace(book(says_little), prefix=ELSEWHERE)
    assert book_of((says_little,), known, prefix=ELSEWHERE) == (other, True)


def test_of_merged_sises_the_one_with_the_most_schools_goes_on_then_the_last() -> None:
    both = {"a": book(BAKEN, ZUID), "b": book(BOARD, last=9)}
    assert book_of((BAKEN, ZUID, BOARD), both, prefix=HOST)[0] == "a"
    assert book_of((BAKEN, BOARD), both, prefix=HOST)[0] == "b"


def test_without_schools_every_org_tells() -> None:
    assert telling((STATE,)) == (STATE,)
    assert telling((STATE, ZUID, BAKEN)) == (BAKEN, ZUID)


def test_a_school_that_left_is_remembered_and_names_are_those_of_now() -> None:
    renamed = Org("o1", "Baken College", "school", "01AB")
    assert united((renamed, ZUID), (BAKEN, BOARD)) == (BOARD, renamed, ZUID)


orgs = st.lists(
    st.builds(Org, st.sampled_from("abcdef"), st.sampled_from(["Baken", "Zuid", "Noord"]), st.just("school")),
    min_size=1,
    max_size=5,
    unique_by=lambda org: org.id,
)


@given(st.lists(orgs, min_size=1, max_size=6))
def test_a_sis_that_changes_step_by_step_and_never_wholly_keeps_its_book(history: list[list[Org]]) -> None:
    name, kept = named(*history[0]), history[0][0]
    books = {name: book(*history[0])}
    for step in history[1:]:
        here = [kept, *(org for org in step if org.id != kept.id)]
        assert book_of(here, books, prefix=ELSEWHERE) == (name, True)
        books = {name: book(*united(here, books[name].orgs))}
        kept = here[-1]
