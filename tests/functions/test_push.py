"""A push is read in every shape Pub/Sub and Eventarc send it, and nothing else is taken for one."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions import push
from shared.domain.causes import CAUSES
from shared.errors import Invalid
from shared.ports import Message

BODY = {"school": "het-baken", "at": "2022-11-07T08:00:00+01:00"}
TOPIC = "link-school"


def envelope(body: object = BODY, **more: Any) -> dict[str, Any]:
    data = base64.b64encode(json.dumps(body).encode()).decode()
    return {"data": data, "messageId": "7043", "publishTime": "2022-11-07T07:00:00.1Z"} | more


RAW = {"message": envelope(attributes={"topic": TOPIC}), "subscription": "projects/p/subscriptions/s"}

SHAPES = {
    "a raw push with a dead letter topic": (RAW | {"deliveryAttempt": 4}, Message(TOPIC, BODY, "7043", 4)),
    "a raw push without": (RAW, Message(TOPIC, BODY, "7043", 0)),
    "the emulator's, with every name twice": (
        RAW | {"message": RAW["message"] | {"message_id": "7043", "publish_time": "2022-11-07T07:00:00.1Z"}},
        Message(TOPIC, BODY, "7043", 0),
    ),
    "published by hand, without attributes": ({"message": envelope()}, Message("", BODY, "7043", 0)),
    "a CloudEvent of Eventarc, as one JSON": (
        {
            "specversion": "1.0",
            "id": "7043",
            "type": "google.cloud.pubsub.topic.v1.messagePublished",
            "source": "//pubsub.googleapis.com/projects/p/topics/link-school",
            "data": {"message": envelope(), "subscription": "projects/p/subscriptions/eventarc-s"},
        },
        Message(TOPIC, BODY, "7043", 0),
    ),
    "as functions-framework hands it on": (
        {"message": envelope(attributes={"topic": TOPIC}, **{"@type": "type.googleapis.com/google.pubsub.v1"})},
        Message(TOPIC, BODY, "7043", 0),
    ),
    "an empty message": ({"message": envelope({})}, Message("", {}, "7043", 0)),
    "odd letters": ({"message": envelope({"naam": "ș 学校 🔑"})}, Message("", {"naam": "ș 学校 🔑"}, "7043", 0)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_push_is_read(shape: str) -> None:
    sent, expected = SHAPES[shape]
    assert push.message(json.dumps(sent).encode()) == expected


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"school=het-baken",
    "half": json.dumps(RAW).encode()[:60],
    "not UTF-8": b'{"message": {"data": "\xff"}}',
    "a list": b"[]",
    "no message": b"{}",
    "message is null": b'{"message": null}',
    "message without data": b'{"message": {"messageId": "1"}}',
    "data is no base64": json.dumps({"message": envelope(data="???")}).encode(),
    "data is no JSON": json.dumps({"message": envelope(data=base64.b64encode(b"hello").decode())}).encode(),
    "data is not UTF-8": json.dumps({"message": envelope(data=base64.b64encode(b'{"a":"\xff"}').decode())}).encode(),
    "data is a list": json.dumps({"message": envelope(["het-baken"])}).encode(),
    "a number among the texts": json.dumps({"message": envelope({"school": 7})}).encode(),
    "nested": json.dumps({"message": envelope({"school": {"id": "het-baken"}})}).encode(),
    "too deep": b'{"message":' + b"[" * 100_000,
    "too deep in a field nobody reads": b'{"x":' + b"[" * 100_000,
}


@pytest.mark.parametrize("sent", UNREADABLE)
def test_what_is_no_push_is_refused(sent: str) -> None:
    with pytest.raises(Invalid) as caught:
        push.message(UNREADABLE[sent])
    assert caught.value.code == "push.unreadable"
    assert caught.value.code in CAUSES


FIELDS = st.sampled_from(["message", "data", "attributes", "source", "deliveryAttempt"])
NEAR_MISSES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=40), NEAR_MISSES.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_are_a_message_or_unreadable_and_nothing_else(sent: bytes) -> None:
    try:
        answer = push.message(sent)
    except Invalid:
        return
    assert isinstance(answer, Message)


def test_the_trace_travels_beside_the_message() -> None:
    sent = {"message": envelope(attributes={"topic": TOPIC, "trace": "105445aa7843bc8bf206b12000100000"})}
    assert push.trace(json.dumps(sent).encode()) == "105445aa7843bc8bf206b12000100000"
    assert push.trace(json.dumps(RAW).encode()) == ""
