"""The ports by which a school is told something: a mail server, and addresses that schools chose."""

from collections.abc import Mapping
from typing import Protocol

from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of plain text. `id` (letters, digits and hyphens) is the same whenever the same letter is sent again."""

    id: str
    to: str
    subject: str
    text: str


class Mail(Protocol):
    """Sends letters. A letter sent twice can arrive twice, under one Message-ID."""

    def send(self, letter: Letter) -> None:
        """Returns when the mail server has taken it. Raises Unreachable, Rejected (the server will not have this
        letter or this address), Misconfigured (it will not have us)."""
        ...


class Webhook(Protocol):
    """Posts to addresses that schools chose: https to the public internet only."""

    def check(self, url: str, *, pointer: str) -> None:
        """Raises Invalid, with the field at `pointer`, for an address that will never be called."""
        ...

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Returns when it was answered with 2xx. Raises what the status or the network means: RemoteError."""
        ...
