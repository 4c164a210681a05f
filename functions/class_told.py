"""A teacher's classes and their links as they are told: names to the teacher of both sides, to others only ids."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from functions.told import ProblemOut, Reader
from shared.domain.causes import CAUSES, Language
from shared.domain.class_link import ClassLink, Pair
from shared.domain.coursework import CourseStudent
from shared.domain.gradebook import SisStudent
from shared.domain.pairing import BY_HAND, EMAIL, NAMES, NUMBER
from shared.domain.run import Problem
from shared.flows.class_links import Claim
from shared.flows.link_class import LinkedClass
from shared.flows.own_classes import OwnClasses, SisChoice
from shared.values import dataclass

_RULES: Mapping[str, tuple[str, str]] = {
    EMAIL: ("E-mailadres gelijk.", "Same e-mail address."),
    NUMBER: ("Nummer gelijk.", "Same number."),
    NAMES: ("Naam gelijk, en aan beide kanten één keer.", "Same name, once on each side."),
    BY_HAND: ("Met de hand gekoppeld.", "Paired by hand."),
}
_MOVED: Mapping[Language, str] = {
    "nl": "Wat al geëxporteerd is, blijft in {before} staan en wordt daar niet meer bijgewerkt. {after} begint "
    "opnieuw; keuzes per leerling vervallen, vrijgesteld en ontbreekt blijven. Koppelt u later weer aan {before}, "
    "dan gaat het daar verder zonder dubbele cijfers.",
    "en": "What was exported stays in {before} and is no longer updated there. {after} starts anew; choices per "
    "student end, excused and missing stay. If you link to {before} again later, it goes on there without duplicates.",
}
_UNLINKED: Mapping[Language, str] = {
    "nl": "Schoolwerk en cijfers die al in {before} staan, blijven daar staan en worden niet meer bijgewerkt. Profijt "
    "onthoudt wat er geëxporteerd is: koppelt u later weer aan deze klas, dan gaat het verder zonder dubbele cijfers. "
    "Keuzes per leerling, vrijgesteld en ontbreekt zijn verwijderd.",
    "en": "Coursework and grades that are in {before} stay there and are no longer updated. Profijt remembers what was "
    "exported: if you link to this class again later, it goes on without duplicates. Choices per student, excused and "
    "missing were removed.",
}


class ClassLinkStateOut(msgspec.Struct, frozen=True, rename="camel"):
    """The class a course is linked to. `yours`: you are noted as its teacher on both sides. `current` is false when it
    is a class of another SIS than the connected one: link anew."""

    sis_class: str
    title: str
    code: str
    linked_by: str
    linked_at: datetime
    yours: bool
    current: bool


class CourseOut(msgspec.Struct, frozen=True):
    """A course of yours; `link` null: not linked."""

    id: str
    name: str
    section: str
    source: str
    link: ClassLinkStateOut | None


class CoursesOut(msgspec.Struct, frozen=True):
    """Your courses by name. `notices`: what could not be read, or why nothing can be linked now."""

    items: list[CourseOut]
    notices: list[ProblemOut]


class SisClassOut(msgspec.Struct, frozen=True, rename="camel"):
    """A class of yours at the SIS. `takenBy` is the course that has it already ("" : free), linked by `linkedBy`.
    `paired`: how many students of the course asked about are in it; null when none was, or when the SIS did not tell
    who is in the class."""

    id: str
    title: str
    code: str
    taken_by: str
    linked_by: str
    paired: int | None


class SisClassesOut(msgspec.Struct, frozen=True):
    """Your classes; for a course asked about, those that most of its `students` are in come first."""

    items: list[SisClassOut]
    students: int | None


class ClassmateOut(msgspec.Struct, frozen=True):
    """A student, by the id of the course or of the SIS."""

    id: str
    name: str


class PairOut(msgspec.Struct, frozen=True, rename="camel"):
    """A student of the course: paired with `sisStudent` by `rule` (email, number, names, by_hand), or why not."""

    student: ClassmateOut
    state: Literal["paired", "not_found", "conflict"]
    sis_student: ClassmateOut | None
    rule: str
    code: str
    message: str
    remedy: str


class ByHandOut(msgspec.Struct, frozen=True, rename="camel"):
    """What a teacher said: this student is that one, or ("") nobody."""

    student: str
    sis_student: str


class StudentMarkOut(msgspec.Struct, frozen=True):
    """What a teacher said of a student's work: excused (vrijgesteld) or missing (ontbreekt)."""

    work: str
    student: str
    mark: str


class LinkedClassOut(msgspec.Struct, frozen=True, rename="camel"):
    """A link with everybody in it. `unpaired`: students of the SIS class whom nobody of the course is. `text`: what
    happens to what was exported, after a move."""

    course: str
    name: str
    link: ClassLinkStateOut
    teachers: list[str]
    paired: int
    pairs: list[PairOut]
    unpaired: list[ClassmateOut]
    by_hand: list[ByHandOut]
    marks: list[StudentMarkOut]
    text: str


class ClassLinkOut(msgspec.Struct, frozen=True):
    """A link, without anybody in it; `teachers` are the users who proved to teach both sides."""

    course: str
    name: str
    link: ClassLinkStateOut
    teachers: list[str]


class ClassLinksOut(msgspec.Struct, frozen=True):
    """A teacher's own links; an admin's are all of the school."""

    items: list[ClassLinkOut]


class UnlinkedClassOut(msgspec.Struct, frozen=True, rename="camel"):
    """What was unlinked, and what stays."""

    course: str
    sis_class: str
    text: str


@dataclass(frozen=True, slots=True)
class ClassReader:
    """How this user reads; `book` is of the SIS that is connected, "" for none."""

    told: Reader
    user: str
    book: str

    def courses(self, own: OwnClasses) -> CoursesOut:
        items = [
            CourseOut(
                course.id,
                course.name,
                course.section,
                course.id.partition(":")[0],
                self._state(own.links[course.id]) if course.id in own.links else None,
            )
            for course in own.courses
        ]
        problems = (Problem(trouble.code, facts=dict(trouble.facts)) for trouble in own.troubles)
        return CoursesOut(items, [self.told.problem(each) for each in problems])

    def link(self, link: ClassLink) -> ClassLinkOut:
        return ClassLinkOut(link.course, link.course_name, self._state(link), [who for who, _ in link.teachers])

    def linked(self, linked: LinkedClass) -> LinkedClassOut:
        link, moved = linked.link, linked.before
        text = _MOVED[self.told.language].format(before=moved.sis_title, after=link.sis_title) if moved else ""
        return LinkedClassOut(
            link.course,
            link.course_name,
            self._state(link),
            [who for who, _ in link.teachers],
            sum(each.sis is not None for each in linked.pairs),
            [self._pair(each) for each in linked.pairs],
            [_person(each) for each in linked.left_over],
            [ByHandOut(who, whom) for who, whom in link.by_hand],
            [StudentMarkOut(*each) for each in link.marks],
            text,
        )

    def unlinked(self, link: ClassLink) -> UnlinkedClassOut:
        text = _UNLINKED[self.told.language].format(before=link.sis_title)
        return UnlinkedClassOut(link.course, link.sis_class, text)

    def _state(self, link: ClassLink) -> ClassLinkStateOut:
        return ClassLinkStateOut(
            link.sis_class,
            link.sis_title,
            link.sis_code,
            link.linked_by,
            link.linked_at.astimezone(self.told.zone),
            self.user in dict(link.teachers),
            self.book in ("", link.book),
        )

    def _pair(self, pair: Pair) -> PairOut:
        language = self.told.language
        if pair.rule:
            message, remedy = _RULES[pair.rule][language == "en"], ""
        else:
            cause = CAUSES[pair.cause]
            message, remedy = cause.sentence(language, {}), cause.remedy(language, {})
        sis = _person(pair.sis) if pair.sis else None
        return PairOut(_person(pair.student), pair.state.value, sis, pair.rule, pair.cause, message, remedy)


def choice_told(choice: SisChoice) -> SisClassOut:
    one, claim = choice.sis_class, choice.claim or Claim("", "")
    return SisClassOut(one.id, one.title, one.code, claim.course, claim.by, choice.paired)


def _person(someone: CourseStudent | SisStudent) -> ClassmateOut:
    return ClassmateOut(someone.id, f"{someone.first_name} {someone.last_name}".strip())
