"""A school's timetable weeks as they are kept: a small head that says how fresh it is, and the snapshot it stands for.

The head is read at every question, the snapshot only when this instance does not have it: instances keep what they
opened by its digest, so nothing that was replaced is ever shown.
"""

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from sys import intern
from zoneinfo import ZoneInfo

from shared.domain.planner.iso_week import IsoWeek, week_with
from shared.domain.rules import Freshness, Keep
from shared.domain.timetable import Lesson, Week
from shared.flows.packed import FIELD, read_packed
from shared.flows.record import from_json, to_json
from shared.flows.schools import week_path
from shared.flows.week_part import Part
from shared.ports import App, Data, Document
from shared.values import dataclass

KEPT = 12  # weeks open in one instance; the largest (4,000 lessons with students) takes 7 MB


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last attempt to read a week from WebUntis failed: `code` and `facts` of the error; `access` as whom."""

    code: str
    at: datetime
    access: str
    facts: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a week without opening it.

    `digest` tells its contents apart, "" when it was never read. `read` and `whole` as in `Week`. `ordered` is when a
    refresh was last asked for by a reader. `failure` is that of the last attempt, None when it went well. `refused` is
    the access that WebUntis last said may not read this, since `refused_at`; "" after a good reading.
    """

    path: str
    digest: str = ""
    read: datetime | None = None
    whole: datetime | None = None
    ordered: datetime | None = None
    failure: Failure | None = None
    refused: str = ""
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Which school at WebUntis a snapshot came from, and how. `tenant` is "" while nobody has told it."""

    place: str
    tenant: str

    def made(self, data: Data) -> bool:
        """Whether the snapshot with this head came from here: to learn the tenant of a place is no other place."""
        tenant = data.get("tenant", "")
        return data.get("origin") == self.place and (not tenant or not self.tenant or tenant == self.tenant)


def head_of(path: str, document: Document | None, origin: Origin | None = None) -> Head:
    """The head in this document (None: the week was never asked for).

    With an `origin`, what was read from anywhere else counts as never read: ID-nummers and ids of one school at
    WebUntis mean other people at another.
    """
    if document is None:
        return Head(path)
    data = document.data
    here = FIELD in data and (origin is None or origin.made(data))
    return Head(
        path,
        digest=data[FIELD]["digest"] if here else "",
        read=data.get("read") if here else None,
        whole=data.get("whole") if here else None,
        ordered=data.get("ordered"),
        failure=Failure(**data["failure"]) if data.get("failure") else None,
        refused=data.get("refused", ""),
        refused_at=data.get("refused_at"),
    )


def open_week(app: App, head: Head) -> Week | None:
    """The snapshot of this head, or a newer one when it was replaced meanwhile; None when there is none."""
    if not head.digest:
        return None
    place = (head.path, head.digest)
    week = _opened.get(place)
    if week is None:
        found = read_packed(app.store, head.path)
        if found is None:
            return None
        week = lean(from_json(found[0], Week))
        _opened.put((head.path, str(found[1].data[FIELD]["digest"])), week)
    return replace(week, read=head.read or week.read)


def stored(week: Week) -> bytes:
    """The snapshot as it is packed. `read` is not in it: most refreshes change nothing else."""
    return to_json(replace(week, read=week.whole))


def lean(week: Week) -> Week:
    """The same week with equal texts and lists of students kept once: a fifth of the memory."""
    lists: dict[tuple[str, ...], tuple[str, ...]] = {}

    def once(lesson: Lesson) -> Lesson:
        if lesson.students is None:
            return lesson
        if lesson.students not in lists:
            lists[lesson.students] = tuple(intern(key) for key in lesson.students)
        return replace(lesson, students=lists[lesson.students])

    return replace(week, lessons=tuple(once(lesson) for lesson in week.lessons))


def may_age(freshness: Freshness, week: IsoWeek, now: datetime) -> timedelta:
    """How old a snapshot of this week may be; `now` in the school's zone."""
    this = week_with(now.date())
    return freshness.near if week in (this, this.next) else freshness.far


def is_stale(freshness: Freshness, week: IsoWeek, head: Head, now: datetime) -> bool:
    """Whether readers must be told that it is old."""
    return head.read is None or now - head.read > 2 * may_age(freshness, week, now)


def is_wanted(freshness: Freshness, week: IsoWeek, head: Head, now: datetime) -> bool:
    """Whether a reader should have it read again."""
    return head.read is None or now - head.read > freshness.on_demand * may_age(freshness, week, now)


def kept_until(keep: Keep, week: IsoWeek, now: datetime) -> datetime:
    """When the snapshot of this week may go; one of long ago is read again for who looks at it, and stays a day."""
    return max(datetime.combine(week.days[-1], time(), UTC) + keep.weeks, now + timedelta(days=1))


def head_path(school: str, week: IsoWeek, part: Part) -> str:
    return week_path(school, week.name, part.id)


def in_zone(now: datetime, zone: str) -> datetime:
    return now.astimezone(ZoneInfo(zone))


class _Opened:
    """The weeks this instance opened last, by path and digest; safe under threads."""

    def __init__(self, most: int) -> None:
        self._weeks: OrderedDict[tuple[str, str], Week] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get(self, place: tuple[str, str]) -> Week | None:
        with self._lock:
            week = self._weeks.get(place)
            if week is not None:
                self._weeks.move_to_end(place)
            return week

    def put(self, place: tuple[str, str], week: Week) -> None:
        with self._lock:
            for old in [each for each in self._weeks if each[0] == place[0]]:
                del self._weeks[old]  # of one place only the present snapshot is asked for
            self._weeks[place] = week
            while len(self._weeks) > self._most:
                self._weeks.popitem(last=False)


_opened = _Opened(KEPT)
