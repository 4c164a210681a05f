"""What msgspec says about a wrong value → a place, a code and facts of ours; never a piece of what was sent."""

import re
from collections.abc import Mapping

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")  # what may be repeated as the name of a field
_PLACE = re.compile(r" - at `([^`]*)`$")
_KINDS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}

# msgspec's messages → our codes. Only parts that come from our own types are kept: the rest may quote the caller.
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Object missing required field `(?P<field>[^`]+)`"), "request.field_missing"),
    (re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL), "request.field_unknown"),
    (re.compile(r"Expected `(?P<expected>[a-z |]+)`, got `(?P<got>[a-z]+)`"), "request.field_type"),
    (re.compile(r"Expected `[a-z |]+` of length (?P<limit>[<>=]+ \d+)"), "request.field_length"),
    (re.compile(r"Expected `[a-z |]+` (?P<limit>[<>=]+ [-\d.]+)"), "request.field_size"),
    (re.compile(r"Expected `str` matching regex"), "request.field_form"),
    (re.compile(r"Invalid enum value"), "request.field_choice"),
)


def told(message: str) -> tuple[str, str, tuple[tuple[str, str | int], ...]]:
    """Where, which code, and what may be said about it."""
    found = _PLACE.search(message)
    pointer = _pointer(found[1]) if found else ""
    for pattern, code in _MISTAKES:
        if told := pattern.match(message[: found.start()] if found else message):
            return _placed(pointer, code, told.groupdict())
    return pointer, "request.field_value", ()


def _placed(pointer: str, code: str, facts: Mapping[str, str]) -> tuple[str, str, tuple[tuple[str, str | int], ...]]:
    name = facts.get("field", "")
    if name and not NAME.fullmatch(name):
        return pointer, code, (("field", "?"),)  # a key that is no name may be somebody's data: it is not repeated
    kinds = {key: " | ".join(_KINDS.get(each, each) for each in text.split(" | ")) for key, text in facts.items()}
    return f"{pointer}/{name}" if name else pointer, code, tuple(kinds.items())


def _pointer(path: str) -> str:
    """`$.users[3].nummer` → /users/3/nummer; a key of a free-form object ends it, for such a key is data."""
    known, _, _ = path.removeprefix("$").partition("[...]")
    return re.sub(r"\[(\d+)\]", r"/\1", known).replace(".", "/") if path.startswith("$") else ""
