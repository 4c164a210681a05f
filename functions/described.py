"""The parts of the OpenAPI document that are the same for every route: the door's own words."""

from typing import Any

from functions.asking import Marks
from functions.problem import BY_CODE, DOCS, FALLBACK, document
from functions.route import JSON, Route
from shared.domain.causes import CAUSES, Language, Owner
from shared.errors import ProfijtError

Json = dict[str, Any]

PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `title`, `detail` and `remedy` are in the language asked for.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "owner", "remedy", "errors", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "A page about this code."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "code": {"type": "string"},
        "owner": {"enum": [each.value for each in Owner], "description": "Who can mend it."},
        "remedy": {"type": "string", "description": "What the owner can do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer into the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "Name of a query parameter."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "changes": {
            "type": "array",
            "description": "With 412: the fields that were changed meanwhile.",
            "items": {
                "type": "object",
                "required": ["pointer", "label", "yours", "theirs", "by", "at"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer into the body (RFC 6901)."},
                    "label": {"type": "string", "description": "The field's name for people."},
                    "yours": {"description": "As it was sent; null for a secret, or when nothing was."},
                    "theirs": {"description": "As it is now; null for a secret, or when there is nothing."},
                    "by": {"type": "string", "description": "Who changed it, as in the audit; empty: not known."},
                    "at": {"type": ["string", "null"], "format": "date-time"},
                },
                "additionalProperties": False,
            },
        },
        "confirmation": {
            "type": "object",
            "description": "With 409 sis.confirm_disconnect: ask again with this `confirm`, before `until`.",
            "required": ["confirm", "until", "consequences"],
            "properties": {
                "confirm": {"type": "string"},
                "until": {"type": "string", "format": "date-time"},
                "consequences": {"type": "array", "items": {"type": "string"}},
            },
            "additionalProperties": False,
        },
        "trace_id": {"type": "string", "description": "Find the request back in our logs."},
    },
    "additionalProperties": False,
}

SECURITY: Json = {
    "profijt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A person: a token of Profijt's identity provider (RS256 or ES256) with sub, school and roles.",
    },
    "machine": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A machine: an OIDC token of Google for one of our service accounts.",
    },
    "webuntis": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "WebUntis: base64 of its RSA signature (PKCS #1 v1.5, SHA-256) over the body, without a scheme.",
    },
}

_TEXT = {"type": "string"}

PARAMETERS: Json = {
    name: {"name": name, "in": "header", "required": False, "description": told, "schema": schema}
    for name, told, schema in (
        ("Accept-Language", "nl (standaard / default) of / or en", _TEXT),
        ("If-None-Match", "De ETag die u al hebt / the ETag you have: 304 when nothing changed", _TEXT),
        ("If-Match", "De ETag die u gezien hebt / the ETag you have seen: 412 when it changed meanwhile", _TEXT),
        (
            "Idempotency-Key",
            "Herhaal een verzoek gerust met dezelfde sleutel (24 uur) / repeat safely with the same key (24 hours)",
            {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        ),
    )
}

HEADERS: Json = {
    name: {"description": told, "schema": schema}
    for name, told, schema in (
        ("X-Request-Id", "Noem dit bij vragen / mention this when asking for help", _TEXT),
        ("Content-Language", "Taal van de tekst / language of the text", {"enum": ["nl", "en"]}),
        ("ETag", "Kenmerk van deze versie / tag of this version", _TEXT),
        ("WWW-Authenticate", "Bearer", _TEXT),
        ("Retry-After", "Seconden om te wachten / seconds to wait", {"type": "integer", "minimum": 0}),
        ("Idempotent-Replayed", "true: een eerder antwoord / an earlier answer", {"const": "true"}),
    )
}

_TOKENS = tuple(code for code in CAUSES if code.startswith("token."))
_SAMPLE: dict[str, str | int] = {
    "limit": 1048576,
    "media": JSON,
    "allow": "GET, HEAD, OPTIONS",
    "seconds": 30,
    "claim": "school",
    "field": "nummer",
}


def problems_of(route: Route) -> list[tuple[str, str]]:
    """(status, code) of everything the route can answer besides success.

    Raises ValueError for a problem of the route whose status is not told: "404 school.unknown", or a code of BY_CODE.
    """
    found = [("400", "request.query_invalid"), ("500", FALLBACK)]
    if "{" in route.path:
        found.append(("404", "request.path_unknown"))
    if route.roles:
        found += [("401", code) for code in _TOKENS]
        found += [("403", "request.not_allowed"), ("404", "request.not_found"), ("503", "identity.unreachable")]
    if route.method != "GET":
        found += [(str(BY_CODE[code]), code) for code in _door_codes(route)]
    if route.body and not route.signed:
        found.append(("422", "request.body_invalid"))
    if route.idempotent:
        found += [("400", "request.key_malformed"), ("422", "request.key_reused")]
        found += [("409", "request.in_flight"), ("409", "request.answer_not_kept")]
    for each in route.problems:
        status, _, code = each.rpartition(" ")
        if not status and code not in BY_CODE:
            raise ValueError(f"{route.method} {route.path}: say with which status {code} comes, as in '409 {code}'")
        found.append((status or str(BY_CODE[code]), code))
    return sorted(set(found))


def _door_codes(route: Route) -> tuple[str, ...]:
    always = ("request.encoding", "request.too_large", "request.cut_off")
    if not route.body and route.body_media == (JSON,):
        return (*always, "request.body_unexpected")
    if route.signed:
        return (*always, "request.body_missing")
    read = ("request.json_malformed", "request.json_deep", "request.not_utf8") if route.body else ()
    return (*always, *read, "request.body_missing", "request.media")


def problem_name(code: str, language: Language) -> str:
    """Under which name the example stands among the components."""
    return f"{code}.{language}"


def example(code: str, language: Language, status: int) -> Json:
    """What the caller would see. Raises KeyError for a code without a cause."""
    marks = Marks("0f8fad5bd9cb469fa16570867728950e", "4bf92f3577b34da6a3ce929d0e0e4736", "", language)
    summary = CAUSES[code].sentence(language, _SAMPLE)
    error = ProfijtError(code, **_SAMPLE)
    return {"summary": summary, "value": document(error, marks, status=status, docs=DOCS)}
