"""A function served as the cloud serves it: by functions-framework, thus gunicorn with its threads."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAIN = ROOT / "bench" / "timetable_main.py"


@dataclass(frozen=True, slots=True)
class Served:
    """A running instance."""

    port: int
    pid: int

    @property
    def peak_mib(self) -> float:
        """The most memory its processes ever had, added up: what they share counts for each, so this is an upper
        bound of what the instance needs."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        pids = [self.pid, *(int(pid) for task in tasks for pid in task.read_text().split())]
        return round(sum(_peak_kib(pid) for pid in pids) / 1024, 1)


@contextmanager
def served(target: str, env: Mapping[str, str]) -> Iterator[Served]:
    """The target of `MAIN`, ready for connections, until the block ends. Raises TimeoutError."""
    port = free_port()
    command = [sys.executable, "-m", "functions_framework", "--target", target, "--source", str(MAIN)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(env), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"{target} does not listen")
            time.sleep(0.02)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """This process's, with `env`, and with bytecode kept."""
    here = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return here | {"PYTHONPATH": str(ROOT)} | dict(env)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _peak_kib(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0
