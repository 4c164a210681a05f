"""Periods of any number of answers become lessons, each once: a change beside what it replaced; pure.

Lessons without subject, teacher, room or class stay.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from shared.adapters.webuntis_jsonrpc.master_data import day_of
from shared.adapters.webuntis_jsonrpc.parts import Parts, text
from shared.domain.timetable import Element, ElementKind, Kind, Lesson, Ref, Status

_TYPES: Mapping[str, Kind] = {
    "ls": Kind.LESSON,
    "oh": Kind.OFFICE_HOUR,
    "sb": Kind.STANDBY,
    "bs": Kind.BREAK_SUPERVISION,
    "ex": Kind.EXAM,
}
# Where `lstype` is silent, which it often is, `activityType` tells in words of the user's language and the school's
# own. Our reading, not a vendor's list; any other word is a lesson, or one unknown language would hide them all.
_ACTIVITIES: Mapping[str, Kind] = {
    word: kind
    for kind, words in {
        Kind.OFFICE_HOUR: ("sprechstunde", "office hour", "spreekuur"),
        Kind.STANDBY: ("bereitschaft", "standby", "stand-by"),
        Kind.BREAK_SUPERVISION: ("pausenaufsicht", "break supervision", "pauzetoezicht"),
        Kind.EXAM: ("prüfung", "exam", "examination", "toets", "examen"),
        Kind.EVENT: ("veranstaltung", "event", "evenement"),
        Kind.MEETING: ("besprechung", "meeting", "vergadering"),
    }.items()
    for word in words
}


class _Unreadable(Exception):
    """Why a period is left out, in a word."""


class Periods:
    """What the answers to one question held. `zone` is the school's, `seen` when it was asked."""

    def __init__(self, zone: tzinfo, seen: datetime) -> None:
        self._zone = zone
        self._seen = seen
        self._lessons: dict[str, Lesson] = {}
        self._classes = Parts(ElementKind.CLASS)
        self._subjects = Parts(ElementKind.SUBJECT)
        self._rooms = Parts(ElementKind.ROOM)
        self._teachers = Parts(ElementKind.TEACHER)
        self._groups: dict[str, Element] = {}
        self._unreadable: dict[str, str] = {}  # its id, or a number of ours, → why
        self._times: dict[tuple[int, int], datetime] = {}

    def add(self, rows: Iterable[Any]) -> None:
        """Those periods that are not known yet: one that several classes share comes with each of them."""
        for row in rows:
            id = str(row.get("id") or "") if isinstance(row, dict) else ""
            if id in self._lessons:
                continue
            try:
                self._lessons[id] = self._lesson(id, row)
            except _Unreadable as err:
                self._unreadable[id or f"without id {len(self._unreadable)}"] = str(err)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """In the order in which they were first met."""
        return tuple(self._lessons.values())

    @property
    def elements(self) -> tuple[Element, ...]:
        return (*(each for parts in self._parts for each in parts.elements), *self._groups.values())

    @property
    def unreadable(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(Counter(self._unreadable.values()).items()))

    def nameless(self, kind: ElementKind) -> bool:
        """Whether anything of this kind came without its abbreviation."""
        return any(not each.name for each in self.elements if each.kind is kind)

    def name(self, known: Iterable[Element]) -> None:
        """Give abbreviations and long names to what came without them."""
        told = tuple(known)
        for parts in self._parts:
            parts.name(told)

    @property
    def _parts(self) -> tuple[Parts, ...]:
        return self._classes, self._subjects, self._rooms, self._teachers

    def _lesson(self, id: str, row: Any) -> Lesson:
        if not id:
            raise _Unreadable("no_id")
        try:
            start = self._at(row["date"], row["startTime"])
            end = self._at(row["date"], row["endTime"])
        except (KeyError, TypeError, ValueError, OverflowError) as err:
            raise _Unreadable("bad_time") from err
        if end < start:
            raise _Unreadable("end_before_start")
        try:
            classes, other_classes = self._classes.compared(row.get("kl"))
            subjects, other_subjects = self._subjects.compared(row.get("su"))
            rooms, other_rooms = self._rooms.compared(row.get("ro"))
            teachers, other_teachers = self._teachers.compared(row.get("te"))
            number = row.get("lsnumber")  # lesson × 100 + part
            lesson = str(int(number) // 100) if number else ""
        except (AttributeError, TypeError, ValueError) as err:
            raise _Unreadable("bad_shape") from err
        changed = other_classes or other_subjects or other_rooms or other_teachers
        return Lesson(
            id,
            start,
            end,
            self._seen,
            lesson=lesson,
            kind=_kind(row),
            status=_status(row.get("code"), changed),
            classes=classes,
            groups=self._group(row.get("sg")),
            subjects=subjects,
            rooms=rooms,
            teachers=teachers,
        )

    def _at(self, day: Any, time: Any) -> datetime:
        """20130107 and 800 in the school's zone; 2400 is midnight at the end of the day."""
        found = self._times.get((day, time))
        if found is None:
            date, (hours, minutes) = day_of(day), divmod(int(time), 100)
            if (hours, minutes) == (24, 0):
                date, hours = date + timedelta(days=1), 0
            found = datetime(date.year, date.month, date.day, hours, minutes, tzinfo=self._zone)
            self._times[day, time] = found
        return found

    def _group(self, name: Any) -> tuple[Ref, ...]:
        """A student group has no number here, so its name is its id."""
        if not isinstance(name, str) or not (name := name.strip()):
            return ()
        self._groups.setdefault(name, Element(ElementKind.GROUP, name, name))
        return (Ref(name),)


def _kind(row: Mapping[str, Any]) -> Kind:
    if told := row.get("lstype"):
        return _TYPES.get(told, Kind.OTHER) if isinstance(told, str) else Kind.OTHER
    activity = row.get("activityType")
    return _ACTIVITIES.get(text(activity).casefold(), Kind.LESSON) if activity else Kind.LESSON


def _status(code: Any, changed: bool) -> Status:
    """ "irregular" is anything out of the ordinary, also a lesson that was not planned: CHANGED claims the least."""
    if code == "cancelled":
        return Status.CANCELLED
    if changed or code == "irregular":
        return Status.CHANGED
    return Status.OTHER if code else Status.REGULAR
