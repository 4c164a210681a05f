"""The log: GET /runs and what hangs under it, and the approval of a run that waits for a person."""

import msgspec

from functions import sheet
from functions.route import CSV, Answer, Asked, Paging, Route
from functions.told import ROLE_WORDS, IdNumberOut, IdNumbersOut, LogOut, RunOut, RunsOut, reader
from shared.domain.causes import CAUSES, Language
from shared.domain.people import Role
from shared.domain.run import Log
from shared.flows.read_runs import approve, list_runs, read_run, read_run_log
from shared.ports import App

READERS = frozenset({"admin", "support"})


class Approved(msgspec.Struct, frozen=True):
    """The id of the run that now applies it."""

    run: str


def get_runs(app: App, asked: Asked) -> Answer:
    """The runs, newest first; before the first one, a sentence that says when it comes."""
    told = reader(app, asked)
    found = list_runs(app, asked.school, limit=asked.query.limit, cursor=asked.query.cursor or None)
    due = found.next.astimezone(told.zone) if found.next else None
    message = ""
    if found.last is None:
        facts: dict[str, str | int] = {"next": f"{due:%H:%M}" if due else ""}
        message = CAUSES["run.none_yet" if due else "run.off"].sentence(asked.language, facts)
    return Answer(
        RunsOut(
            [told.run(run) for run in found.runs],
            found.cursor,
            [told.run(run) for run in found.checks],
            told.run(found.last) if found.last else None,
            due,
            message,
        )
    )


def get_run(app: App, asked: Asked) -> Answer:
    """One run; "latest" is the last one."""
    return Answer(reader(app, asked).run(read_run(app, asked.school, asked.path["run"])))


def get_log(app: App, asked: Asked) -> Answer:
    """Everyone in this run, as JSON."""
    told = reader(app, asked)
    run, log = read_run_log(app, asked.school, asked.path["run"])
    return Answer(LogOut(told.run(run), [told.entry(entry) for entry in log.entries]))


def get_log_csv(app: App, asked: Asked) -> Answer:
    """The same for Excel."""
    told = reader(app, asked)
    run, log = read_run_log(app, asked.school, asked.path["run"])
    rows = [told.entry(entry) for entry in log.entries]
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
            ROLE_WORDS[oddity.role][language],
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
