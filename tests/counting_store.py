"""A store that counts the documents it reads and writes, and can stop the process after so many commits."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.ports import Document, Page, Store, Write


class CountingStore(Store):
    """Passes everything on to `inner`. `before_write` is called before every commit and write_many."""

    def __init__(self, inner: Store, before_write: Callable[[], None] = lambda: None) -> None:
        self.inner = inner
        self.before_write = before_write
        self.read = 0
        self.written = 0

    def get_many(self, paths: Sequence[str]) -> dict[str, Document]:
        self.read += len(paths)
        return self.inner.get_many(paths)

    def query(self, collection: str, **how: Any) -> Page:
        page = self.inner.query(collection, **how)
        self.read += len(page.documents)
        return page

    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        self.before_write()
        self.written += len(writes)
        return self.inner.commit(writes)

    def write_many(self, writes: Sequence[Write]) -> None:
        self.before_write()
        self.written += len(writes)
        self.inner.write_many(writes)
