"""«Waarom zie ik geen rooster?» for one person: ordered checks on what is stored; the first that fails is the cause.

Nobody else's name, ID-nummer or decision enters here, so an answer made of it can be shown to the person himself.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal

from shared.domain.people import Decision, State, User
from shared.domain.planner.notices import Notice
from shared.domain.run import Outcome, Run
from shared.domain.school import School
from shared.values import dataclass

Result = Literal["ok", "failed", "unknown"]
Name = Literal[
    "enabled", "settings", "run", "profijt", "webuntis", "idNumber", "link", "right", "snapshot", "year", "lessons"
]

# Causes of a decision that are about the ID-nummer itself: missing, double, or not the same on both sides.
_ID_NUMBER = frozenset(
    f"link.{cause}"
    for cause in (
        "no_id_number",
        "duplicate_id_number",
        "key_held_twice",
        "id_number_untold",
        "number_differs",
        "untis_id_differs",
        "attribute_not_chosen",
        "attribute_empty",
        "attribute_not_found",
        "attribute_shared",
        "attribute_lookalike",
    )
)
# Of those: somebody was found in WebUntis, only the number is not right.
_SOMEBODY = frozenset(
    {"link.no_id_number", "link.id_number_untold", "link.duplicate_id_number"}
    | {"link.number_differs", "link.untis_id_differs"}
)
# Why a week could not be read, that are about what we may; anything else is about reading it.
_RIGHT = frozenset(
    f"webuntis.{code}"
    for code in (
        "lessons_refused",
        "login_refused",
        "right_missing",
        "api_lessons_refused",
        "api_login_refused",
        "api_right_missing",
        "second_factor",
    )
)
_NO_SCHOOL = ("week.outside_year", "week.holiday")
_LATER = "diagnosis.later"  # cannot be said before something else is mended


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """What is kept of this week's lessons for one person. `read` None: they were never read from WebUntis.

    `failure` is the code of why the last attempt failed, "" when it went well, with its `facts`. `lessons` and
    `cancelled` count his own, `notices` are those of the week.
    """

    read: datetime | None = None
    stale: bool = False
    failure: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    lessons: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is stored about one person's timetable. Times are in the school's zone; `next` None: no run is due.

    `user` None: Profijt never told of this person. `decision` None: no run has seen him yet. `week` None: nobody whose
    lessons could be looked up.
    """

    school: School
    now: datetime
    last: Run | None
    next: datetime | None
    every: timedelta
    user: User | None
    decision: Decision | None
    week: OwnWeek | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer: `code` is a key of causes, `facts` its blanks. Only a "failed" asks for a remedy."""

    name: Name
    result: Result
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def diagnose(situation: Situation) -> tuple[Check, ...]:
    """Every check, in the order in which a person would look."""
    return tuple(check(situation) for check in _CHECKS)


def first_failing(checks: tuple[Check, ...]) -> Check | None:
    """The one that explains the empty timetable, or None: then the link is not the reason."""
    return next((check for check in checks if check.result == "failed"), None)


def _enabled(it: Situation) -> Check:
    if it.school.webuntis.enabled:
        return Check("enabled", "ok", "diagnosis.enabled")
    return Check("enabled", "failed", "run.off" if it.school.unlocked else "settings.locked")


def _settings(it: Situation) -> Check:
    if missing := it.school.webuntis.missing:
        return Check("settings", "failed", "settings.incomplete", {"missing": missing})
    return Check("settings", "ok", "diagnosis.settings_complete")


def _run(it: Situation) -> Check:
    if not (it.school.webuntis.enabled and it.school.webuntis.complete):
        return Check("run", "unknown", _LATER)
    pause = it.school.pause
    if pause and pause.first <= it.now.date() <= pause.last:
        # Links stay as they are during a pause: it explains nothing to somebody who has one.
        facts = {"last": f"{pause.last:%d-%m-%Y}"}
        return Check("run", "ok" if _linked(it) else "failed", "diagnosis.paused", facts)
    if it.last is None:
        return Check("run", "failed", "run.none_yet", {"next": f"{it.next:%H:%M}" if it.next else "?"})
    at = {"at": f"{it.last.finished.astimezone(it.now.tzinfo):%d-%m-%Y %H:%M}"}
    if it.last.outcome in (Outcome.HELD, Outcome.FAILED):
        return _problem(it.last, at, role="")
    if it.user and any(problem.role == it.user.role for problem in it.last.problems):
        return _problem(it.last, at, role=it.user.role)
    if it.now - it.last.finished > 2 * it.every + timedelta(minutes=5):
        return Check("run", "failed", "diagnosis.late", at)
    return Check("run", "ok", "diagnosis.run_done", at)


def _problem(run: Run, at: Mapping[str, str | int], *, role: str) -> Check:
    """What was the matter in this run: of the person's own list if it is told, for all others are not his."""
    for problem in run.problems:
        if not role or problem.role == role:
            return Check("run", "failed", problem.code, {**problem.facts, **at})
    return Check("run", "failed", "diagnosis.run_failed", at)


def _profijt(it: Situation) -> Check:
    if it.user is None:
        return Check("profijt", "failed", "diagnosis.not_in_profijt")
    return Check("profijt", "ok", "diagnosis.in_profijt")


def _webuntis(it: Situation) -> Check:
    decision = it.decision
    if it.user is None or decision is None:
        return Check("webuntis", "unknown", _LATER)
    if decision.state is State.LINKED or decision.cause in _SOMEBODY:
        return Check("webuntis", "ok", "diagnosis.in_webuntis")
    # By attribute somebody is known by the number alone: without it there is nothing to look for.
    gone = decision.state is State.NOT_FOUND and decision.cause not in (*_ID_NUMBER, "link.no_name")
    if gone or decision.cause == "link.person_gone":
        return Check("webuntis", "failed", decision.cause, dict(decision.facts))
    return Check("webuntis", "unknown", "diagnosis.not_certain")


def _id_number(it: Situation) -> Check:
    decision = it.decision
    if it.user is None or decision is None:
        return Check("idNumber", "unknown", _LATER)
    if decision.state is State.LINKED:
        if _noticed(it, "week.id_number_unknown"):
            return Check("idNumber", "failed", "diagnosis.id_unknown_there")
        return Check("idNumber", "ok", "diagnosis.id_equal")
    if decision.cause in _ID_NUMBER:
        return Check("idNumber", "failed", decision.cause, dict(decision.facts))
    return Check("idNumber", "unknown", _LATER)


def _link(it: Situation) -> Check:
    decision = it.decision
    if it.user is None:
        return Check("link", "unknown", _LATER)
    if decision is None:
        return Check("link", "failed", "diagnosis.not_compared", {"next": f"{it.next:%H:%M}" if it.next else "?"})
    if decision.state is State.LINKED:
        return Check("link", "ok", decision.cause, dict(decision.facts))
    if decision.state is State.EXCLUDED:
        return Check("link", "failed", "diagnosis.excluded")
    if decision.cause == "link.never":
        return Check("link", "failed", "diagnosis.never")
    return Check("link", "failed", decision.cause, dict(decision.facts))


def _right(it: Situation) -> Check:
    if it.week and it.week.failure in _RIGHT:
        return Check("right", "failed", it.week.failure, dict(it.week.facts))
    if it.week and it.week.read:
        return Check("right", "ok", "diagnosis.lessons_may")
    return Check("right", "unknown", _LATER)


def _snapshot(it: Situation) -> Check:
    week = it.week
    if week is None:
        return Check("snapshot", "unknown", _LATER)
    at = {"at": f"{week.read:%d-%m-%Y %H:%M}"} if week.read else {}
    if week.failure and (week.stale or not week.read):
        return Check("snapshot", "failed", week.failure, {**week.facts, **at})
    if not week.read:
        return Check("snapshot", "unknown", "diagnosis.week_unread")
    if week.stale:
        return Check("snapshot", "failed", "diagnosis.week_old", at)
    return Check("snapshot", "ok", "diagnosis.week_read", at)


def _year(it: Situation) -> Check:
    if it.week is None or it.week.read is None:
        return Check("year", "unknown", _LATER)
    if notice := _noticed(it, *_NO_SCHOOL):
        return Check("year", "failed", notice.code, dict(notice.facts))
    if _noticed(it, "week.id_number_unknown"):
        return Check("year", "unknown", _LATER)  # the years are told with lessons
    return Check("year", "ok", "diagnosis.school_week")


def _lessons(it: Situation) -> Check:
    week = it.week
    if week is None or week.read is None:
        return Check("lessons", "unknown", _LATER)
    if week.lessons:
        return Check("lessons", "ok", "diagnosis.lessons", {"count": week.lessons, "cancelled": week.cancelled})
    if _noticed(it, *_NO_SCHOOL, "week.id_number_unknown"):
        return Check("lessons", "unknown", _LATER)
    if untold := _noticed(it, "week.untold"):
        return Check("lessons", "failed", untold.code, dict(untold.facts))
    return Check("lessons", "failed", "diagnosis.no_lessons")


def _noticed(it: Situation, *codes: str) -> Notice | None:
    """The first of the week's notices that is one of these."""
    return next((each for each in it.week.notices if each.code in codes), None) if it.week else None


def _linked(it: Situation) -> bool:
    return it.decision is not None and it.decision.state is State.LINKED


_CHECKS: tuple[Callable[[Situation], Check], ...] = (
    _enabled,
    _settings,
    _run,
    _profijt,
    _webuntis,
    _id_number,
    _link,
    _right,
    _snapshot,
    _year,
    _lessons,
)
