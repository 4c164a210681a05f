"""However a server counts and cuts its pages, the list that comes out is whole, or an error."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.adapters.webuntis.paging import whole_list
from shared.adapters.webuntis.wire import PeoplePage
from shared.domain.people import Person, Role
from shared.errors import Rejected, Unreachable


def person(number: int) -> Person:
    return Person(str(number), Role.STUDENT, f"0{number}", "Anna", "Bakker")


@dataclass
class Server:
    """A list and a way to page it: counted from `base`, at most `most` rows a page, or without offsets at all."""

    rows: list[int]
    base: int = 0
    most: int = 500
    total: int | None = None
    offsets: bool = True
    asked: int = 0

    def page(self, offset: int, limit: int) -> PeoplePage:
        self.asked += 1
        start = max(offset - self.base, 0) if self.offsets else 0
        rows = self.rows[start : start + min(limit, self.most)]
        return PeoplePage(tuple(person(row) for row in rows), len(rows), 0, self.total, frozenset())

    def whole(self, limit: int) -> tuple[Person, ...]:
        return whole_list(lambda offset: self.page(offset, limit), role=Role.STUDENT, limit=limit)


def each_once(rows: list[int]) -> tuple[Person, ...]:
    return tuple(person(row) for row in dict.fromkeys(rows))


@given(
    rows=st.lists(st.integers(0, 12), max_size=30),
    base=st.integers(0, 1),
    most=st.integers(1, 12),
    limit=st.integers(1, 12),
)
@example(rows=[1, 1, 1, 1, 2], base=0, most=1, limit=9)
@example(rows=[1, 2, 1, 2, 1, 2, 3], base=1, most=2, limit=2)
def test_any_base_page_size_cap_and_duplicates_give_everybody_or_an_error(rows, base, most, limit):
    server = Server(rows, base=base, most=most)
    try:
        found = server.whole(limit)
    except Rejected:
        return
    assert found == each_once(rows)


@given(
    st.lists(st.integers(0, 10_000), max_size=60, unique=True),
    st.integers(0, 1),
    st.integers(1, 70),
    st.integers(1, 70),
)
def test_without_duplicates_everybody_always_comes(rows, base, most, limit):
    assert Server(rows, base=base, most=most).whole(limit) == each_once(rows)


@given(st.lists(st.integers(0, 99), max_size=40, unique=True), st.integers(1, 41))
def test_a_server_that_knows_no_offsets_gives_everybody_when_its_page_was_not_full(rows, limit):
    server = Server(rows, offsets=False)
    if len(rows) >= limit:
        with pytest.raises(Rejected):
            server.whole(limit)
    else:
        assert server.whole(limit) == each_once(rows)


def test_a_server_that_sends_all_of_it_whatever_the_limit_is_believed():
    everything = Server(list(range(30)), offsets=False)
    assert whole_list(lambda offset: everything.page(offset, 500), role=Role.STUDENT, limit=10) == each_once(
        list(range(30))
    )


@pytest.mark.parametrize("base", [0, 1])
def test_a_school_costs_a_handful_of_questions(base):
    server = Server(list(range(860)), base=base)
    assert len(server.whole(500)) == 860
    assert server.asked <= 4


def test_an_empty_list_is_empty():
    assert Server([]).whole(500) == ()


def test_fewer_people_than_the_stated_total_is_an_error():
    with pytest.raises(Rejected) as caught:
        Server([1, 2], total=3).whole(500)
    assert caught.value.facts["why"] == "fewer_than_total"


def test_the_stated_total_in_people_is_fine():
    assert len(Server([1, 2, 3], total=3).whole(2)) == 3


def test_one_unusable_row_makes_the_list_incomplete():
    page = PeoplePage((person(1),), 2, 1, None, frozenset())
    with pytest.raises(Rejected) as caught:
        whole_list(lambda offset: page, role=Role.TEACHER, limit=500)
    assert (caught.value.facts["why"], caught.value.facts["list"]) == ("unusable_rows", "teachers")


def test_one_id_for_two_different_people_is_an_error():
    two = (person(1), Person("1", Role.STUDENT, "02", "Anna", "Bakker"))
    with pytest.raises(Rejected) as caught:
        whole_list(lambda offset: PeoplePage(two, 2, 0, None, frozenset()), role=Role.STUDENT, limit=500)
    assert caught.value.facts["why"] == "one_id_twice"


def test_a_failing_page_fails_the_list():
    def page(offset):
        if offset:
            raise Unreachable("http.half_answer", service="webuntis")
        return Server([1, 2]).page(0, 2)

    with pytest.raises(Unreachable):
        whole_list(page, role=Role.STUDENT, limit=2)


def test_a_list_that_repeats_itself_for_ever_ends_as_an_error():
    calls = []

    def page(offset):
        calls.append(offset)
        return PeoplePage((person(len(calls) % 2),), 1, 0, None, frozenset())

    with pytest.raises(Rejected) as caught:
        whole_list(page, role=Role.STUDENT, limit=500)
    assert caught.value.facts["why"] == "no_end"
    assert len(calls) < 40
