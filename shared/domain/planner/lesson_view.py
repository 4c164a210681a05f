"""What the Planner shows of each block: names, marks with the original beside the change, colours, and its lane."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Literal

from shared.domain.planner.contrast import text_on
from shared.domain.planner.double_hours import Block
from shared.domain.planner.facets import UNNAMED, Names, names_of
from shared.domain.planner.fate import Fate, fate, moved_away, moved_here, takes_place
from shared.domain.planner.lanes import Lane, lanes
from shared.domain.planner.subjects import GREY, Palette, folded
from shared.domain.timetable import Change, ElementKind, Kind, Lesson, Ref, Week
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A name and how it belongs: REMOVED is what was, ADDED what came instead."""

    name: str
    change: Change = Change.REGULAR

    @property
    def stays(self) -> bool:
        """It belongs to the lesson now."""
        return self.change is not Change.REMOVED


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The other side of a move: "to" it, or "from" it. `start` is None when it is not in this week."""

    direction: Literal["to", "from"]
    lesson: str
    start: datetime | None = None
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonView:
    """One chip. `id` is its first period, `parts` all of them; times are the school's.

    `taken` lessons («vervallen voor u») are given by somebody else than the teacher who looks. `subject` is the id of
    the Profijt subject that gave the colour, "" when it is grey. `modified` is None when WebUntis does not tell.
    """

    id: str
    parts: tuple[str, ...]
    start: datetime
    end: datetime
    kind: Kind
    fate: Fate
    takes_place: bool
    taken: bool
    moved: Place | None
    classes: Parts
    groups: Parts
    subjects: Parts
    rooms: Parts
    teachers: Parts
    subject: str
    colour: str
    text_colour: str
    exam: str
    online: bool
    modified: datetime | None
    lane: Lane

    @property
    def who(self) -> Parts:
        """What stands on the chip: the classes, or the student groups where there is no class."""
        return self.classes or self.groups


def views(
    week: Week,
    blocks: Sequence[Block],
    palette: Palette,
    *,
    taken: AbstractSet[str] = frozenset(),
    beside: Sequence[Block] = (),
) -> tuple[LessonView, ...]:
    """One for each block, in their order. `week` is the whole snapshot: the other side of a move is looked up in it.

    `taken` is what `own.taken_from` says about the teacher who looks; `beside` are all blocks that share the lanes,
    when `blocks` are only some of them.
    """
    names = names_of(week)
    wanted = {other for block in blocks for other in (block.lesson.moved_to, block.lesson.moved_from) if other}
    others = {each.id: each for each in week.lessons if each.id in wanted} if wanted else {}
    sharing = beside or blocks
    places = lanes([(block.lesson.start, block.lesson.end) for block in sharing])
    lane_of = {block.lesson.id: lane for block, lane in zip(sharing, places, strict=True)}
    return tuple(
        _view(block, names, palette, others=others, taken=block.lesson.id in taken, lane=lane_of[block.lesson.id])
        for block in blocks
    )


def _view(
    block: Block, names: Names, palette: Palette, *, others: Mapping[str, Lesson], taken: bool, lane: Lane
) -> LessonView:
    lesson = block.lesson
    subjects = _parts(lesson.subjects, ElementKind.SUBJECT, names)
    mapped = (palette.get(folded(each.name)) for each in sorted(subjects, key=lambda each: not each.stays))
    subject = next((each for each in mapped if each), None)
    colour = subject.colour if subject else GREY
    return LessonView(
        id=lesson.id,
        parts=block.parts,
        start=lesson.start,
        end=lesson.end,
        kind=lesson.kind,
        fate=fate(lesson),
        takes_place=takes_place(lesson),
        taken=taken,
        moved=_place(lesson, names, others),
        classes=_parts(lesson.classes, ElementKind.CLASS, names),
        groups=_parts(lesson.groups, ElementKind.GROUP, names),
        subjects=subjects,
        rooms=_parts(lesson.rooms, ElementKind.ROOM, names),
        teachers=_parts(lesson.teachers, ElementKind.TEACHER, names),
        subject=subject.id if subject else "",
        colour=colour,
        text_colour=text_on(colour),
        exam=lesson.exam,
        online=lesson.online,
        modified=lesson.modified,
        lane=lane,
    )


def _parts(refs: Sequence[Ref], kind: ElementKind, names: Names) -> Parts:
    parts = [Part(names.get((kind, ref.id), UNNAMED), ref.change) for ref in refs]
    return tuple(dict.fromkeys(parts) if len(parts) > 1 else parts)


def _place(lesson: Lesson, names: Names, others: Mapping[str, Lesson]) -> Place | None:
    direction: Literal["to", "from"]
    if moved_away(lesson):
        direction, other = "to", lesson.moved_to
    elif moved_here(lesson):
        direction, other = "from", lesson.moved_from
    else:
        return None
    found = others.get(other)
    if not found:
        return Place(direction, other)
    rooms = tuple(each.name for each in _parts(found.rooms, ElementKind.ROOM, names) if each.stays)
    return Place(direction, other, found.start, rooms)
