"""One item's results, planned: what is wanted, what the SIS has and what we sent, compared student by student."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from shared.domain.coursework import Mark
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.compare import agrees, is_empty
from shared.domain.export.ids import result_id
from shared.domain.export.ledger import ItemEntry, ResultEntry, digest, result_digest
from shared.domain.export.plan import Action, Choice, Choices, Chosen, Forced, ResultPlan, Why
from shared.domain.export.titles import cut
from shared.domain.export.wanted import WantedGrade, WantedItem
from shared.domain.gradebook import LineItem, Result, ScoreStatus
from shared.values import dataclass

_STATUS = {Mark.GRADED: ScoreStatus.GRADED, Mark.EXCUSED: ScoreStatus.EXEMPT, Mark.MISSING: ScoreStatus.NOT_SUBMITTED}
_WITHDRAWN = ("export.withdrawn", "export.withdrawn_by_hand", "export.withdrawn_gone")
_MISPLACED = ("export.misplaced", "export.misplaced_by_hand", "export.misplaced_gone")


@dataclass(frozen=True, slots=True)
class Into:
    """The item that results go into: as the SIS has it or will have it. `given_id`: what we called it (`item_id`)."""

    item: LineItem
    given_id: str
    work: str
    entry: ItemEntry | None
    results: tuple[Result, ...] | None  # None: the item is not there yet, or was made just now

    def had(self, sis_student: str) -> ResultEntry | None:
        return self.entry.results.get(sis_student) if self.entry else None


def plan_results(wanted: WantedItem, into: Into, where: Circumstances, choices: Choices) -> tuple[ResultPlan, ...]:
    """Each student with a grade, then those whose grade was withdrawn, or went to somebody else than it should have:
    a student may be in both."""
    theirs: Mapping[str, list[Result]] = _by_student(into.results or ())
    plans = []
    for grade in wanted.grades:
        plan, wish = _wanted_result(grade, wanted, into, where)
        if wish is not None:
            plan = _compared(replace(plan, wanted=wish), wish, into, theirs.get(grade.sis_student, []))
            plan = _chosen(plan, wish, choices.get((wanted.id, grade.student)))
        plans.append(plan)
    graded = {grade.student for grade in wanted.grades}
    for student, sis_student in wanted.withdrawn:
        codes = _MISPLACED if student in graded else _WITHDRAWN
        if into.results is not None and (withdrawn := _withdrawn(sis_student, codes, into, theirs, where)):
            withdrawn = replace(withdrawn, student=student)
            plans.append(_chosen(withdrawn, None, choices.get((wanted.id, student))))
    return tuple(plans)


def held_results(wanted: WantedItem, why: Why) -> tuple[ResultPlan, ...]:
    """Nothing can be sent, because there is no item, or not one that they fit into."""
    return tuple(
        ResultPlan(grade.student, grade.sis_student, Action.CANNOT, why=grade.why or why, warnings=grade.warnings)
        for grade in wanted.grades
    )


def confirmation(plan: ResultPlan, item: str, found: Result | None) -> Why | None:
    """What reading back says of what was just sent; `item` only seasons the digests. None: it is there as sent;
    export.kept_otherwise: it is there, as the SIS made it; oneroster.not_kept: the SIS has what it had."""
    if plan.send is None:
        raise ValueError("nothing was sent")
    if found is not None and agrees(plan.send, found):
        return None
    before = result_digest(item, plan.found) if plan.found else ""
    if found is None or result_digest(item, found) == before or is_empty(found):
        return Why("oneroster.not_kept", (("what", "results"),))
    return Why("export.kept_otherwise")


def _by_student(results: Iterable[Result]) -> Mapping[str, list[Result]]:
    found = defaultdict(list)
    for result in sorted(results, key=lambda result: result.id):
        found[result.student].append(result)
    return found


def _wanted_result(
    grade: WantedGrade, wanted: WantedItem, into: Into, where: Circumstances
) -> tuple[ResultPlan, Result | None]:
    """What to have at the SIS, with its warnings; or why it cannot be."""
    plan = ResultPlan(grade.student, grade.sis_student, Action.CANNOT, why=grade.why, warnings=grade.warnings)
    if not grade.sis_student:
        return plan, None
    status, score, work = _STATUS[grade.mark], grade.score, wanted.work
    minimum, maximum = (work.minimum, work.maximum) if work else (0.0, None)
    if (score is None and grade.mark is Mark.GRADED) or (
        score is not None and not (math.isfinite(score) and score >= minimum)
    ):
        return replace(plan, why=Why("export.bad_score")), None
    if status.value not in where.statuses:
        return replace(plan, why=Why("export.status_unsupported")), None
    if score is not None and maximum is not None and score > maximum:
        plan = replace(plan, warnings=(*plan.warnings, Why("export.extra_credit")))
    comment = cut(grade.comment, where.limits.comment)
    if comment != grade.comment:
        code = "export.comment_cut" if where.limits.comment else "export.comment_not_sent"
        plan = replace(plan, forced=(Forced("comment", grade.comment, comment, Why(code)),))
    had = into.had(grade.sis_student)
    id = had.id if had else result_id(into.given_id, grade.sis_student)
    scored = grade.scored or where.today  # of a day that nobody knows the SIS would make its own, perhaps of UTC
    result = Result(id, into.item.id, grade.sis_student, status, score, scored, comment)
    return replace(plan, wish=result_digest(wanted.id, result)), result


def _compared(plan: ResultPlan, wish: Result, into: Into, theirs: list[Result]) -> ResultPlan:
    had = into.had(plan.sis_student)
    if len(theirs) > 1:
        return _conflict(plan, "export.result_twice", into, theirs)
    if not theirs:
        return _not_there(plan, wish, into, had)
    [found] = theirs
    plan, now = replace(plan, found=found), result_digest(into.work, found)
    if agrees(wish, found):
        return replace(plan, action=Action.SAME, why=None)
    if had and had.theirs:
        if (now, plan.wish) == (had.kept, had.sent):
            return _left(plan, "export.kept_theirs", into, theirs, Choice.OVERWRITE)
    elif had and now in (had.kept, had.pending):
        if (now, plan.wish) == (had.kept, had.sent):
            kept_otherwise = (*plan.warnings, Why("export.kept_otherwise"))
            return replace(plan, action=Action.SAME, warnings=kept_otherwise)
        return _sending(plan, wish, Action.CHANGED)
    elif is_empty(found) and not (had and had.kept):
        return _sending(plan, wish, Action.NEW)
    code = "export.result_changed_there" if had else "export.result_unknown"
    return _conflict(plan, code, into, theirs, Choice.OVERWRITE, Choice.KEEP)


def _not_there(plan: ResultPlan, wish: Result, into: Into, had: ResultEntry | None) -> ResultPlan:
    if into.results is None or had is None or not (had.kept or had.theirs):
        return _sending(plan, wish, Action.NEW)
    if had.theirs and not had.kept and had.sent == plan.wish:
        return _left(plan, "export.kept_deleted", into, [], Choice.AGAIN)
    return _conflict(plan, "export.result_deleted_there", into, [], Choice.AGAIN, Choice.KEEP)


def _withdrawn(
    sis_student: str, codes: tuple[str, str, str], into: Into, theirs: Mapping[str, list[Result]], where: Circumstances
) -> ResultPlan | None:
    """What we once sent and the source has no grade for any more, or has for somebody else. What is not ours is
    nobody's business here."""
    had, found = into.had(sis_student), theirs.get(sis_student, [])
    if had is None or had.theirs:
        return None
    code, by_hand, gone = codes
    plan = ResultPlan("", sis_student, Action.WITHDRAWN)
    if not found:
        return replace(plan, why=Why(gone))
    if len(found) > 1:
        return replace(plan, why=Why("export.result_twice"))
    if not where.deletes:
        return replace(plan, found=found[0], why=Why(by_hand))
    asked = _asked(replace(plan, found=found[0]), code, into, found, Choice.KEEP, Choice.CLEAR)
    return replace(asked, action=Action.WITHDRAWN)


def _sending(plan: ResultPlan, wish: Result, action: Action) -> ResultPlan:
    """A result that is there already keeps its id, never a second one; and its comment, when we say nothing: a PUT
    replaces the whole."""
    send = replace(wish, id=plan.found.id, comment=wish.comment or plan.found.comment) if plan.found else wish
    return replace(plan, action=action, send=send, why=None)


def _conflict(plan: ResultPlan, code: str, into: Into, theirs: list[Result], *choices: Choice) -> ResultPlan:
    return replace(_asked(plan, code, into, theirs, *choices), action=Action.CONFLICT)


def _left(plan: ResultPlan, code: str, into: Into, theirs: list[Result], *choices: Choice) -> ResultPlan:
    """A person chose so before; they may think better of it."""
    return replace(_asked(plan, code, into, theirs, *choices), action=Action.SAME, theirs=True)


def _asked(plan: ResultPlan, code: str, into: Into, theirs: list[Result], *choices: Choice) -> ResultPlan:
    seen = digest(code, plan.wish, *(part for one in theirs for part in (one.id, result_digest(into.work, one))))
    return replace(plan, why=Why(code), choices=choices, seen=seen)


def _chosen(plan: ResultPlan, wish: Result | None, chosen: Chosen | None) -> ResultPlan:
    """With what a person chose, if that was about what is there now."""
    if chosen is None or chosen.seen != plan.seen or chosen.choice not in plan.choices:
        return plan
    match chosen.choice:
        case Choice.CLEAR if plan.found:
            return replace(plan, clear=plan.found.id)
        case Choice.KEEP if wish:
            code = "export.kept_theirs" if plan.found else "export.kept_deleted"
            return replace(plan, action=Action.SAME, why=Why(code), theirs=True)
        case Choice.OVERWRITE | Choice.AGAIN if wish:
            action = Action.CHANGED if plan.found else Action.NEW
            return replace(_sending(plan, wish, action), theirs=False)
    return plan  # a withdrawn grade stays there as long as nobody chooses otherwise
