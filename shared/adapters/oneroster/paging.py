"""Walks a paged OneRoster list to its proven end, or fails: by its `Link rel=next`, else by counting what came.

What a server says about the size of its pages is not believed: it may send fewer than asked, count from elsewhere, or
point back to where we came from.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from shared.adapters.oneroster.refusal import SERVICE
from shared.gradebook_port import SisRejected
from shared.values import dataclass

MOST_PAGES = 1000
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_NEXT = re.compile(r""";\s*rel\s*=\s*["']?[^"';,]*\bnext\b""", re.IGNORECASE)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, where it says the next one is ("" nowhere), and how many rows it says there are in all."""

    rows: list[Row]
    next: str
    total: int | None


def next_page(link: str, url: str) -> str:
    """The absolute address of `rel=next` in a Link header of the answer to `url`; "" for none or another origin."""
    for target, params in _LINK.findall(link):
        if _NEXT.search(params):
            found = urljoin(url, target)
            # A signature or token never goes to another place than the connection's, not even from https to http.
            return found if urlsplit(found)[:2] == urlsplit(url)[:2] else ""
    return ""


def stated_total(header: str) -> int | None:
    """X-Total-Count as a number, None when it is none."""
    text = header.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def whole_list(
    fetch: Callable[[str], Page], address: Callable[[int], str], *, what: str, limit: int, filtered: bool = False
) -> list[Row]:
    """Every row once by its sourcedId, in the order they came. `address` gives the URL of the page at an offset.

    The total of a `filtered` list is not held against it: some servers state that of the whole list. Raises SisRejected
    oneroster.list_incomplete.
    """

    def incomplete(why: str) -> SisRejected:
        return SisRejected("oneroster.list_incomplete", service=SERVICE, what=what, why=why, rows=len(found))

    found: dict[str, Row] = {}
    nameless = received = total = 0
    seen: set[str] = set()
    url = address(0)
    linked = False
    while True:
        if url in seen or len(seen) >= MOST_PAGES:
            raise incomplete("no_end")
        seen.add(url)
        page = fetch(url)
        total = max(total, page.total or 0)
        before = len(found)
        for row in page.rows:
            id = row_id(row)
            nameless += not id
            if id:
                found.setdefault(id, row)
        received += len(page.rows)
        linked = linked or bool(page.next)
        # Some servers state the size of the page as the total: a link to a next page is the better witness.
        counted = page.total is not None and received >= page.total
        if not page.rows or (not page.next and (linked or counted)):
            break
        # The rows we had once more: a server that ignores offsets. All it has, unless it filled the page or pointed on.
        if received > len(page.rows) and len(found) == before and not nameless:
            if len(page.rows) >= limit or linked:
                raise incomplete("offset_ignored")
            break
        url = page.next or address(received)
    if len(found) + nameless < total and not filtered:
        raise incomplete("fewer_than_total")
    return list(found.values())


def row_id(row: Row) -> str:
    """The sourcedId of a row, "" when it has none that can be used."""
    id = row.get("sourcedId")
    return str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""
