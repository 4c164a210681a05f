"""The small school with a timetable of our own making, over the real adapters and the simulators, by one clock."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis import Endpoints
from shared.adapters.webuntis.auth import Tokens
from shared.adapters.webuntis.timetable_client import timetables
from shared.domain.people import Person, Role
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.school import School, WebUntisSettings
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.read_roster import password_name
from shared.flows.read_week import TOPIC
from shared.flows.schools import read_school, write_school
from shared.ports import App, Message
from shared.simulators.practice_school import PracticeSchool, load, tiny_school
from shared.simulators.untis_timetable import GridSlot, Master, Named, Part, Period, Timetable
from shared.simulators.webuntis import WebUntisSimulator
from shared.wiring.local import Local, local

WEEK = IsoWeek(2026, 48)
MONDAY = date(2026, 11, 23)
YEAR = (date(2026, 8, 17), date(2027, 7, 9))
MASTER = Master(
    classes={1: Named("1a"), 2: Named("2b")},
    groups={1: Named("1a.wi1")},
    subjects={1: Named("wi"), 2: Named("ne"), 3: Named("gs")},
    rooms={1: Named("R1"), 2: Named("R2")},
)
GRID = (GridSlot(1, 830, 920), GridSlot(2, 920, 1010), GridSlot(3, 1030, 1120))
_numbers = itertools.count(1)


class Clock:
    """Monday of week 48, 2026, eight o'clock in Amsterdam; stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Lessons:
    """One linked school whose timetable at WebUntis is empty until a test gives lessons. Its id is of this test alone,
    because instances remember weeks and answers by it."""

    local: Local
    app: App
    clock: Clock
    people: PracticeSchool
    timetable: Timetable
    orders: list[dict[str, str]]  # the refreshes that readers ordered; nobody carries them out

    @property
    def id(self) -> str:
        return self.people.id

    @property
    def untis(self) -> WebUntisSimulator:
        assert self.local.untis
        return self.local.untis

    @property
    def school(self) -> School:
        return read_school(self.app, self.id)[0]

    def settings(self, **settings: object) -> None:
        found, version = read_school(self.app, self.id)
        write_school(self.app, replace(found, webuntis=replace(found.webuntis, **settings)), version=version)

    def instance(self) -> App:
        """Another instance of the service: it shares the store and nothing of what it remembers."""
        return replace(self.app, timetable=_platform(self.untis, self.clock))

    def link(self) -> None:
        """A synchronisation, an hour later."""
        self.clock.pass_(minutes=60)
        link_school(self.app, self.id, run=f"run-{self.clock():%d%H%M}", trigger="schedule")

    def person(self, role: Role, nth: int = 0) -> Person:
        return [each for each in self.people.persons if each.role is role][nth]

    def user(self, person: Person) -> str:
        """The id in Profijt of this person of WebUntis."""
        return next(
            each.id
            for each in self.people.users
            if each.role is person.role and self.people.right_key(each.id) == person.key
        )

    def give(
        self, id: int, start: str = "08:30", *, day: int = 0, teacher: Person | None = None, **more: object
    ) -> Period:
        """A lesson of 50 minutes, `day` days after Monday of week 48, of `teacher` with `students`."""
        begin = datetime.combine(MONDAY + timedelta(days=day), datetime.strptime(start, "%H:%M").time())  # noqa: DTZ007
        students = tuple(int(each.id) for each in more.pop("students", ()))  # type: ignore[attr-defined]
        parts = {"classes": (Part(1),), "subjects": (Part(1),), "rooms": (Part(1),)} | more
        teachers = (Part(int(teacher.id)),) if teacher else ()
        period = Period(
            id, begin, begin + timedelta(minutes=50), lesson=id, teachers=teachers, students=students, **parts
        )
        return self.timetable.add(period)

    def asked(self) -> int:
        """How often WebUntis was called for anything about lessons, or to log in."""
        return sum(self.untis.count(each) for each in ("timetable", "deleted", "token"))


def _platform(untis: WebUntisSimulator, clock: Clock) -> Any:
    where = Endpoints(untis.url, f"{untis.url}/schoolquery2", untis.url)
    door = Door(PublicAndLoopback(), limits=Limits(read=10), pace=Pace(sleep=lambda _: None))
    return timetables(door, where, Tokens(), now=clock)


@contextmanager
def lessons_at_school(folder: Path) -> Iterator[Lessons]:
    """Linked, coupled, and with no lessons yet."""
    with local(folder) as running:
        assert running.untis
        clock, untis = Clock(), running.untis
        people = replace(tiny_school(), id=f"klein{next(_numbers)}")
        there = load(untis, people)
        there.timetable = Timetable(years=(YEAR,), master=lambda: MASTER, grid=GRID, now=clock)
        app = replace(running.app, now=clock, timetable=_platform(untis, clock))
        webuntis = WebUntisSettings(
            enabled=True,
            school_name=people.school_name,
            subdomain=people.subdomain,
            password_version=app.secrets.add(password_name(people.id), people.password),
        )
        write_school(app, School(people.id, people.display_name, unlocked=True, webuntis=webuntis))
        keep_users(app, people.id, people.users, ())
        school = Lessons(running, app, clock, people, there.timetable, [])

        def note(message: Message) -> None:
            school.orders.append(dict(message.body))

        running.queue.subscribe(TOPIC, note)
        link_school(app, people.id, run="run-1", trigger="schedule")
        yield school
