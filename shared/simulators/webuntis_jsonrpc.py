"""WebUntis' JSON-RPC server on loopback, from its document and field reports, as odd as the real one.

Errors come as status 200 with a number, an unknown school as 404 with the same JSON. Every method but `authenticate`
wants the session's cookie, and a right. Sources: fact sheet 1, the vendor's document of 2018-09-20.
"""

import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

from shared.simulators.fault_board import FaultBoard
from shared.simulators.jsonrpc_answers import Row, RpcError, master_list, timetable
from shared.simulators.jsonrpc_faults import Fault, Kind
from shared.simulators.jsonrpc_practice import practice_lists
from shared.simulators.jsonrpc_school import METHODS, JsonRpcSchool, Lists
from shared.simulators.server import LoopbackServer, Reply, Request

IDLE = 600.0  # seconds a session lives without a call
_LOCKED = "Benutzer ist vorübergehend gesperrt"


class JsonRpcSimulator(LoopbackServer):
    """`with JsonRpcSimulator() as untis:` serves on `untis.url`, for every subdomain alike."""

    def __init__(self, *, port: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(port)
        self.schools: dict[str, JsonRpcSchool] = {}
        self.faults = FaultBoard[Fault]()
        self.calls: Counter[str] = Counter()
        self.given: list[str] = []  # every session id so far
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[JsonRpcSchool, float]] = {}  # with the time of the last call

    def add_school(self, name: str, *, user: str, password: str, lists: Lists | None = None) -> JsonRpcSchool:
        """A new tenant; without lists the practice school."""
        self.schools[name] = JsonRpcSchool(name, user, password, lists or practice_lists())
        return self.schools[name]

    def fail(self, kind: Kind, method: str = "", **how: Any) -> None:
        """Switch a fault on: `untis.fail("error", "getHolidays", code=-8509)`; fields as in Fault."""
        self.faults.add(Fault(kind, method, **how))

    @property
    def sessions(self) -> int:
        """Logged in and not out again, dead or alive."""
        return len(self._sessions)

    def answer(self, request: Request) -> Reply:
        if request.path != "/WebUntis/jsonrpc.do":
            return Reply(404, b"<html>not found", "text/html")
        try:
            asked = request.json()
            id, method = asked["id"], asked["method"]
        except (ValueError, KeyError, TypeError):  # also a notification: without id
            return _reply("error", error=RpcError(-32700, "parse error"))
        with self._lock:
            self.calls[method] += 1
        due = self.faults.due(method)
        if "expired" in due:
            with self._lock:
                self._sessions = {key: (school, float("-inf")) for key, (school, _) in self._sessions.items()}
        reply = self._instead(due, id) or self._usual(request, id, method, asked.get("params"))
        if "not_a_list" in due:
            reply = _reply(id, result={"unexpected": []})
        return replace(
            reply,
            delay=due["slow"].seconds if "slow" in due else 0.0,
            half="half" in due,
            hang_up="hang_up" in due,
        )

    def _instead(self, due: dict[Kind, Fault], id: Any) -> Reply | None:
        if "redirect" in due:
            return Reply(302, headers={"Location": due["redirect"].location})
        if "status" in due:
            return Reply(due["status"].status, b"Service Unavailable", "text/plain")
        if "throttled" in due:
            return Reply(429, b"Too Many Requests", "text/plain", {"Retry-After": "7"})
        if "html" in due:
            return Reply(200, b"<!DOCTYPE html><title>WebUntis</title>", "text/html;charset=UTF-8")
        for kind, named in (("error", id), ("error_id", "error")):
            if fault := due.get(kind):  # type: ignore[call-overload]
                return _reply(named, error=RpcError(fault.code, fault.message))
        if "wrong_id" in due:
            return _reply(f"{id}0", result=[])
        return _reply(id, result=[], without=True) if "no_result" in due else None

    def _usual(self, request: Request, id: Any, method: str, params: Any) -> Reply:
        try:
            result = self._result(request, method, params)
        except RpcError as err:
            return _reply(id, error=err)
        headers = {}
        if method == "authenticate":
            headers["Set-Cookie"] = f"JSESSIONID={result['sessionId']}; Path=/WebUntis; Secure; HttpOnly; SameSite=None"
        return _reply(id, result=result, headers=headers)

    def _result(self, request: Request, method: str, params: Any) -> Any:
        school = self.schools.get(request.query.get("school", ""))
        if school is None:
            raise RpcError(-8500, "invalid schoolname", 404)
        if not isinstance(params, dict):
            raise RpcError(-32602, "params missing")
        if method == "authenticate":
            return {"sessionId": self._login(school, params), "personType": 0, "personId": -1}
        self._check_session(request, school, leave=method == "logout")
        if method == "logout":
            return None
        if method not in METHODS:
            raise RpcError(-32601, f"method not found: {method}")
        if method not in school.rights:
            raise RpcError(-8509, "no right for timetable" if method == "getTimetable" else f"no right for {method}()")
        return timetable(school, params) if method == "getTimetable" else master_list(school, method, params)

    def _login(self, school: JsonRpcSchool, params: Row) -> str:
        if not params.get("user"):
            raise RpcError(-8502, "no user")
        if school.locked:
            raise RpcError(-8998, _LOCKED)
        if not school.accepts(params["user"], params.get("password", "")):
            raise RpcError(-8504, "bad credentials")
        if school.second_factor:
            raise RpcError(-8519, "2FA token required")
        key = secrets.token_hex(16).upper()
        with self._lock:
            self._sessions[key] = (school, self._clock())
            self.given.append(key)
        return key

    def _check_session(self, request: Request, school: JsonRpcSchool, *, leave: bool) -> None:
        morsel = SimpleCookie(request.headers.get("cookie", "")).get("JSESSIONID")
        key = morsel.value if morsel else ""
        with self._lock:
            owner, used = self._sessions.get(key, (None, 0.0))
            if owner is not school or self._clock() - used > IDLE:
                self._sessions.pop(key, None)
                raise RpcError(-8520, "not authenticated")
            if leave:
                del self._sessions[key]
            else:
                self._sessions[key] = (school, self._clock())


def _reply(
    id: Any, *, result: Any = None, error: RpcError | None = None, headers: dict[str, str] | None = None,
    without: bool = False,
) -> Reply:  # fmt: skip
    body: Row = {"jsonrpc": "2.0", "id": id}
    if error:
        body["error"] = {"message": error.message, "code": error.code}
    elif not without:
        body["result"] = result
    text = json.dumps(body, ensure_ascii=False).encode()
    return Reply(error.status if error else 200, text, "application/json-rpc;charset=UTF-8", headers or {})
