"""A school week as WebUntis tells it: lessons one by one, in the school's zone, each change beside what it replaced.

Nothing here fetches or merges double hours: views do that. Names are abbreviations, as the school sees them; of
students only the ID-nummer is kept.
"""

from datetime import date, datetime
from enum import StrEnum

from shared.values import dataclass


class Kind(StrEnum):
    """What a lesson is. A kind that WebUntis invents later is `OTHER`: it shows, and is told apart from nothing."""

    LESSON = "lesson"
    ADDITIONAL = "additional"
    STANDBY = "standby"
    OFFICE_HOUR = "office_hour"
    EXAM = "exam"
    BREAK_SUPERVISION = "break_supervision"
    EVENT = "event"
    MEETING = "meeting"
    OTHER = "other"


class Status(StrEnum):
    """What became of it. A status that WebUntis invents later is `OTHER`: the lesson takes place as far as we know."""

    REGULAR = "regular"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    ADDED = "added"
    OTHER = "other"


class Change(StrEnum):
    """How a teacher, room, … belongs to a lesson: it was planned so, it came in, or it was taken out."""

    REGULAR = "regular"
    ADDED = "added"
    REMOVED = "removed"


class ElementKind(StrEnum):
    """What lessons are made of besides their students."""

    CLASS = "class"
    GROUP = "group"
    SUBJECT = "subject"
    ROOM = "room"
    TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class Element:
    """A class, student group, subject, room or teacher. `name` is the abbreviation, `key` the external key ("" none).

    `id` is WebUntis' own number, unique within its kind (and, for classes, its school year).
    """

    kind: ElementKind
    id: str
    name: str
    key: str = ""
    long_name: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """One element's part in a lesson."""

    id: str
    change: Change = Change.REGULAR


@dataclass(frozen=True, slots=True)
class Lesson:
    """One period. `start` and `end` are aware, in the school's zone (the offset of that day), `start` ≤ `end`.

    `lesson` is the id that the periods of one lesson share, "" when there is none. `students` are ID-nummers, sorted,
    of those who are in it now; None means that nobody told us, which is not the same as nobody. `unkeyed` counts
    students without an ID-nummer. `moved_to` and `moved_from` are ids of the period at the other place. `modified` is
    aware, None when it was not told. `seen` is when we asked WebUntis for it (UTC).
    """

    id: str
    start: datetime
    end: datetime
    seen: datetime
    lesson: str = ""
    kind: Kind = Kind.LESSON
    status: Status = Status.REGULAR
    classes: tuple[Ref, ...] = ()
    groups: tuple[Ref, ...] = ()
    subjects: tuple[Ref, ...] = ()
    rooms: tuple[Ref, ...] = ()
    teachers: tuple[Ref, ...] = ()
    students: tuple[str, ...] | None = None
    unkeyed: int = 0
    moved_from: str = ""
    moved_to: str = ""
    exam: str = ""  # name of the test, "" when it is none or has none
    online: bool = False
    modified: datetime | None = None

    def refs(self, kind: ElementKind) -> tuple[Ref, ...]:
        """Its parts of one kind, also those that were taken out."""
        match kind:
            case ElementKind.CLASS:
                return self.classes
            case ElementKind.GROUP:
                return self.groups
            case ElementKind.SUBJECT:
                return self.subjects
            case ElementKind.ROOM:
                return self.rooms
            case ElementKind.TEACHER:
                return self.teachers


@dataclass(frozen=True, slots=True)
class Slot:
    """One hour of a time grid: ISO day (1 is Monday), and minutes after midnight in school time."""

    day: int
    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without lessons, first and last included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gone:
    """A lesson that WebUntis said it deleted, and when (UTC) we asked."""

    id: str
    seen: datetime


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """First and last day, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but not including `end`; both aware, midnights in the school's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What one question to WebUntis brought: complete for what was asked, or it would have been an error.

    `asked` (UTC) is from before the question was sent: whatever changed later may be missing. `deleted` are ids of
    lessons that are no more. `year` is the school year that the span lies in, None outside of any. `unreadable` counts
    lessons that could not be understood, per reason ("end_before_start", …): they are left out and told.
    `unknown_keys` are asked-for ID-nummers that WebUntis does not know.
    """

    asked: datetime
    lessons: tuple[Lesson, ...] = ()
    elements: tuple[Element, ...] = ()
    grid: tuple[Slot, ...] = ()
    year: SchoolYear | None = None
    holidays: tuple[Holiday, ...] = ()
    deleted: frozenset[str] = frozenset()
    unreadable: tuple[tuple[str, int], ...] = ()
    unknown_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """A snapshot of one ISO week ("2022-W45"): all its lessons, or those of `people` (ID-nummers of one role).

    `whole` (UTC) is when it was last read as a whole, `read` when changes were last asked for: "bijgewerkt om".
    Lessons are in the order (lesson, start, id), so that those with equal students lie together and pack small.
    `unknown` are those of `people` whom WebUntis does not know, and when it said so (UTC).
    """

    name: str
    whole: datetime
    read: datetime
    lessons: tuple[Lesson, ...] = ()
    elements: tuple[Element, ...] = ()
    grid: tuple[Slot, ...] = ()
    year: SchoolYear | None = None
    holidays: tuple[Holiday, ...] = ()
    gone: tuple[Gone, ...] = ()
    people: tuple[str, ...] | None = None
    unreadable: tuple[tuple[str, int], ...] = ()
    unknown: tuple[tuple[str, datetime], ...] = ()
