"""Switches that make the WebUntis simulator fail in one named way, so often and so late as a test or a person asks."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "wrong_password",  # token: refused as a wrong password, which counts for the lock-out
    "revoked",  # all tokens of the school die just before this call
    "forbidden",  # 403: the right for this list is missing in Platform
    "throttled",  # 429, with Retry-After when `retry_after` is given
    "error",  # `status` (503) with error code `code`
    "html",  # a page for people with status 200
    "slow",  # the answer comes after `seconds`
    "drip",  # one byte every `seconds`
    "half",  # Content-Length promises twice what is sent, then the connection closes
    "hang_up",  # the connection closes without an answer
    "redirect",  # 302 to `location`
    "gzip_bomb",  # `megabytes` of spaces, compressed to about a thousandth
    "wrong_tenant",  # the answer names another school: in its "body", its "header" or "both" (`place`)
    "empty",  # a list without anyone
    "duplicate_keys",  # the second person of the list has the ID-nummer of the first
    "partial_page",  # half the rows of this page are missing
    "not_a_list",  # an object where the list should be
    "forbidden_whole",  # 403 for the timetable of the whole school; that of people is allowed
    "new_enums",  # types and statuses that were invented yesterday
    "duplicate_page",  # every page of the timetable is the first one
    "shifting",  # a period in front of every later page has just been deleted
    "old_page",  # periods as they were before the latest change to each
]
Endpoint = Literal["", "token", "search", "students", "teachers", "timetable", "deleted"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail, for calls to `endpoint` ("" is any) of `tenant` ("" is any): the first `after` of them pass,
    the next `times` fail (None: until cleared)."""

    kind: Kind
    endpoint: Endpoint = ""
    tenant: str = ""
    times: int | None = None
    after: int = 0
    seconds: float = 1.0
    status: int = 503
    code: str = "INTERNAL_ERROR"
    retry_after: str = ""  # seconds or an HTTP date; "" sends no header
    location: str = "https://elders.example/"
    place: Literal["body", "header", "both"] = "both"
    megabytes: int = 256

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind) or self.endpoint not in get_args(Endpoint):
            raise ValueError(f"no such fault: {self.kind!r} at {self.endpoint!r}")

    def meets(self, endpoint: str, tenant: str) -> bool:
        return self.endpoint in ("", endpoint) and self.tenant in ("", tenant)
