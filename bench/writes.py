"""5,000 documents written, and written again, through both stores; on Firestore beside Google's own two ways.

The emulator is one Java process on the same machine: its seconds are its own, the ratios are ours.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from google.cloud import firestore
from google.cloud.firestore_v1.bulk_writer import BulkWriterOptions

from shared.adapters.firestore import FirestoreStore
from shared.adapters.sqlite import SqliteStore
from shared.ports import Store, Write
from tests.emulators import firestore_emulator

SIZE = 5_000
ROUNDS = 5
AT_ONCE = 500  # in one batch of Google's client
UNTHROTTLED = BulkWriterOptions(initial_ops_per_second=100_000, max_ops_per_second=100_000)

Row = dict[str, str | float]


def measure() -> list[Row]:
    """Per way of writing: the median seconds for all documents, and on Firestore ours over it."""
    with tempfile.TemporaryDirectory() as folder:
        rows: list[Row] = [{"store": "sqlite", "s": _median([_ours(SqliteStore(Path(folder) / "data"))])[0]}]
    with firestore_emulator() as emulator:
        os.environ["FIRESTORE_EMULATOR_HOST"] = emulator  # how Google's client is told
        client = firestore.Client(project="bench")
        del os.environ["FIRESTORE_EMULATOR_HOST"]
        ways = {
            "ours": _ours(FirestoreStore("bench", emulator=emulator)),
            "batches of 500": _batches(client),
            "BulkWriter": _bulk(client),
        }
        seconds = dict(zip(ways, _median(list(ways.values())), strict=True))
    rows += [
        {"store": f"firestore emulator, {way}", "s": each, "ours_over_it": round(seconds["ours"] / each, 2)}
        for way, each in seconds.items()
    ]
    return rows


def _median(ways: list[Callable[[], None]]) -> list[float]:
    """Of each, interleaved; the first round makes the documents and is not counted."""
    rounds = [[_seconds(way) for way in ways] for _ in range(ROUNDS + 1)][1:]
    return [round(statistics.median(each), 2) for each in zip(*rounds, strict=True)]


def _seconds(way: Callable[[], None]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def _document(number: int) -> dict[str, str | int]:
    return {"state": "linked", "key": str(number), "rule": "exact", "by": "auto", "n": number}


def _ours(store: Store) -> Callable[[], None]:
    writes = [Write(f"ours/{number:05}", _document(number)) for number in range(SIZE)]
    return lambda: store.write_many(writes)


def _batches(client: firestore.Client) -> Callable[[], None]:
    def write() -> None:
        for start in range(0, SIZE, AT_ONCE):
            batch = client.batch()
            for number in range(start, start + AT_ONCE):
                batch.set(client.document(f"batches/{number:05}"), _document(number))
            batch.commit()

    return write


def _bulk(client: firestore.Client) -> Callable[[], None]:
    def write() -> None:
        writer = client.bulk_writer(UNTHROTTLED)
        for number in range(SIZE):
            writer.set(client.document(f"bulk/{number:05}"), _document(number))
        writer.close()  # type: ignore[no-untyped-call]

    return write
