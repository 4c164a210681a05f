"""What the Planner bears and needs: a Monday at 8:00, memory, and what a snapshot costs in the store."""

import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.callers import ask, request
from bench.served import served
from bench.timetable_school import World, user_of
from bench.timetable_speed import Visitors
from shared.domain.people import Person, Role
from shared.domain.planner.iso_week import IsoWeek
from shared.flows.packed import FIELD
from shared.flows.timetable_for import seen_weeks, sight
from shared.flows.week_part import WHOLE
from shared.flows.weeks import head_path
from tests.counting_store import CountingStore


def monday(at: World, school: str, people: Sequence[Person], week: IsoWeek) -> dict[str, Any]:
    """1,000 students and 90 teachers, each his own week, at a cold instance: 50 at a time, as fast as it can."""
    visitors = Visitors(at, school, people, week)
    students = [each for each in people if each.role is Role.STUDENT][:1000]
    teachers = [each for each in people if each.role is Role.TEACHER][:90]
    everyone = [visitors.of(each) for each in (*teachers, *students)]
    before = at.calls_to_webuntis
    with served("timetable", at.env) as instance:
        got = ask(instance.port, everyone, callers=50)
        return {
            "people": len(everyone),
            "seconds": round(got.wall, 1),
            "p50_ms": round(statistics.median(got.seconds) * 1000),
            "p95_ms": round(statistics.quantiles(got.seconds, n=20)[-1] * 1000),
            "errors": sum(status != 200 for status in got.statuses),
            "calls_to_webuntis": at.calls_to_webuntis - before,
            "peak_mib": instance.peak_mib,
        }


def memory(at: World, school: str, people: Sequence[Person], weeks: Sequence[IsoWeek]) -> dict[str, Any]:
    """Peak memory of an instance that serves these weeks to the admin and to ten people each, eight at a time."""
    asked = []
    for week in weeks:
        visitors = Visitors(at, school, people, week)
        asked += [request(visitors.path, visitors.admin), *map(visitors.of, people[-10:])]
    with served("timetable", at.env) as instance:
        one = ask(instance.port, asked, callers=1)
        eight = ask(instance.port, asked, callers=8)
        wrong = sum(status != 200 for status in one.statuses + eight.statuses)
        return {"weeks": len(weeks), "errors": wrong, "peak_mib": instance.peak_mib}


def snapshot(at: World, school: str, people: Sequence[Person], week: IsoWeek) -> dict[str, int]:
    """Bytes stored, and documents read: opening the week, another person's look just after, the same page again."""
    path = head_path(school, week, WHOLE)
    head = at.app.store.get(path)
    assert head
    parts = at.app.store.get_many([f"{path}/parts/{name}" for name in head.data[FIELD]["parts"]])
    store = CountingStore(at.app.store)
    freshness = replace(at.app.rules.freshness, remembered=timedelta(seconds=30))
    app = replace(at.app, store=store, rules=replace(at.app.rules, freshness=freshness))
    read = []
    for person in (people[0], people[1], people[1]):
        store.read = 0
        seen = sight(app, school, user_of(person), [week], "own")
        [found] = seen_weeks(app, seen).shown
        read.append(store.read)
    [whole] = seen_weeks(app, sight(app, school, "boss", [week], "school")).shown
    assert len(found.lessons) < len(whole.lessons)
    return {
        "lessons": len(whole.lessons),
        "bytes_stored": sum(len(part.data["value"]) for part in parts.values()),
        "bytes_as_json": head.data[FIELD]["size"],
        "documents_stored": 1 + len(parts),
        "read_first": read[0],
        "read_next_person": read[1],
        "read_again": read[2],
    }
