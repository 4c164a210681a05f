"""Switches that make the SIS simulator fail in one named way, for so many requests as a test or a person asks."""

from dataclasses import dataclass
from typing import Literal, get_args

SisKind = Literal[
    "throttled",  # 429, with Retry-After when `retry_after` is given; nothing is applied
    "delay",  # the answer comes after `seconds`
    "error",  # `status` before anything is applied
    "error_after",  # `status`, but a write has been applied
    "hang_up",  # the connection closes without an answer, before anything is applied
    "hang_up_after",  # the same, after a write has been applied
    "stores_nothing",  # a write is answered as if it were kept
    "half",  # Content-Length promises twice what is sent
    "html",  # a page for people with `status`
    "failure_inside",  # 200 or 201 with a statusInfoSet that says failure; nothing is applied
    "warning_inside",  # as usual, with a statusInfoSet of severity warning beside the data
    "revoked",  # all tokens die just before this request
    "forbidden",  # 403
    "same_link",  # every Link rel=next points to the first page
    "foreign_link",  # every Link rel=next points to another host
    "redirect",  # 302 to another host
]


@dataclass(frozen=True, slots=True)
class SisFault:
    """One way to fail, for requests by `method` ("" any) whose path contains `path` ("" any): the first `after` of them
    pass, the next `times` fail (None: until cleared)."""

    kind: SisKind
    method: str = ""
    path: str = ""
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    status: int = 500
    retry_after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(SisKind):
            raise ValueError(f"no such fault: {self.kind!r}")

    def meets(self, method: str, path: str) -> bool:
        return self.method in ("", method) and self.path in path
