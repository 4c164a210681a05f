"""One student's result: what is wanted, what the SIS has and what we know we sent, in every combination."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from paper_sis import DUE, LIMITS, SETUP

from shared.domain.coursework import Mark, Work
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.ids import item_id, result_id
from shared.domain.export.ledger import (
    ItemEntry,
    ResultEntry,
    item_digest,
    learned,
    result_confirmed,
    result_digest,
    sending_item,
    sending_result,
)
from shared.domain.export.line_item import line_item
from shared.domain.export.plan import Action, Choice, Chosen, ItemPlan, ResultPlan, Why
from shared.domain.export.plan_item import plan_item
from shared.domain.export.results import confirmation
from shared.domain.export.wanted import WantedGrade, WantedItem
from shared.domain.gradebook import Result, ScoreStatus

G, X, N = ScoreStatus.GRADED, ScoreStatus.EXEMPT, ScoreStatus.NOT_SUBMITTED
SO = Work("w1", "SO H3 breuken", "", DUE, DUE, maximum=10.0, category="Toetsen")
LI = item_id(SETUP.class_id, SETUP.course, "w1", 0)
OURS = result_id(LI, "s1")
DRAFT = line_item(WantedItem("w1", SO), SETUP, id=LI, found=None, taken=())
ITEM = DRAFT.item
assert ITEM


def at_sis(score: float | None = 7.5, status: ScoreStatus | None = G, **other: Any) -> Result:
    return Result(**{"id": OURS, "line_item": LI, "student": "s1", "status": status, "score": score, **other})


def known(score: float | None = 7.5, status: ScoreStatus = G, **other: Any) -> ResultEntry:
    """Sent, confirmed, and kept as it was sent."""
    digest = result_digest("w1", at_sis(score, status))
    return ResultEntry(**{"id": OURS, "sent": digest, "kept": digest, **other})


def want(score: float | None = 7.5, mark: Mark = Mark.GRADED, **other: Any) -> WantedGrade:
    return WantedGrade("yusuf", "s1", mark, score, **other)


def item_plan(
    grade: WantedGrade | None,
    *there: Result,
    entry: ResultEntry | None = None,
    where: Circumstances = SETUP,
    chosen: Chosen | None = None,
    unread: bool = False,
    withdrawn: bool = False,
) -> ItemPlan:
    wanted = WantedItem(
        "w1", SO, (grade,) if grade else (), withdrawn=(("yusuf", "s1"),) if withdrawn or not grade else ()
    )
    digest = item_digest(ITEM)
    ledger = ItemEntry("w1", LI, sent=DRAFT.wish, kept=digest, results={"s1": entry} if entry else {})
    return plan_item(
        wanted,
        where,
        entry=ledger,
        items=[ITEM],
        owned=[LI],
        results=None if unread else there,
        choices={("w1", "yusuf"): chosen} if chosen else {},
    )


def plan(grade: WantedGrade | None, *there: Result, **how: Any) -> ResultPlan:
    [result] = item_plan(grade, *there, **how).results
    return result


def code(result: ResultPlan) -> str:
    return result.why.code if result.why else ""


FOREIGN = "van-een-ander"
CASES = [
    # wanted, what the SIS has, what the ledger knows → action, code
    (want(), [], None, "new", ""),
    (want(0.0), [], None, "new", ""),
    (want(), [], ResultEntry(OURS, pending="x"), "new", ""),
    (want(), [], known(), "conflict", "export.result_deleted_there"),
    (want(), [at_sis()], known(), "same", ""),
    (want(), [at_sis()], None, "same", ""),
    (want(7.5), [at_sis(7.5000004)], None, "same", ""),
    (want(7.5), [at_sis(7.50001)], None, "conflict", "export.result_unknown"),
    (want(8.0), [at_sis(7.5)], known(7.5), "changed", ""),
    (want(8.0), [at_sis(6.0)], known(7.5), "conflict", "export.result_changed_there"),
    (want(8.0), [at_sis(8.0)], known(7.5), "same", ""),  # somebody typed it over
    (want(8.0), [at_sis(7.5)], ResultEntry(OURS, pending=known(7.5).sent), "changed", ""),
    (want(0.0), [at_sis(None, None)], None, "new", ""),
    (want(0.0), [at_sis(None, N, id=FOREIGN)], None, "new", ""),
    (want(0.0), [at_sis(None, N)], ResultEntry(OURS, pending="x"), "new", ""),
    (want(7.5), [at_sis(0.0, N)], None, "conflict", "export.result_unknown"),  # a zero may be a grade
    (want(7.5), [at_sis(None, N, comment="ziek")], None, "conflict", "export.result_unknown"),
    (want(7.5), [at_sis(None, N)], known(7.5), "conflict", "export.result_changed_there"),  # emptied there
    (want(0.0), [at_sis(0.0, X)], None, "conflict", "export.result_unknown"),
    (want(), [at_sis(), at_sis(id=FOREIGN)], known(), "conflict", "export.result_twice"),
    (want(None, Mark.EXCUSED), [at_sis(0.0, X)], None, "same", ""),  # OneRoster 1.1 demands a score
    (want(7.5, Mark.EXCUSED), [at_sis(7.5, X)], None, "same", ""),
    (want(7.5, Mark.EXCUSED), [at_sis(7.5)], known(7.5), "changed", ""),
    (want(None, Mark.MISSING), [at_sis(None, N)], None, "same", ""),
    (want(None, Mark.MISSING), [at_sis(7.5)], known(7.5), "changed", ""),
    (None, [at_sis()], known(), "withdrawn", "export.withdrawn"),
    (None, [at_sis(6.0)], known(), "withdrawn", "export.withdrawn"),
    (None, [], known(), "withdrawn", "export.withdrawn_gone"),
]


@pytest.mark.parametrize(("grade", "there", "entry", "action", "why"), CASES)
def test_three_sides_decide_what_is_done(grade: Any, there: Any, entry: Any, action: str, why: str) -> None:
    made = plan(grade, *there, entry=entry)
    assert (made.action.value, code(made)) == (action, why)
    assert (made.send is not None) == (action in ("new", "changed"))


@pytest.mark.parametrize("id", ["eigen-1", FOREIGN])
def test_a_result_that_is_there_keeps_its_id_and_its_comment(id: str) -> None:
    before = known(7.5)
    entry = replace(before, id=id, kept=result_digest("w1", at_sis(comment="netjes")))
    made = plan(want(8.0), at_sis(7.5, id=id, comment="netjes"), entry=entry)
    assert made.send is not None
    assert (made.send.id, made.send.score, made.send.comment) == (id, 8.0, "netjes")


def test_a_new_result_has_the_id_that_it_will_always_have() -> None:
    made = plan(want(8.0))
    assert made.send == Result(OURS, LI, "s1", G, 8.0, SETUP.today)


def test_a_result_has_the_day_of_the_source_or_the_schools_today_and_a_day_is_no_difference() -> None:
    told = plan(want(8.0, scored=date(2026, 11, 9)))
    assert told.send is not None
    assert told.send.scored == date(2026, 11, 9)
    assert plan(want(), at_sis(scored=date(2026, 11, 9)), entry=known()).action is Action.SAME
    tomorrow = replace(SETUP, today=date(2026, 11, 23))
    assert plan(want(8.0), where=tomorrow).wish == plan(want(8.0)).wish


def test_an_item_that_was_made_just_now_has_no_results_to_have_been_deleted() -> None:
    assert plan(want(), entry=known(), unread=True).action is Action.NEW


@pytest.mark.parametrize("score", [-1.0, -0.01, float("nan"), float("inf"), float("-inf"), 1e309, None])
def test_a_score_that_is_none_stops_this_student_only(score: float | None) -> None:
    wanted = WantedItem("w1", SO, (want(score), WantedGrade("anna", "s2", Mark.GRADED, 7.5)))
    made = plan_item(wanted, SETUP, entry=None, items=[], owned=[], results=None, choices={})
    assert [(each.action, code(each)) for each in made.results] == [
        (Action.CANNOT, "export.bad_score"),
        (Action.NEW, ""),
    ]


def test_below_the_lowest_score_is_no_grade_either() -> None:
    dutch = WantedItem("w1", replace(SO, minimum=1.0), (want(0.5),))
    [made] = plan_item(dutch, SETUP, entry=None, items=[], owned=[], results=None, choices={}).results
    assert code(made) == "export.bad_score"


def test_extra_credit_survives_with_a_word_about_it() -> None:
    made = plan(want(11.0))
    assert made.send is not None
    assert made.send.score == 11.0
    assert made.warnings == (Why("export.extra_credit"),)


def test_a_status_that_the_sis_does_not_keep_is_not_sent() -> None:
    where = replace(SETUP, statuses=("fully graded",))
    assert code(plan(want(None, Mark.MISSING), where=where)) == "export.status_unsupported"
    assert plan(want(7.5), where=where).action is Action.NEW


@pytest.mark.parametrize(
    ("limit", "sent", "why"),
    [(0, "", "export.comment_not_sent"), (7, "Prima …", ""), (7, "Prima…", "export.comment_cut")],
)
def test_a_comment_is_sent_as_far_as_the_sis_takes_it(limit: int, sent: str, why: str) -> None:
    where = replace(SETUP, limits=replace(LIMITS, comment=limit))
    comment = "Prima werk" if why else "Prima …"
    made = plan(want(comment=comment), where=where)
    assert made.send is not None
    assert made.send.comment == sent
    assert [each.why.code for each in made.forced] == ([why] if why else [])


def test_another_comment_is_another_result_where_comments_are_sent() -> None:
    where = replace(SETUP, limits=replace(LIMITS, comment=100))
    assert plan(want(comment="Prima"), at_sis(comment="Matig"), entry=known(), where=where).action is Action.CONFLICT


def test_who_is_not_paired_is_told_why_and_nothing_is_sent() -> None:
    made = plan(replace(want(), sis_student="", why=Why("pair.not_found")))
    assert (made.action, code(made), made.send) == (Action.CANNOT, "pair.not_found", None)


def test_what_the_sis_rounds_is_the_same_as_long_as_nothing_changes_and_is_said() -> None:
    kept = at_sis(7.3)
    entry = replace(known(7.26), kept=result_digest("w1", kept))
    made = plan(want(7.26), kept, entry=entry)
    assert (made.action, made.warnings) == (Action.SAME, (Why("export.kept_otherwise"),))
    assert plan(want(7.1), kept, entry=entry).action is Action.CHANGED


CHOICES = [
    (want(8.0), [at_sis(6.0)], known(7.5), Choice.OVERWRITE, "changed"),
    (want(8.0), [at_sis(6.0)], None, Choice.OVERWRITE, "changed"),
    (want(8.0), [], known(7.5), Choice.AGAIN, "new"),
    (want(8.0), [at_sis(6.0)], known(7.5), Choice.KEEP, "same"),
    (want(8.0), [], known(7.5), Choice.KEEP, "same"),
    (None, [at_sis()], known(), Choice.CLEAR, "withdrawn"),
    (None, [at_sis()], known(), Choice.KEEP, "withdrawn"),
]


@pytest.mark.parametrize(("grade", "there", "entry", "choice", "action"), CHOICES)
def test_a_choice_does_what_it_says_for_what_was_seen_only(
    grade: Any, there: Any, entry: Any, choice: Choice, action: str
) -> None:
    asked = plan(grade, *there, entry=entry)
    assert choice in asked.choices
    made = plan(grade, *there, entry=entry, chosen=Chosen(choice, asked.seen))
    assert made.action.value == action
    assert (made.send is not None) == (action in ("changed", "new"))
    assert made.clear == (there[0].id if choice is Choice.CLEAR else "")
    elsewhere = [replace(each, score=5.0) for each in there] or [at_sis(5.0)]
    for stale in (Chosen(choice, "x"), Chosen(Choice.ADOPT, asked.seen)):
        assert plan(grade, *there, entry=entry, chosen=stale) == asked
    again = plan(grade, *elsewhere, entry=entry, chosen=Chosen(choice, asked.seen))
    assert again.send is None
    assert not again.clear


def test_a_result_that_is_there_twice_cannot_be_chosen_about() -> None:
    made = plan(want(), at_sis(), at_sis(id=FOREIGN))
    assert (made.choices, made.found) == ((), None)


def test_what_cannot_be_deleted_by_us_is_not_offered() -> None:
    made = plan(None, at_sis(), entry=known(), where=replace(SETUP, deletes=False))
    assert (made.choices, code(made)) == ((), "export.withdrawn_by_hand")


@pytest.mark.parametrize("there", [[at_sis(6.0)], []])
def test_what_was_left_to_the_sis_is_asked_about_again_when_either_side_changes(there: list[Result]) -> None:
    asked = plan(want(8.0), *there, entry=known())
    keep = item_plan(want(8.0), *there, entry=known(), chosen=Chosen(Choice.KEEP, asked.seen))
    ledger = learned(ItemEntry("w1", LI, results={"s1": known()}), keep)
    assert ledger is not None
    left = ledger.results["s1"]
    settled = plan(want(8.0), *there, entry=left)
    assert (settled.action, settled.theirs) == (Action.SAME, True)
    assert settled.choices == (Choice.OVERWRITE if there else Choice.AGAIN,)
    assert plan(want(9.0), *there, entry=left).action is Action.CONFLICT
    assert plan(want(8.0), at_sis(5.0), entry=left).action is Action.CONFLICT
    assert plan(want(8.0), at_sis(8.0), entry=left).action is Action.SAME
    better = plan(want(8.0), *there, entry=left, chosen=Chosen(settled.choices[0], settled.seen))
    assert better.send is not None
    assert not better.theirs


def test_a_grade_that_was_left_to_the_sis_is_not_ours_to_withdraw() -> None:
    assert item_plan(None, at_sis(6.0), entry=replace(known(), theirs=True)).results == ()


SENT = [
    (at_sis(8.0), None),
    (at_sis(8.0, comment="van het LIS"), None),
    (at_sis(7.9), "export.kept_otherwise"),
    (at_sis(7.5), "oneroster.not_kept"),  # what it had before
    (at_sis(None, None), "oneroster.not_kept"),
    (None, "oneroster.not_kept"),
]


@pytest.mark.parametrize(("found", "why"), SENT)
def test_reading_back_tells_what_became_of_what_was_sent(found: Result | None, why: str | None) -> None:
    told = confirmation(plan(want(8.0), at_sis(7.5), entry=known(7.5)), LI, found)
    assert (told.code if told else None) == why


def test_the_ledger_knows_what_goes_out_before_and_what_came_of_it_after() -> None:
    changed = plan(want(8.0), at_sis(7.5), entry=known(7.5))
    before = ItemEntry("w1", LI, results={"s1": known(7.5)})
    under_way = sending_result(before, changed)
    assert under_way.results["s1"] == known(7.5, pending=known(8.0).sent, student="yusuf")
    assert result_confirmed(under_way, changed, at_sis(8.0)).results["s1"] == known(8.0, student="yusuf")


def test_a_ledger_that_does_not_know_whose_a_grade_is_learns_it_and_remembers_it() -> None:
    learnt = learned(ItemEntry("w1", LI, results={"s1": known()}), item_plan(want(), at_sis(), entry=known()))
    assert learnt is not None
    assert learnt.results["s1"] == known(student="yusuf")
    again = sending_item(learnt, ItemPlan("w1", SO.title, Action.NEW, item=ITEM, send=True), [])
    assert again.results["s1"].student == "yusuf"


MISPLACED = [
    # what the SIS has of the wrong student, whether it deletes → code, choices
    ([at_sis()], True, "export.misplaced", (Choice.KEEP, Choice.CLEAR)),
    ([at_sis()], False, "export.misplaced_by_hand", ()),
    ([], True, "export.misplaced_gone", ()),
]


@pytest.mark.parametrize(("there", "deletes", "why", "choices"), MISPLACED)
@pytest.mark.parametrize("now", ["s5", ""])  # another student, or «never»
def test_a_grade_that_went_to_the_wrong_student_may_be_cleared_there_whatever_the_right_one_gets(
    there: list[Result], deletes: bool, why: str, choices: tuple[Choice, ...], now: str
) -> None:
    grade = replace(want(), sis_student=now, why=None if now else Why("pair.never"))
    where = replace(SETUP, deletes=deletes)
    right, wrong = item_plan(grade, *there, entry=known(), where=where, withdrawn=True).results
    assert (right.sis_student, right.action) == (now, Action.NEW if now else Action.CANNOT)
    assert (wrong.student, wrong.sis_student, wrong.action) == ("yusuf", "s1", Action.WITHDRAWN)
    assert (code(wrong), wrong.choices) == (why, choices)
    if Choice.CLEAR in choices:
        chosen = Chosen(Choice.CLEAR, wrong.seen)
        sent, cleared = item_plan(grade, *there, entry=known(), where=where, withdrawn=True, chosen=chosen).results
        assert (sent, cleared.clear) == (right, OURS)


def test_results_of_an_item_that_is_made_anew_may_come_back_with_it() -> None:
    entry = ItemEntry("w1", LI, kept="x", results={"s1": known(7.5)})
    again = sending_item(entry, ItemPlan("w1", SO.title, Action.NEW, item=ITEM, send=True), [])
    back = again.results["s1"]
    assert plan(want(8.0), at_sis(7.5), entry=back).action is Action.CHANGED
    assert plan(want(8.0), entry=back).action is Action.NEW
