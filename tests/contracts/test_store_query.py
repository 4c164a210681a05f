"""What every Store promises about lists: filters, order and pages, held against a plain model and each other."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Invalid, Misconfigured
from shared.ports import Data, Document, Store, Where, Write
from tests.contracts.stores import open_store

EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

# In the order Firestore keeps; equal neighbours (1 and 1.0) are ordered by id.
ONE_OF_EACH: list[tuple[str, Any]] = [
    ("nothing", None),
    ("no", False),
    ("yes", True),
    ("minus", -5),
    ("minus-half", -0.5),
    ("zero", 0),
    ("one-a", 1),
    ("one-b", 1.0),
    ("one-and-a-half", 1.5),
    ("float-limit", 2.0**53),
    ("beyond-floats", 2**53 + 1),
    ("yesterday", EIGHT - timedelta(days=1)),
    ("a-microsecond-later", EIGHT - timedelta(days=1) + timedelta(microseconds=1)),
    ("empty", ""),
    ("capital", "Z"),
    ("small", "a"),
    ("longer", "aa"),
    ("accent", "é"),
    ("high", "\uffee"),
    ("emoji", "😀"),
    ("bytes", b"a"),
    ("list", [1]),
    ("map", {"a": 1}),
]


@pytest.fixture
def things(store: Store) -> Store:
    """A store with one of each kind of value, and one without a rank."""
    store.write_many([Write(f"things/{id_}", {"rank": value}) for id_, value in ONE_OF_EACH])
    store.commit([Write("things/unranked", {"kind": "x"}), Write("things/small/below/other", {"rank": 3})])
    return store


def ids(documents: Sequence[Document]) -> list[str]:
    return [document.id for document in documents]


def walk(store: Store, collection: str, **query: Any) -> Iterator[Document]:
    """Every page to the end."""
    cursor = None
    while True:
        page = store.query(collection, cursor=cursor, **query)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return


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


# ---------------------------------------------------------------- the law

# Few different values, so that many are equal; neighbours of every type.
VALUES = st.sampled_from([value for _, value in ONE_OF_EACH]) | st.integers(-2, 2) | st.text("aé😀", max_size=2)
KINDS = st.sampled_from(["a", "b", 1, 1.0, True])
DOCUMENTS = st.dictionaries(
    st.text("ab0é", min_size=1, max_size=2),
    st.fixed_dictionaries({}, optional={"rank": VALUES, "kind": KINDS}),
    max_size=12,
)
SCALARS = VALUES.filter(lambda value: value is not None and not isinstance(value, list | dict))
BY_KIND = st.builds(Where, st.just("kind"), st.just("=="), KINDS) | st.builds(
    Where, st.just("kind"), st.just("in"), st.lists(KINDS, max_size=3)
)
BY_RANK = st.builds(Where, st.just("rank"), st.sampled_from(["==", "<", "<=", ">", ">="]), SCALARS) | st.builds(
    Where, st.just("rank"), st.just("in"), st.lists(SCALARS, max_size=3)
)
QUERIES = st.fixed_dictionaries(
    {
        "where": st.lists(BY_KIND, max_size=1).flatmap(lambda a: st.lists(BY_RANK, max_size=2).map(lambda b: a + b)),
        "order": st.just("rank"),
        "descending": st.booleans(),
        "limit": st.integers(1, 6),
    }
) | st.fixed_dictionaries({"where": st.lists(BY_KIND, max_size=1), "limit": st.integers(1, 6)})

TYPES = [type(None), bool, (int, float), datetime, str, bytes, list, dict]


def _type(value: Any) -> int:
    return next(number for number, kind in enumerate(TYPES) if isinstance(value, kind))


def _sorted_like_firestore(documents: dict[str, Data], field: str) -> list[str]:
    """By insertion, one at a time: slow and plain."""
    result: list[str] = []
    for id_ in sorted(documents):
        value = documents[id_][field]
        place = len(result)
        while place and _before(value, documents[result[place - 1]][field]):
            place -= 1
        result.insert(place, id_)
    return result


def _before(left: Any, right: Any) -> bool:
    if _type(left) != _type(right):
        return _type(left) < _type(right)
    return left is not None and not isinstance(left, dict) and bool(left < right)


def _passes(data: Data, where: Where) -> bool:
    if where.field not in data:
        return False
    value = data[where.field]
    wanted = where.value if where.op == "in" else [where.value]
    same = [each for each in wanted if _type(each) == _type(value)]
    match where.op:
        case "==" | "in":
            return value in same
        case "<":
            return any(value < each for each in same)
        case "<=":
            return any(value <= each for each in same)
        case ">":
            return any(value > each for each in same)
        case _:
            return any(value >= each for each in same)


def model(documents: dict[str, Data], query: dict[str, Any]) -> list[str]:
    found = {id_: data for id_, data in documents.items() if all(_passes(data, each) for each in query["where"])}
    if not query.get("order"):
        return sorted(found)
    ordered = _sorted_like_firestore({id_: data for id_, data in found.items() if "rank" in data}, "rank")
    return ordered[::-1] if query["descending"] else ordered


def _holds(store: Store, documents: dict[str, Data], query: dict[str, Any]) -> None:
    collection = f"laws/{uuid.uuid4().hex}/things"
    store.write_many([Write(f"{collection}/{id_}", data) for id_, data in documents.items()])
    assert ids(list(walk(store, collection, **query))) == model(documents, query)


@settings(max_examples=150, deadline=None, database=None)
@given(documents=DOCUMENTS, query=QUERIES)
def test_sqlite_answers_like_a_plain_list(
    tmp_path_factory: pytest.TempPathFactory, documents: dict[str, Data], query: dict[str, Any]
) -> None:
    _holds(open_store(f"sqlite {tmp_path_factory.getbasetemp() / 'law.db'}"), documents, query)


@settings(max_examples=50, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents=DOCUMENTS, query=QUERIES)
def test_firestore_answers_like_a_plain_list(
    firestore_host: str, documents: dict[str, Data], query: dict[str, Any]
) -> None:
    _holds(open_store(f"firestore {firestore_host} law"), documents, query)
