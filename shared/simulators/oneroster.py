"""A SIS that speaks OneRoster 1.1 and 1.2 on loopback, as strict, lax, odd or broken as a test asks.

Written from the standard's documents and what is known of the partners, not from our client. `school` is what it holds
and counts all that was ever created; `auth` is who may ask; `faults` breaks what should break. Over HTTP too:

    GET, POST, DELETE /_control/faults · GET /_control/created
"""

import json
from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from shared.simulators.fault_board import FaultBoard, fault_from_json
from shared.simulators.oneroster_auth import SisAuth
from shared.simulators.oneroster_faults import SisFault, SisKind
from shared.simulators.oneroster_lists import list_reply, told_row
from shared.simulators.oneroster_school import Collection, Quirks, SisSchool
from shared.simulators.oneroster_writes import deleted, put
from shared.simulators.server import LoopbackServer, Reply, Request, json_reply

Due = dict[SisKind, SisFault]

# What the first part of a path names: its collection, and what its rows have to be
_NAMES: dict[str, tuple[Collection, str]] = {
    "orgs": ("orgs", ""),
    "schools": ("orgs", "school"),
    "users": ("users", ""),
    "teachers": ("users", "teacher"),
    "students": ("users", "student"),
    "classes": ("classes", ""),
    "academicSessions": ("academicSessions", ""),
    "terms": ("academicSessions", "term"),
    "gradingPeriods": ("academicSessions", "gradingPeriod"),
    "categories": ("categories", ""),
    "lineItems": ("lineItems", ""),
    "results": ("results", ""),
}
SINGLE = {
    "orgs": "org",
    "users": "user",
    "classes": "class",
    "academicSessions": "academicSession",
    "categories": "category",
    "lineItems": "lineItem",
    "results": "result",
}


class OneRosterSimulator(LoopbackServer):
    """`with OneRosterSimulator() as sis:` serves on `sis.prefix`; `quirks` may be exchanged at any time."""

    def __init__(
        self,
        *,
        port: int = 0,
        mount: str = "/api",
        versions: frozenset[str] = frozenset({"1.1", "1.2"}),
        quirks: Quirks | None = None,
        auth: SisAuth | None = None,
    ) -> None:
        super().__init__(port)
        self.mount = mount
        self.quirks = quirks or Quirks()
        self.school = SisSchool()
        self.auth = auth or SisAuth()
        self.faults = FaultBoard[SisFault]()
        self.asked: Counter[tuple[str, str]] = Counter()
        self._bases = {
            f"{mount}/ims/oneroster/{path}": version
            for path, version in (("v1p1", "1.1"), ("rostering/v1p2", "1.2"), ("gradebook/v1p2", "1.2"))
            if version in versions
        }

    @property
    def prefix(self) -> str:
        """The address up to "/ims/oneroster"."""
        return self.url + self.mount

    def fail(self, kind: SisKind, **how: Any) -> None:
        """Switch a fault on: `sis.fail("throttled", method="PUT", times=2)`; fields as in SisFault."""
        self.faults.add(SisFault(kind, **how))

    def count(self, method: str, path: str = "") -> int:
        """Requests so far by this method whose path ends so."""
        return sum(n for (verb, where), n in self.asked.items() if verb == method and where.endswith(path))

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/_control/"):
            return self._control(request)
        with self.school.lock:
            self.asked[request.method, request.path] += 1
        due = self.faults.due(request.method, request.path)
        if "revoked" in due:
            self.auth.revoke()
        reply = _instead(due) or self._usual(request, due)
        if "error_after" in due:
            fault = due["error_after"]
            wait = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            reply = replace(self._error(fault.status, "internal_server_error", "failed after all"), headers=wait)
        return replace(
            reply,
            delay=due["delay"].seconds if "delay" in due else 0.0,
            half="half" in due,
            hang_up="hang_up_after" in due or reply.hang_up,
        )

    def _usual(self, request: Request, due: Due) -> Reply:
        if request.path in self.auth.token_paths:
            return self.auth.token(request)
        base = next((base for base in self._bases if request.path.startswith(f"{base}/")), "")
        if not base:
            return Reply(404, b"<!DOCTYPE html><title>404</title>", "text/html")
        if why := self.auth.refused(request):
            return self._error(401, "unauthorisedrequest", why)
        if "forbidden" in due:
            return self._error(403, "forbidden", "not for this application")
        if "failure_inside" in due:
            return json_reply({"statusInfoSet": [_status("failure", "error", "invalid_data", "not kept")]})
        parts = [unquote(part) for part in request.path[len(base) + 1 :].split("/")]
        with self.school.lock:
            reply = self._route(request, parts, base, due)
        if "warning_inside" in due and reply.status < 300:
            body = json.loads(reply.body or b"{}")
            status = _status("success", "warning", "fullsuccess", "kept, but look at it")
            reply = replace(reply, body=json.dumps({**body, "statusInfoSet": [status]}).encode())
        return reply

    def _route(self, request: Request, parts: list[str], base: str, due: Due) -> Reply:
        version = self._bases[base]
        if version == "1.2" and ("gradebook" in base) != (
            parts[-1] in ("categories", "lineItems", "results") or (parts[0] in ("categories", "lineItems", "results"))
        ):
            return self._error(404, "unknownobject", "not in this service")
        match request.method, parts:
            case "GET", [name] if name in _NAMES:
                return self._list(request, name, _NAMES[name], base, due)
            case "GET", [name, id] if name in _NAMES:
                return self._single(name, id, base)
            case "GET", [name, id, *more] if (name, *more[::2]) in _WITHIN:
                return self._within(request, parts, base, due)
            case "PUT", [("lineItems" | "results" | "categories") as name, id]:
                return put(self, request, (name, id), version=version, base=base, keeps="stores_nothing" not in due)
            case "DELETE", [("lineItems" | "results" | "categories") as name, id]:
                return deleted(self, name, id)
            case _ if parts[0] in _NAMES and request.method not in ("GET", "PUT", "DELETE"):
                return self._error(405, "unsupportedoperation", "method not supported")
        return self._error(404, "unknownobject", "no such route")

    def _single(self, name: str, id: str, base: str) -> Reply:
        collection, kind = _NAMES[name]
        row = self.school.rows[collection].get(id)
        if row is None or (kind and kind not in (row.get("type"), row.get("role"))):
            return self._error(404, "unknownobject", "unknown")
        return json_reply({SINGLE[collection]: told_row(row, collection, self.url + base, self.quirks)})

    def _list(self, request: Request, name: str, what: tuple[Collection, str], base: str, due: Due) -> Reply:
        collection, kind = what
        if collection == "categories" and self.quirks.categories == "class":
            return self._error(404, "unknownobject", "by class only")
        if collection == "categories" and self.quirks.categories == "filter" and "filter" not in request.query:
            return self._error(400, "invalid_filter_field", "filter needed")
        rows = [row for row in self.school.all(collection) if not kind or kind in (row.get("type"), row.get("role"))]
        return list_reply(self, request, rows, name=name, collection=collection, base=base, due=due)

    def _within(self, request: Request, parts: list[str], base: str, due: Due) -> Reply:
        """Lists of a class, a teacher or a term."""
        school, name, id = self.school, parts[0], parts[1]
        collection: Collection = _NAMES[parts[-1]][0]
        if id not in school.rows[_NAMES[name][0]] or (len(parts) == 5 and parts[3] not in school.rows["lineItems"]):
            return self._error(404, "unknownobject", "unknown")
        if collection == "categories" and self.quirks.categories != "class":
            return self._error(404, "unknownobject", "no such route")
        members = {"students": school.attends, "teachers": school.teaches}.get(parts[-1], {}).get(id, set())
        rows = []
        for row in school.all(collection):
            match name, parts[-1]:
                case "classes", "students" | "teachers":
                    within = row["sourcedId"] in members
                case "classes", "lineItems":
                    within = row["class"]["sourcedId"] == id
                case "classes", "categories":
                    within = row.get("metadata", {}).get("classId", id) == id
                case "classes", "results":
                    item = school.rows["lineItems"].get(row["lineItem"]["sourcedId"], {})
                    within = item.get("class", {}).get("sourcedId") == id and parts[-2] in (id, item.get("sourcedId"))
                case "terms", _:
                    within = row["type"] == "gradingPeriod" and row.get("parent", {}).get("sourcedId") == id
                case _:
                    within = id in school.teaches.get(row["sourcedId"], set()) | school.attends.get(
                        row["sourcedId"], set()
                    )
            if within:
                rows.append(row)
        return list_reply(self, request, rows, name=parts[-1], collection=collection, base=base, due=due)

    def _error(self, status: int, minor: str, words: str) -> Reply:
        told = _status("failure", "error", minor, words)
        match self.quirks.errors:
            case "statusInfoSet":
                return json_reply({"statusInfoSet": [told]}, status)
            case "imsx_StatusInfo":
                return json_reply({"imsx_StatusInfo": told}, status)
            case "message":
                return json_reply({"message": words}, status)
            case "empty":
                return Reply(status)
        del told["imsx_codeMinor"]
        field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
        return json_reply({**told, "imsx_CodeMinor": {"imsx_codeMinorField": [field]}}, status)

    refuse = _error

    def _control(self, request: Request) -> Reply:
        match request.method, request.path:
            case "GET", "/_control/created":
                return json_reply(dict(self.school.created))
            case "GET", "/_control/faults":
                return json_reply(self.faults.on())
            case "DELETE", "/_control/faults":
                self.faults.clear()
                return Reply(204)
            case "POST", "/_control/faults":
                try:
                    self.faults.add(fault_from_json(SisFault, request.json()))
                except ValueError as err:
                    return json_reply({"error": str(err)}, 400)
                return Reply(204)
        return Reply(404)


# The lists inside something: the names in their paths
_WITHIN = {
    ("classes", "students"),
    ("classes", "teachers"),
    ("classes", "lineItems"),
    ("classes", "results"),
    ("classes", "categories"),
    ("classes", "lineItems", "results"),
    ("terms", "gradingPeriods"),
    ("teachers", "classes"),
    ("students", "classes"),
    ("users", "classes"),
}


def _instead(due: Due) -> Reply | None:
    if "redirect" in due:
        return Reply(302, headers={"Location": "https://elders.example/"})
    if "hang_up" in due:
        return Reply(hang_up=True)
    if "throttled" in due:
        wait = due["throttled"].retry_after
        return Reply(429, b"", "text/plain", {"Retry-After": wait} if wait else {})
    if "html" in due:
        return Reply(due["html"].status, b"<!DOCTYPE html><title>SIS</title><p>Server Error", "text/html")
    if "error" in due:
        return Reply(due["error"].status, b"", "text/plain")
    return None


def _status(major: str, severity: str, minor: str, words: str) -> dict[str, Any]:
    return {
        "imsx_codeMajor": major,
        "imsx_severity": severity,
        "imsx_operationRefIdentifier": ["1"],
        "imsx_description": words,
        "imsx_codeMinor": minor,
    }
