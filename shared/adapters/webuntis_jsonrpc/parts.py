"""Who and what takes part in a period: what is there now beside what was planned, and what they are called; pure.

A substitution often shows only in `orgid` ("the one replaced"), with no `code` (fact sheet 1.3, quirk 1): so what was
planned is compared with what is, and the code is not relied on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from shared.domain.timetable import Change, Element, ElementKind, Ref

_NOW = ("name", "externalkey", "longname")
_BEFORE = ("orgname", "orgexternalkey", "orglongname")

Entry = Mapping[str, Any]
# What is there now, regular if it was planned so, else added; then what was planned and is not there. Is it different?
Compared = tuple[tuple[Ref, ...], bool]
_NOTHING: Compared = (), False


class Parts:
    """The elements of one kind that any period told of. Methods raise TypeError or AttributeError for a wrong shape."""

    def __init__(self, kind: ElementKind) -> None:
        self._kind = kind
        self._elements: dict[str, Element] = {}
        self._met: dict[tuple[Any, ...], tuple[list[Entry], Compared]] = {}  # by their ids, as they came last

    @property
    def elements(self) -> tuple[Element, ...]:
        return tuple(self._elements.values())

    def compared(self, entries: list[Entry] | None) -> Compared:
        """The part these play in their period."""
        if not entries:
            return _NOTHING
        ids = tuple([entry.get("id") for entry in entries])
        met = self._met.get(ids)  # nearly always the same few lists, letter for letter
        if met is None or met[0] != entries:
            met = self._met[ids] = entries, self._compare(entries)
        return met[1]

    def name(self, known: Iterable[Element]) -> None:
        """Give abbreviations and long names to what came without them."""
        for told in known:
            if told.kind is self._kind and (each := self._elements.get(told.id)) and not each.name:
                self._elements[told.id] = replace(told, key=each.key)

    def _compare(self, entries: list[Entry]) -> Compared:
        now: dict[str, None] = {}
        planned: dict[str, None] = {}
        for entry in entries:
            # 0 is nobody: a teacher who fell out and was not replaced is {"id": 0, "orgid": 22}.
            if id := str(entry.get("id") or ""):
                now[id] = None
                self._learn(id, entry, _NOW)
            if was := str(entry.get("orgid") or ""):
                planned[was] = None
                self._learn(was, entry, _BEFORE)
            elif id:
                planned[id] = None
        here = [Ref(id, Change.REGULAR if id in planned else Change.ADDED) for id in now]
        gone = [Ref(was, Change.REMOVED) for was in planned if was not in now]
        return (*here, *gone), now.keys() != planned.keys()

    def _learn(self, id: str, entry: Entry, fields: tuple[str, str, str]) -> None:
        """Its names and key; what one period leaves out another may tell."""
        name, key, long_name = (text(entry.get(field)) for field in fields)
        old = self._elements.get(id) or Element(self._kind, id, "")
        self._elements[id] = Element(self._kind, id, old.name or name, old.key or key, old.long_name or long_name)


def text(value: Any) -> str:
    """Stripped; "" for anything but a text or a number."""
    return str(value).strip() if isinstance(value, str | int) else ""
