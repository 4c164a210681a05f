"""Kill the process at every single write of a run: the redelivery ends in the same state as if nothing happened."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.domain.people import Person, Role
from shared.domain.school import School, WebUntisSettings
from shared.flows.directory import read_directories
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.read_roster import password_name
from shared.flows.read_runs import read_run_log, read_state
from shared.flows.schools import write_school
from shared.ports import App
from shared.simulators.practice_school import PracticeSchool, load, tiny_school
from shared.simulators.webuntis import WebUntisSimulator
from shared.wiring.local import Local, local

TINY = tiny_school()
BENJAMIN, SOPHIE, *_ = TINY.users
EARLIER = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
SCRIPT = Path(__file__).parent / "killed_run.py"


def prepare(app: App, school: PracticeSchool) -> None:
    version = app.secrets.add(password_name(school.id), school.password)
    settings = WebUntisSettings(
        enabled=True, school_name=school.school_name, subdomain=school.subdomain, password_version=version
    )
    write_school(app, School(school.id, school.display_name, webuntis=settings))
    keep_users(app, school.id, school.users, ())


def run(folder: Path, untis: WebUntisSimulator, fatal: int) -> int:
    root = SCRIPT.parents[2]
    command = [sys.executable, str(SCRIPT), str(folder), untis.url, TINY.id, str(fatal)]
    return subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False).returncode


def end_state(app: App) -> dict[str, object]:
    state = read_state(app, TINY.id)
    _, log = read_run_log(app, TINY.id, "killed")
    links = app.store.query(f"schools/{TINY.id}/links", limit=500).documents
    return {
        "directories": {
            role: (directory.users, directory.decisions, directory.left, directory.edition)
            for role, directory in read_directories(app, TINY.id).items()
        },
        "links": {document.id: document.data for document in links},
        "log": {(entry.user, entry.change, entry.decision.key) for entry in log.entries},
        "state": (state.fingerprint, state.done, state.persons, state.pending, state.last_log, state.counts),
    }


def first_day(world: Local) -> None:
    """A school that has never run."""
    assert world.untis
    load(world.untis, TINY)
    prepare(world.app, TINY)


def second_day(world: Local) -> None:
    """After a first run: one user left Profijt and a namesake came, whose ID-nummer is the leaver's; one person left
    WebUntis; and one is new on both sides."""
    first_day(world)
    assert world.untis
    link_school(replace(world.app, now=lambda: EARLIER), TINY.id, run="first", trigger="schedule")
    newcomers = [replace(SOPHIE, id="naamgenoot"), replace(SOPHIE, id="nieuw", first_name="Willem", number="900")]
    keep_users(world.app, TINY.id, newcomers, [SOPHIE.id])
    there = world.untis.schools[TINY.tenant_id]
    there.remove(Role.STUDENT, next(person.id for person in TINY.persons if person.key == TINY.right_key(BENJAMIN.id)))
    there.add(Person("900", Role.STUDENT, "900", "Willem", f"{SOPHIE.prefix} {SOPHIE.last_name}"))


@pytest.mark.parametrize("day", [first_day, second_day])
def test_a_run_killed_at_any_write_ends_as_if_it_had_not_been(day: Callable[[Local], None], tmp_path: Path) -> None:
    states = []
    for fatal in range(-1, 20):
        with local(tmp_path / str(fatal)) as world:
            assert world.untis
            day(world)
            ended = run(tmp_path / str(fatal), world.untis, fatal)
            if fatal >= 0 and ended == 0:
                break  # there is no such write: all of them have been tried
            assert ended == (0 if fatal < 0 else -signal.SIGKILL)
            if ended:
                assert run(tmp_path / str(fatal), world.untis, -1) == 0
            states.append(end_state(world.app))
    assert len(states) >= 5  # the lease, the directory with the log, the links, the record, and one run not killed
    assert all(state == states[0] for state in states)
    assert set(Role) == set(states[0]["directories"])  # type: ignore[call-overload]
    links, log = states[0]["links"], states[0]["log"]
    if day is first_day:
        assert len(links) == len(TINY.users)  # type: ignore[arg-type]
    else:
        assert {(user, change) for user, change, _ in log if change} == {  # type: ignore[attr-defined]
            (SOPHIE.id, "gone"), (BENJAMIN.id, "lost"), ("naamgenoot", "new"), ("nieuw", "linked"),
        }  # fmt: skip
        assert SOPHIE.id not in links  # type: ignore[operator]
        assert links["naamgenoot"]["cause"] == "link.was_linked_elsewhere"  # type: ignore[index]
