"""Who changed what: an event is committed together with the change it tells of, so neither exists without the other."""

from datetime import datetime

from shared.flows.record import decode, encode
from shared.ports import App, Data, Where, Write
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """`actor` is a Profijt user id, "run:…" or "webuntis"; `action` a dotted word ("settings.saved", "link.decided",
    "secret.replaced", "run.approved"); `subject` what it was done to ("" for the school itself, else a user or run id).

    `before` and `after` hold only what changed, with words a school knows; a secret is "ingesteld" and never itself.
    """

    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    before: Data
    after: Data


def audited(
    app: App, school: str, *, actor: str, action: str, subject: str = "", before: Data | None = None, after: Data
) -> Write:
    """The write that records an event of now; commit it with the change."""
    at = app.now()
    event = Event(f"{at:%Y%m%dT%H%M%S%f}-{app.new_id()}", at, actor, action, subject, before or {}, after)
    data = encode(event) | {"expire_at": at + app.rules.keep.audit}
    return Write(f"schools/{school}/audit/{event.id}", data)


def read_audit(
    app: App, school: str, *, limit: int, cursor: str | None, subject: str = ""
) -> tuple[tuple[Event, ...], str | None]:
    """The school's events (about `subject` when named), newest first, and the cursor of older ones."""
    about = [Where("subject", "==", subject)] if subject else []
    page = app.store.query(
        f"schools/{school}/audit", where=about, order="at", descending=True, limit=limit, cursor=cursor
    )
    now = app.now()
    events = tuple(decode(found.data, Event) for found in page.documents if found.data["expire_at"] > now)
    return events, page.cursor
