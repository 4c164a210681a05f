"""Where a server keeps its categories: by class, by a filter, or in one list for all; what worked is tried first.

1.1 has no route by class, yet Google asks for it and servers have it; Aspen filters on `metadata.classId`, and in
places wants the value without the quotes of the standard.
"""

from collections.abc import Callable

from shared.adapters.oneroster import wire
from shared.adapters.oneroster.paging import Row
from shared.errors import NotAuthorized
from shared.gradebook_port import SisRejected

# url, endpoint, filter → living rows
Lister = Callable[[str, str, str], list[Row]]
_SKIPS = frozenset(
    {"oneroster.not_there", "oneroster.not_supported", "oneroster.refused", "oneroster.unexpected_shape"}
)


class CategoryRoutes:
    """Remembers the route that gave something. Safe under threads: at worst two find it out."""

    def __init__(self, rows_at: Lister) -> None:
        self._rows_at = rows_at
        self._known: int | None = None

    def rows(self, class_id: str, *, of_class: str, every: str) -> list[Row]:
        """The categories an item of this class may have. Raises the last refusal if no route is open."""
        routes = (
            lambda: self._rows_at(of_class, "categories", ""),
            lambda: self._filtered(every, class_id, "'"),
            lambda: self._filtered(every, class_id, ""),
            lambda: _not_of_others(self._rows_at(every, "categories", ""), class_id),
        )
        order = sorted(range(len(routes)), key=lambda number: number != self._known)
        refused: SisRejected | NotAuthorized | None = None
        answered = False
        for number in order:
            try:
                rows = routes[number]()
            except (SisRejected, NotAuthorized) as err:
                if isinstance(err, NotAuthorized) and err.code != "oneroster.right_missing":
                    raise
                if isinstance(err, SisRejected) and err.code not in _SKIPS:
                    raise
                refused = err
                continue
            answered = True
            if rows:
                self._known = number
                return rows
        if refused and not answered:
            raise refused
        return []

    def _filtered(self, every: str, class_id: str, quote: str) -> list[Row]:
        """Only rows that say themselves that they are of this class: a filter may be ignored."""
        if "'" in class_id:
            return []
        rows = self._rows_at(every, "categories", f"metadata.classId={quote}{class_id}{quote}")
        return [row for row in rows if wire.of_class(row) == class_id]


def _not_of_others(rows: list[Row], class_id: str) -> list[Row]:
    return [row for row in rows if wire.of_class(row) in ("", class_id)]
