"""Both stores, each test in a database of its own."""

import uuid
from pathlib import Path

import pytest

from shared.ports import Store
from tests.contracts.stores import open_store


@pytest.fixture(params=["sqlite", "firestore"])
def store_at(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty database is, for `open_store`: here or in another process."""
    if request.param == "sqlite":
        return f"sqlite {tmp_path / 'store.db'}"
    host = request.getfixturevalue("firestore_host")
    return f"firestore {host} test-{uuid.uuid4().hex[:12]}"  # the emulator makes projects as they are named


@pytest.fixture
def store(store_at: str) -> Store:
    return open_store(store_at)
