"""A strong ETag is the same for the same bytes, and nobody overwrites what he has not seen."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from functions.extended import Extended
from functions.route import Asked
from shared.errors import Conflict, Invalid
from shared.values import dataclass

_TAG = re.compile(r'(?:W/)?"([^"]*)"')  # W/ is ignored: proxies that compress weaken our strong tags on the way
_PASSING = re.compile(r'-[0-9a-f]{32}"')


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed meanwhile. `yours` and `theirs` are None for a secret; `by` "" and `at` None: unknown."""

    pointer: str
    label: str
    yours: object
    theirs: object
    by: str
    at: datetime | None


class Stale(Extended):
    """These fields were changed meanwhile."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__("request.stale", {"changes": [asdict(each) for each in changes]})


def of(body: bytes) -> str:
    """The tag of exactly these bytes, without quotes."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def passing(version: str, shown: bytes) -> str:
    """The tag of something of which only `version` can be saved over; what else is shown changes by itself."""
    return f"{version}-{of(shown)}"


def settled(asked: Asked) -> Asked:
    """The request with an If-Match of no more than the versions in its tags: a save is not refused for what passes."""
    return replace(asked, if_match=_PASSING.sub('"', asked.if_match))


def quoted(etag: str) -> str:
    """As it stands in a header."""
    return f'"{etag}"'


def tags(header: str) -> list[str]:
    """Every tag the header names, without quotes."""
    return _TAG.findall(header)


def named(header: str, etag: str) -> bool:
    """Whether the header (If-Match or If-None-Match) names this tag; `*` names every tag there is."""
    return bool(etag) and (header.strip() == "*" or etag in tags(header))


def require_match(asked: Asked, etag: str) -> None:
    """Go on only when the caller has seen the present state: `etag` is its tag, "" when nothing is there yet.

    Raises Conflict "request.stale" (412) when somebody changed it meanwhile, Invalid "request.match_required" (428)
    when there is something and the caller does not say what he saw.
    """
    if asked.if_match:
        if not named(asked.if_match, etag):
            raise Conflict("request.stale")
    elif etag:
        raise Conflict("request.stale") if named(asked.if_none_match, etag) else Invalid("request.match_required")
