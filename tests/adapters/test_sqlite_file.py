"""The SQLite store's file: private, safe to open together, and an honest error when it cannot be used."""

import sqlite3
import stat
from pathlib import Path

import pytest

from shared.adapters.sqlite import SqliteStore
from shared.errors import Misconfigured, Unreachable
from shared.ports import Write
from tests.contracts.stores import together


def test_only_the_owner_may_read_the_file_and_what_lies_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "store.db"
    store = SqliteStore(file)
    store.commit([Write("schools/demo", {"name": "Demo"})])
    assert sorted(path.name for path in file.parent.iterdir()) == ["store.db", "store.db-shm", "store.db-wal"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}


def test_a_file_that_was_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch(0o644)
    SqliteStore(file).get("schools/demo")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_made_before_first_use(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "store.db")
    assert list(tmp_path.iterdir()) == []


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    together(12, lambda n: SqliteStore(file).commit([Write(f"schools/{n}", {})]))
    assert len(SqliteStore(file).query("schools").documents) == 12


def test_what_was_written_is_there_after_closing(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    [version] = store.commit([Write("schools/demo", {"name": "Demo"})])
    store.close()
    store.close()
    found = SqliteStore(tmp_path / "store.db").get("schools/demo")
    assert found
    assert (found.data, found.version) == ({"name": "Demo"}, version)
    assert store.get("schools/demo") == found


def test_a_folder_that_is_none_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable):
        SqliteStore(tmp_path / "file" / "store.db").get("schools/demo")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(b"met vriendelijke groet " * 1_000)
    with pytest.raises(Misconfigured):
        SqliteStore(file).get("schools/demo")
    assert file.read_bytes().startswith(b"met vriendelijke groet")


def test_a_database_locked_for_too_long_is_unreachable_and_works_again_after(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = SqliteStore(file, busy_seconds=0.2)
    store.commit([Write("schools/demo", {"n": 1})])
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unreachable):
        store.commit([Write("schools/demo", {"n": 2})])
    assert store.get("schools/demo")  # readers never wait
    other.execute("ROLLBACK")
    store.commit([Write("schools/demo", {"n": 3})])
    other.close()
