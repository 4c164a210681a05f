"""Walks a list of Classroom by its page tokens to the end, or fails: half a list is never taken for a whole one."""

from collections.abc import Callable
from typing import Any

from shared.adapters.classroom.place import SERVICE
from shared.errors import Rejected

MOST_PAGES = 1000

Row = dict[str, Any]


def whole_list(fetch: Callable[[str], Any], *, name: str, key: tuple[str, ...]) -> list[Row]:
    """Every row once by its `key` fields, in the order they came. `fetch` gives the page of a token ("": the first).

    A page may have no rows and still be followed by another; without rows its list is left out. Raises Rejected
    classroom.unexpected_shape, .list_incomplete.
    """
    found: dict[tuple[Any, ...], Row] = {}
    seen: set[str] = set()
    token = ""
    while True:
        if token in seen or len(seen) >= MOST_PAGES:
            raise Rejected("classroom.list_incomplete", service=SERVICE, what=name, rows=len(found))
        seen.add(token)
        page = fetch(token)
        rows = page.get(name, []) if isinstance(page, dict) else None
        following = page.get("nextPageToken", "") if isinstance(page, dict) else None
        if not isinstance(rows, list) or not isinstance(following, str):
            raise Rejected("classroom.unexpected_shape", service=SERVICE, what=name)
        for row in rows:
            if not isinstance(row, dict) or not all(isinstance(row.get(part), str) and row[part] for part in key):
                raise Rejected("classroom.unexpected_shape", service=SERVICE, what=name)
            found[tuple(row[part] for part in key)] = row  # the later one: a list may move between two pages
        if not following:
            return list(found.values())
        token = following
