"""What lessons refer to in an answer of WebUntis: classes, groups, subjects, rooms, teachers, the hours of the day and
the school year (pure). Of a row that cannot be read there is nothing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shared.domain.timetable import Element, ElementKind, SchoolYear, Slot

# In master data; periods write the second one "studentgroups", so both spellings are read in both places.
_MASTER = {
    ElementKind.CLASS: ("classes",),
    ElementKind.GROUP: ("studentGroups", "studentgroups"),
    ElementKind.SUBJECT: ("subjects",),
    ElementKind.ROOM: ("rooms",),
    ElementKind.TEACHER: ("teachers",),
}


def elements(master: Mapping[str, Any]) -> Iterator[Element]:
    """Everything but people who attend; the name is the abbreviation that the school shows."""
    for kind, names in _MASTER.items():
        for row in _rows(master, *names):
            name, key = word(row.get("displayName")), word(row.get("externKey"))
            yield Element(kind, word(row["id"]), name, key, word(row.get("longName")))


def student_keys(master: Mapping[str, Any]) -> dict[str, str]:
    """The ID-nummer of each student's id, "" for those without; nothing else of them."""
    return {word(row["id"]): word(row.get("externKey")) for row in _rows(master, "students")}


def _rows(master: Mapping[str, Any], *names: str) -> Iterator[dict[str, Any]]:
    """The objects with an id in these lists."""
    for name in names:
        found = master.get(name)
        rows = found if isinstance(found, list) else ()
        yield from (row for row in rows if isinstance(row, dict) and word(row.get("id")))


def grids(found: Any) -> Iterator[tuple[str, tuple[Slot, ...]]]:
    """Each time grid with its id. Day 1 is Monday here, unlike in JSON-RPC."""
    for grid in found if isinstance(found, list) else ():
        slots = grid.get("timeGridSlots") if isinstance(grid, dict) else None
        if isinstance(slots, list):
            known = {slot for row in slots if (slot := _slot(row))}
            yield word(grid.get("id")), tuple(sorted(known, key=lambda slot: (slot.day, slot.start, slot.end)))


def _slot(row: Any) -> Slot | None:
    if not isinstance(row, dict):
        return None
    day, start, end = row.get("day"), _minutes(row.get("start")), _minutes(row.get("end"))
    if not isinstance(day, int) or not 1 <= day <= 7 or start is None or end is None or start >= end:
        return None
    return Slot(day, start, end, word(row.get("name")) or word(row.get("unitOfDay")))


def _minutes(clock: Any) -> int | None:
    """Minutes after midnight of 830, 1245 or 2400."""
    if not isinstance(clock, int) or not 0 <= clock <= 2400 or clock % 100 > 59:
        return None
    return clock // 100 * 60 + clock % 100


def school_year(header: Mapping[str, Any]) -> SchoolYear | None:
    """The year an answer says it is about; None when it names none, or none that can be."""
    try:
        first, last = (date.fromisoformat(str(header[f"schoolYear{end}"])[:10]) for end in ("Start", "End"))
    except (KeyError, ValueError):
        return None
    return SchoolYear(first, last) if first <= last else None


def word(value: Any) -> str:
    """A text or a number as text, stripped; "" for all else."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
