"""What may be asked of a collection: a `Query` that got this far runs on Firestore in production with the same answer.

A cursor names the place after one document (its order value and id), bound to collection, order and filtered fields;
it gives no access to anything, so it is checked, not secret. It can be read: order by no personal data where a cursor
travels in a URL.
"""

import base64
import binascii
import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from shared.adapters.document import MAX_ID, check_collection, check_path, plain
from shared.adapters.indexes import Exempt, Index
from shared.errors import Invalid, Misconfigured
from shared.ports import Data, Document, Page, Where
from shared.values import dataclass

MAX_ALTERNATIVES = 30  # values of `in`, over all filters of one query together
MISSING = object()


@dataclass(frozen=True, slots=True)
class Start:
    """Begin after the document with this order value (None without order) and id."""

    value: Any
    id: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query both adapters can run; `where` values are in plain types. Ties are broken by id in the same direction."""

    collection: str
    where: tuple[Where, ...]
    order: str
    descending: bool
    limit: int
    start: Start | None

    @property
    def nothing(self) -> bool:
        """True when no document can pass: `in` an empty list, which Firestore would refuse."""
        return any(where.op == "in" and not where.value for where in self.where)

    def page(self, documents: Sequence[Document]) -> Page:
        """The page, given its documents and (to know whether these were the last) one more."""
        if len(documents) <= self.limit:
            return Page(tuple(documents), None)
        last = documents[self.limit - 1]
        value = find(last.data, self.order) if self.order else None
        return Page(tuple(documents[: self.limit]), _seal(_purpose(self), Start(value, last.id)))


@dataclass(frozen=True, slots=True)
class Declared:
    """The indexes and exemptions a store was made with."""

    indexes: Sequence[Index]
    exempt: Sequence[Exempt]


def prepare(
    collection: str,
    *,
    where: Sequence[Where],
    order: str,
    descending: bool,
    limit: int,
    cursor: str | None,
    declared: Declared,
) -> Query:
    """The query, checked; raises Invalid (store.query_unsupported, cursor.unknown) or Misconfigured (no index)."""
    group = check_collection(collection)
    filters = tuple(_filter(each) for each in where)
    if limit < 1:
        raise Invalid("store.query_unsupported", what="limit below 1")
    if descending and not order:
        raise Invalid("store.query_unsupported", what="descending by id")  # Firestore has no such index by itself
    for each in filters:
        if each.op not in ("==", "in") and each.field != order:
            raise Invalid("store.query_unsupported", what="a range on another field than the order")
    if math.prod(max(1, len(each.value)) for each in filters if each.op == "in") > MAX_ALTERNATIVES:
        raise Invalid("store.query_unsupported", what="over 30 alternatives")
    if order:
        _field(order)
    query = Query(collection, filters, order, descending, limit, None)
    _need_index(query, group, declared)
    return query if cursor is None else replace(query, start=_open(_purpose(query), cursor))


def find(data: Data, field: str) -> Any:
    """The value at a dotted field, or MISSING."""
    value: Any = data
    for name in field.split("."):
        if not isinstance(value, dict) or name not in value:
            return MISSING
        value = value[name]
    return value


def _filter(where: Where) -> Where:
    _field(where.field)
    if where.op not in ("==", "<", "<=", ">", ">=", "in"):
        raise Invalid("store.query_unsupported", what="operator")
    values = list(where.value) if where.op == "in" else [where.value]
    if any(value is None or isinstance(value, list | tuple | dict) for value in values):
        raise Invalid("store.query_unsupported", what="a filter by nothing, a list or a map")
    values = [plain(value, where.field) for value in values]
    return Where(where.field, where.op, values if where.op == "in" else values[0])


def _field(field: str) -> None:
    for name in field.split("."):
        if not 0 < len(name.encode(errors="replace")) <= MAX_ID or name.startswith("__"):
            raise Invalid("store.query_unsupported", what="field name")


def _need_index(query: Query, group: str, declared: Declared) -> None:
    fields = {each.field for each in query.where} | ({query.order} if query.order else set())
    for entry in declared.exempt:
        if entry.group == group and any(f == entry.field or f.startswith(f"{entry.field}.") for f in fields):
            raise Misconfigured("store.index_missing", collection=group, order=entry.field)
    equal = frozenset(each.field for each in query.where if each.field != query.order)
    needed = Index(group, equal, query.order, query.descending)
    if query.order and equal and needed not in declared.indexes:
        raise Misconfigured("store.index_missing", collection=group, order=query.order)


def _purpose(query: Query) -> bytes:
    """What a cursor is bound to. Not the filters' values: "not yet expired" is another value a second later."""
    filters = sorted((each.field, each.op) for each in query.where)
    return msgspec.msgpack.encode((query.collection, filters, query.order, query.descending))


def _seal(purpose: bytes, start: Start) -> str:
    place = msgspec.msgpack.encode((start.value, start.id))
    return base64.urlsafe_b64encode(_sum(purpose, place) + place).decode().rstrip("=")


def _open(purpose: bytes, cursor: str) -> Start:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as err:
        raise Invalid("cursor.unknown") from err
    if raw[:8] != _sum(purpose, raw[8:]):
        raise Invalid("cursor.unknown")
    try:  # the sum is no secret: what it covers may still be nonsense
        value, id_ = msgspec.msgpack.decode(raw[8:], type=tuple[Any, str])
        check_path(f"any/{id_}")
        return Start(plain(value, "cursor"), id_)
    except (msgspec.MsgspecError, Invalid) as err:
        raise Invalid("cursor.unknown") from err


def _sum(purpose: bytes, place: bytes) -> bytes:
    return hashlib.blake2b(place, digest_size=8, key=hashlib.blake2b(purpose, digest_size=32).digest()).digest()
