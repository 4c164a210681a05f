"""The `fields` parameter of Google's APIs: "nextPageToken,students(userId,profile(name))" leaves out the rest.

https://cloud.google.com/apis/docs/system-parameters, and "partial response" in the guides of Google's APIs.
"""

import re
from typing import Any

_TOKEN = re.compile(r"[A-Za-z0-9_*]+|[(),]")


class FieldsError(ValueError):
    """The selection cannot be read."""


Wanted = dict[str, Any]  # name → what of it; {} is all of it


def only(value: Any, fields: str) -> Any:
    """What of a JSON value is selected. Raises FieldsError."""
    tokens = _TOKEN.findall(fields)
    if "".join(tokens) != fields:
        raise FieldsError(fields)
    wanted = _names(tokens)
    if tokens:
        raise FieldsError(fields)
    return _selected(value, wanted)


def _names(tokens: list[str]) -> Wanted:
    """Reads names from the front of `tokens`, up to a closing bracket or the end."""
    wanted: Wanted = {}
    while True:
        if not tokens or tokens[0] in "(),":
            raise FieldsError
        name = tokens.pop(0)
        wanted[name] = {}
        if tokens[:1] == ["("]:
            tokens.pop(0)
            wanted[name] = _names(tokens)
            if tokens[:1] != [")"]:
                raise FieldsError
            tokens.pop(0)
        if tokens[:1] != [","]:
            return wanted
        tokens.pop(0)


def _selected(value: Any, wanted: Wanted) -> Any:
    if not wanted or "*" in wanted:
        return value
    if isinstance(value, list):
        return [_selected(each, wanted) for each in value]
    if isinstance(value, dict):
        return {name: _selected(each, wanted[name]) for name, each in value.items() if name in wanted}
    return value
