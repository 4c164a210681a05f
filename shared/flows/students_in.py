"""Volg: the Profijt students of a teacher's lessons, from the snapshot and the directory: WebUntis is not asked."""

from collections.abc import Callable, Iterable

from shared.domain.people import Role, State
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.volg import Students, given, students
from shared.domain.timetable import Lesson, Week
from shared.flows.directory import open_directory
from shared.flows.schools import directory_path
from shared.flows.timetable_for import Sight, is_decided_after, seen_weeks, sight
from shared.ports import App
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Attendance:
    """Some lessons that the teacher gives, and who is in them. `week` None: there is no snapshot to tell."""

    seen: Sight
    week: Week | None
    lessons: tuple[Lesson, ...]
    students: Students


def students_in(
    app: App, school: str, user: str, week: IsoWeek, which: Callable[[Week, Iterable[Lesson]], Iterable[Lesson]]
) -> Attendance:
    """Who is in those of this teacher's lessons of the week that `which` picks. Raises as `sight`."""
    seen = sight(app, school, user, [week], "own")
    found = seen_weeks(app, seen).shown
    if not found or not seen.link or seen.link.role is not Role.TEACHER:
        return Attendance(seen, None, (), Students())
    snapshot = found[0]
    lessons = tuple(which(snapshot, given(snapshot, seen.link.key)))
    return Attendance(seen, snapshot, lessons, students(lessons, _linked_students(app, school, snapshot)))


def _linked_students(app: App, school: str, week: Week) -> dict[str, str]:
    """The Profijt user of each ID-nummer that a student is linked by; not by what a person decided since the week was
    read: there it may be the number of another."""
    head = app.store.get(directory_path(school, Role.STUDENT))
    directory = open_directory(app, school, Role.STUDENT, head=head)
    linked = (each for each in directory.decisions if each.state is State.LINKED and each.key)
    return {each.key: each.user for each in linked if not is_decided_after(each.by, each.since, week.whole)}
