"""Remembering saves calls and never outlives a withdrawal by more than the set time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.adapters.remembered_secrets import RememberedSecrets
from shared.adapters.secret_file import SecretFile
from shared.errors import NotFound

NAME = "webuntis-het-baken"


class Counted(SecretFile):
    """Counts what reaches the file; `meanwhile` happens after a text was read and before it arrives."""

    reads = 0
    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def read(self, name: str, version: str) -> str:
        self.reads += 1
        text = super().read(name, version)
        self.meanwhile()
        return text


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def behind(tmp_path: Path) -> Counted:
    return Counted(tmp_path / "secrets.json")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secrets(behind: Counted, clock: Clock) -> RememberedSecrets:
    return RememberedSecrets(behind, clock=clock, seconds=600, limit=3)


def test_a_second_read_costs_nothing(secrets: RememberedSecrets, behind: Counted) -> None:
    version = secrets.add(NAME, "Zomer2021!")
    assert [secrets.read(NAME, version) for _ in range(5)] == ["Zomer2021!"] * 5
    assert behind.reads == 1


def test_what_was_withdrawn_elsewhere_is_noticed_when_the_time_is_over(
    secrets: RememberedSecrets, behind: Counted, clock: Clock
) -> None:
    version = secrets.add(NAME, "Zomer2021!")
    secrets.read(NAME, version)
    behind.disable(NAME, version)
    clock.now += 599
    assert secrets.read(NAME, version) == "Zomer2021!"
    clock.now += 1
    with pytest.raises(NotFound):
        secrets.read(NAME, version)


@pytest.mark.parametrize("end", ["disable", "destroy"])
def test_what_was_withdrawn_here_is_noticed_at_once(secrets: RememberedSecrets, end: str) -> None:
    version = secrets.add(NAME, "Zomer2021!")
    secrets.read(NAME, version)
    getattr(secrets, end)(NAME, version)
    with pytest.raises(NotFound):
        secrets.read(NAME, version)


def test_a_text_withdrawn_while_it_was_on_its_way_is_not_remembered(
    secrets: RememberedSecrets, behind: Counted
) -> None:
    version = secrets.add(NAME, "Zomer2021!")
    behind.meanwhile = lambda: secrets.disable(NAME, version)
    assert secrets.read(NAME, version) == "Zomer2021!"  # it was read before
    with pytest.raises(NotFound):
        secrets.read(NAME, version)


def test_only_the_latest_are_kept(secrets: RememberedSecrets, behind: Counted) -> None:
    versions = [secrets.add(NAME, f"wachtwoord {number}") for number in range(4)]
    for version in versions:
        secrets.read(NAME, version)
    secrets.read(NAME, versions[3])
    assert behind.reads == 4
    secrets.read(NAME, versions[0])
    assert behind.reads == 5


def test_not_found_is_asked_again_each_time(secrets: RememberedSecrets) -> None:
    with pytest.raises(NotFound):
        secrets.read(NAME, "1")
    assert secrets.read(NAME, secrets.add(NAME, "Zomer2021!")) == "Zomer2021!"
