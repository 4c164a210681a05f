"""Profijt's own grades: PUT, GET and DELETE /coursework/{course}, as JSON or as a Dutch CSV file.

The CSV's header: leerling;werk;titel;omschrijving;opgegeven;inleveren;maximum;minimum;categorie;cijfer, of which
leerling, werk and cijfer are needed.
"""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from functions import coursework_rows, etag
from functions.coursework_rows import CourseworkIn
from functions.route import CSV, JSON, MIB, Answer, Asked, Route
from shared.domain.causes import CAUSES, Language
from shared.domain.coursework import Grade, Mark, Work
from shared.domain.profijt_grades import Refused
from shared.errors import NotFound
from shared.flows.keep_coursework import find_course, keep_course, remove_course
from shared.flows.profijt_coursework import OwnCourse
from shared.flows.schools import read_school
from shared.ports import App

WHO = frozenset({"teacher", "service"})


class CsvQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a CSV file does not say: the name of the course, its section, and the Profijt ids of its teachers with a
    comma in between. Left out, they stay as they were. JSON says these itself."""

    naam: Annotated[str, msgspec.Meta(max_length=200)] = ""
    sectie: Annotated[str, msgspec.Meta(max_length=200)] = ""
    docenten: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class RefusedGradeOut(msgspec.Struct, frozen=True):
    """A row that was not taken: its number from 1 (a header not counted), the student, the field, why, what to do."""

    row: int
    student: str
    field: str
    code: str
    message: str
    remedy: str


class StoredCourseOut(msgspec.Struct, frozen=True, rename="camel"):
    """The course's id, what it holds now, how many rows had no grade, the rows that were refused, and the students whom
    Profijt does not know. Everything else was stored."""

    id: str
    students: int
    works: int
    grades: int
    empty: int
    refused: list[RefusedGradeOut]
    unknown_students: list[str]


class WorkOut(msgspec.Struct, frozen=True):
    """One piece of coursework; times in the school's zone."""

    id: str
    title: str
    description: str
    assigned: datetime | None
    due: datetime | None
    maximum: float | None
    minimum: float
    category: str


class GradeOut(msgspec.Struct, frozen=True):
    """A score, or a mark ("excused", "missing") and no score."""

    work: str
    student: str
    score: float | None
    mark: str


class CourseworkOut(msgspec.Struct, frozen=True):
    """The course as it is kept until `until`, which is told anew by every change. Students by their Profijt id."""

    id: str
    name: str
    section: str
    teachers: list[str]
    students: list[str]
    works: list[WorkOut]
    grades: list[GradeOut]
    changed: datetime
    until: datetime


def put_coursework(app: App, asked: Asked) -> Answer:
    """Store the good rows in one step and list the others."""
    school, _ = read_school(app, asked.school)
    before = find_course(app, school.id, asked.path["course"], teacher=_teacher(asked))
    etag.require_match(asked, before[1].version if before else "")
    zone = ZoneInfo(school.zone)
    if asked.media == CSV:
        query: CsvQuery = asked.query
        teachers = [each for part in query.docenten.split(",") if (each := part.strip())]
        sent, unread = coursework_rows.from_csv(
            asked.raw, zone, name=query.naam, section=query.sectie, teachers=teachers
        )
    else:
        sent, unread = coursework_rows.from_json(asked.body, zone)
    stored = keep_course(
        app,
        school.id,
        asked.path["course"],
        sent,
        before=before,
        by=asked.caller.user,
        service=_teacher(asked) is None,
    )
    course, judged = stored.course, stored.judged
    refused = sorted((*unread, *judged.refused), key=lambda each: each.row)
    told = StoredCourseOut(
        course.id,
        len(course.students),
        len(course.works),
        len(course.grades),
        judged.empty,
        [_refused(each, asked.language) for each in refused],
        list(stored.unknown),
    )
    return Answer(told, etag=stored.version)


def get_coursework(app: App, asked: Asked) -> Answer:
    """The whole course, in the form in which it may be sent again."""
    school, _ = read_school(app, asked.school)
    found = find_course(app, school.id, asked.path["course"], teacher=_teacher(asked))
    if found is None:
        raise NotFound("course.unknown")
    course, head = found
    return Answer(_course(course, ZoneInfo(school.zone), head.data["expire_at"]), etag=head.version)


def delete_coursework(app: App, asked: Asked) -> Answer:
    """Remove it with its grades."""
    remove_course(app, asked.school, asked.path["course"], teacher=_teacher(asked), by=asked.caller.user)
    return Answer(None)


def _teacher(asked: Asked) -> str | None:
    """Whose courses the caller may touch; None: everybody's."""
    return None if "service" in asked.caller.roles else asked.caller.user


def _refused(refused: Refused, language: Language) -> RefusedGradeOut:
    fault = refused.fault
    cause, facts = CAUSES[fault.code], dict(fault.facts)
    return RefusedGradeOut(
        refused.row,
        refused.id,
        fault.pointer,
        fault.code,
        cause.sentence(language, facts),
        cause.remedy(language, facts),
    )


def _course(course: OwnCourse, zone: ZoneInfo, until: datetime) -> CourseworkOut:
    return CourseworkOut(
        course.id,
        course.name,
        course.section,
        list(course.teachers),
        list(course.students),
        [_work(work, zone) for work in course.works],
        [_grade(grade) for grade in course.grades],
        course.changed.astimezone(zone),
        until.astimezone(zone),
    )


def _work(work: Work, zone: ZoneInfo) -> WorkOut:
    assigned, due = (when and when.astimezone(zone) for when in (work.assigned, work.due))
    return WorkOut(
        work.id, work.title, work.description, assigned, due, work.maximum, work.minimum, work.category
    )  # fmt: skip


def _grade(grade: Grade) -> GradeOut:
    return GradeOut(grade.work, grade.student, grade.score, "" if grade.mark is Mark.GRADED else grade.mark.value)


_PATH = "/v1/schools/{school}/coursework/{course}"
_PROBLEMS = ("404 school.unknown", "404 course.unknown", "422 coursework.name")
ROUTES = (
    Route(
        "PUT",
        _PATH,
        put_coursework,
        roles=WHO,
        summary="Een lesgroep met eigen cijfers aanleveren (JSON of CSV) / Send a class with Profijt's own grades",
        body=CourseworkIn,
        query=CsvQuery,
        answer=StoredCourseOut,
        body_media=(JSON, CSV),
        body_limit=4 * MIB,
        problems=(
            *_PROBLEMS,
            "409 store.conflict",
            "412 request.stale",
            "428 request.match_required",
            "422 coursework.columns",
            "422 coursework.header",
            "422 coursework.invalid",
            "422 coursework.no_teacher",
            "422 coursework.not_yourself",
            "422 coursework.too_many",
            "422 users.csv_broken",
            "422 users.not_utf8",
        ),
    ),
    Route(
        "GET",
        _PATH,
        get_coursework,
        roles=WHO,
        summary="Een lesgroep met eigen cijfers / A class with Profijt's own grades",
        answer=CourseworkOut,
        problems=_PROBLEMS,
    ),
    Route(
        "DELETE",
        _PATH,
        delete_coursework,
        roles=WHO,
        summary="Een lesgroep met eigen cijfers verwijderen / Remove a class with Profijt's own grades",
        answer=None,
        problems=(*_PROBLEMS, "409 store.conflict"),
    ),
)
