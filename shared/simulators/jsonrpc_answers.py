"""What the JSON-RPC server tells of a school: its lists, and the timetable of one element, in the shape of the wire.

Empty fields are left out, days and times are numbers, and of an element only the fields asked for are told.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from shared.simulators.jsonrpc_school import (
    CLASS,
    ROOM,
    STUDENT,
    SUBJECT,
    TEACHER,
    JsonRpcSchool,
    Name,
    Period,
    Place,
    Year,
)

Row = dict[str, Any]

_GAP = 'Cannot invoke "com.grupet.web.basic.Schoolyear.getEndDate()" because "schoolyear" is null'
_FIELDS = {CLASS: "klasseFields", TEACHER: "teacherFields", SUBJECT: "subjectFields", ROOM: "roomFields"}
_LISTS = {"getTeachers": TEACHER, "getStudents": STUDENT, "getSubjects": SUBJECT, "getRooms": ROOM}


class RpcError(Exception):
    """What the server answers instead of a result."""

    def __init__(self, code: int, message: str, status: int = 200) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


def _number(day: date) -> int:
    return int(f"{day:%Y%m%d}")


def master_list(school: JsonRpcSchool, method: str, params: Row) -> list[Row]:
    """The rows of any method but getTimetable."""
    lists = school.lists
    match method:
        case "getKlassen":
            year = next((year for year in lists.years if year.id == params.get("schoolyearId")), lists.years[-1])
            return [
                {"id": year.class_id(n), "name": each.short, "longName": each.long, "active": True}
                for n, each in lists.elements[CLASS].items()
            ]
        case "getHolidays":
            return [
                {"id": n, "name": name[:6], "longName": name, "startDate": _number(a), "endDate": _number(b)}
                for n, (name, a, b) in enumerate(lists.holidays, start=1)
            ]
        case "getTimegridUnits":  # day 1 is Sunday
            units = [{"name": str(n), "startTime": a, "endTime": b} for n, (a, b) in enumerate(lists.hours, start=1)]
            return [{"day": day, "timeUnits": units} for day in range(2, 7)]
        case "getSchoolyears":
            return [
                {"id": year.id, "name": f"{year.first:%Y}/{year.last:%Y}", "startDate": _number(year.first),
                 "endDate": _number(year.last)}
                for year in lists.years
            ]  # fmt: skip
    kind = _LISTS[method]
    return [_listed(n, each, kind) for n, each in lists.elements[kind].items()]


def _listed(number: int, name: Name, kind: int) -> Row:
    row: Row = {"id": number, "name": name.short, "longName": name.long}
    if kind == TEACHER:
        return row | {"foreName": name.first, "title": "", "active": True, "dids": []}
    if kind == STUDENT:
        return row | {"foreName": name.first, "gender": "female"} | ({"key": name.key} if name.key else {})
    return row


def timetable(school: JsonRpcSchool, params: Row) -> list[Row]:
    """The periods of one element; the simple form of the question has no `options`, and tells ids only."""
    options = params.get("options", params)
    element = options.get("element", options)
    try:
        first, last = (
            date.fromisoformat(str(options[name])) if name in options else date.today()  # noqa: DTZ011
            for name in ("startDate", "endDate")
        )
    except ValueError as err:
        raise RpcError(-32602, "bad date") from err
    kind = element.get("type")
    if kind not in (CLASS, TEACHER, SUBJECT, ROOM, STUDENT):
        raise RpcError(-7001, "invalid elementType")
    if kind not in school.views:
        raise RpcError(-8509, "no right for timetable")
    year = school.year_of(first)
    if year is None and school.year_of(last) is None:
        raise RpcError(-8998, _GAP)
    if year is None or school.year_of(last) is not year:
        raise RpcError(-8507, "startDate and endDate are not within a single school year.")
    wanted = _wanted(school, kind, element, year)
    if school.visible:  # what may not be seen is cut off without a word
        first, last = max(first, school.visible[0]), min(last, school.visible[1])
    if first > last:
        raise RpcError(-7004, "no allowed date")
    return [
        _period(school, each, options, year) for each in school.periods(first, last) if _takes_part(each, kind, wanted)
    ]


def _wanted(school: JsonRpcSchool, kind: int, element: Row, year: Year) -> int:
    """The number of the element that was asked for. Raises -7002."""
    asked = str(element.get("id") or "")
    for number, name in school.lists.elements[kind].items():
        ids = {
            "id": str(year.class_id(number) if kind == CLASS else number),
            "externalkey": name.key,
            "name": name.short,
        }
        if asked and ids.get(element.get("keyType", "id")) == asked:
            return number
    raise RpcError(-7002, "invalid elementId")


def _takes_part(period: Period, kind: int, wanted: int) -> bool:
    """Also whoever was replaced: a teacher sees that somebody else has the lesson."""
    if kind == CLASS:
        return wanted in period.classes
    if kind == STUDENT:
        return wanted in period.students
    places = {TEACHER: period.teachers, SUBJECT: period.subjects, ROOM: period.rooms}[kind]
    return any(wanted in place for place in places)


def _period(school: JsonRpcSchool, period: Period, options: Row, year: Year) -> Row:
    """As the wire has it: what is empty is left out."""

    def parts(kind: int, places: tuple[Place, ...]) -> list[Row]:
        return [dict(_part(school, kind, place, options)) for place in places]

    classes = [
        row | {"id": year.class_id(row["id"])} for row in parts(CLASS, tuple((each, 0) for each in period.classes))
    ]
    shown = {
        "kl": classes,
        "te": parts(TEACHER, period.teachers),
        "su": parts(SUBJECT, period.subjects),
        "ro": parts(ROOM, period.rooms),
        "lsnumber": period.number if options.get("showLsNumber") else 0,
        "sg": period.group if options.get("showStudentgroup") else "",
        "substText": period.text if options.get("showSubstText") else "",
        "lstype": period.lstype,
        "code": period.code,
        "activityType": period.activity,
    }
    times = {"date": _number(period.day), "startTime": period.start, "endTime": period.end}
    return {"id": period.id, **times, **{key: value for key, value in shown.items() if value}}


def _part(school: JsonRpcSchool, kind: int, place: Place, options: Row) -> Iterator[tuple[str, Any]]:
    """The fields of an element that were asked for; `orgid` and `orgname` tell whom it replaces."""
    id, replaces = place
    wanted = options.get(_FIELDS[kind]) or ["id"]
    names = school.lists.elements[kind]
    name = names[id] if id else Name("---")
    yield "id", id
    for field, text in (("name", name.short), ("longname", name.long), ("externalkey", name.key)):
        if text and field in wanted:
            yield field, text
    if replaces:
        yield "orgid", replaces
        if "name" in wanted:
            yield "orgname", names[replaces].short
