"""The practice server of `make run` on ports of its own, and a manual's commands pasted into one bash against it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PLACES = ("API", "UNTIS", "LOGIN", "LIS", "GOOGLE")  # as the manuals call them, in the order of their ports
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@@ block {} @@@"


@dataclass(frozen=True)
class Step:
    """A block of commands and the lines that the reader is told to see."""

    commands: str
    seen: tuple[str, ...]


@dataclass(frozen=True)
class Practice:
    """A running server that nobody used before: what its readers have in their environment, and what it printed."""

    environment: dict[str, str]
    printed: str

    def ask(self, path: str, *, school: str, persona: str = "admin", sub: str = "") -> Any:
        """The JSON answer to a GET under this school."""
        who = f"persona={persona}&school={school}" + (f"&sub={sub}" if sub else "")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        login = urllib.request.Request(f"{self.environment['LOGIN']}/token?{who}", method="POST")
        with opener.open(login, timeout=30) as answer:
            token = json.load(answer)["access_token"]
        address = f"{self.environment['API']}/v1/schools/{school}{path}"
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with opener.open(asked, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def practice(folder: Path) -> Iterator[Practice]:
    """`make run` with its data and its log in `folder`."""
    port = free_ports(len(PLACES))
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    server_environment = environment | {"PORT": str(port), "PROFIJT_DATA": str(folder / "data")}
    log = folder / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "functions.local_server"], cwd=ROOT, env=server_environment, stdout=out, stderr=out
        )
        try:
            until_ready(server, log)
            places = {name: f"http://127.0.0.1:{port + place}" for place, name in enumerate(PLACES)}
            yield Practice(environment | places, log.read_text())
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def free_ports(count: int) -> int:
    """The first of so many in a row that are free now."""
    for _ in range(50):
        with ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for place in range(1, count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port + place))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError(f"no {count} free ports in a row")


def until_ready(server: "subprocess.Popen[bytes]", log: Path) -> None:
    began = time.monotonic()
    while "Ctrl-C" not in log.read_text():
        assert server.poll() is None, log.read_text()
        assert time.monotonic() - began < 120, log.read_text()
        time.sleep(0.2)


def text_of(manual: str) -> str:
    return (DOCS / manual).read_text(encoding="utf-8")


def steps(manual: str) -> list[Step]:
    found: list[Step] = []
    for kind, text in FENCE.findall(text_of(manual)):
        assert kind in ("sh", "text"), kind
        if kind == "sh":
            found.append(Step(text, ()))
        else:
            found[-1] = Step(found[-1].commands, tuple(filter(None, map(str.strip, text.splitlines()))))
    return found


def calls(manual: str) -> list[str]:
    """Every method and path that the manual asks for, in order."""
    commands = "".join(block.commands for block in steps(manual))
    return re.findall(r"\b(?:GET|PUT|POST|DELETE) '?(?:\"[^\"$]*|/[\w/?=&-]*)", commands)


def shows(line: str, output: str) -> bool:
    """Whether the output has this phrase; where the manual has a number of two digits or more, any will do."""
    phrase = re.sub(r"\d{2,}", r"\\d+", r"\s+".join(map(re.escape, line.split())))
    return re.search(rf"(?<!\d){phrase}(?!\d)", output) is not None


def paste(blocks: Sequence[Step], environment: dict[str, str], folder: Path) -> list[str]:
    """What each block wrote, when all of them are pasted into one window. What was seen is kept in `folder`."""
    script = "set -euo pipefail\n" + "".join(
        f"echo '{MARK.format(number)}'\n{block.commands}" for number, block in enumerate(blocks)
    )
    done = subprocess.run(
        ["bash", "-c", script], env=environment, cwd=folder, capture_output=True, text=True, timeout=400, check=False
    )
    (folder / "seen.txt").write_text(done.stdout + done.stderr)
    parts = re.split(MARK.format(r"\d+") + r"\n", done.stdout)[1:]
    for block, output in zip(blocks, parts, strict=False):
        for line in block.seen:
            assert shows(line, output), f"«{line}» is promised after\n{block.commands}\nbut:\n{output}\n{done.stderr}"
    assert done.returncode == 0, f"{blocks[len(parts) - 1].commands}\n{parts[-1]}\n{done.stderr}"
    return parts
