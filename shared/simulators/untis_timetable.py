"""One school's timetable as WebUntis keeps it: periods with what replaced what, changed as a scheduler would.

Weeks are made when they are first looked at. Every change moves `modified`, is safe under threads, and is seen by the
next call. Times of day are naive, on the school's clock; moments are aware and UTC.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Literal
from zoneinfo import ZoneInfo

PartStatus = Literal["REGULAR", "ADDED", "REMOVED"]
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Part:
    """A class, group, subject, room or teacher in a period, by id."""

    id: int
    status: PartStatus = "REGULAR"


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What master data tells of one: the abbreviation and the external key ("" for none)."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """One period. `students` are ids, also of those without an ID-nummer; None: a kind of period that has none."""

    id: int
    start: datetime
    end: datetime
    lesson: int | None = None
    type: str = "NORMAL_TEACHING_PERIOD"
    status: str = "REGULAR"
    classes: Parts = ()
    groups: Parts = ()
    subjects: Parts = ()
    rooms: Parts = ()
    teachers: Parts = ()
    students: tuple[int, ...] | None = None
    source: int | None = None  # it was moved here from that period
    destination: int | None = None  # it was moved there
    exam: str = ""
    text: str = ""  # lessonText
    substitution: str = ""  # substitutionText
    online: bool = False
    modified: datetime = LONG_AGO


@dataclass(frozen=True, slots=True)
class GridSlot:
    """One hour of a day: its number, and times as WebUntis writes them (830, 2400)."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Master:
    """What periods refer to, by id, besides teachers and students: those are the school's people."""

    classes: Mapping[int, Named] = field(default_factory=dict)
    groups: Mapping[int, Named] = field(default_factory=dict)
    subjects: Mapping[int, Named] = field(default_factory=dict)
    rooms: Mapping[int, Named] = field(default_factory=dict)


class Timetable:
    """`years` are first and last days, both included. `week` makes the periods of the week that starts on a Monday,
    `master` what they refer to."""

    def __init__(
        self,
        *,
        years: Sequence[tuple[date, date]],
        master: Callable[[], Master] = Master,
        grid: Sequence[GridSlot] = (),
        week: Callable[[date], Iterable[Period]] = lambda _: (),
        zone: str = "Europe/Amsterdam",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.years = tuple(years)
        self._master = master
        self.grid = tuple(grid)
        self.zone = ZoneInfo(zone)
        self._week = week
        self._now = now
        self._weeks: set[date] = set()
        self._periods: dict[int, Period] = {}
        self._before: dict[int, Period | None] = {}  # what each changed period was; None: not there
        self._deleted: dict[int, datetime] = {}
        self._lock = threading.RLock()
        self._new = count(900_000_001)

    @cached_property
    def master(self) -> Master:
        return self._master()

    # ------------------------------------------------------------ reading

    def between(self, first: datetime, last: datetime, *, before_changes: bool = False) -> list[Period]:
        """The periods that start from `first` to `last`, both included, earliest first; as they are, or as they were
        before each one's latest change."""
        with self._lock:
            monday = first.date() - timedelta(days=first.weekday())
            while monday <= last.date():
                self._make(monday)
                monday += timedelta(days=7)
            known: dict[int, Period | None] = {**self._periods}
            if before_changes:
                known |= self._before
        found = [period for period in known.values() if period and first <= period.start <= last]
        return sorted(found, key=lambda period: (period.start, period.id))

    def get(self, id: int) -> Period:
        with self._lock:
            return self._periods[id]

    def deleted_after(self, moment: datetime) -> list[int]:
        with self._lock:
            return sorted(id for id, when in self._deleted.items() if when > moment)

    # ------------------------------------------------------------ changing

    def add(self, period: Period) -> Period:
        """A new period, or one that takes the place of that with its id; modified now."""
        with self._lock:
            self._make(period.start.date() - timedelta(days=period.start.weekday()))
            self._before[period.id] = self._periods.get(period.id)
            self._periods[period.id] = replace(period, modified=self._now())
            return self._periods[period.id]

    def cancel(self, id: int) -> None:
        with self._lock:
            self.add(replace(self.get(id), status="CANCELLED"))

    def move(self, id: int, start: datetime) -> int:
        """Cancel it and add it at another time, each pointing at the other; returns the id of the new period."""
        with self._lock:
            old, new = self.get(id), next(self._new)
            end = start + (old.end - old.start)
            self.add(replace(old, status="CANCELLED", destination=new))
            self.add(replace(old, id=new, start=start, end=end, status="ADDITIONAL", source=id, destination=None))
            return new

    def substitute(self, id: int, teacher: int) -> None:
        """Another teacher gives it; those who were to give it stay in it as removed."""
        with self._lock:
            old = self.get(id)
            self.add(replace(old, status="CHANGED", teachers=_replaced(old.teachers, teacher)))

    def change_room(self, id: int, room: int) -> None:
        with self._lock:
            old = self.get(id)
            self.add(replace(old, status="CHANGED", rooms=_replaced(old.rooms, room)))

    def set_exam(self, id: int, name: str) -> None:
        with self._lock:
            self.add(replace(self.get(id), type="EXAM", exam=name))

    def set_students(self, id: int, students: Iterable[int]) -> None:
        """Others attend this lesson: in all its periods from this one on, in the weeks made so far."""
        with self._lock:
            one, others = self.get(id), tuple(students)
            for period in tuple(self._periods.values()):
                same = period.id == id or (period.lesson == one.lesson is not None)
                if same and period.start >= one.start:
                    self.add(replace(period, students=others))

    def delete(self, id: int) -> None:
        with self._lock:
            self._before[id] = self._periods.pop(id)
            self._deleted[id] = self._now()

    def _make(self, monday: date) -> None:
        if monday not in self._weeks:
            self._weeks.add(monday)
            self._periods |= {period.id: period for period in self._week(monday)}


def _replaced(parts: Parts, id: int) -> Parts:
    kept = tuple(Part(part.id, "REMOVED") for part in parts if part.status != "ADDED" and part.id != id)
    return (*kept, Part(id, "ADDED"))
