"""Switches that make the Classroom simulator fail in one named way, for so many requests as a test or a person asks."""

from dataclasses import dataclass
from typing import Literal, get_args

GoogleKind = Literal[
    "throttled",  # 429 RESOURCE_EXHAUSTED, with Retry-After when `retry_after` is given
    "rate_limited",  # 403 rateLimitExceeded
    "error",  # `status`
    "api_disabled",  # 403: the school's administrator switched the Classroom API off
    "service_disabled",  # 403: the Classroom API is not enabled for our project
    "forbidden",  # 403 without a word why
    "revoked",  # all access tokens die just before this request
    "delay",  # the answer comes after `seconds`
    "half",  # Content-Length promises twice what is sent
    "hang_up",  # the connection closes without an answer
    "html",  # a page for people with `status`
    "same_page",  # nextPageToken leads back to this page
]


@dataclass(frozen=True, slots=True)
class GoogleFault:
    """One way to fail, for requests whose path contains `path` ("" any): the first `after` of them pass, the next
    `times` fail (None: until cleared)."""

    kind: GoogleKind
    path: str = ""
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    status: int = 500
    retry_after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(GoogleKind):
            raise ValueError(f"no such fault: {self.kind!r}")

    def meets(self, path: str) -> bool:
        return self.path in path
