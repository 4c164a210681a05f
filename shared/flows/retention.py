"""Deletes what a school's retention periods say must go, and keeps a record that proves it: counts, never ids.

Firestore's own expiry does the same within a day or so, SQLite has none; here every deletion is committed together with
the record that counts it. Runs once a day for each school, coupled or not, and may be repeated.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shared.flows.api_user import api_password_name
from shared.flows.documents import documents
from shared.flows.google_consent import ended_consent, leavers, revoked_as_far_as_can_be
from shared.flows.leavers import leavers_with
from shared.flows.packed import FIELD
from shared.flows.read_roster import password_name
from shared.flows.record import decode, encode
from shared.flows.schools import read_school
from shared.flows.sis import secret_name
from shared.flows.sis_books import read_books
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

TOPIC = "retain-school"
PAGE = 300
BATCH = 50  # documents deleted in one commit, each with its few parts

# Collection → by which field its oldest come first: what is not expired ends the search. "" is by id: the ids of logs
# are those of runs, which begin with their time, and so do those of exports.
EXPIRING: Mapping[str, str] = {
    "runs": "started",
    "audit": "at",
    "retention": "at",
    "notices": "at",
    "interests": "at",
    "coursework": "changed",
    "idempotency": "until",
    "google-ways": "",
    "logs": "",
    "weeks": "",
    "exports": "at",
    "export-items": "",
    "export-sheets": "",
}
# In no order of expiry: a week of long ago that somebody looked at stays a day, and a way's id is a hash.
_MIXED = frozenset({"weeks", "google-ways"})
_LARGE = frozenset({"logs", "idempotency", "export-items", "export-sheets"})  # documents of up to 1 MiB
SINGLE = ("support/consent",)  # documents that expire by themselves


@dataclass(frozen=True, slots=True)
class Retained:
    """What one day's job deleted: how many documents of each collection, and old passwords ("secrets"). `at`: last."""

    date: str
    at: datetime
    deleted: dict[str, int]


def retain_all(app: App) -> int:
    """Ask for the job of every school; returns how many. May be repeated."""
    cursor, schools = None, 0
    while True:
        page = app.store.query("schools", limit=PAGE, cursor=cursor)
        schools += len(page.documents)
        if page.documents:
            app.queue.publish(TOPIC, [{"school": document.id} for document in page.documents])
        cursor = page.cursor
        if cursor is None:
            return schools


def retain(app: App, school: str) -> Retained:
    """Delete what is over, and tell what today's jobs deleted so far. Raises NotFound for an unknown school, Conflict
    when another job of this school does the same at this moment: deliver again."""
    read_school(app, school)
    book = _Book(app, school)
    ledgers = {f"ledgers/{name}/lines": "at" for name in read_books(app, school)}
    for name, order in {**EXPIRING, **ledgers}.items():
        kind = name.rpartition("/")[2]
        for batch in _batches(_expired(app, school, name, order)):
            writes = [Write(found.path, None, expect=found.version) for found in batch]
            parts = [Write(part, None) for found in batch if FIELD in found.data for part in _parts(app, found)]
            # In one commit: a head without its parts would be a damaged value, parts without a head nobody's.
            book.commit([*writes, *parts], {kind: len(batch)} | ({f"{kind}.parts": len(parts)} if parts else {}))
    for name in SINGLE:
        found = app.store.get(f"schools/{school}/{name}")
        if found and found.data["expire_at"] <= app.now():
            book.commit([Write(found.path, None, expect=found.version)], {name.partition("/")[0]: 1})
    for user in leavers(app, school):
        revoked_as_far_as_can_be(app, school, user)
        book.commit(ended_consent(app, school, user), {"google": 1})
    for feed in leavers_with(app, school, "feeds"):
        book.commit([Write(feed.path, None, expect=feed.version)], {"feeds": 1})
    ours, over = _destroy_passwords(app, school, password_name(school), "passwords")
    api, api_over = _destroy_passwords(app, school, api_password_name(school), "api-passwords")
    sis, sis_over = _destroy_passwords(app, school, secret_name(school), "sis-secrets")
    destroyed = over + api_over + sis_over
    book.commit([*ours, *api, *sis], {"secrets": destroyed} if destroyed else {})
    return book.told


def list_retained(app: App, school: str, *, limit: int, cursor: str | None) -> tuple[tuple[Retained, ...], str | None]:
    """The records, last day first, and the cursor of older ones. Raises NotFound for an unknown school."""
    read_school(app, school)
    page = app.store.query(f"schools/{school}/retention", order="at", descending=True, limit=limit, cursor=cursor)
    now = app.now()
    return tuple(decode(each.data, Retained) for each in page.documents if each.data["expire_at"] > now), page.cursor


class _Book:
    """Today's record, which every commit of deletions counts in."""

    def __init__(self, app: App, school: str) -> None:
        self._app = app
        self._today = app.now()
        self._path = f"schools/{school}/retention/{self._today:%Y-%m-%d}"
        found = app.store.get(self._path)
        self._version = found.version if found else ABSENT
        self.told = decode(found.data, Retained) if found else Retained(f"{self._today:%Y-%m-%d}", self._today, {})

    def commit(self, writes: Sequence[Write], deleted: Mapping[str, int]) -> None:
        """Carry out `writes` and count `deleted`, both or neither."""
        counts = Counter(self.told.deleted) + Counter(deleted)
        told = Retained(self.told.date, self._app.now(), dict(sorted(counts.items())))
        data = encode(told) | {"expire_at": self._today + self._app.rules.keep.record}
        *_, self._version = self._app.store.commit([*writes, Write(self._path, data, expect=self._version)])
        self.told = told


def _destroy_passwords(app: App, school: str, name: str, notes: str) -> tuple[list[Write], int]:
    """Destroy passwords that have been out of use for the set time, and count them: Secrets does not tell since when,
    so we note it."""
    path = f"schools/{school}/housekeeping/{notes}"
    noted = app.store.get(path)
    seen: dict[str, datetime] = noted.data["disabled"] if noted else {}
    disabled = [version for version, state in app.secrets.versions(name).items() if state == "disabled"]
    now = app.now()
    over = [version for version in disabled if version in seen and seen[version] + app.rules.keep.secret <= now]
    for version in over:
        app.secrets.destroy(name, version)
    left = {version: seen.get(version, now) for version in disabled if version not in over}
    if left == seen:
        return [], 0
    write = Write(path, {"disabled": left} if left else None, expect=noted.version if noted else ABSENT)
    return [write], len(over)


def _expired(app: App, school: str, name: str, order: str) -> Iterator[Document]:
    """Oldest first, until one that is not over yet; of the data only whether it is packed."""
    now = app.now()
    for found in documents(app.store, f"schools/{school}/{name}", order=order, page=5 if name in _LARGE else PAGE):
        # A week whose first reading never ended has a lease alone.
        over = found.data["expire_at"] if "expire_at" in found.data else found.data["lease"]["until"]
        if over > now:
            if name in _MIXED:
                continue
            return
        yield replace(found, data={name: True for name in found.data if name == FIELD})


def _parts(app: App, head: Document) -> list[str]:
    return [part.path for part in documents(app.store, f"{head.path}/parts", page=5)]


def _batches(found: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for each in found:
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
