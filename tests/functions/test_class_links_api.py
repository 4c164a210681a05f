"""Linking a class over HTTP: own on both sides, who is whom, what a teacher says by hand, and what stays afterwards."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from functions.local_server import web
from shared.flows.class_links import read_link
from tests.class_world import INGRID, KEES, SCHOOL, STUDENTS, WORK, ClassWorld, class_world
from tests.functions.answers import code, good

COURSE = "profijt:3a-wi"
LINK = f"/class-links/{COURSE}"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ClassWorld]:
    """Ingrid has a course of her own."""
    with class_world(tmp_path) as world:
        assert world.ask(INGRID, "PUT", "/coursework/3a-wi", json=_course()).status_code == 200
        yield world


def _course(**changes: Any) -> dict[str, Any]:
    return {"name": "Wiskunde 3A", "students": ["u1", "u2", "u3"], "works": [WORK]} | changes


def who(told: dict[str, Any]) -> dict[str, str]:
    """Per student: the SIS student and the rule, or the cause."""
    return {
        each["student"]["id"]: f"{each['sisStudent']['id']} {each['rule']}" if each["sisStudent"] else each["code"]
        for each in told["pairs"]
    }


def share(school: ClassWorld) -> None:
    """Kees teaches the course and its class as well."""
    etag = school.ask(INGRID, "GET", "/coursework/3a-wi").headers["ETag"]
    body = _course(teachers=[INGRID, KEES])
    assert school.ask(INGRID, "PUT", "/coursework/3a-wi", json=body, headers={"If-Match": etag}).status_code == 200
    school.local.sis.school.teaches["3a-wi"].add("t-bakker")


# ------------------------------------------------------------ what there is to link


def test_a_teacher_sees_own_courses_and_what_they_are_linked_to(school: ClassWorld) -> None:
    [course] = good(school.ask(INGRID, "GET", "/classes"))["items"]
    assert (course["id"], course["source"], course["link"]) == (COURSE, "profijt", None)
    school.link()
    [course] = good(school.ask(INGRID, "GET", "/classes"))["items"]
    assert (course["link"]["sisClass"], course["link"]["yours"], course["link"]["current"]) == ("3a-wi", True, True)
    assert good(school.ask(KEES, "GET", "/classes"))["items"] == []


def test_classes_at_the_sis_come_with_the_likeliest_first_and_with_who_has_them(school: ClassWorld) -> None:
    plain = good(school.ask(INGRID, "GET", "/sis/classes"))
    assert [(each["id"], each["paired"]) for each in plain["items"]] == [("3a-wi", None), ("3b/wi é", None)]
    school.ask(INGRID, "PUT", "/coursework/3b", json=_course(students=["u4"]))
    found = good(school.ask(INGRID, "GET", "/sis/classes?course=profijt:3b"))
    assert [(each["id"], each["paired"]) for each in found["items"]] == [("3b/wi é", 1), ("3a-wi", 0)]
    assert found["students"] == 1
    school.link()
    taken = good(school.ask(INGRID, "GET", "/sis/classes?course=profijt:3a-wi"))["items"][0]
    assert (taken["id"], taken["paired"], taken["takenBy"], taken["linkedBy"]) == ("3a-wi", 2, COURSE, INGRID)


def test_courses_of_classroom_stand_among_them_and_can_be_linked(school: ClassWorld) -> None:
    google = school.local.classroom.school
    google.add_person("i.devries@baken.example", "Ingrid", "de Vries")
    course = f"classroom:{google.add_course('Algebra', teachers=['i.devries@baken.example'])}"
    google.enroll(course.partition(":")[2], "u1@baken.example", "Yusuf", "Yılmaz")
    school.consent(INGRID, "i.devries@baken.example")
    items = good(school.ask(INGRID, "GET", "/classes"))["items"]
    assert [(each["id"], each["source"]) for each in items] == [(course, "classroom"), (COURSE, "profijt")]
    told = good(school.link(course=course))
    assert list(who(told).values()) == ["s1 email"]


def test_when_classroom_fails_profijts_courses_are_listed_with_a_notice(school: ClassWorld) -> None:
    school.local.classroom.school.add_person("i.devries@baken.example", "Ingrid", "de Vries")
    school.consent(INGRID, "i.devries@baken.example")
    school.local.classroom.fail("api_disabled", path="/v1/courses")
    told = good(school.ask(INGRID, "GET", "/classes"))
    assert [each["id"] for each in told["items"]] == [COURSE]
    [notice] = told["notices"]
    assert notice["code"] == "classroom.api_off"
    assert notice["remedy"]


def test_a_teacher_who_did_not_let_us_into_classroom_yet_is_told_how(school: ClassWorld) -> None:
    [notice] = good(school.ask(INGRID, "GET", "/classes"))["notices"]
    assert (notice["code"], "Koppelen met Google" in notice["remedy"]) == ("classroom.no_consent", True)
    school.local.classroom.school.add_person("i.devries@baken.example", "Ingrid", "de Vries")
    school.consent(INGRID, "i.devries@baken.example")
    assert good(school.ask(INGRID, "GET", "/classes"))["notices"] == []


def test_where_classroom_is_not_offered_nobody_is_told_of_it(school: ClassWorld) -> None:
    school.client = Client(web(replace(school.app, consent=None)))
    assert good(school.ask(INGRID, "GET", "/classes"))["notices"] == []


# ------------------------------------------------------------ linking


def test_a_link_shows_who_is_paired_by_what_and_who_is_not_and_why(school: ClassWorld) -> None:
    told = good(school.link())
    assert who(told) == {"u1": "s1 email", "u2": "s2 names", "u3": "pair.not_found"}
    assert told["paired"] == 2
    assert [each["name"] for each in told["unpaired"]] == ["Puck Mol"]
    missing = told["pairs"][2]
    assert (missing["student"]["name"], missing["state"]) == ("Noor de Wit", "not_found")
    assert missing["remedy"]
    assert good(school.ask(INGRID, "GET", LINK)) == told


def test_linking_twice_is_linking_once(school: ClassWorld) -> None:
    assert good(school.link()) == good(school.link())
    [link] = good(school.ask(INGRID, "GET", "/class-links"))["items"]
    assert (link["course"], link["teachers"]) == (COURSE, [INGRID])


@pytest.mark.parametrize(
    ("course", "sis_class", "why"),
    [
        ("profijt:3a-wi", "2c-ne", "class_link.not_yours"),
        ("profijt:3a-wi", "weg", "class_link.not_yours"),
        ("profijt:weg", "3a-wi", "course.unknown"),
        ("elders:1", "3a-wi", "course.unknown"),
    ],
)
def test_only_own_courses_are_linked_to_only_own_classes(
    school: ClassWorld, course: str, sis_class: str, why: str
) -> None:
    assert code(school.link(course=course, to=sis_class), 404) == why


def test_a_course_of_classroom_says_that_profijt_may_not_read_it_yet(school: ClassWorld) -> None:
    assert code(school.link(course="classroom:1"), 403) == "classroom.no_consent"


def test_another_teacher_has_no_part_in_it(school: ClassWorld) -> None:
    school.link()
    assert code(school.link(KEES), 404) == "course.unknown"
    for path in ("", "/students", "/marks"):
        answer = school.ask(KEES, "PUT" if path else "GET", LINK + path, json={path[1:]: []} if path else None)
        assert code(answer, 404) == "course.unknown"
    assert code(school.ask(KEES, "DELETE", LINK), 404) == "class_link.unknown"
    assert good(school.ask(KEES, "GET", "/class-links"))["items"] == []


def test_asking_for_a_class_of_somebody_else_is_remarked_without_telling_which(
    school: ClassWorld, caplog: pytest.LogCaptureFixture
) -> None:
    share(school)
    school.link()
    school.local.sis.school.teaches["3a-wi"].discard("t-bakker")
    assert school.ask(INGRID, "PUT", "/coursework/besloten", json=_course()).status_code == 200
    asked = [
        ("GET", LINK, {}, "class_link.not_yours"),
        ("PUT", LINK, {"json": {"sisClass": "3a-wi"}}, "class_link.not_yours"),
        ("DELETE", LINK, {}, "class_link.unknown"),
        ("GET", "/coursework/besloten", {}, "course.unknown"),
        ("PUT", "/class-links/profijt:besloten", {"json": {"sisClass": "2c-ne"}}, "course.unknown"),
        ("PUT", "/class-links/Jan de Vries", {"json": {"sisClass": "2c-ne"}}, "course.unknown"),
    ]
    for times, (method, path, more, why) in enumerate(asked, 1):
        assert code(school.ask(KEES, method, path, **more), 404) == why
        remarks = [vars(record)["fields"] for record in caplog.records if record.getMessage() == "foreign class"]
        assert remarks == [{"event": "foreign_class", "audit": True, "user": KEES, "school": SCHOOL}] * times


def test_a_class_of_the_sis_has_one_course_and_who_has_it_is_said_by_id_alone(school: ClassWorld) -> None:
    share(school)
    school.link()
    school.ask(KEES, "PUT", "/coursework/eigen", json=_course())
    refused = school.link(KEES, course="profijt:eigen")
    assert code(refused, 409) == "class_link.class_taken"
    assert "door d1" in refused.get_json()["detail"]
    assert "Vries" not in refused.text


def test_a_course_has_one_class_and_a_colleague_does_not_move_it(school: ClassWorld) -> None:
    share(school)
    school.local.sis.school.teaches["2c-ne"].add("t-vries")
    school.link()
    refused = school.link(KEES, to="2c-ne")
    assert code(refused, 409) == "class_link.course_taken"
    assert "door d1" in refused.get_json()["detail"]


def test_a_colleague_on_both_sides_uses_the_same_link(school: ClassWorld) -> None:
    share(school)
    school.link()
    assert who(good(school.ask(KEES, "GET", LINK)))["u1"] == "s1 email"
    link, _ = read_link(school.app, SCHOOL, COURSE)
    assert link.teachers == ((INGRID, "t-vries"), (KEES, "t-bakker"))
    assert school.ask(KEES, "DELETE", LINK).status_code == 200


def test_a_colleague_at_one_side_only_does_not(school: ClassWorld) -> None:
    share(school)
    school.local.sis.school.teaches["3a-wi"].discard("t-bakker")
    school.link()
    assert code(school.ask(KEES, "GET", LINK), 404) == "class_link.not_yours"
    assert code(school.link(KEES), 404) == "class_link.not_yours"


def test_whoever_no_longer_teaches_the_class_sees_nobody_in_it(school: ClassWorld) -> None:
    school.link()
    school.local.sis.school.teaches["3a-wi"].discard("t-vries")
    assert code(school.ask(INGRID, "GET", LINK), 404) == "class_link.not_yours"


def test_whoever_no_longer_teaches_the_class_does_not_unlink_it_for_those_who_do(school: ClassWorld) -> None:
    share(school)
    school.link()
    good(school.ask(KEES, "GET", LINK))
    school.local.sis.school.teaches["3a-wi"].discard("t-bakker")
    assert code(school.ask(KEES, "DELETE", LINK), 404) == "class_link.not_yours"
    assert school.ask(INGRID, "DELETE", LINK).status_code == 200


def test_without_a_sis_to_ask_only_who_linked_a_class_unlinks_it(school: ClassWorld) -> None:
    share(school)
    school.link()
    good(school.ask(KEES, "GET", LINK))
    school.local.sis.fail("hang_up")
    assert code(school.ask(KEES, "DELETE", LINK), 404) == "class_link.not_yours"
    assert school.ask(INGRID, "DELETE", LINK).status_code == 200


def test_moving_needs_to_have_seen_it_and_says_what_stays(school: ClassWorld) -> None:
    etag = school.link().headers["ETag"]
    school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(u3="s9"), headers={"If-Match": etag})
    marked = school.ask(INGRID, "PUT", f"{LINK}/marks", json=marks("u1"), headers={"If-Match": "*"})
    assert code(school.link(to="3b/wi é"), 428) == "request.match_required"
    assert code(school.link(to="3b/wi é", seen=etag), 412) == "request.stale"
    told = good(school.link(to="3b/wi é", seen=marked.headers["ETag"]))
    assert "Wiskunde 3A" in told["text"]
    assert (told["link"]["sisClass"], told["byHand"], len(told["marks"])) == ("3b/wi é", [], 1)
    assert who(told) == {"u1": "pair.not_found", "u2": "s2 names", "u3": "pair.not_found"}
    school.ask(INGRID, "PUT", "/coursework/andere", json=_course())
    assert school.link(course="profijt:andere").status_code == 200  # the first class is free again


def test_the_tag_of_a_link_changes_with_the_roster_and_may_still_be_used_to_change_the_link(
    school: ClassWorld,
) -> None:
    etag = school.link().headers["ETag"]
    school.local.sis.school.attends["3a-wi"].discard("s2")
    seen = school.ask(INGRID, "GET", LINK, headers={"If-None-Match": etag})
    assert seen.status_code == 200
    answer = school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(u3="s9"), headers={"If-Match": etag})
    assert answer.status_code == 200


# ------------------------------------------------------------ by hand, and marks


def by_hand(**chosen: str) -> dict[str, Any]:
    return {"students": [{"student": who, "sisStudent": whom} for who, whom in chosen.items()]}


def marks(*students: str, work: str = "so-1") -> dict[str, Any]:
    return {"marks": [{"work": work, "student": each, "mark": "vrijgesteld"} for each in students]}


def test_a_teacher_pairs_by_hand_or_says_never(school: ClassWorld) -> None:
    etag = school.link().headers["ETag"]
    chosen = by_hand(u3="s9", u2="")
    told = school.ask(INGRID, "PUT", f"{LINK}/students", json=chosen, headers={"If-Match": etag})
    assert who(good(told)) == {"u1": "s1 email", "u2": "pair.never", "u3": "s9 by_hand"}
    back = school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(), headers={"If-Match": told.headers["ETag"]})
    assert who(good(back))["u2"] == "s2 names"


def test_what_a_teacher_said_of_who_left_may_stay(school: ClassWorld) -> None:
    school.link()
    school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(u3="s9"), headers={"If-Match": "*"})
    school.local.sis.school.attends["3a-wi"].discard("s9")
    told = school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(u3="s9", u2=""), headers={"If-Match": "*"})
    assert who(good(told))["u3"] == "pair.chosen_gone"


@pytest.mark.parametrize(
    ("path", "body", "places"),
    [
        ("/students", by_hand(u4="s9"), ["/students/0/student"]),
        ("/students", by_hand(u3="s4"), ["/students/0/sisStudent"]),
        ("/students", by_hand(u2="s9", u3="s9"), ["/students/0/sisStudent", "/students/1/sisStudent"]),
        ("/marks", marks("u1", work="weg"), ["/marks/0/work"]),
        ("/marks", marks("u4"), ["/marks/0/student"]),
        ("/marks", marks("u1", "u1"), ["/marks/0/student", "/marks/1/student"]),
    ],
)
def test_only_who_and_what_is_there_can_be_named(school: ClassWorld, path: str, body: Any, places: list[str]) -> None:
    school.link()
    answer = school.ask(INGRID, "PUT", LINK + path, json=body, headers={"If-Match": "*"})
    assert code(answer, 422) == "class_link.invalid"
    assert [each["pointer"] for each in answer.get_json()["errors"]] == places
    assert good(school.ask(INGRID, "GET", LINK))["byHand"] == []


def test_marks_are_kept_as_they_are_said_and_a_colleague_who_did_not_see_them_does_not_undo_them(
    school: ClassWorld,
) -> None:
    etag = school.link().headers["ETag"]
    told = school.ask(INGRID, "PUT", f"{LINK}/marks", json=marks("u1"), headers={"If-Match": etag})
    assert good(told)["marks"] == [{"work": "so-1", "student": "u1", "mark": "excused"}]
    late = school.ask(INGRID, "PUT", f"{LINK}/marks", json=marks(), headers={"If-Match": etag})
    assert code(late, 412) == "request.stale"
    assert code(school.ask(INGRID, "PUT", f"{LINK}/marks", json=marks()), 428) == "request.match_required"


# ------------------------------------------------------------ unlinking


def test_unlinking_says_what_stays_and_both_are_free_again(school: ClassWorld) -> None:
    school.link()
    told = good(school.ask(INGRID, "DELETE", LINK))
    assert "blijven daar staan" in told["text"]
    assert "Wiskunde 3A" in told["text"]
    assert code(school.ask(INGRID, "DELETE", LINK), 404) == "class_link.unknown"
    assert code(school.ask(INGRID, "GET", LINK), 404) == "class_link.unknown"
    assert school.link().status_code == 200


def test_an_admin_lists_and_removes_links_and_sees_nobody_in_them(school: ClassWorld) -> None:
    school.link()
    listed = school.ask("a1", "GET", "/class-links", role="admin")
    assert [each["link"]["linkedBy"] for each in good(listed)["items"]] == [INGRID]
    assert "Yılmaz" not in listed.text
    for method, path in (("GET", LINK), ("GET", "/classes"), ("GET", "/sis/classes"), ("PUT", LINK)):
        assert code(school.ask("a1", method, path, role="admin", json={"sisClass": "x"}), 403) == "request.not_allowed"
    assert school.ask("a1", "DELETE", LINK, role="admin").status_code == 200


def test_unlinking_does_not_need_the_sis(school: ClassWorld) -> None:
    school.link()
    school.sis_changes(state="disconnected")
    assert school.ask(INGRID, "DELETE", LINK).status_code == 200


# ------------------------------------------------------------ who may, and when


@pytest.mark.parametrize("role", ["student", "support", "service"])
def test_students_and_support_have_nothing_here(school: ClassWorld, role: str) -> None:
    for method, path in (
        ("GET", "/classes"),
        ("GET", "/sis/classes"),
        ("GET", "/class-links"),
        ("GET", LINK),
        ("PUT", LINK),
        ("PUT", f"{LINK}/students"),
        ("PUT", f"{LINK}/marks"),
        ("DELETE", LINK),
    ):
        assert code(school.ask("u1", method, path, role=role), 403) == "request.not_allowed"


def test_another_school_finds_nothing(school: ClassWorld) -> None:
    school.link()
    assert code(school.ask(INGRID, "GET", LINK, school="elders"), 404) == "request.not_found"


@pytest.mark.parametrize(
    ("change", "why"),
    [({"state": "disconnected"}, "sis.not_connected"), ({"teachers_export": False}, "sis.teachers_off")],
)
def test_without_a_sis_or_without_teachers_rights_nothing_is_linked_and_courses_are_still_listed(
    school: ClassWorld, change: dict[str, Any], why: str
) -> None:
    school.link()
    school.sis_changes(**change)
    for method, path, body in (
        ("GET", "/sis/classes", None),
        ("GET", LINK, None),
        ("PUT", LINK, {"sisClass": "3a-wi"}),
        ("PUT", f"{LINK}/students", by_hand()),
        ("PUT", f"{LINK}/marks", marks()),
    ):
        assert code(school.ask(INGRID, method, path, json=body, headers={"If-Match": "*"}), 403) == why
    told = good(school.ask(INGRID, "GET", "/classes"))
    assert [each["id"] for each in told["items"]] == [COURSE]
    assert [each["code"] for each in told["notices"]] == ["classroom.no_consent", why]


def test_a_link_to_another_sis_is_told_and_is_linked_anew(school: ClassWorld) -> None:
    etag = school.link().headers["ETag"]
    school.sis_changes(book="another")
    assert code(school.ask(INGRID, "GET", LINK), 409) == "class_link.other_sis"
    assert good(school.ask(INGRID, "GET", "/classes"))["items"][0]["link"]["current"] is False
    assert good(school.link(seen=etag))["link"]["current"] is True


def test_a_teacher_without_an_address_in_profijt_is_told_so(school: ClassWorld) -> None:
    assert code(school.ask("d3", "GET", "/sis/classes"), 403) == "class_link.no_email"


def test_a_teacher_whom_the_sis_does_not_know_is_told_so(school: ClassWorld) -> None:
    school.local.sis.school.edit("users", "t-vries", email="anders@baken.example")
    assert code(school.ask(INGRID, "GET", "/sis/classes"), 409) == "oneroster.teacher_unknown"


def test_no_name_or_address_is_ever_in_a_log_line(school: ClassWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    school.link()
    school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(u3="s9"), headers={"If-Match": "*"})
    school.ask(INGRID, "PUT", f"{LINK}/students", json=by_hand(u3="weg"), headers={"If-Match": "*"})
    school.ask(KEES, "GET", LINK)
    school.local.sis.fail("html", path="/students")
    school.ask(INGRID, "GET", LINK)
    told = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    words = [part for name in STUDENTS.values() for part in name] + ["baken.example", "Puck"]
    assert [word for word in words if word in told] == []


def test_every_change_of_a_link_is_in_the_audit_without_a_student(school: ClassWorld) -> None:
    seen = {"If-Match": "*"}
    school.link()
    for path, body in (("/students", by_hand(u3="s9")), ("/marks", marks("u1"))):
        school.pass_(seconds=1)
        assert school.ask(INGRID, "PUT", LINK + path, json=body, headers=seen).status_code == 200
    school.pass_(seconds=1)
    school.link(to="3b/wi é", seen="*")
    school.pass_(seconds=1)
    school.ask("a1", "DELETE", LINK, role="admin")
    answer = school.ask("a1", "GET", "/audit", role="admin")
    events = [(each["who"], each["action"]) for each in good(answer)["items"] if each["action"].startswith("class_")]
    assert events[::-1] == [
        (INGRID, "class_link.made"),
        (INGRID, "class_link.students"),
        (INGRID, "class_link.marks"),
        (INGRID, "class_link.moved"),
        ("a1", "class_link.removed"),
    ]
    assert "u1" not in answer.text
    assert all(each["what"] != each["action"] for each in answer.get_json()["items"])
