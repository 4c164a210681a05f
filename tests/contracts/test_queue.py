"""What every Queue adapter promises, delivery included: in process, and on the emulator pushing over HTTP."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

import grpc
import pytest
from google.api_core import exceptions as google
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from functions import push
from shared.adapters.inline_queue import InlineQueue
from shared.adapters.pubsub import PubSubQueue
from shared.domain.causes import CAUSES
from shared.errors import Invalid, Misconfigured
from shared.ports import Message, Queue

ATTEMPTS = 5  # the fewest Pub/Sub allows
PATIENCE = 90  # seconds to wait for a delivery; the emulator looks only once in 3 seconds for what to repeat
TRACE = "105445aa7843bc8bf206b12000100000"

Handler = Callable[[Message], None]


class Post(Protocol):
    """A queue with its delivery."""

    queue: Queue

    def topic(self, handler: Handler) -> str:
        """A new topic whose messages go to `handler`."""
        ...

    def dead(self, topic: str) -> list[dict[str, str]]:
        """The bodies that were set aside."""
        ...


class InlinePost:
    def __init__(self) -> None:
        self.queue = InlineQueue(workers=2, attempts=ATTEMPTS, backoff=0.01)

    def topic(self, handler: Handler) -> str:
        topic = f"topic-{uuid.uuid4().hex}"
        self.queue.subscribe(topic, handler)
        return topic

    def dead(self, topic: str) -> list[dict[str, str]]:
        return [dict(message.body) for message in self.queue.dead() if message.topic == topic]

    def close(self) -> None:
        self.queue.stop(10)


class PubSubPost:
    """Topics with a push subscription to a receiver on loopback, and a dead letter topic each."""

    def __init__(self, host: str) -> None:
        self._channel = grpc.insecure_channel(host)
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(channel=self._channel))
        self._subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=self._channel))
        self._project = f"profijt-{uuid.uuid4().hex[:8]}"
        self._handlers: dict[str, Handler] = {}
        self._subscriptions: list[str] = []
        self._dead: dict[str, dict[str, dict[str, str]]] = {}
        self.traces: set[str] = set()
        self.queue = PubSubQueue(self._project, connect=lambda: self._publisher, trace=lambda: TRACE, seconds=30)
        self._receiver = ThreadingHTTPServer(("127.0.0.1", 0), self._request_handler())
        threading.Thread(target=self._receiver.serve_forever, daemon=True).start()

    def topic(self, handler: Handler) -> str:
        topic = f"topic-{uuid.uuid4().hex}"
        self._handlers[topic] = handler
        for name in (topic, f"{topic}-dead"):
            self._publisher.create_topic(name=f"projects/{self._project}/topics/{name}")
        self._subscribe(f"{topic}-dead", {})
        self._subscribe(
            topic,
            {
                "push_config": {"push_endpoint": f"http://127.0.0.1:{self._receiver.server_port}/{topic}"},
                "retry_policy": {"minimum_backoff": Duration(), "maximum_backoff": Duration()},
                "dead_letter_policy": {
                    "dead_letter_topic": f"projects/{self._project}/topics/{topic}-dead",
                    "max_delivery_attempts": ATTEMPTS,
                },
            },
        )
        return topic

    def _subscribe(self, topic: str, how: dict) -> None:
        name = f"projects/{self._project}/subscriptions/{topic}"
        given = {"name": name, "topic": f"projects/{self._project}/topics/{topic}", "ack_deadline_seconds": 60}
        self._subscriber.create_subscription(request=given | how)
        self._subscriptions.append(name)

    def dead(self, topic: str) -> list[dict[str, str]]:
        found = self._dead.setdefault(topic, {})
        subscription = f"projects/{self._project}/subscriptions/{topic}-dead"
        try:
            answer = self._subscriber.pull(subscription=subscription, max_messages=100, retry=None, timeout=1)
        except google.DeadlineExceeded:  # nothing there
            return list(found.values())
        for received in answer.received_messages:
            # read as if it were pushed: a dead letter keeps the body and attributes it had
            pushed = type(received.message).to_json(received.message)
            found[received.message.message_id] = dict(push.message(f'{{"message": {pushed}}}'.encode()).body)
        return list(found.values())

    def _request_handler(self) -> type[BaseHTTPRequestHandler]:
        post = self

        class Receiver(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # keeps the connection

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                try:
                    post.traces.add(push.trace(body))
                    post._handlers[self.path.strip("/")](push.message(body))
                    self.send_response(204)
                except RuntimeError:
                    self.send_response(500)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Receiver

    def close(self) -> None:
        for name in self._subscriptions:  # else the emulator goes on pushing to a port that is gone
            self._subscriber.delete_subscription(subscription=name)
        self._receiver.shutdown()
        self._receiver.server_close()
        self._channel.close()


@pytest.fixture(params=["in process", "pubsub"])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    post = InlinePost() if request.param == "in process" else PubSubPost(request.getfixturevalue("pubsub_host"))
    yield post
    post.close()


class Inbox:
    """A handler that remembers; it fails on bodies for which `fails` says so, given the how manieth time it is."""

    def __init__(self, fails: Callable[[dict[str, str], int], bool] = lambda body, time: False) -> None:
        self.received: list[Message] = []
        self._fails = fails
        self._times: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, message: Message) -> None:
        with self._lock:
            self._times[message.id] += 1
            self.received.append(message)
            if self._fails(dict(message.body), self._times[message.id]):
                raise RuntimeError("as the test asked")

    def schools(self) -> Counter[str]:
        with self._lock:
            return Counter(message.body["school"] for message in self.received)


def eventually(what: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not (done := what()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return done


def test_every_message_is_delivered_with_its_topic_and_its_body(post: Post) -> None:
    inbox = Inbox()
    topic = post.topic(inbox)
    bodies = [
        {"school": "het-baken", "at": "2022-11-07T08:00:00+01:00"},
        {"school": "067"},
        {"school": "", "leeg": ""},
        {"school": "ș 学校 🔑\n\t\"'\\"},
        {"school": "x" * 60_000},
    ]
    post.queue.publish(topic, bodies)
    assert eventually(lambda: len(inbox.schools()) == len(bodies))
    assert all(dict(message.body) in bodies and message.topic == topic and message.id for message in inbox.received)
    assert len({message.id for message in inbox.received}) == len(bodies)


def test_thousands_published_at_once_all_arrive(post: Post) -> None:
    inbox = Inbox()
    topic = post.topic(inbox)
    schools = {f"school-{number}" for number in range(2000)}
    post.queue.publish(topic, [{"school": school} for school in sorted(schools)])
    assert eventually(lambda: inbox.schools().keys() == schools)


def test_a_handler_that_fails_gets_the_message_again(post: Post) -> None:
    inbox = Inbox(fails=lambda _, time: time == 1)
    topic = post.topic(inbox)
    post.queue.publish(topic, [{"school": "het-baken"}])
    assert eventually(lambda: inbox.schools()["het-baken"] >= 2)
    first, second = inbox.received[:2]
    assert (first.id, first.body) == (second.id, second.body)
    assert post.dead(topic) == []


def test_what_always_fails_is_set_aside_and_holds_up_nobody(post: Post) -> None:
    inbox = Inbox(fails=lambda body, _: body["school"] == "kapot")
    topic = post.topic(inbox)
    post.queue.publish(topic, [{"school": "kapot"}, {"school": "het-baken"}])
    assert eventually(lambda: inbox.schools()["het-baken"] >= 1)
    post.queue.publish(topic, [{"school": "de-waal"}])
    assert eventually(lambda: inbox.schools()["de-waal"] >= 1)
    assert eventually(lambda: post.dead(topic) == [{"school": "kapot"}])
    assert inbox.schools()["kapot"] >= ATTEMPTS


def test_publishing_does_not_wait_for_handling(post: Post) -> None:
    go = threading.Event()
    done: list[Message] = []

    def wait(message: Message) -> None:
        go.wait(PATIENCE)
        done.append(message)

    topic = post.topic(wait)
    post.queue.publish(topic, [{"school": "het-baken"}, {"school": "de-waal"}])
    assert done == []
    go.set()
    assert eventually(lambda: {message.body["school"] for message in done} == {"het-baken", "de-waal"})


def test_publishing_nothing_is_no_error_and_no_message(post: Post) -> None:
    inbox = Inbox()
    topic = post.topic(inbox)
    post.queue.publish(topic, [])
    post.queue.publish(topic, [{"school": "het-baken"}])
    assert eventually(lambda: bool(inbox.received))
    assert set(inbox.schools()) == {"het-baken"}


def test_a_topic_nobody_made_is_our_own_settings(post: Post) -> None:
    with pytest.raises(Misconfigured) as caught:
        post.queue.publish("topic-nergens", [{"school": "het-baken"}])
    assert caught.value.code == "queue.unknown_topic"
    assert caught.value.code in CAUSES


@pytest.mark.parametrize(
    "body",
    [{"school": "x" * 65_536}, {"school": "half \ud83d"}, {"school": 7}, {7: "school"}, {"school": None}],
    ids=str,
)
def test_one_message_that_cannot_travel_stops_all_of_them(post: Post, body: dict) -> None:
    inbox = Inbox()
    topic = post.topic(inbox)
    with pytest.raises(Invalid) as caught:
        post.queue.publish(topic, [{"school": "het-baken"}, body])
    assert caught.value.code == "queue.message_refused"
    assert caught.value.code in CAUSES
    post.queue.publish(topic, [{"school": "de-waal"}])
    assert eventually(lambda: bool(inbox.received))
    assert set(inbox.schools()) == {"de-waal"}


def test_the_trace_of_the_publisher_arrives_at_the_push(pubsub_host: str) -> None:
    post = PubSubPost(pubsub_host)
    inbox = Inbox()
    post.queue.publish(post.topic(inbox), [{"school": "het-baken"}])
    assert eventually(lambda: bool(inbox.received))
    post.close()
    assert post.traces == {TRACE}
