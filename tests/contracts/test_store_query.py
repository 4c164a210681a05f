"""What every Store promises about lists: filters, order and pages."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import Invalid, Misconfigured
from shared.ports import Store, Where, Write
from tests.contracts.lists import EIGHT, ONE_OF_EACH, ids, walk


@pytest.fixture
def things(store: Store) -> Store:
    """A store with one of each kind of value, and one without a rank."""
    store.write_many([Write(f"things/{id_}", {"rank": value}) for id_, value in ONE_OF_EACH])
    store.commit([Write("things/unranked", {"kind": "x"}), Write("things/small/below/other", {"rank": 3})])
    return store


def test_values_of_every_type_are_ordered_and_a_missing_field_is_left_out(things: Store) -> None:
    expected = [id_ for id_, _ in ONE_OF_EACH]
    assert ids(things.query("things", order="rank").documents) == expected
    assert ids(things.query("things", order="rank", descending=True).documents) == expected[::-1]


@pytest.mark.parametrize("limit", [1, 2, 7, 22, 23, 24])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_of_any_size_make_the_whole_list(things: Store, limit: int, descending: bool) -> None:
    expected = [id_ for id_, _ in ONE_OF_EACH]
    found = ids(list(walk(things, "things", order="rank", descending=descending, limit=limit)))
    assert found == (expected[::-1] if descending else expected)


FILTERS: dict[str, tuple[Where, list[str]]] = {
    "a number equals its float": (Where("rank", "==", 1), ["one-a", "one-b"]),
    "a number is not a truth": (Where("rank", "==", value=True), ["yes"]),
    "a number is not its text": (Where("rank", "==", "1"), []),
    "above a number come numbers only": (Where("rank", ">", 1.5), ["float-limit", "beyond-floats"]),
    "a float does not swallow the next integer": (Where("rank", ">", 2.0**53), ["beyond-floats"]),
    "up to a number come numbers only": (Where("rank", "<=", 0), ["minus", "minus-half", "zero"]),
    "below true is false": (Where("rank", "<", value=True), ["no"]),
    "before an instant": (Where("rank", "<", EIGHT), ["yesterday", "a-microsecond-later"]),
    "texts from a text on": (Where("rank", ">=", "aa"), ["longer", "accent", "high", "emoji"]),
    "bytes are not texts": (Where("rank", ">=", b""), ["bytes"]),
    "one of several, of several types": (
        Where("rank", "in", [1, "a", b"a", "b"]),
        ["one-a", "one-b", "small", "bytes"],
    ),
    "one of none": (Where("rank", "in", []), []),
}


@pytest.mark.parametrize(("where", "expected"), FILTERS.values(), ids=FILTERS)
def test_a_filter_compares_within_one_type(things: Store, where: Where, expected: list[str]) -> None:
    assert ids(things.query("things", where=[where], order="rank").documents) == expected


def test_without_order_documents_come_by_id(store: Store) -> None:
    names = ["10", "9", "Z", "a", "é", "\uffee", "😀"]  # by code point, which is how both sort UTF-8
    store.write_many([Write(f"things/{name}", {"kind": "x"}) for name in reversed(names)])
    assert ids(list(walk(store, "things", limit=2))) == names
    assert ids(list(walk(store, "things", limit=2, where=[Where("kind", "==", "x")]))) == names


def test_a_dotted_field_looks_inside_maps(store: Store) -> None:
    store.commit([Write("schools/a", {"webuntis": {"enabled": True}}), Write("schools/b", {"webuntis": {}})])
    assert ids(store.query("schools", where=[Where("webuntis.enabled", "==", value=True)]).documents) == ["a"]


def test_a_field_whose_name_is_no_identifier_can_be_asked_for(store: Store) -> None:
    store.commit([Write("things/a", {"ID-nummer": "067", "`": 1}), Write("things/b", {"ID-nummer": "67"})])
    assert ids(store.query("things", where=[Where("ID-nummer", "==", "067")]).documents) == ["a"]
    assert ids(store.query("things", order="ID-nummer").documents) == ["a", "b"]
    assert ids(store.query("things", order="`").documents) == ["a"]


def test_a_page_says_when_it_is_the_last(store: Store) -> None:
    store.write_many([Write(f"things/{n}", {"rank": n}) for n in range(4)])
    first = store.query("things", limit=2)
    assert first.cursor
    last = store.query("things", limit=2, cursor=first.cursor)
    assert (ids(last.documents), last.cursor) == (["2", "3"], None)
    assert store.query("nowhere") == store.query("things", where=[Where("kind", "==", "x")])


@pytest.mark.parametrize(("order", "descending"), [("", False), ("rank", False), ("rank", True)])
def test_who_walks_the_pages_while_others_come_and_go_misses_nobody_and_sees_nobody_twice(
    store: Store, order: str, descending: bool
) -> None:
    steady = {f"{n:03}" for n in range(0, 60, 2)}
    store.write_many([Write(f"things/{id_}", {"rank": int(id_) // 6}) for id_ in steady])
    seen: list[str] = []
    cursor = None
    for step in itertools.count():
        page = store.query("things", order=order, descending=descending, limit=7, cursor=cursor)
        seen += ids(page.documents)
        cursor = page.cursor
        if cursor is None:
            break
        passing = [f"{n:03}" for n in range(1, 60, 2)]
        # everyone odd comes and goes, among them the very document the cursor stands at
        present = passing[step % 3 :: 3]
        store.write_many(
            [Write(f"things/{id_}", {"rank": int(id_) // 6} if id_ in present else None) for id_ in passing]
        )
    assert len(seen) == len(set(seen))
    assert steady <= set(seen)


def test_a_cursor_outlives_the_document_it_stands_at(store: Store) -> None:
    store.write_many([Write(f"things/{n}", {"rank": 0}) for n in range(4)])
    page = store.query("things", order="rank", limit=2)
    store.commit([Write("things/1", None)])
    assert ids(store.query("things", order="rank", limit=2, cursor=page.cursor).documents) == ["2", "3"]


def test_a_cursor_goes_on_with_another_value_in_the_filter(store: Store) -> None:
    store.write_many([Write(f"things/{n}", {"rank": EIGHT + timedelta(hours=n)}) for n in range(4)])
    later = EIGHT + timedelta(minutes=30)  # "not over yet" has moved on between two pages
    page = store.query("things", where=[Where("rank", ">=", EIGHT)], order="rank", limit=1)
    assert page.cursor
    rest = store.query("things", where=[Where("rank", ">=", later)], order="rank", cursor=page.cursor)
    assert ids(rest.documents) == ["1", "2", "3"]


FOREIGN = ["", "x", "%%%", "é", "AAAAAAAAAAAAAAAA", "the other order", "the other collection", "cut off", "changed"]


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_cursor_that_is_not_of_this_list_is_refused(store: Store, kind: str) -> None:
    store.write_many([Write(f"{name}/{n}", {"rank": n}) for n in range(3) for name in ("things", "others")])
    ours = store.query("things", order="rank", limit=1).cursor
    assert ours
    cursor = {
        "the other order": store.query("things", limit=1).cursor,
        "the other collection": store.query("others", order="rank", limit=1).cursor,
        "cut off": ours[:-2],
        "changed": ours[:-1] + ("A" if ours[-1] != "A" else "Q"),
    }.get(kind, kind)
    with pytest.raises(Invalid) as caught:
        store.query("things", order="rank", limit=1, cursor=cursor)
    assert caught.value.code == "cursor.unknown"


REFUSED: dict[str, Any] = {
    "a range on another field than the order": {"where": [Where("rank", ">", 1)], "order": "kind"},
    "a range without an order": {"where": [Where("rank", ">", 1)]},
    "downwards by id": {"descending": True},
    "no documents at all": {"limit": 0},
    "over thirty values": {"where": [Where("rank", "in", list(range(31)))]},
    "over thirty combinations": {"where": [Where("rank", "in", list(range(6))), Where("kind", "in", list("abcdef"))]},
    "equal to nothing": {"where": [Where("rank", "==", None)]},
    "equal to a list": {"where": [Where("rank", "==", [1])]},
    "no number": {"where": [Where("rank", "==", float("nan"))]},
    "time without zone": {"where": [Where("rank", "==", datetime(2026, 1, 1))]},  # noqa: DTZ001
    "no field": {"where": [Where("", "==", 1)]},
    "Firestore's own field": {"order": "__name__"},
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_what_one_database_cannot_answer_both_refuse(store: Store, query: Any) -> None:
    with pytest.raises(Invalid):
        store.query("things", **query)


UNINDEXED: dict[str, Any] = {
    "no index for this pair": {"where": [Where("colour", "==", 1)], "order": "rank"},
    "one field too many": {"where": [Where("kind", "==", 1), Where("colour", "==", 1)], "order": "rank"},
    "a filter by an exempt field": {"where": [Where("blob", "==", b"x")]},
    "order by an exempt field": {"order": "blob"},
    "order inside an exempt field": {"order": "blob.deep"},
}


@pytest.mark.parametrize("query", UNINDEXED.values(), ids=UNINDEXED)
def test_a_query_whose_index_is_not_declared_is_refused_before_production_does(store: Store, query: Any) -> None:
    with pytest.raises(Misconfigured) as caught:
        store.query("schools/demo/things", **query)
    assert caught.value.code == "store.index_missing"
