"""One school's way into WebUntis' platform API: logged in at most once, and only ever believed about that school."""

from collections.abc import Iterable

from shared.adapters.http import Answer, Door, Repeat, Request
from shared.adapters.webuntis.auth import TokenKey, Tokens, login
from shared.adapters.webuntis.endpoints import Endpoints, checked_tenant
from shared.adapters.webuntis.school_search import find_tenant
from shared.adapters.webuntis.wire import list_error
from shared.errors import Rejected
from shared.ports import WebUntisConnection

Query = tuple[tuple[str, str], ...]


class Platform:
    """Nothing is asked before it is needed; safe under threads. `school` is our id of the school."""

    def __init__(self, connection: WebUntisConnection, *, door: Door, endpoints: Endpoints, tokens: Tokens) -> None:
        self.school = connection.school
        self._connection = connection
        self._door = door
        self._endpoints = endpoints
        self._tokens = tokens
        self._tenant = connection.tenant_id.strip()

    def tenant_id(self) -> str:
        """The school's tenant id; also for v1, whose address lacks it: without it no answer could be told apart from
        another school's."""
        if not self._tenant:
            self._tenant = find_tenant(self._connection, door=self._door, endpoints=self._endpoints)
        return checked_tenant(self._tenant)

    def login(self) -> None:
        """A fresh login, also when a token is still alive. Raises what `auth.login` raises."""
        self._tokens.forget(self._key())
        self._token()

    def ask(self, path: str, query: Query, *, most: int | None = None) -> Answer:
        """The answer whatever its status, with a new token once when the old one is not believed any more."""
        token = self._token()
        answer = self._get(path, query, token=token, most=most)
        if answer.status == 401:
            answer = self._get(path, query, token=self._token(not_this=token), most=most)
        return answer

    def believed(self, answer: Answer, what: str) -> Answer:
        """The answer, if it is a success that does not name another school in its header. Raises what it means, else;
        `what` is the list it is about."""
        if not answer.ok:
            told, general = answer.error_body(), answer.refusal(list=what)
            raise list_error(answer.status, told, what=what, retry_after=answer.retry_after, general=general)
        self.refuse_others({answer.headers.get("tenant-id", "").strip()} - {""}, what)
        return answer

    def refuse_others(self, stated: Iterable[str], what: str) -> None:
        """Raises Rejected webuntis.wrong_tenant when one of these tenant ids is not this school's."""
        if set(stated) - {self.tenant_id()}:
            raise Rejected("webuntis.wrong_tenant", service="webuntis", where=what)

    def _get(self, path: str, query: Query, *, token: str, most: int | None) -> Answer:
        return self._door.send(
            Request(
                "GET",
                self._endpoints.api + path,
                "webuntis",
                Repeat.ALWAYS,
                query=query,
                headers=(("Authorization", f"Bearer {token}"),),
                most=most,
            )
        )

    def _token(self, not_this: str = "") -> str:
        return self._tokens.get(self._key(), self._login, not_this=not_this)

    def _login(self) -> tuple[str, float]:
        connection = self._connection
        connection.before_login()
        return login(connection, self.tenant_id(), door=self._door, endpoints=self._endpoints)

    def _key(self) -> TokenKey:
        connection = self._connection
        where = self._endpoints.token(connection, self.tenant_id())
        return TokenKey(connection.school, where, connection.client_id, connection.password_version)
