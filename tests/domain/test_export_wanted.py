"""What a class should have at the SIS, from what its source has."""

from dataclasses import replace

import pytest
from paper_sis import DUE, WHERE

from shared.domain.class_link import Pair, PairState
from shared.domain.coursework import Course, CourseStudent, Grade, Gradings, Mark, Work
from shared.domain.export.ids import item_id
from shared.domain.export.ledger import ItemEntry, ResultEntry
from shared.domain.export.plan import Why
from shared.domain.export.wanted import WantedItem
from shared.domain.export.wanted_items import owned_ids, wanted_items
from shared.domain.gradebook import SisStudent

SO = Work("w1", "SO H3 breuken", assigned=DUE, due=DUE, maximum=10.0)
YUSUF = Pair(CourseStudent("yusuf"), PairState.PAIRED, SisStudent("s1"), "email")
ANNA = Pair(CourseStudent("anna"), PairState.PAIRED, SisStudent("s2"), "email")
NOOR = Pair(CourseStudent("noor"), PairState.NOT_FOUND, cause="pair.not_found")


def wanted(*grades: Grade, works=(SO,), pairs=(YUSUF, ANNA, NOOR), marks=(), ledger=None) -> tuple[WantedItem, ...]:
    of = Gradings(Course(WHERE.course, "3A"), (), tuple(works), grades)
    return wanted_items(of, pairs, marks, ledger or {}, 30)


def grade(student: str = "yusuf", score: float | None = 7.5, mark: Mark = Mark.GRADED) -> Grade:
    return Grade("w1", student, mark, score)


def told(item: WantedItem) -> list[tuple[str, str, Mark, float | None]]:
    return [(each.student, each.sis_student, each.mark, each.score) for each in item.grades]


def test_who_has_no_grade_is_not_wanted_and_zero_is_a_grade() -> None:
    [item] = wanted(grade("yusuf", 0.0))
    assert told(item) == [("yusuf", "s1", Mark.GRADED, 0.0)]


def test_an_item_without_any_grade_is_still_made() -> None:
    assert [item.id for item in wanted()] == ["w1"]


def test_who_is_not_paired_is_listed_with_the_reason() -> None:
    [item] = wanted(grade("noor"), grade("vertrokken"))
    assert [(each.sis_student, each.why) for each in item.grades] == [
        ("", Why("pair.not_found")),
        ("", Why("export.student_left")),
    ]


def test_two_students_of_the_course_never_share_one_at_the_sis() -> None:
    [item] = wanted(grade("yusuf"), grade("anna"), pairs=(YUSUF, replace(ANNA, sis=YUSUF.sis)))
    assert {each.why for each in item.grades} == {Why("export.student_twice")}


def test_an_excuse_of_the_teacher_keeps_the_score() -> None:
    [item] = wanted(grade("yusuf", 7.5), marks=[("w1", "yusuf", "excused"), ("w1", "anna", "excused")])
    assert told(item) == [("anna", "s2", Mark.EXCUSED, None), ("yusuf", "s1", Mark.EXCUSED, 7.5)]


def test_missing_counts_only_where_there_is_no_score() -> None:
    [item] = wanted(grade("yusuf", 7.5), marks=[("w1", "yusuf", "missing"), ("w1", "anna", "missing")])
    assert told(item) == [("anna", "s2", Mark.MISSING, None), ("yusuf", "s1", Mark.GRADED, 7.5)]
    assert [each.warnings for each in item.grades] == [(), (Why("export.missing_but_graded"),)]


def test_a_mark_for_somebody_who_is_no_longer_there_is_passed_over() -> None:
    [item] = wanted(marks=[("w1", "vertrokken", "missing"), ("weg", "yusuf", "missing")])
    assert item.grades == ()


def test_ungraded_work_is_listed_only_when_somebody_has_a_grade_for_it_or_it_was_exported() -> None:
    reading = replace(SO, maximum=None)
    assert wanted(works=[reading]) == ()
    assert [item.id for item in wanted(grade(), works=[reading])] == ["w1"]
    assert [item.id for item in wanted(works=[reading], ledger={"w1": ItemEntry("w1", "li")})] == ["w1"]


def test_of_equal_titles_the_first_that_was_assigned_keeps_it() -> None:
    later = replace(SO, id="w0", title="so h3  BREUKEN", assigned=DUE.replace(day=21))
    reading = replace(SO, id="a", maximum=None)
    items = wanted(Grade("a", "yusuf", Mark.GRADED, 1.0), works=[later, SO, reading])
    assert {item.id: item.namesake for item in items} == {"a": False, "w1": False, "w0": True}


def test_titles_that_are_equal_once_cut_are_namesakes() -> None:
    long = replace(SO, title="Schriftelijke overhoring over hoofdstuk 3")
    items = wanted(works=[long, replace(long, id="w2", title=long.title[:-1] + "4")])
    assert [item.namesake for item in items] == [False, True]


def test_what_is_no_longer_published_is_known_from_the_ledger() -> None:
    assert wanted(works=[], ledger={"w9": ItemEntry("w9", "li")}) == (WantedItem("w9", None),)


def test_who_had_a_grade_and_has_none_is_withdrawn_and_who_left_is_not() -> None:
    entry = ItemEntry("w1", "li", results={who: ResultEntry(who) for who in ("s1", "s2", "s9")})
    [item] = wanted(grade("anna"), ledger={"w1": entry})
    assert item.withdrawn == (("yusuf", "s1"),)


def test_a_grade_that_went_to_somebody_else_than_the_student_turned_out_to_be_is_withdrawn_there() -> None:
    kept = {"s9": ResultEntry("r", student="anna"), "s8": ResultEntry("r", student="yusuf")}
    ledger = {"w1": ItemEntry("w1", "li", results=kept)}
    never = Pair(YUSUF.student, PairState.NOT_FOUND, cause="pair.never")
    [item] = wanted(grade("anna"), grade("yusuf"), pairs=(ANNA, never), ledger=ledger)
    assert item.withdrawn == (("anna", "s9"), ("yusuf", "s8"))


@pytest.mark.parametrize(
    ("pairs", "student"),
    [
        ((ANNA,), ""),  # remembered before the ledger said whose it was
        ((ANNA,), "vertrokken"),
        ((ANNA, NOOR), "noor"),  # not found any more: nobody says that it was wrong
        ((ANNA, YUSUF, replace(NOOR, sis=SisStudent("s9"))), "yusuf"),  # somebody else's now: compared as theirs
        ((replace(ANNA, sis=SisStudent("s9")), replace(YUSUF, sis=SisStudent("s9"))), "anna"),
    ],
)
def test_a_result_is_not_called_misplaced_without_a_reason(pairs: tuple[Pair, ...], student: str) -> None:
    ledger = {"w1": ItemEntry("w1", "li", results={"s9": ResultEntry("r", student=student)})}
    [item] = wanted(grade("anna"), grade("yusuf"), grade("noor"), pairs=pairs, ledger=ledger)
    assert item.withdrawn == ()


def test_our_items_are_known_as_ours_also_when_the_ledger_was_lost() -> None:
    items = wanted()
    assert item_id("3a-wi", WHERE.course, "w1", 0) in owned_ids(items, {}, WHERE)
    assert "eigen" in owned_ids(items, {"w1": ItemEntry("w1", "eigen")}, WHERE)
