"""What the operator of the service may set about runs; the defaults are what a school would expect."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """When a run may not go on by itself. `few` links may always be lost: small schools change in big shares."""

    lost_share: float = 0.10  # of the school's links of one role
    shrink_share: float = 0.10  # a list this much shorter than last time is taken for incomplete
    few: int = 5


@dataclass(frozen=True, slots=True)
class Keep:
    """How long is kept: a run's record, its log with people in it, audit events, and a password out of use."""

    record: timedelta = timedelta(days=395)  # also of what was deleted when: the proof of deletion
    log: timedelta = timedelta(days=90)
    audit: timedelta = timedelta(days=365)
    secret: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rules:
    """`every`: how often the scheduler ticks, counted from the whole hour."""

    limits: Limits = Limits()
    keep: Keep = Keep()
    every: timedelta = timedelta(minutes=30)
