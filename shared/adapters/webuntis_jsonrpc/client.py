"""A school's people by JSON-RPC, whole or an error; and the maker of everything this package offers."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from shared.adapters.http import Door
from shared.adapters.webuntis_jsonrpc import master_data
from shared.adapters.webuntis_jsonrpc.kept import Kept
from shared.adapters.webuntis_jsonrpc.session import Logins, Session
from shared.adapters.webuntis_jsonrpc.timetable import JsonRpcTimetable
from shared.adapters.webuntis_jsonrpc.wire import LIST, Refused, error_of
from shared.domain.people import Person, Role
from shared.ports import Roster
from shared.timetable_source import ApiUser, TimetableSource
from shared.values import dataclass

HOST_PATTERN = "https://{subdomain}.webuntis.com"

log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class JsonRpc:
    """Makes rosters and timetables that share one memory of refused logins and of lists. See `jsonrpc`."""

    session: Callable[[ApiUser], Session]
    kept: Kept
    now: Callable[[], datetime]

    def roster(self, user: ApiUser) -> Roster:
        return JsonRpcRoster(user, session=self.session)

    def timetable(self, user: ApiUser, zone: tzinfo) -> TimetableSource:
        """`zone` is the school's: JSON-RPC tells times without one."""
        return JsonRpcTimetable(user, zone, session=self.session, kept=self.kept, now=self.now)


def jsonrpc(
    door: Door,
    host_pattern: str = HOST_PATTERN,
    *,
    now: Callable[[], datetime] = _utc_now,
    monotonic: Callable[[], float] = time.monotonic,
) -> JsonRpc:
    """Make one of these per instance: a second one would try a refused password again."""
    logins = Logins(monotonic)

    def session(user: ApiUser) -> Session:
        return Session(user, door=door, host_pattern=host_pattern, logins=logins)

    return JsonRpc(session, Kept(monotonic), now)


class JsonRpcRoster:
    """See shared.ports.Roster. Teachers have no ID-nummer here: it shows up in timetables only."""

    def __init__(self, user: ApiUser, *, session: Callable[[ApiUser], Session]) -> None:
        self._user = user
        self._session = session

    def tenant_id(self) -> str:
        """Always "", without a question: an API user belongs to one school, by its name, and no call needs the id."""
        return ""

    def login(self) -> None:
        with self._session(self._user) as session:
            session.login()

    def people(self, role: Role) -> tuple[Person, ...]:
        method = "getStudents" if role is Role.STUDENT else "getTeachers"
        with self._session(self._user) as session:
            try:
                found = master_data.people(session.ask(method), role)
            except Refused as err:
                raise error_of(err) from err
        fields = {"event": "list_read", "school": self._user.school, "list": LIST[method], "people": len(found)}
        log.info("list read", extra={"fields": fields})
        return found
