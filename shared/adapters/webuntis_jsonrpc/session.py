"""A stay at WebUntis as an API user: logged in on the first question, logged out at the end whatever happened.

WebUntis locks an account after 8 wrong logins, by default for ever (product.md UT-basic). So credentials that were
refused are answered from memory from then on, and an account that is locked is left alone for an hour.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

from shared.adapters.http import Answer, Door, Repeat, Request
from shared.adapters.webuntis.endpoints import checked_subdomain
from shared.adapters.webuntis_jsonrpc.wire import (
    LOCKED_REST,
    SERVICE,
    Refused,
    Word,
    error_of,
    question,
    result_in,
)
from shared.errors import NotAuthorized, Rejected, RemoteError, Throttled
from shared.timetable_source import ApiUser

CLIENT = "Profijt-Koppelingen"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoginKey:
    """What a refusal belongs to: change any of it and it is another login."""

    school: str
    where: str  # the address, with the school name in it
    user: str
    password_version: str


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    refused: NotAuthorized | None = None
    rests_until: float = 0.0


class Logins:
    """What this instance knows about logins that went wrong. One login per account is under way at a time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._entries: dict[LoginKey, _Entry] = {}
        self._lock = threading.Lock()

    def make(self, key: LoginKey, login: Callable[[], str]) -> str:
        """What `login` gives, if it may be called. Its NotAuthorized is remembered for good, "webuntis.user_locked"
        for as long as it says; either is raised again without calling it."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
        with entry.lock:
            if entry.refused is not None:
                told = {name: value for name, value in entry.refused.facts.items() if name != "service"}
                raise NotAuthorized(entry.refused.code, service=SERVICE, **told) from entry.refused
            if (left := entry.rests_until - self._monotonic()) > 0:
                raise Throttled("webuntis.user_locked", service=SERVICE, retry_after=left)
            try:
                return login()
            except NotAuthorized as err:
                entry.refused = err
                raise
            except Throttled as err:
                if err.code == "webuntis.user_locked":
                    entry.rests_until = self._monotonic() + LOCKED_REST
                raise


class Session:
    """One stay, for one thread: `with Session(…) as session: session.ask("getStudents")`."""

    def __init__(self, user: ApiUser, *, door: Door, host_pattern: str, logins: Logins) -> None:
        self._user = user
        self._door = door
        self._logins = logins
        host = host_pattern.format(subdomain=checked_subdomain(user.subdomain))
        # Names hold spaces, "+" and "&": safe="" leaves none of them to the server's guess.
        self._url = f"{host}/WebUntis/jsonrpc.do?school={quote(user.school_name, safe='')}"
        self._id = ""
        self._calls = 0

    @property
    def key(self) -> LoginKey:
        return LoginKey(self._user.school, self._url, self._user.user, self._user.password_version)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Log out. That it fails changes nothing: the session dies by itself within ten minutes."""
        if not self._id:
            return
        try:
            self._send("logout", {}, Repeat.UNSENT)
        except (RemoteError, Refused) as err:
            code = err.code if isinstance(err, RemoteError) else f"rpc.{err.number}"
            fields = {"event": "logout_failed", "school": self._user.school, "code": code}
            log.info("logout failed", extra={"fields": fields})
        self._id = ""

    def login(self) -> None:
        """Log in now, exactly one attempt, in the user's turn.

        Raises NotAuthorized "webuntis.login_refused", "webuntis.second_factor"; Throttled "webuntis.user_locked";
        Rejected "webuntis.school_unknown_there", "webuntis.school_moved", "webuntis.bad_token"; Unreachable.
        """
        self._id = self._logins.make(self.key, self._in_turn)

    def ask(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """The result, logged in (again, once, when the session has died). Raises Refused, and what `login` raises."""
        if not self._id:
            self.login()
        try:
            return self._send(method, params or {}, Repeat.ALWAYS)
        except Refused as err:
            if err.word is not Word.EXPIRED:
                raise
        self.login()
        return self._send(method, params or {}, Repeat.ALWAYS)

    def _in_turn(self) -> str:
        with self._user.turn():
            return self._authenticate()

    def _authenticate(self) -> str:
        who = {"user": self._user.user, "password": self._user.password, "client": CLIENT}
        self._id = ""
        try:
            result = self._send("authenticate", who, Repeat.UNSENT)
        except Refused as err:
            raise error_of(err) from err
        session = result.get("sessionId") if isinstance(result, dict) else None
        # It goes into a cookie: RFC 6265 4.1.1 leaves visible ASCII without these.
        if (
            not isinstance(session, str)
            or not session
            or not all("!" <= c <= "~" and c not in '",;\\' for c in session)
        ):
            raise Rejected("webuntis.bad_token", service=SERVICE)
        return session

    def _send(self, method: str, params: Mapping[str, Any], repeat: Repeat) -> Any:
        self._calls += 1
        sent = str(self._calls)
        cookie = (("Cookie", f"JSESSIONID={self._id}"),) if self._id else ()
        request = Request(
            "POST",
            self._url,
            SERVICE,
            repeat,
            headers=(("Content-Type", "application/json"), *cookie),
            body=question(sent, method, params),
        )
        return result_in(self._answer(request), sent, method)

    def _answer(self, request: Request) -> Answer:
        try:
            return self._door.send(request)
        except Rejected as err:
            # A renamed server answers with its new address (2025-12: mese → <school>). Named, never followed.
            if err.code == "http.redirected" and err.facts["to"] != request.host:
                facts = {"server": err.facts["to"], "expected": request.host}
                raise Rejected("webuntis.school_moved", service=SERVICE, **facts) from err
            raise
