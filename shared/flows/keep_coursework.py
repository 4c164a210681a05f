"""Takes Profijt's own grades in: what is sent replaces the whole course, and a bad row loses nothing but itself."""

from shared.domain.coursework import Work
from shared.domain.people import Role
from shared.domain.profijt_grades import GradeRow, Judged, judge
from shared.errors import Fault, Invalid, NotFound
from shared.flows.audit import audited
from shared.flows.class_links import not_yours
from shared.flows.directory import read_directories
from shared.flows.packed import commit_packed, removed
from shared.flows.profijt_coursework import OwnCourse, course_id, course_path, is_course, read_course, repack
from shared.flows.schools import read_school
from shared.ports import App, Document
from shared.values import dataclass

STUDENTS, WORKS, GRADES = 500, 500, 20_000  # most of one course


@dataclass(frozen=True, slots=True)
class Sent:
    """A course as sent. None: nothing was said of it, so it stays as it was."""

    name: str | None
    section: str | None
    teachers: tuple[str, ...] | None
    students: tuple[str, ...]
    works: tuple[Work, ...]
    rows: tuple[GradeRow, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """The course as it is now, at `version`; what became of the rows; and the students whom Profijt does not know."""

    course: OwnCourse
    version: str
    judged: Judged
    unknown: tuple[str, ...]


def find_course(app: App, school: str, name: str, *, teacher: str | None) -> tuple[OwnCourse, Document] | None:
    """The course of this name in addresses, None when there is none yet. `teacher` None asks as the service.

    Raises NotFound "school.unknown", and "course.unknown" for another teacher's; Invalid "coursework.name".
    """
    read_school(app, school)
    if not is_course(course_id(name)):
        raise Invalid("coursework.name")
    found = read_course(app, school, course_id(name))
    if found and teacher is not None and teacher not in found[0].teachers:
        raise not_yours(school, teacher, "course.unknown")
    return found


def keep_course(
    app: App, school: str, name: str, sent: Sent, *, before: tuple[OwnCourse, Document] | None, by: str, service: bool
) -> Stored:
    """Put `sent` in the place of `before` (as found by `find_course`). May be repeated.

    Raises Invalid "coursework.too_many", .no_teacher, .invalid, .not_yourself; Conflict when somebody was first.
    """
    if len(sent.students) > STUDENTS or len(sent.works) > WORKS or len(sent.rows) > GRADES:
        raise Invalid("coursework.too_many", students=STUDENTS, works=WORKS, grades=GRADES)
    old, head = before or (None, None)
    known = {role: {user.id for user in found.users} for role, found in read_directories(app, school).items()}
    students = tuple(each for each in dict.fromkeys(sent.students) if each in known[Role.STUDENT])
    judged = judge(sent.rows, {work.id: work for work in sent.works}, frozenset(students))
    course = OwnCourse(
        id=course_id(name),
        name=sent.name or (old.name if old else course_id(name).partition(":")[2]),
        section=(old.section if old else "") if sent.section is None else sent.section,
        teachers=_teachers(sent.teachers, old, known[Role.TEACHER], by=by, service=service),
        students=students,
        works=sent.works,
        grades=judged.grades,
        changed=app.now(),
    )
    counts = {"leerlingen": len(students), "werk": len(course.works), "cijfers": len(course.grades)}
    event = audited(app, school, actor=by, action="coursework.saved", subject=course.id, after=counts)
    if head is None:  # one that is over may still lie there
        over = app.store.get(course_path(school, course.id))
        head = over if over and over.data["expire_at"] <= app.now() else None
    version, _ = commit_packed(app.store, [repack(app, school, course, replaces=head)], [event])
    unknown = tuple(each for each in dict.fromkeys(sent.students) if each not in known[Role.STUDENT])
    return Stored(course, version, judged, unknown)


def remove_course(app: App, school: str, name: str, *, teacher: str | None, by: str) -> None:
    """Remove the course with its grades; a link to a class stays until it is removed itself.

    Raises NotFound "course.unknown" when there is none, or another teacher's.
    """
    found = find_course(app, school, name, teacher=teacher)
    if found is None:
        raise NotFound("course.unknown")
    course, head = found
    event = audited(app, school, actor=by, action="coursework.removed", subject=course.id, after={})
    app.store.commit([*removed(head), event])


def _teachers(
    sent: tuple[str, ...] | None, old: OwnCourse | None, known: set[str], *, by: str, service: bool
) -> tuple[str, ...]:
    if sent is None:
        mine = () if service else (by,)
        return _some(old.teachers if old else mine)
    if faults := tuple(
        Fault(f"/teachers/{place}", "coursework.teacher_unknown")
        for place, teacher in enumerate(sent)
        if teacher not in known and teacher != by
    ):
        raise Invalid("coursework.invalid", faults)
    if not service and by not in sent:
        raise Invalid("coursework.not_yourself", (Fault("/teachers", "coursework.not_yourself"),))
    return _some(tuple(dict.fromkeys(sent)))


def _some(teachers: tuple[str, ...]) -> tuple[str, ...]:
    if not teachers:
        raise Invalid("coursework.no_teacher", (Fault("/teachers", "coursework.no_teacher"),))
    return teachers
