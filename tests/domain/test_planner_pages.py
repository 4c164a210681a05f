"""Pages of lessons hold every block once, in order of time, whatever comes and goes between two of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.planner.double_hours import Block, one_by_one
from shared.domain.planner.lesson_view import views
from shared.domain.planner.pages import page
from shared.domain.timetable import Lesson, Week
from shared.errors import Invalid

ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def lesson(id: str, quarter: int, minutes: int = 50) -> Lesson:
    start = MONDAY + timedelta(minutes=15 * quarter)
    return Lesson(id, start, start + timedelta(minutes=minutes), NOW)


some = st.dictionaries(st.from_regex(r"[0-9a-f-]{1,8}", fullmatch=True), st.integers(0, 700), max_size=30).map(
    lambda each: [lesson(id, quarter) for id, quarter in each.items()]
)


def weeks(lessons: list[Lesson]) -> dict[str, tuple[Block, ...]]:
    """Two weeks, cut at Monday eight o'clock."""
    cut = MONDAY + timedelta(days=7)
    return {
        "2026-W48": one_by_one(each for each in lessons if each.start < cut),
        "2026-W49": one_by_one(each for each in lessons if each.start >= cut),
    }


def ids(blocks: dict[str, tuple[Block, ...]]) -> list[str]:
    return [block.lesson.id for name in sorted(blocks) for block in blocks[name]]


@given(some, st.integers(1, 9))
def test_pages_together_are_the_whole(lessons: list[Lesson], limit: int) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        part = page(weeks(lessons), limit=limit, cursor=cursor)
        shown = ids(dict(part.blocks))
        assert len(shown) == limit or part.next is None
        seen, cursor = seen + shown, part.next
    whole = sorted(lessons, key=lambda each: (each.start.astimezone(UTC), each.id))
    assert seen == [each.id for each in whole]


@given(some, some, st.integers(1, 9), st.data())
def test_what_stays_is_seen_once_though_lessons_come_and_go_between_the_pages(
    lessons: list[Lesson], others: list[Lesson], limit: int, data: st.DataObject
) -> None:
    coming = [each for each in others if each.id not in {one.id for one in lessons}]
    leaving = data.draw(st.sets(st.sampled_from([each.id for each in lessons]))) if lessons else set()
    first = page(weeks(lessons), limit=limit, cursor="")
    seen, cursor = ids(dict(first.blocks)), first.next
    left = [each for each in lessons if each.id not in leaving] + coming
    while cursor is not None:
        part = page(weeks(left), limit=limit, cursor=cursor)
        seen, cursor = seen + ids(dict(part.blocks)), part.next
    assert len(seen) == len(set(seen))
    assert {each.id for each in lessons} - leaving <= set(seen)


def test_without_limit_and_cursor_nothing_is_left_out_or_put_in_another_order() -> None:
    blocks = weeks([lesson("b", 0, 20), lesson("a", 0, 50), lesson("c", 700)])
    assert page(blocks, limit=0, cursor="") == page(blocks, limit=0, cursor="")
    assert page(blocks, limit=0, cursor="").blocks is blocks
    assert ids(dict(page(blocks, limit=3, cursor="").blocks)) == ["a", "b", "c"]


def test_a_cursor_without_limit_gives_all_that_follows() -> None:
    blocks = weeks([lesson(id, nth) for nth, id in enumerate("abcde")])
    first = page(blocks, limit=2, cursor="")
    assert first.next
    rest = page(blocks, limit=0, cursor=first.next)
    assert (ids(dict(rest.blocks)), rest.next) == (["c", "d", "e"], None)


@pytest.mark.parametrize("cursor", ["x", "20261123T080000", " 7", "2026-11-23 7", "20261123T080000 7 8", "é"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match=r"cursor\.unknown"):
        page(weeks([lesson("a", 0)]), limit=1, cursor=cursor)


def test_a_lesson_keeps_its_lane_on_whatever_page_it_comes() -> None:
    """Sixty at one time, two to a page."""
    week = Week("2026-W48", NOW, NOW, tuple(lesson(f"{nth:02}", 0) for nth in range(60)))
    blocks = one_by_one(week.lessons)
    whole = views(week, blocks, {})
    parts = [view for at in range(0, 60, 2) for view in views(week, blocks[at : at + 2], {}, beside=blocks)]
    assert tuple(parts) == whole
    assert {view.lane.total for view in parts} == {60}
    assert views(replace(week, lessons=()), (), {}) == ()
