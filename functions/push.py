"""What Pub/Sub pushes, as a Message: from any of the shapes it comes in, or Invalid "push.unreadable".

A raw push is {"message": …, "subscription": …, "deliveryAttempt": 5} (the attempt only where the subscription has a
dead letter topic, and never from the emulator). Eventarc sends the same without the attempt, or inside the "data" of
a CloudEvent. https://cloud.google.com/pubsub/docs/push#receive_push
"""

import msgspec

from shared.errors import Invalid
from shared.ports import Message


class _Message(msgspec.Struct, rename="camel"):
    data: bytes  # base64 on the wire
    message_id: str = ""
    attributes: dict[str, str] = {}


class _Push(msgspec.Struct, rename="camel"):
    message: _Message
    delivery_attempt: int = 0


class _CloudEvent(msgspec.Struct):
    data: _Push
    source: str = ""


def message(body: bytes) -> Message:
    """The message in a push request's body.

    `topic` is "" when neither our publisher nor the event tells it; `attempt` is 0 when the push does not tell.
    """
    push, _, topic = _read(body)
    try:
        texts = msgspec.json.decode(push.message.data, type=dict[str, str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as err:
        raise Invalid("push.unreadable") from err
    return Message(topic, texts, id=push.message.message_id, attempt=push.delivery_attempt)


def trace(body: bytes) -> str:
    """The trace id of whoever published the message, "" when it was not sent along."""
    return _read(body)[1]


def _read(body: bytes) -> tuple[_Push, str, str]:
    """The push itself, its trace id and its topic."""
    try:
        try:
            push, source = msgspec.json.decode(body, type=_Push), ""
        except msgspec.ValidationError:
            event = msgspec.json.decode(body, type=_CloudEvent)
            push, source = event.data, event.source
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as err:
        raise Invalid("push.unreadable") from err
    attributes = push.message.attributes
    topic = attributes.get("topic") or source.partition("/topics/")[2]
    return push, attributes.get("trace", ""), topic
