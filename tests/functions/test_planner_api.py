"""The Planner over HTTP: to everyone his own lessons and nobody else's, always with a reason when there are none."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.domain.planner.subjects import Subject
from shared.flows.keep_subjects import keep_subjects, read_subjects
from shared.flows.privacy import erase
from shared.flows.schools import link_path
from shared.flows.week_part import part_of
from shared.ports import Write
from tests.counting_store import CountingStore
from tests.functions.desk import Desk, codes, lessons, pupils, three_lessons
from tests.lessons_at_school import Lessons


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with three_lessons(tmp_path / "data") as there:
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


# ---------------------------------------------------------------- whose lessons


@pytest.mark.parametrize("parts", [False, True], ids=["whole snapshot", "parts"])
def test_everyone_sees_his_own_lessons_and_nobody_elses(school: Lessons, desk: Desk, parts: bool) -> None:
    if parts:
        school.untis.fail("forbidden_whole", "timetable")
    for _ in range(2):  # the second time out of what the instance remembers
        for nth, pupil in enumerate(pupils(school)):
            assert lessons(desk.of(pupil)) == {f"{100 + nth}"}
        assert lessons(desk.of(school.person(Role.TEACHER, 0))) == {"100", "101"}
        assert lessons(desk.of(school.person(Role.TEACHER, 1))) == {"102"}
        assert lessons(desk.admin()) == {"100", "101", "102"}


def test_a_tag_of_one_user_is_no_answer_to_another(school: Lessons, desk: Desk) -> None:
    first, second, _ = pupils(school)
    tag = desk.of(first).headers["ETag"]
    assert desk.of(first, **{"If-None-Match": tag}).status_code == 304
    for other in (
        desk.of(second, **{"If-None-Match": tag}),
        desk.of(first, language="en", **{"If-None-Match": tag}),
        desk.of(first, "/timetable?subject=wi", **{"If-None-Match": tag}),
        desk.of(first, "/timetable?week=2026-W49", **{"If-None-Match": tag}),
        desk.admin(**{"If-None-Match": tag}),
    ):
        assert other.status_code == 200
        assert other.headers["ETag"] != tag


def test_a_linked_key_of_the_other_role_shows_that_roles_lessons_alone(school: Lessons, desk: Desk) -> None:
    """A teacher and a student may have the same ID-nummer."""
    pupil, teacher = school.person(Role.STUDENT, 0), school.person(Role.TEACHER, 0)
    document = school.app.store.get(link_path(school.id, school.user(teacher)))
    assert document
    school.app.store.commit([Write(document.path, document.data | {"key": pupil.key})])
    assert lessons(desk.of(teacher)) == set()
    assert codes(desk.of(teacher)) == ["week.no_own_lessons"]
    assert lessons(desk.of(pupil)) == {"100"}


def test_somebody_linked_to_another_person_sees_that_persons_lessons_from_then_on(school: Lessons, desk: Desk) -> None:
    first, second, _ = pupils(school)
    answer = desk.of(first)
    document = school.app.store.get(link_path(school.id, school.user(first)))
    assert document
    school.app.store.commit([Write(document.path, document.data | {"key": second.key})])
    after = desk.of(first, **{"If-None-Match": answer.headers["ETag"]})
    assert after.status_code == 200
    assert lessons(after) == {"101"}


@pytest.mark.parametrize("state", ["excluded", "suspended", "conflict", "not_found", None])
def test_who_is_not_linked_any_more_sees_nothing_and_reads_why(school: Lessons, desk: Desk, state: str | None) -> None:
    pupil = pupils(school)[0]
    tag = desk.of(pupil).headers["ETag"]
    path = link_path(school.id, school.user(pupil))
    document = school.app.store.get(path)
    assert document
    school.app.store.commit([Write(path, document.data | {"state": state} if state else None)])
    answer = desk.of(pupil, **{"If-None-Match": tag})
    assert lessons(answer) == set()
    assert codes(answer) == ["timetable.not_linked"]


def test_a_token_of_another_school_opens_nothing(school: Lessons, desk: Desk) -> None:
    assert desk.ask("u-beheerder", "/timetable", role="admin", school="elders").status_code in (403, 404)


def test_who_is_linked_after_his_part_was_read_is_not_told_that_he_has_no_lessons(school: Lessons, desk: Desk) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    first = pupils(school)[0]
    document = school.app.store.get(link_path(school.id, school.user(first)))
    assert document
    assert lessons(desk.of(first)) == {"100"}
    part = part_of(Role.STUDENT, first.key, alone=False)
    stranger = next(key for n in range(9999) if part_of(Role.STUDENT, key := f"K{n}", alone=False) == part)
    school.app.store.commit([Write(document.path, document.data | {"key": stranger})])
    answer = desk.of(first)
    assert codes(answer) == ["week.not_told"]
    assert answer.get_json()["weeks"][0]["updatedAt"] is None
    school.local.queue.drain(10)
    assert [body["part"] for body in school.orders] == [part.id]


# ---------------------------------------------------------------- what it costs


def test_a_warm_week_reads_a_few_small_documents_and_an_unchanged_one_opens_no_snapshot(school: Lessons) -> None:
    pupil = pupils(school)[0]
    store = CountingStore(school.app.store)
    desk = Desk(school, replace(school.app, store=store))
    tag = desk.of(pupil).headers["ETag"]
    store.read = store.written = 0
    assert desk.of(pupil, "/timetable?week=2026-W48").status_code == 200
    assert (store.read, store.written) == (4, 0)  # the school, the link, the subjects, the head of the week
    store.read = 0
    assert desk.of(pupil, **{"If-None-Match": tag}).status_code == 304
    assert (store.read, store.written) == (5, 0)  # "this week" asks the school for its zone once more


# ---------------------------------------------------------------- what it shows


def test_a_colour_changes_at_once_and_webuntis_is_not_asked(school: Lessons, desk: Desk) -> None:
    pupil = pupils(school)[0]
    tag = desk.of(pupil).headers["ETag"]
    before = school.asked()
    for colour in ("#112233", "#EEDD00"):
        seen = read_subjects(school.app, school.id).version
        keep_subjects(school.app, school.id, [Subject("s", "Wiskunde", colour, ("WI",))], seen=seen, by="u")
        answer = desk.of(pupil, **{"If-None-Match": tag})
        assert answer.get_json()["weeks"][0]["lessons"][0]["colour"] == colour
        tag = answer.headers["ETag"]
    assert school.asked() == before


def test_a_moved_lesson_shows_its_other_place_also_on_another_day_and_through_a_filter(
    school: Lessons, desk: Desk
) -> None:
    pupil = pupils(school)[0]
    old = school.timetable.get(100)
    new = school.timetable.move(100, old.start + timedelta(days=2))
    for path in ("/timetable", "/timetable?from=2026-11-23&to=2026-11-23"):
        shown = {one["id"]: one for one in desk.of(pupil, path).get_json()["weeks"][0]["lessons"]}
        assert shown["100"]["moved"]["lesson"] == str(new)
        assert shown["100"]["moved"]["start"] == "2026-11-25T08:30:00+01:00"


def test_a_substituted_teacher_sees_that_it_was_taken_over(school: Lessons, desk: Desk) -> None:
    one, other = school.person(Role.TEACHER, 0), school.person(Role.TEACHER, 1)
    school.timetable.substitute(100, int(other.id))
    mine = {each["id"]: each for each in desk.of(one).get_json()["weeks"][0]["lessons"]}
    his = {each["id"]: each for each in desk.of(other).get_json()["weeks"][0]["lessons"]}
    assert (mine["100"]["takenOver"], his["100"]["takenOver"]) == (True, False)


def test_this_week_is_another_one_next_week_for_who_sees_nothing_too(school: Lessons, desk: Desk) -> None:
    school.settings(enabled=False)
    first = desk.admin()
    school.clock.pass_(days=7)
    second = desk.admin(**{"If-None-Match": first.headers["ETag"]})
    assert [answer.get_json()["weeks"][0]["week"] for answer in (first, second)] == ["2026-W48", "2026-W49"]


def test_no_students_name_or_number_is_in_a_planner(school: Lessons, desk: Desk) -> None:
    text = json.dumps(desk.admin().get_json())
    for pupil in pupils(school):
        assert pupil.key not in text.split('"')
        assert pupil.last_name not in text


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("?week=2026-W54", "week.unknown"),
        ("?week=morgen", "week.unknown"),
        ("?from=2026-11-30&to=2026-11-23", "week.backwards"),
        ("?from=2026-09-01&to=2026-12-01", "week.too_many"),
        ("?week=2019-W10", "week.too_far"),
        ("?week=2026-W48&from=2026-11-23", "request.query_invalid"),
        ("?since=gisteren", "request.query_invalid"),
    ],
)
def test_what_is_no_week_is_refused_with_its_reason(desk: Desk, path: str, code: str) -> None:
    answer = desk.admin(f"/timetable{path}")
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, code)


def test_an_erased_person_sees_nothing_from_then_on(school: Lessons, desk: Desk) -> None:
    pupil = pupils(school)[0]
    tag = desk.of(pupil).headers["ETag"]
    erase(school.app, school.id, school.user(pupil), actor="u-beheerder")
    answer = desk.of(pupil, **{"If-None-Match": tag})
    assert lessons(answer) == set()
    assert codes(answer) == ["timetable.not_linked"]


def test_what_an_instance_remembers_of_one_is_never_told_to_another(school: Lessons) -> None:
    """As deployed, where an instance remembers documents for two seconds."""
    rules = replace(school.app.rules, freshness=replace(school.app.rules.freshness, remembered=timedelta(seconds=60)))
    desk = Desk(school, replace(school.app, rules=rules))
    for _ in range(2):
        for nth, pupil in enumerate(pupils(school)):
            assert lessons(desk.of(pupil)) == {f"{100 + nth}"}
        assert lessons(desk.of(school.person(Role.TEACHER))) == {"100", "101"}
        assert lessons(desk.admin()) == {"100", "101", "102"}
        assert codes(desk.ask("vreemde", "/timetable")) == ["timetable.not_linked"]
