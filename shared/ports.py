"""The outside world on one page: what the flows may ask of it, and what they may rely on.

Lessons (`shared.timetable_source`), a SIS's gradebook (`shared.gradebook_port`), coursework (`shared.coursework_port`)
and news for a school (`shared.telling`) have a page of their own. Every adapter
keeps the same promises; `tests/contracts/` holds one suite per port that runs on every adapter.
Paths are slash-separated and alternate collection and document, as in Firestore: "schools/demo/runs/20261122T0800".
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from shared.domain.people import Person, Role
from shared.domain.rules import Rules
from shared.errors import Conflict
from shared.telling import Mail, Webhook
from shared.values import dataclass

if TYPE_CHECKING:  # no function that reads no lessons, and no grades, pays for them at its start
    from shared.coursework_port import ClassroomAccess, ConsentDesk, Coursework
    from shared.gradebook_port import Gradebook, SisConnection
    from shared.timetable_source import ApiUser, TimetableSource

# ---------------------------------------------------------------- Store

Data = dict[str, Any]  # None, bool, int (64 bit), float, str, bytes, aware datetime, list, dict with str keys

ANY = ""  # no precondition
ABSENT = "absent"  # the document must not exist yet


@dataclass(frozen=True, slots=True)
class Document:
    """One document as read: `version` is opaque, and changes with every write that changes the data, and only then."""

    path: str
    data: Data
    version: str

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Write:
    """Replace the document at `path` by `data` (None: delete it), if it is as expected: ANY, ABSENT or a version."""

    path: str
    data: Data | None
    expect: str = ANY


@dataclass(frozen=True, slots=True)
class Where:
    """A filter on one top-level or dotted field."""

    field: str
    op: Literal["==", "<", "<=", ">", ">=", "in"]
    value: Any


@dataclass(frozen=True, slots=True)
class Page:
    """Documents in order, and the cursor for those after them (None: these were the last)."""

    documents: tuple[Document, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    """Proof that `owner` may work on the document until `until`; `token` rises with every claim (fencing).

    `version` is the document's version after the claim: a later `Write(path, …, expect=lease.version)` fails with
    Conflict when somebody else has claimed or written since. `data` is the document's data with the lease in it.
    """

    path: str
    owner: str
    token: int
    until: datetime
    version: str
    data: Data


class Store(ABC):
    """Documents with compare-and-set: one winner, nobody waits.

    Reads see all earlier writes. Raises Unreachable when the database cannot be reached and Throttled when it asks for
    patience; Conflict when a precondition does not hold; Invalid when a document breaks production's limits (1 MiB a
    document, 500 writes and 3 MiB a commit, ids of 1,500 bytes), which are the same on every adapter; Rejected for a
    request it does not understand, and Misconfigured when it is not there, or an index or our right to it is missing.
    """

    @abstractmethod
    def get_many(self, paths: Sequence[str]) -> dict[str, Document]:
        """The documents that exist, by path. One round trip."""

    @abstractmethod
    def query(
        self,
        collection: str,
        *,
        where: Sequence[Where] = (),
        order: str = "",
        descending: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        """Documents directly in `collection` that pass every filter, ordered by `order` then id (or by id alone).

        A document without the `order` field is left out. A cursor stays good while documents come and go: what was
        there all the time is returned exactly once. A cursor that is not ours raises Invalid.
        """

    @abstractmethod
    def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
        """All of the writes or none; returns the new versions ("" for a delete) in order. Conflict changes nothing."""

    @abstractmethod
    def write_many(self, writes: Sequence[Write]) -> None:
        """Any number of unconditional writes, in atomic chunks. May be repeated: the end state is the same."""

    def get(self, path: str) -> Document | None:
        """The document, or None."""
        return self.get_many([path]).get(path)

    def lease(self, path: str, *, owner: str, now: datetime, seconds: int) -> Lease | None:
        """Claim the document at `path` (made when absent) for `owner`, or None while another's claim is live.

        Claiming again as the same owner renews. An expired claim may be taken over by anyone; the old holder's
        writes then fail by their precondition.
        """
        found = self.get(path)
        data = dict(found.data) if found else {}
        held = data.get("lease") or {"owner": "", "token": 0, "until": now}
        if held["owner"] not in ("", owner) and held["until"] > now:
            return None
        until = now + timedelta(seconds=seconds)
        data["lease"] = {"owner": owner, "token": held["token"] + 1, "until": until}
        try:
            [version] = self.commit([Write(path, data, expect=found.version if found else ABSENT)])
        except Conflict:
            return None  # another claimed between our read and our write
        return Lease(path, owner, held["token"] + 1, until, version, data)


# ---------------------------------------------------------------- Secrets


class Secrets(Protocol):
    """Secret texts in versions. Names are ours ("webuntis-demo"); versions are opaque and never reused.

    Rotation: `add` the new one, test it, point the settings at its version, `disable` the old one, `destroy` it later.
    Raises NotFound for an unknown name or version, or one that was disabled or destroyed; Unreachable.
    """

    def add(self, name: str, value: str) -> str:
        """Store a new version (enabled) and return it. The name is made when it is new."""
        ...

    def read(self, name: str, version: str) -> str:
        """The text of exactly this version."""
        ...

    def disable(self, name: str, version: str) -> None:
        """Make it unreadable, for now. Repeating is harmless."""
        ...

    def destroy(self, name: str, version: str) -> None:
        """Make it unreadable for ever. Repeating is harmless."""
        ...

    def versions(self, name: str) -> dict[str, Literal["enabled", "disabled", "destroyed"]]:
        """Every version ever added, oldest first; empty for an unknown name."""
        ...


# ---------------------------------------------------------------- Queue


@dataclass(frozen=True, slots=True)
class Message:
    """What travels: small texts only, ids and never personal data. `attempt` counts deliveries from 1 (0: unknown)."""

    topic: str
    body: Mapping[str, str]
    id: str = ""
    attempt: int = 0


class Queue(Protocol):
    """At-least-once delivery: handlers must bear repetition. A handler that raises gets the message again, later.

    After `attempts` failures (configured on the queue) a message is set aside as dead, never silently dropped.
    """

    def publish(self, topic: str, bodies: Sequence[Mapping[str, str]]) -> None:
        """Returns when every message is safely taken. Raises Unreachable."""
        ...


# ---------------------------------------------------------------- Roster (WebUntis' people)


@dataclass(frozen=True, slots=True)
class WebUntisConnection:
    """Where a school lives at WebUntis and how to log in there. `password` never appears in repr."""

    school: str  # our id: the key under which tokens are kept apart
    school_name: str  # Schoolnaam
    subdomain: str
    tenant_id: str  # "" when not known yet: found by school search
    client_id: str
    auth: Literal["v3", "v1"]
    password: str = field(repr=False)
    password_version: str  # so that a cached token dies with its password
    # Called before each login, which is not made when it raises: what WebUntis refused others is not tried once more.
    before_login: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)


class Roster(Protocol):
    """The people a school has in WebUntis. Made for one connection; logs in on first use.

    An API user's has no tenant id (""), and no ID-nummers of teachers.

    Raises NotAuthorized "webuntis.login_refused" (wrong password: the caller must not try again until the secret
    changes) or "webuntis.right_missing" (this list only); Unreachable; Throttled; Rejected (wrong tenant, an answer
    that is no list, an incomplete list).
    """

    def tenant_id(self) -> str:
        """The tenant id: as configured, or found by school search (exactly one hit on school name and server)."""
        ...

    def login(self) -> None:
        """Log in afresh, once, whatever token is at hand: afterwards WebUntis has taken the password, now."""
        ...

    def people(self, role: Role) -> tuple[Person, ...]:
        """All of them, complete, also those without an ID-nummer, also those who left; order as WebUntis gave it."""
        ...


# ---------------------------------------------------------------- Identity


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as a verified token says. `roles` ⊂ student, teacher, admin, support, service."""

    user: str
    school: str  # "" for support and for machines
    roles: frozenset[str]


class Identity(Protocol):
    """Tells whose a bearer token is."""

    def caller(self, token: str) -> Caller:
        """Who shows it. Raises Unauthenticated, and Unreachable while the issuer's keys cannot be had."""
        ...

    def is_issuer_of(self, token: str) -> bool:
        """Whether the token says that it is from here, so that nobody else need be asked. Nothing is verified."""
        ...


# ---------------------------------------------------------------- The composition


@dataclass(frozen=True, slots=True)
class App:
    """Everything a flow or a route may use, made once per instance by `shared.wiring`."""

    store: Store
    secrets: Secrets
    queue: Queue
    roster: "Callable[[WebUntisConnection | ApiUser], Roster]"
    timetable: "Callable[[WebUntisConnection | ApiUser, str], TimetableSource]"  # and the school's zone
    gradebook: "Callable[[SisConnection], Gradebook]"
    classroom: "Callable[[ClassroomAccess], Coursework]"
    consent: "ConsentDesk | None"  # None: no OAuth client is configured, or the school's delegation does without
    identity: Identity  # people: Profijt's issuer
    machines: Identity  # Scheduler and Pub/Sub: Google's issuer, named service accounts
    signed: Callable[[bytes, str], bool]  # whether WebUntis' platform signed exactly these bytes so (base64)
    mail: Mail | None  # None: no mail server is configured
    webhook: Webhook
    client_id: str  # of the Profijt application at WebUntis, for every school without one of its own
    rules: Rules
    now: Callable[[], datetime]  # aware, UTC
    new_id: Callable[[], str]  # a fresh id; only where chance is wanted
