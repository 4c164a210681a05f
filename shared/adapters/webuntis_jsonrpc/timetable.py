"""A school's lessons by JSON-RPC: class by class or person by person, within the school years that WebUntis lists.

Each question is one stay (log in, ask, log out). A range outside every school year is answered without asking for it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, TypeVar

from shared.adapters.webuntis_jsonrpc import master_data
from shared.adapters.webuntis_jsonrpc.kept import Kept
from shared.adapters.webuntis_jsonrpc.master_data import Year
from shared.adapters.webuntis_jsonrpc.periods import Periods
from shared.adapters.webuntis_jsonrpc.session import Session
from shared.adapters.webuntis_jsonrpc.wire import LIST, SERVICE, Refused, Word, error_of
from shared.domain.people import Role
from shared.domain.timetable import Element, ElementKind, Reading, Span
from shared.errors import Rejected
from shared.timetable_source import ApiUser
from shared.values import dataclass

T = TypeVar("T")

# Classes and teachers: each costs a question of almost a second, so 400 of them take less than 400 of the 540 seconds
# that refresh-week has (infra/functions.json). What is left is for logging in, the lists, storing and slow questions.
MOST_ELEMENTS = 400

_CLASS = 1  # element types of the API
_PERSON = {Role.TEACHER: 2, Role.STUDENT: 5}
_FIELDS = ("id", "name", "longname", "externalkey")
_NAMES = {
    ElementKind.CLASS: "getKlassen",
    ElementKind.SUBJECT: "getSubjects",
    ElementKind.ROOM: "getRooms",
    ElementKind.TEACHER: "getTeachers",
}
# Why a list may be missing that we can do without: the right, no school year now, a server that does not know it.
_DO_WITHOUT = frozenset({Word.NO_RIGHT, Word.NO_YEAR, Word.OTHER})

log = logging.getLogger(__name__)


class JsonRpcTimetable:
    """See shared.timetable_source.TimetableSource.

    `whole` is the union of all classes, and of all teachers for what no class takes part in (break supervision,
    meetings); without the right to teachers those are left out. Nothing tells of a period that has neither. Texts are
    not asked for.
    """

    batch = 1

    def __init__(
        self,
        user: ApiUser,
        zone: tzinfo,
        *,
        session: Callable[[ApiUser], Session],
        kept: Kept,
        now: Callable[[], datetime],
    ) -> None:
        self._user = user
        self._zone = zone
        self._session = session
        self._kept = kept
        self._now = now

    def whole(self, span: Span) -> Reading:
        return self._union(span, MOST_ELEMENTS)

    def sample(self, span: Span) -> Reading:
        return self._union(span, 1)

    def _union(self, span: Span, most: int) -> Reading:
        """Of at most so many classes and so many teachers."""
        with self._visit(span) as visit:
            classes = [(id, days) for days in visit.days for id in visit.class_ids(days.year)]
            teachers = [(id, days) for days in visit.days for id in visit.teacher_ids()]
            if (asks := len(classes) + len(teachers)) > MOST_ELEMENTS:
                raise Rejected("webuntis.school_too_large", service=SERVICE, asks=asks, most=MOST_ELEMENTS)
            for id, days in classes[:most]:
                visit.read({"id": id, "type": _CLASS, "keyType": "id"}, days)
            for id, days in teachers[:most]:
                try:
                    visit.read({"id": id, "type": _PERSON[Role.TEACHER], "keyType": "id"}, days)
                except Refused as err:
                    if err.word is Word.NO_RIGHT:
                        visit.missing(err, "teachers")
                        break
                    # A class is listed for its school year, so an unknown one is an error; a teacher is of today.
                    if err.word is not Word.UNKNOWN_ELEMENT:
                        raise
            return visit.reading()

    def changes(self, span: Span, since: datetime) -> Reading | None:  # noqa: ARG002
        """None: the API tells neither when a period was changed nor which were deleted."""
        return None

    def of(self, role: Role, keys: Sequence[str], span: Span) -> Reading:
        """Who is in a lesson is not told, also not of the student who was asked for."""
        if len(keys) > self.batch:
            raise ValueError(f"{len(keys)} people in one question")
        with self._visit(span) as visit:
            unknown = [key for key in keys if visit.days and not self._knows(visit, role, key)]
            return visit.reading(tuple(unknown))

    def _knows(self, visit: "_Visit", role: Role, key: str) -> bool:
        """Read this person's lessons; False when WebUntis knows nobody by this key in any of the school years."""
        if not key.strip():
            return False
        known = False
        for days in visit.days:
            try:
                visit.read({"id": key, "type": _PERSON[role], "keyType": "externalkey"}, days)
            except Refused as err:
                if err.word is not Word.UNKNOWN_ELEMENT:
                    raise
            else:
                known = True
        return known

    @contextmanager
    def _visit(self, span: Span) -> Iterator["_Visit"]:
        with self._session(self._user) as session:
            try:
                yield _Visit(session, self._kept, self._zone, span=span, asked=self._now())
            except Refused as err:
                if err.word in (Word.TWO_YEARS, Word.UNKNOWN_ELEMENT):
                    self._kept.forget(session.key)  # the years or classes we knew are no longer so
                raise error_of(err, question="timetable") from err


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of one school year, first and last included."""

    year: Year
    first: date
    last: date


class _Visit:
    """One stay about one span. Every method may raise Refused, and what `Session.ask` raises."""

    def __init__(self, session: Session, kept: Kept, zone: tzinfo, *, span: Span, asked: datetime) -> None:
        self._session = session
        self._kept = kept
        self._asked = asked
        self._first = span.start.astimezone(zone).date()
        self._last = (span.end.astimezone(zone) - timedelta(microseconds=1)).date()
        self._found = Periods(zone, asked)
        self.days = self._clamped()

    def _clamped(self) -> tuple[_Days, ...]:
        """The span in parts of one school year each: -8507 for two in one question."""
        years = self._list("getSchoolyears", master_data.years)
        parts = [_Days(each, max(self._first, each.days.first), min(self._last, each.days.last)) for each in years]
        return tuple(sorted((each for each in parts if each.first <= each.last), key=lambda each: each.first))

    def class_ids(self, year: Year) -> tuple[int, ...]:
        """This school year's classes: the same class has another id in the next."""
        return self._list("getKlassen", lambda result: master_data.ids(result, "getKlassen"), schoolyearId=year.id)

    def teacher_ids(self) -> tuple[int, ...]:
        """Those who teach now, as far as we may know them."""
        return self._optional("getTeachers", lambda result: master_data.ids(result, "getTeachers"))

    def read(self, element: dict[str, Any], days: _Days) -> None:
        """Add this element's lessons."""
        options = {
            "element": element,
            "startDate": _number(days.first),
            "endDate": _number(days.last),
            "onlyBaseTimetable": False,
            "showLsNumber": True,
            "showStudentgroup": True,
            "klasseFields": _FIELDS,
            "roomFields": _FIELDS,
            "subjectFields": _FIELDS,
            "teacherFields": _FIELDS,
        }
        try:
            rows = self._session.ask("getTimetable", {"options": options})
        except Refused as err:
            # Nothing of these days may be seen, or WebUntis sees no school year there: no lessons, and no error.
            if err.word not in (Word.NO_DATE, Word.NO_YEAR):
                raise
            return
        if not isinstance(rows, list):
            raise Rejected("webuntis.no_list", service=SERVICE, list="timetable")
        self._found.add(rows)

    def reading(self, unknown: tuple[str, ...] = ()) -> Reading:
        """All that was read, with the hours and holidays if they may be known."""
        for kind, method in _NAMES.items():
            if self._found.nameless(kind):
                self._name(kind, method)
        longest = max(self.days, key=lambda each: each.last - each.first, default=None)
        holidays = self._optional("getHolidays", master_data.holidays)
        return Reading(
            self._asked,
            self._found.lessons,
            self._found.elements,
            grid=self._optional("getTimegridUnits", master_data.grid),
            year=longest.year.days if longest else None,
            holidays=master_data.touching(holidays, self._first, self._last),
            unreadable=self._found.unreadable,
            unknown_keys=unknown,
        )

    def _name(self, kind: ElementKind, method: str) -> None:
        """An old server overlooks the fields we ask for and tells ids only."""
        which = [{"schoolyearId": each.year.id} for each in self.days] if kind is ElementKind.CLASS else [{}]

        def names(result: Any) -> tuple[Element, ...]:
            return master_data.names(result, kind, method)

        for params in which:
            self._found.name(self._optional(method, names, as_="names", **params))

    def _list(self, method: str, parse: Callable[[Any], T], **params: int) -> T:
        """A list as it was within the last hour."""
        return self._kept.get(self._session.key, f"{method} {params}", lambda: parse(self._session.ask(method, params)))

    def _optional(
        self, method: str, parse: Callable[[Any], tuple[T, ...]], *, as_: str = "", **params: int
    ) -> tuple[T, ...]:
        """The same, empty when the API user may not have it: asked once an hour, said once an hour."""

        def fetch() -> tuple[T, ...]:
            try:
                return parse(self._session.ask(method, params))
            except Refused as err:
                if err.word not in _DO_WITHOUT:
                    raise
                self.missing(err, LIST[method])
                return ()

        return self._kept.get(self._session.key, f"{method} {params} {as_} optional", fetch)

    def missing(self, refused: Refused, what: str) -> None:
        """Say that the reading goes on without this."""
        fields = {"event": "list_missing", "school": self._session.key.school, "list": what}
        log.warning("list missing", extra={"fields": fields | {"error": refused.number or 0}})


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
