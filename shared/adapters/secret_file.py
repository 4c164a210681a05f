"""Secrets in one JSON file that only its owner may read; what `add` answered survives a crash and other writers.

A change is made under a lock, written beside the file, synced, and put in its place in one step, so a reader sees
the file before or after it and never between. The lock is a second file ("….lock"), because the first is replaced.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from shared.adapters.secret_text import expect_version, not_found, payload
from shared.errors import Misconfigured, Unreachable

_State = Literal["enabled", "disabled", "destroyed"]


class _Version(msgspec.Struct, omit_defaults=True):
    state: _State
    text: str = ""


_Secrets = dict[str, dict[str, _Version]]  # by name, by version; oldest version first


class SecretFile:
    """Plays Secrets. The file is made on the first `add`; versions are "1", "2", …

    Safe under threads and processes on one machine. Misconfigured when others may read the file, or when it is
    not ours to read or not what we wrote.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, name: str, value: str) -> str:
        payload(name, value)
        with self._changing() as secrets:
            versions = secrets.setdefault(name, {})
            version = str(len(versions) + 1)  # destroyed ones stay listed, so no number is used twice
            versions[version] = _Version("enabled", value)
        return version

    def read(self, name: str, version: str) -> str:
        found = _find(self._read(), name, version)
        if found.state != "enabled":
            raise not_found(name, version)
        return found.text

    def disable(self, name: str, version: str) -> None:
        with self._changing() as secrets:
            found = _find(secrets, name, version)
            if found.state == "enabled":
                found.state = "disabled"

    def destroy(self, name: str, version: str) -> None:
        with self._changing() as secrets:
            found = _find(secrets, name, version)
            found.state, found.text = "destroyed", ""

    def versions(self, name: str) -> dict[str, _State]:
        return {number: version.state for number, version in self._read().get(name, {}).items()}

    def _read(self) -> _Secrets:
        try:
            with self._file.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise Misconfigured("secret.file_open_to_others", file=self._file.name)
                return msgspec.json.decode(file.read(), type=_Secrets)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as err:
            raise Misconfigured("secret.file_unreadable", file=self._file.name) from err

    @contextmanager
    def _changing(self) -> Iterator[_Secrets]:
        """What the file holds, written back when the block ends well; nobody else writes meanwhile."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._file.with_name(self._file.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as err:
            raise Unreachable("secret.not_saved", service="secrets") from err
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of this opening, so it holds between threads as well
            secrets = self._read()
            yield secrets
            self._replace(msgspec.json.format(msgspec.json.encode(secrets)))
        finally:
            os.close(lock)

    def _replace(self, content: bytes) -> None:
        new = self._file.with_name(self._file.name + ".new")  # one name: what a crash left behind is overwritten
        try:
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._file)
            directory = os.open(self._file.parent, os.O_RDONLY)
            try:
                os.fsync(directory)  # the new name itself must survive a power cut
            finally:
                os.close(directory)
        except OSError as err:
            new.unlink(missing_ok=True)
            raise Unreachable("secret.not_saved", service="secrets") from err


def _find(secrets: _Secrets, name: str, version: str) -> _Version:
    expect_version(name, version)
    found = secrets.get(name, {}).get(version)
    if found is None:
        raise not_found(name, version)
    return found
