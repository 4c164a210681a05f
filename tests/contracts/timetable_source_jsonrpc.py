"""The JSON-RPC source under the contract of lessons: a school of the contract's, told by the JSON-RPC simulator."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis_jsonrpc import jsonrpc
from shared.domain.people import Person, Role
from shared.simulators import jsonrpc_school as rpc
from shared.simulators.untis_timetable import Named, Parts, Period, Timetable
from shared.simulators.webuntis_jsonrpc import JsonRpcSimulator
from shared.timetable_source import ApiUser, TimetableSource

USER = ApiUser("demo", "het baken+zee", "tom", "profijt-api", "geheim", "1")

_TYPES = {"OFFICE_HOUR": "oh", "STAND_BY_PERIOD": "sb", "BREAK_SUPERVISION": "bs", "EXAM": "ex"}
_ACTIVITIES = {"EVENT": "Veranstaltung", "MEETING": "Besprechung"}
_CODES = {"REGULAR": "", "CHANGED": "", "CANCELLED": "cancelled", "ADDITIONAL": "irregular"}


class Reachable:
    """This timetable without the periods that neither a class nor a teacher takes part in: JSON-RPC has no question
    that would bring them."""

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable

    def between(self, first: datetime, last: datetime) -> list[Period]:
        return [each for each in self._timetable.between(first, last) if each.classes or each.teachers]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._timetable, name)


@contextmanager
def served(
    people: tuple[Person, ...], timetable: Timetable, now: Callable[[], datetime], *, zone: str
) -> Iterator[tuple[TimetableSource, Reachable]]:
    """The source, and the timetable as it can be seen by it."""
    with JsonRpcSimulator() as untis:
        untis.add_school(USER.school_name, user=USER.user, password=USER.password, lists=lists(people, timetable))
        door = Door(PublicAndLoopback(), limits=Limits(read=10), pace=Pace(sleep=lambda _: None))
        yield jsonrpc(door, untis.url, now=now).timetable(USER, ZoneInfo(zone)), Reachable(timetable)


def lists(people: tuple[Person, ...], timetable: Timetable) -> rpc.Lists:
    """What the simulator serves: this timetable as JSON-RPC tells it."""
    master = timetable.master

    def planned(first: date, last: date) -> Iterator[rpc.Period]:
        for each in timetable.between(datetime.combine(first, time()), datetime.combine(last, time.max)):
            yield _period(each, master.groups)

    return rpc.Lists(
        years=tuple(rpc.Year(n, *days) for n, days in enumerate(timetable.years, start=1)),
        holidays=(),
        hours=tuple((slot.start, slot.end) for slot in timetable.grid),
        elements={
            rpc.CLASS: _names(master.classes),
            rpc.SUBJECT: _names(master.subjects),
            rpc.ROOM: _names(master.rooms),
            rpc.TEACHER: _people(people, Role.TEACHER),
            rpc.STUDENT: _people(people, Role.STUDENT),
        },
        planned=planned,
    )


def _names(named: Mapping[int, Named]) -> dict[int, rpc.Name]:
    return {id: rpc.Name(each.name, key=each.key) for id, each in named.items()}


def _people(people: tuple[Person, ...], role: Role) -> dict[int, rpc.Name]:
    return {
        int(each.id): rpc.Name(each.short_name, each.last_name, each.first_name, each.key)
        for each in people
        if each.role is role
    }


def _period(period: Period, groups: Mapping[int, Named]) -> rpc.Period:
    def clock(at: datetime) -> int:
        return at.hour * 100 + at.minute

    return rpc.Period(
        id=period.id,
        day=period.start.date(),
        start=clock(period.start),
        end=clock(period.end),
        classes=tuple(each.id for each in period.classes),
        teachers=_places(period.teachers),
        subjects=_places(period.subjects),
        rooms=_places(period.rooms),
        students=frozenset(period.students or ()),
        number=(period.lesson or 0) * 100,
        lstype=_TYPES.get(period.type, ""),
        code=_CODES[period.status],
        group=groups[period.groups[0].id].name if period.groups else "",
        activity=_ACTIVITIES.get(period.type, "Unterricht"),
    )


def _places(parts: Parts) -> tuple[rpc.Place, ...]:
    """What came in beside what it replaced; 0 where there is nothing on one side."""
    came = [part.id for part in parts if part.status == "ADDED"]
    went = [part.id for part in parts if part.status == "REMOVED"]
    stayed = [(part.id, 0) for part in parts if part.status == "REGULAR"]
    return (*stayed, *zip_longest(came, went, fillvalue=0))
