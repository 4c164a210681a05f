"""What both queues carry: a JSON object of texts, at most 64 KiB, so that what one takes the other takes too."""

from collections.abc import Mapping

import msgspec

from shared.errors import Invalid

LIMIT = 65_536  # bytes; ours, far under Pub/Sub's 10 MB: a message holds ids, the rest is in the store


def encoded(body: Mapping[str, str]) -> bytes:
    """`body` as it travels. Raises Invalid when it is not texts by text, or too long."""
    try:
        text = msgspec.json.encode(msgspec.convert(dict(body), dict[str, str], strict=True))
    except (msgspec.ValidationError, UnicodeEncodeError) as err:
        raise Invalid("queue.message_refused", limit=LIMIT) from err
    if len(text) > LIMIT:
        raise Invalid("queue.message_refused", limit=LIMIT)
    return text
