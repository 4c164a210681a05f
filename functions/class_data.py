"""What is kept of one person in courses, class links, exports and their ledger, as that person's data are told."""

from datetime import datetime

import msgspec

from shared.flows.class_privacy import InCourse, InLink
from shared.flows.export_privacy import InExport
from shared.flows.ledger_privacy import InLedger


class GradeData(msgspec.Struct, frozen=True):
    """A score, or a mark (excused, missing), for the work with this title."""

    work: str
    score: float | None
    mark: str


class CourseData(msgspec.Struct, frozen=True):
    """A course of Profijt's own that the person teaches or is in, and the person's own grades."""

    course: str
    name: str
    teaches: bool
    grades: list[GradeData]


class MarkData(msgspec.Struct, frozen=True):
    """What a teacher said of the person's work, by the id that the course has for it."""

    work: str
    mark: str


class ClassLinkData(msgspec.Struct, frozen=True, rename="camel"):
    """A class link that knows the person: as a teacher, or as a student of whom a teacher said who it is at the SIS, or
    whose work is excused or missing."""

    course: str
    sis_class: str
    linked: bool
    sis_teacher: str
    by_hand: list[str]
    marks: list[MarkData]


class ExportedData(msgspec.Struct, frozen=True):
    """What came of the person's grade for the work with this title, and what the SIS said of it."""

    work: str
    outcome: str
    score: float | None
    status: str
    said: str


class ExportData(msgspec.Struct, frozen=True):
    """An export that the person ordered, or with grades of the person's own."""

    id: str
    at: datetime
    course: str
    ordered: bool
    grades: list[ExportedData]


class LedgerData(msgspec.Struct, frozen=True, rename="camel"):
    """That a grade of the person's was sent to a SIS (`sis`: its address): for which work, as which item there, as
    whom. Not the grade: only digests of it are kept. `course` and `sisClass` are "" once the class is no longer linked.
    `until`: when it goes, unless it is sent anew.
    """

    sis: str
    sis_class: str
    course: str
    work: str
    sis_item: str
    sis_students: list[str]
    changed: datetime
    until: datetime


def course_data(known: InCourse) -> CourseData:
    grades = [GradeData(title, grade.score, grade.mark.value) for title, grade in known.grades]
    return CourseData(known.course, known.name, known.teaches, grades)


def link_data(known: InLink) -> ClassLinkData:
    marks = [MarkData(work, mark) for work, mark in known.marks]
    return ClassLinkData(known.course, known.sis_class, known.linked, known.sis_teacher, list(known.by_hand), marks)


def export_data(known: InExport) -> ExportData:
    grades = [ExportedData(title, one.outcome, one.score, one.status, one.said) for title, one in known.results]
    return ExportData(known.export, known.at, known.course, known.ordered, grades)


def ledger_data(known: InLedger) -> LedgerData:
    where = (known.sis, known.sis_class, known.course, known.work, known.sis_item)
    return LedgerData(*where, list(known.sis_students), known.changed, known.until)
