"""Exporting a class: what it would do, doing it (202), how far it is and what came of everyone, what failed again."""

from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from functions import export_sheet
from functions.export_told import ExportOut, ExportsOut, ExportWithItemsOut, PreviewExportOut, Teller
from functions.route import CSV, Answer, Asked, Paging, Route
from shared.domain.export.outcome import Export
from shared.domain.export.plan import Choice, Chosen, counted_plans
from shared.flows.exports import Asked as AskedExport
from shared.flows.exports import ChosenFor, Student, is_silent
from shared.flows.gather_export import preview_export
from shared.flows.order_export import order_again, order_export
from shared.flows.read_exports import list_exports, read_own_export
from shared.flows.schools import read_school
from shared.ports import App

TEACHER = frozenset({"teacher"})
READERS = frozenset({"teacher", "admin"})

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class ChoiceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice about a student's result, or without `student` about the item itself; `seen` as the preview gave it."""

    work: Id
    choice: Literal["overwrite", "keep", "adopt", "again", "clear"]
    seen: Annotated[str, msgspec.Meta(max_length=100)]
    student: Annotated[str, msgspec.Meta(max_length=255)] = ""


class ExportIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`course` as GET /classes names it. `works`: only these; empty: all of the course."""

    course: Id
    works: Annotated[list[Id], msgspec.Meta(max_length=500)] = []
    choices: Annotated[list[ChoiceIn], msgspec.Meta(max_length=5000)] = []


class ExportsQuery(Paging, frozen=True, forbid_unknown_fields=True):
    """Those of one course, or of all."""

    course: Annotated[str, msgspec.Meta(max_length=255)] = ""


def post_preview(app: App, asked: Asked) -> Answer:
    """What an export would do now."""
    body: ExportIn = asked.body
    found = preview_export(app, asked.school, body.course, _asked(body), by=asked.caller.user)
    tell = _teller(app, asked, found.students)
    told = PreviewExportOut(
        course=found.link.course,
        course_name=found.link.course_name,
        sis_class=found.link.sis_class,
        sis_title=found.link.sis_title,
        counts=counted_plans(found.plans),
        items=[tell.item_plan(plan) for plan in found.plans],
    )
    return Answer(told)


def post_export(app: App, asked: Asked) -> Answer:
    """Order it; where one is under way for this course, that is the answer."""
    body: ExportIn = asked.body
    export = order_export(app, asked.school, body.course, _asked(body), by=asked.caller.user)
    return _ordered(app, asked, export)


def post_retry(app: App, asked: Asked) -> Answer:
    """Once more what failed or was not tried."""
    failed = read_own_export(app, asked.school, asked.path["export"], caller=asked.caller).export
    return _ordered(app, asked, order_again(app, asked.school, failed.id, by=asked.caller.user))


def get_exports(app: App, asked: Asked) -> Answer:
    """A teacher's own, or the school's for its admin."""
    query: ExportsQuery = asked.query
    found, cursor = list_exports(
        app, asked.school, caller=asked.caller, course=query.course, limit=query.limit, cursor=query.cursor or None
    )
    tell = _teller(app, asked, ())
    return Answer(ExportsOut([tell.export(each, silent=is_silent(app, each)) for each in found], cursor))


def get_export(app: App, asked: Asked) -> Answer:
    """How far it is, and what came of everyone."""
    return Answer(_whole(app, asked))


def get_outcomes(app: App, asked: Asked) -> Answer:
    """The same for Excel, as a proof for the school."""
    told = _whole(app, asked)
    name = f"export-{told.export.id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(export_sheet.outcomes(told, asked.language), media=CSV, headers=headers)


def _whole(app: App, asked: Asked) -> ExportWithItemsOut:
    found = read_own_export(app, asked.school, asked.path["export"], caller=asked.caller)
    tell = _teller(app, asked, found.students)
    export = tell.export(found.export, silent=is_silent(app, found.export))
    return ExportWithItemsOut(export, [tell.item_outcome(item) for item in found.items])


def _ordered(app: App, asked: Asked, export: Export) -> Answer:
    told = _teller(app, asked, ()).export(export, silent=False)
    where = f"/v1/schools/{quote(asked.school)}/exports/{export.id}"
    return Answer(told, status=202, headers={"Location": where})


def _asked(body: ExportIn) -> AskedExport:
    return AskedExport(
        tuple(body.works),
        tuple(ChosenFor(each.work, each.student, Chosen(Choice(each.choice), each.seen)) for each in body.choices),
    )


def _teller(app: App, asked: Asked, students: tuple[Student, ...]) -> Teller:
    zone = ZoneInfo(read_school(app, asked.school)[0].zone)
    return Teller(asked.language, zone, {student.id: student.name for student in students})


_NOT_NOW = (
    "404 school.unknown",
    "404 class_link.unknown",
    "404 class_link.not_yours",
    "404 course.unknown",
    "403 classroom.no_consent",
    "403 sis.not_connected",
    "403 sis.teachers_off",
    "409 export.other_sis",
)

ROUTES = (
    Route(
        "POST",
        "/v1/schools/{school}/exports/preview",
        post_preview,
        roles=TEACHER,
        summary="Wat een export zou doen, per onderdeel en leerling / what an export would do, per item and student",
        body=ExportIn,
        answer=PreviewExportOut,
        problems=_NOT_NOW,
    ),
    Route(
        "POST",
        "/v1/schools/{school}/exports",
        post_export,
        roles=TEACHER,
        summary="Schoolwerk en cijfers van een lesgroep exporteren / export a class's coursework and grades",
        body=ExportIn,
        answer=ExportOut,
        status=202,
        idempotent=True,
        problems=(*_NOT_NOW, "409 export.colleague"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/exports",
        get_exports,
        roles=READERS,
        summary="Exports, de laatste eerst / exports, newest first",
        query=ExportsQuery,
        answer=ExportsOut,
        problems=("404 school.unknown", "cursor.unknown"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/exports/{export}",
        get_export,
        roles=READERS,
        summary="Een export: hoe ver, en per leerling wat ervan werd / an export: how far, and the outcome per student",
        answer=ExportWithItemsOut,
        problems=("404 school.unknown", "404 export.unknown"),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/exports/{export}/outcomes.csv",
        get_outcomes,
        roles=READERS,
        summary="Dezelfde uitkomsten voor Excel / the same outcomes for Excel",
        answer=bytes,
        answer_media=(CSV,),
        problems=("404 school.unknown", "404 export.unknown"),
    ),
    Route(
        "POST",
        "/v1/schools/{school}/exports/{export}/retry",
        post_retry,
        roles=TEACHER,
        summary="Alleen wat mislukte opnieuw / only what failed once more",
        answer=ExportOut,
        status=202,
        idempotent=True,
        problems=(
            *_NOT_NOW,
            "404 export.unknown",
            "404 export.gone",
            "409 export.colleague",
            "409 export.under_way",
            "409 export.nothing_failed",
        ),
    ),
)
