"""Opens a store from one line of text, so that other processes can open the same; run as a module it is a writer."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from shared.adapters.indexes import Exempt, Index
from shared.adapters.sqlite import SqliteStore
from shared.errors import Conflict
from shared.ports import ABSENT, Store, Write

T = TypeVar("T")

# Queries on "things" may filter by kind and order by rank, both ways; "blob" is kept out of the indexes.
INDEXES = tuple(Index("things", frozenset({"kind"}), "rank", descending) for descending in (False, True))
EXEMPT = (Exempt("things", "blob"),)


def open_store(at: str) -> Store:
    """ "sqlite FILE" or "firestore HOST:PORT PROJECT"."""
    kind, *where = at.split(" ")
    if kind == "sqlite":
        return SqliteStore(Path(where[0]), indexes=INDEXES, exempt=EXEMPT)
    from shared.adapters.firestore import FirestoreStore  # a second of CPU that the processes on SQLite do not pay

    return FirestoreStore(where[1], emulator=where[0], deadline=60, indexes=INDEXES, exempt=EXEMPT)


def together(count: int, work: Callable[[int], T]) -> list[T]:
    """The results of `count` threads that all start at the same moment."""
    gate = threading.Barrier(count)

    def one(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def add_one(store: Store, path: str) -> None:
    """Count one up, whoever else is counting."""
    while True:
        found = store.get(path)
        count = found.data["count"] if found else 0
        try:
            store.commit([Write(path, {"count": count + 1}, expect=found.version if found else ABSENT)])
            return
        except Conflict:
            continue


def main(at: str, task: str, times: int) -> None:
    store = open_store(at)
    sys.stdin.readline()  # the start signal
    match task:
        case "count":
            for _ in range(times):
                add_one(store, "counters/shared")
        case "pairs":
            for n in range(times):
                store.commit([Write("pairs/left", {"n": n}), Write("pairs/right", {"n": n})])
                sys.stdout.write(".")
                sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
