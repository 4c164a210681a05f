"""What the kept timetable weeks hold of one person, his ID-nummer: told, and taken out of them.

The lessons stay, for they are others' too, and so does a teacher's abbreviation in them. Whoever is still at WebUntis
is in what is read from there afterwards.
"""

from collections import Counter
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace

from shared.domain.people import Role
from shared.domain.timetable import Element, ElementKind, Lesson, Week
from shared.errors import Rejected
from shared.flows.documents import documents
from shared.flows.packed import EXPIRES, FIELD, commit_packed, pack, read_packed, removed
from shared.flows.record import from_json, to_json
from shared.flows.week_part import Part, part_of
from shared.flows.weeks import stored
from shared.ports import App, Document
from shared.values import dataclass

PAGE = 100

Keys = AbstractSet[tuple[Role, str]]


@dataclass(frozen=True, slots=True)
class InWeek:
    """A timetable week ("2022-W45") that holds the person's ID-nummer, and how many of its lessons are his."""

    week: str
    lessons: int


def weeks_with(app: App, school: str, keys: Keys) -> tuple[InWeek, ...]:
    """The kept weeks that hold one of these ID-nummers, first one first. A lesson that several parts of the week hold
    counts once; a damaged part holds nothing that anybody can read."""
    if not keys:
        return ()
    found: dict[str, set[str]] = {}
    for head in documents(app.store, f"schools/{school}/weeks", page=PAGE):
        name, _, part = head.id.partition("~")
        with suppress(Rejected):
            opened = _opened(app, head, keys)
            if opened and head.data[EXPIRES] > app.now():
                week = opened[0]
                if without(week, Part(part), keys) != week:
                    found.setdefault(name, set()).update(_lessons(week, Part(part), keys))
    return tuple(InWeek(name, len(found[name])) for name in sorted(found))


def take_out_of_weeks(app: App, school: str, keys: Keys, gone: Counter[str]) -> None:
    """Pack every week anew that holds one of these ID-nummers, and count them as "weeks"; a part that is of one of
    these people alone goes as a whole. Raises Conflict when a week was read in this very moment: repeat."""
    if not keys:
        return
    alone = _alone(keys)
    for head in documents(app.store, f"schools/{school}/weeks", page=PAGE):
        part = Part(head.id.partition("~")[2])
        if part in alone:
            app.store.commit(removed(head))
        elif not _clean(app, head, part, keys):
            continue
        gone["weeks"] += 1


def _clean(app: App, head: Document, part: Part, keys: Keys) -> bool:
    """Whether there was anything to take out of the snapshot with this head."""
    try:
        opened = _opened(app, head, keys)
    except Rejected:  # damaged: nobody can read it, and who looks at the week reads it anew
        app.store.commit(removed(head))
        return True
    if opened is None:
        return False
    week, head = opened
    cleaned = without(week, part, keys)
    if cleaned == week:  # somebody of the other role has the same number
        return False
    fields = {name: value for name, value in head.data.items() if name != FIELD}
    commit_packed(app.store, [pack(head.path, stored(cleaned), fields, replaces=head, inline=0)])
    return True


def _opened(app: App, head: Document, keys: Keys) -> tuple[Week, Document] | None:
    """The snapshot with the head it was read with, where one of these ID-nummers may be in it. Raises Rejected when it
    is damaged."""
    found = read_packed(app.store, head.path) if FIELD in head.data else None
    if found is None or not any(to_json(key) in found[0] for _, key in keys):
        return None
    return from_json(found[0], Week), found[1]


def _alone(keys: Keys) -> set[Part]:
    """The parts that are of one of these people alone."""
    return {part_of(role, key, alone=True) for role, key in keys}


def _lessons(week: Week, part: Part, keys: Keys) -> set[str]:
    """The ids of their lessons in this part: those that name them, or all where it is of one of them alone."""
    everyone = part in _alone(keys)
    students = {key for role, key in keys if role is Role.STUDENT}
    teachers = {
        each.id for each in week.elements if each.kind is ElementKind.TEACHER and (Role.TEACHER, each.key) in keys
    }
    return {
        each.id
        for each in week.lessons
        if everyone
        or not students.isdisjoint(each.students or ())
        or any(teacher.id in teachers for teacher in each.teachers)
    }


def without(week: Week, part: Part, keys: Keys) -> Week:
    """The snapshot of this part without these ID-nummers, and without the full names of the teachers who had them."""
    students = {key for role, key in keys if role is Role.STUDENT}
    teachers = {key for role, key in keys if role is Role.TEACHER}
    his = {key for role, key in keys if role is part.role}

    def lesson(each: Lesson) -> Lesson:
        if each.students is None or students.isdisjoint(each.students):
            return each
        return replace(each, students=tuple(key for key in each.students if key not in students))

    def element(each: Element) -> Element:
        if each.kind is ElementKind.TEACHER and each.key in teachers:
            return replace(each, key="", long_name="")
        return each

    return replace(
        week,
        lessons=tuple(map(lesson, week.lessons)),
        elements=tuple(map(element, week.elements)),
        people=None if week.people is None else tuple(key for key in week.people if key not in his),
        unknown=tuple(each for each in week.unknown if each[0] not in his),
    )
