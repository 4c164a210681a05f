"""What a SIS that checks everything refuses in a line item or result, by the tables of OneRoster 1.1 and 1.2."""

import math
import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SCORES = {"exempt", "fully graded", "not submitted", "partially graded", "submitted"}


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _day(value: Any) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _yes_or_no(value: Any) -> bool:
    return value in ("true", "false")


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _ref(*kinds: str) -> Check:
    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and set(value) == {"href", "sourcedId", "type"}
            and str(value["href"]).startswith(("http://", "https://"))
            and _text(value["sourcedId"])
            and value["type"] in kinds
        )

    return check


_BASE: dict[str, Check] = {
    "sourcedId": lambda value: _text(value) and len(value) <= 255,
    "status": lambda value: value in ("active", "tobedeleted"),
    "dateLastModified": _time,
}
_ITEM: dict[str, Check] = _BASE | {
    "title": _text,
    "assignDate": _time,
    "dueDate": _time,
    "class": _ref("class"),
    "category": _ref("category"),
}
_MAY: dict[str, Check] = {"metadata": _object}
_BOUNDS: dict[str, Check] = {"resultValueMin": _number, "resultValueMax": _number}
_PERIOD: dict[str, Check] = {"gradingPeriod": _ref("academicSession")}
_GRADED: dict[str, Check] = _BASE | {
    "lineItem": _ref("lineItem"),
    "student": _ref("user"),
    "scoreStatus": lambda value: value in _SCORES or str(value).startswith("ext:"),
    "scoreDate": _day,
}

# (version, envelope) → the fields that have to be there, and those that may
_TABLES: dict[tuple[str, str], tuple[dict[str, Check], dict[str, Check]]] = {
    ("1.1", "lineItem"): (_ITEM | _PERIOD | _BOUNDS, _MAY | {"description": _text}),
    ("1.1", "result"): (_GRADED | {"score": _number}, _MAY | {"comment": _text}),
    ("1.2", "lineItem"): (
        _ITEM | {"school": _ref("org")},
        _MAY
        | _PERIOD
        | _BOUNDS
        | {"description": _text, "academicSession": _ref("academicSession"), "scoreScale": _ref("scoreScale")}
        | {"learningObjectiveSet": lambda value: isinstance(value, list)},
    ),
    ("1.2", "result"): (
        _GRADED,
        _MAY
        | {"score": _number, "textScore": _text, "comment": _text, "class": _ref("class")}
        | {"scoreScale": _ref("scoreScale"), "learningObjectiveSet": lambda value: isinstance(value, list)}
        | dict.fromkeys(("inProgress", "incomplete", "late", "missing"), _yes_or_no),
    ),
}


def mistakes(row: dict[str, Any], version: str, envelope: str) -> list[str]:
    """The fields that are missing, wrong or not of this version (1.1 passes over what it does not know)."""
    must, may = _TABLES[version, envelope]
    wrong = [name for name in must if name not in row]
    for name, value in row.items():
        check = must.get(name) or may.get(name)
        if (check is None and version == "1.2") or (check is not None and not check(value)):
            wrong.append(name)
    return wrong
