"""Switches that make the JSON-RPC simulator fail in one named way, so often and so late as a test asks."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "expired",  # the session dies just before this call
    "error",  # an application error: `code` and `message`, with status 200
    "error_id",  # the same with "id": "error", as renamed servers do
    "wrong_id",  # a result to somebody else's question
    "no_result",  # neither a result nor an error
    "not_a_list",  # an object where the list should be
    "html",  # a page for people with status 200
    "status",  # `status` without JSON
    "throttled",  # 429 with Retry-After 7
    "slow",  # the answer comes after `seconds`
    "half",  # Content-Length promises twice what is sent, then the connection closes
    "hang_up",  # the connection closes without an answer
    "redirect",  # 302 to `location`
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail, for calls of `method` ("" is any): the first `after` pass, the next `times` fail (None: until
    cleared)."""

    kind: Kind
    method: str = ""
    times: int | None = None
    after: int = 0
    code: int = -32603
    message: str = "fault switch"
    status: int = 503
    seconds: float = 1.0
    location: str = "https://elders.webuntis.com/WebUntis/"

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"no such fault: {self.kind!r}")

    def meets(self, method: str) -> bool:
        return self.method in ("", method)
