"""A school with two teachers, before the API: Profijt's own courses, Classroom, and a connected SIS on loopback."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import Client, TestResponse

from functions.local_server import web
from shared.domain.people import Role, User
from shared.domain.school import School
from shared.domain.sis import Capabilities, Sis
from shared.flows.google_consent import keep_consent
from shared.flows.keep_users import keep_users
from shared.flows.record import encode
from shared.flows.schools import write_school
from shared.flows.sis import Credentials, add_credentials, read_sis, sis_path
from shared.ports import ABSENT, App, Write
from shared.wiring.local import Local, local

SCHOOL = "demo"
INGRID, KEES = "d1", "d2"  # teachers of Profijt
STUDENTS = {"u1": ("Yusuf", "Yılmaz"), "u2": ("Anna", "Bakker"), "u3": ("Noor", "de Wit"), "u4": ("Sem", "Visser")}
WORK = {"id": "so-1", "title": "SO H3 breuken", "due": "2026-11-20"}
COURSE = {
    "name": "Wiskunde 3A",
    "students": ["u1", "u2", "u3"],
    "works": [WORK],
    "grades": [{"work": "so-1", "student": "u1", "score": "7,5"}, {"work": "so-1", "student": "u2", "score": 4}],
}
VERIFIER = "v" * 43


@dataclass
class ClassWorld:
    """Requests as somebody of the school. `now` stands still until it is moved."""

    local: Local
    app: App
    client: Client
    now: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def pass_(self, **by: float) -> None:
        self.now += timedelta(**by)

    def ask(
        self, user: str, method: str, path: str, *, role: str = "teacher", school: str = SCHOOL, **more: Any
    ) -> TestResponse:
        token = self.local.identity.token(sub=user, roles=[role], school=school)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.open(f"/v1/schools/{SCHOOL}{path}", method=method, headers=headers, **more)

    def as_service(self, method: str, path: str, **more: Any) -> TestResponse:
        token = self.local.identity.machine_token(audience=self.local.config.machines.audience)
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.client.open(f"/v1/schools/{SCHOOL}{path}", method=method, headers=headers, **more)

    def send(self, user: str = INGRID, course: str = "3a-wi", **changes: Any) -> TestResponse:
        """A course of Profijt's own, new or in the place of what there is."""
        return self.ask(user, "PUT", f"/coursework/{course}", json=COURSE | changes, headers={"If-Match": "*"})

    def link(
        self, user: str = INGRID, course: str = "profijt:3a-wi", to: str = "3a-wi", seen: str = ""
    ) -> TestResponse:
        headers = {"If-Match": seen} if seen else {}
        return self.ask(user, "PUT", f"/class-links/{course}", json={"sisClass": to}, headers=headers)

    def sis_changes(self, **changes: object) -> None:
        """The connection, otherwise."""
        sis, version = read_sis(self.app, SCHOOL)
        assert sis
        self.app.store.commit([Write(sis_path(SCHOOL), encode(replace(sis, **changes)), expect=version)])

    def consent(self, user: str, email: str) -> None:
        """This teacher lets us read Classroom."""
        desk = self.app.consent
        assert desk
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        back = self.local.classroom.oauth.consent(desk.address(state="s", challenge=challenge), email)
        code = dict(parse_qsl(urlsplit(back).query))["code"]
        keep_consent(self.app, SCHOOL, user, desk.redeem(code, VERIFIER))


@contextmanager
def class_world(folder: Path) -> Iterator[ClassWorld]:
    with local(folder) as running:
        world = ClassWorld(running, running.app, None)  # type: ignore[arg-type]
        world.app = replace(running.app, now=lambda: world.now)
        world.client = Client(web(world.app))
        write_school(world.app, School(SCHOOL, "Het Baken"))
        teachers = [
            User(INGRID, Role.TEACHER, "Ingrid", "Vries", prefix="de", email="I.deVries@baken.example"),
            User(KEES, Role.TEACHER, "Kees", "Bakker", email="k.bakker@baken.example"),
            User("d3", Role.TEACHER, "Zonder", "Adres"),
        ]
        students = [
            User(id, Role.STUDENT, *name, email=f"{id}@baken.example", number=f"00{id[1:]}")
            for id, name in STUDENTS.items()
        ]
        keep_users(world.app, SCHOOL, [*teachers, *students], ())
        _fill(world)
        _connect(world)
        yield world


def _fill(world: ClassWorld) -> None:
    """3A with three students by address, 3B with one of them and another."""
    school = world.local.sis.school
    school.add_org("baken", "Het Baken")
    school.add_term("t1", "2026-2027", date(2026, 8, 17), date(2027, 7, 9), periods=("p1", "p2"))
    for id, title in (("3a-wi", "Wiskunde 3A"), ("3b/wi é", "Wiskunde 3B"), ("2c-ne", "Nederlands 2C")):
        school.add_class(id, title, school="baken", terms=("t1",))
    school.add_teacher("t-vries", "i.devries@baken.example", "3a-wi", "3b/wi é")
    school.add_teacher("t-bakker", "k.bakker@baken.example", "2c-ne", name=("Kees", "Bakker"))
    school.add_student("s1", "u1@baken.example", "3a-wi", name=("Yusuf", "Yılmaz"))
    school.add_student("s2", "", "3a-wi", "3b/wi é", name=("Anna", "Bakker"))
    school.add_student("s9", "", "3a-wi", name=("Puck", "Mol"))
    school.add_student("s4", "u4@baken.example", "3b/wi é", name=("Sem", "Visser"))


def _connect(world: ClassWorld) -> None:
    server = world.local.sis
    version = add_credentials(world.app, SCHOOL, Credentials(server.auth.key, server.auth.secret))
    sis = Sis(
        state="connected",
        partner="other",
        prefix=server.prefix,
        version="1.1",
        security="oauth2",
        token_url=f"{server.url}/oauth/token",
        secret_version=version,
        book="baken-book",
        orgs=("baken",),
        org_names=("Het Baken",),
        capabilities=Capabilities(writes=True),
        generation=1,
        since=world.now,
        by="a1",
    )
    world.app.store.commit([Write(sis_path(SCHOOL), encode(sis), expect=ABSENT)])
