"""Laws of planning an export, whatever the class, the SIS's habits and the moment it was cut off."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from paper_sis import DUE, SETUP, WHERE, PaperSis, export, preview

from shared.domain.class_link import Pair, PairState
from shared.domain.coursework import Course, CourseStudent, Grade, Gradings, Mark, Work
from shared.domain.export.ledger import result_digest
from shared.domain.export.plan import Action, Choice, Chosen, ItemPlan
from shared.domain.export.plan_item import plan_item
from shared.domain.export.wanted import WantedItem
from shared.domain.export.wanted_items import owned_ids, wanted_items
from shared.domain.gradebook import Result, ScoreStatus, SisStudent

STUDENTS = ("yusuf", "anna", "noor")
PAIRS = tuple(Pair(CourseStudent(who), PairState.PAIRED, SisStudent(f"s-{who}"), "email") for who in STUDENTS)
TITLES = st.sampled_from(
    [
        "SO H3 breuken",
        "so h3 BREUKEN",
        "Schriftelijke overhoring hoofdstuk 3",
        "Schriftelijke overhoring hoofdstuk 3 en 4",
        "👩‍👩‍👧 Toets",
    ]
)
WHEN = st.sampled_from([DUE, datetime(2026, 11, 9, 7, 0, tzinfo=UTC), datetime(2026, 12, 1, 8, 30, 15, tzinfo=UTC)])
WORKS = st.lists(
    st.builds(
        Work,
        id=st.sampled_from(["w1", "w2", "w3"]),
        title=TITLES,
        description=st.sampled_from(["", "Maak de opgaven 1 t/m 8"]),
        assigned=WHEN,
        due=WHEN | st.none(),
        maximum=st.sampled_from([10.0, 100.0]),
        category=st.sampled_from(["", "SO", "Mondeling"]),
    ),
    unique_by=lambda work: work.id,
)  # fmt: skip
SCORES = st.sampled_from([0.0, 5.25, 7.5, 10.0, 110.0]) | st.floats(0, 10).map(lambda score: round(score, 2))
GRADES = st.dictionaries(
    st.tuples(st.sampled_from(["w1", "w2", "w3"]), st.sampled_from(STUDENTS)),
    st.builds(lambda score: (Mark.GRADED, score), SCORES)
    | st.sampled_from([(Mark.EXCUSED, None), (Mark.EXCUSED, 7.5), (Mark.MISSING, None)]),
)
SERVERS = st.builds(
    PaperSis,
    cuts_titles=st.sampled_from([0, 16]),
    drops_seconds=st.booleans(),
    own_ids=st.booleans(),
    revives=st.booleans(),
    rounds=st.booleans(),
    wants_score=st.booleans(),
)
law = settings(deadline=None, max_examples=60)  # a busy machine is no broken law
SOME_WRITES = st.frozensets(st.integers(0, 12), max_size=4)


@st.composite
def classes(draw: st.DrawFn) -> Gradings:
    works, grades = draw(WORKS), draw(GRADES)
    ids = {work.id for work in works}
    given = [Grade(work, who, mark, score) for (work, who), (mark, score) in grades.items() if work in ids]
    students = tuple(CourseStudent(who) for who in STUDENTS)
    return Gradings(Course(WHERE.course, "Wiskunde 3A"), students, tuple(works), tuple(given))


def wants(of: Gradings, ledger=None) -> tuple[WantedItem, ...]:
    return wanted_items(of, PAIRS, (), ledger or {}, WHERE.limits.title)


def nothing_doubled(sis: PaperSis, of: Gradings) -> None:
    students = Counter((result.line_item, result.student) for result in sis.results.values())
    assert all(times == 1 for times in students.values())
    assert len(sis.items) <= len(of.works)


def conflicts(plans: list[ItemPlan]) -> list[str]:
    every = [*plans, *(result for plan in plans for result in plan.results)]
    return [each.why.code for each in every if each.action is Action.CONFLICT]


@law
@given(classes(), SERVERS)
def test_after_a_perfect_export_everything_is_the_same_and_nothing_is_sent(of: Gradings, sis: PaperSis) -> None:
    ledger = export(sis, wants(of), {})
    for where in (WHERE, SETUP):
        plans = preview(sis, wants(of, ledger), ledger, where=where)
        assert {plan.action for plan in plans} <= {Action.SAME}
        assert {result.action for plan in plans for result in plan.results} <= {Action.SAME}
        assert all(plan.idle for plan in plans)
    puts = sis.puts
    assert export(sis, wants(of, ledger), ledger) == ledger
    assert sis.puts == puts
    assert len(sis.items) == len(of.works)
    assert len(sis.results) == len(of.grades)


@law
@given(classes(), classes(), SERVERS)
def test_what_changed_at_the_source_is_sent_without_a_question(
    before: Gradings, after: Gradings, sis: PaperSis
) -> None:
    sis.rounds = False  # to what was there: no server can be seen to have kept that
    ledger = export(sis, wants(before), {})
    assert conflicts(preview(sis, wants(after, ledger), ledger)) == []
    ledger = export(sis, wants(after, ledger), ledger)
    still = {Action.SAME, Action.WITHDRAWN}
    plans = preview(sis, wants(after, ledger), ledger)
    assert {each.action for plan in plans for each in (plan, *plan.results)} <= still
    assert all(plan.idle for plan in plans)


@law
@given(classes(), SERVERS, st.integers(0, 12), SOME_WRITES, SOME_WRITES)
def test_cut_off_anywhere_and_whatever_answers_are_lost_nothing_is_there_twice_and_nothing_is_asked(
    of: Gradings, sis: PaperSis, steps: int, lost: frozenset[int], refused: frozenset[int]
) -> None:
    sis.cuts_titles, sis.rounds = 0, False  # what a server cut and nobody saw may have to be asked about: the next law
    ledger = export(sis, wants(of), {}, lost=lost, refused=refused, steps=steps)
    ledger = export(sis, wants(of, ledger), ledger, lost=refused, refused=lost)
    nothing_doubled(sis, of)
    for _ in range(4):
        plans = preview(sis, wants(of, ledger), ledger)
        # At a server with ids of its own, which of two equal new items is which may have to be asked.
        assert sis.own_ids or conflicts(plans) == []
        ledger = export(sis, wants(of, ledger), ledger, ours(plans))
    assert all(plan.idle for plan in preview(sis, wants(of, ledger), ledger))
    assert (len(sis.items), len(sis.results)) == (len(of.works), len(of.grades))


@law
@given(classes(), classes(), SERVERS, st.integers(0, 12), SOME_WRITES, st.booleans())
def test_with_changes_in_between_a_lost_ledger_and_a_server_that_cuts_it_asks_before_it_doubles(
    before: Gradings, after: Gradings, sis: PaperSis, steps: int, lost: frozenset[int], forget: bool
) -> None:
    sis.rounds = False
    ledger = export(sis, wants(before), {}, lost=lost, steps=steps)
    if forget and not sis.own_ids:
        ledger = {}
    for _ in range(4):  # as long as it takes a teacher to answer what is asked
        wanted = wants(after, ledger)
        plans = preview(sis, wanted, ledger)
        ledger = export(sis, wanted, ledger, ours(plans))
    students = Counter((result.line_item, result.student) for result in sis.results.values())
    assert all(times == 1 for times in students.values())
    assert all(plan.idle for plan in preview(sis, wants(after, ledger), ledger))
    mine = {work.id: ledger[work.id].id for work in after.works}
    assert len(set(mine.values())) == len(mine)
    assert set(mine.values()) <= sis.items.keys()
    assert len(sis.items.keys() - set(mine.values())) <= len({work.id for work in before.works} - mine.keys())


def ours(plans: list[ItemPlan]) -> dict[tuple[str, str], Chosen]:
    """A teacher who wants at the SIS what is here."""
    chosen = {}
    for plan in plans:
        for key, each in [((plan.work, ""), plan), *(((plan.work, r.student), r) for r in plan.results)]:
            wish = next((c for c in (Choice.ADOPT, Choice.OVERWRITE, Choice.AGAIN) if c in each.choices), None)
            if wish:
                chosen[key] = Chosen(wish, each.seen)
    return chosen


@law
@given(classes(), classes(), SERVERS, st.randoms(use_true_random=False))
def test_nothing_is_sent_about_what_is_the_same_in_conflict_impossible_or_withdrawn(
    before: Gradings, after: Gradings, sis: PaperSis, chance: random.Random
) -> None:
    ledger = export(sis, wants(before), {})
    touched(sis, chance)
    for plan in preview(sis, wants(after, ledger), ledger):
        assert plan.send == (plan.action in (Action.NEW, Action.CHANGED))
        assert not plan.clear
        for result in plan.results:
            assert (result.send is not None) == (result.action in (Action.NEW, Action.CHANGED))
            assert not result.clear
            if result.send and result.found:
                assert result.send.id == result.found.id


@law
@given(classes(), classes(), SERVERS, st.randoms(use_true_random=False))
def test_a_plan_is_the_same_in_any_order_of_what_it_is_given(
    before: Gradings, after: Gradings, sis: PaperSis, chance: random.Random
) -> None:
    ledger = export(sis, wants(before), {})
    touched(sis, chance)

    def shuffled(values):
        values = list(values)
        chance.shuffle(values)
        return tuple(values)

    mixed = replace(after, works=shuffled(after.works), grades=shuffled(after.grades))
    other = wanted_items(mixed, shuffled(PAIRS), (), dict(shuffled(ledger.items())), WHERE.limits.title)
    wanted = wants(after, ledger)
    assert other == wanted
    owned = owned_ids(wanted, ledger, WHERE)
    for each in wanted:
        plans = [
            plan_item(each, SETUP, entry=ledger.get(each.id), items=items, owned=owned, results=results, choices={})
            for items, results in (
                (tuple(sis.items.values()), tuple(sis.results.values())),
                (shuffled(sis.items.values()), shuffled(sis.results.values())),
            )
        ]
        assert plans[0] == plans[1]


@law
@given(classes(), SERVERS, st.randoms(use_true_random=False), st.sampled_from(Choice))
def test_a_choice_about_something_else_does_nothing(
    of: Gradings, sis: PaperSis, chance: random.Random, choice: Choice
) -> None:
    ledger = export(sis, wants(of), {})
    touched(sis, chance)
    plans = preview(sis, wants(of, ledger), ledger)
    stale = {(plan.work, who): Chosen(choice, "another") for plan in plans for who in ("", *STUDENTS)}
    assert preview(sis, wants(of, ledger), ledger, stale) == plans


@law
@given(classes(), SERVERS, st.randoms(use_true_random=False))
def test_who_keeps_what_the_sis_has_is_not_asked_again(of: Gradings, sis: PaperSis, chance: random.Random) -> None:
    ledger = export(sis, wants(of), {})
    touched(sis, chance)
    plans = preview(sis, wants(of, ledger), ledger)
    keep = {
        (plan.work, key): Chosen(Choice.KEEP, each.seen)
        for plan in plans
        for key, each in (("", plan), *((result.student, result) for result in plan.results))
    }
    items, results = dict(sis.items), dict(sis.results)
    ledger = export(sis, wants(of, ledger), ledger, keep)
    assert (sis.items, sis.results) == (items, results)
    assert conflicts(preview(sis, wants(of, ledger), ledger)) == []
    assert all(plan.idle for plan in preview(sis, wants(of, ledger), ledger))


def touched(sis: PaperSis, chance: random.Random) -> None:
    """Somebody works in the SIS itself: changes a grade, deletes one, gives another title, deletes an item."""
    for item in list(sis.items.values()):
        match chance.randrange(5):
            case 0:
                sis.delete_item(item.id)
            case 1:
                sis.items[item.id] = replace(item, title="Anders")
    for result in list(sis.results.values()):
        match chance.randrange(5):
            case 0:
                del sis.results[result.id]
            case 1:
                sis.results[result.id] = replace(result, status=ScoreStatus.GRADED, score=3.125)


@law
@given(st.sampled_from([0.0, 7.5, 10.0]), st.sampled_from(STUDENTS), st.sampled_from(["w1", "w2"]))
def test_a_digest_tells_nobody_the_score_and_equal_scores_have_unequal_digests(
    score: float, student: str, work: str
) -> None:
    def of(work: str, who: str) -> str:
        return result_digest(work, Result("r", "li", who, ScoreStatus.GRADED, score))

    assert str(score) not in of(work, student)
    assert len({of(work, who) for who in STUDENTS}) == len(STUDENTS)
    assert of("w1", student) != of("w2", student)
