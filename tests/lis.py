"""A school in a local composition that connects to SISs on loopback, with a clock of our own and no waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.oneroster import oneroster
from shared.domain.class_link import ClassLink
from shared.domain.export.ledger import ItemEntry, ResultEntry
from shared.domain.school import School
from shared.flows.audit import Event, read_audit
from shared.flows.class_links import link_write
from shared.flows.connect_sis import Form, Outcome, authorize
from shared.flows.ledger import Book, Line, OpenLine
from shared.flows.schools import write_school
from shared.flows.sis import read_sis
from shared.flows.survey_sis import Step
from shared.ports import ABSENT, App
from shared.simulators.oneroster import OneRosterSimulator
from shared.wiring.local import Local, local

SCHOOL = "demo"


@dataclass
class Lis:
    """The school before its SISs."""

    world: Local
    app: App
    now: datetime = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

    def pass_(self, **by: float) -> None:
        self.now += timedelta(**by)

    def connect(self, server: OneRosterSimulator, partner: str = "other", host_url: str = "", **other: str) -> Outcome:
        """A minute after what was before, with the key and secret of this SIS unless others are given."""
        self.pass_(minutes=1)
        form = Form(partner, host_url or server.prefix, server.auth.key, server.auth.secret)
        return authorize(self.app, SCHOOL, replace(form, **other), by="u-beheerder")

    @property
    def stored(self) -> Any:
        """The connection as it is kept."""
        return read_sis(self.app, SCHOOL)[0]

    @property
    def secrets(self) -> dict[str, str]:
        """Versions of the secret by their state, oldest first."""
        return dict(self.app.secrets.versions(f"sis-{SCHOOL}"))

    @property
    def events(self) -> tuple[Event, ...]:
        """Oldest first."""
        return read_audit(self.app, SCHOOL, limit=100, cursor=None)[0][::-1]

    def link(self, sis_class: str, course: str = "c1", **more: Any) -> None:
        """This course to this class, at the SIS that is connected."""
        link = ClassLink(course, "H3", self.stored.book, sis_class, "Wiskunde 3A", "", "baken", (), "d1", self.now)
        link = replace(link, **more)
        self.app.store.commit([link_write(SCHOOL, link, {}, expect=ABSENT)])

    def remember(self, sis_class: str, item: str, students: tuple[str, ...], course: str = "c1") -> None:
        """In the ledger: this item with a result for each of these students."""
        book = Book(SCHOOL, self.stored.book, sis_class, course)
        results = {student: ResultEntry(f"r-{item}-{student}", "x", "x") for student in students}
        entry = ItemEntry(item, item, sent="x", kept="x", results=results)
        OpenLine(self.app, book, Line(None), users={}).write(entry)


@contextmanager
def school_without_sis(folder: Path) -> Iterator[Lis]:
    with local(folder) as world:
        pace = Pace(sleep=lambda _: None)
        door = Door(PublicAndLoopback(), limits=Limits(read=2), pace=pace)
        found = Lis(world, world.app)
        found.app = replace(world.app, gradebook=oneroster(door, pace), now=lambda: found.now)
        write_school(found.app, School(SCHOOL, "Het Baken"))
        yield found


def failed(outcome: Outcome) -> Step:
    """The one step that kept the school from being connected."""
    [step] = [step for step in outcome.steps if step.bars]
    return step
