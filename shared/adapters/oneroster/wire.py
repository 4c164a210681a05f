"""OneRoster's rows as our values: pure, and lenient, because no two servers leave out the same things.

A row without an id is passed over, for nothing can be linked to it; a row that is marked for deletion is not there.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from shared.adapters.oneroster.dialect import LIST_KEY, LONGEST_ID
from shared.adapters.oneroster.paging import Row, row_id
from shared.adapters.oneroster.refusal import SERVICE
from shared.domain.gradebook import (
    Category,
    GradingPeriod,
    LineItem,
    Org,
    Result,
    ScoreStatus,
    SisClass,
    SisStudent,
    SisTeacher,
)
from shared.gradebook_port import SisRejected

_GONE = frozenset({"tobedeleted", "inactive"})  # 1.1 dropped "inactive" and says to read it so


def rows_in(body: Any, endpoint: str) -> list[Row]:
    """The rows of a list: under the key of the standard, else under the endpoint's own name, else bare.

    Raises SisRejected oneroster.unexpected_shape: absent or null is not empty.
    """
    found = body
    if isinstance(body, dict):
        found = next((body[key] for key in (LIST_KEY[endpoint], endpoint) if isinstance(body.get(key), list)), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SisRejected("oneroster.unexpected_shape", service=SERVICE, what=endpoint)
    return found


def one_in(body: Any, name: str) -> Row:
    """The single row in its envelope, or bare. Raises SisRejected oneroster.unexpected_shape."""
    found = body.get(name, body) if isinstance(body, dict) else None
    if not isinstance(found, dict) or not row_id(found):
        raise SisRejected("oneroster.unexpected_shape", service=SERVICE, what=name)
    return found


def living(rows: Iterable[Row]) -> list[Row]:
    """Those not marked for deletion."""
    return [row for row in rows if not deleted(row)]


def deleted(row: Row) -> bool:
    return _text(row, "status").lower() in _GONE


def org(row: Row) -> Org:
    return Org(row_id(row), _text(row, "name"), _text(row, "type"), _text(row, "identifier"))


def teacher(row: Row) -> SisTeacher:
    return SisTeacher(row_id(row), _text(row, "email"), _text(row, "givenName"), _text(row, "familyName"))


def student(row: Row) -> SisStudent:
    names = (_text(row, name) for name in ("email", "identifier", "givenName", "familyName"))
    return SisStudent(row_id(row), *names)


def school_class(row: Row) -> SisClass:
    terms = row.get("terms")
    ids = tuple(id for term in terms if (id := ref(term))) if isinstance(terms, list) else ()
    return SisClass(row_id(row), _text(row, "title"), _text(row, "classCode"), ref(row.get("school")), ids)


def category(row: Row) -> Category:
    return Category(row_id(row), _text(row, "title"), number(row.get("weight")))


def of_class(row: Row) -> str:
    """The class a category says it is for (Aspen's `metadata.classId`); "" when it does not say."""
    metadata = row.get("metadata")
    return _text(metadata, "classId") if isinstance(metadata, dict) else ""


def grading_period(row: Row) -> GradingPeriod | None:
    """None for a term or a year, and for one without both its days."""
    first, last = day(row.get("startDate")), day(row.get("endDate"))
    if first is None or last is None or _text(row, "type") not in ("gradingPeriod", ""):
        return None
    return GradingPeriod(row_id(row), _text(row, "title"), first, last)


def line_item(row: Row) -> LineItem:
    return LineItem(
        id=row_id(row),
        class_id=ref(row.get("class")),
        title=_text(row, "title"),
        description=_text(row, "description"),
        assigned=moment(row.get("assignDate")),
        due=moment(row.get("dueDate")),
        category=ref(row.get("category")),
        grading_period=ref(row.get("gradingPeriod")) or ref(row.get("academicSession")),
        school=ref(row.get("school")),
        minimum=number(row.get("resultValueMin")),
        maximum=number(row.get("resultValueMax")),
    )


def result(row: Row) -> Result:
    return Result(
        id=row_id(row),
        line_item=ref(row.get("lineItem")),
        student=ref(row.get("student")),
        status=_STATUS.get("".join(_text(row, "scoreStatus").lower().replace("_", " ").split())),
        score=number(row.get("score")),
        scored=day(row.get("scoreDate")),
        comment=_text(row, "comment"),
    )


_STATUS = {status.value.replace(" ", ""): status for status in ScoreStatus}  # "fully graded", also "fullyGraded"


def ref(value: Any) -> str:
    """The id in a reference, whose `href` is not looked at; "" for none."""
    return row_id(value) if isinstance(value, dict) else ""


def number(value: Any) -> float | None:
    """A finite number, also one that comes as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def day(value: Any) -> date | None:
    """A date, also the one in a dateTime, as it stands there."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def moment(value: Any) -> datetime | None:
    """An aware time in UTC. Without an offset it is read as UTC, which is what the standard asks for."""
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        if found is None:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def allocated(body: Any, name: str, supplied: str) -> str:
    """The id that the answer to a write names for what we called `supplied`; `supplied` when it names none."""
    if not isinstance(body, dict):
        return supplied
    pairs = body.get("sourcedIdPairs")
    for pair in pairs if isinstance(pairs, list) else [body.get("sourcedIdPair", body)]:
        if isinstance(pair, dict) and pair.get("suppliedSourcedId") in (supplied, None):
            found = pair.get("allocatedSourcedId")
            if isinstance(found, str) and usable_id(found):
                return found
    inside = body.get(name)
    found = row_id(inside) if isinstance(inside, dict) else ""
    return found if usable_id(found) else supplied


def usable_id(id: str) -> bool:
    """Whether this may be an id: some text of at most 255 characters, none of them a control character."""
    return 0 < len(id) <= LONGEST_ID and id.isprintable()


def _text(row: Mapping[str, Any], name: str) -> str:
    """A field as text, stripped; "" for null, absent, or of another kind."""
    value = row.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
