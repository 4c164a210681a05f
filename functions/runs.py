"""Runs: their list and logs, one now, and a person's verdict on a run that was held."""

from urllib.parse import quote

import msgspec

from functions import sheet
from functions.route import CSV, Answer, Asked, Paging, Route
from functions.told import IdNumberOut, IdNumbersOut, LogOut, RunOut, RunsOut, reader
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import ROLE_WORDS, in_words
from shared.domain.eck_id import masked
from shared.domain.people import Role
from shared.domain.run import Log
from shared.flows.judge_run import approve, discard
from shared.flows.order_run import order_run
from shared.flows.read_runs import list_runs, read_last_log, read_run, read_run_log
from shared.ports import App

READERS = frozenset({"admin", "support"})
ADMIN = frozenset({"admin"})


class Approved(msgspec.Struct, frozen=True):
    """The id of the run that now applies it."""

    run: str


class Ordered(msgspec.Struct, frozen=True):
    """The id of the run that was asked for; GET /runs/{run} shows how far it is."""

    run: str


def get_runs(app: App, asked: Asked) -> Answer:
    """The runs, newest first; before the first one, a sentence that says when it comes."""
    told = reader(app, asked)
    found = list_runs(app, asked.school, limit=asked.query.limit, cursor=asked.query.cursor or None)
    due = found.next.astimezone(told.zone) if found.next else None
    message = ""
    if found.last is None:
        facts: dict[str, str | int] = {"next": f"{due:%H:%M}", "day": f"{due:%d-%m-%Y}"} if due else {}
        soon = due is not None and due - app.now() <= app.rules.every
        code = "run.none_yet" if soon else "run.none_while_paused" if due else "run.off"
        message = CAUSES[code].sentence(asked.language, facts)
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
        sheet.log(told.run(run), rows, asked.language),
        media=CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def get_id_numbers(app: App, asked: Asked) -> Answer:
    """Who has no ID-nummer in WebUntis, and who shares one."""
    run, log = read_last_log(app, asked.school)
    return Answer(IdNumbersOut(run, _counts(log), _oddities(log, asked.language)))


def post_run(app: App, asked: Asked) -> Answer:
    """Ask for a run now."""
    run = order_run(app, asked.school, by=asked.caller.user).run
    return Answer(Ordered(run), status=202, headers={"Location": f"/v1/schools/{quote(asked.school)}/runs/{run}"})


def post_approval(app: App, asked: Asked) -> Answer:
    """Let a held run happen after all."""
    return Answer(Approved(approve(app, asked.school, asked.path["run"], by=asked.caller.user)), status=202)


def post_discard(app: App, asked: Asked) -> Answer:
    """Decide against a held run."""
    told = reader(app, asked)
    return Answer(told.run(discard(app, asked.school, asked.path["run"], by=asked.caller.user)))


def _counts(log: Log) -> dict[str, int]:
    counts = {f"{role}.{kind}": 0 for role in Role for kind in ("missing", "double")}
    for oddity in log.oddities:
        counts[f"{oddity.role}.{oddity.kind}"] += 1
    return counts


def _oddities(log: Log, language: Language) -> list[IdNumberOut]:
    told = []
    for oddity in log.oddities:
        cause, facts = CAUSES[f"person.id_number_{oddity.kind}"], in_words({"role": oddity.role}, language)
        told.append(
            IdNumberOut(
                oddity.kind,
                cause.sentence(language, facts),
                ROLE_WORDS[oddity.role][language],
                masked(oddity.key),
                oddity.name,
                oddity.short_name,
                cause.remedy(language, facts),
            )
        )
    return told


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
        problems=("404 school.unknown", "400 cursor.unknown"),
    ),
    Route(
        "POST",
        "/v1/schools/{school}/runs",
        post_run,
        roles=ADMIN,
        summary="Nu synchroniseren, eens per vijf minuten / Run now, once in five minutes",
        answer=Ordered,
        status=202,
        idempotent=True,
        problems=(
            "404 school.unknown",
            "409 run.off",
            "422 settings.incomplete",
            "request.too_many",
            "503 queue.unreachable",
        ),
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
        roles=ADMIN,
        summary="Een aangehouden of verworpen synchronisatie goedkeuren / Approve a held or discarded run",
        answer=Approved,
        status=202,
        idempotent=True,
        problems=("404 school.unknown", "409 run.nothing_held", "409 store.conflict"),
    ),
    Route(
        "POST",
        _RUN + "/discard",
        post_discard,
        roles=ADMIN,
        summary="Een aangehouden synchronisatie verwerpen / Discard a held run",
        answer=RunOut,
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
