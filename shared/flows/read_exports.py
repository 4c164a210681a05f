"""The history of exports: a teacher's own, or the whole school's for its admin; another's is not there."""

from shared.domain.export.outcome import Export, ItemOutcome, still_to_come
from shared.errors import NotFound
from shared.flows.exports import Student, read_class, read_export, read_sheets
from shared.flows.packed import EXPIRES
from shared.flows.record import decode
from shared.flows.schools import read_school
from shared.ports import App, Caller, Where
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """An export with what came of everyone; no items and students any more once those have expired."""

    export: Export
    items: tuple[ItemOutcome, ...]
    students: tuple[Student, ...]


def read_own_export(app: App, school: str, export: str, *, caller: Caller) -> Told:
    """`export` is an id, or "latest". Raises NotFound "school.unknown", "export.unknown": another teacher's too."""
    read_school(app, school)
    if export == "latest":
        last, _ = list_exports(app, school, caller=caller, course="", limit=1, cursor=None)
        export = last[0].id if last else export
    found, _ = read_export(app, school, export)
    if found.by != caller.user and "admin" not in caller.roles:
        raise NotFound("export.unknown")
    try:
        about = read_class(app, school, found.id)
    except NotFound:  # not planned yet, or expired
        return Told(found, (), ())
    place = {work: number for number, work in enumerate(about.works)}  # as the preview has them
    # A worker that planned it too, and was too late, may leave a sheet of a work that is no more.
    planned = (sheet for sheet, _ in read_sheets(app, school, found.id) if sheet.work in place)
    sheets = sorted(planned, key=lambda sheet: place[sheet.work])
    items = tuple(
        still_to_come(sheet.outcome) if found.under_way and not sheet.done else sheet.outcome for sheet in sheets
    )
    return Told(found, items, about.students)


def list_exports(
    app: App, school: str, *, caller: Caller, course: str, limit: int, cursor: str | None
) -> tuple[tuple[Export, ...], str | None]:
    """Newest first. Raises NotFound "school.unknown"."""
    read_school(app, school)
    where = [Where("course", "==", course)] if course else []
    where += [] if "admin" in caller.roles else [Where("by", "==", caller.user)]
    page = app.store.query(
        f"schools/{school}/exports", where=where, order="at", descending=True, limit=limit, cursor=cursor
    )
    living = (document for document in page.documents if document.data[EXPIRES] > app.now())
    return tuple(decode(document.data, Export) for document in living), page.cursor
