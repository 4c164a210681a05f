"""Frozen values to documents and back: dates stay dates, enums become their text, tuples become lists."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from shared.ports import Data

T = TypeVar("T")


def encode(value: object) -> Data:
    """The document data of a dataclass."""
    data: Data = msgspec.to_builtins(value, builtin_types=(datetime, bytes), str_keys=True)
    return data


def decode(data: Data, kind: type[T]) -> T:
    """The dataclass of document data. Fields the class does not know (a lease, an expiry date) are left out."""
    return msgspec.convert(data, kind, builtin_types=(datetime, bytes), str_keys=True)


def to_json(value: Any) -> bytes:
    """Compact JSON of a dataclass, for a packed value."""
    return msgspec.json.encode(value)


def from_json(text: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(text, type=kind)
