"""All documents of a collection, however many there are."""

from collections.abc import Iterator, Sequence

from shared.ports import Document, Store, Where

PAGE = 300


def documents(
    store: Store, collection: str, *, where: Sequence[Where] = (), order: str = "", page: int = PAGE
) -> Iterator[Document]:
    """Read a `page` at a time, as they are wanted; in the order of their ids when none is given. Raises as `query`."""
    cursor = None
    while True:
        found = store.query(collection, where=where, order=order, limit=page, cursor=cursor)
        yield from found.documents
        cursor = found.cursor
        if cursor is None:
            return
