"""main.py itself, as deployed, for the cold-start bench: the issuers and servers it asks are on loopback."""

import importlib
import os
from collections.abc import Callable

vars().update(vars(importlib.import_module("main")))  # as it starts in the cloud; only then is anything put elsewhere

from shared import config, wiring  # noqa: E402
from shared.adapters.http.address import PublicAndLoopback  # noqa: E402
from shared.ports import Queue, Secrets  # noqa: E402


def _queue(settings: config.Config, trace: Callable[[], str]) -> Queue:
    import grpc
    from google.pubsub_v1 import PublisherClient
    from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

    from shared.adapters.pubsub import PubSubQueue

    def connect() -> PublisherClient:
        channel = grpc.insecure_channel(os.environ["PUBSUB_EMULATOR_HOST"])
        return PublisherClient(transport=PublisherGrpcTransport(channel=channel))

    return PubSubQueue(settings.project, connect=connect, trace=trace)


def _secrets(settings: config.Config) -> Secrets:
    import grpc
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceGrpcTransport as Transport,
    )

    from shared.adapters.secret_manager import SecretManager

    def connect() -> SecretManagerServiceClient:
        return SecretManagerServiceClient(
            transport=Transport(channel=grpc.insecure_channel(os.environ["BENCH_SECRETS"]))
        )

    return SecretManager(settings.project, locations=[settings.region], connect=connect)


def _door() -> object:
    from shared.adapters.http.door import Door

    return Door(PublicAndLoopback())


config.GOOGLE_ISSUERS = (os.environ["BENCH_MACHINE_ISSUER"],)  # type: ignore[assignment]
wiring._public_door = _door  # type: ignore[assignment]
wiring._pubsub = _queue
wiring._secret_manager = _secrets
