"""An answer of WebUntis' timetable, from JSON to lessons: pure, and each row by itself, so that one that cannot be
understood is counted and harms no other.

Of students only the ID-nummer gets any further; notes and other free texts, who booked, and absences are never looked
at. Null is missing and unknown keys are ignored: no public source shows a real answer (fact sheet 5). Read after the
vendor's OpenAPI file of v3 (2023-07) and its changes of 2023-11.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from shared.adapters.webuntis.master_data import elements, grids, school_year, student_keys, word
from shared.domain.timetable import Change, Element, Kind, Lesson, Ref, SchoolYear, Slot, Status
from shared.errors import Rejected

Body = dict[str, msgspec.Raw]  # an answer, its parts not yet read

# Every type and status of the vendor's file. The text of the file says ADDED where its list says ADDITIONAL.
_KIND = {
    "NORMAL_TEACHING_PERIOD": Kind.LESSON,
    "ADDITIONAL_PERIOD": Kind.ADDITIONAL,
    "STAND_BY_PERIOD": Kind.STANDBY,
    "OFFICE_HOUR": Kind.OFFICE_HOUR,
    "EXAM": Kind.EXAM,
    "BREAK_SUPERVISION": Kind.BREAK_SUPERVISION,
    "EVENT": Kind.EVENT,
    "MEETING": Kind.MEETING,
}
_STATUS = {
    "REGULAR": Status.REGULAR,
    "CANCELLED": Status.CANCELLED,
    "CHANGED": Status.CHANGED,
    "ADDITIONAL": Status.ADDED,
    "ADDED": Status.ADDED,
}
_CHANGE = {"ADDED": Change.ADDED, "REMOVED": Change.REMOVED}  # all else takes part: REGULAR
_END_OF_DAY = re.compile(r"24:00(:00(\.0+)?)?")  # ISO 8601-1:2019 has it again; Python 3.11 has not
_NOTHING = msgspec.Raw(b"null")

_Id = int | str | None


class _Part(msgspec.Struct, gc=False):
    id: _Id = None
    status: str | None = None


_Parts = list[_Part] | None


class _Exam(msgspec.Struct, gc=False):
    name: str | None = None


class _Period(msgspec.Struct, rename="camel"):
    id: _Id = None
    lesson_id: _Id = None
    start: str | None = None
    end: str | None = None
    modified: Any = None
    type: str | None = None
    status: str | None = None
    classes: _Parts = None
    studentgroups: _Parts = None
    student_groups: _Parts = None
    subjects: _Parts = None
    rooms: _Parts = None
    teachers: _Parts = None
    students: msgspec.Raw = _NOTHING  # read once for all lessons of a class: they hold the same bytes
    exam: _Exam | None = None
    icons: Any = None
    timegrid_id: _Id = None
    related_period: Any = None
    source_period: Any = None
    destination_period: Any = None
    initial_period: Any = None


class _Data(msgspec.Struct, rename="camel"):
    periods: list[msgspec.Raw] | None = None
    time_grids: Any = None


_DATA = msgspec.json.Decoder(_Data)
_PERIOD = msgspec.json.Decoder(_Period)
_PARTS = msgspec.json.Decoder(_Parts)


class _Unreadable(Exception):
    """This row is no lesson that we understand; its text is the reason."""


@dataclass(frozen=True, slots=True)
class TimetablePage:
    """One page as understood. `rows` are the ids of all its periods in the order they came, "" where one has none.

    `unreadable` are those left out, as they came, with the reason: malformed, no_id, no_time, end_before_start.
    `strange` counts lessons of a type or status that we do not know. `tenant` is the school the page says it is about,
    "" when it does not say.
    `used` counts the lessons of each time grid.
    """

    rows: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    unreadable: Mapping[bytes, str]
    elements: tuple[Element, ...]
    grids: Mapping[str, tuple[Slot, ...]]
    used: Counter[str]
    year: SchoolYear | None
    tenant: str
    strange: int


def timetable_page(body: Body, *, zone: ZoneInfo, seen: datetime) -> TimetablePage:
    """The page in an answer of GET …/timetable. Raises Rejected webuntis.no_list when there is no timetable in it.

    `zone`: the school's, which every time in the answer is in without saying so.
    """
    try:
        data = _DATA.decode(body["timetableData"])
    except (KeyError, msgspec.ValidationError) as err:
        raise Rejected("webuntis.no_list", service="webuntis", list="timetable") from err
    master = _object(body.get("masterData"))
    header = _object(body.get("headerData"))
    reader = _Reader(student_keys(master), zone, seen)
    rows: list[str] = []
    lessons: list[Lesson] = []
    unreadable: dict[bytes, str] = {}
    used: Counter[str] = Counter()
    for raw in data.periods or ():
        period = None
        try:
            period = _PERIOD.decode(raw)
            lessons.append(reader.lesson(period))
            used[_id(period.timegrid_id)] += 1
        except _Unreadable as err:
            unreadable[bytes(raw)] = str(err)
        except msgspec.ValidationError:
            unreadable[bytes(raw)] = "malformed"
        rows.append(_id(period.id) if period else "")
    school = header.get("school")
    return TimetablePage(
        rows=tuple(rows),
        lessons=tuple(lessons),
        unreadable=unreadable,
        elements=tuple(elements(master)),
        grids=dict(grids(data.time_grids)),
        used=used,
        year=school_year(header),
        tenant=word(school.get("tenantId")) if isinstance(school, dict) else "",
        strange=sum(Kind.OTHER is each.kind or Status.OTHER is each.status for each in lessons),
    )


def deleted_ids(body: Any) -> frozenset[str]:
    """The ids in an answer of GET …/deleted-periods, a bare array. Raises Rejected webuntis.no_list."""
    if not isinstance(body, list) or not all(word(each) for each in body):
        raise Rejected("webuntis.no_list", service="webuntis", list="deleted-periods")
    return frozenset(word(each) for each in body)


@dataclass(slots=True)
class _Reader:
    """Makes lessons of the periods of one page."""

    keys: Mapping[str, str]  # a student's id → ID-nummer
    zone: ZoneInfo
    seen: datetime
    groups: dict[bytes, tuple[tuple[str, ...] | None, int]] = field(default_factory=dict)

    def lesson(self, period: _Period) -> Lesson:
        id = _id(period.id)
        if not id:
            raise _Unreadable("no_id")
        start, end = _span(period, self.zone)
        students, unkeyed = self._students(bytes(period.students))
        status = _STATUS.get(period.status or "", Status.OTHER)
        moved_from, moved_to = _moved(period, id, status)
        return Lesson(
            id=id,
            start=start,
            end=end,
            seen=self.seen,
            lesson=_id(period.lesson_id),
            kind=_KIND.get(period.type or "", Kind.OTHER),
            status=status,
            classes=_refs(period.classes),
            groups=_refs(period.studentgroups or period.student_groups),
            subjects=_refs(period.subjects),
            rooms=_refs(period.rooms),
            teachers=_refs(period.teachers),
            students=students,
            unkeyed=unkeyed,
            moved_from=moved_from,
            moved_to=moved_to,
            exam=word(period.exam.name) if period.exam else "",
            online=isinstance(period.icons, list) and "ONLINE" in period.icons,
            modified=moment(period.modified, self.zone),
        )

    def _students(self, raw: bytes) -> tuple[tuple[str, ...] | None, int]:
        """The ID-nummers of who is in it, and how many there are besides; None when the answer does not tell."""
        if raw not in self.groups:
            parts = _PARTS.decode(raw)
            there = {_id(part.id) for part in parts or () if part.status != "REMOVED"}
            keys = {self.keys.get(id, "") for id in there} - {""}
            unkeyed = sum(not self.keys.get(id) for id in there)
            self.groups[raw] = (None if parts is None else tuple(sorted(keys)), unkeyed)
        return self.groups[raw]


def _span(period: _Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = moment(period.start, zone), moment(period.end, zone)
    if start is None or end is None:
        raise _Unreadable("no_time")
    if end.astimezone(UTC) < start.astimezone(UTC):
        # In the hour that comes twice in October, 2:40 to 2:10 ends in its second round.
        end = moment(period.end, zone, fold=1) or end
    if end.astimezone(UTC) < start.astimezone(UTC):
        raise _Unreadable("end_before_start")
    return start, end


def moment(text: Any, zone: ZoneInfo, *, fold: int = 0) -> datetime | None:
    """A time on the school's clock, aware; None for what is no time.

    A time that comes twice is the first (or, with `fold=1`, the second) one; one that the clock skips is as much later.
    "T24:00" is the next midnight. A time with an offset of its own, which the vendor never shows, is believed.
    """
    if not isinstance(text, str):
        return None
    day, _, clock = text.strip().partition("T")
    try:
        if _END_OF_DAY.fullmatch(clock):
            found = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time())
        else:
            found = datetime.fromisoformat(text.strip())
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone, fold=fold)
        return found.astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _moved(period: _Period, id: str, status: Status) -> tuple[str, str]:
    """(moved_from, moved_to). WebUntis moves by cancelling here and adding there.

    `relatedPeriod` (until 2023-10) does not say which of the two it is; but what is cancelled is where the lesson was,
    and what takes place is where it went.
    """
    related, source, to, initial = (
        _other(each, id)
        for each in (period.related_period, period.source_period, period.destination_period, period.initial_period)
    )
    if status is Status.CANCELLED:
        return source, to or related
    return source or related or initial, to


def _other(value: Any, id: str) -> str:
    """The id of another period; the spec does not show whether it comes bare or in an object."""
    found = word(value.get("id") if isinstance(value, dict) else value)
    return "" if found == id else found


def _refs(parts: _Parts) -> tuple[Ref, ...]:
    return tuple(
        Ref(id, _CHANGE.get(part.status or "", Change.REGULAR)) for part in parts or () if (id := _id(part.id))
    )


def _object(raw: msgspec.Raw | None) -> dict[str, Any]:
    found = msgspec.json.decode(raw) if raw else None
    return found if isinstance(found, dict) else {}


def _id(value: _Id) -> str:
    return "" if value is None else str(value).strip()
