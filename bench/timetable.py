"""The Planner beside a bare function that returns the same bytes, headers and all (the floor): time, memory, a Monday.

    python -m bench.timetable

Measured is main.py's `timetable`, served by functions-framework on gunicorn with the real adapters, on Google's
Firestore emulator (whose CPU counts here, and not in the cloud) and again on SQLite; the school has about 1,400 lessons
a week. Ours and the floor get the same requests from the same client in turn, so noise hits both; times are
milliseconds to the whole answer. "again": the same caller asks the same, as a page does that looks whether something
changed. "first look": an instance that has the week open meets this person (token, link, his lessons). "anew": the
page is made again from the snapshot. `client_cpu` is the client's share of a core: far below 1, it is no bottleneck.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from bench.timetable_load import memory, monday, snapshot
from bench.timetable_school import world
from bench.timetable_speed import Visitors, cold, speed

GOALS = {"own week, again": 1.5, "own week, 304": 1.2, "whole school, again": 3.0}


def measure() -> dict[str, Any]:
    """Everything, as a value that can be written as JSON. Needs the Google Cloud SDK's emulator."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for on in ("firestore", "sqlite"):
            with world(folder / on, on=on) as at:
                people = at.open_school("school", 1400)
                [week] = at.read_weeks("school", 1)
                visitors = Visitors(at, "school", people, week)
                found[f"speed_{on}"] = speed(at, visitors, folder)
                if on == "sqlite":
                    break
                found["cold"] = cold(at, visitors, folder)
                small, large = at.open_school("small", 500), at.open_school("large", 4000)
                weeks = at.read_weeks("large", 10)
                found["monday"] = monday(at, "large", large, weeks[0])
                found["memory"] = memory(at, "large", large, weeks)
                found["snapshots"] = [
                    snapshot(at, "small", small, at.read_weeks("small", 1)[0]),
                    snapshot(at, "school", people, week),
                    snapshot(at, "large", large, weeks[0]),
                ]
    return found


def shown(found: dict[str, Any]) -> str:
    """`found` as a few tables."""
    lines = []
    for on in ("firestore", "sqlite"):
        lines += [f"on {on}", f"  {'':<22}callers   p50 ms   floor  ratio   p95 ms   floor  ratio   goal  client"]
        lines += [
            f"  {row['case']:<22}{row['callers']:>7} "
            + " ".join(f"{row[f'{p}_ms']:>8}{row[f'{p}_floor_ms']:>8}{row[f'{p}_ratio']:>7}" for p in ("p50", "p95"))
            + f"{GOALS.get(row['case'], ''):>7}{row['client_cpu']:>8}"
            for row in found[f"speed_{on}"]
        ]
    for title in ("cold", "monday", "memory"):
        lines.append(f"{title}: {json.dumps(found[title])}")
    return "\n".join([*lines, *(f"snapshot: {json.dumps(row)}" for row in found["snapshots"])])


if __name__ == "__main__":
    print(shown(measure()))
