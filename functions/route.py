"""What a route is, what its handler is given, and what it gives back: no HTTP library is needed to write one.

def links(app: App, asked: Asked) -> Answer:
    return Answer(Page(items=[…], next=None))

ROUTES = (Route("GET", "/v1/schools/{school}/links", links, roles=ADMIN, summary="…", answer=Page[LinkOut]),)
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec

from shared.domain.causes import Language
from shared.ports import App, Caller
from shared.values import dataclass

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

PUBLIC: frozenset[str] = frozenset()  # nobody is asked who they are
JSON = "application/json"
CSV = "text/csv"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that passed the door: the caller may use this route, at this school, and the body fits its type.

    `caller.roles` holds only the roles that count at `school`: whoever is admin of one school and support of all is
    support, and no more, at the others. `school` is the path's, or the caller's own where the path names none.
    """

    caller: Caller
    school: str
    path: Mapping[str, str]  # path parameters: printable, 1 to 200 characters, never a slash
    query: Any  # a struct of `Route.query`, or None
    body: Any  # a struct of `Route.body` when the request was JSON, else None
    raw: bytes  # the body as sent, within `Route.body_limit`
    media: str  # of the body, without parameters; "" when there is none
    language: Language
    if_match: str
    if_none_match: str
    request_id: str
    trace: str  # the trace id to pass on with messages; the request id when the platform gave none
    signature: str = ""  # of a signed route: its Authorization header, not looked at yet
    algorithm: str = ""  # and its Algorithm header


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say: anything msgspec can write as JSON, or bytes that are sent as they are.

    None has no body, and makes a 200 a 204. `etag` is opaque text without quotes; a GET that gives none gets one from
    its body. `headers` win over the door's own.
    """

    value: Any
    status: int = field(default=200, kw_only=True)
    media: str = field(default=JSON, kw_only=True)
    etag: str = field(default="", kw_only=True)
    headers: Mapping[str, str] = field(default_factory=dict, kw_only=True)


Handler = Callable[[App, Asked], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the API: who may ask what, and what can come back. Also the source of the OpenAPI document."""

    method: Method
    path: str  # "/v1/schools/{school}/links/{user}"
    handler: Handler
    roles: frozenset[str] = field(kw_only=True)  # any of these; PUBLIC: everybody
    summary: str = field(kw_only=True)
    body: type[msgspec.Struct] | None = field(default=None, kw_only=True)  # with forbid_unknown_fields
    body_optional: bool = field(default=False, kw_only=True)  # without one, `Asked.body` is None
    query: type[msgspec.Struct] | None = field(default=None, kw_only=True)  # optional str, int, bool, enum
    answer: Any = field(kw_only=True)  # a type msgspec can describe; None: no body
    status: int = field(default=200, kw_only=True)
    body_media: tuple[str, ...] = field(default=(JSON,), kw_only=True)
    answer_media: tuple[str, ...] = field(default=(JSON,), kw_only=True)
    idempotent: bool = field(default=False, kw_only=True)  # honours Idempotency-Key; needs {school} in the path
    problems: tuple[str, ...] = field(default=(), kw_only=True)  # "404 school.unknown": beyond those of the door itself
    more_query: bool = field(default=False, kw_only=True)  # parameters that are not in `query` are passed over
    body_limit: int = field(default=MIB, kw_only=True)  # bytes
    signed: bool = field(
        default=False, kw_only=True
    )  # WebUntis signs `raw`: the handler looks, then reads it as `body`


T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Part of a list: `next` is the cursor of what follows, null at the end."""

    items: list[T]
    next: str | None


Limit = Annotated[int, msgspec.Meta(ge=1, le=500, description="Hoeveel regels hooguit / At most this many items")]
Cursor = Annotated[
    str, msgspec.Meta(max_length=1000, description="`next` van de vorige bladzijde / of the previous page")
]


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Query parameters of every list; a route's own query type may extend it."""

    limit: Limit = 50
    cursor: Cursor = ""  # not `| None`: the text "null" would then read as none given
