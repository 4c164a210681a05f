"""A query answers like a plain list would, on every Store; so all Stores answer alike."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.ports import Data, Store, Where, Write
from tests.contracts.lists import ONE_OF_EACH, ids, walk
from tests.contracts.stores import open_store

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
