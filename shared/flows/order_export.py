"""An export is asked for: one operation for each course at a time, whoever asks and however often.

A second click gets the operation that is under way; a colleague is told to wait. When the queue is away, nothing was
ordered.
"""

from dataclasses import replace

from shared.domain.class_link import ClassLink
from shared.domain.export.outcome import AGAIN, Export, ExportState
from shared.domain.export.plan import Why
from shared.errors import Conflict, NotAllowed, ProfijtError
from shared.flows.audit import audited
from shared.flows.class_links import read_link
from shared.flows.coursework_for import coursework_of
from shared.flows.exports import (
    Asked,
    claim_write,
    end,
    export_write,
    is_silent,
    pack_asked,
    read_asked,
    read_export,
    read_sheets,
    running,
)
from shared.flows.own_classes import prove_teacher
from shared.flows.sis import open_sis, read_sis, require_teachers
from shared.ports import ABSENT, App, Write

PLAN, ITEM = "export-plan", "export-item"  # topics


def order_export(app: App, school: str, course: str, asked: Asked, *, by: str, of: str = "") -> Export:
    """The operation: a new one, or the one of this teacher's that this course is busy with. One that fell silent is
    ended first.

    Raises NotFound "class_link.unknown", "class_link.not_yours", "course.unknown"; NotAllowed "sis.not_connected",
    "sis.teachers_off"; Conflict "export.other_sis" when the class is linked at a SIS that is not the connected one,
    "export.colleague" while another teacher exports it; Unreachable.
    """
    sis, _ = read_sis(app, school)
    if sis is None or not sis.connected:
        raise NotAllowed("sis.not_connected")
    require_teachers(sis)
    link, _ = read_link(app, school, course)
    if link.book != sis.book:
        raise Conflict("export.other_sis")
    _require_own(app, school, link, by)
    busy, claimed = running(app, school, course)
    if busy and is_silent(app, busy):
        end(app, school, busy.id, why=Why("export.silent"))
        busy, claimed = running(app, school, course)
    if busy:
        return _own(busy, by)
    now = app.now()
    export = Export(
        id=f"{now:%Y%m%dT%H%M%S}-{app.new_id()}",
        course=course,
        course_name=link.course_name,
        sis_class=link.sis_class,
        sis_title=link.sis_title,
        book=sis.book,
        generation=sis.generation,
        by=by,
        at=now,
        touched=now,
        of=of,
    )
    packed = pack_asked(app, school, export, asked)
    writes = [
        export_write(app, school, export, expect=ABSENT),
        claim_write(school, export, expect=claimed),
        packed.head,
        audited(app, school, actor=by, action="export.ordered", subject=export.id, after={"course": course}),
    ]
    app.store.write_many(packed.parts)
    try:
        app.store.commit(writes)
    except Conflict:  # somebody else asked at this very moment
        busy, _ = running(app, school, course)
        if busy is None:
            raise
        return _own(busy, by)
    try:
        app.queue.publish(PLAN, [{"school": school, "export": export.id}])
    except ProfijtError:
        app.store.commit([Write(each.path, None) for each in writes])
        raise
    return export


def _require_own(app: App, school: str, link: ClassLink, by: str) -> None:
    """Who proved before to teach it is believed until the export is planned, which asks again."""
    if not dict(link.teachers).get(by):
        _, gradebook = open_sis(app, school)
        coursework_of(app, school, by).gradings(link.course)
        prove_teacher(app, school, by, link, gradebook)


def _own(busy: Export, by: str) -> Export:
    if busy.by != by:
        raise Conflict("export.colleague")
    return busy


def order_again(app: App, school: str, export: str, *, by: str) -> Export:
    """An export of what failed or was not tried in this one, and of nothing else, with the same choices.

    Raises Conflict "export.under_way", "export.nothing_failed"; NotFound "export.unknown", "export.gone"; and as
    `order_export`.
    """
    before, _ = read_export(app, school, export)
    if before.under_way and not is_silent(app, before):
        raise Conflict("export.under_way")
    asked = read_asked(app, school, export)
    outcomes = [sheet.outcome for sheet, _ in read_sheets(app, school, export)]
    if not outcomes and before.state is not ExportState.DONE:  # it never got as far as a plan
        return order_export(app, school, before.course, asked, by=by, of=export)
    only = {
        item.work: ()
        if item.outcome in AGAIN
        else tuple(student.student for student in item.students if student.outcome in AGAIN)
        for item in outcomes
        if item.to_repeat
    }
    if not only:
        raise Conflict("export.nothing_failed")
    return order_export(app, school, before.course, replace(asked, only=only), by=by, of=export)
