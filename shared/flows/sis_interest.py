"""A school's wish to export grades to a SIS that we cannot reach yet: kept for support to read, as long as its event.

Of each school the last few are kept. Who asked, and the address he left, go when he is erased.
"""

from datetime import datetime, timedelta

from shared.errors import Fault, Invalid
from shared.flows.audit import audited
from shared.flows.record import decode, encode
from shared.flows.schools import read_school
from shared.flows.turns import take_turn
from shared.ports import ABSENT, App, Document, Where, Write
from shared.values import dataclass

KEPT = 20  # of one school: the newest
TURNS, WITHIN = 5, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Interest:
    """`sis` as the school calls it; `email` is where to answer ("": ask the school); `by` a Profijt user id."""

    id: str
    sis: str
    email: str
    message: str
    by: str
    at: datetime


def send_interest(app: App, school: str, *, sis: str, email: str, message: str, by: str) -> Interest:
    """Keep it, with the event that it was sent; the oldest beyond `KEPT` makes room.

    Raises NotFound, Invalid "interest.no_sis", Throttled after `TURNS` in an hour.
    """
    sis, email = " ".join(sis.split()), email.strip()
    if not sis:
        raise Invalid("interest.no_sis", (Fault("/sis", "interest.no_sis"),))
    read_school(app, school)
    take_turn(app, school, "sis-interest", most=TURNS, within=WITHIN)
    now = app.now()
    interest = Interest(f"{now:%Y%m%dT%H%M%S%f}-{app.new_id()}", sis, email, message.strip(), by, now)
    data = encode(interest) | {"expire_at": now + app.rules.keep.audit}
    del data["id"]
    full = [Write(found.path, None) for found in _kept(app, school)[KEPT - 1 :]]
    event = audited(app, school, actor=by, action="interest.sent", after={"lis": sis})
    app.store.commit([*full, Write(f"{_path(school)}/{interest.id}", data, expect=ABSENT), event])
    return interest


def all_interests(app: App, *, schools: int, cursor: str | None) -> tuple[tuple[tuple[str, Interest], ...], str | None]:
    """Those of the next `schools` schools that there are, newest of a school first, each with its school's id; and the
    cursor of the schools after them, which may be there when these schools sent none."""
    page = app.store.query("schools", limit=schools, cursor=cursor)
    told = [(school.id, _interest(found)) for school in page.documents for found in _kept(app, school.id)]
    return tuple(told), page.cursor


def interests_of(app: App, school: str, user: str) -> tuple[Interest, ...]:
    """What this user sent, newest first."""
    return tuple(_interest(found) for found in _kept(app, school) if found.data["by"] == user)


def ended_interests(app: App, school: str, user: str) -> list[Write]:
    """The writes that delete what this user sent, expired or not."""
    page = app.store.query(_path(school), where=[Where("by", "==", user)], limit=100)
    return [Write(found.path, None, expect=found.version) for found in page.documents]


def _kept(app: App, school: str) -> list[Document]:
    now = app.now()
    page = app.store.query(_path(school), order="at", descending=True, limit=100)
    return [found for found in page.documents if found.data["expire_at"] > now]


def _interest(found: Document) -> Interest:
    return decode(found.data | {"id": found.id}, Interest)


def _path(school: str) -> str:
    return f"schools/{school}/interests"
