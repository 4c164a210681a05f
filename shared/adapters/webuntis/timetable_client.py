"""A school's lessons at WebUntis' platform API (TimetableSource): complete for what was asked and of the right school,
or an error."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from shared.adapters.http import Answer, Door
from shared.adapters.webuntis.auth import Tokens
from shared.adapters.webuntis.endpoints import Endpoints
from shared.adapters.webuntis.platform import Platform, Query
from shared.adapters.webuntis.timetable_paging import read_through
from shared.adapters.webuntis.timetable_wire import Body, TimetablePage, deleted_ids, timetable_page
from shared.adapters.webuntis.wire import KEY_UNKNOWN, error_code
from shared.domain.people import Role
from shared.domain.timetable import Lesson, Reading, SchoolYear, Span
from shared.errors import Rejected
from shared.ports import WebUntisConnection
from shared.timetable_source import TimetableSource

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)  # for changes that were under way, and for clocks that differ
_FILTER = {Role.STUDENT: "student_ext", Role.TEACHER: "teacher_ext"}
_KEY = re.compile(r"[^<>|\[\]]{1,100}")  # what WebUntis takes as an external key: help.untis.at, students
_FEW = 10  # as many unreadable lessons are the school's affair, not the answer's


class Timetables(Protocol):
    """Makes a source for one connection; `zone` is the school's."""

    def __call__(self, connection: WebUntisConnection, zone: str) -> TimetableSource: ...


def timetables(
    door: Door, endpoints: Endpoints, tokens: Tokens, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Timetables:
    """Sources that share `tokens` with the rosters of `webuntis`: a refused password is not tried again by either."""

    def source(connection: WebUntisConnection, zone: str) -> TimetableSource:
        platform = Platform(connection, door=door, endpoints=endpoints, tokens=tokens)
        return WebUntisTimetable(platform, endpoints, zone=ZoneInfo(zone), now=now)

    return source


class WebUntisTimetable:
    """See shared.timetable_source.TimetableSource. Safe under threads."""

    batch = 50  # specification of v3: maxItems

    def __init__(
        self, platform: Platform, endpoints: Endpoints, *, zone: ZoneInfo, now: Callable[[], datetime]
    ) -> None:
        self._platform = platform
        self._endpoints = endpoints
        self._zone = zone
        self._now = now

    def whole(self, span: Span) -> Reading:
        question = self._question(span)
        question.ask((("dateLastModifiedAfter", self._endpoints.all_since),))
        return question.reading()

    def sample(self, span: Span) -> Reading:
        return self.whole(span)  # one question

    def changes(self, span: Span, since: datetime) -> Reading | None:
        """None when this WebUntis has no list of deleted lessons: without it a change could not be told from an end."""
        question = self._question(span)
        after = (("dateLastModifiedAfter", f"{since.astimezone(UTC) - OVERLAP:%Y-%m-%dT%H:%M:%S}"),)
        question.ask(after)
        answer = self._platform.ask(self._endpoints.deleted_periods, after)
        if answer.status == 404:
            return None
        # The later of the two questions: what came and went between them is gone.
        return question.reading(deleted=deleted_ids(self._platform.believed(answer, "timetable").json()))

    def of(self, role: Role, keys: Sequence[str], span: Span) -> Reading:
        if len(keys) > self.batch:
            raise ValueError(f"at most {self.batch} keys, not {len(keys)}")
        question = self._question(span)
        possible = [key for key in keys if _KEY.fullmatch(key.strip())]
        unknown = question.ask_about(_FILTER[role], possible) | (set(keys) - set(possible))
        return question.reading(unknown=tuple(key for key in dict.fromkeys(keys) if key in unknown))

    def _question(self, span: Span) -> "_Question":
        first = span.start.astimezone(self._zone).date()
        last = (span.end - timedelta(microseconds=1)).astimezone(self._zone).date()
        return _Question(self._platform, self._endpoints, self._zone, first, last, self._now())


class _KeyUnknown(Exception):
    """One of the keys asked about is nobody's."""


@dataclass(slots=True)
class _Question:
    """One question about the days `first` to `last`, asked in as many requests as it takes."""

    platform: Platform
    endpoints: Endpoints
    zone: ZoneInfo
    first: date
    last: date
    asked: datetime
    pages: list[TimetablePage] = field(default_factory=list)

    def ask(self, about: Query) -> None:
        """Fetch all pages; of the school years one by one, if WebUntis refuses the span as it is."""
        try:
            self.pages += self._fetch(self.first, self.last, about)
        except Rejected as refusal:
            if refusal.code != "webuntis.request_refused":
                raise
            for year in self._years(about, refusal):
                first, last = max(self.first, year.first), min(self.last, year.last)
                if first <= last:
                    self.pages += self._fetch(first, last, about)

    def ask_about(self, name: str, keys: Sequence[str]) -> set[str]:
        """Fetch the lessons of these people; returns the keys that are nobody's, found by halving: WebUntis refuses the
        whole question for one of them."""
        if not keys:
            return set()
        try:
            self.ask(tuple((name, key.strip()) for key in keys))
        except _KeyUnknown:
            if len(keys) == 1:
                return set(keys)
            middle = len(keys) // 2
            return self.ask_about(name, keys[:middle]) | self.ask_about(name, keys[middle:])
        return set()

    def reading(self, *, deleted: frozenset[str] = frozenset(), unknown: tuple[str, ...] = ()) -> Reading:
        """What all pages say together. Raises Rejected when most lessons cannot be understood."""
        lessons: dict[str, Lesson] = {}
        for page in self.pages:
            lessons |= {each.id: each for each in page.lessons if not _older(each, lessons.get(each.id))}
        unreadable = {raw: why for page in self.pages for raw, why in page.unreadable.items()}
        strange = sum(page.strange for page in self.pages)
        counts = {"lessons": len(lessons), "unreadable": len(unreadable), "strange": strange, "deleted": len(deleted)}
        fields = {"event": "timetable_read", "school": self.platform.school, "pages": len(self.pages), **counts}
        log.info("timetable read", extra={"fields": fields})
        if len(unreadable) > max(_FEW, len(lessons)):
            why = {"list": "timetable", "why": "unusable_rows"}
            raise Rejected("webuntis.list_incomplete", service="webuntis", **why, **counts)
        used = sum((page.used for page in self.pages), Counter[str]())
        grids = {id: slots for page in self.pages for id, slots in page.grids.items()}
        years = (page.year for page in self.pages if page.year)
        return Reading(
            asked=self.asked,
            lessons=tuple(lessons.values()),
            elements=tuple(dict.fromkeys(each for page in self.pages for each in page.elements)),
            # A week has one hour axis: that of most lessons.
            grid=grids[max(sorted(grids), key=lambda id: used[id])] if grids else (),
            year=next((year for year in years if year.first <= self.last and self.first <= year.last), None),
            deleted=deleted,
            unreadable=tuple(sorted(Counter(unreadable.values()).items())),
            unknown_keys=unknown,
        )

    def _years(self, about: Query, refusal: Rejected) -> list[SchoolYear]:
        """The school years around the span. Raises `refusal` when no question about any of them is taken either."""
        found: dict[SchoolYear, None] = {}
        for year in range(self.first.year - 1, self.last.year + 1):
            day = date(year, *self.endpoints.mid_year)
            try:
                page = self._page(day, day, about, offset=0)
            except Rejected as err:
                if err.code != "webuntis.request_refused":
                    raise
            else:
                found |= {page.year: None} if page.year else {}
        if not found:
            raise refusal
        return list(found)

    def _fetch(self, first: date, last: date, about: Query) -> list[TimetablePage]:
        return read_through(lambda offset: self._page(first, last, about, offset=offset))

    def _page(self, first: date, last: date, about: Query, *, offset: int) -> TimetablePage:
        query = (
            ("start", f"{first}T00:00:00"),
            ("end", f"{last}T23:59:59"),
            ("includeStudents", "true"),
            ("limit", str(self.endpoints.period_page)),
            ("offset", str(offset)),
            *about,
        )
        answer = self.platform.ask(self.endpoints.timetable, query, most=self.endpoints.timetable_bytes)
        if about[0][0] in _FILTER.values() and _key_unknown(answer):
            raise _KeyUnknown
        body = self.platform.believed(answer, "timetable").json(into=Body)
        page = timetable_page(body, zone=self.zone, seen=self.asked)
        # Every timetable says whose it is (specification), so silence is not believed.
        self.platform.refuse_others({page.tenant}, "timetable")
        return page


def _older(lesson: Lesson, known: Lesson | None) -> bool:
    """Whether it is a lesson as it was before what we know: a page out of a cache must not undo a cancellation."""
    return bool(known and known.modified and lesson.modified and lesson.modified < known.modified)


def _key_unknown(answer: Answer) -> bool:
    """Whether a key was nobody's: by its code, or a 404 in the form of v1 and v2, which know no codes."""
    if answer.status != 404:
        return False
    told = answer.error_body()
    return error_code(told) == KEY_UNKNOWN or ("errorCode" not in told and "title" in told)
