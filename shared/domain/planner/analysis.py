"""Analyseer: the hours of each subject, teacher and group as planned, given, cancelled and changed, in minutes.

Lessons, extra lessons and exams count; standby, office hours, supervision, meetings and events are no lessons. Minutes
are those that passed. An hour is the school's own: the commonest slot of its time grid, 60 minutes without a grid.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import field, replace
from datetime import UTC

from shared.domain.planner.facets import Facet, changes_by_name, names_of
from shared.domain.planner.fate import Fate, extra, fate, moved_away, moved_here, parts_changed, takes_place
from shared.domain.timetable import Change, ElementKind, Kind, Lesson, Week
from shared.values import dataclass

COUNTED = frozenset({Kind.LESSON, Kind.ADDITIONAL, Kind.EXAM})


@dataclass(frozen=True, slots=True)
class Minutes:
    """`planned`: in the plan, so not what was added. `given`: takes place, also what was added.

    `cancelled`: fell out; moved elsewhere is not. `changed`: of what takes place, that which is not as it was planned.
    A substituted hour is the planned teacher's planned and changed, and the substitute's given and changed.
    """

    planned: int = 0
    given: int = 0
    cancelled: int = 0
    changed: int = 0

    @property
    def cancelled_share(self) -> float:
        """Of what was planned, from 0 to 1 (an extra lesson that fell out can lift it no further); 0 without a plan."""
        return min(self.cancelled / self.planned, 1.0) if self.planned else 0.0

    def __add__(self, other: "Minutes") -> "Minutes":
        return Minutes(
            self.planned + other.planned,
            self.given + other.given,
            self.cancelled + other.cancelled,
            self.changed + other.changed,
        )


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of one week, or of several together (`weeks` names them). `unit` is the minutes of one hour.

    `by` has a row for each name of each facet, by name; a lesson of two groups counts for both. `all` counts it once.
    """

    weeks: tuple[str, ...] = ()
    unit: int = 60
    all: Minutes = field(default_factory=Minutes)
    by: Mapping[Facet, Mapping[str, Minutes]] = field(default_factory=dict)


def analysis(weeks: Sequence[Week], teacher: str = "") -> Analysis:
    """Of these weeks together; give one for that week alone.

    `teacher`: the ID-nummer of the teacher whose own lessons these are. Then everything is his part of them, but the
    rows of the teachers: each of those is that teacher's.
    """
    everything = Minutes()
    by: dict[Facet, dict[str, Minutes]] = {facet: {} for facet in Facet}
    for week in weeks:
        names = names_of(week)
        his_ids = {each.id for each in week.elements if each.kind is ElementKind.TEACHER and each.key == teacher}
        for lesson in week.lessons:
            if lesson.kind not in COUNTED:
                continue
            whole = _minutes(lesson)
            his = {ref.change for ref in lesson.teachers if ref.id in his_ids} if teacher else set()
            part = _part(whole, his) if his else whole  # a snapshot of him alone need not name him
            everything += part
            for facet, rows in by.items():
                counted = whole if facet is Facet.TEACHER else part
                for name, changes in changes_by_name(lesson, facet, names).items():
                    rows[name] = rows.get(name, Minutes()) + _part(counted, changes)
    ordered = {facet: dict(sorted(rows.items())) for facet, rows in by.items()}
    return Analysis(tuple(week.name for week in weeks), hour_of(weeks), everything, ordered)


def hour_of(weeks: Iterable[Week]) -> int:
    """The commonest length of a slot, the longest of equals; 60 without a grid."""
    lengths = Counter(slot.end - slot.start for week in weeks for slot in week.grid if slot.start < slot.end)
    return max(lengths, key=lambda length: (lengths[length], length), default=60)


def minutes_of(lesson: Lesson) -> int:
    """How long it really lasts, also in the night that the clock changes."""
    return round((lesson.end.astimezone(UTC) - lesson.start.astimezone(UTC)).total_seconds() / 60)


def _minutes(lesson: Lesson) -> Minutes:
    length, here = minutes_of(lesson), takes_place(lesson)
    changed = here and (fate(lesson) is Fate.CHANGED or moved_here(lesson) or parts_changed(lesson))
    return Minutes(
        planned=0 if extra(lesson) else length,
        given=length if here else 0,
        cancelled=0 if here or moved_away(lesson) else length,
        changed=length if changed else 0,
    )


def _part(whole: Minutes, changes: Set[Change]) -> Minutes:
    """Of one name: what came in was not planned, so it cannot fall out; what was taken out is not given."""
    if Change.REGULAR in changes:
        return whole
    if Change.REMOVED not in changes:
        return replace(whole, planned=0, cancelled=0)
    return whole if Change.ADDED in changes else replace(whole, given=0)
