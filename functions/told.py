"""What is told of runs and links: in the caller's language, with times in the school's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from functions.route import Asked
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import ATTRIBUTE_WORDS, ROLE_WORDS, ROLES_WORDS, RULE_WORDS, in_words, word
from shared.domain.eck_id import masked
from shared.domain.people import Decision
from shared.domain.run import NEVER_JUDGED, UNDER_WAY, Entry, Outcome, Problem, Run
from shared.flows.schools import read_school
from shared.ports import App
from shared.values import dataclass


class ProblemOut(msgspec.Struct, frozen=True):
    """What was the matter, what to do, and who can: admin, teacher, untis-admin, sis-admin, profijt-support,
    nobody."""

    code: str
    message: str
    remedy: str
    owner: str


class RunOut(msgspec.Struct, frozen=True, rename="camel"):
    """One run; times in the school's zone. `sameAs`: the run whose log still holds, when this one changed nothing.

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
    """`items` newest first; `checks`: the last runs that brought nothing new; `next` the cursor of older runs.

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
    """What was decided about one user, why, and who can mend it. `change`: what this run changed, "" for nothing: new
    (nothing was decided before), linked, relinked, lost, changed or gone. `rule` is the rule used, `ruleText` says it.
    """

    user: str
    name: str
    role: str
    state: str
    id_number: str
    change: str
    rule: str
    rule_text: str
    code: str
    reason: str
    remedy: str
    owner: str
    since: datetime
    candidates: list[CandidateOut]


class LogOut(msgspec.Struct, frozen=True):
    """Everyone in one run, what changed first. Of a run that changed nothing, or failed (`run.problems` say why), it
    is the log of `run.sameAs`, which still holds."""

    run: RunOut
    entries: list[EntryOut]


class IdNumberOut(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody in WebUntis whose ID-nummer is missing, or double within the role; `reason` says which."""

    problem: str
    reason: str
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


_BY_ECK_ID = "attribute:eck_id"
_RULES_OF_CAUSES = {"anagram": "link.cut_differently", "value_only": "link.name_differs"}


@dataclass(frozen=True, slots=True)
class Reader:
    """How this caller reads: language, and the school's zone."""

    language: Language
    zone: ZoneInfo

    def run(self, run: Run) -> RunOut:
        finished = None if run.outcome in UNDER_WAY else run.finished.astimezone(self.zone)
        told = self._set_aside if run.outcome is Outcome.DISCARDED else self.problem
        return RunOut(
            run.id,
            run.trigger,
            run.started.astimezone(self.zone),
            finished,
            run.outcome,
            run.counts,
            [told(problem) for problem in run.problems],
            run.same_as,
            run.by,
            run.discarded_by,
        )

    def problem(self, problem: Problem) -> ProblemOut:
        cause, facts = CAUSES[problem.code], in_words(problem.facts, self.language)
        named = {"role", "list"} & problem.facts.keys()  # then the sentence says itself whom it concerns
        who = "" if named else word(ROLES_WORDS, problem.role, self.language).capitalize()
        sentence = cause.sentence(self.language, facts)
        return ProblemOut(
            problem.code,
            f"{who}: {sentence}" if who else sentence,
            cause.remedy(self.language, facts),
            cause.owner,
        )

    def _set_aside(self, problem: Problem) -> ProblemOut:
        """Of a run that a person decided against: why it was held still holds, what to do about it no more."""
        told, after = self.problem(problem), CAUSES["run.set_aside"]
        if not problem.code.startswith("hold."):
            return told
        return ProblemOut(told.code, told.message, after.remedy(self.language, {}), after.owner)

    def entry(self, entry: Entry) -> EntryOut:
        decision = entry.decision
        cause, facts = CAUSES[decision.cause], in_words({**dict(decision.facts), "role": decision.role}, self.language)
        return EntryOut(
            entry.user,
            entry.name,
            ROLE_WORDS[decision.role][self.language],
            "gone" if entry.change == "gone" else "new" if decision.cause == NEVER_JUDGED else decision.state,
            self.id_number(decision),
            entry.change,
            decision.rule,
            self.rule(decision.rule),
            decision.cause,
            cause.sentence(self.language, facts),
            cause.remedy(self.language, facts),
            cause.owner,
            datetime.fromisoformat(decision.since).astimezone(self.zone),
            self.candidates(decision),
        )

    def candidates(self, decision: Decision) -> list[CandidateOut]:
        """Who it might be, and why each was not linked by itself; the decision's facts fill in the sentences."""
        facts = in_words(dict(decision.facts), self.language)
        return [
            CandidateOut(
                masked(each.key, eck=each.rule == _BY_ECK_ID),
                each.name,
                CAUSES[each.cause].sentence(self.language, facts),
            )
            for each in decision.candidates
        ]

    def id_number(self, decision: Decision | None) -> str:
        """The ID-nummer of this decision as it may be shown, "" for none; a log does not know its user's ECK-iD."""
        return masked(decision.key, eck=decision.rule == _BY_ECK_ID) if decision else ""

    def rule(self, rule: str) -> str:
        """What this rule saw, without saying what came of it: it is told of candidates as well; "" for none."""
        kind, _, attribute = rule.partition(":")
        if kind in RULE_WORDS:
            attribute = word(ATTRIBUTE_WORDS, attribute, self.language)
            return word(RULE_WORDS, kind, self.language).format(attribute=attribute)
        cause = CAUSES.get(_RULES_OF_CAUSES.get(kind, f"link.{kind}"))
        return cause.sentence(self.language, {}) if cause else ""


def reader(app: App, asked: Asked) -> Reader:
    """How this caller reads. Raises NotFound for an unknown school."""
    school, _ = read_school(app, asked.school)
    return Reader(asked.language, ZoneInfo(school.zone))
