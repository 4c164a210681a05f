"""Double periods as one block: a view, by the vendor's strict rule, that never loses which periods it is made of.

The rule (WebUntis' FAQ on its timetable API): same lesson, type, status, exam and all lists equal. Ours on top: same
day, one after the other.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, timedelta

from shared.domain.timetable import ElementKind, Lesson
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """What is shown as one. `lesson` is the first part, ending when the last does; `parts` their ids, in order."""

    lesson: Lesson
    parts: tuple[str, ...]


def one_by_one(lessons: Iterable[Lesson]) -> tuple[Block, ...]:
    """Every period by itself, in order of time."""
    return tuple(Block(each, (each.id,)) for each in sorted(lessons, key=_when))


def merged(lessons: Iterable[Lesson], gap: int = 0) -> tuple[Block, ...]:
    """In order of time, with equal periods joined when at most `gap` minutes (a break) are between them.

    Parts that overlap, or lie on two days, are never joined, nor is a period that belongs to no lesson.
    """
    blocks: list[Block] = []
    same: dict[str, list[int]] = {}  # where the blocks of each lesson are
    for lesson in sorted(lessons, key=_when):
        found = (
            place for place in reversed(same.get(lesson.lesson, [])) if _continues(blocks[place].lesson, lesson, gap)
        )
        place = next(found, None)
        if place is None:
            same.setdefault(lesson.lesson, []).append(len(blocks))
            blocks.append(Block(lesson, (lesson.id,)))
        else:
            blocks[place] = _joined(blocks[place], lesson)
    return tuple(blocks)


def _when(lesson: Lesson) -> tuple[object, ...]:
    return lesson.start.astimezone(UTC), lesson.end.astimezone(UTC), lesson.id


def _continues(before: Lesson, after: Lesson, gap: int) -> bool:
    if not after.lesson or before.start.date() != after.start.date():
        return False
    between = after.start.astimezone(UTC) - before.end.astimezone(UTC)
    return timedelta(0) <= between <= timedelta(minutes=gap) and _what(before) == _what(after)


def _what(lesson: Lesson) -> tuple[object, ...]:
    """All that has to be equal. Two halves that were moved to two places keep their own places: they are not."""
    told = (lesson.kind, lesson.status, lesson.exam, lesson.online, lesson.moved_from, lesson.moved_to)
    lists = [sorted((ref.id, ref.change) for ref in lesson.refs(kind)) for kind in ElementKind]
    return told, lists, lesson.students, lesson.unkeyed


def _joined(block: Block, lesson: Lesson) -> Block:
    times = [each for each in (block.lesson.modified, lesson.modified) if each]
    whole = replace(block.lesson, end=lesson.end, modified=max(times, default=None))
    return Block(whole, (*block.parts, lesson.id))
