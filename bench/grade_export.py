"""An export beside the ideal (requests ÷ allowed concurrency × the SIS's latency) and beside Google's own sequence.

    python -m bench.grade_export

The SIS is the practice one in a process of its own, every answer 50 ms late; the latency that counts is measured
through the same client. Google's sequence is that of its conformance suite for the same content: token, teachers,
teacher by address, classes, students, categories, class, periods; for each item PUT and the list of items; a PUT for
each result. It reads no result back; ours reads each item's once, which is how it knows what arrived.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.export_school import ExportSchool, export_school

STUDENTS, WORKS, LATENCY, AT_ONCE = 30, 20, 0.050, 4
CLASSES, MANY_STUDENTS, MANY_WORKS = 40, 25, 10


def measure() -> dict[str, Any]:
    """Both parts; the large one in a process of its own, whose memory is that of exports alone."""
    with tempfile.TemporaryDirectory() as name, export_school(Path(name), classes=1, students=STUDENTS) as school:
        one_class = _one_class(school)
    large = subprocess.run([sys.executable, "-m", "bench.grade_export", "large"], capture_output=True, check=True)
    return {"one_class": one_class, "large": json.loads(large.stdout)}


def _one_class(school: ExportSchool) -> dict[str, Any]:
    school.give(0, students=STUDENTS, works=WORKS)
    school.latency(LATENCY)
    latency = _latency(school)
    school.door.sent.clear()
    first, seconds = school.export(0, workers=AT_ONCE)
    asked = dict(school.door.sent)
    ideal = sum(asked.values()) / AT_ONCE * latency
    school.door.sent.clear()
    again, again_seconds = school.export(0, workers=AT_ONCE)
    unchanged = dict(school.door.sent)
    school.give(0, students=STUDENTS, works=WORKS, score=8.5)
    school.door.sent.clear()
    third, third_seconds = school.export(0, workers=AT_ONCE)
    changed = dict(school.door.sent)
    google = 8 + WORKS * 2 + STUDENTS * WORKS
    return {
        "results": STUDENTS * WORKS,
        "counts": first.counts,
        "created": school.created(),
        "latency_ms": round(latency * 1000, 1),
        "at_once": AT_ONCE,
        "requests": asked,
        "seconds": round(seconds, 2),
        "ideal_seconds": round(ideal, 2),
        "times_ideal": round(seconds / ideal, 3),
        "google_requests": google,
        "times_google_requests": round(sum(asked.values()) / google, 3),
        "unchanged": {"counts": again.counts, "requests": unchanged, "seconds": round(again_seconds, 2)},
        "all_changed": {
            "counts": third.counts,
            "requests": changed,
            "seconds": round(third_seconds, 2),
            "times_ideal": round(third_seconds / (sum(changed.values()) / AT_ONCE * latency), 3),
        },
    }


def _latency(school: ExportSchool) -> float:
    """Of one read through the same client, median of 15."""
    from shared.flows.sis import open_sis

    _, gradebook = open_sis(school.app, "meting")
    gradebook.login()
    times = []
    for _ in range(15):
        began = time.perf_counter()
        gradebook.line_items("k0")
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _large() -> dict[str, Any]:
    """10,000 results in 40 classes, without latency."""
    with (
        tempfile.TemporaryDirectory() as name,
        export_school(Path(name), classes=CLASSES, students=MANY_STUDENTS) as school,
    ):
        sent = 0
        began = time.perf_counter()
        for course in range(CLASSES):
            school.give(course, students=MANY_STUDENTS, works=MANY_WORKS)
            done, _ = school.export(course, workers=AT_ONCE)
            sent += done.counts.get("sent", 0)
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "classes": CLASSES,
            "results": sent,
            "created": school.created(),
            "seconds": round(seconds, 1),
            "peak_mib": round(peak),
        }


if __name__ == "__main__":
    print(json.dumps(_large() if sys.argv[1:] == ["large"] else measure(), indent=2))
