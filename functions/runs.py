"""The log: GET /runs and what hangs under it, and the approval of a run that waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from functions import sheet
from functions.route import CSV, Answer, Asked, Paging, Route
from shared.domain.causes import CAUSES, Language
from shared.domain.people import Candidate, Role
from shared.domain.run import Entry, Log, Problem, Run
from shared.flows.read_runs import approve, list_runs, read_run, read_run_log
from shared.flows.schools import read_school
from shared.ports import App

READERS = frozenset({"admin", "support"})
_ROLES: Mapping[str, Mapping[Language, str]] = {
    Role.STUDENT: {"nl": "leerling", "en": "student"},
    Role.TEACHER: {"nl": "docent", "en": "teacher"},
}


class ProblemOut(msgspec.Struct, frozen=True):
    """What was the matter, what to do, and who can: admin, untis-admin, sis-admin, profijt-support or nobody."""

    code: str
    message: str
    remedy: str
    owner: str


class RunOut(msgspec.Struct, frozen=True, rename="camel"):
    """One run; times in the school's zone. `sameAs`: the run whose log still holds, when nothing changed since."""

    id: str
    trigger: str
    started: datetime
    finished: datetime
    outcome: str
    counts: dict[str, int]
    problems: list[ProblemOut]
    same_as: str


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


class Approved(msgspec.Struct, frozen=True):
    """The id of the run that now applies it."""

    run: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """How this caller reads: language, and the school's zone."""

    language: Language
    zone: ZoneInfo

    def run(self, run: Run) -> RunOut:
        started, finished = run.started.astimezone(self.zone), run.finished.astimezone(self.zone)
        problems = [self.problem(problem) for problem in run.problems]
        return RunOut(run.id, run.trigger, started, finished, run.outcome, run.counts, problems, run.same_as)

    def problem(self, problem: Problem) -> ProblemOut:
        cause, facts = CAUSES[problem.code], dict(problem.facts)
        role = _ROLES[problem.role][self.language] if problem.role else ""
        if "role" in facts:
            facts["role"] = _ROLES[str(facts["role"])][self.language]
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
            _ROLES[decision.role][self.language],
            "gone" if entry.change == "gone" else decision.state,
            decision.key,
            entry.change,
            decision.rule,
            decision.cause,
            cause.sentence(self.language, facts),
            cause.remedy(self.language, facts),
            cause.owner,
            datetime.fromisoformat(decision.since).astimezone(self.zone),
            [self.candidate(candidate) for candidate in decision.candidates],
        )

    def candidate(self, candidate: Candidate) -> CandidateOut:
        return CandidateOut(candidate.key, candidate.name, CAUSES[candidate.cause].sentence(self.language, {}))


def get_runs(app: App, asked: Asked) -> Answer:
    """The runs, newest first; before the first one, a sentence that says when it comes."""
    reader = _reader(app, asked)
    found = list_runs(app, asked.school, limit=asked.query.limit, cursor=asked.query.cursor or None)
    due = found.next.astimezone(reader.zone) if found.next else None
    message = ""
    if found.last is None:
        facts: dict[str, str | int] = {"next": f"{due:%H:%M}" if due else ""}
        message = CAUSES["run.none_yet" if due else "run.off"].sentence(asked.language, facts)
    return Answer(
        RunsOut(
            [reader.run(run) for run in found.runs],
            found.cursor,
            [reader.run(run) for run in found.checks],
            reader.run(found.last) if found.last else None,
            due,
            message,
        )
    )


def get_run(app: App, asked: Asked) -> Answer:
    """One run; "latest" is the last one."""
    return Answer(_reader(app, asked).run(read_run(app, asked.school, asked.path["run"])))


def get_log(app: App, asked: Asked) -> Answer:
    """Everyone in this run, as JSON."""
    reader = _reader(app, asked)
    run, log = read_run_log(app, asked.school, asked.path["run"])
    return Answer(LogOut(reader.run(run), [reader.entry(entry) for entry in log.entries]))


def get_log_csv(app: App, asked: Asked) -> Answer:
    """The same for Excel."""
    reader = _reader(app, asked)
    run, log = read_run_log(app, asked.school, asked.path["run"])
    rows = [reader.entry(entry) for entry in log.entries]
    name = f"log-{asked.school}-{run.id}.csv"
    return Answer(
        sheet.log(rows, asked.language),
        media=CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def get_id_numbers(app: App, asked: Asked) -> Answer:
    """Who has no ID-nummer in WebUntis, and who shares one."""
    run, log = read_run_log(app, asked.school, "latest")
    return Answer(IdNumbersOut(run.same_as or run.id, _counts(log), _oddities(log, asked.language)))


def post_approval(app: App, asked: Asked) -> Answer:
    """Let a held run happen after all."""
    return Answer(Approved(approve(app, asked.school, asked.path["run"])), status=202)


def _reader(app: App, asked: Asked) -> _Reader:
    school, _ = read_school(app, asked.school)
    return _Reader(asked.language, ZoneInfo(school.zone))


def _counts(log: Log) -> dict[str, int]:
    counts = {f"{role}.{kind}": 0 for role in Role for kind in ("missing", "double")}
    for oddity in log.oddities:
        counts[f"{oddity.role}.{oddity.kind}"] += 1
    return counts


def _oddities(log: Log, language: Language) -> list[IdNumberOut]:
    causes = {"missing": CAUSES["link.no_id_number"], "double": CAUSES["link.duplicate_id_number"]}
    return [
        IdNumberOut(
            oddity.kind,
            _ROLES[oddity.role][language],
            oddity.key,
            oddity.name,
            oddity.short_name,
            causes[oddity.kind].remedy(language, {}),
        )
        for oddity in log.oddities
    ]


NO_RUN = ("404 school.unknown", "404 run.unknown")
_RUN = "/v1/schools/{school}/runs/{run}"
ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/runs",
        get_runs,
        roles=READERS,
        summary="Synchronisaties, laatste eerst / Runs, last one first",
        query=Paging,
        answer=RunsOut,
        problems=("404 school.unknown", "422 cursor.unknown"),
    ),
    Route("GET", _RUN, get_run, roles=READERS, summary="Eén synchronisatie / One run", answer=RunOut, problems=NO_RUN),
    Route(
        "GET",
        _RUN + "/log",
        get_log,
        roles=READERS,
        summary="Wat er met wie gebeurde, en waarom / What happened to whom, and why",
        answer=LogOut,
        problems=NO_RUN,
    ),
    Route(
        "GET",
        _RUN + "/log.csv",
        get_log_csv,
        roles=READERS,
        summary="Hetzelfde als CSV / The same as CSV",
        answer=bytes,
        answer_media=(CSV,),
        problems=NO_RUN,
    ),
    Route(
        "POST",
        _RUN + "/approve",
        post_approval,
        roles=frozenset({"admin"}),
        summary="Een aangehouden synchronisatie goedkeuren / Approve a held run",
        answer=Approved,
        status=202,
        idempotent=True,
        problems=("404 school.unknown", "409 run.nothing_held", "409 store.conflict"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/id-numbers",
        get_id_numbers,
        roles=READERS,
        summary="Wie in WebUntis geen of een dubbel ID-nummer heeft / Whose ID-nummer is missing or double",
        answer=IdNumbersOut,
        problems=NO_RUN,
    ),
)
