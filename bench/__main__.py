"""`make bench`: every measurement of the project, as ratios from one run, printed and written to bench/results/.

Each in a process of its own: what one leaves in memory is not to slow the garbage collection of the next.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
MODULES = ("documents", "writes", "cold_start", "linking", "jsonrpc_parsing", "timetable", "grade_export")


def main(names: list[str]) -> int:
    """Run the named measurements, or all of them; of the others the last results stay."""
    RESULTS.mkdir(exist_ok=True)
    latest = RESULTS / "latest.json"
    found: dict[str, Any] = json.loads(latest.read_text()) if latest.exists() else {}
    for name in names or MODULES:
        print(f"== {name}", flush=True)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            rows = alone.submit(import_module(f"bench.{name}").measure).result()
        found[name] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "found": rows}
        print(json.dumps(rows, indent=2, ensure_ascii=False), flush=True)
        latest.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
