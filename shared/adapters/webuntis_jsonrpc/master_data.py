"""WebUntis' lists as JSON-RPC tells them: school years, classes, holidays, hours, names and people; pure.

Of a person only what links is looked at. Dates are numbers (20130107), times too (800), both in school time.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.adapters.webuntis_jsonrpc.wire import LIST, SERVICE
from shared.domain.people import Person, Role
from shared.domain.timetable import Element, ElementKind, Holiday, SchoolYear, Slot
from shared.errors import Rejected
from shared.values import dataclass

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Year:
    """A school year under WebUntis' number; classes have other ids in each."""

    id: int
    days: SchoolYear


def _rows(result: Any, method: str) -> list[Row]:
    rows = result if isinstance(result, list) else None
    if rows is None or not all(isinstance(row, dict) for row in rows):
        raise Rejected("webuntis.no_list", service=SERVICE, list=LIST[method])
    return rows


def day_of(number: Any) -> date:
    """20130107 → 7 January 2013. Raises ValueError, TypeError."""
    number = int(number)
    return date(number // 10_000, number // 100 % 100, number % 100)


def years(result: Any) -> tuple[Year, ...]:
    """All of them; a year that cannot be read makes the whole list worthless."""
    try:
        return tuple(
            Year(int(row["id"]), SchoolYear(day_of(row["startDate"]), day_of(row["endDate"])))
            for row in _rows(result, "getSchoolyears")
        )
    except (KeyError, TypeError, ValueError) as err:
        raise _unusable("getSchoolyears") from err


def ids(result: Any, method: str) -> tuple[int, ...]:
    """Of those that are not marked as no longer active."""
    try:
        return tuple(int(row["id"]) for row in _rows(result, method) if row.get("active") is not False)
    except (KeyError, TypeError, ValueError) as err:
        raise _unusable(method) from err


def holidays(result: Any) -> tuple[Holiday, ...]:
    """Those that can be read."""
    found = []
    for row in _rows(result, "getHolidays"):
        try:
            name = _text(row, "longName") or _text(row, "name")
            found.append(Holiday(name, day_of(row["startDate"]), day_of(row["endDate"])))
        except (KeyError, TypeError, ValueError):
            continue
    return tuple(found)


def grid(result: Any) -> tuple[Slot, ...]:
    """Those hours that can be read, with ISO days: JSON-RPC counts from Sunday = 1, unlike REST."""
    found = []
    for row in _rows(result, "getTimegridUnits"):
        day = row.get("day")
        if not isinstance(day, int) or not 1 <= day <= 7:
            continue
        for unit in row.get("timeUnits") or ():
            try:
                start, end = _minutes(unit["startTime"]), _minutes(unit["endTime"])
                found.append(Slot((day - 2) % 7 + 1, start, end, _text(unit, "name")))
            except (KeyError, TypeError, ValueError):
                continue
    return tuple(found)


def names(result: Any, kind: ElementKind, method: str) -> tuple[Element, ...]:
    """Those elements of one kind that can be read, for periods that came with bare ids."""
    found = []
    for row in _rows(result, method):
        try:
            found.append(Element(kind, str(row["id"]), _text(row, "name"), long_name=_text(row, "longName")))
        except (KeyError, TypeError):
            continue
    return tuple(found)


def people(result: Any, role: Role) -> tuple[Person, ...]:
    """All of them. A teacher's `key` is always "": JSON-RPC tells it in timetables only.

    Raises Rejected "webuntis.list_incomplete" for a row that cannot be read, or one id with two faces: without it a
    namesake would look like the only one.
    """
    found: dict[str, Person] = {}
    method = "getStudents" if role is Role.STUDENT else "getTeachers"
    for row in _rows(result, method):
        try:
            person = Person(
                id=str(int(row["id"])),
                role=role,
                key=_text(row, "key") if role is Role.STUDENT else "",
                first_name=_text(row, "foreName"),
                last_name=_text(row, "longName"),
                short_name=_text(row, "name"),
            )
        except (KeyError, TypeError, ValueError) as err:
            raise _unusable(method) from err
        if found.setdefault(person.id, person) != person:
            raise _unusable(method, "one_id_twice")
    return tuple(found.values())


def touching(holidays: Iterable[Holiday], first: date, last: date) -> tuple[Holiday, ...]:
    """Those that share a day with these."""
    return tuple(each for each in holidays if each.first <= last and first <= each.last)


def _minutes(time: Any) -> int:
    hours, minutes = divmod(int(time), 100)
    return hours * 60 + minutes


def _text(row: Row, name: str) -> str:
    """Stripped; "" for what is missing or null. A number is a text of digits. Raises TypeError for anything else."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(name)
    return str(value).strip()


def _unusable(method: str, why: str = "unusable_rows") -> Rejected:
    return Rejected("webuntis.list_incomplete", service=SERVICE, list=LIST[method], why=why)
