"""Reads 10,000 periods of a real school beside PyPI `webuntis` on the same JSON-RPC bytes: time, and the same lessons.

    python -m bench.jsonrpc_parsing

The 114 recorded periods are repeated under other ids. Both sides start from the bytes of the five answers (periods,
classes, subjects, rooms, teachers) and end with start, end, names of every element and the code of every lesson; no
network on either. Times are CPU seconds, the best of three, measured in turn. The library is in the extra `bench`.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from shared.adapters.http import Answer
from shared.adapters.webuntis_jsonrpc import master_data
from shared.adapters.webuntis_jsonrpc.periods import Periods
from shared.adapters.webuntis_jsonrpc.wire import result_in
from shared.domain.timetable import ElementKind, Status

try:
    import webuntis
except ImportError as err:
    raise SystemExit(  # whoever measures wants to know, loudly
        f"bench: {err.name} is not installed: `make bench`, or .venv/bin/uv pip install webuntis"
    ) from err

RECORDINGS = Path(__file__).parent.parent / "tests" / "recordings" / "jsonrpc"
VIENNA = ZoneInfo("Europe/Vienna")
PERIODS = 10_000
_KINDS = {
    ElementKind.CLASS: "getKlassen",
    ElementKind.SUBJECT: "getSubjects",
    ElementKind.ROOM: "getRooms",
    ElementKind.TEACHER: "getTeachers",
}
_CODES = {Status.REGULAR: None, Status.CANCELLED: "cancelled", Status.CHANGED: "irregular"}

# Start and end (naive, school time), then the names of subjects, teachers, rooms and classes, then the code.
Told = tuple[datetime, datetime, list[str], list[str], list[str], list[str], str | None]


def recorded(periods: int) -> dict[str, bytes]:
    """The `result` of each method, as text."""
    rows = json.loads((RECORDINGS / "gettimetables_mock.json").read_bytes())
    repeated = [rows[n % len(rows)] | {"id": 1_000_000 + n} for n in range(periods)]
    lists = {
        method: json.loads((RECORDINGS / f"{method.lower()}_mock.json").read_bytes()) for method in _KINDS.values()
    }
    return {method: json.dumps(rows).encode() for method, rows in (lists | {"getTimetable": repeated}).items()}


def answered(results: dict[str, bytes], method: str, id: str) -> bytes:
    return b'{"jsonrpc":"2.0","id":' + json.dumps(id).encode() + b',"result":' + results[method] + b"}"


def ours(results: dict[str, bytes], zone: tzinfo = VIENNA) -> Periods:
    """From bytes to lessons and named elements."""

    def result(method: str) -> Any:
        headers = {"content-type": "application/json-rpc;charset=UTF-8"}
        return result_in(Answer("webuntis", "x", 200, headers, answered(results, method, "1")), "1", method)

    found = Periods(zone, datetime(2013, 1, 7, tzinfo=UTC))
    found.add(result("getTimetable"))
    for kind, method in _KINDS.items():
        found.name(master_data.names(result(method), kind, method))
    return found


def told_by_us(results: dict[str, bytes]) -> list[Told]:
    found = ours(results)
    names: dict[ElementKind, dict[str, str]] = {kind: {} for kind in ElementKind}
    for element in found.elements:
        names[element.kind][element.id] = element.name
    classes, subjects = names[ElementKind.CLASS], names[ElementKind.SUBJECT]
    rooms, teachers = names[ElementKind.ROOM], names[ElementKind.TEACHER]
    return [
        (
            each.start.replace(tzinfo=None),
            each.end.replace(tzinfo=None),
            [subjects[ref.id] for ref in each.subjects],
            [teachers[ref.id] for ref in each.teachers],
            [rooms[ref.id] for ref in each.rooms],
            [classes[ref.id] for ref in each.classes],
            _CODES[each.status],
        )
        for each in found.lessons
    ]


def told_by_the_library(results: dict[str, bytes]) -> list[Told]:
    """The library as its guide says, over a line that answers from memory."""

    def post(url: str, *, data: str, headers: dict[str, str]) -> Any:  # noqa: ARG001  the library's question
        asked = json.loads(data)
        return SimpleNamespace(text=answered(results, asked["method"], asked["id"]).decode())

    library: Any = webuntis  # its type hints leave out what its guide shows
    session = library.Session(
        server="x.webuntis.com", school="x", useragent="bench", username="x", password="x", jsessionid="x",
        _http_session=SimpleNamespace(post=post),
    )  # fmt: skip
    for warm in (session.klassen, session.subjects, session.rooms, session.teachers):
        warm()
    day = datetime(2013, 1, 7)  # noqa: DTZ001  the library takes naive days
    return [
        (
            each.start,
            each.end,
            [subject.name for subject in each.subjects],
            [teacher.name for teacher in each.teachers],
            [room.name for room in each.rooms],
            [klasse.name for klasse in each.klassen],
            each.code,
        )
        for each in session.timetable(klasse=129, start=day, end=day)
    ]


def seconds(work: Callable[[dict[str, bytes]], Any], results: dict[str, bytes]) -> float:
    start = time.process_time()
    work(results)
    return time.process_time() - start


def measure(periods: int = PERIODS) -> dict[str, Any]:
    """Seconds of both and how many times faster ours is; `different` counts lessons that are not the same."""
    results = recorded(periods)
    mine, theirs = told_by_us(results), told_by_the_library(results)
    pairs = [(seconds(told_by_us, results), seconds(told_by_the_library, results)) for _ in range(3)]
    ours_took, library_took = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    return {
        "periods": len(mine),
        "different": abs(len(mine) - len(theirs)) + sum(a != b for a, b in zip(mine, theirs, strict=False)),
        "ours_seconds": round(ours_took, 3),
        "webuntis_seconds": round(library_took, 3),
        "us_per_period": round(ours_took / len(mine) * 1e6, 1),
        "times_faster": round(library_took / ours_took, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
