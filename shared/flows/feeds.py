"""Private calendar feeds: who holds the address reads one person's timetable, so it is told once and kept as a hash.

The address begins with the school's id, so that a feed lies under its school like everything else.
"""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Conflict, NotFound
from shared.flows.audit import audited
from shared.flows.record import decode, encode
from shared.flows.schools import read_school
from shared.ports import ABSENT, App, Where, Write

LONGEST = 300  # characters of a token; ours are a school's id and 44
SEEN_EVERY = timedelta(minutes=10)  # how exactly "last fetched" is kept


@dataclass(frozen=True, slots=True)
class Feed:
    """`hash` of its token; `fetched` is when a calendar last asked for it, None: never."""

    hash: str
    user: str
    made: datetime
    fetched: datetime | None = None


def feed_of(app: App, school: str, user: str) -> Feed | None:
    """The user's feed, or None."""
    page = app.store.query(f"schools/{school}/feeds", where=[Where("user", "==", user)], limit=1)
    return next((decode(found.data | {"hash": found.id}, Feed) for found in page.documents), None)


def make_feed(app: App, school: str, user: str) -> tuple[Feed, str]:
    """A new feed in the place of the one the user had, and its token: nobody can read that again.

    Raises NotFound for an unknown school.
    """
    read_school(app, school)
    token = f"{school}.{secrets.token_urlsafe(32)}"
    feed = Feed(_hash(token), user, app.now())
    kept = encode(feed)
    del kept["hash"]
    event = audited(app, school, actor=user, action="feed.made", subject=user, after={"feed": "gemaakt"})
    app.store.commit([*ended_feeds(app, school, user), Write(_path(school, feed.hash), kept, expect=ABSENT), event])
    return feed, token


def end_feed(app: App, school: str, user: str, *, by: str) -> None:
    """From now on its address is unknown. Repeating is harmless."""
    ended = ended_feeds(app, school, user)
    if ended:
        event = audited(app, school, actor=by, action="feed.ended", subject=user, after={"feed": "ingetrokken"})
        app.store.commit([*ended, event])


def open_feed(app: App, token: str) -> tuple[str, Feed]:
    """The school and the feed of a token. Raises NotFound: it cannot be told why."""
    school, _, secret = token.partition(".")
    if not school or not secret or "/" in token or len(token) > LONGEST:
        raise NotFound("feed.unknown")
    # Looked up by its hash, so how long that takes says nothing about how much of a guess was right.
    found = app.store.get(_path(school, _hash(token)))
    if found is None:
        raise NotFound("feed.unknown")
    return school, decode(found.data | {"hash": found.id}, Feed)


def note_fetch(app: App, school: str, feed: Feed) -> None:
    """Remember that a calendar asked for it just now, unless that was noted minutes ago."""
    if feed.fetched is None or app.now() - feed.fetched > SEEN_EVERY:
        document = app.store.get(_path(school, feed.hash))
        with suppress(Conflict):  # another calendar noted it in this moment, or the feed ended
            if document:
                app.store.commit(
                    [Write(document.path, document.data | {"fetched": app.now()}, expect=document.version)]
                )


def ended_feeds(app: App, school: str, user: str) -> list[Write]:
    """The writes that end whatever feeds the user has."""
    page = app.store.query(f"schools/{school}/feeds", where=[Where("user", "==", user)], limit=100)
    return [Write(found.path, None, expect=found.version) for found in page.documents]


def _path(school: str, digest: str) -> str:
    return f"schools/{school}/feeds/{digest}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
