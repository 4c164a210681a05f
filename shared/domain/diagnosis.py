"""«Waarom zie ik geen rooster?» for one person: ordered checks on what is stored; the first that fails is the cause.

Nobody else's name, ID-nummer or decision enters here, so an answer made of it can be shown to the person himself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from shared.domain.people import Decision, State, User
from shared.domain.run import Outcome, Run
from shared.domain.school import School

Result = Literal["ok", "fout", "onbekend"]
Name = Literal["enabled", "settings", "run", "profijt", "webuntis", "idNumber", "link"]

# Causes of a decision that are about the ID-nummer itself: missing, double, or not the same on both sides.
_ID_NUMBER = frozenset(
    f"link.{cause}"
    for cause in (
        "no_id_number",
        "duplicate_id_number",
        "key_held_twice",
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
_SOMEBODY = frozenset({"link.no_id_number", "link.duplicate_id_number", "link.number_differs", "link.untis_id_differs"})
_LATER = "diagnosis.later"  # cannot be said before something else is mended


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is stored about one person's timetable. Times are in the school's zone; `next` None: no run is due.

    `user` None: Profijt never told of this person. `decision` None: no run has seen him yet.
    """

    school: School
    now: datetime
    last: Run | None
    next: datetime | None
    every: timedelta
    user: User | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer: `code` is a key of causes, `facts` its blanks. Only a "fout" asks for a remedy."""

    name: Name
    result: Result
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def diagnose(situation: Situation) -> tuple[Check, ...]:
    """Every check, in the order in which a person would look."""
    return tuple(check(situation) for check in _CHECKS)


def first_failing(checks: tuple[Check, ...]) -> Check | None:
    """The one that explains the empty timetable, or None: then the link is not the reason."""
    return next((check for check in checks if check.result == "fout"), None)


def _enabled(it: Situation) -> Check:
    if it.school.webuntis.enabled:
        return Check("enabled", "ok", "diagnosis.enabled")
    return Check("enabled", "fout", "run.off" if it.school.unlocked else "settings.locked")


def _settings(it: Situation) -> Check:
    settings = it.school.webuntis
    fields = (("Schoolnaam", settings.school_name), ("Subdomein", settings.subdomain))
    missing = [name for name, value in (*fields, ("Wachtwoord", settings.password_version)) if not value]
    if missing:
        return Check("settings", "fout", "settings.incomplete", {"missing": ", ".join(missing)})
    return Check("settings", "ok", "diagnosis.settings_complete")


def _run(it: Situation) -> Check:
    if not (it.school.webuntis.enabled and it.school.webuntis.complete):
        return Check("run", "onbekend", _LATER)
    pause = it.school.pause
    if pause and pause.first <= it.now.date() <= pause.last:
        # Links stay as they are during a pause: it explains nothing to somebody who has one.
        facts = {"last": f"{pause.last:%d-%m-%Y}"}
        return Check("run", "ok" if _linked(it) else "fout", "diagnosis.paused", facts)
    if it.last is None:
        return Check("run", "fout", "run.none_yet", {"next": f"{it.next:%H:%M}" if it.next else "?"})
    at = {"at": f"{it.last.finished.astimezone(it.now.tzinfo):%d-%m-%Y %H:%M}"}
    if it.last.outcome in (Outcome.HELD, Outcome.FAILED):
        return _problem(it.last, at, role="")
    if it.user and any(problem.role == it.user.role for problem in it.last.problems):
        return _problem(it.last, at, role=it.user.role)
    if it.now - it.last.finished > 2 * it.every + timedelta(minutes=5):
        return Check("run", "fout", "diagnosis.late", at)
    return Check("run", "ok", "diagnosis.run_done", at)


def _problem(run: Run, at: Mapping[str, str | int], *, role: str) -> Check:
    """What was the matter in this run: of the person's own list if it is told, for all others are not his."""
    for problem in run.problems:
        if not role or problem.role == role:
            return Check("run", "fout", problem.code, {**problem.facts, **at})
    return Check("run", "fout", "diagnosis.run_failed", at)


def _profijt(it: Situation) -> Check:
    if it.user is None:
        return Check("profijt", "fout", "diagnosis.not_in_profijt")
    return Check("profijt", "ok", "diagnosis.in_profijt")


def _webuntis(it: Situation) -> Check:
    decision = it.decision
    if it.user is None or decision is None:
        return Check("webuntis", "onbekend", _LATER)
    if decision.state is State.LINKED or decision.cause in _SOMEBODY:
        return Check("webuntis", "ok", "diagnosis.in_webuntis")
    # By attribute somebody is known by the number alone: without it there is nothing to look for.
    gone = decision.state is State.NOT_FOUND and decision.cause not in (*_ID_NUMBER, "link.no_name")
    if gone or decision.cause == "link.person_gone":
        return Check("webuntis", "fout", decision.cause, dict(decision.facts))
    return Check("webuntis", "onbekend", "diagnosis.not_certain")


def _id_number(it: Situation) -> Check:
    decision = it.decision
    if it.user is None or decision is None:
        return Check("idNumber", "onbekend", _LATER)
    if decision.state is State.LINKED:
        return Check("idNumber", "ok", "diagnosis.id_equal")
    if decision.cause in _ID_NUMBER:
        return Check("idNumber", "fout", decision.cause, dict(decision.facts))
    return Check("idNumber", "onbekend", _LATER)


def _link(it: Situation) -> Check:
    decision = it.decision
    if it.user is None:
        return Check("link", "onbekend", _LATER)
    if decision is None:
        return Check("link", "fout", "diagnosis.not_compared", {"next": f"{it.next:%H:%M}" if it.next else "?"})
    if decision.state is State.LINKED:
        return Check("link", "ok", decision.cause, dict(decision.facts))
    if decision.state is State.EXCLUDED:
        return Check("link", "fout", "diagnosis.excluded")
    if decision.cause == "link.never":
        return Check("link", "fout", "diagnosis.never")
    return Check("link", "fout", decision.cause, dict(decision.facts))


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
)
