"""Both manuals bring an empty school to "everybody linked" when their commands are pasted as they stand."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.domain.causes import CAUSES
from shared.simulators.practice_school import practice_school

DOCS = Path(__file__).parents[2] / "docs"
MANUALS = ("handleiding-webuntis.md", "manual-webuntis.md")
SCHOOL = practice_school()
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@@ block {} @@@"


@dataclass(frozen=True)
class Step:
    """A block of commands and the lines that the reader is told to see."""

    commands: str
    seen: tuple[str, ...]


def steps(manual: str) -> list[Step]:
    found: list[Step] = []
    for kind, text in FENCE.findall((DOCS / manual).read_text(encoding="utf-8")):
        assert kind in ("sh", "text"), kind
        if kind == "sh":
            found.append(Step(text, ()))
        else:
            found[-1] = Step(found[-1].commands, tuple(filter(None, map(str.strip, text.splitlines()))))
    return found


def shows(line: str, output: str) -> bool:
    """Whether the output has this phrase; where the manual has a number of two digits or more, any will do."""
    phrase = re.sub(r"\d{2,}", r"\\d+", r"\s+".join(map(re.escape, line.split())))
    return re.search(rf"(?<!\d){phrase}(?!\d)", output) is not None


@pytest.fixture(params=MANUALS)
def practised(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A manual, and the environment of a practice server that nobody used before."""
    port = three_free_ports()
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    server_environment = environment | {"PORT": str(port), "PROFIJT_DATA": str(tmp_path / "data")}
    log = tmp_path / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "functions.local_server"], env=server_environment, stdout=out, stderr=out
        )
        try:
            until_ready(server, log)
            api, untis, login = (f"http://127.0.0.1:{port + each}" for each in range(3))
            yield request.param, environment | {"API": api, "UNTIS": untis, "LOGIN": login, "SCHOOL": "oefen2"}
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def three_free_ports() -> int:
    """The first of three in a row that are free now."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
            except (OSError, OverflowError):
                continue
            return int(port)
    raise AssertionError("no three free ports in a row")


def until_ready(server: "subprocess.Popen[bytes]", log: Path) -> None:
    began = time.monotonic()
    while "Ctrl-C" not in log.read_text():
        assert server.poll() is None, log.read_text()
        assert time.monotonic() - began < 120, log.read_text()
        time.sleep(0.2)


def ask(environment: dict[str, str], path: str) -> Any:
    """As the school's admin."""
    login = f"{environment['LOGIN']}/token?persona=admin&school={environment['SCHOOL']}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(login, method="POST"), timeout=30) as answer:
        token = json.load(answer)["access_token"]
    address = f"{environment['API']}/v1/schools/{environment['SCHOOL']}{path}"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with opener.open(asked, timeout=30) as answer:
        return json.load(answer)


def test_a_school_that_follows_the_manual_sees_what_it_is_told_and_ends_with_everybody_linked(
    practised: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    manual, environment = practised
    blocks = steps(manual)
    script = "set -euo pipefail\n" + "".join(
        f"echo '{MARK.format(number)}'\n{block.commands}" for number, block in enumerate(blocks)
    )
    done = subprocess.run(
        ["bash", "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=400, check=False
    )
    (tmp_path / "seen.txt").write_text(done.stdout + done.stderr)
    parts = re.split(MARK.format(r"\d+") + r"\n", done.stdout)[1:]
    for block, output in zip(blocks, parts, strict=False):
        for line in block.seen:
            assert shows(line, output), (
                f"{manual} promises «{line}» after\n{block.commands}\nbut:\n{output}\n{done.stderr}"
            )
    assert done.returncode == 0, f"{blocks[len(parts) - 1].commands}\n{parts[-1]}\n{done.stderr}"

    counts = ask(environment, "/coupling")["counts"]
    assert counts["linked"] == len(set(SCHOOL.truth.values())) > 900
    assert counts["withoutIdNumber"] == 0
    unlinked = {
        link["user"]
        for state in ("review", "conflict", "not_found", "suspended", "new")
        for link in ask(environment, f"/links?state={state}&limit=200")["items"]
    }
    right = {SCHOOL.truth[user.id] for user in SCHOOL.users if user.id in SCHOOL.truth and user.id not in unlinked}
    assert right == set(SCHOOL.truth.values())


@pytest.mark.parametrize("manual", MANUALS)
def test_every_command_whose_answer_matters_says_what_to_expect(manual: str) -> None:
    silent = [block.commands for block in steps(manual) if not block.seen]
    assert len(silent) == 1, silent  # the tools of step 0
    assert silent[0].startswith("API=")


def test_the_two_manuals_take_the_same_steps() -> None:
    def calls(manual: str) -> list[str]:
        commands = "".join(block.commands for block in steps(manual))
        return re.findall(r"\b(?:GET|PUT|POST|DELETE) '?(?:\"[^\"$]*|/[\w/?=&-]*)", commands)

    dutch, english = map(calls, MANUALS)
    assert dutch == english


@pytest.mark.parametrize("manual", MANUALS)
def test_the_manuals_keep_the_history_of_versions(manual: str) -> None:
    rows = re.findall(r"^\| (\d\.\d) \|.*\| (\S+) \|$", (DOCS / manual).read_text(encoding="utf-8"), re.MULTILINE)
    assert rows[:5] == [
        ("1.0", "12-10-2022"),
        ("1.1", "17-11-2022"),
        ("1.2", "22-11-2022"),
        ("1.3", "22-12-2022"),
        ("1.4", "23-1-2023"),
    ]


@pytest.mark.parametrize("manual", MANUALS)
def test_every_code_in_the_table_of_faults_is_one_that_people_meet(manual: str) -> None:
    table = re.split(r"^## (?:Storingen|Faults)$", (DOCS / manual).read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    codes = set(re.findall(r"`([a-z]+\.[a-z_0-9]+)`", table))
    assert len(codes) > 25
    assert codes <= CAUSES.keys()


def test_the_dutch_manual_says_u() -> None:
    text = (DOCS / MANUALS[0]).read_text(encoding="utf-8")
    assert not re.search(r"\b(?:je|jij|jouw|jou)\b", text, re.IGNORECASE)
