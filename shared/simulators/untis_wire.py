"""How WebUntis writes people and errors, in every spelling its documents allow.

The documents fix the fields of a student but not the JSON spelling of all of them, so the spelling is a switch
(`Dialect`). Sources: help.untis.at 4886722226834 and 22862941105308, the extern OpenAPI files of 2022-2023.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from shared.domain.people import Person, Role
from shared.simulators.faults import Fault, Kind
from shared.simulators.server import Reply, json_reply
from shared.simulators.untis_school import UntisSchool

Row = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way a WebUntis installation may speak. The defaults are the likeliest reading of the documents."""

    first_name: Literal["foreName", "forename", "firstName"] = "foreName"
    last_name: Literal["lastName", "longName"] = "lastName"
    key: Literal["externKey", "key", "externalKey"] = "externKey"
    short_name: Literal["shortName", "name"] = "shortName"
    list_key: str = "*"  # "*": "students" or "teachers"; "": a bare array
    first_offset: Literal[0, 1] = 1  # what the first row is called; offset 0 is "no paging" either way
    page_cap: int = 0  # rows at most in one answer, whatever `limit` says (0: no cap)
    empty_key: Literal["null", "omitted", "empty"] = "null"
    extra_fields: bool = True  # fields nobody asked for, private ones among them
    tenant_in_body: bool = True  # headerData.school.tenantId, as the timetable answers have it
    tenant_in_header: bool = True  # Tenant-Id
    errors: Literal["by version", "errorCode", "title"] = "by version"
    moved: Literal["both", "related", "source"] = "both"  # relatedPeriod until 2023-10, the others since
    nothing: Literal["omitted", "null"] = "omitted"  # how a period without rooms, an exam, … says so
    one_year: bool = False  # until 2024-02: a span has to lie within one school year
    v1_login: bool = True  # announced to be shut down by the end of 2025: False answers 410


def page(rows: Sequence[T], *, limit: int, offset: int, dialect: Dialect) -> list[T]:
    """The rows from `offset` (0: from the first) on, at most `limit` of them (0: no limit)."""
    start = max(offset - dialect.first_offset, 0)
    limits = [most for most in (limit, dialect.page_cap) if most]
    return list(rows[start : start + min(limits)] if limits else rows[start:])


def person_row(person: Person, dialect: Dialect) -> Row:
    """One student or teacher as a row of a list."""
    row: Row = {
        "id": int(person.id) if person.id.isdigit() else person.id,
        dialect.key: person.key,
        dialect.short_name: person.short_name,
        dialect.first_name: person.first_name,
        dialect.last_name: person.last_name,
    }
    if not person.key and dialect.empty_key == "null":
        row[dialect.key] = None
    elif not person.key and dialect.empty_key == "omitted":
        del row[dialect.key]
    return row | _extras(person) if dialect.extra_fields else row


def _extras(person: Person) -> Row:
    """What a client must drop (private) or bear (unknown, null); the same for the same person every time."""
    number = zlib.crc32(f"{person.role}{person.id}".encode())
    shared: Row = {
        "birthDate": f"{2006 + number % 7}-{1 + number % 12:02}-{1 + number % 28:02}",
        "gender": ("FEMALE", "MALE", None)[number % 3],
        "nationalId": f"9999{number % 100000:05}",
        "dateLastModified": "2022-11-07T08:15:00",
        "users": [],
        "colourOfTheDay": {"nested": ["unknown", None]},
    }
    if person.role is Role.STUDENT:
        year, letter = 1 + number % 6, "abcd"[number % 4]
        return shared | {
            "catalogNumber": None,
            "classAssignments": [{"className": f"{year}{letter}", "start": "2022-08-22", "end": None}],
        }
    return shared | {"title": None, "birthDate": None, "departments": None}


def people_reply(
    school: UntisSchool, role: Role, rows: list[Row], *, dialect: Dialect, faults: dict[Kind, Fault]
) -> Reply:
    """The list answer, spoilt as the faults that are due say."""
    if "empty" in faults:
        rows = []
    if "duplicate_keys" in faults and len(rows) > 1:
        rows = [rows[0], rows[1] | {dialect.key: rows[0].get(dialect.key)}, *rows[2:]]
    if "partial_page" in faults:
        rows = rows[: len(rows) // 2]
    wrong = faults["wrong_tenant"].place if "wrong_tenant" in faults else ""
    elsewhere = f"9{school.tenant_id}"
    headers = {}
    if dialect.tenant_in_header:
        headers["Tenant-Id"] = elsewhere if wrong in ("header", "both") else school.tenant_id
    people: Any = {"rows": len(rows)} if "not_a_list" in faults else rows
    if not dialect.list_key:
        return json_reply(people, headers=headers)
    body: dict[str, Any] = {"version": "3.0.0"}
    if dialect.tenant_in_body:
        tenant = elsewhere if wrong in ("body", "both") else school.tenant_id
        body["headerData"] = {
            "created": "2022-11-07T08:15:00",
            "user": school.client_id,
            "school": {"tenantId": tenant, "name": school.school_name},
        }
    body[f"{role.value}s" if dialect.list_key == "*" else dialect.list_key] = people
    return json_reply(body, headers=headers)


_TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


def extern_error(
    status: int, code: str, message: str, *, version: str, dialect: Dialect, headers: dict[str, str] | None = None
) -> Reply:
    """An error of the extern API: {title, status, detail} in v1 and v2, {errorCode, errorMessage, …} since v3."""
    new = version == "v3" if dialect.errors == "by version" else dialect.errors == "errorCode"
    if not new:
        title = _TITLES.get(status, "Internal Server Error")
        return json_reply({"title": title, "status": status, "detail": message}, status, headers)
    body: dict[str, Any] = {
        "errorCode": code,
        "errorMessage": message,
        "requestId": "5f2c1c5e-0000-4000-8000-000000000067",
        "traceId": "67a1b2c3d4e5f607",
    }
    if code == "VALIDATION_ERROR":
        body["validationErrors"] = [{"path": message.partition(" ")[0], "errorMessage": message}]
    return json_reply(body, status, headers)
