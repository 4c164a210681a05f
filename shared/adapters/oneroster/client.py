"""A school's gradebook at a OneRoster server (Gradebook): whole lists, own checks, items believed once read back."""

import logging
import re
from collections.abc import Callable, Collection
from datetime import UTC
from urllib.parse import quote, urlencode

from shared.adapters.http import Door, Pace
from shared.adapters.http.retry import REAL
from shared.adapters.oneroster import payload, wire
from shared.adapters.oneroster.categories import CategoryRoutes
from shared.adapters.oneroster.dialect import DIALECTS
from shared.adapters.oneroster.oauth2 import Tokens
from shared.adapters.oneroster.paging import Page, Row, next_page, row_id, stated_total, whole_list
from shared.adapters.oneroster.refusal import SERVICE
from shared.adapters.oneroster.session import Session
from shared.domain.gradebook import (
    Category,
    GradingPeriod,
    LineItem,
    Org,
    Result,
    SisClass,
    SisStudent,
    SisTeacher,
    item_differences,
)
from shared.errors import RemoteError, Throttled, Unreachable
from shared.gradebook_port import Gradebook, Kept, Sent, SisConnection, SisRejected

PAGE = 100  # the standard's default, and the most that Skyward gives
_SCOPE = re.compile(r"(?:^|/)(?:roster|gradebook)[-.]")  # a right of the standard's, whole or by its last part
_NO_ROUTE = frozenset({"oneroster.not_there", "oneroster.not_supported", "oneroster.refused"})

log = logging.getLogger(__name__)


def oneroster(door: Door, pace: Pace = REAL) -> Callable[[SisConnection], Gradebook]:
    """Makes gradebooks that share one memory of tokens, kept apart per connection and secret."""
    tokens = Tokens(door, pace.monotonic)
    return lambda connection: OneRosterGradebook(connection, door=door, tokens=tokens, pace=pace)


class OneRosterGradebook:
    """See shared.gradebook_port.Gradebook. Remembers which route to the categories a server knows, and nothing else."""

    def __init__(self, connection: SisConnection, *, door: Door, tokens: Tokens, pace: Pace = REAL) -> None:
        self._prefix = connection.prefix
        self._dialect = DIALECTS[connection.version]
        self._session = Session(connection, door=door, tokens=tokens, pace=pace)
        self._pace = pace
        self._categories = CategoryRoutes(self._list)

    # ------------------------------------------------------------ reads

    def login(self) -> str:
        wire.rows_in(self._session.get(f"{self._roster('teachers')}?limit=1", "teachers").body, "teachers")
        return self._session.token_url()

    def may_write(self) -> bool | None:
        told = [scope for scope in self._session.scopes() if _SCOPE.search(scope)]
        return any(scope.endswith("gradebook.createput") for scope in told) if told else None

    def any_class(self) -> SisClass | None:
        url = f"{self._roster('classes')}?limit={PAGE}"
        rows = wire.living(wire.rows_in(self._session.get(url, "classes").body, "classes"))
        return next((wire.school_class(row) for row in rows if row_id(row)), None)

    def orgs(self) -> tuple[Org, ...]:
        return tuple(map(wire.org, self._list(self._roster("orgs"), "orgs")))

    def teacher(self, email: str) -> SisTeacher:
        asked = email.strip()
        rows: list[Row] = []
        if asked and "'" not in asked:  # how a quote is escaped in a filter, the standard does not say
            try:
                rows = self._list(self._roster("teachers"), "teachers", f"email='{asked}'")
            except SisRejected as err:
                if err.code not in _NO_ROUTE:
                    raise
        found = _with_address(rows, asked)
        # Nobody: or a server that cannot filter, and says so by an empty list or by other people.
        found = found or _with_address(self._list(self._roster("teachers"), "teachers"), asked)
        if len(found) != 1:
            code = "oneroster.teacher_twice" if found else "oneroster.teacher_unknown"
            raise SisRejected(code, service=SERVICE, teachers=len(found))
        return found[0]

    def classes(self, teacher: SisTeacher) -> tuple[SisClass, ...]:
        url = self._roster("teachers", teacher.id, "classes")
        return tuple(map(wire.school_class, self._list(url, "classes")))

    def students(self, class_id: str) -> tuple[SisStudent, ...]:
        return tuple(map(wire.student, self._list(self._roster("classes", class_id, "students"), "students")))

    def categories(self, class_id: str) -> tuple[Category, ...]:
        of_class, all_of_them = self._book("classes", class_id, "categories"), self._book("categories")
        return tuple(map(wire.category, self._categories.rows(class_id, of_class=of_class, every=all_of_them)))

    def every_category(self) -> tuple[Category, ...]:
        return tuple(map(wire.category, self._list(self._book("categories"), "categories")))

    def grading_periods(self, of: SisClass) -> tuple[GradingPeriod, ...]:
        found: dict[str, GradingPeriod] = {}
        for term in of.terms:
            found |= self._periods(self._roster("terms", term, "gradingPeriods"))
        return tuple((found or self._periods(self._roster("gradingPeriods"))).values())

    def _periods(self, url: str) -> dict[str, GradingPeriod]:
        """By id; none when the server does not know this route."""
        try:
            rows = self._list(url, "gradingPeriods")
        except SisRejected as err:
            if err.code not in _NO_ROUTE:
                raise
            return {}
        return {period.id: period for period in map(wire.grading_period, rows) if period}

    def line_items(self, class_id: str) -> tuple[LineItem, ...]:
        items = map(wire.line_item, self._list(self._book("classes", class_id, "lineItems"), "lineItems"))
        return tuple(item for item in items if item.class_id in (class_id, ""))

    def results(self, item: LineItem) -> tuple[Result, ...]:
        url = self._book("classes", item.class_id, "lineItems", item.id, "results")
        return tuple(one for one in map(wire.result, self._list(url, "results")) if one.line_item in (item.id, ""))

    # ------------------------------------------------------------ writes

    def put_line_item(self, item: LineItem, *, known: Collection[str]) -> Kept:
        body = payload.line_item_body(item, self._dialect, self._prefix, self._pace.now().astimezone(UTC))
        try:
            said = self._session.put(self._book("lineItems", item.id), body, "lineItems")
        except (Unreachable, Throttled) as lost:
            # Nobody knows whether it was kept: only the SIS itself can tell, and it has to be exactly this item.
            try:
                found = self._read_back(item, item.id, known)
            except RemoteError:
                raise lost from None
            if found is None or item_differences(item, found):
                raise
            log.warning("write confirmed by reading", extra={"fields": {"event": "confirmed", "code": lost.code}})
            return Kept(found)
        except SisRejected as refused:
            if self._was_deleted(item.id):
                raise SisRejected("oneroster.deleted_there", service=SERVICE, what="lineItems") from refused
            raise
        found = self._read_back(item, wire.allocated(said.body, "lineItem", item.id), known)
        if found is None or found.class_id not in (item.class_id, ""):
            raise SisRejected("oneroster.not_kept", service=SERVICE, what="lineItems")
        return Kept(found, said.told.said)

    def _was_deleted(self, id: str) -> bool:
        """Whether the SIS shows that it had this item and has it no more."""
        try:
            return wire.deleted(
                wire.one_in(self._session.get(self._book("lineItems", id), "lineItems").body, "lineItem")
            )
        except RemoteError:
            return False

    def _read_back(self, item: LineItem, id: str, known: Collection[str]) -> LineItem | None:
        """The item as the SIS has it: under `id`, or as the one new item of its class that is just like it."""
        try:
            row = wire.one_in(self._session.get(self._book("lineItems", id), "lineItems").body, "lineItem")
        except SisRejected as err:
            if err.code not in ("oneroster.not_there", "oneroster.not_supported"):
                raise
        else:
            if wire.deleted(row):
                raise SisRejected("oneroster.deleted_there", service=SERVICE, what="lineItems")
            return wire.line_item(row)
        theirs = self.line_items(item.class_id)
        same = [one for one in theirs if one.id == id] or [
            one for one in theirs if one.id not in known and not item_differences(item, one)
        ]
        return same[0] if len(same) == 1 else None

    def put_result(self, item: LineItem, result: Result) -> Sent:
        now = self._pace.now().astimezone(UTC)
        body = payload.result_body(item, result, self._dialect, self._prefix, now)
        said = self._session.put(self._book("results", result.id), body, "results")
        return Sent(wire.allocated(said.body, "result", result.id), said.told.said)

    def delete_line_item(self, item: LineItem) -> None:
        self._delete(self._book("lineItems", item.id), "lineItems")

    def delete_result(self, result: Result) -> None:
        self._delete(self._book("results", result.id), "results")

    def _delete(self, url: str, what: str) -> None:
        try:
            self._session.delete(url, what)
        except SisRejected as err:
            if err.code != "oneroster.not_there":
                raise

    # ------------------------------------------------------------ lists

    def _roster(self, *path: str) -> str:
        return self._dialect.rostering_url(self._prefix, *path)

    def _book(self, *path: str) -> str:
        return self._dialect.gradebook_url(self._prefix, *path)

    def _list(self, url: str, endpoint: str, filter: str = "") -> list[Row]:
        """The living rows of a list. A `filter` is only a wish: whoever gives one checks the rows."""

        def address(offset: int) -> str:
            query = {"limit": str(PAGE), "offset": str(offset)} | ({"filter": filter} if filter else {})
            return f"{url}?{urlencode(query, quote_via=quote, safe='')}"

        def fetch(page_url: str) -> Page:
            said = self._session.get(page_url, endpoint)
            link, total = (said.headers.get(name, "") for name in ("link", "x-total-count"))
            return Page(wire.rows_in(said.body, endpoint), next_page(link, page_url), stated_total(total))

        return wire.living(whole_list(fetch, address, what=endpoint, limit=PAGE, filtered=bool(filter)))


def _with_address(rows: list[Row], email: str) -> list[SisTeacher]:
    """The teachers with this address, an empty one never fits."""
    wanted = email.casefold()
    return [one for one in map(wire.teacher, rows) if wanted and one.email.casefold() == wanted]
