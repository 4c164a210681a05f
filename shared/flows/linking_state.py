"""What automatic linking remembers of a school between runs: one small document, which also carries the lease."""

from dataclasses import field, replace
from datetime import datetime

from shared.domain.run import Problem, Run
from shared.domain.status import Watch
from shared.flows.record import decode, encode
from shared.flows.schools import state_path
from shared.ports import ABSENT, Document, Write
from shared.values import dataclass

CHECKS = 48  # runs that brought nothing new, kept here instead of as documents of their own: a day's worth
DONE = 20
REFUSALS = 20
LEASE_SECONDS = 540  # a function's time limit: whoever holds it longer is dead


@dataclass(frozen=True, slots=True)
class Held:
    """A run that waits for a person, why, and the fingerprint of what it saw: approval counts for exactly that."""

    run: str
    fingerprint: str
    since: datetime
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Discarded:
    """A held run that a person decided against: what it saw is not held again."""

    run: str
    fingerprint: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the way until a person acts, and the settings (`read_roster.access`) it was found with."""

    problem: Problem
    access: str


@dataclass(frozen=True, slots=True)
class Holder:
    """The run that holds the lease, and until when unless it renews it."""

    run: str
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkingState:
    """`fingerprint` is of everything the last completed run looked at; the same again means nothing to do.

    `last_log` is the last applied run, whose log holds, begun at `logged`; `counts` are its counts, `persons` its list
    sizes by role. `refusals` are the last accesses (`read_roster.access`) that WebUntis refused to a run, as it knows
    without reading more (`refusals` has those of everybody): none is tried again, also when settings go to and fro.
    `pending` is a run whose links are in the directory but not yet all written out: whoever comes next finishes it
    first. `done` are the last runs, so a redelivery does nothing. `last_good`: when a run last read everything and had
    nothing against it; `trouble` stays until the next such run. `without_id`: people at WebUntis without an ID-nummer,
    by role. `watch`: the coupling's condition as last noted.
    """

    fingerprint: str = ""
    last: Run | None = None
    last_log: str = ""
    logged: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)
    checks: tuple[Run, ...] = ()
    done: tuple[str, ...] = ()
    persons: dict[str, int] = field(default_factory=dict)
    tenant_id: str = ""
    tenant_of: str = ""  # the school name and subdomain the tenant id was found for
    refusals: tuple[str, ...] = ()
    held: Held | None = None
    approved: str = ""
    pending: Run | None = None
    not_before: datetime | None = None  # WebUntis asked not to be called until then
    last_good: datetime | None = None
    discarded: Discarded | None = None
    trouble: Trouble | None = None
    without_id: dict[str, int] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    @property
    def standing_log(self) -> str:
        """The run whose log holds while nothing changes: the one that is held, else the last applied; "" for none."""
        return self.held.run if self.held else self.last_log


def refusing(state: LinkingState, access: str) -> LinkingState:
    """The state in which this access has been refused, too."""
    return replace(state, refusals=(*state.refusals, access)[-REFUSALS:])


def opened(document: Document | None) -> LinkingState:
    """The state in its document; that of a school without one."""
    return decode(document.data, LinkingState) if document else LinkingState()


def rewritten(school: str, state: LinkingState, document: Document | None) -> Write:
    """The write that puts `state` in the place of `document` as it was read, beside whatever lease is on it."""
    lease = {name: document.data[name] for name in ("lease",) if document and name in document.data}
    return Write(state_path(school), encode(state) | lease, expect=document.version if document else ABSENT)


def holder(document: Document | None, now: datetime) -> Holder | None:
    """The run that is at work on the school at `now`, or None."""
    lease = document.data.get("lease") if document else None
    if not lease or not lease["owner"] or lease["until"] <= now:
        return None
    return Holder(lease["owner"], lease["until"])
