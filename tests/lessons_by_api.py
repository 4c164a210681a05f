"""The small school with a timetable, read by JSON-RPC as its API user: every instance with an adapter of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis_jsonrpc import jsonrpc
from shared.flows.api_user import api_password_name
from shared.ports import App
from shared.simulators.jsonrpc_school import JsonRpcSchool
from shared.simulators.webuntis_jsonrpc import JsonRpcSimulator
from tests.contracts.timetable_source_jsonrpc import lists
from tests.lessons_at_school import Lessons, lessons_at_school

USER, PASSWORD = "profijt-api", "api-geheim-068"


@dataclass
class ByApi:
    """The school, and its JSON-RPC server."""

    school: Lessons
    rpc: JsonRpcSimulator
    there: JsonRpcSchool

    def instance(self) -> App:
        """Another instance of the service: it shares the store and nothing of what it remembers."""
        door = Door(PublicAndLoopback(), limits=Limits(read=10), pace=Pace(sleep=lambda _: None))
        made = jsonrpc(door, self.rpc.url, now=self.school.clock)
        source = lambda user, zone: made.timetable(user, ZoneInfo(zone))  # noqa: E731
        return replace(self.school.app, timetable=source, roster=made.roster)  # type: ignore[arg-type]


@contextmanager
def lessons_by_api(folder: Path) -> Iterator[ByApi]:
    """`school.app` is one instance; people were linked by the application."""
    with lessons_at_school(folder) as school, JsonRpcSimulator() as rpc:
        given = lists(school.people.persons, school.timetable)
        there = rpc.add_school(school.people.school_name, user=USER, password=PASSWORD, lists=given)
        version = school.app.secrets.add(api_password_name(school.id), PASSWORD)
        school.settings(api_user=USER, api_password_version=version)
        made = ByApi(school, rpc, there)
        school.app = made.instance()
        yield made
