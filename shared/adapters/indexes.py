"""Every index our queries need beyond Firestore's own, and every field kept out of its indexes: the one source.

Firestore indexes each field by itself. A query that filters one field by equality and orders by another needs an
`Index` here, or both adapters refuse it with Misconfigured "store.index_missing": the emulator would answer it and
production would not. After a change: `python -m shared.adapters.indexes > infra/firestore.indexes.json`.
"""

import json
import sys
from collections.abc import Collection
from typing import Any

from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Index:
    """Serves queries on collections called `group` with equality on exactly `equal`, ordered by `order`."""

    group: str
    equal: frozenset[str]
    order: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Exempt:
    """A field that no query filters or orders by: cheaper writes, and it does not count for the 40,000 entries.

    With `expires` the field holds the time after which Firestore deletes the document (within a day or so; neither
    SQLite nor the emulator does it: readers leave out what has expired themselves).
    """

    group: str
    field: str
    expires: bool = False


INDEXES: tuple[Index, ...] = (
    Index("audit", frozenset({"subject"}), "at", descending=True),
    Index("exports", frozenset({"by"}), "at", descending=True),
    Index("exports", frozenset({"course"}), "at", descending=True),
    Index("exports", frozenset({"course", "by"}), "at", descending=True),
)

EXEMPT: tuple[Exempt, ...] = (
    Exempt("audit", "expire_at", expires=True),
    Exempt("audit", "before"),
    Exempt("audit", "after"),
    Exempt("runs", "expire_at", expires=True),
    Exempt("retention", "expire_at", expires=True),
    Exempt("support", "expire_at", expires=True),
    Exempt("notices", "expire_at", expires=True),
    Exempt("interests", "expire_at", expires=True),
    Exempt("google-ways", "expire_at", expires=True),
    Exempt("google-ways", "verifier"),
    Exempt("idempotency", "expire_at", expires=True),
    Exempt("logs", "expire_at", expires=True),
    Exempt("parts", "expire_at", expires=True),
    Exempt("logs", "packed"),
    Exempt("directory", "packed"),
    Exempt("weeks", "packed"),
    Exempt("weeks", "expire_at", expires=True),
    Exempt("exports", "expire_at", expires=True),
    Exempt("exports", "counts"),
    Exempt("export-items", "packed"),
    Exempt("export-items", "expire_at", expires=True),
    Exempt("export-sheets", "packed"),
    Exempt("export-sheets", "expire_at", expires=True),
    Exempt("lines", "results"),
    Exempt("lines", "before"),
    Exempt("lines", "people"),
    Exempt("lines", "expire_at", expires=True),
    Exempt("class-links", "by_hand"),
    Exempt("class-links", "marks"),
    Exempt("class-links", "people"),
    Exempt("coursework", "packed"),
    Exempt("coursework", "expire_at", expires=True),
    Exempt("parts", "value"),
)


def definition(indexes: Collection[Index], exempt: Collection[Exempt]) -> dict[str, Any]:
    """The contents of firestore.indexes.json, as the Firebase tools and our Terraform read it."""
    return {
        "indexes": [
            {
                "collectionGroup": index.group,
                "queryScope": "COLLECTION",
                "fields": [
                    *({"fieldPath": name, "order": "ASCENDING"} for name in sorted(index.equal)),
                    {"fieldPath": index.order, "order": "DESCENDING" if index.descending else "ASCENDING"},
                ],
            }
            for index in indexes
        ],
        "fieldOverrides": [
            {"collectionGroup": entry.group, "fieldPath": entry.field}
            | ({"ttl": True} if entry.expires else {})
            | {"indexes": []}
            for entry in exempt
        ],
    }


def as_json() -> str:
    """What infra/firestore.indexes.json must say."""
    return json.dumps(definition(INDEXES, EXEMPT), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_json())
