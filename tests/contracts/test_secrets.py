"""What every Secrets adapter promises."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from secret_manager_server import SecretManagerServer, client_of

from shared.adapters.remembered_secrets import RememberedSecrets
from shared.adapters.secret_file import SecretFile
from shared.adapters.secret_manager import SecretManager
from shared.domain.causes import CAUSES
from shared.errors import Invalid, NotFound
from shared.ports import Secrets

NAME = "webuntis-het-baken"


@pytest.fixture
def server() -> Iterator[SecretManagerServer]:
    server = SecretManagerServer()
    yield server
    server.stop()


@pytest.fixture(params=["file", "secret manager", "secret manager, remembered"])
def secrets(request: pytest.FixtureRequest, tmp_path: Path) -> Secrets:
    if request.param == "file":
        return SecretFile(tmp_path / "data" / "secrets.json")
    server: SecretManagerServer = request.getfixturevalue("server")
    manager = SecretManager(
        "profijt-test",
        locations=["europe-west4"],
        connect=lambda: client_of(f"127.0.0.1:{server.port}"),
    )
    return RememberedSecrets(manager, clock=time.monotonic) if "remembered" in request.param else manager


def refuses(what: Callable[[], object], error: type[Exception], code: str) -> None:
    with pytest.raises(error) as caught:
        what()
    assert caught.value.code == code
    assert code in CAUSES


def test_a_password_is_rotated_without_a_moment_in_which_none_works(secrets: Secrets) -> None:
    old = secrets.add(NAME, "Zomer2021!")
    new = secrets.add(NAME, "Herfst2022!")
    assert (secrets.read(NAME, old), secrets.read(NAME, new)) == ("Zomer2021!", "Herfst2022!")
    secrets.disable(NAME, old)
    refuses(lambda: secrets.read(NAME, old), NotFound, "secret.not_found")
    assert secrets.read(NAME, new) == "Herfst2022!"
    secrets.destroy(NAME, old)
    refuses(lambda: secrets.read(NAME, old), NotFound, "secret.not_found")
    assert secrets.versions(NAME) == {old: "destroyed", new: "enabled"}
    assert secrets.read(NAME, new) == "Herfst2022!"


@pytest.mark.parametrize(
    "value",
    [
        "00123",
        " spatie voor en na ",
        "twee\nregels\r\n",
        "\x00\t\x7f",
        "wachtwoord met é, ß, ș, 学校 en 🔑",
        '{"json": "erin", "versions": {}}',
        "é" * (30 * 1024),
        "x" * 65_536,
    ],
    ids=["leading zeros", "blanks", "newlines", "control", "unicode", "json", "60 KiB", "64 KiB"],
)
def test_a_text_comes_back_exactly_as_it_went_in(secrets: Secrets, value: str) -> None:
    assert secrets.read(NAME, secrets.add(NAME, value)) == value


@pytest.mark.parametrize(
    "value",
    ["", "x" * 65_537, "é" * 32_769, "half a pair \ud83d"],
    ids=["empty", "64 KiB + 1", "in bytes", "surrogate"],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(secrets: Secrets, value: str) -> None:
    refuses(lambda: secrets.add(NAME, value), Invalid, "secret.text_refused")
    assert secrets.versions(NAME) == {}


@pytest.mark.parametrize("name", ["", "a/b", "../webuntis", "met spatie", "x" * 256, "naïef", "versie\n"])
def test_a_name_that_is_no_name_is_refused(secrets: Secrets, name: str) -> None:
    refuses(lambda: secrets.add(name, "Zomer2021!"), Invalid, "secret.name_refused")
    refuses(lambda: secrets.read(name, "1"), NotFound, "secret.not_found")
    assert secrets.versions(name) == {}


@pytest.mark.parametrize("version", ["", "0", "2", "01", "-1", "latest", "1/../1", "१", "1\n", "9" * 30])
def test_a_version_nobody_added_is_not_found(secrets: Secrets, version: str) -> None:
    secrets.add(NAME, "Zomer2021!")
    refuses(lambda: secrets.read(NAME, version), NotFound, "secret.not_found")
    refuses(lambda: secrets.disable(NAME, version), NotFound, "secret.not_found")
    refuses(lambda: secrets.destroy(NAME, version), NotFound, "secret.not_found")
    assert secrets.versions(NAME) == {"1": "enabled"}


def test_an_unknown_name_is_not_found_and_has_no_versions(secrets: Secrets) -> None:
    refuses(lambda: secrets.read("webuntis-nergens", "1"), NotFound, "secret.not_found")
    refuses(lambda: secrets.disable("webuntis-nergens", "1"), NotFound, "secret.not_found")
    assert secrets.versions("webuntis-nergens") == {}


def test_disabling_and_destroying_may_be_repeated_in_any_order(secrets: Secrets) -> None:
    version = secrets.add(NAME, "Zomer2021!")
    secrets.disable(NAME, version)
    secrets.disable(NAME, version)
    assert secrets.versions(NAME) == {version: "disabled"}
    secrets.destroy(NAME, version)
    secrets.destroy(NAME, version)
    secrets.disable(NAME, version)
    assert secrets.versions(NAME) == {version: "destroyed"}


def test_a_destroyed_version_can_be_followed_by_a_new_one_with_a_new_number(secrets: Secrets) -> None:
    first = secrets.add(NAME, "Zomer2021!")
    secrets.destroy(NAME, first)
    second = secrets.add(NAME, "Herfst2022!")
    assert second != first
    assert secrets.read(NAME, second) == "Herfst2022!"


def test_versions_are_listed_oldest_first_however_many_there_are(secrets: Secrets) -> None:
    added = [secrets.add(NAME, f"wachtwoord {number}") for number in range(11)]
    assert list(secrets.versions(NAME)) == added


def test_schools_do_not_see_each_others_secrets(secrets: Secrets) -> None:
    ours = secrets.add(NAME, "Zomer2021!")
    theirs = secrets.add("webuntis-de-waal", "Winter2023!")
    secrets.destroy(NAME, ours)
    assert secrets.read("webuntis-de-waal", theirs) == "Winter2023!"
    assert secrets.versions(NAME) == {ours: "destroyed"}


def test_secrets_added_at_the_same_moment_are_all_kept(secrets: Secrets) -> None:
    values = [f"wachtwoord {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(lambda value: secrets.add(NAME, value), values))
    assert len(set(versions)) == len(values)
    assert [secrets.read(NAME, version) for version in versions] == values
    assert set(secrets.versions(NAME)) == set(versions)
