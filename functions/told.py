"""What is told of runs and links: in the caller's language, with times in the school's zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from functions.route import Asked
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import ROLE_WORDS, in_words
from shared.domain.people import Decision
from shared.domain.run import UNDER_WAY, Entry, Problem, Run
from shared.flows.schools import read_school
from shared.ports import App


class ProblemOut(msgspec.Struct, frozen=True):
    """What was the matter, what to do, and who can: admin, untis-admin, sis-admin, profijt-support or nobody."""

    code: str
    message: str
    remedy: str
    owner: str


class RunOut(msgspec.Struct, frozen=True, rename="camel"):
    """One run; times in the school's zone. `sameAs`: the run whose log still holds, when nothing changed since.

    `outcome`: done, partial, unchanged, held, discarded, stopped, failed; while it is queued or running, `finished` is
    null. `by` is the user who asked for it ("" for the schedule), `discardedBy` the one who decided against it.
    """

    id: str
    trigger: str
    started: datetime
    finished: datetime | None
    outcome: str
    counts: dict[str, int]
    problems: list[ProblemOut]
    same_as: str
    by: str
    discarded_by: str


class RunsOut(msgspec.Struct, frozen=True):
    """`items` newest first; `checks`: the last runs that found nothing changed; `next` the cursor of older runs.

    `message` says so when no run has happened yet; `due` is when the next one starts at the latest, null when the
    coupling is off.
    """

    items: list[RunOut]
    next: str | None
    checks: list[RunOut]
    last: RunOut | None
    due: datetime | None
    message: str


class CandidateOut(msgspec.Struct, frozen=True, rename="camel"):
    """A WebUntis person it might be, and why it was not linked by itself."""

    id_number: str
    name: str
    reason: str


class EntryOut(msgspec.Struct, frozen=True, rename="camel"):
    """What was decided about one user, why, and who can mend it. `change`: what this run changed, "" for nothing."""

    user: str
    name: str
    role: str
    state: str
    id_number: str
    change: str
    rule: str
    code: str
    reason: str
    remedy: str
    owner: str
    since: datetime
    candidates: list[CandidateOut]


class LogOut(msgspec.Struct, frozen=True):
    """Everyone in one run, what changed first."""

    run: RunOut
    entries: list[EntryOut]


class IdNumberOut(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody in WebUntis whose ID-nummer is missing, or double within the role."""

    problem: str
    role: str
    id_number: str
    name: str
    short_name: str
    remedy: str


class IdNumbersOut(msgspec.Struct, frozen=True):
    """The people to mend in WebUntis as the last log saw them, and how many per role and problem."""

    run: str
    counts: dict[str, int]
    items: list[IdNumberOut]


@dataclass(frozen=True, slots=True)
class Reader:
    """How this caller reads: language, and the school's zone."""

    language: Language
    zone: ZoneInfo

    def run(self, run: Run) -> RunOut:
        finished = None if run.outcome in UNDER_WAY else run.finished.astimezone(self.zone)
        return RunOut(
            run.id,
            run.trigger,
            run.started.astimezone(self.zone),
            finished,
            run.outcome,
            run.counts,
            [self.problem(problem) for problem in run.problems],
            run.same_as,
            run.by,
            run.discarded_by,
        )

    def problem(self, problem: Problem) -> ProblemOut:
        cause, facts = CAUSES[problem.code], in_words(problem.facts, self.language)
        role = ROLE_WORDS[problem.role][self.language] if problem.role else ""
        sentence = cause.sentence(self.language, facts)
        return ProblemOut(
            problem.code,
            f"{role}: {sentence}" if role else sentence,
            cause.remedy(self.language, facts),
            cause.owner,
        )

    def entry(self, entry: Entry) -> EntryOut:
        decision = entry.decision
        cause, facts = CAUSES[decision.cause], dict(decision.facts)
        return EntryOut(
            entry.user,
            entry.name,
            ROLE_WORDS[decision.role][self.language],
            "gone" if entry.change == "gone" else decision.state,
            decision.key,
            entry.change,
            decision.rule,
            decision.cause,
            cause.sentence(self.language, facts),
            cause.remedy(self.language, facts),
            cause.owner,
            datetime.fromisoformat(decision.since).astimezone(self.zone),
            self.candidates(decision),
        )

    def candidates(self, decision: Decision) -> list[CandidateOut]:
        """Who it might be, and why each was not linked by itself; the decision's facts fill in the sentences."""
        facts = dict(decision.facts)
        return [
            CandidateOut(each.key, each.name, CAUSES[each.cause].sentence(self.language, facts))
            for each in decision.candidates
        ]


def reader(app: App, asked: Asked) -> Reader:
    """How this caller reads. Raises NotFound for an unknown school."""
    school, _ = read_school(app, asked.school)
    return Reader(asked.language, ZoneInfo(school.zone))
