"""Walks a paged list to its proven end, or fails: never a part of a list that looks like all of it.

The vendor's documents leave open whether offsets count from 0 or from 1, and how large a page may be. A step is
therefore as long as the page that came, never as long as the one asked for. Counted from 0 that lands right behind it;
counted from 1 it lands on its last row, seen twice but never skipped. Only an empty page proves the end.
"""

from collections.abc import Callable

from shared.adapters.webuntis.wire import LIST, PeoplePage
from shared.domain.people import Person, Role
from shared.errors import Rejected

MOST_ROWS = 100_000  # no school; a server that never ends
BEYOND = 1_000_000  # an offset no list reaches
MOST_STALE = 10  # pages with nobody new


def whole_list(page_at: Callable[[int], PeoplePage], *, role: Role, limit: int) -> tuple[Person, ...]:
    """Everybody once, by id, in the order they came. `page_at` fetches the page at an offset and may raise.

    Raises Rejected "webuntis.list_incomplete": a row that cannot be read (without it a namesake would look like the
    only one), one id with two faces, fewer people than the total that was stated, or an end that cannot be proven.
    """

    def incomplete(why: str) -> Rejected:
        return Rejected("webuntis.list_incomplete", service="webuntis", list=LIST[role], why=why, people=len(found))

    found: dict[str, Person] = {}
    offset = 0
    stale = 0
    largest_total = 0
    first: PeoplePage | None = None
    while True:
        page = page_at(offset)
        if page.unusable:
            raise incomplete("unusable_rows")
        largest_total = max(largest_total, page.total or 0)
        if not page.received:
            break
        before = len(found)
        for person in page.people:
            if found.setdefault(person.id, person) != person:
                raise incomplete("one_id_twice")
        first = first or page
        # The very first page again: a server that knows no offsets? If it also has people where nobody can be, it
        # is, and what it gives is all it has; unless it filled the page, for then it may have more.
        if offset and len(found) == before and page.people == first.people and _no_offsets(page_at, first):
            if page.received == limit:
                raise incomplete("offset_ignored")
            break
        offset += page.received
        stale += len(found) == before
        if offset > MOST_ROWS or stale > MOST_STALE:
            raise incomplete("no_end")
    if len(found) < largest_total:
        raise incomplete("fewer_than_total")
    return tuple(found.values())


def _no_offsets(page_at: Callable[[int], PeoplePage], first: PeoplePage) -> bool:
    return page_at(BEYOND).people == first.people
