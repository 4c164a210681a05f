"""A school with classes of grades to export, and its SIS in a process of its own: neither's time is the other's."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import requests

from functions.export_jobs import item_message, plan_message
from shared.adapters.http.address import PublicAndLoopback
from shared.adapters.http.door import Door
from shared.adapters.http.message import Answer, Request
from shared.adapters.oneroster import oneroster
from shared.domain.coursework import Grade, Mark, Work
from shared.domain.export.outcome import Export
from shared.domain.people import Role, User
from shared.domain.school import School
from shared.flows.connect_sis import Form, authorize
from shared.flows.exports import Asked
from shared.flows.keep_sis import Settings, save_sis
from shared.flows.keep_users import keep_users
from shared.flows.link_class import link_class
from shared.flows.order_export import order_export
from shared.flows.profijt_coursework import OwnCourse, read_course, repack
from shared.flows.schools import write_school
from shared.flows.sis import read_sis
from shared.ports import App, Message
from shared.simulators.oneroster import OneRosterSimulator
from shared.wiring.local import local

SCHOOL, TEACHER = "meting", "d1"
DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)


class CountingDoor:
    """Counts what goes out, by method."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.sent: Counter[str] = Counter()

    def send(self, request: Request) -> Answer:
        self.sent[request.method] += 1
        return self._door.send(request)


@dataclass
class ExportSchool:
    """`export` orders and delivers, with `workers` messages at a time, as the queue would."""

    app: App
    door: CountingDoor
    sis: str
    messages: "SimpleQueue[Message]"

    def give(self, course: int, *, students: int, works: int, score: float = 7.5) -> None:
        """Everybody in the course has a grade for everything."""
        id = f"profijt:k{course}"
        pupils = tuple(f"u{course}-{nth}" for nth in range(students))
        made = tuple(
            Work(f"w{nth}", f"Toets {nth}", assigned=DUE, due=DUE, maximum=10.0, minimum=1.0) for nth in range(works)
        )
        grades = tuple(Grade(work.id, pupil, Mark.GRADED, score) for work in made for pupil in pupils)
        before = read_course(self.app, SCHOOL, id)
        whole = OwnCourse(
            id=id,
            name=f"Klas {course}",
            section="",
            teachers=(TEACHER,),
            students=pupils,
            works=made,
            grades=grades,
            changed=self.app.now(),
        )
        packed = repack(self.app, SCHOOL, whole, replaces=before[1] if before else None)
        self.app.store.write_many([*packed.parts, replace(packed.head, expect="")])

    def export(self, course: int, *, workers: int) -> tuple[Export, float]:
        """The export as it ended, and the seconds from order to end."""
        began = time.perf_counter()
        order_export(self.app, SCHOOL, f"profijt:k{course}", Asked(), by=TEACHER)
        plan_message(self.app, self.messages.get())
        with ThreadPoolExecutor(workers) as pool:
            done = list(pool.map(lambda message: item_message(self.app, message), self._waiting()))
        ended = [export for export in done if export and not export.under_way]
        last = ended[-1] if ended else None
        return last or self._planned(course), time.perf_counter() - began

    def _planned(self, course: int) -> Export:
        from shared.flows.record import decode
        from shared.ports import Where

        found = self.app.store.query(
            f"schools/{SCHOOL}/exports",
            where=[Where("course", "==", f"profijt:k{course}")],
            order="at",
            descending=True,
            limit=1,
        )
        return decode(found.documents[0].data, Export)

    def _waiting(self) -> list[Message]:
        found = []
        while not self.messages.empty():
            found.append(self.messages.get())
        return found

    def latency(self, seconds: float) -> None:
        """Every answer of the SIS takes so long."""
        requests.delete(f"{self.sis}/_control/faults", timeout=5)
        if seconds:
            requests.post(f"{self.sis}/_control/faults", json={"kind": "delay", "seconds": seconds}, timeout=5)

    def created(self) -> dict[str, int]:
        found: dict[str, int] = requests.get(f"{self.sis}/_control/created", timeout=5).json()
        return found


@contextmanager
def export_school(folder: Path, *, classes: int, students: int) -> Iterator[ExportSchool]:
    """Everything linked, nothing given yet."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, classes, students), daemon=True)
    server.start()
    url, key, secret = ours.recv()
    try:
        with local(folder) as running:
            door, messages = CountingDoor(Door(PublicAndLoopback())), SimpleQueue[Message]()
            app = replace(running.app, gradebook=oneroster(door), queue=_Kept(messages))  # type: ignore[arg-type]
            school = ExportSchool(app, door, url, messages)
            _people(app, classes, students)
            _connect(app, url, key, secret)
            for course in range(classes):
                school.give(course, students=students, works=0)
                link_class(app, SCHOOL, TEACHER, f"profijt:k{course}", f"k{course}", seen=lambda _: None)
            door.sent.clear()
            yield school
    finally:
        ours.send("stop")
        server.join(5)


class _Kept:
    """Keeps messages for whoever delivers them."""

    def __init__(self, messages: "SimpleQueue[Message]") -> None:
        self._messages = messages

    def publish(self, topic: str, bodies: Any) -> None:
        for body in bodies:
            self._messages.put(Message(topic, dict(body), id=f"{topic}-{body}", attempt=1))


def _serve(pipe: Connection, classes: int, students: int) -> None:
    with OneRosterSimulator() as sis:
        school = sis.school
        school.add_org("meting", "Meetschool")
        school.add_term("t1", "2026-2027", date(2026, 8, 1), date(2027, 7, 31), periods=("p1",))
        school.add_category("toets", "Toetsen")
        for course in range(classes):
            school.add_class(f"k{course}", f"Klas {course}", school="meting", terms=("t1",))
            for nth in range(students):
                school.add_student(f"s{course}-{nth}", f"u{course}-{nth}@meting.example", f"k{course}")
        school.add_teacher("t1", "docent@meting.example", *(f"k{course}" for course in range(classes)))
        pipe.send((sis.url, sis.auth.key, sis.auth.secret))
        pipe.recv()


def _people(app: App, classes: int, students: int) -> None:
    write_school(app, School(SCHOOL, "Meetschool"))
    teacher = User(TEACHER, Role.TEACHER, "Ingrid", "Vries", email="docent@meting.example")
    pupils = [
        User(
            f"u{course}-{nth}", Role.STUDENT, "Noor", f"Bakker {course} {nth}", email=f"u{course}-{nth}@meting.example"
        )
        for course in range(classes)
        for nth in range(students)
    ]
    keep_users(app, SCHOOL, [teacher, *pupils], ())


def _connect(app: App, url: str, key: str, secret: str) -> None:
    found = authorize(app, SCHOOL, Form("other", f"{url}/api", key, secret, f"{url}/oauth/token"), by="a1")
    assert found.sis, found.steps
    sis, version = read_sis(app, SCHOOL)
    assert sis
    settings = Settings(
        teachers_export=True, default_category="toets", category_missing=sis.category_missing, expires=None
    )
    save_sis(app, SCHOOL, settings, version=version, by="a1")
