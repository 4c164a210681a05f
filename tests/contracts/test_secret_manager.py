"""What Secret Manager promises beyond the port: checksums, a region, and failures in time and in our words."""

import socket
import threading
import time
from collections.abc import Iterator

import grpc
import pytest
from google.auth.exceptions import DefaultCredentialsError
from google.cloud.secretmanager_v1 import SecretManagerServiceClient
from hypothesis import given
from hypothesis import strategies as st
from secret_manager_server import SecretManagerServer, checksum, client_of

from shared.adapters.crc32c import crc32c
from shared.adapters.secret_manager import SecretManager
from shared.domain.causes import CAUSES
from shared.errors import Misconfigured, ProfijtError, Rejected, Throttled, Unreachable

NAME = "webuntis-het-baken"
GOOGLES_OWN_PATIENCE = 60  # seconds the client goes on by itself


@pytest.fixture
def server() -> Iterator[SecretManagerServer]:
    server = SecretManagerServer()
    yield server
    server.stop()


def secrets_at(target: str, *, seconds: float = 1.0) -> SecretManager:
    return SecretManager("profijt-test", locations=["europe-west4"], connect=lambda: client_of(target), seconds=seconds)


@pytest.fixture
def secrets(server: SecretManagerServer) -> SecretManager:
    return secrets_at(f"127.0.0.1:{server.port}")


CALLS = {
    "add": lambda secrets: secrets.add(NAME, "Zomer2021!"),
    "read": lambda secrets: secrets.read(NAME, "1"),
    "disable": lambda secrets: secrets.disable(NAME, "1"),
    "destroy": lambda secrets: secrets.destroy(NAME, "1"),
    "versions": lambda secrets: secrets.versions(NAME),
}


@pytest.mark.parametrize("call", CALLS)
def test_nobody_listening_is_unreachable_long_before_google_would_say_so(call: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else gets the port
        secrets, started = secrets_at(f"127.0.0.1:{unused.getsockname()[1]}"), time.monotonic()
        with pytest.raises(Unreachable) as caught:
            CALLS[call](secrets)
    assert caught.value.code == "secret.unreachable"
    assert time.monotonic() - started < GOOGLES_OWN_PATIENCE / 3


def test_somebody_who_listens_and_never_answers_is_unreachable_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        secrets, started = secrets_at(f"127.0.0.1:{silent.getsockname()[1]}"), time.monotonic()
        with pytest.raises(Unreachable):
            secrets.read(NAME, "1")
    assert time.monotonic() - started < GOOGLES_OWN_PATIENCE / 3


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (grpc.StatusCode.UNAVAILABLE, Unreachable, "secret.unreachable"),
        (grpc.StatusCode.DEADLINE_EXCEEDED, Unreachable, "secret.unreachable"),
        (grpc.StatusCode.INTERNAL, Unreachable, "secret.unreachable"),
        (grpc.StatusCode.UNKNOWN, Unreachable, "secret.unreachable"),
        (grpc.StatusCode.ABORTED, Unreachable, "secret.unreachable"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, Throttled, "secret.throttled"),
        (grpc.StatusCode.PERMISSION_DENIED, Misconfigured, "secret.not_allowed"),
        (grpc.StatusCode.UNAUTHENTICATED, Misconfigured, "secret.not_allowed"),
        (grpc.StatusCode.INVALID_ARGUMENT, Rejected, "secret.refused"),
    ],
    ids=lambda value: value.name if isinstance(value, grpc.StatusCode) else "",
)
def test_every_answer_of_google_is_one_of_our_reactions(
    server: SecretManagerServer, secrets: SecretManager, status: grpc.StatusCode, error: type[ProfijtError], code: str
) -> None:
    server.failing = status
    for call in CALLS.values():
        with pytest.raises(error) as caught:
            call(secrets)
        assert caught.value.code == code
        assert code in CAUSES


def test_a_text_that_does_not_fit_its_checksum_is_not_used(server: SecretManagerServer, secrets: SecretManager) -> None:
    version = secrets.add(NAME, "Zomer2021!")
    server.wrong_crc = True
    with pytest.raises(Unreachable) as caught:
        secrets.read(NAME, version)
    assert caught.value.code == "secret.corrupted"
    assert caught.value.code in CAUSES
    server.wrong_crc = False
    assert secrets.read(NAME, version) == "Zomer2021!"


def test_a_failed_add_is_not_repeated_because_it_would_leave_a_second_version(
    server: SecretManagerServer, secrets: SecretManager
) -> None:
    secrets.add(NAME, "Zomer2021!")
    before = server.calls["AddSecretVersion"]
    server.failing = grpc.StatusCode.UNAVAILABLE
    with pytest.raises(Unreachable):
        secrets.add(NAME, "Herfst2022!")
    assert server.calls["AddSecretVersion"] == before + 1


def test_a_short_absence_is_bridged_when_repeating_is_harmless(server: SecretManagerServer) -> None:
    patient = secrets_at(f"127.0.0.1:{server.port}", seconds=30)
    version = patient.add(NAME, "Zomer2021!")
    server.failing = grpc.StatusCode.UNAVAILABLE

    def comes_back() -> None:
        while server.calls["AccessSecretVersion"] < 2:
            time.sleep(0.01)
        server.failing = None

    helper = threading.Thread(target=comes_back, daemon=True)
    helper.start()
    assert patient.read(NAME, version) == "Zomer2021!"
    helper.join()


def test_a_new_secret_lives_in_the_given_locations_only(server: SecretManagerServer, secrets: SecretManager) -> None:
    secrets.add(NAME, "Zomer2021!")
    replication = server.secrets[f"projects/profijt-test/secrets/{NAME}"].replication
    assert [replica.location for replica in replication.user_managed.replicas] == ["europe-west4"]


def test_a_second_version_costs_one_call(server: SecretManagerServer, secrets: SecretManager) -> None:
    secrets.add(NAME, "Zomer2021!")
    server.calls.clear()
    secrets.add(NAME, "Herfst2022!")
    assert server.calls == {"AddSecretVersion": 1}


def test_a_missing_service_account_is_our_own_settings() -> None:
    def connect() -> SecretManagerServiceClient:
        raise DefaultCredentialsError("none here")

    secrets = SecretManager("profijt-test", locations=["europe-west4"], connect=connect)
    with pytest.raises(Misconfigured) as caught:
        secrets.read(NAME, "1")
    assert caught.value.code == "secret.not_allowed"


def test_the_checksum_is_the_castagnoli_one() -> None:
    assert crc32c(b"123456789") == 0xE3069283  # the check value of the standard
    assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720 B.4: 32 bytes of zeroes


@given(st.binary(max_size=300))
def test_both_readings_of_the_checksum_agree(data: bytes) -> None:
    assert crc32c(data) == checksum(data)
