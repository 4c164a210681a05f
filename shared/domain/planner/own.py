"""The lessons of one person, exactly his: keys are compared letter for letter, and only within their role.

From a snapshot of the whole school it gives what WebUntis gives when it is asked for this person alone.
"""

from bisect import bisect_left
from dataclasses import replace

from shared.domain.people import Role
from shared.domain.timetable import Change, ElementKind, Lesson, Ref, Week


def own(week: Week, role: Role, key: str) -> Week:
    """The same week with only the lessons of this ID-nummer, cancelled ones too; `people` is (key,).

    Of a teacher also those that he was taken out of: `taken_from` says which. A snapshot of this person alone (of his
    role, which it does not say itself) holds his lessons also where students are not told. "" is nobody.
    """
    alone = week.people == (key,)
    if role is Role.TEACHER:
        ids = _teachers(week, key)
        mine = (each for each in week.lessons if alone or any(ref.id in ids for ref in each.teachers))
    else:
        mine = (each for each in week.lessons if _attends(each, key, alone=alone))
    return replace(week, lessons=tuple(mine) if key else (), people=(key,))


def untold(week: Week, role: Role) -> int:
    """How many lessons of the snapshot may be any student's: a class or group has them, and nobody told its students.

    0 for a teacher, and in a snapshot of one person alone: its lessons are his.
    """
    if role is Role.TEACHER or (week.people is not None and len(week.people) == 1):
        return 0
    return sum(each.students is None and bool(each.classes or each.groups) for each in week.lessons)


def taken_from(week: Week, role: Role, key: str) -> frozenset[str]:
    """Ids of the lessons that this teacher was taken out of («vervallen voor u»); none of a student."""
    if role is not Role.TEACHER:
        return frozenset()
    ids = _teachers(week, key)
    refs = {each.id: [ref for ref in each.teachers if ref.id in ids] for each in week.lessons}
    return frozenset(lesson for lesson, his in refs.items() if his and not any(map(stays, his)))


def teaches(week: Week, key: str) -> tuple[Lesson, ...]:
    """The lessons that he is planned for or came into, and was not taken out of. Cancelled ones too."""
    ids = _teachers(week, key)
    return tuple(each for each in week.lessons if any(ref.id in ids and stays(ref) for ref in each.teachers))


def stays(ref: Ref) -> bool:
    """It belongs to the lesson now."""
    return ref.change is not Change.REMOVED


def _teachers(week: Week, key: str) -> frozenset[str]:
    """WebUntis' numbers of the teacher with this ID-nummer; an element without key is nobody's."""
    return frozenset(each.id for each in week.elements if key and each.kind is ElementKind.TEACHER and each.key == key)


def _attends(lesson: Lesson, key: str, *, alone: bool) -> bool:
    students = lesson.students
    if students is None:
        return alone
    place = bisect_left(students, key)  # they are sorted
    return place < len(students) and students[place] == key
