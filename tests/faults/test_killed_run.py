"""Kill the process at every single write of a run: the redelivery ends in the same state as if nothing happened."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from shared.domain.people import Role
from shared.domain.school import School, WebUntisSettings
from shared.flows.directory import read_directories
from shared.flows.keep_users import keep_users
from shared.flows.read_roster import password_name
from shared.flows.read_runs import read_run_log, read_state
from shared.flows.schools import write_school
from shared.ports import App
from shared.simulators.practice_school import PracticeSchool, load, tiny_school
from shared.simulators.webuntis import WebUntisSimulator
from shared.wiring.local import local

TINY = tiny_school()
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
            role: (directory.users, directory.decisions, directory.edition)
            for role, directory in read_directories(app, TINY.id).items()
        },
        "links": {document.id: document.data for document in links},
        "log": {(entry.user, entry.change, entry.decision.key) for entry in log.entries},
        "state": (state.fingerprint, state.done, state.persons, state.pending, state.last_log, state.counts),
    }


def test_a_run_killed_at_any_write_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    states = []
    for fatal in range(-1, 20):
        with local(tmp_path / str(fatal)) as world:
            assert world.untis
            load(world.untis, TINY)
            prepare(world.app, TINY)
            ended = run(tmp_path / str(fatal), world.untis, fatal)
            if fatal >= 0 and ended == 0:
                break  # there is no such write: all of them have been tried
            assert ended == (0 if fatal < 0 else -signal.SIGKILL)
            if ended:
                assert run(tmp_path / str(fatal), world.untis, -1) == 0
            states.append(end_state(world.app))
    assert len(states) >= 5  # the lease, the directory with the log, the links, the record, and one run not killed
    assert all(state == states[0] for state in states)
    assert len(states[0]["links"]) == len(TINY.users)  # type: ignore[arg-type]
    assert set(Role) == set(states[0]["directories"])  # type: ignore[call-overload]
