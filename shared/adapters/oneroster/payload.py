"""Our items and results as OneRoster writes: pure, and such that servers which check everything take them, and those
which check nothing understand them.

So: full references, nothing empty, dates as dates, times in UTC with milliseconds, no field of another version.
"""

import math
from datetime import UTC, datetime
from typing import Any

from shared.adapters.oneroster.dialect import Dialect
from shared.adapters.oneroster.refusal import SERVICE
from shared.adapters.oneroster.wire import usable_id
from shared.domain.gradebook import LineItem, Result, ScoreStatus
from shared.gradebook_port import SisRejected


def line_item_body(item: LineItem, dialect: Dialect, prefix: str, now: datetime) -> dict[str, Any]:
    """The body of PUT lineItems. What the item does not state is left out: whether that is allowed, the SIS knows.

    Raises SisRejected oneroster.unsendable for an id, a number or a title that no SIS can take.
    """
    row: dict[str, Any] = {**_head(item.id, now), "title": _sendable(item.title, "title")}
    optional = {
        "description": item.description,
        "assignDate": _time(item.assigned),
        "dueDate": _time(item.due),
        "class": _ref(dialect.rostering_url(prefix, "classes", item.class_id), item.class_id, "class"),
        "school": _ref(dialect.rostering_url(prefix, "orgs", item.school), item.school, "org")
        if dialect.item_has_school
        else None,
        "category": _ref(dialect.gradebook_url(prefix, "categories", item.category), item.category, "category"),
        "gradingPeriod": _ref(
            dialect.rostering_url(prefix, "gradingPeriods", item.grading_period),
            item.grading_period,
            "academicSession",  # the reference's kind is that of the list it is in, whatever the field is called
        ),
        "resultValueMin": _number(item.minimum, "resultValueMin"),
        "resultValueMax": _number(item.maximum, "resultValueMax"),
    }
    return {"lineItem": row | _stated(optional)}


def result_body(item: LineItem, result: Result, dialect: Dialect, prefix: str, now: datetime) -> dict[str, Any]:
    """The body of PUT results. Where the version demands a score and there is none, it is the item's minimum: the
    status says that it is no grade. Raises as `line_item_body`."""
    if result.status is None:
        raise SisRejected("oneroster.unsendable", service=SERVICE, field="scoreStatus")
    score = result.score
    if score is None and dialect.score_required:
        if result.status in (ScoreStatus.GRADED, ScoreStatus.PARTLY_GRADED):
            raise SisRejected("oneroster.unsendable", service=SERVICE, field="score")  # a missing grade is not a zero
        score = item.minimum or 0.0
    optional = {
        "lineItem": _ref(dialect.gradebook_url(prefix, "lineItems", item.id), item.id, "lineItem"),
        "student": _ref(dialect.rostering_url(prefix, "users", result.student), result.student, "user"),
        "scoreStatus": result.status.value,
        "score": _number(score, "score"),
        "scoreDate": (result.scored or now.date()).isoformat(),
        "comment": result.comment,
        "missing": "true" if dialect.marks_missing and result.status is ScoreStatus.NOT_SUBMITTED else None,
    }
    return {"result": _head(result.id, now) | _stated(optional)}


def _head(id: str, now: datetime) -> dict[str, Any]:
    return {"sourcedId": _id(id), "status": "active", "dateLastModified": _time(now)}


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is not stated: strict servers refuse "" and null."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def _ref(href: str, id: str, kind: str) -> dict[str, str] | None:
    return {"href": href, "sourcedId": _id(id), "type": kind} if id else None


def _time(when: datetime | None) -> str | None:
    if when is None:
        return None
    if when.tzinfo is None:
        raise SisRejected("oneroster.unsendable", service=SERVICE, field="time")
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: float | None, field: str) -> float | None:
    if value is not None and not math.isfinite(value):
        raise SisRejected("oneroster.unsendable", service=SERVICE, field=field)
    return value


def _sendable(text: str, field: str) -> str:
    if not text.strip():
        raise SisRejected("oneroster.unsendable", service=SERVICE, field=field)
    return text


def _id(id: str) -> str:
    if not usable_id(id):
        raise SisRejected("oneroster.unsendable", service=SERVICE, field="sourcedId")
    return id
