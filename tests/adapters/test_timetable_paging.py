"""A paged timetable is walked to its proven end, however the server pages; a walk that was disturbed starts over."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.webuntis.timetable_paging import MOST_ROWS, TRIES, read_through
from shared.adapters.webuntis.timetable_wire import TimetablePage
from shared.errors import Rejected


def page(rows: list[str]) -> TimetablePage:
    return TimetablePage(tuple(rows), (), {}, (), {}, Counter(), None, "", 0)


def pages_of(rows: list[str], size: int) -> Callable[[int], TimetablePage]:
    """As specified: rows are counted from 1, and 0 is from the first."""
    return lambda offset: page(rows[max(offset - 1, 0) :][:size])


def walked(page_at: Callable[[int], TimetablePage]) -> list[str]:
    first, *others = read_through(page_at)
    return [*first.rows, *(row for each in others for row in each.rows[1:])]


def why(page_at: Callable[[int], TimetablePage]) -> str:
    with pytest.raises(Rejected) as caught:
        read_through(page_at)
    assert caught.value.code == "webuntis.list_incomplete"
    return str(caught.value.facts["why"])


def numbered(count: int) -> list[str]:
    return [str(n) for n in range(count)]


@given(st.integers(0, 60), st.integers(2, 70))
def test_every_row_comes_once_and_in_order_whatever_the_size_of_a_page(count: int, size: int) -> None:
    rows = numbered(count)
    assert walked(pages_of(rows, size)) == rows


@given(st.data())
def test_one_row_put_in_or_taken_out_on_the_way_is_noticed_or_lies_behind(data: st.DataObject) -> None:
    rows, size = numbered(data.draw(st.integers(1, 30))), data.draw(st.integers(2, 12))
    asked = data.draw(st.integers(2, 8))
    at = data.draw(st.integers(0, len(rows) - 1))
    changed = data.draw(st.sampled_from([[*rows[:at], *rows[at + 1 :]], [*rows[:at], "new", *rows[at:]]]))
    calls = 0

    def page_at(offset: int) -> TimetablePage:
        nonlocal calls
        calls += 1
        return pages_of(rows if calls < asked else changed, size)(offset)

    found = walked(page_at)
    assert found in (rows, changed)


def test_rows_without_an_id_are_rows_too() -> None:
    rows = ["", "1", "", "", "2", ""]
    assert walked(pages_of(rows, 3)) == rows


def test_a_server_without_offsets_is_not_believed() -> None:
    asked: list[int] = []

    def page_at(offset: int) -> TimetablePage:
        asked.append(offset)
        return page(numbered(5))

    assert why(page_at) == "shifting"
    assert asked == [0, 5] * TRIES


def test_a_row_that_comes_back_later_is_not_believed() -> None:
    told = {0: ["1", "2", "3"], 3: ["3", "1"], 4: ["1"]}
    assert why(lambda offset: page(told[offset])) == "shifting"


def test_a_list_that_never_ends_is_left() -> None:
    def page_at(offset: int) -> TimetablePage:
        begin = max(offset - 1, 0)
        return page([str(n) for n in range(begin, begin + 5_000)])

    assert why(page_at) == "no_end"
    assert MOST_ROWS >= 50_000
