"""T19: wherever the server stands, what schools read and get is the same to the letter."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from werkzeug.test import Client

from functions.auto_link import run_message
from functions.local_server import web
from shared.simulators.practice_school import tiny_school
from shared.wiring.local import local
from tests.functions.test_api import Api, set_up

TINY = tiny_school()
NIGHT = datetime(2026, 3, 28, 23, 40, tzinfo=UTC)  # 0:40 on the 29th in Amsterdam, where at 2:00 it will be 3:00
PAGES = ("/runs", "/runs/latest/log", "/runs/latest/log.csv", "/coupling", "/coupling/pause", "/audit", "/id-numbers")


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Kiritimati"])
def host_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """What the host's clock says, for the C library and so for everything that forgets to name a zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def told(folder: Path) -> dict[str, str]:
    """Everything a school reads after a night: a run, the change to summer time, a run, and a day of pause."""
    ids = count()
    clock = [NIGHT]
    with local(folder) as made:
        app = replace(made.app, now=lambda: clock[0], new_id=lambda: f"id-{next(ids)}")
        world = replace(made, app=app)
        world.queue.subscribe("link-school", lambda message: run_message(app, message))  # type: ignore[arg-type, return-value]
        school = set_up(Api(world, Client(web(app))), TINY)
        school.sync()
        clock[0] += timedelta(hours=2)
        school.sync()
        seen = school.get("/coupling/pause").headers.get("ETag", "")
        day = {"eersteDag": "2026-03-29", "laatsteDag": "2026-03-29"}
        assert school.put("/coupling/pause", day, headers={"If-Match": seen}).status_code == 200
        return {page: school.get(page).text for page in PAGES}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return told(tmp_path_factory.mktemp("here"))


def test_the_hosts_zone_changes_nothing_a_school_reads(host_zone: str, here: dict[str, str], tmp_path: Path) -> None:
    assert time.tzname[0] != "CET"
    assert told(tmp_path / host_zone.replace("/", "-")) == here


def test_the_times_are_the_schools_own_on_both_sides_of_the_clock_change(here: dict[str, str]) -> None:
    assert "2026-03-29T00:40:00+01:00" in here["/runs"]
    assert "2026-03-29T03:40:00+02:00" in here["/runs"]
    assert "29-03-2026 00:40" in here["/runs/latest/log.csv"]
    assert '"paused"' in here["/coupling"]
