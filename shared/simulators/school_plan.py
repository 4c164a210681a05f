"""A believable base timetable: classes, courses with their teachers and rooms, and hours at which nobody is in two
places. The same people and seed give the same plan."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from shared.domain.people import Person, Role
from shared.simulators.untis_timetable import Master, Named

Hour = tuple[int, int]  # day (0 is Monday) and hour of the day (1 to 8)
HOURS: tuple[Hour, ...] = tuple((day, hour) for hour in range(1, 9) for day in range(5))

# Hours a week: a number, or "2+1" for a double hour and a single one.
_LOWER = {
    "ne": "1+1+1+1",
    "en": "1+1+1",
    "fa": "1+1+1",
    "du": "1+1",
    "wi": "1+1+1+1",
    "gs": "1+1",
    "ak": "1+1",
    "bi": "1+1",
    "mu": "1+1",
    "te": "2",
    "lo": "2+1",
    "gd": "1",
    "ml": "1",
}
_UPPER = {"ne": "1+1+1", "en": "1+1+1", "lo": "2", "ml": "1"}
# In the upper years each cluster is a choice: its courses run at the same hours, for students of several classes.
_CLUSTERS = (("wiA", "wiB"), ("na", "ec"), ("sk", "gs"), ("bi", "ak"), ("fa", "du"), ("bsm", "in", "ku"))
_CLUSTER_HOURS = "1+1+1"
_STREAMS = {"1": 18, "2": 18, "3": 17, "4h": 11, "4v": 9, "5h": 11, "5v": 9, "6v": 7}  # share of the students
_CLASS, _COURSE = 24, 16  # students, at most


@dataclass(frozen=True, slots=True)
class Course:
    """What one teacher gives to some students at some hours of every week."""

    lesson: int
    subject: int
    teacher: int
    room: int
    classes: tuple[int, ...]
    group: int | None
    students: tuple[int, ...]
    hours: tuple[Hour, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`members` are the students of each class; `teachers` are all, also those without a course."""

    master: Master
    courses: tuple[Course, ...]
    members: Mapping[int, tuple[int, ...]]
    teachers: tuple[int, ...]

    def busy(self) -> set[tuple[int, Hour]]:
        """Which teacher teaches at which hour."""
        return {(course.teacher, hour) for course in self.courses for hour in course.hours}


@dataclass(slots=True)
class _Draft:
    """A course that has no hours yet. Those of one `block` take place together."""

    block: int
    subject: str
    hours: str
    classes: tuple[int, ...]
    students: tuple[int, ...]
    group: str = ""
    teacher: int = 0
    placed: list[Hour] = field(default_factory=list)


@lru_cache(maxsize=4)  # a third of a second for a thousand people
def plan_school(people: tuple[Person, ...], seed: int) -> Plan:
    """The plan of these students and teachers."""
    rng = Random(f"plan/{seed}")
    everybody = sorted(people, key=lambda each: (each.role, int(each.id)))
    students = [int(each.id) for each in everybody if each.role is Role.STUDENT]
    teachers = [int(each.id) for each in everybody if each.role is Role.TEACHER]
    rng.shuffle(students)
    classes, drafts = _drafts(students, rng) if teachers else ({}, [])
    _staff(drafts, teachers, rng)
    _place(drafts, teachers, rng)
    names = {id: Named(name, name) for id, (name, _) in classes.items()}
    subjects = {name: 41 + n for n, name in enumerate(sorted({draft.subject for draft in drafts}))}
    groups = {draft.group: 601 + n for n, draft in enumerate(draft for draft in drafts if draft.group)}
    rooms: dict[int, Named] = {}
    courses = tuple(
        Course(
            lesson=5001 + n,
            subject=subjects[draft.subject],
            teacher=draft.teacher,
            room=room,
            classes=draft.classes,
            group=groups.get(draft.group),
            students=draft.students,
            hours=tuple(sorted(draft.placed)),
        )
        for n, (draft, room) in enumerate(_with_rooms(drafts, rooms))
    )
    master = Master(
        classes=names,
        groups={id: Named(name, name) for name, id in groups.items()},
        subjects={id: Named(name, name.upper()) for name, id in subjects.items()},
        rooms=rooms,
    )
    return Plan(master, courses, {id: members for id, (_, members) in classes.items()}, tuple(teachers))


def _drafts(students: Sequence[int], rng: Random) -> tuple[dict[int, tuple[str, tuple[int, ...]]], list[_Draft]]:
    """All classes, and the courses of their curriculum."""
    classes: dict[int, tuple[str, tuple[int, ...]]] = {}
    drafts: list[_Draft] = []
    at = block = 0
    for n, (stream, share) in enumerate(_STREAMS.items()):
        last = n == len(_STREAMS) - 1
        members = students[at:] if last else students[at : at + len(students) * share // 100]
        at += len(members)
        parts = _split(members, _CLASS)
        lower = stream.isdigit()
        here = {}
        for letter, part in zip(_letters(), parts, strict=False):
            name = f"{stream}{letter}" if lower or len(parts) > 1 else stream
            here[11 + len(classes)] = part
            classes[11 + len(classes)] = (name, part)
        for id, part in here.items():
            for subject, hours in (_LOWER if lower else _UPPER).items():
                drafts.append(_Draft(block := block + 1, subject, hours, (id,), part))
        for number, choices in enumerate(() if lower else _CLUSTERS, start=1):
            block += 1
            mixed = sorted(members, key=lambda _: rng.random())
            for course, part in enumerate(_split(mixed, _COURSE)):
                subject = choices[course % len(choices)]
                touched = tuple(id for id, there in here.items() if set(there) & set(part))
                group = f"{stream}.{subject}{number}{course + 1}"
                drafts.append(_Draft(block, subject, _CLUSTER_HOURS, touched, part, group))
    return classes, drafts


def _split(members: Sequence[int], most: int) -> list[tuple[int, ...]]:
    """Parts of nearly equal size, none larger than `most`."""
    count = -(-len(members) // most)
    return [tuple(sorted(members[n::count])) for n in range(count)]


def _letters() -> Iterator[str]:
    yield from "abcdefghijklmnopqrstuvwxyz"
    yield from (f"z{n}" for n in range(1, 100))


def _staff(drafts: list[_Draft], teachers: Sequence[int], rng: Random) -> None:
    """A teacher for each course, from the section of its subject, whoever has least to do."""
    wanted = Counter[str]()
    for draft in drafts:
        wanted[draft.subject] += _size(draft)
    free = sorted(teachers, key=lambda _: rng.random())
    total = sum(wanted.values())
    sections: dict[str, list[int]] = {}
    for n, (subject, hours) in enumerate(wanted.most_common()):
        keep = len(wanted) - n - 1  # one for each section still to come
        size = max(1, min(round(hours * len(teachers) / total), len(free) - keep))
        sections[subject] = free[:size] or [teachers[n % len(teachers)]]
        free = free[size:]
    load = Counter[int]()
    for draft in sorted(drafts, key=lambda draft: -_size(draft)):
        draft.teacher = min(sections[draft.subject], key=lambda teacher: load[teacher])
        load[draft.teacher] += _size(draft)


def _size(draft: _Draft) -> int:
    return sum(map(int, draft.hours.split("+")))


def _place(drafts: list[_Draft], teachers: Sequence[int], rng: Random) -> None:
    """Hours for all courses: blocks of the upper years first, early hours first, each on a day of its own if it can."""
    taken: set[tuple[str, int, Hour]] = set()  # "class" or "teacher", id, when
    blocks: dict[int, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        blocks[draft.block].append(draft)
    for block in sorted(blocks.values(), key=lambda block: (-len(block), block[0].block)):
        audience = {id for draft in block for id in draft.classes}
        for length in sorted(map(int, block[0].hours.split("+")), reverse=True):
            run = _best(block, audience, length, taken, rng)
            for draft in block:
                if any(("teacher", draft.teacher, hour) in taken for hour in run):
                    # Nobody of the section is free then: whoever is, and the course keeps him.
                    hours = (*draft.placed, *run)
                    free = (t for t in teachers if not any(("teacher", t, hour) in taken for hour in hours))
                    draft.teacher = next(free, draft.teacher)
                draft.placed += run
                taken |= {("teacher", draft.teacher, hour) for hour in draft.placed}
            taken |= {("class", id, hour) for id in audience for hour in run}


def _best(
    block: list[_Draft], audience: set[int], length: int, taken: set[tuple[str, int, Hour]], rng: Random
) -> tuple[Hour, ...]:
    days = [day for day, _ in block[0].placed]
    runs = [tuple((day, hour + n) for n in range(length)) for day, hour in HOURS if hour + length <= 9]
    runs = [run for run in runs if not any(("class", id, hour) in taken for id in audience for hour in run)]

    def cost(run: tuple[Hour, ...]) -> tuple[int, int, int, float]:
        clashes = sum(("teacher", draft.teacher, hour) in taken for draft in block for hour in run)
        return clashes, days.count(run[0][0]), run[-1][1], rng.random()

    return min(runs, key=cost)


def _with_rooms(drafts: list[_Draft], rooms: dict[int, Named]) -> Iterator[tuple[_Draft, int]]:
    """Each course with the first room that is free at all its hours; `rooms` is filled as they are needed."""
    used: dict[int, set[Hour]] = {}
    for draft in drafts:
        hours = set(draft.placed)
        room = next((id for id, taken in used.items() if not taken & hours), 301 + len(used))
        used.setdefault(room, set()).update(hours)
        n = room - 301
        rooms[room] = Named(f"{'ABC'[n % 3]}{n // 3 + 1:03}", f"{'ABC'[n % 3]}{n // 3 + 1:03}")
        yield draft, room
