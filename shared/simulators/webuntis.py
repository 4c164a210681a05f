"""The WebUntis platform API for several schools on loopback: login, school search, people, timetable.

Written from the vendor's documents alone, so that it and our adapter are two readings of them. Passwords, tokens and
the lock after 8 wrong passwords behave as documented; `faults` breaks what should break; `calls` counts every call by
(tenant id, endpoint), the endpoints being those of `faults`. Also over HTTP, for `make run`:

    GET /_control/calls · GET, POST, DELETE /_control/faults · POST /_control/unlock?tenant=
    POST /_control/webhook: shared.simulators.webuntis_platform; more by whoever sets `desk`: practice_desk
"""

import base64
import binascii
import gzip
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import unquote

from shared.domain.people import Person, Role
from shared.simulators.fault_board import FaultBoard, fault_from_json
from shared.simulators.faults import Endpoint, Fault, Kind
from shared.simulators.schoolsearch import search_schools
from shared.simulators.server import LoopbackServer, Reply, Request, json_reply
from shared.simulators.untis_school import UntisSchool
from shared.simulators.untis_timetable_wire import deleted_reply, timetable_reply
from shared.simulators.untis_wire import Dialect, extern_error, page, people_reply, person_row
from shared.simulators.webuntis_platform import WebUntisPlatform

_LISTS: dict[tuple[str, str], Role] = {
    ("v1", "students"): Role.STUDENT,
    ("v3", "students"): Role.STUDENT,
    ("v1", "teachers"): Role.TEACHER,
    ("v2", "teachers"): Role.TEACHER,
}


class WebUntisSimulator(LoopbackServer):
    """`with WebUntisSimulator() as untis:` serves on `untis.url`, for api., school search and every subdomain alike.

    `dialect` may be exchanged at any time. Tokens live `expires_in` seconds of `clock`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        expires_in: int = 180,
        dialect: Dialect | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(port)
        self.expires_in = expires_in
        self.dialect = dialect or Dialect()
        self.schools: dict[str, UntisSchool] = {}
        self.faults = FaultBoard[Fault]()
        self.calls: Counter[tuple[str, str]] = Counter()
        self.platform = WebUntisPlatform(lambda: self.schools)
        self.desk: Callable[[Request, str], Reply] = lambda _request, _what: Reply(404)
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}  # tenant id, end of life; kept when dead, to know whose it was

    def add_school(
        self,
        *,
        tenant_id: str,
        school_name: str,
        subdomain: str,
        client_id: str,
        password: str,
        people: Iterable[Person] = (),
        display_name: str = "",
    ) -> UntisSchool:
        """A new tenant; the handle changes its people and its password. Raises ValueError when the id is taken."""
        if tenant_id in self.schools:
            raise ValueError(f"tenant taken: {tenant_id}")
        school = UntisSchool(tenant_id, school_name, subdomain, client_id, password, display_name or school_name)
        school.add(*people)
        self.schools[tenant_id] = school
        return school

    def fail(self, kind: Kind, endpoint: Endpoint = "", **how: object) -> None:
        """Switch a fault on: `untis.fail("throttled", "students", times=2, retry_after="1")`; fields as in Fault."""
        self.faults.add(fault_from_json(Fault, {"kind": kind, "endpoint": endpoint, **how}))

    def revoke_tokens(self, tenant_id: str = "") -> None:
        """All tokens of the tenant ("" is everybody's) are refused from now on."""
        with self._lock:
            for token, (tenant, _) in self._tokens.items():
                if tenant_id in ("", tenant):
                    self._tokens[token] = (tenant, 0.0)

    def count(self, endpoint: Endpoint, tenant_id: str = "") -> int:
        """Calls to `endpoint` so far, of one tenant or ("") of all."""
        with self._lock:
            return sum(n for (tenant, name), n in self.calls.items() if name == endpoint and tenant_id in ("", tenant))

    # ------------------------------------------------------------ routes

    def answer(self, request: Request) -> Reply:
        match [unquote(part) for part in request.path.strip("/").split("/")]:
            case ["_control", what]:
                return self._control(what, request)
            case ["schoolquery2"] | ["ms", "schoolquery2"]:
                return self._called(
                    "search", "", lambda _: search_schools(request, tuple(self.schools.values())), request
                )
            case ["WebUntis", "api", "sso", "v3", tenant, "token"]:
                return self._called("token", tenant, lambda due: self._login(request, tenant, due), request)
            case ["WebUntis", "api", "sso", "v2", tenant, "token"]:
                return self._called("token", tenant, lambda _: _gone("v2"), request)
            case ["WebUntis", "api", "sso", name, "token"]:
                tenant = next((s.tenant_id for s in self.schools.values() if s.school_name == name), "")
                return self._called("token", tenant, lambda due: self._login_v1(request, tenant, due), request)
            case ["WebUntis", "api", "rest", "extern", version, ("students" | "teachers") as name] if (
                version,
                name,
            ) in _LISTS:
                tenant = self._owner(request)[0]
                endpoint: Endpoint = "students" if name == "students" else "teachers"
                return self._called(endpoint, tenant, lambda due: self._people(request, version, name, due), request)
            case ["WebUntis", "api", "rest", "extern", "v3", "timetable", *more] if more in ([], ["deleted-periods"]):
                tenant, reply = self._owner(request)[0], deleted_reply if more else timetable_reply
                return self._called(
                    "deleted" if more else "timetable",
                    tenant,
                    lambda due: (
                        self._kept_out(request, "v3", due) or reply(request, self.schools[tenant], self.dialect, due)
                    ),
                    request,
                )
        return extern_error(404, "NOT_FOUND", "no such resource", version="v3", dialect=self.dialect)

    def _called(
        self, endpoint: Endpoint, tenant: str, normal: Callable[[dict[Kind, Fault]], Reply], request: Request
    ) -> Reply:
        """Count the call, and answer as usual or as the faults that are due want it."""
        with self._lock:
            self.calls[tenant, endpoint] += 1
        if request.method != ("POST" if endpoint in ("token", "search") else "GET"):
            return Reply(405)
        due = self.faults.due(endpoint, tenant)
        if "revoked" in due:
            self.revoke_tokens(tenant)
        reply = self._instead(due) or normal(due)
        if "gzip_bomb" in due:
            bomb = gzip.compress(b" " * (1 << 20)) * due["gzip_bomb"].megabytes  # members may simply follow each other
            reply = replace(reply, body=bomb, headers={**reply.headers, "Content-Encoding": "gzip"})
        return replace(
            reply,
            delay=due["slow"].seconds if "slow" in due else 0.0,
            drip=due["drip"].seconds if "drip" in due else 0.0,
            half="half" in due,
            hang_up="hang_up" in due,
        )

    def _instead(self, due: dict[Kind, Fault]) -> Reply | None:
        if "redirect" in due:
            return Reply(302, headers={"Location": due["redirect"].location})
        if "throttled" in due:
            wait = due["throttled"].retry_after
            return Reply(429, b"Too Many Requests", "text/plain", {"Retry-After": wait} if wait else {})
        if "html" in due:
            return Reply(200, b"<!DOCTYPE html><title>WebUntis</title><p>Onderhoud", "text/html;charset=UTF-8")
        if "error" in due:
            fault = due["error"]
            return extern_error(
                fault.status, fault.code, f"{fault.code} by fault switch", version="v3", dialect=self.dialect
            )
        return None

    # ------------------------------------------------------------ login

    def _login(self, request: Request, tenant: str, due: dict[Kind, Fault]) -> Reply:
        school = self.schools.get(tenant)
        if school is None:
            return extern_error(404, "NOT_FOUND", "tenant not found", version="v3", dialect=self.dialect)
        grant = request.form().get("grant_type") or request.query.get("grant_type", "")
        if grant != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type" if grant else "invalid_request")
        client, password = _basic(request.headers.get("authorization", ""))
        if client != school.client_id:
            return _oauth_error(401, "invalid_client")
        if not school.accepts("" if "wrong_password" in due else password):
            return _oauth_error(400, "invalid_grant")  # also for a locked account: the right password does not help
        token = f"eyJ{secrets.token_urlsafe(48)}"
        with self._lock:
            self._tokens[token] = (tenant, self._clock() + self.expires_in)
        return json_reply({"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in})

    def _login_v1(self, request: Request, tenant: str, due: dict[Kind, Fault]) -> Reply:
        return self._login(request, tenant, due) if self.dialect.v1_login else _gone("v1")

    def _owner(self, request: Request) -> tuple[str, bool]:
        """The tenant of the bearer token ("" for a token never given out), and whether the token is alive."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            tenant, until = self._tokens.get(token, ("", 0.0))
        return tenant, scheme == "Bearer" and self._clock() < until

    def _kept_out(self, request: Request, version: str, due: dict[Kind, Fault]) -> Reply | None:
        """The refusal for whoever has no living token, or not the right to what he asks."""
        if not self._owner(request)[1]:
            # FORBIDDEN is what the error code list offers for 401 too: the status says which it is
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return extern_error(
                401, "FORBIDDEN", "token refused", version=version, dialect=self.dialect, headers=headers
            )
        if "forbidden" in due:
            return extern_error(403, "FORBIDDEN", "Access is denied", version=version, dialect=self.dialect)
        return None

    # ------------------------------------------------------------ lists

    def _people(self, request: Request, version: str, name: str, due: dict[Kind, Fault]) -> Reply:
        if refusal := self._kept_out(request, version, due):
            return refusal
        dialect = self.dialect
        numbers = {}
        for field in ("limit", "offset"):
            value = request.query.get(field) or "0"
            if not (value.isascii() and value.isdigit()):
                message = f"{field} must be a number, 0 or more"
                return extern_error(400, "VALIDATION_ERROR", message, version=version, dialect=dialect)
            numbers[field] = int(value)
        school, role = self.schools[self._owner(request)[0]], _LISTS[version, name]
        people = page(school.people(role), limit=numbers["limit"], offset=numbers["offset"], dialect=dialect)
        rows = [person_row(person, dialect) for person in people]
        return people_reply(school, role, rows, dialect=dialect, faults=due)

    # ------------------------------------------------------------ control

    def _control(self, what: str, request: Request) -> Reply:
        match request.method, what:
            case "GET", "calls":
                with self._lock:
                    found = sorted(self.calls.items())
                return json_reply([{"tenant": t, "endpoint": e, "calls": n} for (t, e), n in found])
            case "GET", "faults":
                return json_reply(self.faults.on())
            case "POST", "faults":
                try:
                    self.faults.add(fault_from_json(Fault, request.json()))
                except ValueError as err:
                    return json_reply({"error": str(err)}, 400)
                return Reply(204)
            case "DELETE", "faults":
                self.faults.clear()
                return Reply(204)
            case "POST", "webhook":
                return self.platform.control(request)
            case "POST", "unlock":
                for school in self.schools.values():
                    if request.query.get("tenant", "") in ("", school.tenant_id):
                        school.unlock()
                return Reply(204)
        return self.desk(request, what)


def _basic(header: str) -> tuple[str, str]:
    """Client id and password of a Basic header; two empty texts when it is none."""
    scheme, _, coded = header.partition(" ")
    try:
        client, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (client, password) if scheme == "Basic" else ("", "")


def _oauth_error(status: int, error: str) -> Reply:
    return json_reply({"error": error}, status, {"Cache-Control": "no-store"})


def _gone(version: str) -> Reply:
    return Reply(410, f"authentication {version} was shut down, use v3".encode(), "text/plain")
