"""Publishing to Google Pub/Sub: `publish` returns when Pub/Sub has answered with an id for every message.

The plain generated client, one call for up to 100 messages, instead of the batching one on top of it: no threads
that a throttled instance would starve after its answer, and a deadline that holds.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from google.api_core import exceptions as google
from google.pubsub_v1 import PublisherClient, PubsubMessage

from shared.adapters.google_call import in_our_words, patience
from shared.adapters.message_text import encoded
from shared.errors import Misconfigured

_AT_ONCE = 100  # of at most 64 KiB each: 6.6 MB, under the 10 MB and the 1,000 messages Pub/Sub takes in one call


class PubSubQueue:
    """Plays Queue. `connect` makes the client, on first use; `trace` tells the trace id to send along ("" for none).

    Topics must exist (infra/ makes them). A call is repeated while Pub/Sub is away, for `seconds` (the slowest
    failure takes twice that); after Unreachable, a part may have been taken, so the caller publishes all again.
    A message travels with the attributes "topic" and "trace", which `functions.push` reads.
    """

    def __init__(
        self,
        project: str,
        *,
        connect: Callable[[], PublisherClient],
        trace: Callable[[], str],
        seconds: float = 10.0,
    ) -> None:
        self._project = project
        self._connect = connect
        self._trace = trace
        self._seconds = seconds

    @cached_property
    def _client(self) -> PublisherClient:
        return self._connect()

    def publish(self, topic: str, bodies: Sequence[Mapping[str, str]]) -> None:
        attributes = {"topic": topic}
        if trace := self._trace():
            attributes["trace"] = trace
        messages = [PubsubMessage(data=encoded(body), attributes=attributes) for body in bodies]
        with in_our_words("queue", service="queue"):
            try:
                for start in range(0, len(messages), _AT_ONCE):
                    self._client.publish(
                        topic=f"projects/{self._project}/topics/{topic}",
                        messages=messages[start : start + _AT_ONCE],
                        retry=patience(self._seconds),
                        timeout=self._seconds,
                    )
            except google.NotFound as err:
                raise Misconfigured("queue.unknown_topic", topic=topic) from err
