"""What production would refuse is refused by every Store, before anything is written."""

from collections import UserDict
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest

from shared.errors import Invalid
from shared.ports import Store, Write

MIB = 1_048_576


def nested(depth: int, inside: Any = "x") -> Any:
    """A value under `depth` maps."""
    return {"k": nested(depth - 1, inside)} if depth else inside


def filled(path: str, size: int) -> dict[str, bytes]:
    """A document of exactly `size` by Firestore's rule: names and texts cost one more than their bytes."""
    name = 16 + sum(len(segment.encode()) + 1 for segment in path.split("/"))
    rest = size - name - 32 - 2 * len("a1")
    return {"a": b"x" * (rest // 2), "b": b"x" * (rest - rest // 2)}


PATHS = {
    "empty": "",
    "a collection": "things",
    "a collection below": "schools/demo/things",
    "an empty id": "things/",
    "an empty collection": "/a",
    "two slashes": "schools//things/a",
    "a dot": "things/.",
    "two dots": "things/..",
    "reserved": "things/__x__",
    "reserved with a line break": "things/__\n__",
    "NUL": "things/a\0b",
    "half a character": "things/\ud83d",
    "too long": "things/" + "é" * 750 + "x",
    "too deep in all": "/".join(["x" * 1_000] * 8),
}

VALUES = {
    "beyond 64 bits": (2**63, "document.value"),
    "below 64 bits": (-(2**63) - 1, "document.value"),
    "not a number": (float("nan"), "document.value"),
    "infinite": (float("-inf"), "document.value"),
    "time without zone": (datetime(2026, 11, 23, 8, 0), "document.value"),  # noqa: DTZ001
    "time before all time": (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "document.value"),
    "half a character": ("\ud83d", "document.value"),
    "a list in a list": ([[1]], "document.value"),
    "a set": ({1}, "document.value"),
    "an object": (object(), "document.value"),
    "a value deep down": ({"a": [{"b": {1}}]}, "document.value"),
    "a number as a key": ({1: 1}, "document.field_name"),
    "an empty key": ({"": 1}, "document.field_name"),
    "a reserved key": ({"a": {"__x__": 1}}, "document.field_name"),
    "a key too long": ({"k" * 1_501: 1}, "document.field_name"),
    "21 maps deep": (nested(21), "document.too_deep"),
    "a list at depth 21": (nested(20, [1]), "document.too_deep"),
    "text over the limit": ("x" * 1_048_488, "document.too_large"),
    "bytes over the limit": (b"x" * 1_048_488, "document.too_large"),
    "text long in UTF-8": ("é" * 524_244, "document.too_large"),
    "40,002 index entries": ({f"f{n}": 1 for n in range(20_001)}, "document.too_many_fields"),
    "40,001 items": ([1] * 40_001, "document.too_many_fields"),
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_path_that_is_none_is_refused_for_writing_and_reading(store: Store, path: str) -> None:
    for attempt in (lambda: store.commit([Write(path, {})]), lambda: store.get(path)):
        with pytest.raises(Invalid) as caught:
            attempt()
        assert caught.value.code in ("document.path", "document.value")


@pytest.mark.parametrize(("value", "code"), VALUES.values(), ids=VALUES)
def test_a_value_that_cannot_be_kept_is_refused_and_nothing_is_written(store: Store, value: Any, code: str) -> None:
    for attempt in (store.commit, store.write_many):
        with pytest.raises(Invalid) as caught:
            attempt([Write("things/fine", {}), Write("things/bad", {"field": value})])
        assert caught.value.code == code
    assert store.query("things").documents == ()


ACCEPTED = {
    "the longest id": ("things/" + "é" * 750, {}),
    "20 maps deep": ("things/a", {"field": nested(20)}),
    "19 maps and a list": ("things/a", {"field": nested(19, [1])}),
    "the largest document": ("things/largest", filled("things/largest", MIB)),
    "40,000 items": ("things/a", {"field": [1] * 40_000}),
    "a large field that is not indexed": ("things/a", {"blob": [1] * 45_000}),
    "a field that only begins like a reserved one": ("things/a", {"__x": 1, "x__": 2}),
}


@pytest.mark.parametrize(("path", "data"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_just_fits_is_kept(store: Store, path: str, data: dict[str, Any]) -> None:
    store.commit([Write(path, data)])
    found = store.get(path)
    assert found
    assert found.data == data


def test_one_byte_over_a_mebibyte_is_refused(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        store.commit([Write("things/largest", filled("things/largest", MIB + 1))])
    assert caught.value.code == "document.too_large"


def test_the_five_hundred_and_first_write_of_a_commit_is_refused(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        store.commit([Write(f"things/{n}", {}) for n in range(501)])
    assert caught.value.code == "store.commit_too_large"
    assert len(store.commit([Write(f"things/{n}", {}) for n in range(500)])) == 500


def test_a_commit_over_three_mebibytes_is_refused_and_written_in_chunks_instead(store: Store) -> None:
    writes = [Write(f"things/{n}", {"blob": b"x" * 1_000_000}) for n in range(4)]
    with pytest.raises(Invalid) as caught:
        store.commit(writes)
    assert caught.value.code == "store.commit_too_large"
    store.commit(writes[:3])
    store.write_many(writes)
    assert len(store.query("things").documents) == 4


def test_one_document_twice_in_a_commit_is_refused(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        store.commit([Write("things/a", {"n": 1}), Write("things/a", {"n": 2})])
    assert caught.value.code == "store.commit_unsupported"


class Colour(StrEnum):
    RED = "red"


class Later(datetime):
    """As freezegun's."""


def test_values_of_derived_types_are_kept_as_what_they_derive_from(store: Store) -> None:
    at = Later(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    store.commit([Write("things/a", {"colour": Colour.RED, "pair": (1, 2), "at": at, "map": UserDict(a=1)})])
    found = store.get("things/a")
    assert found
    assert found.data == {"colour": "red", "pair": [1, 2], "at": at, "map": {"a": 1}}
    types = {name: type(value) for name, value in found.data.items()}
    assert types == {"colour": str, "pair": list, "at": datetime, "map": dict}


def test_a_document_is_kept_as_it_was_when_it_was_written(store: Store) -> None:
    data = {"list": [1]}
    store.commit([Write("things/a", data)])
    data["list"].append(2)
    found = store.get("things/a")
    assert found
    found.data["list"].append(3)
    again = store.get("things/a")
    assert again
    assert again.data == {"list": [1]}
