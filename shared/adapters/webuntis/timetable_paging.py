"""Walks a paged timetable to its proven end, or fails: never a part of it that looks like all.

    limit=N&offset=0 → the first rows;  offset=n → from row n on, counted from 1 (specification of v3)

Each page is asked to begin with the last row of the one before. If it does, nothing was put in or taken out in front of
it meanwhile; if it holds that row alone, there is no more. Whether the server honours `limit` does not matter.
"""

from collections.abc import Callable

from shared.adapters.webuntis.timetable_wire import TimetablePage
from shared.errors import Rejected

MOST_ROWS = 100_000  # no school has a tenth of it in a week; a server that never ends
TRIES = 3


def read_through(page_at: Callable[[int], TimetablePage]) -> list[TimetablePage]:
    """All pages, from one uninterrupted walk; `page_at` fetches the page at an offset and may raise.

    Raises Rejected webuntis.list_incomplete when the rows kept shifting, or do not end.
    """
    for _ in range(TRIES):
        pages = _walk(page_at)
        if pages is not None:
            return pages
    raise _incomplete("shifting")


def _walk(page_at: Callable[[int], TimetablePage]) -> list[TimetablePage] | None:
    page = page_at(0)
    pages, rows = [page], list(page.rows)
    while len(page.rows) > (len(pages) > 1):  # something new
        page = page_at(len(rows))
        new = page.rows[1:]
        if page.rows[:1] != (rows[-1],) or (set(new) - {""}) & set(rows):
            return None
        pages.append(page)
        rows += new
        if len(rows) > MOST_ROWS:
            raise _incomplete("no_end")
    return pages


def _incomplete(why: str) -> Rejected:
    return Rejected("webuntis.list_incomplete", service="webuntis", list="timetable", why=why)
