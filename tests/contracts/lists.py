"""What the tests of lists share: one value of each kind, in Firestore's order, and a walk over all pages."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.ports import Document, Store

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

# In the order Firestore keeps; equal neighbours (1 and 1.0) are ordered by id.
ONE_OF_EACH: list[tuple[str, Any]] = [
    ("nothing", None),
    ("no", False),
    ("yes", True),
    ("minus", -5),
    ("minus-half", -0.5),
    ("zero", 0),
    ("one-a", 1),
    ("one-b", 1.0),
    ("one-and-a-half", 1.5),
    ("float-limit", 2.0**53),
    ("beyond-floats", 2**53 + 1),
    ("yesterday", EIGHT - timedelta(days=1)),
    ("a-microsecond-later", EIGHT - timedelta(days=1) + timedelta(microseconds=1)),
    ("empty", ""),
    ("capital", "Z"),
    ("small", "a"),
    ("longer", "aa"),
    ("accent", "é"),
    ("high", "\uffee"),
    ("emoji", "😀"),
    ("bytes", b"a"),
    ("list", [1]),
    ("map", {"a": 1}),
]


def ids(documents: Sequence[Document]) -> list[str]:
    return [document.id for document in documents]


def walk(store: Store, collection: str, **query: Any) -> Iterator[Document]:
    """Every page to the end."""
    cursor = None
    while True:
        page = store.query(collection, cursor=cursor, **query)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return
