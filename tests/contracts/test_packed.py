"""Packed values on every Store: switched as a whole, never read half-written, nothing left behind."""

import random
import threading
from datetime import UTC, datetime

import pytest

from shared.errors import Conflict, Rejected
from shared.flows.packed import commit_packed, pack, read_packed, remove_stale_parts, unpack
from shared.ports import Data, Document, Store, Write

PATH = "schools/demo/directory/student"


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes that do not get smaller."""
    return random.Random(seed).randbytes(size)


VALUES = {
    "nothing": b"",
    "a little": b'{"users": []}',
    "much that packs well": b"leerling " * 500_000,
    "just one document": noise(900 * 1024 - 400),
    "three parts": noise(2_000_000),
}


def part_ids(store: Store) -> list[str]:
    return [part.id for part in store.query(f"{PATH}/parts").documents]


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_value_of_any_size_comes_back_with_the_fields_beside_it(store: Store, value: bytes) -> None:
    commit_packed(store, [pack(PATH, value, {"edition": 1}, replaces=None)])
    found = read_packed(store, PATH)
    assert found
    assert found[0] == value
    assert found[1].data["edition"] == 1


def test_there_is_nothing_before_the_first(store: Store) -> None:
    assert read_packed(store, PATH) is None


def test_who_has_the_head_of_a_small_value_needs_no_second_read(store: Store) -> None:
    commit_packed(store, [pack(PATH, b"klein", {}, replaces=None)])
    head = store.get(PATH)
    assert head
    assert unpack(head) == b"klein"


def test_the_head_of_a_large_value_says_that_it_lies_in_parts(store: Store) -> None:
    commit_packed(store, [pack(PATH, noise(1_000_000), {}, replaces=None)])
    head = store.get(PATH)
    assert head
    assert unpack(head) is None
    assert len(part_ids(store)) == 2


def test_several_values_and_other_documents_switch_together_or_not_at_all(store: Store) -> None:
    other = "schools/demo/directory/teacher"
    [first, second, state] = commit_packed(
        store,
        [pack(PATH, b"1", {}, replaces=None), pack(other, b"1", {}, replaces=None)],
        also=[Write("schools/demo/linking/state", {"done": 1})],
    )
    heads = store.get_many([PATH, other])
    assert (heads[PATH].version, heads[other].version) == (first, second)
    store.commit([Write("schools/demo/linking/state", {"done": 2})])
    with pytest.raises(Conflict):
        commit_packed(
            store,
            [pack(PATH, b"2", {}, replaces=heads[PATH]), pack(other, noise(1_000_000), {}, replaces=heads[other])],
            also=[Write("schools/demo/linking/state", {"done": 3}, expect=state)],
        )
    assert [read_packed(store, path)[0] for path in (PATH, other)] == [b"1", b"1"]  # type: ignore[index]


def test_who_read_an_older_value_does_not_replace_a_newer(store: Store) -> None:
    commit_packed(store, [pack(PATH, b"1", {}, replaces=None)])
    seen = store.get(PATH)
    commit_packed(store, [pack(PATH, b"2", {}, replaces=seen)])
    with pytest.raises(Conflict):
        commit_packed(store, [pack(PATH, b"3", {}, replaces=seen)])
    with pytest.raises(Conflict):
        commit_packed(store, [pack(PATH, b"4", {}, replaces=None)])
    assert read_packed(store, PATH)[0] == b"2"  # type: ignore[index]


@pytest.mark.parametrize("after", [b"klein", noise(1_000_000, seed=2)], ids=["a small one", "a large one"])
def test_the_parts_of_a_replaced_value_are_removed(store: Store, after: bytes) -> None:
    commit_packed(store, [pack(PATH, noise(2_000_000), {}, replaces=None)])
    before = part_ids(store)
    commit_packed(store, [pack(PATH, after, {}, replaces=store.get(PATH))])
    assert not set(before) & set(part_ids(store))
    assert read_packed(store, PATH)[0] == after  # type: ignore[index]


def test_what_a_crashed_writer_left_goes_with_the_next_switch(store: Store) -> None:
    commit_packed(store, [pack(PATH, noise(1_000_000), {}, replaces=None)])
    crashed = pack(PATH, noise(1_000_000, seed=2), {}, replaces=store.get(PATH))
    store.write_many(crashed.parts)
    assert len(part_ids(store)) == 4
    commit_packed(store, [pack(PATH, noise(1_000_000, seed=3), {}, replaces=store.get(PATH))])
    assert len(part_ids(store)) == 2


def test_clearing_away_does_not_touch_what_another_is_about_to_switch_to(store: Store) -> None:
    commit_packed(store, [pack(PATH, noise(1_000_000), {}, replaces=None)])
    coming = pack(PATH, noise(1_000_000, seed=2), {}, replaces=store.get(PATH))
    store.write_many(coming.parts)
    remove_stale_parts(store, PATH)
    store.commit([coming.head])
    assert read_packed(store, PATH)[0] == noise(1_000_000, seed=2)  # type: ignore[index]


def test_going_back_to_an_earlier_value_while_it_is_cleared_away_keeps_it(store: Store) -> None:
    first, second = noise(1_000_000), noise(1_000_000, seed=2)
    commit_packed(store, [pack(PATH, first, {}, replaces=None)])
    slow = pack(PATH, second, {}, replaces=store.get(PATH))
    store.write_many(slow.parts)
    store.commit([slow.head])  # and before it clears away, another goes back to the first value
    back = pack(PATH, first, {}, replaces=store.get(PATH))
    store.write_many(back.parts)
    remove_stale_parts(store, PATH)
    store.commit([back.head])
    assert read_packed(store, PATH)[0] == first  # type: ignore[index]


def test_parts_expire_with_their_head(store: Store) -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    commit_packed(store, [pack(PATH, noise(1_000_000), {"expire_at": at}, replaces=None)])
    assert [part.data["expire_at"] for part in store.query(f"{PATH}/parts").documents] == [at, at]


@pytest.mark.parametrize("damage", ["a part is gone", "a part is another", "the head's value is cut off"])
def test_a_damaged_value_is_told_and_never_returned(store: Store, damage: str) -> None:
    large = damage != "the head's value is cut off"
    commit_packed(store, [pack(PATH, noise(1_000_000) if large else b"klein" * 99, {}, replaces=None)])
    head = store.get(PATH)
    assert head
    match damage:
        case "a part is gone":
            store.commit([Write(f"{PATH}/parts/{part_ids(store)[1]}", None)])
        case "a part is another":
            store.commit([Write(f"{PATH}/parts/{part_ids(store)[1]}", {"value": b"x"})])
        case _:
            packed = head.data["packed"] | {"value": head.data["packed"]["value"][:10]}
            store.commit([Write(PATH, {"packed": packed})])
    with pytest.raises(Rejected) as caught:
        read_packed(store, PATH)
    assert caught.value.code == "store.damaged"


def test_readers_beside_a_writer_always_read_one_whole_value(store: Store) -> None:
    """Each value is of one byte's noise; whoever mixed two parts would see a digest that does not fit."""
    values = [noise(1_000_000, seed) for seed in range(6)]
    commit_packed(store, [pack(PATH, values[0], {"n": 0}, replaces=None)])
    done = threading.Event()
    read: list[tuple[bytes, Data]] = []
    failed: list[BaseException] = []

    def reader() -> None:
        try:
            while not done.is_set():
                found = read_packed(store, PATH)
                assert found
                read.append((found[0], found[1].data))
        except BaseException as err:  # noqa: BLE001 - told below, in the test's own thread
            failed.append(err)

    readers = [threading.Thread(target=reader) for _ in range(2)]
    for thread in readers:
        thread.start()
    for n in range(1, 6):
        commit_packed(store, [pack(PATH, values[n], {"n": n}, replaces=store.get(PATH))])
    done.set()
    for thread in readers:
        thread.join()
    assert failed == []
    assert read
    assert all(value == values[data["n"]] for value, data in read)


class SwitchedWhileReading:
    """A store on which, between the head and its parts, somebody switches to the next value and clears away."""

    def __init__(self, store: Store, following: list[bytes]) -> None:
        self._store = store
        self._following = following

    def get(self, path: str) -> Document | None:
        return self._store.get(path)

    def get_many(self, paths: list[str]) -> dict[str, Document]:
        if self._following:
            value = self._following.pop(0)
            commit_packed(self._store, [pack(PATH, value, {}, replaces=self._store.get(PATH))])
        return self._store.get_many(paths)


def test_a_reader_whose_parts_were_cleared_away_reads_the_newer_value(store: Store) -> None:
    values = [noise(1_000_000, seed) for seed in range(3)]
    commit_packed(store, [pack(PATH, values[0], {}, replaces=None)])
    found = read_packed(SwitchedWhileReading(store, values[1:]), PATH)  # type: ignore[arg-type]
    assert found
    assert found[0] == values[2]


def test_a_field_that_would_hide_the_value_is_refused() -> None:
    with pytest.raises(ValueError, match="packed"):
        pack(PATH, b"", {"packed": 1}, replaces=None)


def test_a_large_value_delivered_twice_is_kept_once(store: Store) -> None:
    commit_packed(store, [pack(PATH, b"before", {}, replaces=None)])
    seen = store.get(PATH)
    one = pack(PATH, noise(1_000_000), {}, replaces=seen)
    commit_packed(store, [one])
    with pytest.raises(Conflict):
        commit_packed(store, [one])  # delivered twice
    assert read_packed(store, PATH)[0] == noise(1_000_000)  # type: ignore[index]
