"""Linking a class: a teacher's own courses and classes, the link between two, and who is whom in them.

Names are told to the teacher of both sides and to nobody else; an admin sees which classes are linked, and by whom.
"""

from typing import Annotated, Literal

import msgspec

from functions import etag
from functions.class_told import (
    ClassLinksOut,
    ClassReader,
    CoursesOut,
    LinkedClassOut,
    SisClassesOut,
    UnlinkedClassOut,
    choice_told,
)
from functions.route import Answer, Asked, Route
from functions.told import reader
from shared.domain.profijt_grades import MARKS
from shared.flows.edit_class_link import mark_students, pair_by_hand
from shared.flows.link_class import LinkedClass, Seen, link_class, linked_class, list_links, unlink_class
from shared.flows.own_classes import own_classes, sis_choices
from shared.flows.sis import read_sis
from shared.ports import App

TEACHER, BOTH = frozenset({"teacher"}), frozenset({"teacher", "admin"})
MOST_STUDENTS, MOST_MARKS = 1_000, 5_000

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class SisClassesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`course`: order by how many of its students are in each class."""

    course: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ClassLinkIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The class of the SIS, by its id."""

    sis_class: Id


class ByHandIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A student of the course is that student of the SIS; "" for nobody, ever."""

    student: Id
    sis_student: Annotated[str, msgspec.Meta(max_length=255)]


class StudentsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All choices by hand: one that is not in it any more is decided by the rules again."""

    students: Annotated[list[ByHandIn], msgspec.Meta(max_length=MOST_STUDENTS)]


class MarkIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A student's work is excused (vrijgesteld) or missing (ontbreekt)."""

    work: Id
    student: Id
    mark: Literal["vrijgesteld", "ontbreekt", "excused", "missing"]


class MarksIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All marks: one that is not in it any more is gone."""

    marks: Annotated[list[MarkIn], msgspec.Meta(max_length=MOST_MARKS)]


def get_classes(app: App, asked: Asked) -> Answer:
    """The caller's courses at every source."""
    return Answer(_reader(app, asked).courses(own_classes(app, asked.school, asked.caller.user)))


def get_sis_classes(app: App, asked: Asked) -> Answer:
    """The caller's classes at the SIS."""
    found = sis_choices(app, asked.school, asked.caller.user, asked.query.course)
    return Answer(SisClassesOut([choice_told(each) for each in found.items], found.students))


def put_link(app: App, asked: Asked) -> Answer:
    """Link, join or move."""
    user, course = asked.caller.user, asked.path["course"]
    return _linked(app, asked, link_class(app, asked.school, user, course, asked.body.sis_class, seen=_seen(asked)))


def get_link(app: App, asked: Asked) -> Answer:
    """One link, with everybody in it."""
    return _linked(app, asked, linked_class(app, asked.school, asked.caller.user, asked.path["course"]))


def put_students(app: App, asked: Asked) -> Answer:
    """All choices by hand."""
    chosen = [(each.student, each.sis_student) for each in asked.body.students]
    user, course = asked.caller.user, asked.path["course"]
    return _linked(app, asked, pair_by_hand(app, asked.school, user, course, chosen, seen=_seen(asked)))


def put_marks(app: App, asked: Asked) -> Answer:
    """All marks."""
    marks = [(each.work, each.student, MARKS[each.mark]) for each in asked.body.marks]
    user, course = asked.caller.user, asked.path["course"]
    return _linked(app, asked, mark_students(app, asked.school, user, course, marks, seen=_seen(asked)))


def get_links(app: App, asked: Asked) -> Answer:
    """The links of the caller, or of the school."""
    reads = _reader(app, asked)
    return Answer(ClassLinksOut([reads.link(each) for each in list_links(app, asked.school, teacher=_teacher(asked))]))


def delete_link(app: App, asked: Asked) -> Answer:
    """Unlink, and say what stays."""
    gone = unlink_class(app, asked.school, asked.path["course"], teacher=_teacher(asked), by=asked.caller.user)
    return Answer(_reader(app, asked).unlinked(gone))


def _teacher(asked: Asked) -> str | None:
    """Whose links the caller may touch; None: everybody's."""
    return None if "admin" in asked.caller.roles else asked.caller.user


def _reader(app: App, asked: Asked) -> ClassReader:
    sis, _ = read_sis(app, asked.school)
    return ClassReader(reader(app, asked), asked.caller.user, sis.book if sis and sis.connected else "")


def _seen(asked: Asked) -> Seen:
    """Compares If-Match with the link alone: a roster may change at any moment."""
    seen = etag.settled(asked)
    return lambda version: etag.require_match(seen, version)


def _linked(app: App, asked: Asked, linked: LinkedClass) -> Answer:
    told = _reader(app, asked).linked(linked)
    return Answer(told, etag=etag.passing(linked.version, msgspec.json.encode(told)))


_LINK = "/v1/schools/{school}/class-links/{course}"
_SIS = ("403 sis.not_connected", "403 sis.teachers_off", "403 class_link.no_email")
_REMOTE = (
    "502 oneroster.credentials_refused",
    "502 oneroster.right_missing",
    "409 oneroster.teacher_unknown",
    "409 oneroster.teacher_twice",
)
_OF_LINK = (
    "404 school.unknown",
    "404 class_link.unknown",
    "404 course.unknown",
    "403 classroom.no_consent",
    "404 class_link.not_yours",
    "409 class_link.other_sis",
    "409 store.conflict",
    *_SIS,
    *_REMOTE,
)
_EDITED = (*_OF_LINK, "412 request.stale", "428 request.match_required", "422 class_link.invalid")
ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/classes",
        get_classes,
        roles=TEACHER,
        summary="Uw lesgroepen en waaraan ze gekoppeld zijn / Your courses and what they are linked to",
        answer=CoursesOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/sis/classes",
        get_sis_classes,
        roles=TEACHER,
        summary="Uw klassen in het LIS, de waarschijnlijkste eerst / Your classes at the SIS, the likeliest first",
        query=SisClassesQuery,
        answer=SisClassesOut,
        problems=("404 school.unknown", "404 course.unknown", "403 classroom.no_consent", *_SIS, *_REMOTE),
    ),
    Route(
        "GET",
        "/v1/schools/{school}/class-links",
        get_links,
        roles=BOTH,
        summary="Gekoppelde lesgroepen / Linked classes",
        answer=ClassLinksOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "GET",
        _LINK,
        get_link,
        roles=TEACHER,
        summary="Een gekoppelde lesgroep, met wie wie is / A linked class, with who is whom",
        answer=LinkedClassOut,
        problems=_OF_LINK,
    ),
    Route(
        "PUT",
        _LINK,
        put_link,
        roles=TEACHER,
        summary="Een lesgroep aan een klas van het LIS koppelen / Link a course to a class of the SIS",
        body=ClassLinkIn,
        answer=LinkedClassOut,
        problems=(
            "404 school.unknown",
            "404 course.unknown",
            "403 classroom.no_consent",
            "404 class_link.not_yours",
            "409 class_link.course_taken",
            "409 class_link.class_taken",
            "409 store.conflict",
            "412 request.stale",
            "428 request.match_required",
            *_SIS,
            *_REMOTE,
        ),
    ),
    Route(
        "PUT",
        f"{_LINK}/students",
        put_students,
        roles=TEACHER,
        summary="Leerlingen met de hand koppelen / Pair students by hand",
        body=StudentsIn,
        answer=LinkedClassOut,
        problems=_EDITED,
    ),
    Route(
        "PUT",
        f"{_LINK}/marks",
        put_marks,
        roles=TEACHER,
        summary="Vrijgesteld en ontbreekt invullen / Fill in excused and missing",
        body=MarksIn,
        answer=LinkedClassOut,
        problems=_EDITED,
    ),
    Route(
        "DELETE",
        _LINK,
        delete_link,
        roles=BOTH,
        summary="Een lesgroep ontkoppelen / Unlink a class",
        answer=UnlinkedClassOut,
        problems=("404 school.unknown", "404 class_link.unknown", "404 class_link.not_yours", "409 store.conflict"),
    ),
)
