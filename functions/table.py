"""Finds the route of a request: a fixed segment wins from a parameter, and no two routes can mean the same request."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from functions.route import JSON, Route
from shared.errors import Invalid, NotFound
from shared.values import dataclass

_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_RESERVED = re.compile(r"\.{1,2}|__.*__")  # what Firestore does not take as a document id


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A route made ready: what reads its body and which query parameters it knows."""

    route: Route
    decoder: "msgspec.json.Decoder[Any] | None"
    query_names: Mapping[str, str]  # as sent → as declared

    @classmethod
    def of(cls, route: Route) -> "Way":
        """Raises ValueError for a route that could not keep its promises."""
        fields = msgspec.structs.fields(route.query) if route.query else ()
        parameters = _PARAMETER.findall(route.path)
        if len(set(parameters)) != len(parameters) or not route.path.startswith("/v1/"):
            raise ValueError(f"{route.path} repeats a parameter or has no version")
        if route.idempotent and ("school" not in parameters or route.method != "POST"):
            raise ValueError(f"{route.method} {route.path} cannot remember answers: they are kept under a school")
        decoder = msgspec.json.Decoder(route.body) if route.body and JSON in route.body_media else None
        return cls(route, decoder, {each.encode_name: each.name for each in fields})


class Table:
    """Every route of one deployed function. Raises ValueError when two of them are the same."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._by_depth: dict[int, dict[str, tuple[str, dict[str, Way]]]] = {}
        for way in sorted(map(Way.of, routes), key=lambda each: _rank(each.route.path)):
            route = way.route
            level = self._by_depth.setdefault(route.path.count("/"), {})
            _, ways = level.setdefault(_shape(route.path), (route.path, {}))
            if route.method in ways or (ways and next(iter(ways.values())).route.path != route.path):
                raise ValueError(f"{route.method} {route.path} is taken by another route")
            ways[route.method] = way

    def find(self, method: str, path: str) -> tuple[Way, dict[str, str]]:
        """The way and its path parameters. Raises NotFound, or Invalid "request.method_unknown" with the `allow`ed."""
        allowed: set[str] = set()
        for template, ways in self._by_depth.get(path.count("/"), {}).values():
            found = _pattern(template).fullmatch(path)
            if found is None or not all(map(_is_id, found.groupdict().values())):
                continue
            way = ways.get("GET" if method == "HEAD" else method)
            if way is not None:
                return way, found.groupdict()
            allowed |= ways.keys()
        if not allowed:
            raise NotFound("request.path_unknown")
        allowed |= {"OPTIONS", *(("HEAD",) if "GET" in allowed else ())}
        raise Invalid("request.method_unknown", allow=", ".join(sorted(allowed)))


@cache  # made when a path of this depth is first asked for, and not for every route at the start
def _pattern(path: str) -> re.Pattern[str]:
    parts = _PARAMETER.split(path)  # text, name, text, name, …, text
    return re.compile("".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts)))


def _shape(path: str) -> str:
    """Paths with the same shape match the same requests."""
    return _PARAMETER.sub("{}", path)


def _rank(path: str) -> list[tuple[bool, int]]:
    """What is tried first: per segment the fixed one, then the one with the most fixed letters ("{token}.ics")."""
    return [("{" in each, -len(_PARAMETER.sub("", each))) for each in path.split("/")]


def _is_id(value: str) -> bool:
    return len(value) <= 200 and value.isprintable() and "\ufffd" not in value and not _RESERVED.fullmatch(value)
