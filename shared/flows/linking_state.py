"""What automatic linking remembers of a school between runs: one small document, which also carries the lease."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.run import Run

CHECKS = 48  # runs that found nothing changed, kept here instead of as documents of their own: a day's worth
DONE = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A run that waits for a person, and the fingerprint of what it saw: approval counts for exactly that."""

    run: str
    fingerprint: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LinkingState:
    """`fingerprint` is of everything the last completed run looked at; the same again means nothing to do.

    `last_log` is the last applied run, whose log holds; `counts` are its counts, `persons` its list sizes by role. `refused` is the password version WebUntis refused:
    it is not offered again (accounts lock after 8). `pending` is a run whose links are in the directory but not yet
    all written out: whoever comes next finishes it first. `done` are the last runs, so a redelivery does nothing.
    """

    fingerprint: str = ""
    last: Run | None = None
    last_log: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    checks: tuple[Run, ...] = ()
    done: tuple[str, ...] = ()
    persons: dict[str, int] = field(default_factory=dict)
    tenant_id: str = ""
    tenant_of: str = ""  # the school name and subdomain the tenant id was found for
    refused: str = ""
    held: Held | None = None
    approved: str = ""
    pending: Run | None = None
