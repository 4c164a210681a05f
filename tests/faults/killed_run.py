"""Does one run of a school and is killed at its nth write: python killed_run.py FOLDER UNTIS SCHOOL N."""

import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from shared.adapters.http.address import PublicAndLoopback
from shared.adapters.http.door import Door
from shared.adapters.secret_file import SecretFile
from shared.adapters.sqlite import SqliteStore
from shared.config import WebUntisPlace
from shared.domain.rules import Rules
from shared.flows.link_school import link_school
from shared.ports import App
from shared.wiring import rosters
from tests.counting_store import CountingStore

folder, untis, school, fatal = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
writes = count()


def die_at_the_nth() -> None:
    if next(writes) == fatal:
        os.kill(os.getpid(), signal.SIGKILL)


place = replace(WebUntisPlace(), api=untis, school_search=f"{untis}/schoolquery2", host_pattern=untis)
app = App(
    store=CountingStore(SqliteStore(folder / "store.db"), die_at_the_nth),
    secrets=SecretFile(folder / "secrets.json"),
    queue=None,  # type: ignore[arg-type]  a run sends nothing
    roster=rosters(Door(PublicAndLoopback()), place),
    timetable=None,  # type: ignore[arg-type]  nor does it read lessons
    gradebook=None,  # type: ignore[arg-type]  nor does it send grades
    classroom=None,  # type: ignore[arg-type]
    consent=None,
    identity=None,  # type: ignore[arg-type]  nor does it ask who
    machines=None,  # type: ignore[arg-type]
    signed=None,  # type: ignore[arg-type]
    mail=None,
    webhook=None,  # type: ignore[arg-type]
    client_id="profijt",
    rules=Rules(),
    now=lambda: datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    new_id=lambda: "x",
)
link_school(app, school, run="killed", trigger="schedule")
