"""`make bench`: every measurement of the project, as ratios from one run, printed and written to bench/results/."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def _linking() -> Any:
    from bench import linking

    return linking.measure()


def _documents() -> Any:
    from bench import documents

    return documents.measure()


def _writes() -> Any:
    from bench import writes

    return writes.measure()


def _cold_start() -> Any:
    from bench import cold_start

    return cold_start.measure()


def _jsonrpc_parsing() -> Any:
    from bench import jsonrpc_parsing

    return jsonrpc_parsing.measure()


def _grade_export() -> Any:
    from bench import grade_export

    return grade_export.measure()


def _timetable() -> Any:
    from bench import timetable

    return timetable.measure()


MEASUREMENTS: dict[str, Callable[[], Any]] = {
    "documents": _documents,
    "writes": _writes,
    "cold_start": _cold_start,
    "linking": _linking,
    "jsonrpc_parsing": _jsonrpc_parsing,
    "timetable": _timetable,
    "grade_export": _grade_export,
}


def main(names: list[str]) -> int:
    """Run the named measurements, or all of them; of the others the last results stay."""
    RESULTS.mkdir(exist_ok=True)
    latest = RESULTS / "latest.json"
    found: dict[str, Any] = json.loads(latest.read_text()) if latest.exists() else {}
    for name in names or MEASUREMENTS:
        print(f"== {name}", flush=True)
        found[name] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "found": MEASUREMENTS[name]()}
        print(json.dumps(found[name]["found"], indent=2, ensure_ascii=False), flush=True)
        latest.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
