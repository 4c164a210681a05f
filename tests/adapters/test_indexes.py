"""infra/firestore.indexes.json says what the adapters were told."""

from pathlib import Path

from shared.adapters.indexes import Exempt, Index, as_json, definition

ROOT = Path(__file__).parents[2]


def test_the_file_that_terraform_reads_is_up_to_date() -> None:
    """If not: python -m shared.adapters.indexes > infra/firestore.indexes.json"""
    assert (ROOT / "infra/firestore.indexes.json").read_text() == as_json()


def test_an_index_lists_its_equalities_before_its_order() -> None:
    told = definition([Index("runs", frozenset({"trigger", "outcome"}), "started", descending=True)], [])
    assert told["indexes"] == [
        {
            "collectionGroup": "runs",
            "queryScope": "COLLECTION",
            "fields": [
                {"fieldPath": "outcome", "order": "ASCENDING"},
                {"fieldPath": "trigger", "order": "ASCENDING"},
                {"fieldPath": "started", "order": "DESCENDING"},
            ],
        }
    ]


def test_an_exempt_field_has_no_indexes_and_may_be_what_documents_expire_by() -> None:
    told = definition([], [Exempt("weeks", "packed"), Exempt("runs", "expire_at", expires=True)])
    assert told["fieldOverrides"] == [
        {"collectionGroup": "weeks", "fieldPath": "packed", "indexes": []},
        {"collectionGroup": "runs", "fieldPath": "expire_at", "ttl": True, "indexes": []},
    ]
