"""Secret Manager on a loopback port, as its documents describe it: the real client cannot tell by the wire.

Made from the installed package's own message types; written from https://cloud.google.com/secret-manager/docs and
not from our adapter, with a checksum of its own.
"""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.cloud.secretmanager_v1 import SecretManagerServiceClient, types
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import SecretManagerServiceGrpcTransport

SERVICE = "google.cloud.secretmanager.v1.SecretManagerService"
PAGE = 3  # versions a page, whatever the caller asks for: a server may always send fewer
State = types.SecretVersion.State


class Refusal(Exception):
    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class SecretManagerServer:
    """Switches: `failing` (answer every call with this code), `wrong_crc` (damage the checksum of what is read)."""

    def __init__(self) -> None:
        self.failing: grpc.StatusCode | None = None
        self.wrong_crc = False
        self.calls: Counter[str] = Counter()
        self.secrets: dict[str, types.Secret] = {}
        self._versions: dict[str, list[tuple[types.SecretVersion, bytes]]] = {}
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(8))
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, self._handlers()),))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def stop(self) -> None:
        self._server.stop(None).wait()

    def _handlers(self) -> dict[str, grpc.RpcMethodHandler]:
        methods = {
            "CreateSecret": (self._create, types.CreateSecretRequest),
            "AddSecretVersion": (self._add, types.AddSecretVersionRequest),
            "AccessSecretVersion": (self._access, types.AccessSecretVersionRequest),
            "GetSecretVersion": (self._get, types.GetSecretVersionRequest),
            "ListSecretVersions": (self._list, types.ListSecretVersionsRequest),
            "DisableSecretVersion": (self._disable, types.DisableSecretVersionRequest),
            "DestroySecretVersion": (self._destroy, types.DestroySecretVersionRequest),
        }
        return {
            name: grpc.unary_unary_rpc_method_handler(
                self._guarded(name, method),
                request_deserializer=request.deserialize,
                response_serializer=lambda answer: type(answer).serialize(answer),
            )
            for name, (method, request) in methods.items()
        }

    def _guarded(self, name, method):
        def handle(request, context):
            with self._lock:
                self.calls[name] += 1
                if self.failing:
                    context.abort(self.failing, "as the test asked")
                try:
                    return method(request)
                except Refusal as refusal:
                    context.abort(refusal.code, str(refusal))

        return handle

    def _create(self, request):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", request.secret_id):
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "secret_id")
        if not (request.secret.replication.user_managed.replicas or "automatic" in request.secret.replication):
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "replication")
        name = f"{request.parent}/secrets/{request.secret_id}"
        if name in self.secrets:
            raise Refusal(grpc.StatusCode.ALREADY_EXISTS, name)
        self.secrets[name] = types.Secret(name=name, replication=request.secret.replication)
        self._versions[name] = []
        return self.secrets[name]

    def _add(self, request):
        if request.parent not in self._versions:
            raise Refusal(grpc.StatusCode.NOT_FOUND, f"Secret [{request.parent}] not found.")
        data = request.payload.data
        if not 1 <= len(data) <= 65536:
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "payload size")
        if "data_crc32c" in request.payload and request.payload.data_crc32c != checksum(data):
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "payload checksum")
        versions = self._versions[request.parent]
        # the real one answers with the project's number instead of its name
        name = f"projects/123456789/{request.parent.split('/', 2)[2]}/versions/{len(versions) + 1}"
        versions.append((types.SecretVersion(name=name, state=State.ENABLED), data))
        return versions[-1][0]

    def _find(self, name: str):
        secret, _, number = name.rpartition("/versions/")
        versions = self._versions.get(secret)
        if versions is None:
            raise Refusal(grpc.StatusCode.NOT_FOUND, f"Secret [{secret}] not found.")
        place = len(versions) if number == "latest" else int(number)
        if not 1 <= place <= len(versions):
            raise Refusal(grpc.StatusCode.NOT_FOUND, f"Secret Version [{name}] not found.")
        return versions, place - 1

    def _access(self, request):
        versions, place = self._find(request.name)
        version, data = versions[place]
        if version.state != State.ENABLED:
            raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, f"{request.name} is in {version.state.name} state.")
        crc = checksum(data) ^ self.wrong_crc
        return types.AccessSecretVersionResponse(name=version.name, payload={"data": data, "data_crc32c": crc})

    def _get(self, request):
        versions, place = self._find(request.name)
        return versions[place][0]

    def _disable(self, request):
        versions, place = self._find(request.name)
        if versions[place][0].state == State.DESTROYED:
            raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "DESTROYED")
        versions[place][0].state = State.DISABLED
        return versions[place][0]

    def _destroy(self, request):
        versions, place = self._find(request.name)
        version = versions[place][0]
        if version.state == State.DESTROYED:
            raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, "DESTROYED")
        version.state = State.DESTROYED
        versions[place] = (version, b"")
        return version

    def _list(self, request):
        if request.parent not in self._versions:
            raise Refusal(grpc.StatusCode.NOT_FOUND, f"Secret [{request.parent}] not found.")
        newest_first = [version for version, _ in reversed(self._versions[request.parent])]
        start = int(request.page_token or 0)
        after = start + PAGE
        return types.ListSecretVersionsResponse(
            versions=newest_first[start:after],
            next_page_token=str(after) if after < len(newest_first) else "",
            total_size=len(newest_first),
        )


def checksum(data: bytes) -> int:
    """CRC-32C bit by bit, as the polynomial is written down."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0x82F63B78 if crc & 1 else crc >> 1
    return ~crc & 0xFFFFFFFF


def client_of(target: str) -> SecretManagerServiceClient:
    """Google's own client, talking to `target` without TLS."""
    return SecretManagerServiceClient(
        transport=SecretManagerServiceGrpcTransport(channel=grpc.insecure_channel(target))
    )
