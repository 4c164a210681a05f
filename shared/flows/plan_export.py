"""An export's first message: both sides are read once, every item planned, and one message sent for each with work."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from shared.domain.export.ledger import learned
from shared.domain.export.outcome import Export, ExportState, ItemOutcome, Outcome, StudentOutcome
from shared.domain.export.plan import Action, ItemPlan, ResultPlan, Why
from shared.errors import Conflict, ProfijtError, Throttled, Unreachable
from shared.flows.export_turn import Turn, pairs_mark, why_of
from shared.flows.exports import (
    Class,
    Sheet,
    end,
    export_write,
    item_path,
    read_asked,
    read_export,
    read_sheets,
    users_of,
    write_class,
    write_sheet,
)
from shared.flows.gather_export import Gathered, preview_export
from shared.flows.ledger import Line, OpenLine
from shared.flows.order_export import ITEM
from shared.flows.packed import removed
from shared.ports import App, Document

LAST_ATTEMPT = 4  # the queue gives up after five: by then the export has to have ended

log = logging.getLogger(__name__)

_OUTCOMES = {
    Action.SAME: Outcome.SAME,
    Action.CONFLICT: Outcome.CONFLICT,
    Action.CANNOT: Outcome.CANNOT,
    Action.WITHDRAWN: Outcome.WITHDRAWN,
    Action.NEW: Outcome.NOT_TRIED,
    Action.CHANGED: Outcome.NOT_TRIED,
}


def plan_export(app: App, school: str, export: str, *, attempt: int = 1) -> Export | None:
    """Plan it and let its items begin; None when it was ended meanwhile. May be repeated.

    Raises Unreachable and Throttled, not at the last attempt, and Conflict while another worker plans it, or when
    somebody was erased meanwhile: the queue brings the message again. Whatever else is wrong ends the export, which
    then says so.
    """
    operation, version = read_export(app, school, export)
    if operation.state is ExportState.PLANNING:
        begun = {found.path: found for _, found in read_sheets(app, school, export)}
        try:
            gathered = preview_export(app, school, operation.course, read_asked(app, school, export), by=operation.by)
        except (Unreachable, Throttled) as err:
            if attempt < LAST_ATTEMPT:
                raise
            return end(app, school, export, why=why_of(err))
        except ProfijtError as err:
            log.warning("export not planned", extra={"fields": {"event": "export_plan", "code": err.code}})
            return end(app, school, export, why=why_of(err))
        if gathered.sis.generation != operation.generation:
            return end(app, school, export, why=Why("export.disconnected"))
        if gathered.link.sis_class != operation.sis_class:
            return end(app, school, export, why=Why("export.relinked"))
        operation = _begin(Turn(app, school, operation, app.now()), version, gathered, begun)
    if not operation.under_way:
        return None
    if not operation.left:
        return end(app, school, export)
    app.queue.publish(ITEM, [{"school": school, "export": export, "work": work} for work in operation.left])
    return operation


def _begin(turn: Turn, version: str, gathered: Gathered, before: Mapping[str, Document]) -> Export:
    """Write down what there is to do, and for items with nothing to do what came of them. `before`: the sheets an
    attempt that broke off has left; what was written since is another worker's.

    The operation is as it was before both sides were read (`version`). Raises Conflict when it was ended or begun, or
    somebody was erased, since.
    """
    app, school, operation = turn.app, turn.school, replace(turn.export, touched=turn.app.now())
    works = tuple(each.id for each in gathered.everything)
    version = write_class(app, school, operation, Class(gathered.where, works, gathered.students), expect=version)
    wanted = {each.id: each for each in gathered.wanted}
    left, stale = [], dict(before)
    for plan in gathered.plans:
        if plan.idle:
            _learn(turn, gathered, plan)
        else:
            left.append(plan.work)
        sheet = Sheet(plan.work, None if plan.idle else wanted[plan.work], outcome_of(plan), done=plan.idle)
        replaces = stale.pop(item_path(school, operation.id, plan.work), None)
        write_sheet(app, school, operation, sheet, replaces=replaces)
    for sheet_of_no_work in stale.values():  # it is gone at the source since
        app.store.commit(removed(sheet_of_no_work))
    begun = replace(
        operation,
        state=ExportState.RUNNING,
        left=tuple(left),
        total=len(gathered.plans),
        pairs=pairs_mark(gathered.link),
    )
    app.store.commit([export_write(app, school, begun, expect=version)])
    return begun


def _learn(turn: Turn, gathered: Gathered, plan: ItemPlan) -> None:
    """What the plan found out by itself goes into the ledger; another worker who was first knows as much."""
    before = gathered.lines.get(plan.work, Line(None))
    line = OpenLine(turn.app, gathered.book, before, users=users_of(gathered.students))
    entry = learned(line.entry, plan)
    if entry is not None and not line.says(entry):
        turn.require_nobody_erased()
        try:
            line.write(entry)
        except Conflict:
            log.info("ledger was written meanwhile", extra={"fields": {"event": "ledger_conflict"}})


def outcome_of(plan: ItemPlan) -> ItemOutcome:
    """What came of an item as long as nothing was sent."""
    return ItemOutcome(
        work=plan.work,
        title=plan.title,
        outcome=Outcome.KEPT if plan.theirs else _OUTCOMES[plan.action],
        why=plan.why,
        forced=plan.forced,
        warnings=plan.warnings,
        students=tuple(student_outcome(result) for result in plan.results),
    )


def student_outcome(plan: ResultPlan) -> StudentOutcome:
    """As `outcome_of`, of one student."""
    told = plan.wanted or plan.found
    return StudentOutcome(
        student=plan.student,
        outcome=Outcome.KEPT if plan.theirs else _OUTCOMES[plan.action],
        score=told.score if told else None,
        status=told.status.value if told and told.status else "",
        why=plan.why,
        forced=plan.forced,
        warnings=plan.warnings,
    )
