"""One item of an export carried out: read, plan anew, send, read back, record.

Before anything is sent the ledger says so, so whoever comes after a crash knows what may have arrived. Nothing is sent
that the SIS has, and nothing is called sent that was not read back.
"""

import logging
from dataclasses import replace

from shared.domain.export.ids import item_id
from shared.domain.export.ledger import item_confirmed, learned, next_generation, sending_item
from shared.domain.export.outcome import Export, ExportState, ItemOutcome, Outcome, StudentOutcome
from shared.domain.export.plan import Forced, ItemPlan, Why
from shared.domain.export.wanted import WantedItem
from shared.domain.export.wanted_items import owned_ids
from shared.domain.gradebook import LineItem, item_differences
from shared.errors import Conflict, NotAllowed, NotAuthorized, RemoteError, Throttled, Unreachable
from shared.flows.export_results import ONE_ONLY, send_results
from shared.flows.export_turn import Ended, OutOfTime, Turn, why_of
from shared.flows.exports import (
    Asked,
    Class,
    Sheet,
    change_export,
    end,
    finish_item,
    item_path,
    read_asked,
    read_class,
    read_export,
    read_sheet,
    sheet_of,
    users_of,
    write_sheet,
)
from shared.flows.gather_export import plan_now
from shared.flows.ledger import Book, Line, OpenLine, read_lines
from shared.flows.order_export import ITEM
from shared.flows.plan_export import LAST_ATTEMPT, outcome_of
from shared.flows.sis import open_sis
from shared.gradebook_port import Kept, SisRejected
from shared.ports import App, Document

TURN = 300  # seconds: as long as one message may take
GENERATIONS = 8  # as many as the plan looks for

log = logging.getLogger(__name__)


def export_item(app: App, school: str, export: str, work: str, *, owner: str, attempt: int = 1) -> Export | None:
    """Do what is left of this item, and return the export as it then is; None: it goes on in another message, or the
    export was ended. `owner` is the message's id: the same message goes on at once, another one has to wait.

    Raises Unreachable and Throttled, not at the last attempt, and Conflict while another worker is at it, or when
    somebody was erased meanwhile: the queue brings the message again.
    """
    operation, _ = read_export(app, school, export)
    sheet, _ = read_sheet(app, school, export, work)
    if operation.state is not ExportState.RUNNING:
        return None
    if sheet.done:  # and yet the message came again: perhaps nobody counted it
        return finish_item(app, school, export, work)
    lease = app.store.lease(item_path(school, export, work), owner=owner, now=app.now(), seconds=TURN)
    if lease is None:
        raise Conflict("store.conflict")
    mine = Document(lease.path, lease.data, lease.version)
    sheet = sheet_of(app, mine)  # another worker may have been at it since
    turn = Turn(app, school, operation, app.now())
    try:
        outcome = sheet.outcome if sheet.done else _outcome(turn, sheet, attempt)
    except Ended as ended:
        write_sheet(app, school, operation, _done(sheet, ended.outcome or sheet.outcome), replaces=mine)
        return end(app, school, export, why=ended.why)
    except OutOfTime:
        write_sheet(app, school, operation, sheet, replaces=mine)  # gives the turn back
        change_export(app, school, export, lambda alive: alive)
        app.queue.publish(ITEM, [{"school": school, "export": export, "work": work}])
        return None
    write_sheet(app, school, operation, _done(sheet, outcome), replaces=mine)
    return finish_item(app, school, export, work)


def _done(sheet: Sheet, outcome: ItemOutcome) -> Sheet:
    return replace(sheet, wanted=None, outcome=outcome, done=True)


def _outcome(turn: Turn, sheet: Sheet, attempt: int) -> ItemOutcome:
    """What came of the item. Raises as `export_item`, and Ended, OutOfTime."""
    try:
        turn.require_teachers()
        return _Item(turn, sheet).carried_out()
    except (Unreachable, Throttled):
        if attempt < LAST_ATTEMPT:
            raise
        return unknown(sheet.outcome, Why("export.no_answer"))
    except NotAuthorized as err:
        if err.code != ONE_ONLY:
            raise Ended(why_of(err)) from err
        return unknown(sheet.outcome, why_of(err))
    except NotAllowed as err:  # disconnected at this very moment
        raise Ended(Why("export.disconnected")) from err
    except RemoteError as err:
        return unknown(sheet.outcome, why_of(err))


def refused(outcome: ItemOutcome, why: Why, said: str) -> ItemOutcome:
    """The item did not come about, so nobody's result was tried that would have been sent."""
    return _failed(replace(outcome, said=said), why, Outcome.NOT_TRIED, Why("export.item_failed"))


def unknown(outcome: ItemOutcome, why: Why) -> ItemOutcome:
    """Nobody knows what arrived of the item and of what would have been sent; the ledger says what may have."""
    return _failed(outcome, why, Outcome.FAILED, why)


def _failed(outcome: ItemOutcome, why: Why, of_students: Outcome, their_why: Why) -> ItemOutcome:
    students = tuple(
        replace(each, outcome=of_students, why=their_why) if each.outcome is Outcome.NOT_TRIED else each
        for each in outcome.students
    )
    return replace(outcome, outcome=Outcome.FAILED, why=why, students=students)


class _Item:
    """One work and its line in the ledger."""

    def __init__(self, turn: Turn, sheet: Sheet) -> None:
        assert sheet.wanted
        app, school, export = turn.app, turn.school, turn.export
        self._turn = turn
        self._wanted: WantedItem = sheet.wanted
        self._before: ItemOutcome = sheet.outcome
        self._asked: Asked = read_asked(app, school, export.id)
        self._class: Class = read_class(app, school, export.id)
        book = Book(school, export.book, export.sis_class, export.course)
        lines = read_lines(app, book)
        users = users_of(self._class.students)
        self._line = OpenLine(app, book, lines.get(sheet.work, Line(None)), users=users)
        self._others = {work: line.entry for work, line in lines.items() if line.entry and work != sheet.work}
        _, self._gradebook = open_sis(app, school)

    def carried_out(self) -> ItemOutcome:
        there, plan = self._planned()
        before = self._line.entry
        if (entry := learned(before, plan)) is not None and not self._line.says(entry):
            self._turn.require_nobody_erased()
            self._line.write(entry)
        if plan.clear:
            return self._cleared(plan)
        outcome = outcome_of(plan)
        item = plan.item
        if plan.send:
            try:
                kept, plan = self._put(plan, there)
            except SisRejected as err:
                return refused(outcome_of(plan), why_of(err), err.said)
            item = kept.item
            outcome = _sent(outcome_of(plan), plan, kept)
        elif outcome.outcome is Outcome.SAME and self._before.outcome is Outcome.NOT_TRIED:
            outcome = replace(outcome, outcome=Outcome.CONFIRMED)
        if item is None:
            return outcome
        students, ended = send_results(self._turn, self._gradebook, self._line, item=item, plan=plan)
        outcome = replace(outcome, students=self._confirmed(students))
        if ended:
            raise Ended(ended.why, outcome)
        return outcome

    def _confirmed(self, students: tuple[StudentOutcome, ...]) -> tuple[StudentOutcome, ...]:
        """What was to be sent and yet is there was sent by an attempt whose end nobody saw."""
        to_send = {each.student for each in self._before.students if each.outcome is Outcome.NOT_TRIED}
        return tuple(
            replace(each, outcome=Outcome.CONFIRMED)
            if each.outcome is Outcome.SAME and each.student in to_send
            else each
            for each in students
        )

    def _planned(self) -> tuple[tuple[LineItem, ...], ItemPlan]:
        """All items of the class as they are now, and this one's plan."""
        there = self._gradebook.line_items(self._turn.export.sis_class)
        where = self._class.where
        known = [WantedItem(work, None) for work in self._class.works]
        entry = self._line.entry
        owned = owned_ids(known, self._others | ({self._wanted.id: entry} if entry else {}), where)
        plan = plan_now(
            self._wanted,
            where,
            entry=entry,
            items=there,
            owned=owned,
            results=self._gradebook.results,
            asked=self._asked,
        )
        return there, plan

    def _put(self, plan: ItemPlan, there: tuple[LineItem, ...]) -> tuple[Kept, ItemPlan]:
        """The item as the SIS now has it, and its plan: another one where the SIS does not take a deleted id back."""
        while True:
            assert plan.item
            self._turn.require()
            entry = self._line.write(sending_item(self._line.entry, plan, there))
            try:
                kept = self._gradebook.put_line_item(plan.item, known=[item.id for item in there])
            except SisRejected as err:
                if err.code != "oneroster.deleted_there" or entry.generation + 1 >= GENERATIONS:
                    raise
                where = self._class.where
                again = item_id(where.class_id, where.course, plan.work, entry.generation + 1)
                self._line.write(next_generation(entry, again))
                there, plan = self._planned()
                if not plan.send:
                    raise
                continue
            self._line.write(item_confirmed(entry, plan, kept.item))
            return kept, plan

    def _cleared(self, plan: ItemPlan) -> ItemOutcome:
        """A person chose to delete the item of a work that is no more."""
        assert plan.found
        outcome = outcome_of(plan)
        self._turn.require()
        try:
            self._gradebook.delete_line_item(plan.found)
        except SisRejected as err:
            return replace(outcome, outcome=Outcome.FAILED, why=why_of(err), said=err.said)
        if any(item.id == plan.clear for item in self._gradebook.line_items(self._turn.export.sis_class)):
            return replace(outcome, outcome=Outcome.FAILED, why=Why("export.not_deleted"))
        self._line.forget()
        return replace(outcome, outcome=Outcome.CLEARED, why=None)


def _sent(outcome: ItemOutcome, plan: ItemPlan, kept: Kept) -> ItemOutcome:
    """With what the SIS made of it."""
    assert plan.item
    different = item_differences(plan.item, kept.item)
    forced = outcome.forced
    if "title" in different:
        forced = (*forced, Forced("title", plan.item.title, kept.item.title, Why("export.kept_otherwise")))
    warnings = (*outcome.warnings, Why("export.kept_otherwise")) if set(different) - {"title"} else outcome.warnings
    return replace(outcome, outcome=Outcome.SENT, why=None, said=kept.said, forced=forced, warnings=warnings)
