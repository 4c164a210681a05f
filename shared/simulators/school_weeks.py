"""What becomes of a plan in a real week: lessons fall out, are taken over, move and change rooms; tests, outings and
meetings come on top. Any week of any school year, the same one for the same people and seed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

from shared.domain.people import Person, Role
from shared.simulators.school_plan import Course, Hour, Plan, plan_school
from shared.simulators.untis_timetable import GridSlot, Part, Period, Timetable

_CLOCK = ((830, 920), (920, 1010), (1030, 1120), (1120, 1210), (1240, 1330), (1330, 1420), (1430, 1520), (1520, 1610))
GRID = tuple(GridSlot(n, start, end) for n, (start, end) in enumerate(_CLOCK, start=1))
HOLIDAY_WEEKS = frozenset({52, 53, 1, 9, 18, 43})  # autumn, Christmas, spring and May; the summer has no school year
FIRST_WEEK, LAST_WEEK = 34, 28
PLANNED = datetime(2015, 8, 1, tzinfo=UTC)  # when everything of before the first change was last modified


def school_years(first: int = 2019, last: int = 2036) -> tuple[tuple[date, date], ...]:
    """From a Monday in August to a Friday in July, for the autumns of `first` to `last`: no year holds the summer."""
    return tuple(
        (date.fromisocalendar(year, FIRST_WEEK, 1), date.fromisocalendar(year + 1, LAST_WEEK, 5))
        for year in range(first, last + 1)
    )


def practice_timetable(
    people: Sequence[Person], seed: int = 67, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Timetable:
    """The timetable of these people, made when its weeks are looked at; `now` dates the changes made to it later."""
    known = tuple(people)
    weeks = _Weeks(known, seed)
    return Timetable(
        years=school_years(), master=lambda: plan_school(known, seed).master, grid=GRID, week=weeks.make, now=now
    )


def crowd(lessons: int) -> tuple[Person, ...]:
    """As many people as it takes for about so many lessons a week: a tenth of them teachers."""
    students = [
        Person(f"{1000 + n}", Role.STUDENT, f"{n:05}", "Leerling", f"Nummer {n}", f"L{n:05}")
        for n in range(round(lessons * 0.66) - 60)
    ]
    teachers = [
        Person(f"{400 + n}", Role.TEACHER, f"D{n:04}", "Docent", f"Nummer {n}", f"T{n:03}")
        for n in range(max(20, round(lessons * 0.066)))
    ]
    return (*students, *teachers)


def some_life(timetable: Timetable, day: date, *, seed: int = 0) -> None:
    """What a morning brings, on that day or on the Monday after that weekend: two lessons fall out, two are taken over,
    two get another room, one moves."""
    begin = datetime.combine(day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0), time())
    lessons = [
        one for one in timetable.between(begin, begin + timedelta(hours=23)) if one.lesson and one.status == "REGULAR"
    ]
    if len(lessons) < 20:
        return
    rng = Random(f"life/{seed}/{begin}")
    picked = rng.sample(lessons, 7)
    teachers = sorted({part.id for one in lessons for part in one.teachers})
    for one in picked[:2]:
        timetable.cancel(one.id)
    for one in picked[2:4]:
        timetable.substitute(one.id, rng.choice([id for id in teachers if id != one.teachers[0].id]))
    for one in picked[4:6]:
        timetable.change_room(one.id, rng.choice([id for id in timetable.master.rooms if id != one.rooms[0].id]))
    timetable.move(picked[6].id, begin + timedelta(hours=16, minutes=10))


@dataclass(frozen=True, slots=True)
class _Weeks:
    people: tuple[Person, ...]
    seed: int

    def make(self, monday: date) -> Iterator[Period]:
        """The periods of this week; their ids are those of no other week."""
        plan = plan_school(self.people, self.seed)
        if monday.isocalendar().week in HOLIDAY_WEEKS or not any(
            first <= monday <= last for first, last in school_years()
        ):
            return
        rng = Random(f"{self.seed}/{monday}")
        ids = count(((monday - date(2000, 1, 3)).days // 7) * 20_000 + 1)
        busy = plan.busy()
        for course in plan.courses:
            for hour in course.hours:
                yield from _happened(_planned(next(ids), course, hour, monday), plan, hour, busy, ids, rng)
        yield from _extras(plan, monday, ids, busy, rng)


def _planned(id: int, course: Course, hour: Hour, monday: date) -> Period:
    start, end = _times(monday, hour)
    return Period(
        id=id,
        start=start,
        end=end,
        lesson=course.lesson,
        classes=tuple(map(Part, course.classes)),
        groups=(Part(course.group),) if course.group else (),
        subjects=(Part(course.subject),),
        rooms=(Part(course.room),),
        teachers=(Part(course.teacher),),
        students=course.students,
        modified=PLANNED,
    )


def _happened(
    one: Period, plan: Plan, hour: Hour, busy: set[tuple[int, Hour]], ids: Iterator[int], rng: Random
) -> Iterator[Period]:
    """What became of it; of a hundred lessons about ten are touched."""
    chance = rng.random()
    if chance < 0.02:
        one = replace(one, status="CANCELLED", substitution="docent afwezig")
    elif chance < 0.045:
        free = [id for id in plan.teachers if (id, hour) not in busy]
        if free:
            parts = (Part(one.teachers[0].id, "REMOVED"), Part(rng.choice(free), "ADDED"))
            one = replace(one, status="CHANGED", teachers=parts, substitution="inval")
    elif chance < 0.06:
        room = rng.choice([id for id in plan.master.rooms if id != one.rooms[0].id])
        one = replace(one, status="CHANGED", rooms=(Part(one.rooms[0].id, "REMOVED"), Part(room, "ADDED")))
    elif chance < 0.07:
        monday = one.start.date() - timedelta(days=one.start.weekday())
        start, end = _times(monday, ((hour[0] + 1) % 5, 8))
        there = replace(one, id=next(ids), start=start, end=end, status="ADDITIONAL", source=one.id)
        one = replace(one, status="CANCELLED", destination=there.id)
        yield there
    elif chance < 0.085:
        one = replace(one, type="EXAM", exam=f"Toets hoofdstuk {rng.randrange(1, 10)}")
    elif chance < 0.09:
        one = replace(one, online=True)
    yield one


def _extras(plan: Plan, monday: date, ids: Iterator[int], busy: set[tuple[int, Hour]], rng: Random) -> Iterator[Period]:
    """What is no lesson: it lacks a subject, a class, a teacher, a room, or all of them."""

    def extra(type: str, start: datetime, minutes: int, **more: object) -> Period:
        base = Period(next(ids), start, start + timedelta(minutes=minutes), type=type, modified=PLANNED)
        return replace(base, **more)  # type: ignore[arg-type]

    at = [datetime.combine(monday + timedelta(days=day), time()) for day in range(5)]
    rooms = list(plan.master.rooms)
    for teacher in plan.teachers:
        day, hour = rng.randrange(5), rng.randrange(1, 9)
        parts = (Part(teacher),)
        match rng.randrange(4):
            case 0 | 1:
                start = at[day] + timedelta(hours=10, minutes=10)
                yield extra("BREAK_SUPERVISION", start, 20, teachers=parts)
            case 2:
                if (teacher, (day, hour)) not in busy:
                    yield extra("STAND_BY_PERIOD", _times(monday, (day, hour))[0], 50, teachers=parts)
            case 3:
                start = at[day] + timedelta(hours=16, minutes=10)
                yield extra("OFFICE_HOUR", start, 30, teachers=parts, rooms=(Part(rng.choice(rooms)),))
    for _ in range(3):
        section = tuple(map(Part, sorted(rng.sample(plan.teachers, min(6, len(plan.teachers))))))
        start = at[rng.randrange(5)] + timedelta(hours=16, minutes=15)
        yield extra("MEETING", start, 60, status="ADDITIONAL", teachers=section, text="Sectieoverleg")
    for id, members in rng.sample(sorted(plan.members.items()), min(2, len(plan.members))):
        guides = tuple(map(Part, rng.sample(plan.teachers, min(2, len(plan.teachers)))))
        start = at[rng.randrange(5)] + timedelta(hours=8, minutes=30)
        outing = {"classes": (Part(id),), "teachers": guides, "students": members, "text": "Excursie"}
        yield extra("EVENT", start, 460, status="ADDITIONAL", **outing)
    yield extra("EVENT", at[4] + timedelta(hours=14, minutes=30), 100, status="ADDITIONAL", text="Open middag")
    everyone = tuple(map(Part, plan.members))
    yield extra("EVENT", at[2] + timedelta(hours=12, minutes=10), 30, classes=everyone, text="Schoolfoto's")


def _times(monday: date, hour: Hour) -> tuple[datetime, datetime]:
    slot = GRID[hour[1] - 1]
    day = monday + timedelta(days=hour[0])
    start, end = (datetime.combine(day, time(clock // 100, clock % 100)) for clock in (slot.start, slot.end))
    return start, end
