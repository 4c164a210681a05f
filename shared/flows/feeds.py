"""Private calendar feeds: who holds the address reads one person's timetable, so it is told once and kept as a hash.

A person's feed is one document, so that whatever happens at once, one address at most is live. The address begins with
the school's id and tells which document, so that a feed lies under its school like everything else.
"""

import hashlib
import hmac
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from shared.errors import Conflict, NotFound
from shared.flows.audit import audited
from shared.flows.record import decode, encode
from shared.flows.schools import read_school, short
from shared.ports import ABSENT, App, Write
from shared.values import dataclass

SEEN_EVERY = timedelta(minutes=10)  # how exactly "last fetched" is kept
_TOKEN = re.compile(r"([^./][^/]{0,199})\.([0-9a-f]{24})\.[\w-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Feed:
    """`hash` of its token; `fetched` is when a calendar last asked for it, None: never. It goes a while after its user
    was first seen to be no longer in Profijt (`gone`)."""

    hash: str
    user: str
    made: datetime
    fetched: datetime | None = None
    gone: datetime | None = None


def feed_of(app: App, school: str, user: str) -> Feed | None:
    """The user's feed, or None."""
    found = app.store.get(_path(school, _holder(user)))
    return decode(found.data, Feed) if found else None


def make_feed(app: App, school: str, user: str) -> tuple[Feed, str]:
    """A new feed in the place of the one the user had, and its token: nobody can read that again.

    Raises NotFound for an unknown school, Conflict when the user makes or ends one at this very moment elsewhere.
    """
    read_school(app, school)
    holder = _holder(user)
    token = f"{school}.{holder}.{secrets.token_urlsafe(32)}"
    feed = Feed(_hash(token), user, app.now())
    before = app.store.get(_path(school, holder))
    event = audited(app, school, actor=user, action="feed.made", subject=user, after={"feed": "gemaakt"})
    expect = before.version if before else ABSENT
    app.store.commit([Write(_path(school, holder), encode(feed), expect=expect), event])
    return feed, token


def end_feed(app: App, school: str, user: str, *, by: str) -> None:
    """From now on its address is unknown. Repeating is harmless. Raises Conflict as `make_feed`."""
    ended = ended_feeds(app, school, user)
    if ended:
        event = audited(app, school, actor=by, action="feed.ended", subject=user, after={"feed": "ingetrokken"})
        app.store.commit([*ended, event])


def open_feed(app: App, token: str) -> tuple[str, Feed]:
    """The school and the feed of a token. Raises NotFound: it cannot be told why."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise NotFound("feed.unknown")
    school, holder = parts.groups()
    found = app.store.get(_path(school, holder))
    # In a time that says nothing about how much of a guess was right.
    if found is None or not hmac.compare_digest(found.data["hash"], _hash(token)):
        raise NotFound("feed.unknown")
    return school, decode(found.data, Feed)


def note_fetch(app: App, school: str, feed: Feed) -> None:
    """Remember that a calendar asked for it just now, unless that was noted minutes ago."""
    if feed.fetched is None or app.now() - feed.fetched > SEEN_EVERY:
        document = app.store.get(_path(school, _holder(feed.user)))
        with suppress(Conflict):  # another calendar noted it in this moment, or the feed ended
            if document and document.data["hash"] == feed.hash:
                app.store.commit(
                    [Write(document.path, document.data | {"fetched": app.now()}, expect=document.version)]
                )


def ended_feeds(app: App, school: str, user: str) -> list[Write]:
    """The write that ends the user's feed, if there is one."""
    found = app.store.get(_path(school, _holder(user)))
    return [Write(found.path, None, expect=found.version)] if found else []


def _path(school: str, holder: str) -> str:
    return f"schools/{school}/feeds/{holder}"


def _holder(user: str) -> str:
    """The id of this user's document: it stands in the address, so it does not tell the user's."""
    return short(user)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
