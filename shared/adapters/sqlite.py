"""The Store in one SQLite file, readable by its owner only, safe under several threads and processes.

Values are kept as MessagePack, which has all of ours (bytes, instants, 64-bit integers) and needs no tags. Order and
filters follow Firestore: types before values, texts by code point, integers and floats by value, a missing field never.
"""

import heapq
import itertools
import json
import operator
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from shared.adapters.document import Checked, check_commit, check_path, chunks
from shared.adapters.indexes import EXEMPT, INDEXES, Exempt, Index
from shared.adapters.query import MISSING, Declared, Query, find, prepare
from shared.errors import Conflict, Misconfigured, Unreachable
from shared.ports import ABSENT, ANY, Document, Page, Store, Where, Write

BUSY_SECONDS = 10.0  # how long one writer waits for another

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  path TEXT PRIMARY KEY, collection TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS by_collection ON documents (collection, id);
CREATE TABLE IF NOT EXISTS clock (version INTEGER NOT NULL);
INSERT INTO clock SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM clock);
"""
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class SqliteStore(Store):
    """Documents in `file`, made (with its folder) on first use. One connection, one thread at a time; not for forks."""

    def __init__(
        self,
        file: Path,
        *,
        busy_seconds: float = BUSY_SECONDS,
        indexes: Sequence[Index] = INDEXES,
        exempt: Sequence[Exempt] = EXEMPT,
    ) -> None:
        self._file = file
        self._busy_seconds = busy_seconds
        self._declared = Declared(indexes, exempt)
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None

    def get_many(self, paths: Sequence[str]) -> dict[str, Document]:
        for path in paths:
            check_path(path)
        with self._connection() as db:
            rows = db.execute(
                "SELECT path, data, version FROM documents WHERE path IN (SELECT value FROM json_each(?))",
                [json.dumps(list(paths))],
            )
            return {row[0]: _document(row) for row in rows}

    def query(
        self,
        collection: str,
        *,
        where: Sequence[Where] = (),
        order: str = "",
        descending: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        query = prepare(
            collection,
            where=where,
            order=order,
            descending=descending,
            limit=limit,
            cursor=cursor,
            declared=self._declared,
        )
        with self._connection() as db:
            return query.page(_by_order(db, query) if order else _by_id(db, query))

    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        checked = check_commit(writes, self._declared.exempt)
        with self._transaction() as (db, version):
            return tuple([_apply(db, write, version) for write in checked])

    def write_many(self, writes: Sequence[Write]) -> None:
        for chunk in chunks(writes, self._declared.exempt):
            with self._transaction() as (db, version):
                for write in chunk:
                    _apply(db, write, version)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @contextmanager
    def _transaction(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """The connection, alone in writing, and the version that this transaction's writes get (never used before)."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                db.execute("UPDATE clock SET version = version + 1")
                [version] = db.execute("SELECT version FROM clock").fetchone()
                yield db, version
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                if self._opened is None:
                    self._opened = _open(self._file, self._busy_seconds)
                yield self._opened
        except (sqlite3.OperationalError, OSError) as err:  # locked for too long, disk full, no such folder
            raise Unreachable("store.unreachable", service="store") from err
        except sqlite3.DatabaseError as err:  # not a database, or a damaged one
            raise Misconfigured("store.missing") from err


def _open(file: Path, busy_seconds: float) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)  # SQLite gives its -wal and -shm files the same
    db = sqlite3.connect(file, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        _retried(db, "PRAGMA journal_mode = WAL", busy_seconds)
        # WAL with NORMAL never damages the file; only a power cut may take back the last commits.
        db.execute("PRAGMA synchronous = NORMAL")
        _retried(db, f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT", busy_seconds)
    except BaseException:
        db.close()
        raise
    return db


def _retried(db: sqlite3.Connection, script: str, busy_seconds: float) -> None:
    """Run it, waiting for others: SQLite does not wait by itself while a file changes to WAL."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            db.executescript(script)
            return
        except sqlite3.OperationalError:
            if db.in_transaction:
                db.execute("ROLLBACK")
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _apply(db: sqlite3.Connection, write: Checked, version: int) -> str:
    """Carry out one write and tell its version. As in Firestore, a write that changes nothing keeps the old one."""
    found = db.execute("SELECT version, data FROM documents WHERE path = ?", [write.path]).fetchone()
    if write.expect != ANY and write.expect != (ABSENT if found is None else str(found[0])):
        raise Conflict("store.conflict")
    if write.data is None:
        db.execute("DELETE FROM documents WHERE path = ?", [write.path])
        return ""
    data = msgspec.msgpack.encode(write.data, order="deterministic")
    if found is not None and data == found[1]:
        return str(found[0])
    collection, _, id_ = write.path.rpartition("/")
    db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)", [write.path, collection, id_, version, data])
    return str(version)


def _by_id(db: sqlite3.Connection, query: Query) -> list[Document]:
    rows = db.execute(
        "SELECT path, data, version FROM documents WHERE collection = ? AND id > ? ORDER BY id",
        [query.collection, query.start.id if query.start else ""],
    )
    return list(itertools.islice(filter(_passes(query), map(_document, rows)), query.limit + 1))


def _by_order(db: sqlite3.Connection, query: Query) -> list[Document]:
    """Reads the whole collection: what a school has locally fits in a blink (5,000 documents: 40 ms)."""
    rows = db.execute("SELECT path, data, version FROM documents WHERE collection = ?", [query.collection])
    passes = _passes(query)
    start = (_rank(query.start.value), query.start.id) if query.start else None
    found: list[tuple[tuple[Any, str], Document]] = []
    for document in map(_document, rows):
        value = find(document.data, query.order)
        if value is MISSING or not passes(document):
            continue
        place = (_rank(value), document.id)
        if start is None or (place < start if query.descending else place > start):
            found.append((place, document))
    first = heapq.nlargest if query.descending else heapq.nsmallest
    return [document for _, document in first(query.limit + 1, found, key=operator.itemgetter(0))]


def _passes(query: Query) -> Callable[[Document], bool]:
    tests = [
        (each.field, _one_of if each.op == "in" else _OPERATORS[each.op], _wanted(each.value)) for each in query.where
    ]

    def passes(document: Document) -> bool:
        for field, test, wanted in tests:
            value = find(document.data, field)
            if value is MISSING:
                return False
            rank = _rank(value)
            # Firestore compares within one type only: 5 is not below "a".
            if not test(rank, wanted) or (test is not _one_of and rank[0] != wanted[0]):
                return False
        return True

    return passes


def _one_of(rank: Any, wanted: Any) -> bool:
    return rank in wanted


def _wanted(value: Any) -> Any:
    return [_rank(each) for each in value] if isinstance(value, list) else _rank(value)


def _rank(value: Any) -> tuple[int, Any]:
    """A value as a tuple that sorts where Firestore sorts the value."""
    match value:
        case None:
            return 0, 0
        case bool():
            return 1, value
        case int() | float():
            return 2, value
        case datetime():
            return 3, value
        case str():
            return 4, value
        case bytes():
            return 5, value
        case list():
            return 6, [_rank(item) for item in value]
        case _:
            return 7, sorted((name, _rank(item)) for name, item in value.items())


def _document(row: tuple[str, bytes, int]) -> Document:
    return Document(row[0], msgspec.msgpack.decode(row[1]), str(row[2]))
