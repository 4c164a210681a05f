"""A school for the timetable bench: the WebUntis simulator's weeks, read by the real client into the real store."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from shared.adapters.firestore import FirestoreStore
from shared.domain.people import Person, State
from shared.domain.planner.iso_week import IsoWeek, week_with
from shared.domain.school import School, WebUntisSettings
from shared.flows.read_roster import password_name
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import link_path, write_school
from shared.ports import App, Write
from shared.simulators.school_weeks import crowd, practice_timetable
from shared.wiring.local import AUDIENCE, CLIENT_ID, Local, local
from tests.emulators import firestore_emulator


@dataclass(frozen=True, slots=True)
class World:
    """The simulators, and an App on the store that the measured functions read. `env` is theirs."""

    local: Local
    app: App
    env: Mapping[str, str]

    @property
    def calls_to_webuntis(self) -> int:
        assert self.local.untis
        return self.local.untis.calls.total()

    def open_school(self, id: str, lessons: int) -> tuple[Person, ...]:
        """A school with about so many lessons a week, everyone linked: his Profijt id is his role and his key."""
        people = crowd(lessons)
        untis = self.local.untis
        assert untis
        there = untis.add_school(
            tenant_id=f"{lessons}", school_name=id, subdomain=id, client_id=CLIENT_ID, password=id, people=people
        )
        there.timetable = practice_timetable(people)
        version = self.app.secrets.add(password_name(id), id)
        settings = WebUntisSettings(enabled=True, school_name=id, subdomain=id, password_version=version)
        write_school(self.app, School(id, id, webuntis=settings))
        self.app.store.write_many(
            [Write(link_path(id, user_of(each)), {"state": State.LINKED, "role": each.role, "key": each.key})
             for each in people]
        )  # fmt: skip
        return people

    def read_weeks(self, id: str, count: int) -> list[IsoWeek]:
        """The first so many weeks from now that have lessons, read from WebUntis."""
        weeks: list[IsoWeek] = []
        week = week_with(self.app.now().date())
        while len(weeks) < count:
            if refresh_week(self.app, id, week, owner="bench").lessons > 100:
                weeks.append(week)
            week = week.next
        return weeks

    def token(self, user: str, school: str, role: str) -> str:
        return self.local.identity.token(sub=user, school=school, roles=(role,), jti=f"{time.monotonic_ns()}")


def user_of(person: Person) -> str:
    return f"{person.role}-{person.key}"


@contextmanager
def world(folder: Path, *, on: str) -> Iterator[World]:
    """On "firestore" (Google's emulator) or "sqlite"."""
    with local(folder) as running:
        untis, identity = running.untis, running.identity
        assert untis
        env = {
            "GOOGLE_CLOUD_PROJECT": "bench",
            "WEBUNTIS_CLIENT_ID": CLIENT_ID,
            "WEBUNTIS_API": untis.url,
            "WEBUNTIS_SCHOOL_SEARCH": f"{untis.url}/schoolquery2",
            "WEBUNTIS_HOST_PATTERN": untis.url,
            "OIDC_ISSUER": identity.issuer,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS_URL": identity.jwks_url,
            "MACHINE_AUDIENCE": AUDIENCE,
        }
        if on == "sqlite":
            yield World(running, running.app, env | {"BENCH_SQLITE": str(folder / "store.db")})
            return
        with firestore_emulator() as emulator:
            app = replace(running.app, store=FirestoreStore("bench", emulator=emulator))
            yield World(running, app, env | {"FIRESTORE_EMULATOR_HOST": emulator})
