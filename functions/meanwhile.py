"""Whoever saves over what changed meanwhile is told of every such field: as it is now, as he wanted it, who and when.

A form's ETag holds a mark of each field, so the tag that comes back tells what its sender has seen, and nobody has to
keep old versions. Of a secret only that it changed is told.
"""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from functions import etag
from functions.etag import Change, Stale
from functions.route import Asked
from functions.told import reader
from shared.errors import Conflict
from shared.flows.audit import Event, read_audit
from shared.ports import App
from shared.values import dataclass

_LOOKED_AT = 100  # events: who changed a field longer ago than that is not told


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its `name` in the body, its `label` for people and its `word` in the audit; as it is `now`
    and as it was `sent` (None: not at all). Of a `secret` both are versions or less, and stay inside."""

    name: str
    label: str
    word: str
    now: object
    sent: object = None
    secret: bool = False


def tag(fields: Sequence[Field]) -> str:
    """The ETag of a form: a mark of every field as it is now."""
    return ".".join(etag.of(msgspec.json.encode(field.now))[:8] for field in fields)


def require_seen(app: App, asked: Asked, fields: Sequence[Field]) -> None:
    """As `etag.require_match` for a form of the school; the Conflict is a Stale."""
    try:
        etag.require_match(asked, tag(fields))
    except Conflict as err:
        zone = reader(app, asked).zone
        events, _ = read_audit(app, asked.school, limit=_LOOKED_AT, cursor=None)
        changed = _changed(asked.if_match, fields)
        raise Stale([_told(field, _last(events, field.word), zone) for field in changed]) from err


def _told(field: Field, event: Event | None, zone: ZoneInfo) -> Change:
    yours, theirs = (None, None) if field.secret else (field.sent, field.now)
    by, at = (event.actor, event.at.astimezone(zone)) if event else ("", None)
    return Change(f"/{field.name}", field.label, yours, theirs, by, at)


def _changed(seen: str, fields: Sequence[Field]) -> list[Field]:
    """Those whose mark is another one; for a tag that is not ours, those that the sender wants otherwise."""
    marks: Mapping[int, list[str]] = {len(each.split(".")): each.split(".") for each in etag.tags(seen)}
    known = marks.get(len(fields))
    if known is None:
        return [field for field in fields if not field.secret and field.sent not in (None, field.now)]
    return [field for field, mark in zip(fields, known, strict=True) if tag([field]) != mark]


def _last(events: Sequence[Event], word: str) -> Event | None:
    """The newest event in which this field changed."""
    return next((event for event in events if event.before.get(word) != event.after.get(word)), None)
