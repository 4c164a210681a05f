"""How a school's coupling is doing: one condition, who must act and why; decided from values and `now` alone."""

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.causes import CAUSES, Owner
from shared.domain.run import Problem
from shared.domain.school import School
from shared.values import dataclass

LATE_AFTER = timedelta(minutes=45)  # one and a half times the half hour that schools are told
ERROR_AFTER = timedelta(minutes=65)  # two runs missed


class Condition(StrEnum):
    NOT_SET_UP = "not_set_up"  # switched off, and never complete enough to switch on
    WAITING = "waiting"  # switched on (again), and no good run since
    ON_TIME = "on_time"
    LATE = "late"  # more than 45 minutes without a good run
    ERROR = "error"  # more than 65
    HELD = "held"  # a run waits until a person approves or discards it
    ACTION_NEEDED = "action_needed"  # somebody at the school must mend something; nothing works until then
    PAUSED = "paused"
    OFF = "off"
    LESSONS_REFUSED = "lessons_refused"  # told beside any of the others: people are linked, no lessons can be read


EXPECTING = (Condition.WAITING, Condition.ON_TIME, Condition.LATE, Condition.ERROR)  # a good run is due by the clock
# WAITING is the step between two of them and no news of its own.
TOLD = tuple(condition for condition in Condition if condition not in (Condition.WAITING, Condition.NOT_SET_UP))


@dataclass(frozen=True, slots=True)
class Watch:
    """What was noted last: the condition, since when, and from when a good run is `expected` (None: it is not); and
    since when the API user that lessons are read as is known to be refused."""

    condition: Condition = Condition.NOT_SET_UP
    since: datetime | None = None
    expected: datetime | None = None
    lessons_refused: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What runs have left behind: the last good one, a held one's reasons, a trouble only a person can mend, and what
    was the matter with the last run, if it was not good."""

    watch: Watch = field(default_factory=Watch)
    last_good: datetime | None = None
    held: tuple[Problem, ...] | None = None
    trouble: Problem | None = None
    last: Problem | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The condition with the problem behind it, if there is one; `expected` as in Watch."""

    condition: Condition
    problem: Problem | None = None
    expected: datetime | None = None

    @property
    def code(self) -> str:
        """Its sentence in `shared.domain.causes`."""
        return f"coupling.{self.condition}"

    @property
    def owner(self) -> Owner:
        """Who must act: whoever can mend the problem, when there is one."""
        return CAUSES[self.problem.code if self.problem else self.code].owner

    @property
    def remedy(self) -> tuple[str, dict[str, str | int]]:
        """The code, and its facts, whose remedy is the next step."""
        return (self.problem.code, self.problem.facts) if self.problem else (self.code, {})


def assess(school: School, known: Known, now: datetime) -> Status:
    """The coupling's condition at `now`. What a person at the school set comes before what runs found."""
    settings = school.webuntis
    if not settings.enabled:
        if settings.complete:
            return Status(Condition.OFF)
        locked = None if school.unlocked else Problem("settings.locked")
        return Status(Condition.NOT_SET_UP, locked)
    if school.stopped:
        return Status(Condition.ACTION_NEEDED, Problem(f"webuntis.{school.stopped}"))
    if not settings.complete:
        return Status(Condition.ACTION_NEEDED, Problem("settings.incomplete", {"missing": settings.missing}))
    if is_paused(school, now):
        return Status(Condition.PAUSED)
    if known.trouble:
        return Status(Condition.ACTION_NEEDED, known.trouble)
    if known.held is not None:
        return Status(Condition.HELD, known.held[-1] if known.held else None)  # the hold itself comes last
    return _by_the_clock(known, now)


def follow(watch: Watch, status: Status, now: datetime, *, lessons_refused: bool = False) -> Watch:
    """What to note after `status`; an equal value when nothing changed, so that nothing is written."""
    since = watch.since if status.condition is watch.condition else now
    refused = (watch.lessons_refused or now) if lessons_refused else None
    return Watch(status.condition, since, status.expected, refused)


def is_actionable(problem: Problem) -> bool:
    """Whether somebody at the school must act before runs can be good again. What passes or is ours to mend is told by
    lateness instead: one bad answer is no news."""
    return CAUSES[problem.code].owner in (Owner.ADMIN, Owner.UNTIS_ADMIN)


def is_paused(school: School, at: datetime) -> bool:
    """Whether `at` falls on a day of the school's pause, in its own zone."""
    return school.pause is not None and school.pause.holds(at.astimezone(ZoneInfo(school.zone)).date())


def _by_the_clock(known: Known, now: datetime) -> Status:
    expected = _expected(known, now)
    good = known.last_good
    waited = now - max(good or expected, expected)
    if waited > LATE_AFTER:
        return Status(Condition.ERROR if waited > ERROR_AFTER else Condition.LATE, known.last, expected)
    if good is None or good < expected:
        return Status(Condition.WAITING, None, expected)
    return Status(Condition.ON_TIME, None, expected)


def _expected(known: Known, now: datetime) -> datetime:
    """From when a good run is due: not from before the coupling was switched on, resumed or mended."""
    watch = known.watch
    if watch.condition in EXPECTING and watch.expected:
        return watch.expected
    good = known.last_good
    mended = good is not None and now - good <= LATE_AFTER and (watch.since is None or good >= watch.since)
    return good if good and mended else now
