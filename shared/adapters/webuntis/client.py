"""A school's people at WebUntis' platform API (Roster): complete and of the right school, or an error."""

import logging
from collections.abc import Callable

from shared.adapters.http import Answer, Door, Repeat, Request
from shared.adapters.webuntis.auth import TokenKey, Tokens, login
from shared.adapters.webuntis.endpoints import Endpoints, checked_tenant
from shared.adapters.webuntis.paging import whole_list
from shared.adapters.webuntis.school_search import find_tenant
from shared.adapters.webuntis.wire import LIST, PeoplePage, list_error, people_page
from shared.domain.people import Person, Role
from shared.errors import Rejected
from shared.ports import Roster, WebUntisConnection

log = logging.getLogger(__name__)


def webuntis(door: Door, endpoints: Endpoints, tokens: Tokens | None = None) -> Callable[[WebUntisConnection], Roster]:
    """Makes rosters that share one memory of tokens and refusals, kept apart per school and credentials.

    Make one of these per instance: a second one would try a refused password again.
    """
    kept = tokens or Tokens()
    return lambda connection: WebUntisRoster(connection, door=door, endpoints=endpoints, tokens=kept)


class WebUntisRoster:
    """See shared.ports.Roster. Nothing is asked before it is needed; safe under threads."""

    def __init__(self, connection: WebUntisConnection, *, door: Door, endpoints: Endpoints, tokens: Tokens) -> None:
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
        self._tokens.forget(self._key())
        self._token()

    def people(self, role: Role) -> tuple[Person, ...]:
        limit = self._endpoints.page_size
        found = whole_list(lambda offset: self._page(role, offset), role=role, limit=limit)
        fields = {"event": "list_read", "school": self._connection.school, "list": LIST[role], "people": len(found)}
        log.info("list read", extra={"fields": fields})
        return found

    def _page(self, role: Role, offset: int) -> PeoplePage:
        answer = self._asked(role, offset)
        if not answer.ok:
            told = answer.error_body()
            raise list_error(
                answer.status, told, role=role, retry_after=answer.retry_after, general=answer.refusal(list=LIST[role])
            )
        page = people_page(answer.json(), role)
        stated = page.tenants | {answer.headers.get("tenant-id", "").strip()} - {""}
        if stated - {self.tenant_id()}:
            raise Rejected("webuntis.wrong_tenant", service="webuntis", where=LIST[role])
        return page

    def _asked(self, role: Role, offset: int) -> Answer:
        """One page, with a new token once when the old one is not believed any more."""
        token = self._token()
        answer = self._get(role, offset, token=token)
        if answer.status == 401:
            answer = self._get(role, offset, token=self._token(not_this=token))
        return answer

    def _get(self, role: Role, offset: int, *, token: str) -> Answer:
        path = self._endpoints.students if role is Role.STUDENT else self._endpoints.teachers
        return self._door.send(
            Request(
                "GET",
                self._endpoints.api + path,
                "webuntis",
                Repeat.ALWAYS,
                query=(("limit", str(self._endpoints.page_size)), ("offset", str(offset))),
                headers=(("Authorization", f"Bearer {token}"),),
            )
        )

    def _token(self, not_this: str = "") -> str:
        connection, tenant = self._connection, self.tenant_id()
        return self._tokens.get(
            self._key(),
            lambda: login(connection, tenant, door=self._door, endpoints=self._endpoints),
            not_this=not_this,
        )

    def _key(self) -> TokenKey:
        connection = self._connection
        where = self._endpoints.token(connection, self.tenant_id())
        return TokenKey(connection.school, where, connection.client_id, connection.password_version)
