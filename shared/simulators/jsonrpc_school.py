"""A school as WebUntis' JSON-RPC knows it: its lists, its periods, and the one API user with what that may see.

Whoever tests may change a period, take one out or add one; every change is seen by the next call.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

WRONG_BEFORE_LOCK = 8  # the vendor's default, for ever
CLASS, TEACHER, SUBJECT, ROOM, STUDENT = 1, 2, 3, 4, 5  # element types
METHODS = frozenset(
    {"getTeachers", "getStudents", "getKlassen", "getSubjects", "getRooms", "getHolidays", "getTimegridUnits"}
    | {"getSchoolyears", "getTimetable"}
)

Place = tuple[int, int]  # who or what is there now (0: nobody), and whom it replaces (0: nobody)


@dataclass(frozen=True, slots=True)
class Name:
    """Of a class, teacher, subject, room or student: the abbreviation first. `key` is the external key, "" for none."""

    short: str
    long: str = ""
    first: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """A school year; both days included."""

    id: int
    first: date
    last: date

    def class_id(self, number: int) -> int:
        """A class has another id in every year."""
        return self.id * 100_000 + number


@dataclass(frozen=True, slots=True)
class Period:
    """One lesson on one day; times as WebUntis writes them (830, 2400), elements by number."""

    id: int
    day: date
    start: int
    end: int
    classes: tuple[int, ...] = ()
    teachers: tuple[Place, ...] = ()
    subjects: tuple[Place, ...] = ()
    rooms: tuple[Place, ...] = ()
    students: frozenset[int] = frozenset()
    number: int = 0
    lstype: str = ""
    code: str = ""
    group: str = ""
    activity: str = "Unterricht"
    text: str = ""


@dataclass(frozen=True)
class Lists:
    """What a school is made of; `elements` by type and number, `planned` its periods from one day to another."""

    years: tuple[Year, ...]
    holidays: tuple[tuple[str, date, date], ...]
    hours: tuple[tuple[int, int], ...]
    elements: Mapping[int, Mapping[int, Name]]
    planned: Callable[[date, date], Iterable[Period]]


@dataclass
class JsonRpcSchool:
    """One tenant with one API user. `rights` are methods it may call; `views` element types whose timetable it may
    see; `visible` the first and last day it may see, None for all."""

    name: str
    user: str
    password: str = field(repr=False)
    lists: Lists = field(repr=False)
    rights: set[str] = field(default_factory=lambda: set(METHODS))
    views: set[int] = field(default_factory=lambda: {CLASS, TEACHER, SUBJECT, ROOM, STUDENT})
    visible: tuple[date, date] | None = None
    second_factor: bool = False
    changed: dict[int, dict[str, Any] | None] = field(default_factory=dict)  # period → other fields; None: taken out
    added: list[Period] = field(default_factory=list)
    wrong: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def change(self, id: int, **fields: Any) -> None:
        """From now on this period has these fields."""
        self.changed[id] = fields

    def take_out(self, id: int) -> None:
        self.changed[id] = None

    def accepts(self, user: str, password: str) -> bool:
        """Counts the wrong ones; a right one starts the count anew. Ask `locked` first."""
        with self.lock:
            right = (user, password) == (self.user, self.password)
            self.wrong = 0 if right else self.wrong + 1
            return right

    @property
    def locked(self) -> bool:
        return self.wrong >= WRONG_BEFORE_LOCK

    def year_of(self, day: date) -> Year | None:
        return next((year for year in self.lists.years if year.first <= day <= year.last), None)

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """All periods of these days, as changed."""
        for period in self.lists.planned(first, last):
            fields = self.changed.get(period.id, {})
            if fields is not None:
                yield replace(period, **fields)
        yield from (each for each in self.added if first <= each.day <= last)
