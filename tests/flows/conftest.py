"""A whole local composition for each test: SQLite, the simulators on loopback, the real adapters between them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.domain.people import Role, User
from shared.domain.run import Run
from shared.domain.school import School, WebUntisSettings
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.read_roster import password_name
from shared.flows.schools import read_school, write_school
from shared.ports import App
from shared.simulators.practice_school import PracticeSchool, load
from shared.wiring.local import Local, local


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class World:
    """The composition with a clock of our own, and the few things tests do with a school."""

    local: Local
    app: App
    clock: Clock

    def open_school(self, school: PracticeSchool, **settings: object) -> None:
        """The school at WebUntis, in Profijt with its users, enabled."""
        load(self.local.untis, school)
        version = self.app.secrets.add(password_name(school.id), school.password)
        webuntis = WebUntisSettings(
            enabled=True, school_name=school.school_name, subdomain=school.subdomain, password_version=version
        )
        made = School(school.id, school.display_name, unlocked=True, webuntis=replace(webuntis, **settings))
        write_school(self.app, made)
        keep_users(self.app, school.id, school.users, ())

    def settings(self, school: str, **settings: object) -> None:
        found, version = read_school(self.app, school)
        write_school(self.app, replace(found, webuntis=replace(found.webuntis, **settings)), version=version)

    def run(self, school: str, run: str = "", **more: object) -> Run | None:
        """One run, half an hour after the one before."""
        self.clock.pass_(minutes=30)
        return link_school(self.app, school, run=run or f"run-{self.clock():%d%H%M}", trigger="schedule", **more)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with local(tmp_path / "data") as running:
        clock = Clock()
        yield World(running, replace(running.app, now=clock), clock)


def student(identifier: str, first: str, last: str, **more: str) -> User:
    return User(id=identifier, role=Role.STUDENT, first_name=first, last_name=last, **more)
