"""A school's people at WebUntis' platform API (Roster): complete and of the right school, or an error."""

import logging
from collections.abc import Callable

from shared.adapters.http import Door
from shared.adapters.webuntis.auth import Tokens
from shared.adapters.webuntis.endpoints import Endpoints
from shared.adapters.webuntis.paging import whole_list
from shared.adapters.webuntis.platform import Platform
from shared.adapters.webuntis.wire import LIST, PeoplePage, people_page
from shared.domain.people import Person, Role
from shared.ports import Roster, WebUntisConnection

log = logging.getLogger(__name__)


def webuntis(door: Door, endpoints: Endpoints, tokens: Tokens | None = None) -> Callable[[WebUntisConnection], Roster]:
    """Makes rosters that share one memory of tokens and refusals, kept apart per school and credentials.

    Make one of these per instance, with the `tokens` of `timetables`: a second memory would try a refused password
    again.
    """
    kept = tokens or Tokens()
    return lambda connection: WebUntisRoster(connection, door=door, endpoints=endpoints, tokens=kept)


class WebUntisRoster:
    """See shared.ports.Roster. Nothing is asked before it is needed; safe under threads."""

    def __init__(self, connection: WebUntisConnection, *, door: Door, endpoints: Endpoints, tokens: Tokens) -> None:
        self._platform = Platform(connection, door=door, endpoints=endpoints, tokens=tokens)
        self._endpoints = endpoints

    def tenant_id(self) -> str:
        return self._platform.tenant_id()

    def login(self) -> None:
        self._platform.login()

    def people(self, role: Role) -> tuple[Person, ...]:
        limit = self._endpoints.page_size
        found = whole_list(lambda offset: self._page(role, offset), role=role, limit=limit)
        fields = {"event": "list_read", "school": self._platform.school, "list": LIST[role], "people": len(found)}
        log.info("list read", extra={"fields": fields})
        return found

    def _page(self, role: Role, offset: int) -> PeoplePage:
        path = self._endpoints.students if role is Role.STUDENT else self._endpoints.teachers
        answer = self._platform.ask(path, (("limit", str(self._endpoints.page_size)), ("offset", str(offset))))
        page = people_page(self._platform.believed(answer, LIST[role]).json(), role)
        self._platform.refuse_others(page.tenants, LIST[role])
        return page
