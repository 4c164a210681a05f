"""How WebUntis answers GET /extern/v3/timetable and …/deleted-periods, written from the vendor's OpenAPI file of v3
(2023-07) and what its articles say of 2023-11 and 2024-02."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from shared.domain.people import Role
from shared.simulators.faults import Fault, Kind
from shared.simulators.server import Reply, Request, json_reply
from shared.simulators.untis_school import UntisSchool
from shared.simulators.untis_timetable import Named, Part, Parts, Period, Timetable
from shared.simulators.untis_wire import Dialect, Row, extern_error, page

MOST_IDS = 50
# what a query filters by → the ids a period has of it; REMOVED teachers still find their period
_FILTERS: dict[str, Callable[[Period], Iterable[int]]] = {
    "class": lambda period: (part.id for part in period.classes),
    "room": lambda period: (part.id for part in period.rooms),
    "teacher": lambda period: (part.id for part in period.teachers),
    "student": lambda period: period.students or (),
    "period": lambda period: (period.id,),
}
_PARTS = ("classes", "groups", "subjects", "rooms", "teachers")


class _Refused(Exception):
    """400 or 404 with an error code; the message begins with the parameter it is about."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def timetable_reply(request: Request, school: UntisSchool, dialect: Dialect, due: dict[Kind, Fault]) -> Reply:
    """The periods that a valid question is about, with their master data; spoilt as the faults that are due say."""
    try:
        return _timetable(request, school, dialect, due)
    except _Refused as err:
        return extern_error(err.status, err.code, str(err), version="v3", dialect=dialect)


def deleted_reply(request: Request, school: UntisSchool, dialect: Dialect, due: dict[Kind, Fault]) -> Reply:
    """The ids of periods that were deleted after a moment in UTC, as a bare array."""
    try:
        after = _moment(request, "dateLastModifiedAfter").replace(tzinfo=UTC)
    except _Refused as err:
        return extern_error(err.status, err.code, str(err), version="v3", dialect=dialect)
    ids: Any = school.timetable.deleted_after(after)
    tenant = f"9{school.tenant_id}" if "wrong_tenant" in due else school.tenant_id
    headers = {"Tenant-Id": tenant} if dialect.tenant_in_header else {}
    return json_reply({"rows": len(ids)} if "not_a_list" in due else ids, headers=headers)


# ---------------------------------------------------------------- the question


def _timetable(request: Request, school: UntisSchool, dialect: Dialect, due: dict[Kind, Fault]) -> Reply:
    timetable = school.timetable
    start, end = _moment(request, "start"), _moment(request, "end")
    if end < start:
        raise _Refused(400, "VALIDATION_ERROR", "end must not be before start")
    year = _year(timetable, start.date(), end.date(), dialect)
    wanted = _wanted(request, school)
    changed = "dateLastModifiedAfter" in request.query
    if not wanted and not changed:
        raise _Refused(400, "VALIDATION_ERROR", "dateLastModifiedAfter or the id of something is needed")
    if "forbidden_whole" in due and not wanted:
        raise _Refused(403, "FORBIDDEN", "Access is denied")
    limit, offset = _number(request, "limit"), _number(request, "offset")
    found = timetable.between(start, end, before_changes="old_page" in due) if year else []
    if wanted:
        found = [one for one in found if any(ids.intersection(_FILTERS[kind](one)) for kind, ids in wanted.items())]
    if changed:
        after = _moment(request, "dateLastModifiedAfter").replace(tzinfo=UTC)
        found = [one for one in found if one.modified > after]
    if "shifting" in due and offset > 1:
        found = found[1:]
    periods = page(found, limit=limit, offset=0 if "duplicate_page" in due else offset, dialect=dialect)
    students = request.query.get("includeStudents") == "true"
    if not students:
        periods = [replace(one, students=None) for one in periods]
    wrong = "wrong_tenant" in due
    body = {
        "version": "1.13.0",
        "headerData": _header(request, school, year, f"9{school.tenant_id}" if wrong else school.tenant_id, dialect),
        "masterData": _master(school, periods, dialect),
        "timetableData": {
            "timeGrids": _grids(timetable) if periods else [],
            "periods": [_row(one, timetable, dialect, strange="new_enums" in due) for one in periods],
        },
    }
    if "not_a_list" in due:
        body["timetableData"] = {"periods": {"rows": len(periods)}}
    headers = {"Tenant-Id": f"9{school.tenant_id}" if wrong else school.tenant_id} if dialect.tenant_in_header else {}
    return json_reply(body, headers=headers)


def _moment(request: Request, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(request.query[name])
    except (KeyError, ValueError):
        raise _Refused(400, "VALIDATION_ERROR", f"{name} must be a date and time") from None
    if found.tzinfo:
        raise _Refused(400, "VALIDATION_ERROR", f"{name} must not have an offset")
    return found


def _number(request: Request, name: str) -> int:
    value = request.query.get(name, "0")
    if not (value.isascii() and value.isdigit()):
        raise _Refused(400, "VALIDATION_ERROR", f"{name} must be 0 or more")
    return int(value)


def _year(timetable: Timetable, first: date, last: date, dialect: Dialect) -> tuple[date, date] | None:
    """The school year a span overlaps; None in the holidays between two."""
    over = [year for year in timetable.years if first <= year[1] and year[0] <= last]
    inside = len(over) == 1 and over[0][0] <= first and last <= over[0][1]
    if len(over) > 1 or (dialect.one_year and not inside):
        raise _Refused(400, "VALIDATION_ERROR", "start and end must be in the same school year")
    return over[0] if over else None


def _wanted(request: Request, school: UntisSchool) -> dict[str, set[int]]:
    """The ids asked for, per kind; those who asked for nothing get everything."""
    wanted: dict[str, set[int]] = {}
    for kind in _FILTERS:
        for name, known in ((kind, None), (f"{kind}_ext", _by_key(school, kind))):
            values = request.every.get(name, [])
            if len(values) > MOST_IDS or len(set(values)) < len(values):
                raise _Refused(400, "VALIDATION_ERROR", f"{name} takes at most {MOST_IDS} different values")
            for value in values:
                id = int(value) if known is None and value.isdigit() else (known or {}).get(value)
                if id is None:
                    raise _Refused(404, "MASTER_DATA_NOT_FOUND", f"{name} is not known")
                wanted.setdefault(kind, set()).add(id)
    return wanted


def _by_key(school: UntisSchool, kind: str) -> dict[str, int]:
    if kind in ("student", "teacher"):
        return {person.key: int(person.id) for person in school.people(Role(kind)) if person.key}
    named: Mapping[int, Named] = {"class": school.timetable.master.classes, "room": school.timetable.master.rooms}.get(
        kind, {}
    )
    return {one.key: id for id, one in named.items() if one.key}


# ---------------------------------------------------------------- the answer


def _header(
    request: Request, school: UntisSchool, year: tuple[date, date] | None, tenant: str, dialect: Dialect
) -> Row:
    asked = {name: request.query[name] for name in ("start", "end")}
    row: Row = {
        "created": f"{datetime.now(school.timetable.zone):%Y-%m-%dT%H:%M:%S}",
        "user": school.client_id,
        "school": {"tenantId": tenant, "name": school.school_name} if dialect.tenant_in_body else {},
        "filter": asked | {name: _number(request, name) for name in ("limit", "offset")},
    }
    if year:
        row |= {"schoolYearStart": f"{year[0]}", "schoolYearEnd": f"{year[1]}"}
    return row


def _master(school: UntisSchool, periods: Sequence[Period], dialect: Dialect) -> Row:
    """All that these periods refer to. Groups are "studentGroups" here and "studentgroups" in a period."""
    known: dict[str, Mapping[int, Named]] = {
        kind: getattr(school.timetable.master, kind) for kind in ("classes", "groups", "subjects", "rooms")
    }
    known["teachers"] = {int(each.id): Named(each.short_name, each.key) for each in school.people(Role.TEACHER)}
    used = {kind: {part.id for one in periods for part in getattr(one, kind)} for kind in _PARTS}
    known["students"] = {
        int(each.id): Named(f"{each.last_name} {each.first_name}", each.key) for each in school.people(Role.STUDENT)
    }
    used["students"] = {id for students in {one.students for one in periods} for id in students or ()}
    rows = {
        kind: [_named(id, known[kind][id], dialect) for id in sorted(used[kind]) if id in known[kind]] for kind in used
    }
    rows["studentGroups"] = rows.pop("groups")
    return rows


def _named(id: int, named: Named, dialect: Dialect) -> Row:
    row: Row = (
        {"id": id, "displayName": named.name, "detailsUrl": ""}
        if dialect.extra_fields
        else {
            "id": id,
            "displayName": named.name,
        }
    )
    if named.key or dialect.nothing == "null":
        row["externKey"] = named.key or None
    return row


def _row(period: Period, timetable: Timetable, dialect: Dialect, *, strange: bool) -> Row:
    row: Row = {
        "id": period.id,
        "lessonId": period.lesson,
        "modified": f"{period.modified.astimezone(timetable.zone):%Y-%m-%dT%H:%M:%S}",
        "start": f"{period.start:%Y-%m-%dT%H:%M:%S}",
        "end": f"{period.end:%Y-%m-%dT%H:%M:%S}",
        "type": "TELEPATHY" if strange else period.type,
        "status": "SOMEWHERE" if strange else period.status,
        "lessonText": period.text,
        "substitutionText": period.substitution,
        "notesAll": "neem je boek mee" if dialect.extra_fields and period.lesson else "",
        "icons": ["ONLINE"] if period.online else [],
        "exam": {"id": period.id, "type": "Toets", "name": period.exam} if period.exam else None,
        "timegridId": 1 if period.lesson else None,
        "studentgroups": _parts(period.groups),
        **{kind: _parts(getattr(period, kind)) for kind in _PARTS if kind != "groups"},
        "students": _parts(tuple(map(Part, period.students))) if period.students else None,
    }
    if dialect.moved in ("both", "related"):
        row["relatedPeriod"] = period.destination or period.source
    if dialect.moved in ("both", "source"):
        row |= {"sourcePeriod": period.source, "destinationPeriod": period.destination, "initialPeriod": period.source}
    if strange:
        row["mood"] = {"invented": ["yesterday", None]}
    if dialect.nothing == "null":
        return {name: None if value in ("", []) else value for name, value in row.items()}
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _parts(parts: Parts) -> list[Row]:
    return [{"status": part.status, "id": part.id} for part in parts]


def _grids(timetable: Timetable) -> list[Row]:
    slots = [
        {"day": day, "unitOfDay": slot.number, "start": slot.start, "end": slot.end, "name": str(slot.number)}
        for day in range(1, 6)
        for slot in timetable.grid
    ]
    return [{"id": 1, "timeGridSlots": slots}] if slots else []
