"""A part of the blocks of some weeks: pages follow each other without holes or repeats, though lessons come and go."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter

from shared.domain.planner.double_hours import Block
from shared.errors import Invalid
from shared.values import dataclass

_CURSOR = re.compile(r"(\d{8}T\d{6}) (\S{1,40})", re.ASCII)

Blocks = Mapping[str, tuple[Block, ...]]  # by week ("2022-W45")


@dataclass(frozen=True, slots=True)
class Page:
    """`blocks` of each week, in order of start and id; `next`: the cursor of what follows, None at the end."""

    blocks: Blocks
    next: str | None


def page(blocks: Blocks, *, limit: int, cursor: str) -> Page:
    """At most `limit` of these blocks (0: all of them), from behind `cursor` ("": from the beginning).

    A cursor is the place of the last block, so it holds whatever has changed since. Raises Invalid "cursor.unknown".
    """
    if not limit and not cursor:
        return Page(blocks, None)
    after = _after(cursor)
    placed = ((_place(block), name, block) for name, some in blocks.items() for block in some)
    rest = sorted((each for each in placed if each[0] > after), key=itemgetter(0))
    shown = rest[:limit] if limit else rest
    by_week: dict[str, list[Block]] = {name: [] for name in blocks}
    for _, name, block in shown:
        by_week[name].append(block)
    following = " ".join(shown[-1][0]) if len(shown) < len(rest) else None
    return Page({name: tuple(some) for name, some in by_week.items()}, following)


def _place(block: Block) -> tuple[str, str]:
    return _time(block.lesson.start), block.lesson.id


def _time(start: datetime) -> str:
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%S}"


def _after(cursor: str) -> tuple[str, str]:
    if not cursor:
        return ("", "")
    place = _CURSOR.fullmatch(cursor)
    if place is None:
        raise Invalid("cursor.unknown")
    return place[1], place[2]
