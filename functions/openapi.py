"""The OpenAPI 3.1 document, made from the route tables and the types alone, so that it cannot say anything else.

python -m functions.openapi > docs/openapi.json      write it
python -m functions.openapi --check                  exit 1 when docs/openapi.json is out of date
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from functions import about
from functions.described import HEADERS, PARAMETERS, PROBLEM, SECURITY, example, problem_name, problems_of
from functions.problem import MEDIA
from functions.route import JSON, Route
from functions.schemas import REF, Types
from shared.domain.causes import Language

Json = dict[str, Any]

_FILE = Path(__file__).parent.parent / "docs" / "openapi.json"
_NOTE = (
    "Nederlands: foutmeldingen en uitleg zijn er in het Nederlands en het Engels; `Accept-Language` kiest, "
    "Nederlands is de standaard. Elke fout heeft een vaste `code` met uitleg op `/v1/problems/{code}`.\n\n"
    "English: problems and explanations come in Dutch and English; `Accept-Language` chooses, Dutch is the default. "
    "Every problem has a stable `code`, explained at `/v1/problems/{code}`."
)


def document(routes: Sequence[Route], *, version: str = "1") -> Json:
    """The document of these routes and those of `about`.

    Raises KeyError for a problem code without a cause, ValueError for one without a status and for a pattern without
    an example.
    """
    table = {(each.method, each.path): each for each in (*about.routes(), *routes)}
    ordered = [table[key] for key in sorted(table, key=lambda key: (key[1], key[0]))]
    types = Types(ordered)
    paths: dict[str, Json] = {}
    codes: dict[str, str] = {}
    for route in ordered:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, types)
        codes |= {code: status for status, code in problems_of(route)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Profijt koppelingen", "version": version, "description": _NOTE},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted({_tag(route) for route in ordered})],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, **types.components},
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "examples": _examples(codes),
            "securitySchemes": SECURITY,
        },
    }


@cache
def current() -> Json:
    """The document of the whole service: `functions.routes.ROUTES`."""
    from functions.routes import ROUTES  # not at import: it imports every function

    return document(ROUTES)


def _operation(route: Route, types: Types) -> Json:
    operation: Json = {
        "operationId": _operation_id(route),
        "tags": [_tag(route)],
        "summary": route.summary,
        "security": _security(route),
        "parameters": _parameters(route, types),
        "responses": _responses(route, types),
    }
    if route.roles:
        operation["x-roles"] = sorted(route.roles)
    if route.body or route.body_media != (JSON,):
        schema = types.schema(route.body) if route.body else {}
        operation["requestBody"] = {
            "required": not route.body_optional,
            "content": {media: _content(media, schema, types) for media in route.body_media},
        }
    return operation


def _content(media: str, schema: Json, types: Types) -> Json:
    if media == JSON:
        return {"schema": schema, "example": types.sample(schema)}
    return {"schema": {"contentMediaType": media}}  # of CSV the schema can say nothing more


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.signed:
        return [{"webuntis": []}]
    people: list[dict[str, list[str]]] = [{"profijt": []}] if route.roles - {"service"} else []
    return people + ([{"machine": []}] if "service" in route.roles else [])


def _parameters(route: Route, types: Types) -> list[Json]:
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    if route.query:
        query = types.resolved(types.schema(route.query))
        for name, schema in query["properties"].items():
            found.append(_query_parameter(name, schema, required=name in query["required"]))
    named = ["Accept-Language", *(("If-None-Match",) if route.method == "GET" else ())]
    named += (
        ["If-Match"] if {"request.stale", "request.match_required"} & {code for _, code in problems_of(route)} else []
    )
    named += ["Idempotency-Key"] if route.idempotent else []
    return found + [{"$ref": f"#/components/parameters/{name}"} for name in named]


def _query_parameter(name: str, schema: Json, *, required: bool) -> Json:
    """Absent and null are the same in a query, so null is not one of the values."""
    known = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    plain = {**known[0], **({"default": schema["default"]} if schema.get("default") is not None else {})}
    told = {"description": plain.pop("description")} if "description" in plain else {}
    return {"name": name, "in": "query", "required": required, **told, "schema": plain}


def _responses(route: Route, types: Types) -> Json:
    status = 204 if route.answer is None and route.status == 200 else route.status
    good: Json = {"description": route.summary, "headers": _headers("X-Request-Id")}
    if route.method == "GET" and status == 200:
        good["headers"] |= _headers("ETag")
    if route.idempotent:
        good["headers"] |= _headers("Idempotent-Replayed")
    if route.answer is not None:
        schema = types.schema(route.answer)
        good["content"] = {media: _content(media, schema, types) for media in route.answer_media}
    responses: Json = {str(status): good}
    if route.method == "GET":
        responses["304"] = {"description": "Niet gewijzigd / Not modified", "headers": _headers("ETag", "X-Request-Id")}
    by_status: dict[str, list[str]] = {}
    for number, code in problems_of(route):
        by_status.setdefault(number, []).append(code)
    for number, codes in sorted(by_status.items()):
        responses[number] = _problem(number, codes)
    return responses


def _problem(status: str, codes: list[str]) -> Json:
    also = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}.get(status, [])
    examples = {
        name: {"$ref": f"#/components/examples/{name}"}
        for code in codes
        for name in (problem_name(code, "nl"), problem_name(code, "en"))
    }
    return {
        "description": ", ".join(codes),
        "headers": _headers("X-Request-Id", "Content-Language", *also),
        "content": {MEDIA: {"schema": {"$ref": REF.format(name="Problem")}, "examples": examples}},
    }


def _examples(codes: Mapping[str, str]) -> Json:
    tongues: tuple[Language, ...] = ("nl", "en")
    return {
        problem_name(code, tongue): example(code, tongue, int(status))
        for code, status in sorted(codes.items())
        for tongue in tongues
    }


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _tag(route: Route) -> str:
    words = _words(route.path)
    return words[0].partition(".")[0] if words else "schools"


def _words(path: str) -> list[str]:
    return [each for each in path.removeprefix("/v1/").removeprefix("schools/{school}").split("/") if each]


def _operation_id(route: Route) -> str:
    """`GET /v1/schools/{school}/links/{user}` → getLinksByUser: fixed as long as the path is."""
    words = [f"by_{each[1:].replace('}', '')}" if each[0] == "{" else each for each in _words(route.path) or ["school"]]
    return route.method.lower() + "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", "_".join(words)))


def main(arguments: Sequence[str]) -> int:
    text = json.dumps(current(), indent=2, ensure_ascii=False) + "\n"
    if "--check" not in arguments:
        sys.stdout.write(text)
        return 0
    if _FILE.exists() and _FILE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/openapi.json is out of date: run `make openapi`\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
