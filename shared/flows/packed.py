"""Packed values: bytes of any size kept under one path, switched as a whole and never read half-written.

The value is compressed into its head document while it fits. A larger one lies in parts, written before the head that
names them; committing the head (compare-and-set, together with whatever else must change) is the switch.

A part's id begins with the version of the head it is meant to follow. So a part that is not in the head and was not
made to follow it can never come to life any more, and may be removed while others are writing.
"""

import hashlib
import zlib
from collections.abc import Sequence

from shared.errors import Rejected
from shared.flows.documents import documents
from shared.ports import ABSENT, Data, Document, Store, Write
from shared.values import dataclass

FIELD = "packed"  # of the head; the caller's own fields lie beside it
EXPIRES = "expire_at"  # the field the database deletes by
INLINE = 900 * 1024  # of compressed bytes: leaves a good 120 KiB for the caller's fields
LEVEL = 3  # measured on 5,000 users (1.8 MB of JSON): 29 ms, 288 kB; level 6: 47 ms, 259 kB; level 1: 21 ms, 303 kB


@dataclass(frozen=True, slots=True)
class Packed:
    """What has to be written, in this order: `parts` (any number, repeatable), then `head` in a commit."""

    parts: tuple[Write, ...]
    head: Write
    in_parts: bool  # now or before: `remove_stale_parts` may have something to do


def pack(path: str, value: bytes, fields: Data, *, replaces: Document | None, inline: int = INLINE) -> Packed:
    """The writes that keep `value` at `path` with `fields` beside it, in place of `replaces` (None: nothing yet).

    What is larger than `inline` (compressed bytes) lies in parts: with 0 the head stays small, for values whose head is
    read far more often than they are.

    Committing the head raises Conflict when somebody else has switched since `replaces` was read: read and pack anew.
    Parts take over the head's `expire_at`, so that they go when it goes.
    """
    if FIELD in fields:
        raise ValueError(f"{FIELD} is where the value lies")
    expect = replaces.version if replaces else ABSENT
    digest = _digest(value)
    blob = zlib.compress(value, LEVEL)
    packed: Data = {"digest": digest, "size": len(value), "parts": []}
    parts: list[Write] = []
    if len(blob) <= inline:
        packed["value"] = blob
    else:
        expires = {name: fields[name] for name in (EXPIRES,) if name in fields}
        for number, start in enumerate(range(0, len(blob), INLINE)):
            name = f"{expect}-{digest}-{number}"
            packed["parts"].append(name)
            parts.append(Write(f"{path}/parts/{name}", {**expires, "value": blob[start : start + INLINE]}))
    before = _parts(replaces) if replaces else []
    return Packed(tuple(parts), Write(path, {**fields, FIELD: packed}, expect), bool(parts or before))


def commit_packed(store: Store, packed: Sequence[Packed], also: Sequence[Write] = ()) -> tuple[str, ...]:
    """Write the parts, switch all heads and do the `also` writes in one commit, then clear away what was replaced.

    Returns the versions of the heads and then of `also`. After Conflict nothing has changed for any reader.
    """
    store.write_many([part for each in packed for part in each.parts])
    versions = store.commit([*(each.head for each in packed), *also])
    for each in packed:
        if each.in_parts:
            remove_stale_parts(store, each.head.path)
    return versions


def read_packed(store: Store, path: str) -> tuple[bytes, Document] | None:
    """The value and its head, as one writer left them, or None when there is none.

    Raises Rejected "store.damaged" when the parts of an unchanged head are gone or are not what it says.
    """
    head = store.get(path)
    while head is not None and FIELD in head.data:
        value = unpack(head)
        if value is None:
            value = _joined(store, head)
        if value is not None:
            return value, head
        again = store.get(path)  # the head was replaced while we read its parts, so there is a newer value
        if again is not None and again.version == head.version:
            raise Rejected("store.damaged", service="store")
        head = again
    return None


def unpack(document: Document) -> bytes | None:
    """The value, when this head (as read by anyone) holds it; None when it lies in parts: then `read_packed`."""
    if _parts(document):
        return None
    return _opened(document, document.data[FIELD]["value"])


def removed(head: Document) -> list[Write]:
    """The writes that delete the value, if it still is as read: its head and its parts, to be committed together."""
    return [Write(head.path, None, head.version), *(Write(f"{head.path}/parts/{name}", None) for name in _parts(head))]


def remove_stale_parts(store: Store, path: str) -> None:
    """Delete every part that no reader and no writer can need any more. Safe at any time, may be repeated.

    Costs two reads when there is nothing to do.
    """
    # The parts first and the head after: then a part made for a newer head than ours is not in the list.
    # Few at a time: there is no reading without the values.
    listed = [part.id for part in documents(store, f"{path}/parts", page=5)]
    head = store.get(path)
    needed = set(_parts(head)) if head else set()
    coming = f"{head.version if head else ABSENT}-"
    stale = [name for name in listed if name not in needed and not name.startswith(coming)]
    if stale:
        store.write_many([Write(f"{path}/parts/{name}", None) for name in stale])


def _joined(store: Store, head: Document) -> bytes | None:
    """The value out of its parts, or None when one of them is gone."""
    paths = [f"{head.path}/parts/{name}" for name in _parts(head)]
    found = store.get_many(paths)
    if len(found) < len(paths):
        return None
    return _opened(head, b"".join(found[path].data["value"] for path in paths))


def _opened(head: Document, blob: bytes) -> bytes:
    packed = head.data[FIELD]
    size: int = packed["size"]
    try:
        # Never more than the head says: also a damaged value must not fill the memory.
        value = zlib.decompressobj().decompress(blob, size + 1)
    except zlib.error as err:
        raise Rejected("store.damaged", service="store") from err
    if len(value) != size or _digest(value) != packed["digest"]:
        raise Rejected("store.damaged", service="store")
    return value


def _parts(head: Document) -> list[str]:
    parts: list[str] = head.data[FIELD]["parts"] if FIELD in head.data else []  # a lease may come before any value
    return parts


def _digest(value: bytes) -> str:
    return hashlib.blake2b(value, digest_size=16).hexdigest()
