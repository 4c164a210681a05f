"""What a teacher says of students of a linked class: who they are at the SIS, and whose work is excused or missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.coursework_port import PROFIJT
from shared.domain.class_link import ClassLink
from shared.domain.coursework import CourseStudent, Mark
from shared.domain.people import Role
from shared.errors import Fault, Invalid
from shared.flows.audit import audited
from shared.flows.class_links import link_path, link_write, people_of
from shared.flows.directory import read_directories
from shared.flows.link_class import LinkedClass, Seen, linked_class, with_rosters
from shared.ports import App


def pair_by_hand(
    app: App, school: str, user: str, course: str, chosen: Sequence[tuple[str, str]], *, seen: Seen
) -> LinkedClass:
    """Put these choices in the place of all there were: course student → SIS student, "" for nobody, ever.

    Raises Invalid "class_link.invalid" for who is on neither roster or named twice (what stands already may stay), what
    `seen` raises, Conflict, and as `linked_class`.
    """
    now = linked_class(app, school, user, course)
    seen(now.version)
    students = {each.id for each in now.gradings.students}
    at_sis = {each.id for each in now.roster} | {""}
    here, there = Counter(who for who, _ in chosen), Counter(whom for _, whom in chosen)
    faults = []
    for place, (who, whom) in enumerate(chosen):
        if (who, whom) not in now.link.by_hand:
            faults += [Fault(f"/students/{place}/student", "pair.student_unknown")] if who not in students else []
            faults += [Fault(f"/students/{place}/sisStudent", "pair.sis_student_unknown")] if whom not in at_sis else []
        faults += [Fault(f"/students/{place}/student", "pair.repeated")] if here[who] > 1 else []
        faults += [Fault(f"/students/{place}/sisStudent", "pair.repeated")] if whom and there[whom] > 1 else []
    link = replace(now.link, by_hand=tuple(chosen))
    after = {"leerlingen": len(chosen)}
    return _kept(app, school, user, now, link, faults, "class_link.students", after)


def mark_students(
    app: App, school: str, user: str, course: str, marks: Sequence[tuple[str, str, Mark]], *, seen: Seen
) -> LinkedClass:
    """Put these marks (work, course student, excused or missing) in the place of all there were. Raises as
    `pair_by_hand`, also for a work that is not of the course or is not graded."""
    now = linked_class(app, school, user, course)
    seen(now.version)
    students = {each.id for each in now.gradings.students}
    works = {work.id for work in now.gradings.works if work.maximum is not None}
    times = Counter((work, who) for work, who, _ in marks)
    faults = []
    for place, (work, who, mark) in enumerate(marks):
        if (work, who, mark.value) not in now.link.marks:
            faults += [Fault(f"/marks/{place}/work", "pair.work_unknown")] if work not in works else []
            faults += [Fault(f"/marks/{place}/student", "pair.student_unknown")] if who not in students else []
        faults += [Fault(f"/marks/{place}/student", "pair.repeated")] if times[work, who] > 1 else []
    link = replace(now.link, marks=tuple((work, who, mark.value) for work, who, mark in marks))
    return _kept(app, school, user, now, link, faults, "class_link.marks", {"markeringen": len(marks)})


def _kept(
    app: App,
    school: str,
    user: str,
    now: LinkedClass,
    link: ClassLink,
    faults: Sequence[Fault],
    action: str,
    after: Mapping[str, int],
) -> LinkedClass:
    if faults:
        raise Invalid("class_link.invalid", tuple(faults))
    before = app.store.get(link_path(school, link.course))
    people = (people_of(before) if before else {}) | _people(app, school, link.course, now.gradings.students)
    event = audited(app, school, actor=user, action=action, subject=link.course, after=dict(after))
    version, _ = app.store.commit([link_write(school, link, people, expect=now.version), event])
    return with_rosters(link, version, now.gradings, now.roster)


def _people(app: App, school: str, course: str, students: Sequence[CourseStudent]) -> dict[str, str]:
    """Who of Profijt they are: by Profijt's own id, or by an address that only one user has."""
    if course.startswith(f"{PROFIJT}:"):
        return {each.id: each.id for each in students}
    users = read_directories(app, school)[Role.STUDENT].users
    times = Counter(each.email.casefold() for each in users)
    by_email = {each.email.casefold(): each.id for each in users if each.email and times[each.email.casefold()] == 1}
    known = ((each.id, by_email.get(each.email.casefold(), "")) for each in students)
    return {who: user for who, user in known if user}
