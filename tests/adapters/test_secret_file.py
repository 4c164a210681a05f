"""What the secrets file promises beyond the port: only its owner reads it, and nothing answered is ever lost."""

import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.adapters.secret_file import SecretFile
from shared.domain.causes import CAUSES
from shared.errors import Misconfigured, Unreachable

NAME = "webuntis-het-baken"

# adds numbered secrets for ever, telling each version once `add` has answered
WRITER = """
import sys
from itertools import count
from pathlib import Path
from shared.adapters.secret_file import SecretFile
secrets, name = SecretFile(Path(sys.argv[1])), sys.argv[2]
for number in range(int(sys.argv[3])) if len(sys.argv) > 3 else count():
    print(secrets.add(name, f"{name} {number}"), number, flush=True)
"""


def writer(file: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file), *arguments], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secrets.json"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620], ids=oct)
def test_a_file_that_others_may_open_is_refused_and_not_touched(file: Path, mode: int) -> None:
    version = SecretFile(file).add(NAME, "Zomer2021!")
    file.chmod(mode)
    before = file.read_bytes()
    for call in (lambda: SecretFile(file).read(NAME, version), lambda: SecretFile(file).add(NAME, "Herfst2022!")):
        with pytest.raises(Misconfigured) as caught:
            call()
        assert caught.value.code == "secret.file_open_to_others"
        assert caught.value.code in CAUSES
    assert file.read_bytes() == before


def test_only_the_owner_may_read_what_was_made_whatever_the_umask(file: Path) -> None:
    before = os.umask(0)
    try:
        SecretFile(file).add(NAME, "Zomer2021!")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(found.stat().st_mode) for found in file.parent.iterdir()} == {0o600}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"a": {"1": {}}}', b'{"a": {"1": {"state": "on"}}}', b"\xff"], ids=repr
)
def test_a_file_that_is_not_ours_is_refused_and_left_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    file.chmod(0o600)
    for call in (lambda: SecretFile(file).versions(NAME), lambda: SecretFile(file).add(NAME, "Zomer2021!")):
        with pytest.raises(Misconfigured) as caught:
            call()
        assert caught.value.code == "secret.file_unreadable"
        assert caught.value.code in CAUSES
    assert file.read_bytes() == content


def test_a_place_where_nothing_can_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(Unreachable) as caught:
        SecretFile(tmp_path / "data" / "secrets.json").add(NAME, "Zomer2021!")
    assert caught.value.code == "secret.not_saved"
    assert caught.value.code in CAUSES


def test_a_destroyed_text_is_nowhere_on_disk_under_our_names(file: Path) -> None:
    secrets = SecretFile(file)
    version = secrets.add(NAME, "Zomer2021!")
    secrets.add(NAME, "Herfst2022!")
    secrets.destroy(NAME, version)
    on_disk = b"".join(found.read_bytes() for found in file.parent.iterdir())
    assert b"Zomer2021!" not in on_disk
    assert b"Herfst2022!" in on_disk


def test_what_one_object_wrote_another_reads(file: Path) -> None:
    version = SecretFile(file).add(NAME, "Zomer2021!")
    assert SecretFile(file).read(NAME, version) == "Zomer2021!"


def test_several_processes_lose_none_of_each_others_secrets(file: Path) -> None:
    writers = [writer(file, NAME, "15") for _ in range(3)]
    told = [process.communicate()[0].split() for process in writers]
    assert [process.returncode for process in writers] == [0, 0, 0]
    versions = {version: number for pairs in told for version, number in zip(pairs[::2], pairs[1::2], strict=True)}
    assert len(versions) == 45
    assert set(SecretFile(file).versions(NAME)) == set(versions)
    assert all(SecretFile(file).read(NAME, version) == f"{NAME} {number}" for version, number in versions.items())


def test_who_is_reading_when_a_change_comes_reads_the_old_file_to_its_end(file: Path) -> None:
    secrets = SecretFile(file)
    secrets.add(NAME, "x" * 60_000)
    before = file.read_bytes()
    with file.open("rb") as reading:
        beginning = reading.read(100)
        secrets.add(NAME, "Zomer2021!")
        assert beginning + reading.read() == before
    assert file.read_bytes() != before


def test_a_reader_never_sees_half_a_file_while_others_write(file: Path) -> None:
    secrets, stop = SecretFile(file), threading.Event()
    first = secrets.add(NAME, "x" * 60_000)

    def read() -> set[int]:
        seen = {len(secrets.read(NAME, first))}
        while not stop.is_set():
            seen.add(len(secrets.read(NAME, first)))
        return seen

    with ThreadPoolExecutor() as pool:
        reader = pool.submit(read)
        for number in range(30):
            secrets.add(NAME, f"wachtwoord {number}")
        stop.set()
        assert reader.result() == {60_000}


def test_what_was_answered_survives_a_kill_at_any_moment(file: Path) -> None:
    answered: list[tuple[str, str]] = []
    for kill in range(5):
        process = writer(file, f"{NAME}-{kill}")
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(3 + kill)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()  # told between our last look and the kill
        process.wait()
        process.stdout.close()
        answered += [(f"{NAME}-{kill}", line) for line in lines if line.endswith("\n")]
        secrets = SecretFile(file)
        for name, line in answered:
            version, number = line.split()
            assert secrets.read(name, version) == f"{name} {number}"
        secrets.add(NAME, "and the next one can write")
