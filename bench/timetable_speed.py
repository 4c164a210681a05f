"""How long the Planner takes to answer, beside a bare function that returns the same bytes, headers and all."""

import statistics
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.callers import ask, request
from bench.cold_start import Start, first_answer
from bench.served import MAIN, environment, served
from bench.timetable_school import World, user_of
from shared.domain.people import Person, Role
from shared.domain.planner.iso_week import IsoWeek

ROUNDS = 6
CALLERS = (1, 50)


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: `make(n)` is the nth request; so many a round."""

    name: str
    make: Callable[[int], bytes]
    times: int


class Visitors:
    """Makes the requests of the people of one school, each with a token of his own."""

    def __init__(self, at: World, school: str, people: Sequence[Person], week: IsoWeek) -> None:
        self._at, self.school, self.people = at, school, people
        self.path = f"/v1/schools/{school}/timetable?week={week.name}"
        self.admin = self._headers("boss", "admin")
        self.student = self._headers(user_of(people[5]), Role.STUDENT)

    def _headers(self, user: str, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._at.token(user, self.school, role)}"}

    def of(self, person: Person) -> bytes:
        return request(self.path, self._headers(user_of(person), person.role))

    def cases(self, tag: str) -> tuple[Case, ...]:
        own, school = request(self.path, self.student), request(self.path, self.admin)
        unchanged = request(self.path, self.student | {"If-None-Match": tag})
        students = [each for each in self.people if each.role is Role.STUDENT]
        looks = iter([self.of(students[n % len(students)]) for n in range(len(CALLERS) * ROUNDS * 60 + 1)])

        def anew(n: int) -> bytes:
            return request(f"{self.path}&since=2001-01-01T00:00:{n % 60:02}.{next(fresh):06}Z", self.admin)

        fresh = iter(range(1_000_000))
        return (
            Case("own week, again", lambda _: own, 300),
            Case("own week, 304", lambda _: unchanged, 300),
            Case("whole school, again", lambda _: school, 60),
            Case("own week, first look", lambda _: next(looks), 60),
            Case("whole school, anew", anew, 10),
        )


def speed(at: World, visitors: Visitors, folder: Path) -> list[dict[str, Any]]:
    """Every case under 1 and 50 callers."""
    rows = []
    with ExitStack() as stack:
        ours = stack.enter_context(served("timetable", at.env)).port
        tag = ask(ours, [request(visitors.path, visitors.student)], callers=1).etag
        for case in visitors.cases(tag):
            answer = ask(ours, [case.make(0)], callers=1)
            file = folder / case.name.replace(" ", "-")
            file.write_bytes(answer.head + b"\r\n\r\n" + answer.body)
            floor = stack.enter_context(served("floor", {"BENCH_ANSWER": str(file)})).port
            rows += [{"case": case.name, "callers": n} | _beside(case, ours, floor, n) for n in CALLERS]
    return rows


def _beside(case: Case, ours: int, floor: int, callers: int) -> dict[str, float]:
    mine: list[float] = []
    bare: list[float] = []
    client = 0.0
    for _ in range(ROUNDS):
        asked = [case.make(n) for n in range(case.times)]
        for port, seconds in ((ours, mine), (floor, bare)):
            got = ask(port, asked, callers=callers)
            if not set(got.statuses) <= {200, 304}:
                raise RuntimeError(f"{case.name}: {set(got.statuses)}")
            seconds += got.seconds
            client = max(client, got.cpu / got.wall)
    row: dict[str, float] = {}
    for name, place in (("p50", 50), ("p95", 95)):
        us, them = (statistics.quantiles(each, n=100)[place - 1] for each in (mine, bare))
        row |= {f"{name}_ms": round(us * 1000, 2), f"{name}_floor_ms": round(them * 1000, 2)}
        row[f"{name}_ratio"] = round(us / them, 2)
    return row | {"client_cpu": round(client, 2)}


def cold(at: World, visitors: Visitors, folder: Path) -> dict[str, float]:
    """Own week from the start of the process to the answer, and the floor's."""
    own = Start(MAIN, "timetable", path=visitors.path, headers=visitors.student)
    bare = Start(MAIN, "floor")
    env = environment(dict(at.env) | {"BENCH_ANSWER": str(folder / "own-week,-again")})
    pairs = [(first_answer(own, env), first_answer(bare, env)) for _ in range(7)]
    ours, floor = (statistics.median(each) for each in zip(*pairs, strict=True))
    return {"ms": round(ours * 1000), "floor_ms": round(floor * 1000), "ratio": round(ours / floor, 2)}
