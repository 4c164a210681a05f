"""The sources of lessons under contract: each with a school behind it that a test may change.

To add one: a context manager that serves a school whose people and timetable are given, and yields it as `Source`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis import Endpoints
from shared.adapters.webuntis.auth import Tokens
from shared.adapters.webuntis.timetable_client import timetables
from shared.domain.people import Person
from shared.ports import WebUntisConnection
from shared.simulators.untis_timetable import Timetable
from shared.simulators.webuntis import WebUntisSimulator
from shared.timetable_source import TimetableSource
from tests.contracts.timetable_source_jsonrpc import served

ZONE = "Europe/Amsterdam"
SCHOOL = WebUntisConnection("demo", "het baken+zee", "tom", "6603700", "profijt", "v3", "geheim", "1")


@dataclass(frozen=True)
class Source:
    """`timetable` is the school's at WebUntis: whatever a test changes in it, the next question sees."""

    source: TimetableSource
    timetable: Timetable
    tells_deletions: bool  # whether `changes` answers at all
    tells_students: bool  # whether `whole` says who is in a lesson


Factory = Callable[[tuple[Person, ...], Timetable, Callable[[], datetime]], AbstractContextManager[Source]]


@contextmanager
def platform(people: tuple[Person, ...], timetable: Timetable, now: Callable[[], datetime]) -> Iterator[Source]:
    """WebUntis' platform API, in pages small enough that a week takes several."""
    with WebUntisSimulator() as untis:
        school = untis.add_school(
            tenant_id=SCHOOL.tenant_id,
            school_name=SCHOOL.school_name,
            subdomain=SCHOOL.subdomain,
            client_id=SCHOOL.client_id,
            password=SCHOOL.password,
            people=people,
        )
        school.timetable = timetable
        door = Door(PublicAndLoopback(), limits=Limits(read=10), pace=Pace(sleep=lambda _: None))
        where = Endpoints(untis.url, f"{untis.url}/schoolquery2", untis.url, period_page=100)
        source = timetables(door, where, Tokens(), now=now)(SCHOOL, ZONE)
        yield Source(source, timetable, tells_deletions=True, tells_students=True)


@contextmanager
def json_rpc(people: tuple[Person, ...], timetable: Timetable, now: Callable[[], datetime]) -> Iterator[Source]:
    """An API user at the JSON-RPC API, which tells no students, no changes, and no lesson without class and teacher."""
    with served(people, timetable, now, zone=ZONE) as (source, seen):
        yield Source(source, cast(Timetable, seen), tells_deletions=False, tells_students=False)


FACTORIES: dict[str, Factory] = {"platform": platform, "jsonrpc": json_rpc}
