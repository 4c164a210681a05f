"""People of a school before the exports' API, with a SIS on loopback and messages that the test delivers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.domain.people import Role, User
from shared.flows.directory import read_directories
from shared.flows.keep_users import keep_users
from shared.flows.packed import commit_packed
from shared.flows.profijt_coursework import read_course, repack
from tests.export_world import CLASS, COURSE, TEACHER, ExportWorld, export_world, work

KEES = "d2"  # a teacher of another class
BODY = {"course": COURSE}
SO = work("w1", "SO H3 breuken", category="Praktijk")
GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0, ("w1", "u3"): 8.25}


class ExportDesk(ExportWorld):
    """The world, and requests by its people."""

    def ask(
        self,
        method: str,
        path: str = "",
        *,
        by: str = TEACHER,
        role: str = "teacher",
        school: str = "",
        at: str = "exports",
        **more: Any,
    ) -> TestResponse:
        token = self.local.identity.token(sub=by, roles=[role], school=school or self.school)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.open(f"/v1/schools/{self.school}/{at}{path}", method=method, headers=headers, **more)

    @cached_property
    def client(self) -> Client:
        return Client(web(self.app))

    def ordered(self, **more: Any) -> str:
        """The id of a new export."""
        answer = self.ask("POST", json=BODY | more)
        assert answer.status_code == 202, answer.text
        id: str = answer.get_json()["id"]
        return id

    def share(self) -> None:
        """Kees teaches the class too, here and at the SIS."""
        found = read_course(self.app, self.school, COURSE)
        assert found
        course, head = found
        taught = replace(course, teachers=(TEACHER, KEES))
        commit_packed(self.app.store, [repack(self.app, self.school, taught, replaces=head)])
        self.sis.school.teaches[CLASS].add("t-bakker")


@contextmanager
def export_desk(folder: Path) -> Iterator[ExportDesk]:
    """Ingrid's class with three grades for one work, and Kees who teaches another."""
    with export_world(folder) as world:
        there = ExportDesk(world.local, world.app, world.post, world.school, world.time)
        students = read_directories(world.app, world.school)[Role.STUDENT].users
        teachers = [
            User(TEACHER, Role.TEACHER, "Ingrid", "Vries", prefix="de", email="I.deVries@baken.example"),
            User(KEES, Role.TEACHER, "Kees", "Bakker", email="k.bakker@baken.example"),
        ]
        keep_users(world.app, world.school, [*teachers, *students], ())
        world.sis.school.add_class("2c", "Nederlands 2C", school="baken", terms=("t1",))
        world.sis.school.add_teacher("t-bakker", "k.bakker@baken.example", "2c", name=("Kees", "Bakker"))
        there.grades([SO], GRADES)
        yield there
