"""What an instance read just now it need not read again, and nobody is shown it for longer than that."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from shared.adapters.sqlite import SqliteStore
from shared.flows.recent import Recent
from shared.ports import Write
from tests.counting_store import CountingStore

LONG, SHORT, NOT = timedelta(hours=1), timedelta(milliseconds=20), timedelta(0)
SCHOOL, SUBJECTS, LINK = "schools/molenrijn", "schools/molenrijn/timetable/subjects", "schools/molenrijn/links/u-1"


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    kept = CountingStore(SqliteStore(tmp_path / "store.db"))
    kept.commit([Write(SCHOOL, {"name": "Molenrijn"}), Write(LINK, {"key": "00067"})])
    return kept


def test_what_was_read_just_now_is_not_read_again(store):
    recent = Recent()
    first = recent.get_many(store, [SCHOOL], LONG)
    assert recent.get_many(store, [SCHOOL], LONG) == first == store.inner.get_many([SCHOOL])
    assert store.read == 1


def test_somebody_else_of_the_school_costs_one_document_his_own(store):
    recent = Recent()
    recent.get_many(store, [SCHOOL, SUBJECTS, LINK], LONG)
    other = recent.get_many(store, [SCHOOL, SUBJECTS, "schools/molenrijn/links/u-2"], LONG)
    assert set(other) == {SCHOOL}
    assert store.read == 4


def test_that_a_document_is_not_there_is_remembered_too(store):
    recent = Recent()
    assert recent.get_many(store, [SUBJECTS], LONG) == recent.get_many(store, [SUBJECTS], LONG) == {}
    assert store.read == 1


def test_after_the_time_it_is_read_again(store):
    recent = Recent()
    recent.get_many(store, [LINK], SHORT)
    store.commit([Write(LINK, {"key": "00068"})])
    time.sleep(0.03)
    assert recent.get_many(store, [LINK], SHORT)[LINK].data["key"] == "00068"


def test_reading_it_again_and_again_does_not_make_it_last_longer(store):
    recent = Recent()
    recent.get_many(store, [LINK], timedelta(milliseconds=60))
    store.commit([Write(LINK, {"key": "00068"})])
    until = time.monotonic() + 5
    while recent.get_many(store, [LINK], timedelta(milliseconds=60))[LINK].data["key"] == "00067":
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_written_document_is_forgotten(store):
    recent = Recent()
    recent.get_many(store, [LINK], LONG)
    store.commit([Write(LINK, {"key": "00068"})])
    recent.forget(LINK)
    assert recent.get_many(store, [LINK], LONG)[LINK].data["key"] == "00068"


def test_with_no_time_at_all_everything_is_read(store):
    recent = Recent()
    recent.get_many(store, [LINK], LONG)
    store.commit([Write(LINK, {"key": "00068"})])
    assert recent.get_many(store, [LINK], NOT)[LINK].data["key"] == "00068"


def test_only_so_many_are_kept_the_latest(store):
    recent = Recent(most=2)
    for path in (SCHOOL, SUBJECTS, LINK):
        recent.get_many(store, [path], LONG)
    store.read = 0
    recent.get_many(store, [SUBJECTS, LINK], LONG)
    assert store.read == 0
    recent.get_many(store, [SCHOOL], LONG)
    assert store.read == 1


def test_what_is_made_of_documents_is_made_once_until_one_of_them_is_read_again(store):
    recent, made = Recent(), []

    def name():
        found = recent.get_many(store, [SCHOOL, SUBJECTS], LONG)
        documents = [found.get(SCHOOL), found.get(SUBJECTS)]
        return recent.made(("name", SCHOOL), documents, lambda: made.append(1) or documents[0].data["name"])

    assert (name(), name(), len(made)) == ("Molenrijn", "Molenrijn", 1)
    recent.forget(SCHOOL)
    store.commit([Write(SCHOOL, {"name": "De Molenrijn"})])
    assert (name(), name(), len(made)) == ("De Molenrijn", "De Molenrijn", 2)
    store.commit([Write(SUBJECTS, {"items": []})])
    recent.forget(SUBJECTS)  # that there were none
    assert (name(), len(made)) == ("De Molenrijn", 3)


def test_nothing_is_made_of_what_could_not_be_made(store):
    recent = Recent()
    document = recent.get_many(store, [SCHOOL], LONG)[SCHOOL]
    with pytest.raises(KeyError):
        recent.made(("zone", SCHOOL), [document], lambda: document.data["zone"])
    assert recent.made(("zone", SCHOOL), [document], lambda: "Europe/Amsterdam") == "Europe/Amsterdam"
