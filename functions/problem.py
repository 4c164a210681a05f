"""Turns any exception into an RFC 9457 problem document: one table of status codes, and nothing the caller sent."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from functions.asking import Marks
from functions.extended import Extended
from shared.domain.causes import CAUSES, Cause
from shared.domain.causes.words import in_minutes, in_words
from shared.errors import (
    Conflict,
    Fault,
    Invalid,
    Misconfigured,
    NotAllowed,
    NotAuthorized,
    NotFound,
    ProfijtError,
    Rejected,
    RemoteError,
    Throttled,
    Unauthenticated,
    Unreachable,
    UnsafePlan,
)

MEDIA = "application/problem+json"
DOCS = "/v1/problems/"  # a code behind it is the `type`, and an address of `about`
PATIENCE = 30  # seconds to wait when the other system did not say

BY_CLASS: Mapping[type[ProfijtError], int] = {
    Invalid: 422,
    Unauthenticated: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    UnsafePlan: 409,
    Throttled: 503,  # somebody else's limit: we cannot serve; our own limit is request.too_many below
    Unreachable: 503,
    NotAuthorized: 502,
    Rejected: 502,
    RemoteError: 502,
    Misconfigured: 500,
    ProfijtError: 500,
}
BY_CODE: Mapping[str, int] = {
    "request.json_malformed": 400,
    "request.json_deep": 400,
    "request.not_utf8": 400,
    "request.body_missing": 400,
    "request.body_unexpected": 400,
    "request.cut_off": 400,
    "request.query_invalid": 400,
    "request.key_malformed": 400,
    "cursor.unknown": 400,  # it came in the query, as did these
    "week.unknown": 400,
    "week.backwards": 400,
    "week.too_many": 400,
    "week.too_far": 400,
    "request.method_unknown": 405,
    "oneroster.teacher_unknown": 409,  # the SIS answered; who it knows and who is asking do not go together
    "oneroster.teacher_twice": 409,
    "request.stale": 412,
    "request.too_large": 413,
    "request.media": 415,
    "request.encoding": 415,
    "request.match_required": 428,
    "request.too_many": 429,
}
TITLES: Mapping[int, tuple[str, str]] = {
    400: ("Het verzoek is niet te lezen", "The request cannot be read"),
    401: ("Niet aangemeld", "Not signed in"),
    403: ("Niet toegestaan", "Not allowed"),
    404: ("Niet gevonden", "Not found"),
    405: ("Deze handeling bestaat hier niet", "This action does not exist here"),
    409: ("Dit gaat niet samen met iets anders", "This is in conflict with something else"),
    412: ("Intussen gewijzigd", "Changed meanwhile"),
    413: ("Te groot", "Too large"),
    415: ("Onbekend soort inhoud", "Unknown kind of content"),
    422: ("De gegevens kloppen niet", "The data are not right"),
    428: ("Eerst lezen, dan wijzigen", "Read first, then change"),
    429: ("Te vaak gevraagd", "Asked too often"),
    500: ("Fout in Profijt", "Fault in Profijt"),
    502: ("Een ander systeem weigert", "Another system refuses"),
    503: ("Nu niet bereikbaar", "Not reachable now"),
}
FALLBACK = "service.failed"


def status_of(error: BaseException, if_match: str = "") -> int:
    """The status code of an error; whoever sent If-Match and lost the race in the store gets 412, not 409."""
    if not isinstance(error, ProfijtError):
        return 500
    if isinstance(error, Conflict) and if_match and error.code.startswith("store."):
        return 412
    kind = next(kind for kind in type(error).__mro__ if kind in BY_CLASS)
    return BY_CODE.get(error.code, BY_CLASS[kind])


def document(error: BaseException, marks: Marks, *, status: int, docs: str) -> dict[str, Any]:
    """The problem as the caller sees it. An exception that is not ours shows nothing of itself."""
    code, facts, faults = _told(error)
    cause = CAUSES[code]
    facts = {"wait": in_minutes(_patience(error), marks.language), **in_words(facts, marks.language)}
    told = {
        "type": docs + code,
        "title": title(status, english=marks.language == "en"),
        "status": status,
        "detail": cause.sentence(marks.language, facts),
        "instance": f"urn:profijt:request:{marks.request_id}",
        "code": code,
        "owner": cause.owner.value,
        "remedy": cause.remedy(marks.language, facts),
        "errors": [_place(fault, marks) for fault in faults],
        "trace_id": marks.trace or marks.request_id,
    }
    return {**told, **error.members} if isinstance(error, Extended) else told


def headers(error: BaseException, status: int) -> dict[str, str]:
    """What the status obliges us to say beside the document."""
    facts = error.facts if isinstance(error, ProfijtError) else {}
    if status == HTTPStatus.UNAUTHORIZED:
        missing = getattr(error, "code", "") == "token.missing"
        return {"WWW-Authenticate": 'Bearer realm="profijt"' + ("" if missing else ', error="invalid_token"')}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": str(facts["allow"])}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"Retry-After": str(math.ceil(_patience(error)))}
    return {"Retry-After": str(facts["seconds"])} if getattr(error, "code", "") == "request.in_flight" else {}


def _patience(error: BaseException) -> float:
    """Seconds to wait before asking again."""
    after: float | None = getattr(error, "retry_after", None)
    return max(0, PATIENCE if after is None else after)


def title(status: int, *, english: bool) -> str:
    """The same for every problem with this status."""
    return TITLES[status][english]


def _told(error: BaseException) -> tuple[str, Mapping[str, str | int], tuple[Fault, ...]]:
    if not isinstance(error, ProfijtError) or error.code not in CAUSES:  # a test holds every code against the tables
        return FALLBACK, {}, ()
    return error.code, error.facts, error.faults if isinstance(error, Invalid) else ()


def _place(fault: Fault, marks: Marks) -> dict[str, str]:
    """`pointer` into the body (RFC 6901), or the name of a query `parameter`."""
    cause: Cause = CAUSES.get(fault.code, CAUSES[FALLBACK])
    where = {"parameter": fault.pointer[1:]} if fault.pointer.startswith("?") else {"pointer": fault.pointer}
    return {**where, "code": fault.code, "detail": cause.sentence(marks.language, dict(fault.facts))}
