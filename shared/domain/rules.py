"""What the operator of the service may set about runs; the defaults are what a school would expect."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from shared.values import dataclass


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
    weeks: timedelta = timedelta(days=100)  # a timetable week, counted from its end
    coursework: timedelta = timedelta(days=400)  # Profijt's own grades, counted from their last change


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a timetable week may be. WebUntis asks not to be called about lessons more than hourly.

    `near` are the present week and the next, which the job keeps fresh; all others are read when somebody looks. A week
    is read again on demand when it is older than `on_demand`, `whole` from time to time instead of its changes alone,
    and marked as old ("verouderd") when it is twice as old as it may be. An instance answers readers out of what it
    read from the store within `remembered`. For weeks that nobody has read yet a reader is kept waiting for `patience`.
    """

    near: timedelta = timedelta(minutes=60)
    far: timedelta = timedelta(hours=24)
    on_demand: float = 1.25  # times `near` or `far`
    whole: timedelta = timedelta(hours=20)  # so that one reading every night is whole
    remembered: timedelta = timedelta(0)
    patience: timedelta = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Rules:
    """`every`: how often the scheduler ticks, counted from the whole hour. `delegated`: school → the mail domain whose
    people our service account may stand in for at Google; nobody else's, whatever address a school gives somebody."""

    limits: Limits = Limits()
    keep: Keep = Keep()
    freshness: Freshness = Freshness()
    every: timedelta = timedelta(minutes=30)
    delegated: Mapping[str, str] = field(default_factory=dict)
