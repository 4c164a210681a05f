"""Access tokens for people's Classroom, made and renewed by google-auth through our own door; kept in memory only."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2 import credentials, service_account

from shared.adapters.classroom.place import SCOPE, SERVICE, GoogleClient, Place
from shared.adapters.http import Answer, Door, Repeat, Request
from shared.coursework_port import RIGHTS, ClassroomAccess
from shared.errors import Misconfigured, NotAuthorized, RemoteError

_MOST = 500  # people of one instance

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    credentials: Any = field(default=None, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Tokens:
    """The tokens of one instance, apart for each access. Two threads that need the same one ask once.

    `client` renews what people consented to, `key` tells the service account's key (JSON) for schools that delegate.
    """

    def __init__(self, door: Door, *, place: Place, client: GoogleClient | None, key: Callable[[], str] | None) -> None:
        self._send = _through(door)
        self._place = place
        self._client = client
        self._key = key
        self._entries: dict[ClassroomAccess, _Entry] = {}
        self._lock = threading.Lock()

    def get(self, access: ClassroomAccess, *, not_this: str = "") -> str:
        """A live token that is not `not_this`, one that was just refused.

        Raises NotAuthorized classroom.consent_ended, .delegation_refused, .client_refused; Misconfigured; Throttled;
        Unreachable; Rejected.
        """
        entry = self._entry(access)
        with entry.lock:
            held = entry.credentials = entry.credentials or self._credentials(access)
            if not held.valid or held.token == not_this:
                try:
                    held.refresh(self._send)
                except RefreshError as err:
                    # Not chained: it may quote the whole answer of the token endpoint.
                    raise _meant(err, delegated=not access.refresh_token) from None
                way = "consent" if access.refresh_token else "delegation"
                fields = {"event": "google_token", "school": access.school, "way": way}
                log.info("token from Google", extra={"fields": fields})
            return str(held.token)

    def _entry(self, access: ClassroomAccess) -> _Entry:
        with self._lock:
            if len(self._entries) >= _MOST and access not in self._entries:
                self._entries.clear()
            return self._entries.setdefault(access, _Entry())

    def _credentials(self, access: ClassroomAccess) -> Any:
        if not access.refresh_token:
            return self._delegated(access.email)
        if self._client is None:
            raise Misconfigured("config.missing", variable="GOOGLE_CLIENT_ID")
        return credentials.Credentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=access.refresh_token,
            token_uri=self._place.token,
            client_id=self._client.id,
            client_secret=self._client.secret(),
        )

    def _delegated(self, email: str) -> Any:
        """As `email`, by domain-wide delegation."""
        if self._key is None:
            raise Misconfigured("config.missing", variable="GOOGLE_DELEGATION_SECRET")
        try:
            info = json.loads(self._key()) | {"token_uri": self._place.token}
            return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                info, scopes=[SCOPE + right for right in RIGHTS], subject=email
            )
        except (ValueError, TypeError, GoogleAuthError):  # from None: it may quote the key
            raise Misconfigured("config.unreadable", variable="GOOGLE_DELEGATION_SECRET") from None


class _Response:
    """What google-auth reads of an answer."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.data = answer.body


def _through(door: Door) -> Callable[..., _Response]:
    """google.auth.transport.Request over our door. What is not an answer of a token endpoint leaves as an error of
    ours, past google-auth: it would wait and ask again, and the door has done so."""

    def send(
        url: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None, **_: object
    ) -> _Response:
        request = Request(method, url, SERVICE, Repeat.ALWAYS, headers=tuple((headers or {}).items()), body=body)
        answer = door.send(request)
        if answer.ok:
            answer.json(dict)
        elif answer.status in (408, 429) or answer.status >= 500 or not answer.error_body():
            raise answer.refusal()
        return _Response(answer)

    return send


def _meant(err: RefreshError, *, delegated: bool) -> RemoteError:
    """RFC 6749 5.2. Without an `error` Workspace wants this person to log in anew (invalid_rapt)."""
    said = err.args[1] if len(err.args) > 1 else None
    error = said.get("error") if isinstance(said, dict) else ""
    if delegated:
        return NotAuthorized("classroom.delegation_refused", service=SERVICE)
    if error in ("invalid_client", "unauthorized_client"):
        return NotAuthorized("classroom.client_refused", service=SERVICE)
    return NotAuthorized("classroom.consent_ended", service=SERVICE)
