"""WebUntis' people lists and errors, from JSON to our values: pure, and of a person it lets through only what links.

Birth date, gender, e-mail, address and national id are never looked at, so they cannot get any further.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from shared.domain.people import Person, Role
from shared.errors import NotAuthorized, Rejected, RemoteError, Throttled, Unreachable
from shared.values import dataclass

# No public source shows an answer of the two lists; these spellings are those of the vendor's articles, of JSON-RPC
# and of OneRoster (fact sheet 2.6). The first that holds something counts.
FIRST_NAME = ("forename", "foreName", "firstName")
LAST_NAME = ("lastName", "longName", "surname")
KEY = ("externKey", "externalKey", "key")
SHORT_NAME = ("shortName", "name", "displayName")
LIST = {Role.STUDENT: "students", Role.TEACHER: "teachers"}
_ANY_LIST = ("data", "content", "items")
_TOTAL = ("total", "totalCount", "totalElements")
_TENANT = (("tenantId",), ("headerData", "school", "tenantId"), ("school", "tenantId"), ("tenant", "id"))


class _Unusable(Exception):
    """A value of a type that it cannot have."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page as understood. `received` counts all rows, `unusable` those without an id or with a wrong type."""

    people: tuple[Person, ...]
    received: int
    unusable: int
    total: int | None
    tenants: frozenset[str]  # every tenant id the page states about itself


def people_page(body: Any, role: Role) -> PeoplePage:
    """The page in a decoded body. Raises Rejected when there is no list in it: absent or null is not empty."""
    rows = _rows(body, role)
    people: list[Person] = []
    unusable = 0
    for row in rows:
        try:
            people.append(_person(row, role))
        except _Unusable:
            unusable += 1
    about = body if isinstance(body, dict) else {}
    return PeoplePage(tuple(people), len(rows), unusable, _total(about), frozenset(_tenants(about)))


def _rows(body: Any, role: Role) -> list[Any]:
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        for name in (LIST[role], *_ANY_LIST):
            if isinstance(body.get(name), list):
                rows: list[Any] = body[name]
                return rows
    raise Rejected("webuntis.no_list", service="webuntis", list=LIST[role])


def _person(row: Any, role: Role) -> Person:
    if not isinstance(row, dict):
        raise _Unusable
    person = Person(
        id=_first(row, ("id",)),
        role=role,
        key=_first(row, KEY),
        first_name=_first(row, FIRST_NAME, numbers=False),
        last_name=_first(row, LAST_NAME, numbers=False),
        short_name=_first(row, SHORT_NAME),
    )
    if not person.id:
        raise _Unusable
    return person


def _first(row: Mapping[str, Any], names: tuple[str, ...], *, numbers: bool = True) -> str:
    """The first of these fields that holds something, stripped; "" when none does. Null is missing."""
    for name in names:
        value = row.get(name)
        if value is None:
            continue
        if isinstance(value, int) and not isinstance(value, bool) and numbers:
            value = str(value)
        if not isinstance(value, str):
            raise _Unusable
        if value := value.strip():
            return value
    return ""


def _total(about: Mapping[str, Any]) -> int | None:
    for name in _TOTAL:
        value = about.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _tenants(about: Mapping[str, Any]) -> Iterator[str]:
    for path in _TENANT:
        value: Any = about
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            yield str(value).strip()


def token_tenant(token: str) -> str:
    """The `tenant_id` a token says it is for, "" when it is no JWT or silent. Not verified: it can only refuse."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, msgspec.MsgspecError, ValueError, RecursionError):
        return ""
    tenant = claims.get("tenant_id") if isinstance(claims, dict) else None
    return "" if tenant is None else str(tenant).strip()


# errorCode of the extern API (specs, error schema v1) → what it means to us.
_PUBLISHING = frozenset({"TT_ONGOING_TIMETABLE_PUBLICATION", "TT_UNRESOLVED_CHANGESET"})
_RECOVERING = frozenset({"TENANT_INSTALLATION_RECOVERABLE_ERROR"})
KEY_UNKNOWN = "MASTER_DATA_NOT_FOUND"
_CODE = re.compile(r"[A-Z_]+")
_TRACE = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def traces(body: Mapping[str, Any]) -> dict[str, str]:
    """`requestId` and `traceId` of an error, which Untis support asks for, and its code; only if they look like ids."""
    wanted = {"request_id": body.get("requestId"), "untis_trace": body.get("traceId"), "error": body.get("errorCode")}
    return {name: value for name, value in wanted.items() if isinstance(value, str) and _TRACE.fullmatch(value)}


def error_code(body: Mapping[str, Any]) -> str:
    """The code an error carries: `errorCode` since v3; in the title or detail of v1 and v2, if it stands there. "" for
    none that we know."""
    stated = (body.get(name) for name in ("errorCode", "title", "detail"))
    words = {word for text in stated if isinstance(text, str) for word in _CODE.findall(text)}
    return next((code for code in (*_PUBLISHING, *_RECOVERING, KEY_UNKNOWN) if code in words), "")


def list_error(
    status: int, body: Mapping[str, Any], *, what: str, retry_after: float | None, general: RemoteError
) -> RemoteError:
    """The error an answer about `what` means; `general` when WebUntis says nothing more than its status does."""
    facts: dict[str, str | int] = {"list": what, "status": status, **traces(body)}
    error = error_code(body)
    if error in _PUBLISHING:
        return Throttled("webuntis.publishing", service="webuntis", retry_after=retry_after, **facts)
    if error in _RECOVERING:
        return Unreachable("webuntis.recovering", service="webuntis", **facts)
    if status in (401, 403):  # 401 gets here only with a token that is seconds old
        return NotAuthorized("webuntis.right_missing", service="webuntis", **facts)
    if status == 404:
        return Rejected("webuntis.list_unknown", service="webuntis", **facts)
    if status == 400:
        return Rejected("webuntis.request_refused", service="webuntis", **facts)
    return general
