"""The practice school's classes: one teacher with three courses in Classroom and the same three classes at the SIS.

Its hard cases: somebody who is in Classroom alone, somebody whose address the SIS does not have, a late joiner with
a grade of 0, extra credit, a work without a due date, one that is not graded, a title longer than a SIS takes.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.domain.people import Role, User
from shared.simulators.classroom import ClassroomSimulator
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.practice_school import PracticeSchool

CLASSES = ("Wiskunde 3A", "Wiskunde 3B", "Natuurkunde 4H")
SIZE = 24
ZONE = ZoneInfo("Europe/Amsterdam")
_WORKS = (  # title, days before today it was due, points, category
    ("SO H3 breuken", 21, 10, "SO"),
    ("Proefwerk hoofdstuk 3 en 4, met de opgaven over breuken, procenten en verhoudingen", 14, 10, "Toetsen"),
    ("Praktische opdracht", 7, 40, "Praktische opdrachten"),
    ("Huiswerk week 47", 2, 5, ""),
)


def teacher_of_classes(school: PracticeSchool) -> User:
    """Whose three classes they are: the first teacher, by id, with an address."""
    return min((user for user in school.of(Role.TEACHER)[0] if user.email), key=lambda user: user.id)


def open_classes(
    school: PracticeSchool, sis: OneRosterSimulator, classroom: ClassroomSimulator, today: date
) -> tuple[str, ...]:
    """Fill both; returns the ids of the courses in Classroom. The same for the same day."""
    teacher = teacher_of_classes(school)
    students = sorted((user for user in school.of(Role.STUDENT)[0] if user.email), key=lambda user: user.id)
    began = date(today.year if today.month >= 8 else today.year - 1, 8, 1)
    sis.school.add_org("waterlinie", school.display_name)
    sis.school.add_term(
        "jaar", "Schooljaar", began, began.replace(year=began.year + 1), periods=("p1", "p2", "p3", "p4")
    )
    for number, title in enumerate(("Toetsen", "SO", "Praktische opdrachten", "Huiswerk"), 1):
        sis.school.add_category(f"c{number}", title)
    classroom.school.add_person(teacher.email, teacher.first_name, _surname(teacher))
    courses = []
    for number, name in enumerate(CLASSES):
        id, those = f"lesgroep-{number + 1}", students[number * SIZE : (number + 1) * SIZE]
        sis.school.add_class(id, name, school="waterlinie", terms=("jaar",))
        for place, student in enumerate(those[:-1]):  # the last one is in Classroom alone
            address = "" if place == 1 else student.email
            sis.school.add_student(f"s-{student.id}", address, id, name=(student.first_name, _surname(student)))
        courses.append(_course(classroom, teacher, name, those, today))
    sis.school.add_teacher(
        f"t-{teacher.id}",
        teacher.email,
        *(f"lesgroep-{number + 1}" for number in range(len(CLASSES))),
        name=(teacher.first_name, _surname(teacher)),
    )
    return tuple(courses)


def _course(google: ClassroomSimulator, teacher: User, name: str, students: Sequence[User], today: date) -> str:
    there = google.school
    course = there.add_course(name, teachers=[teacher.email])
    ids = [there.enroll(course, each.email, each.first_name, _surname(each)) for each in students]
    for title, days, points, category in _WORKS:
        due = datetime.combine(today - timedelta(days=days), time(23, 59), ZONE)
        work = there.add_work(course, title, points=points, due=due, category=category)
        for place, student in enumerate(ids):
            if place % 7 == 5:
                continue  # nothing handed in: no grade, which is not a zero
            share = (4 + (place * 7 + days) % 7) / 10
            there.give(course, work, student, 0 if place == 6 else round(share * points * 2) / 2, at=due)
        there.give(course, work, ids[3], points + 1, at=due)  # extra credit
    loose = there.add_work(course, "Bonusopgave", points=10)
    there.give(course, loose, ids[0], 8, at=datetime.combine(today, time(9), ZONE))
    there.draft(course, loose, ids[2], 6)  # not given back: no grade yet
    there.add_work(course, "Lees paragraaf 4.2", points=None)
    return course


def _surname(user: User) -> str:
    return f"{user.prefix} {user.last_name}".strip()


def remember(sis: OneRosterSimulator, file: Path) -> None:
    """Keep what the SIS holds, so that a second start finds what the first one exported."""
    file.write_text(json.dumps(sis.school.rows))


def recall(sis: OneRosterSimulator, file: Path) -> None:
    """What was exported before, if anything was kept."""
    if file.exists():
        kept = json.loads(file.read_text())
        for collection in ("lineItems", "results"):
            sis.school.rows[collection] = kept[collection]
