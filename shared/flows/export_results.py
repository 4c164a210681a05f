"""One item's results, sent one after another and then read back once: only what the SIS shows was sent.

The ledger says what is going out before it goes; a refusal is that student's alone; an answer that never came is
settled by looking.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.domain.export.compare import agrees
from shared.domain.export.ledger import ItemEntry, result_cleared, result_confirmed, sending_result
from shared.domain.export.outcome import Outcome, StudentOutcome
from shared.domain.export.plan import ItemPlan, ResultPlan, Why
from shared.domain.export.results import confirmation
from shared.domain.gradebook import LineItem, Result
from shared.errors import NotAuthorized, Throttled, Unreachable
from shared.flows.export_turn import Ended, Turn, why_of
from shared.flows.ledger import OpenLine
from shared.flows.plan_export import student_outcome
from shared.gradebook_port import Gradebook, SisRejected
from shared.values import dataclass

OTHERWISE = "export.kept_otherwise"
PATIENCE = 3  # answers in a row that did not come: the SIS is away
ANSWERED = "http.server_error"  # a failure of the SIS's own, perhaps about this student alone
ONE_ONLY = "oneroster.right_missing"  # may be about this student alone; other refusals of access are about everybody


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that went out for one student. `why`: it was refused; or nobody knows, because of `doubt`."""

    plan: ResultPlan
    why: Why | None = None
    doubt: Unreachable | Throttled | None = None
    said: str = ""


def send_results(
    turn: Turn, gradebook: Gradebook, line: OpenLine, *, item: LineItem, plan: ItemPlan
) -> tuple[tuple[StudentOutcome, ...], Ended | None]:
    """What came of everyone in the plan, and what ended the export meanwhile. `item` is as the SIS has it.

    Raises OutOfTime between two writes, Unreachable and Throttled when the SIS is away: the ledger then says what may
    have arrived; and Conflict when another worker is at it, or somebody was erased.
    """
    asked: list[_Asked] = []
    ended: Ended | None = None
    for each in plan.results:
        if each.send or each.clear:
            try:
                turn.require()
                if asked:
                    turn.require_time()
                asked.append(_ask(gradebook, line, item, each))
            except Ended as err:
                ended = err
                break
            _expect_an_answer(asked)
    told = {(each.student, each.sis_student): student_outcome(each) for each in plan.results}
    if asked:
        there, ended = _read_back(gradebook, item, ended)
        entry = line.entry
        assert entry
        for one in asked:
            entry, told[one.plan.student, one.plan.sis_student] = (
                (entry, _unread(one, there))
                if isinstance(there, Why)
                else _settled(entry, one, item.id, there.get(one.plan.sis_student, ()))
            )
        line.write(entry)
    return tuple(told.values()), ended


def _ask(gradebook: Gradebook, line: OpenLine, item: LineItem, plan: ResultPlan) -> _Asked:
    """Raises Ended when the SIS lets us in no more."""
    try:
        if plan.send:
            assert line.entry
            line.write(sending_result(line.entry, plan))
            return _Asked(plan, said=gradebook.put_result(item, replace(plan.send, line_item=item.id)).said)
        assert plan.found
        gradebook.delete_result(plan.found)
    except (Unreachable, Throttled) as err:
        return _Asked(plan, Why("export.no_answer"), doubt=err)
    except SisRejected as err:
        return _Asked(plan, why_of(err), said=err.said)
    except NotAuthorized as err:
        if err.code != ONE_ONLY:
            raise Ended(why_of(err)) from err
        return _Asked(plan, why_of(err))
    return _Asked(plan)


def _expect_an_answer(asked: Sequence[_Asked]) -> None:
    """Raises what the last one met when the SIS has not answered for a while."""
    last = asked[-PATIENCE:]
    if len(last) == PATIENCE and all(one.doubt and one.doubt.code != ANSWERED for one in last) and last[-1].doubt:
        raise last[-1].doubt


def _read_back(
    gradebook: Gradebook, item: LineItem, ended: Ended | None
) -> tuple[Mapping[str, Sequence[Result]] | Why, Ended | None]:
    """What the SIS shows now by student, or why that cannot be known; and what ended the export, maybe only now."""
    try:
        return _by_student(gradebook.results(item)), ended
    except (Unreachable, Throttled):
        if ended is None:
            raise
        return Why("export.no_answer"), ended
    except NotAuthorized as err:
        return Why("export.no_answer"), ended or Ended(why_of(err))
    except SisRejected as err:
        return why_of(err), ended


def _unread(one: _Asked, why: Why) -> StudentOutcome:
    """It may have arrived: the ledger has it as pending."""
    return replace(student_outcome(one.plan), outcome=Outcome.FAILED, why=one.why or why, said=one.said)


def _settled(entry: ItemEntry, one: _Asked, item: str, there: Sequence[Result]) -> tuple[ItemEntry, StudentOutcome]:
    """What came of one student, by what the SIS shows now in the item with this id."""
    plan = one.plan
    told = replace(student_outcome(plan), said=one.said)
    if plan.clear:
        if any(result.id == plan.clear for result in there):
            return entry, replace(told, outcome=Outcome.FAILED, why=one.why or Why("export.not_deleted"))
        return result_cleared(entry, plan), replace(told, outcome=Outcome.CLEARED, why=None)
    assert plan.send
    found = next((result for result in there if agrees(plan.send, result)), there[0] if len(there) == 1 else None)
    why = confirmation(plan, item, found)
    if found and why is None:
        outcome = Outcome.CONFIRMED if one.why else Outcome.SENT
        return result_confirmed(entry, plan, found), replace(told, outcome=outcome, why=None)
    if found and why and why.code == OTHERWISE and one.why is None:
        told = replace(told, outcome=Outcome.SENT, why=None, warnings=(*told.warnings, why))
        return result_confirmed(entry, plan, found), told
    return entry, replace(told, outcome=Outcome.FAILED, why=one.why or why)


def _by_student(results: Sequence[Result]) -> Mapping[str, Sequence[Result]]:
    found: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.student].append(result)
    return found
