"""What is kept of one person in courses and class links is told and erased as a whole, and of nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.coursework import Grade, Mark
from shared.flows.class_links import read_claims, read_link
from shared.flows.class_privacy import InCourse, InLink
from shared.flows.privacy import erase, export
from shared.flows.profijt_coursework import read_course
from tests.class_world import INGRID, KEES, SCHOOL, ClassWorld, class_world

COURSE = "profijt:3a-wi"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ClassWorld]:
    """A course that is linked, with a choice by hand and marks for two students."""
    with class_world(tmp_path) as world:
        world.ask(INGRID, "PUT", "/coursework/3a-wi", json=_course())
        world.link()
        _say(world, COURSE, u1="s1", u2="s2")
        yield world


def _course() -> dict[str, object]:
    grades = [{"work": "so-1", "student": "u1", "score": 7.5}, {"work": "so-1", "student": "u2", "mark": "ontbreekt"}]
    work = {"id": "so-1", "title": "SO H3 breuken"}
    return {"name": "Wiskunde 3A", "students": ["u1", "u2"], "works": [work], "grades": grades}


def _say(world: ClassWorld, course: str, work: str = "so-1", **chosen: str) -> None:
    students = [{"student": who, "sisStudent": whom} for who, whom in chosen.items()]
    marks = [{"work": work, "student": who, "mark": "excused"} for who in chosen]
    for path, body in (("students", {"students": students}), ("marks", {"marks": marks})):
        answer = world.ask(INGRID, "PUT", f"/class-links/{course}/{path}", json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text


def test_a_student_is_told_own_grades_and_what_a_teacher_said(school: ClassWorld) -> None:
    kept = export(school.app, SCHOOL, "u1", actor="a1")
    grade = Grade("so-1", "u1", Mark.GRADED, 7.5)
    assert kept.courses == (InCourse(COURSE, "Wiskunde 3A", teaches=False, grades=(("SO H3 breuken", grade),)),)
    assert kept.class_links == (InLink(COURSE, "3a-wi", by_hand=("s1",), marks=(("so-1", "excused"),)),)


def test_a_teacher_is_told_own_courses_and_links_and_no_student(school: ClassWorld) -> None:
    kept = export(school.app, SCHOOL, INGRID, actor="a1")
    assert kept.courses == (InCourse(COURSE, "Wiskunde 3A", teaches=True),)
    assert kept.class_links == (InLink(COURSE, "3a-wi", linked=True, sis_teacher="t-vries"),)
    other = export(school.app, SCHOOL, KEES, actor="a1")
    assert (other.courses, other.class_links) == ((), ())


def test_the_api_tells_it_too(school: ClassWorld) -> None:
    told = school.ask("a1", "GET", "/people/u1/data", role="admin").get_json()
    assert told["courses"][0]["grades"] == [{"work": "SO H3 breuken", "score": 7.5, "mark": "graded"}]
    assert told["classLinks"][0]["byHand"] == ["s1"]
    assert "u2" not in str(told)


def test_who_is_erased_is_in_no_course_and_no_link_and_the_others_stay(school: ClassWorld) -> None:
    erased = erase(school.app, SCHOOL, "u1", actor="a1")
    assert (erased.courses, erased.class_links) == (1, 1)
    found = read_course(school.app, SCHOOL, COURSE)
    assert found
    assert (found[0].students, [each.student for each in found[0].grades]) == (("u2",), ["u2"])
    link, _ = read_link(school.app, SCHOOL, COURSE)
    assert (link.by_hand, link.marks) == ((("u2", "s2"),), (("so-1", "u2", "excused"),))
    assert "u1" not in str(school.app.store.get(f"schools/{SCHOOL}/class-links/{COURSE}").data)
    again = erase(school.app, SCHOOL, "u1", actor="a1")
    assert (again.courses, again.class_links) == (0, 0)


def test_a_teacher_who_is_erased_leaves_the_course_and_the_link_to_others(school: ClassWorld) -> None:
    erase(school.app, SCHOOL, INGRID, actor="a1")
    found = read_course(school.app, SCHOOL, COURSE)
    link, _ = read_link(school.app, SCHOOL, COURSE)
    assert found
    assert (found[0].teachers, link.teachers, link.linked_by) == ((), (), "gewist")
    assert read_claims(school.app, SCHOOL, "baken-book", ["3a-wi"])["3a-wi"].by == "gewist"
    assert school.ask("a1", "DELETE", f"/class-links/{COURSE}", role="admin").status_code == 200


def test_a_student_of_classroom_is_known_by_an_address_that_only_one_user_has(school: ClassWorld) -> None:
    google = school.local.classroom.school
    email = "i.devries@baken.example"
    google.add_person(email, "Ingrid", "de Vries")
    algebra = google.add_course("Algebra", teachers=[email])
    at_google = google.enroll(algebra, "U4@baken.example", "Sem", "Visser")
    work = google.add_work(algebra, "SO H1", points=10)
    school.consent(INGRID, email)
    assert school.link(course=f"classroom:{algebra}", to="3b/wi é").status_code == 200
    _say(school, f"classroom:{algebra}", work, **{at_google: "s4"})
    kept = export(school.app, SCHOOL, "u4", actor="a1")
    assert [each.by_hand for each in kept.class_links] == [("s4",)]
    assert erase(school.app, SCHOOL, "u4", actor="a1").class_links == 1
    link, _ = read_link(school.app, SCHOOL, f"classroom:{algebra}")
    assert (link.by_hand, link.marks) == ((), ())
