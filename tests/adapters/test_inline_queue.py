"""What the queue in the process promises beyond the port: it can be waited for, looked into and stopped."""

import logging
import threading
from collections.abc import Iterator

import pytest

from shared.adapters.inline_queue import InlineQueue
from shared.domain.causes import CAUSES
from shared.errors import Unreachable
from shared.ports import Message

TOPIC = "link-school"
LONG = 30.0  # seconds that a test never waits unless it fails


@pytest.fixture
def queue() -> Iterator[InlineQueue]:
    queue = InlineQueue(workers=2, attempts=3, backoff=0.01)
    yield queue
    queue.stop(LONG)


def fail(message: Message) -> None:
    raise ValueError("Fatima El Amrani")


def test_draining_waits_for_what_must_be_repeated_and_then_for_nothing(queue: InlineQueue) -> None:
    attempts: list[int] = []

    def third_time_lucky(message: Message) -> None:
        attempts.append(message.attempt)
        if len(attempts) < 3:
            raise RuntimeError

    queue.subscribe(TOPIC, third_time_lucky)
    queue.publish(TOPIC, [{"school": "het-baken"}])
    assert queue.drain(LONG)
    assert attempts == [1, 2, 3]
    assert queue.dead() == ()


def test_draining_tells_when_time_was_too_short(queue: InlineQueue) -> None:
    go = threading.Event()
    queue.subscribe(TOPIC, lambda message: go.wait(LONG) and None)
    queue.publish(TOPIC, [{"school": "het-baken"}])
    assert not queue.drain(0.05)
    go.set()
    assert queue.drain(LONG)


def test_a_dead_message_shows_what_it_was_and_how_often_it_was_tried(queue: InlineQueue) -> None:
    queue.subscribe(TOPIC, fail)
    queue.publish(TOPIC, [{"school": "het-baken"}])
    assert queue.drain(LONG)
    assert queue.dead() == (Message(TOPIC, {"school": "het-baken"}, id="1", attempt=3),)


def test_one_worker_is_not_held_up_by_a_message_that_waits_for_its_next_attempt() -> None:
    queue = InlineQueue(workers=1, attempts=3, backoff=LONG)
    handled = threading.Event()
    queue.subscribe("kapot", fail)
    queue.subscribe(TOPIC, lambda message: handled.set())
    queue.publish("kapot", [{"school": "kapot"}])
    queue.publish(TOPIC, [{"school": "het-baken"}])
    assert handled.wait(LONG / 2)
    queue.stop(LONG)


def test_a_handler_that_spoils_its_message_gets_a_fresh_one(queue: InlineQueue) -> None:
    seen: list[dict[str, str]] = []

    def spoil(message: Message) -> None:
        seen.append(dict(message.body))
        message.body.clear()  # type: ignore[attr-defined]
        raise RuntimeError

    body = {"school": "het-baken"}
    queue.subscribe(TOPIC, spoil)
    queue.publish(TOPIC, [body])
    assert queue.drain(LONG)
    assert seen == [{"school": "het-baken"}] * 3
    assert body == {"school": "het-baken"}


def test_a_handler_may_publish(queue: InlineQueue) -> None:
    schools: list[str] = []
    queue.subscribe("tick", lambda message: queue.publish(TOPIC, [{"school": "het-baken"}, {"school": "de-waal"}]))
    queue.subscribe(TOPIC, lambda message: schools.append(message.body["school"]))
    queue.publish("tick", [{}])
    assert queue.drain(LONG)
    assert sorted(schools) == ["de-waal", "het-baken"]


def test_stopping_waits_for_the_handler_at_work_and_starts_no_other() -> None:
    queue = InlineQueue(workers=1, attempts=3, backoff=0.01)
    begun, go, ended = threading.Event(), threading.Event(), []

    def handle(message: Message) -> None:
        begun.set()
        go.wait(LONG)
        ended.append(message.body["school"])

    queue.subscribe(TOPIC, handle)
    queue.publish(TOPIC, [{"school": "het-baken"}, {"school": "de-waal"}])
    assert begun.wait(LONG)
    threading.Timer(0.05, go.set).start()
    queue.stop(LONG)
    assert ended == ["het-baken"]
    with pytest.raises(Unreachable) as caught:
        queue.publish(TOPIC, [{"school": "het-baken"}])
    assert caught.value.code in CAUSES


def test_a_queue_that_was_never_used_drains_and_stops_at_once() -> None:
    queue = InlineQueue(workers=2, attempts=3, backoff=0.01)
    assert queue.drain(0)
    queue.stop(0)


def test_the_log_says_what_failed_and_where_and_never_what_the_error_said(
    queue: InlineQueue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.subscribe(TOPIC, fail)
    with caplog.at_level(logging.DEBUG):
        queue.publish(TOPIC, [{"school": "het-baken"}])
        assert queue.drain(LONG)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]
    assert "ValueError" in caplog.text
    assert "test_inline_queue.py" in caplog.text
    assert "Fatima" not in caplog.text
