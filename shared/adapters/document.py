"""What a document may be: every write that passes here is accepted by Firestore in production, whatever the adapter.

Limits: https://cloud.google.com/firestore/quotas, sizes: https://cloud.google.com/firestore/docs/storage-size.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.adapters.indexes import Exempt
from shared.errors import Invalid
from shared.ports import Data, Write

MAX_DOCUMENT = 1_048_576
MAX_VALUE = 1_048_487  # one text or bytes value
MAX_DEPTH = 20
MAX_ENTRIES = 40_000
MAX_ID = 1_500
MAX_NAME = 6_144  # the whole path
MAX_WRITES = 500
MAX_COMMIT = 3 * 1_048_576  # the emulator's gRPC door closes at 4 MiB (production's at 10)

_RESERVED = re.compile(r"__.*__", re.DOTALL)
_OVERHEAD = 10  # what tags and lengths add to a name or value on the wire, at most (a law in the tests)


@dataclass(frozen=True, slots=True)
class Checked:
    """A write within every limit; `data` is a copy in plain types, `wire` what it takes in a request at most."""

    path: str
    data: Data | None
    expect: str
    wire: int


@dataclass(slots=True)
class _Weight:
    """What has been counted of one document so far."""

    size: int = 0  # by Firestore's rule
    names: int = 0  # how many names and values: each costs _OVERHEAD on the wire


def check(write: Write, exempt: Collection[Exempt]) -> Checked:
    """The write, checked against production's limits; raises Invalid "document.…"."""
    segments = check_path(write.path)
    # 16 for the name, 32 for the document, each segment as a text
    weight = _Weight(size=48 + sum(len(segment.encode()) + 1 for segment in segments), names=8)
    data = None
    if write.data is not None:
        group = segments[-2]
        unindexed = frozenset(entry.field for entry in exempt if entry.group == group)
        data, entries = _fields(write.data, field="", depth=0, weight=weight, unindexed=unindexed)
        if weight.size > MAX_DOCUMENT:
            raise Invalid("document.too_large", bytes=weight.size)
        if entries > MAX_ENTRIES:
            raise Invalid("document.too_many_fields", entries=entries)
    return Checked(write.path, data, write.expect, weight.size + _OVERHEAD * weight.names)


def check_commit(writes: Sequence[Write], exempt: Collection[Exempt]) -> list[Checked]:
    """The writes of one commit, each path once, together within the limits; raises Invalid."""
    checked = [check(write, exempt) for write in writes]
    if len({write.path for write in checked}) < len(checked):
        raise Invalid("store.commit_unsupported", what="a path twice")
    size = sum(write.wire for write in checked)
    if len(checked) > MAX_WRITES or size > MAX_COMMIT:
        raise Invalid("store.commit_too_large", writes=len(checked), bytes=size)
    return checked


def chunks(writes: Sequence[Write], exempt: Collection[Exempt]) -> list[list[Checked]]:
    """Unconditional writes in chunks that each fit one commit; of several to one path only the last counts."""
    if any(write.expect for write in writes):
        raise Invalid("store.commit_unsupported", what="a condition in write_many")
    result: list[list[Checked]] = []
    size = 0
    for write in {write.path: write for write in writes}.values():
        checked = check(write, exempt)
        if not result or len(result[-1]) == MAX_WRITES or size + checked.wire > MAX_COMMIT:
            result.append([])
            size = 0
        result[-1].append(checked)
        size += checked.wire
    return result


def check_path(path: str) -> list[str]:
    """The segments of a document's path; raises Invalid "document.path"."""
    segments = _segments(path)
    if len(segments) % 2:
        raise Invalid("document.path")
    return segments


def check_collection(path: str) -> str:
    """The last segment of a collection's path, which is its collection group; raises Invalid "document.path"."""
    segments = _segments(path)
    if len(segments) % 2 == 0:
        raise Invalid("document.path")
    return segments[-1]


def plain(value: Any, field: str) -> Any:
    """A filter's value, checked as a document's value would be; raises Invalid "document.value"."""
    return _value(value, field=field, depth=0, weight=_Weight())[0]


def _segments(path: str) -> list[str]:
    segments = path.split("/")
    for segment in segments:
        # NUL is legal in Firestore, and nothing else on the way (URLs, logs, SQLite's text functions) bears it.
        if not 0 < _bytes(segment, "id") <= MAX_ID or segment in (".", "..") or "\0" in segment:
            raise Invalid("document.path")
        if _RESERVED.fullmatch(segment):
            raise Invalid("document.path")
    if _bytes(path, "id") > MAX_NAME:
        raise Invalid("document.path")
    return segments


def _fields(
    data: Mapping[str, Any], *, field: str, depth: int, weight: _Weight, unindexed: Collection[str] = ()
) -> tuple[Data, int]:
    """A copy of a map in plain types, and its index entries."""
    if depth > MAX_DEPTH:
        raise Invalid("document.too_deep", field=_top(field))
    copy: Data = {}
    entries = 0
    for name, value in data.items():
        if not isinstance(name, str) or _RESERVED.fullmatch(name):
            raise Invalid("document.field_name")
        length = _bytes(name, "name")
        if not 0 < length <= MAX_ID:
            raise Invalid("document.field_name")
        weight.size += length + 1
        weight.names += 1
        inner = f"{field}.{name}" if field else name
        copy[str(name)], added = _value(value, field=inner, depth=depth, weight=weight)
        if inner not in unindexed:
            entries += added
    return copy, entries


def _value(value: Any, *, field: str, depth: int, weight: _Weight) -> tuple[Any, int]:
    """A copy of one value in plain types, and its index entries: two for a scalar, one for each item of a list."""
    weight.names += 1
    match value:
        case None | bool():
            weight.size += 1
            return value, 2
        case str():
            length = _bytes(value, field)
            if length > MAX_VALUE:
                raise Invalid("document.too_large", bytes=length)
            weight.size += length + 1
            return str.__str__(value), 2
        case int() if -(2**63) <= value < 2**63:
            weight.size += 8
            return int(value), 2
        case float() if math.isfinite(value):
            weight.size += 8
            return float(value), 2
        case bytes():
            if len(value) > MAX_VALUE:
                raise Invalid("document.too_large", bytes=len(value))
            weight.size += len(value)
            return bytes(value), 2
        case datetime():
            weight.size += 8
            return _instant(value, field), 2
        case list() | tuple():
            if depth >= MAX_DEPTH:
                raise Invalid("document.too_deep", field=_top(field))
            if any(isinstance(item, list | tuple) for item in value):
                raise Invalid("document.value", field=_top(field), what="list in list")
            items = [_value(item, field=field, depth=depth + 1, weight=weight)[0] for item in value]
            return items, len(items)
        case Mapping():
            # "Calculated the same way as document size": 32 more for each map. The emulator does not count them.
            weight.size += 32
            return _fields(value, field=field, depth=depth + 1, weight=weight)
        case int() | float():
            raise Invalid("document.value", field=_top(field), what="number out of range")
        case _:
            raise Invalid("document.value", field=_top(field), what=type(value).__name__)


def _instant(value: datetime, field: str) -> datetime:
    """The same instant in UTC, as a plain datetime (microseconds, as Firestore keeps them)."""
    if value.utcoffset() is None:
        raise Invalid("document.value", field=_top(field), what="time without zone")
    try:
        utc = value.astimezone(UTC)
    except OverflowError as err:
        raise Invalid("document.value", field=_top(field), what="time out of range") from err
    return datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond, UTC)


def _bytes(text: str, field: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as err:  # half of a surrogate pair
        raise Invalid("document.value", field=_top(field), what="text that is no Unicode") from err


def _top(field: str) -> str:
    """Only the outermost name reaches a log: deeper ones may be ids."""
    return field.partition(".")[0]
