"""What Pub/Sub promises beyond the port: failures that come in time and in our words, and calls it can take."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.pubsub_v1 import PublisherClient, PublishRequest, PublishResponse
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from shared.adapters.pubsub import PubSubQueue
from shared.domain.causes import CAUSES
from shared.errors import Misconfigured, ProfijtError, Rejected, Throttled, Unreachable

GOOGLES_OWN_PATIENCE = 600  # seconds the client goes on by itself
BODY = {"school": "het-baken"}


class PublishServer:
    """Answers Publish with ids, or with `failing`."""

    def __init__(self) -> None:
        self.failing: grpc.StatusCode | None = None
        self.requests: list[PublishRequest] = []
        publish = grpc.unary_unary_rpc_method_handler(
            self._publish,
            request_deserializer=PublishRequest.deserialize,
            response_serializer=PublishResponse.serialize,
        )
        handler = grpc.method_handlers_generic_handler("google.pubsub.v1.Publisher", {"Publish": publish})
        self.server = grpc.server(ThreadPoolExecutor(2), options=[("grpc.max_receive_message_length", 10_000_000)])
        self.server.add_generic_rpc_handlers((handler,))
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def _publish(self, request: PublishRequest, context: grpc.ServicerContext) -> PublishResponse:
        self.requests.append(request)
        if self.failing:
            context.abort(self.failing, "as the test asked")
        return PublishResponse(message_ids=[str(number) for number, _ in enumerate(request.messages)])


@pytest.fixture
def server() -> Iterator[PublishServer]:
    server = PublishServer()
    yield server
    server.server.stop(None).wait()


def queue_at(port: int, *, trace: str = "", seconds: float = 10) -> PubSubQueue:
    def connect() -> PublisherClient:
        return PublisherClient(transport=PublisherGrpcTransport(channel=grpc.insecure_channel(f"127.0.0.1:{port}")))

    return PubSubQueue("profijt-test", connect=connect, trace=lambda: trace, seconds=seconds)


def test_nobody_listening_is_unreachable_long_before_google_would_say_so() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: refused, and nobody else gets the port
        started = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            queue_at(unused.getsockname()[1], seconds=1).publish("link-school", [BODY])
    assert caught.value.code == "queue.unreachable"
    assert caught.value.code in CAUSES
    assert time.monotonic() - started < GOOGLES_OWN_PATIENCE / 20


def test_somebody_who_listens_and_never_answers_is_unreachable_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(Unreachable):
            queue_at(silent.getsockname()[1], seconds=1).publish("link-school", [BODY])
    assert time.monotonic() - started < GOOGLES_OWN_PATIENCE / 20


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (grpc.StatusCode.INTERNAL, Unreachable, "queue.unreachable"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, Throttled, "queue.throttled"),
        (grpc.StatusCode.PERMISSION_DENIED, Misconfigured, "queue.not_allowed"),
        (grpc.StatusCode.NOT_FOUND, Misconfigured, "queue.unknown_topic"),
        (grpc.StatusCode.INVALID_ARGUMENT, Rejected, "queue.refused"),
    ],
    ids=lambda value: value.name if isinstance(value, grpc.StatusCode) else "",
)
def test_every_answer_of_google_is_one_of_our_reactions(
    server: PublishServer, status: grpc.StatusCode, error: type[ProfijtError], code: str
) -> None:
    server.failing = status
    with pytest.raises(error) as caught:
        queue_at(server.port).publish("link-school", [BODY])
    assert caught.value.code == code
    assert code in CAUSES


def test_a_pubsub_that_stays_away_is_asked_again_and_then_unreachable(server: PublishServer) -> None:
    server.failing = grpc.StatusCode.UNAVAILABLE
    with pytest.raises(Unreachable) as caught:
        queue_at(server.port, seconds=1).publish("link-school", [BODY])
    assert caught.value.code == "queue.unreachable"
    assert len(server.requests) > 1


def test_many_messages_go_in_calls_of_a_size_pubsub_takes(server: PublishServer) -> None:
    bodies = [{"school": f"{number}", "filler": "x" * 60_000} for number in range(250)]
    queue_at(server.port).publish("link-school", bodies)
    assert [len(request.messages) for request in server.requests] == [100, 100, 50]
    assert max(PublishRequest.pb(request).ByteSize() for request in server.requests) < 10_000_000


def test_a_message_tells_its_topic_and_a_trace_only_when_there_is_one(server: PublishServer) -> None:
    queue_at(server.port).publish("link-school", [BODY])
    queue_at(server.port, trace="105445aa").publish("link-school", [BODY])
    assert [dict(request.messages[0].attributes) for request in server.requests] == [
        {"topic": "link-school"},
        {"topic": "link-school", "trace": "105445aa"},
    ]
