"""Secrets in Google Secret Manager: every text is checked against its checksum, every call ends within a set time."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Literal

from google.api_core import exceptions as google
from google.cloud.secretmanager_v1 import (
    Replication,
    Secret,
    SecretManagerServiceClient,
    SecretPayload,
    SecretVersion,
)

from shared.adapters.crc32c import crc32c
from shared.adapters.google_call import in_our_words, patience
from shared.adapters.secret_text import expect_version, is_name, not_found, payload
from shared.errors import Unreachable

_State = Literal["enabled", "disabled", "destroyed"]

_STATES: dict[int, _State] = {
    SecretVersion.State.ENABLED: "enabled",
    SecretVersion.State.DISABLED: "disabled",
    SecretVersion.State.DESTROYED: "destroyed",
}


class SecretManager:
    """Plays Secrets. `connect` makes the client, on first use. Texts are kept in `locations` and nowhere else.

    A call is repeated while the service is away, for `seconds` (`add` is not: it would leave a second version); the
    slowest failure takes twice that. `versions` counts against 600 a minute for the project, `read` against 90,000.
    """

    def __init__(
        self,
        project: str,
        *,
        locations: Sequence[str],
        connect: Callable[[], SecretManagerServiceClient],
        seconds: float = 10.0,
    ) -> None:
        self._project = project
        self._locations = tuple(locations)
        self._connect = connect
        self._seconds = seconds

    @cached_property
    def _client(self) -> SecretManagerServiceClient:
        return self._connect()

    def add(self, name: str, value: str) -> str:
        data = payload(name, value)
        with in_our_words("secret", service="secrets"):
            try:
                return self._add(name, data)
            except google.NotFound:
                self._create(name)
                return self._add(name, data)

    def read(self, name: str, version: str) -> str:
        path = self._version(name, version)
        with in_our_words("secret", service="secrets"):
            try:
                found = self._client.access_secret_version(
                    name=path, retry=patience(self._seconds), timeout=self._seconds
                ).payload
            except (google.NotFound, google.FailedPrecondition) as err:  # the second: disabled or destroyed
                raise not_found(name, version) from err
        if crc32c(found.data) != found.data_crc32c:  # the client does not look
            raise Unreachable("secret.corrupted", service="secrets", secret=name, version=version)
        return found.data.decode()

    def disable(self, name: str, version: str) -> None:
        self._end(name, version, self._disable, {"disabled", "destroyed"})

    def destroy(self, name: str, version: str) -> None:
        self._end(name, version, self._destroy, {"destroyed"})

    def versions(self, name: str) -> dict[str, _State]:
        if not is_name(name):
            return {}
        with in_our_words("secret", service="secrets"):
            try:
                listed = list(
                    self._client.list_secret_versions(
                        parent=self._secret(name), retry=patience(self._seconds), timeout=self._seconds
                    )
                )
            except google.NotFound:
                return {}
        return {_number(it): _state(it) for it in sorted(listed, key=lambda it: int(_number(it)))}

    def _add(self, name: str, data: bytes) -> str:
        kept = SecretPayload(data=data, data_crc32c=crc32c(data))
        return _number(
            self._client.add_secret_version(parent=self._secret(name), payload=kept, retry=None, timeout=self._seconds)
        )

    def _create(self, name: str) -> None:
        replicas = [Replication.UserManaged.Replica(location=location) for location in self._locations]
        secret = Secret(replication=Replication(user_managed=Replication.UserManaged(replicas=replicas)))
        try:
            self._client.create_secret(
                parent=f"projects/{self._project}",
                secret_id=name,
                secret=secret,
                retry=patience(self._seconds),
                timeout=self._seconds,
            )
        except google.AlreadyExists:
            return  # somebody else's first version came between

    def _end(self, name: str, version: str, call: Callable[[str], object], wanted: set[_State]) -> None:
        path = self._version(name, version)
        with in_our_words("secret", service="secrets"):
            try:
                call(path)
            except google.NotFound as err:
                raise not_found(name, version) from err
            except google.FailedPrecondition:  # it may be so already, which is what was asked for
                now = self._client.get_secret_version(name=path, retry=patience(self._seconds), timeout=self._seconds)
                if _state(now) not in wanted:
                    raise

    def _disable(self, path: str) -> object:
        return self._client.disable_secret_version(name=path, retry=patience(self._seconds), timeout=self._seconds)

    def _destroy(self, path: str) -> object:
        return self._client.destroy_secret_version(name=path, retry=patience(self._seconds), timeout=self._seconds)

    def _secret(self, name: str) -> str:
        return f"projects/{self._project}/secrets/{name}"

    def _version(self, name: str, version: str) -> str:
        expect_version(name, version)
        return f"{self._secret(name)}/versions/{version}"


def _number(version: SecretVersion) -> str:
    return str(version.name).rpartition("/")[2]


def _state(version: SecretVersion) -> _State:
    return _STATES.get(version.state, "disabled")  # a state we do not know cannot be read either
