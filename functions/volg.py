"""GET /timetable/students: Volg. Whose students a teacher has now, in one lesson, in a week, of a group."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from functions.moment import moment
from functions.route import Answer, Asked, Route
from functions.told import ProblemOut
from functions.week_asked import PROBLEMS, check_reach, notices, told
from shared.domain.people import Role
from shared.domain.planner import volg
from shared.domain.planner.facets import Facet, changes_by_name, names_of
from shared.domain.planner.iso_week import parse, week_with
from shared.domain.planner.notices import Notice, volg_notices
from shared.domain.timetable import Change, Lesson, Week
from shared.errors import Fault, Invalid, NotFound
from shared.flows.schools import read_school
from shared.flows.students_in import students_in
from shared.flows.timetable_for import Weeks
from shared.ports import App


class StudentsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`at` a moment ("2022-11-07T09:15:00+01:00"; left out: now), or a `lesson` by its id, or all lessons of a `week`.

    A lesson is looked for in `week`, or in this week. `group` keeps the lessons of one class or student group.
    """

    at: Annotated[str, msgspec.Meta(max_length=40)] = ""
    lesson: Annotated[str, msgspec.Meta(max_length=40)] = ""
    week: Annotated[str, msgspec.Meta(max_length=8)] = ""
    group: Annotated[str, msgspec.Meta(max_length=100)] = ""


class GivenOut(msgspec.Struct, frozen=True):
    """A lesson that you give, in the school's zone."""

    id: str
    start: datetime
    end: datetime
    subjects: list[str]
    groups: list[str]


class StudentsOut(msgspec.Struct, frozen=True, rename="camel"):
    """`students` are ids of Profijt users. `unlinked` students have no Profijt user, `withoutIdNumber` no ID-nummer.

    `known` is false when for some of the `lessons` nobody told who is in it: then nobody may be filtered away.
    """

    at: datetime | None
    known: bool
    lessons: list[GivenOut]
    students: list[str]
    unlinked: int
    without_id_number: int
    updated_at: datetime | None
    stale: bool
    notices: list[ProblemOut]


def get_students(app: App, asked: Asked) -> Answer:
    """The students of my lessons."""
    query: StudentsQuery = asked.query
    if query.at and (query.lesson or query.week):
        raise Invalid("request.query_invalid", (Fault("?at", "volg.one_way"),))
    school, _ = read_school(app, asked.school)
    zone = ZoneInfo(school.zone)
    now = (moment(query.at, "at") or app.now()).astimezone(zone)
    week = parse(query.week) if query.week else week_with(now.date())
    check_reach(app, (week,))
    at = None if query.lesson or query.week else now

    def which(snapshot: Week, lessons: Iterable[Lesson]) -> Iterable[Lesson]:
        if query.lesson:
            lessons = [each for each in lessons if each.id == query.lesson]
            if not lessons:  # also a lesson of somebody else: whose it is, is not his to know
                raise NotFound("volg.lesson_unknown")
        if query.group:
            lessons = volg.of_group(snapshot, lessons, query.group)
        return volg.now(lessons, at) if at else lessons

    found = students_in(app, asked.school, asked.caller.user, week, which)
    head = found.seen.found[0] if found.seen.found else None
    if query.lesson and found.week is None and head and head.read:
        raise NotFound("volg.lesson_unknown")
    link = found.seen.link
    if found.seen.found and link and link.role is not Role.TEACHER:
        said = [told(Notice("volg.not_a_teacher"), asked.language)]
    else:
        said = notices(found.seen, (week,), Weeks((found.week,) if found.week else (), {}), asked.language)
    names = names_of(found.week) if found.week else {}
    students = found.students
    return Answer(
        StudentsOut(
            at=at,
            known=found.week is not None and not students.untold,
            lessons=[
                GivenOut(
                    each.id,
                    each.start,
                    each.end,
                    *(
                        [
                            name
                            for name, changes in changes_by_name(each, facet, names).items()
                            if changes - {Change.REMOVED}
                        ]
                        for facet in (Facet.SUBJECT, Facet.GROUP)
                    ),
                )
                for each in found.lessons
            ],
            students=list(students.users),
            unlinked=students.unlinked,
            without_id_number=students.unkeyed,
            updated_at=head.read.astimezone(zone) if head and head.read else None,
            stale=bool(head and head.stale),
            notices=said + [told(each, asked.language) for each in volg_notices(students)],
        )
    )


ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/timetable/students",
        get_students,
        roles=frozenset({"teacher"}),
        summary="Volg: de leerlingen van mijn lessen / the students of my lessons",
        query=StudentsQuery,
        answer=StudentsOut,
        problems=(*PROBLEMS, "404 volg.lesson_unknown"),
    ),
)
