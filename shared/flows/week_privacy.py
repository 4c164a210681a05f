"""What the kept timetable weeks hold of one person, his ID-nummer, taken out of them.

The lessons stay, for they are others' too, and so does a teacher's abbreviation in them. Whoever is still at WebUntis
is in what is read from there afterwards.
"""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from shared.domain.people import Role
from shared.domain.timetable import Element, ElementKind, Lesson, Week
from shared.errors import Rejected
from shared.flows.packed import FIELD, commit_packed, pack, read_packed, removed
from shared.flows.record import from_json, to_json
from shared.flows.week_part import Part, part_of
from shared.flows.weeks import stored
from shared.ports import App, Document

PAGE = 100

Keys = AbstractSet[tuple[Role, str]]


def take_out_of_weeks(app: App, school: str, keys: Keys, gone: Counter[str]) -> None:
    """Pack every week anew that holds one of these ID-nummers, and count them as "weeks"; a part that is of one of
    these people alone goes as a whole. Raises Conflict when a week was read in this very moment: repeat."""
    if not keys:
        return
    alone = {part_of(role, key, alone=True).id for role, key in keys}
    marks = [to_json(key) for _, key in keys]
    for head in _heads(app, school):
        part = Part(head.id.partition("~")[2])
        if part.id in alone:
            app.store.commit(removed(head))
        elif not _clean(app, head, part, keys, marks):
            continue
        gone["weeks"] += 1


def _clean(app: App, head: Document, part: Part, keys: Keys, marks: list[bytes]) -> bool:
    """Whether there was anything to take out of the snapshot with this head."""
    try:
        found = read_packed(app.store, head.path) if FIELD in head.data else None
    except Rejected:  # damaged: nobody can read it, and who looks at the week reads it anew
        app.store.commit(removed(head))
        return True
    if found is None or not any(mark in found[0] for mark in marks):
        return False
    value, head = found
    week = from_json(value, Week)
    cleaned = without(week, part, keys)
    if cleaned == week:  # somebody of the other role has the same number
        return False
    fields = {name: value for name, value in head.data.items() if name != FIELD}
    commit_packed(app.store, [pack(head.path, stored(cleaned), fields, replaces=head, inline=0)])
    return True


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


def _heads(app: App, school: str) -> Iterator[Document]:
    cursor = None
    while True:
        page = app.store.query(f"schools/{school}/weeks", limit=PAGE, cursor=cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return
