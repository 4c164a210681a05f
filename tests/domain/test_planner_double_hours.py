"""Double periods are one block when they are equal in everything, and two when they are not (T21)."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from school_week import at, lesson, refs, weeks

from shared.domain.planner.double_hours import Block, merged, one_by_one
from shared.domain.timetable import Kind, Lesson, Ref, Status, Week

FIRST = lesson("1", "8:30", lesson="7", kl="2a 2b", va="His", do="042", lo="R1b", students=("067", "068"))
SECOND = replace(FIRST, id="2", start=FIRST.end, end=FIRST.end + timedelta(minutes=50))


def test_two_equal_periods_after_each_other_are_one_block_that_knows_its_parts() -> None:
    (block,) = merged([SECOND, FIRST])
    assert block.parts == ("1", "2")
    assert (block.lesson.id, block.lesson.start, block.lesson.end) == ("1", FIRST.start, SECOND.end)


@pytest.mark.parametrize(
    "difference",
    [
        {"status": Status.CANCELLED},
        {"kind": Kind.EXAM},
        {"exam": "H3"},
        {"lesson": "8"},
        {"classes": refs("2a")},
        {"groups": refs("2b.wi1")},
        {"subjects": refs("TEC")},
        {"rooms": refs("R2b")},
        {"teachers": refs("-042 +42")},
        {"teachers": (Ref("042", refs("+042")[0].change),)},
        {"students": ("067",)},
        {"students": None},
        {"unkeyed": 1},
        {"online": True},
        {"moved_to": "9"},
    ],
    ids=lambda each: next(iter(each)),
)
def test_any_difference_keeps_them_apart(difference: dict[str, object]) -> None:
    assert [each.parts for each in merged([FIRST, replace(SECOND, **difference)], 60)] == [("1",), ("2",)]


def test_the_order_in_which_lists_are_told_is_no_difference() -> None:
    assert len(merged([FIRST, replace(SECOND, classes=FIRST.classes[::-1])])) == 1


def test_periods_that_belong_to_no_lesson_stay_by_themselves() -> None:
    assert len(merged([replace(FIRST, lesson=""), replace(SECOND, lesson="")])) == 2


@pytest.mark.parametrize(("gap", "blocks"), [(0, 2), (14, 2), (15, 1), (30, 1)])
def test_a_break_lies_within_a_block_only_if_the_setting_allows_it(gap: int, blocks: int) -> None:
    later = replace(SECOND, start=at("9:35"), end=at("10:25"))
    assert len(merged([FIRST, later], gap)) == blocks


def test_periods_that_overlap_stay_apart() -> None:
    assert len(merged([FIRST, replace(SECOND, start=at("9:00"))], 60)) == 2
    assert len(merged([FIRST, replace(FIRST, id="2")], 60)) == 2


def test_nothing_is_joined_over_midnight() -> None:
    late = replace(FIRST, start=at("23:10"), end=at("0:00", 8))
    early = replace(FIRST, id="2", start=at("0:00", 8), end=at("0:50", 8))
    assert len(merged([late, early], 60)) == 2


def test_a_triple_hour_is_one_block() -> None:
    third = replace(SECOND, id="3", start=SECOND.end, end=SECOND.end + timedelta(minutes=50))
    assert [each.parts for each in merged([third, FIRST, SECOND])] == [("1", "2", "3")]


def test_a_block_was_modified_when_its_latest_part_was() -> None:
    (block,) = merged([replace(FIRST, modified=at("10:00", 4)), replace(SECOND, modified=at("11:00", 4))])
    assert block.lesson.modified == at("11:00", 4)


@given(weeks(), st.sampled_from([0, 15, 60]), st.randoms())
def test_every_period_is_in_exactly_one_block_whatever_the_order(whole: Week, gap: int, chance: object) -> None:
    blocks = merged(whole.lessons, gap)
    assert sorted(part for block in blocks for part in block.parts) == sorted(each.id for each in whole.lessons)
    mixed = list(whole.lessons)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert merged(mixed, gap) == blocks
    by_id = {each.id: each for each in whole.lessons}
    for block in blocks:
        parts = [by_id[part] for part in block.parts]
        assert (block.lesson.start, block.lesson.end) == (parts[0].start, parts[-1].end)
        assert all(timedelta(0) <= b.start - a.end <= timedelta(minutes=gap) for a, b in itertools.pairwise(parts))
        assert len({part.lesson for part in parts}) == len({part.start.date() for part in parts}) == 1


@given(weeks())
def test_one_by_one_is_every_period_in_order_of_time(whole: Week) -> None:
    blocks = one_by_one(whole.lessons)
    assert sorted(blocks, key=_start) == list(blocks)
    assert {block.parts: block.lesson for block in blocks} == {(each.id,): each for each in whole.lessons}


def _start(block: Block) -> datetime:
    lesson: Lesson = block.lesson
    return lesson.start.astimezone(UTC)
