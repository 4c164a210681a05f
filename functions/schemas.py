"""JSON Schema of the types that routes name, each with an example that fits it."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from functions.route import Route

Json = dict[str, Any]

REF = "#/components/schemas/{name}"


class Types:
    """JSON Schema of every type the routes name."""

    def __init__(self, routes: Iterable[Route]) -> None:
        named: list[Any] = []
        for route in routes:
            named += [
                each for each in (route.answer, route.body, route.query) if each is not None and each not in named
            ]
        schemas, components = msgspec.json.schema_components(named, ref_template=REF)
        self._schemas = list(zip(named, schemas, strict=True))
        self._queries = {each.__name__ for each in named if any(route.query is each for route in routes)}
        self._all = components
        self.components = {name: each for name, each in sorted(components.items()) if name not in self._queries}

    def schema(self, kind: Any) -> Json:
        return next(schema for each, schema in self._schemas if each == kind)

    def resolved(self, schema: Json) -> Json:
        return self._all[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    def sample(self, schema: Json, depth: int = 0) -> Any:
        """A value that fits the schema, from its own examples where it has them."""
        schema = self.resolved(schema)
        if "examples" in schema:
            return schema["examples"][0]
        if "enum" in schema:
            return schema["enum"][0]
        if "anyOf" in schema:
            known = [each for each in schema["anyOf"] if each.get("type") != "null"]
            return self.sample(known[0], depth)
        match schema.get("type"):
            case "object":
                named = schema.get("properties", {}) if depth < 8 else {}
                return {name: self.sample(each, depth + 1) for name, each in named.items()}
            case "array":
                return [self.sample(schema["items"], depth + 1)] if "items" in schema and depth < 8 else []
            case "string":
                return _text(schema)
            case "integer" | "number":
                return schema.get("default", schema.get("minimum", schema.get("maximum", 1)))
            case "boolean":
                return schema.get("default", True)
        return None


def _text(schema: Json) -> str:
    moments = {"date-time": "2026-11-22T08:00:00+01:00", "date": "2026-11-22", "time": "08:00:00"}
    text = schema.get("default", moments.get(schema.get("format", ""), "tekst"))
    text = str(text).ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
    if "pattern" in schema and not re.search(schema["pattern"], text):
        raise ValueError(f"give the type with the pattern {schema['pattern']} an example: msgspec.Meta(examples=[…])")
    return text
