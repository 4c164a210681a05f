"""Ends a school's connection to its SIS, once it is confirmed: nothing more is sent, and nothing is lost.

The generation rises together with the state, so that an export under way stops before its next write. What was sent
stays at the SIS, links and ledger stay here, and a reconnect goes on where this stopped.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.sis import Sis
from shared.errors import Conflict
from shared.flows.audit import audited
from shared.flows.connect_sis import in_words
from shared.flows.new_password import disable
from shared.flows.schools import read_school
from shared.flows.sis import read_sis, secret_name, sis_write
from shared.flows.sis_books import book_write, held_in, read_books
from shared.ports import App, Write

VALID = timedelta(minutes=10)


class Unconfirmed(Conflict):
    """Nothing was done yet: `confirm` has to come along, before `until`."""

    def __init__(self, confirm: str, until: datetime) -> None:
        super().__init__("sis.confirm_disconnect")
        self.confirm = confirm
        self.until = until


def disconnect(app: App, school: str, *, confirm: str, by: str) -> None:
    """Disconnect, if `confirm` is what Unconfirmed told of this very connection. What is disconnected stays so.

    Raises NotFound "school.unknown", Unconfirmed, Conflict when the connection changed at this moment, Unreachable.
    """
    read_school(app, school)
    sis, version = read_sis(app, school)
    if sis is None:
        return
    if sis.connected:
        until = datetime.fromtimestamp(int(app.now().timestamp()), UTC) + VALID
        if not _confirms(confirm, version, app.now()):
            raise Unconfirmed(_told(version, until), until)
        _end(app, school, sis, version, by=by)
    # Also when it is repeated: the one before may have failed at just this.
    disable(app, secret_name(school), sis.secret_version)


def _end(app: App, school: str, sis: Sis, version: str, *, by: str) -> None:
    now = app.now()
    ended = replace(sis, state="disconnected", generation=sis.generation + 1, since=now, by=by)
    held = held_in(app, school, sis.book)
    known = read_books(app, school).get(sis.book)
    books: list[Write] = []
    if known:
        book = replace(known, ended=now, items=held.items, results=held.results)
        books.append(book_write(school, sis.book, book))
    before, after = in_words(sis), in_words(ended)
    changed = [name for name in after if before[name] != after[name]]
    event = audited(
        app,
        school,
        actor=by,
        action="sis.disconnected",
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    app.store.commit([sis_write(school, ended, version=version), *books, event])


def _told(version: str, until: datetime) -> str:
    """The confirmation of the connection at `version`, which any change ends. No secret, and nothing depends on its
    being one: it keeps a school from being disconnected by one request, unread."""
    stamp = str(int(until.timestamp()))
    digest = hashlib.sha256(f"disconnect {version} {stamp}".encode()).hexdigest()[:20]
    return f"{stamp}-{digest}"


def _confirms(confirm: str, version: str, now: datetime) -> bool:
    stamp = confirm.partition("-")[0]
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    until = datetime.fromtimestamp(int(stamp), UTC)
    return now <= until <= now + VALID and hmac.compare_digest(confirm.encode(), _told(version, until).encode())
