"""What every Store promises about single documents, and commits, alone and under competition."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from shared.errors import Conflict, Invalid
from shared.ports import ABSENT, Store, Write
from tests.contracts.stores import add_one, open_store, together

ROOT = Path(__file__).parents[2]
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
AMSTERDAM_WINTER = timezone(timedelta(hours=1))

ODD_VALUES = {
    "empty text": "",
    "leading zeros": "067",
    "text that looks like a number": "1e3",
    "accents": "Zoë Özdemir-Şahin",
    "other scripts and an emoji": "渡辺 👩‍🏫 \u200fأحمد",
    "line break, tab and NUL": "a\r\n\tb\0c",
    "largest integer": 2**63 - 1,
    "smallest integer": -(2**63),
    "an integer no float holds": 2**53 + 1,
    "a whole float": 5.0,
    "tiny float": 5e-324,
    "huge float": 1.7976931348623157e308,
    "true": True,
    "nothing": None,
    "bytes": bytes(range(256)),
    "no bytes": b"",
    "a microsecond": datetime(2026, 3, 29, 1, 59, 59, 999_999, tzinfo=UTC),
    "before 1970": datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
    "the first year": datetime(1, 1, 1, tzinfo=UTC),
    "the last year": datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "empty list": [],
    "empty map": {},
    "map in list in map": {"a": [{"b": [1, "x", None, {"c": {}}]}]},
    "keys that need quoting": {"a.b": 1, "met spatie": 2, "`": 3, "é": 4, "0": 5},
}


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
def test_an_odd_value_comes_back_as_it_was(store: Store, value: object) -> None:
    store.commit([Write("odd/one", {"value": value})])
    found = store.get("odd/one")
    assert found
    assert found.data == {"value": value}
    assert type(found.data["value"]) is type(value)


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    store.commit([Write("odd/time", {"at": datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM_WINTER)})])
    found = store.get("odd/time")
    assert found
    assert found.data["at"] == EIGHT
    assert found.data["at"].utcoffset() == timedelta(0)


def test_a_document_without_fields_is_there(store: Store) -> None:
    store.commit([Write("schools/leeg", {})])
    found = store.get("schools/leeg")
    assert found
    assert (found.path, found.id, found.data) == ("schools/leeg", "leeg", {})


def test_what_was_never_written_is_not_there(store: Store) -> None:
    store.commit([Write("schools/demo/runs/1", {"x": 1})])
    assert store.get("schools/demo") is None
    assert store.get_many([]) == {}


def test_many_documents_are_read_at_once_and_missing_ones_left_out(store: Store) -> None:
    store.commit([Write(f"schools/demo/links/{n}", {"n": n}) for n in range(3)])
    paths = ["schools/demo/links/2", "schools/demo/links/9", "schools/demo/links/0", "schools/demo/links/2"]
    assert {path: found.data["n"] for path, found in store.get_many(paths).items()} == {paths[0]: 2, paths[2]: 0}


def test_a_write_is_read_at_once_through_another_connection(store: Store, store_at: str) -> None:
    other = open_store(store_at)
    for n in range(20):
        [version] = store.commit([Write("schools/demo", {"n": n})])
        found = other.get("schools/demo")
        assert found
        assert (found.data["n"], found.version) == (n, version)


def test_a_write_replaces_the_whole_document(store: Store) -> None:
    store.commit([Write("schools/demo", {"name": "Demo", "old": True})])
    store.commit([Write("schools/demo", {"name": "Demo"})])
    found = store.get("schools/demo")
    assert found
    assert found.data == {"name": "Demo"}


def test_every_change_has_a_version_of_its_own(store: Store) -> None:
    versions = [store.commit([Write("schools/demo", {"n": n})])[0] for n in range(50)]
    assert len(set(versions)) == 50


def test_a_document_made_anew_has_a_new_version(store: Store) -> None:
    [first] = store.commit([Write("schools/demo", {"n": 1})])
    assert store.commit([Write("schools/demo", None)]) == ("",)
    [second] = store.commit([Write("schools/demo", {"n": 1})])
    assert first != second
    with pytest.raises(Conflict):
        store.commit([Write("schools/demo", {"n": 2}, expect=first)])


def test_a_write_that_changes_nothing_keeps_the_version(store: Store) -> None:
    [first] = store.commit([Write("schools/demo", {"a": 1, "b": [2]})])
    [second] = store.commit([Write("schools/demo", {"b": [2], "a": 1}, expect=first)])
    assert first == second


def test_deleting_what_is_not_there_is_harmless(store: Store) -> None:
    assert store.commit([Write("schools/weg", None), Write("schools/ook", None, expect=ABSENT)]) == ("", "")


STALE = {
    "it should be absent and is there": ("schools/demo", {"n": 2}, ABSENT),
    "it should be absent to be deleted": ("schools/demo", None, ABSENT),
    "the version is an old one": ("schools/demo", {"n": 2}, "old"),
    "the version is an old one and it is deleted": ("schools/demo", None, "old"),
    "the version is nobody's": ("schools/demo", {"n": 2}, '"x"; drop'),
    "a version is expected and it is gone": ("schools/weg", {"n": 2}, "old"),
}


@pytest.mark.parametrize(("path", "data", "expect"), STALE.values(), ids=STALE)
def test_one_failing_expectation_changes_nothing_at_all(
    store: Store, path: str, data: dict[str, int] | None, expect: str
) -> None:
    [old] = store.commit([Write("schools/demo", {"n": 0})])
    store.commit([Write("schools/demo", {"n": 1})])
    writes = [
        Write("schools/new", {"n": 1}, expect=ABSENT),
        Write(path, data, expect=old if expect == "old" else expect),
        Write("schools/other", {"n": 1}),
    ]
    with pytest.raises(Conflict) as caught:
        store.commit(writes)
    assert caught.value.code == "store.conflict"
    found = store.get_many(["schools/demo", "schools/new", "schools/other"])
    assert {path: document.data for path, document in found.items()} == {"schools/demo": {"n": 1}}


def test_versions_are_returned_in_the_order_of_the_writes(store: Store) -> None:
    store.commit([Write("schools/b", {"n": 1})])
    versions = store.commit([Write("schools/c", {"n": 1}), Write("schools/b", None), Write("schools/a", {"n": 1})])
    found = store.get_many(["schools/a", "schools/c"])
    assert versions == (found["schools/c"].version, "", found["schools/a"].version)


def test_of_eight_threads_that_make_the_same_document_one_wins(store: Store) -> None:
    def make(number: int) -> bool:
        try:
            store.commit([Write("runs/tick", {"by": number}, expect=ABSENT)])
        except Conflict:
            return False
        return True

    won = together(8, make)
    found = store.get("runs/tick")
    assert found
    assert won.count(True) == 1
    assert found.data["by"] == won.index(True)


def test_no_update_is_lost_between_threads(store: Store) -> None:
    together(4, lambda _: [add_one(store, "counters/shared") for _ in range(10)])
    found = store.get("counters/shared")
    assert found
    assert found.data["count"] == 40


def test_no_update_is_lost_between_processes_that_start_at_once(store_at: str) -> None:
    writers = [_process(store_at, "count", 10) for _ in range(4)]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    found = open_store(store_at).get("counters/shared")
    assert found
    assert found.data["count"] == 40


def test_a_writer_that_is_killed_leaves_no_half_commit(store: Store, store_at: str) -> None:
    writer = _process(store_at, "pairs", 1_000_000)
    assert writer.stdin
    assert writer.stdout
    writer.stdin.write(b"go\n")
    writer.stdin.flush()
    writer.stdout.read(30)  # thirty commits on their way
    writer.kill()
    writer.wait(10)
    left, right = store.get_many(["pairs/left", "pairs/right"]).values()
    assert left.data == right.data
    store.commit([Write("pairs/left", {"n": -1}, expect=left.version)])  # and nothing stays locked


def _process(store_at: str, task: str, times: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.contracts.stores", store_at, task, str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_writing_five_thousand_documents_twice_leaves_the_same(store: Store) -> None:
    writes = [
        Write(f"schools/demo/links/{n:05}", {"state": "linked", "key": str(n), "rule": "exact", "by": "auto", "n": n})
        for n in range(5_000)
    ]
    store.write_many(writes)
    once = _versions(store)
    store.write_many(writes)
    assert len(once) == 5_000
    assert _versions(store) == once


def _versions(store: Store) -> dict[str, str]:
    page = store.query("schools/demo/links", limit=10_000)
    return {document.id: document.version for document in page.documents}


def test_of_several_writes_to_one_document_the_last_counts(store: Store) -> None:
    store.write_many([Write("schools/demo", {"n": n}) for n in range(1_200)])
    found = store.get("schools/demo")
    assert found
    assert found.data == {"n": 1_199}


def test_write_many_also_deletes(store: Store) -> None:
    store.write_many([Write(f"links/{n}", {"n": n}) for n in range(600)])
    store.write_many([Write(f"links/{n}", None) for n in range(1, 600)])
    assert [document.id for document in store.query("links").documents] == ["0"]


def test_write_many_takes_no_conditions(store: Store) -> None:
    with pytest.raises(Invalid):
        store.write_many([Write("links/a", {}, expect=ABSENT)])
