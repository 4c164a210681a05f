"""The Planner over HTTP, page by page: every lesson once, each page with a tag of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.people import Role
from shared.flows.refresh_week import refresh_week
from tests.functions.desk import Desk, lessons
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    """Three days of three hours, each with four lessons at once."""
    with lessons_at_school(tmp_path / "data") as there:
        for nth in range(36):
            start = ("08:30", "09:20", "10:30")[nth // 4 % 3]
            there.give(100 + nth, start, day=nth // 12, teacher=there.person(Role.TEACHER, nth % 2))
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


def walk(desk: Desk, path: str) -> list[dict[str, object]]:
    """Every page, from the first on."""
    pages, cursor = [], ""
    while cursor is not None:
        pages.append(desk.admin(f"{path}&cursor={cursor}").get_json())
        cursor = pages[-1]["nextPage"]
    return pages


def test_the_pages_of_a_week_are_the_week(desk: Desk) -> None:
    whole = desk.admin("/timetable?gap=-1").get_json()
    assert whole["nextPage"] is None
    pages = walk(desk, "/timetable?gap=-1&limit=10")
    assert [len(each["weeks"][0]["lessons"]) for each in pages] == [10, 10, 10, 6]
    assert [lesson for each in pages for lesson in each["weeks"][0]["lessons"]] == whole["weeks"][0]["lessons"]
    for each in pages:
        for around in ("axis", "hours", "previous", "next", "notices"):
            assert each[around] == whole[around]
    assert pages[0]["filters"] == whole["filters"]
    assert pages[1]["filters"] == {"teachers": [], "groups": [], "subjects": []}


def test_several_weeks_are_paged_as_one_list(school: Lessons, desk: Desk) -> None:
    school.give(500, day=7, teacher=school.person(Role.TEACHER))
    pages = walk(desk, "/timetable?from=2026-11-25&to=2026-12-06&limit=8")
    found = [[len(week["lessons"]) for week in each["weeks"]] for each in pages]
    assert found == [[8, 0], [4, 1]]


def test_a_page_that_did_not_change_is_not_sent_again_and_has_a_tag_of_its_own(desk: Desk) -> None:
    first = desk.admin("/timetable?limit=10")
    second = desk.admin(f"/timetable?limit=10&cursor={first.get_json()['nextPage']}")
    assert first.headers["ETag"] != second.headers["ETag"]
    again = desk.admin("/timetable?limit=10", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = desk.admin("/timetable?limit=10", **{"If-None-Match": second.headers["ETag"]})
    assert other.status_code == 200


def test_lessons_that_come_in_between_two_pages_neither_repeat_nor_hide_one(school: Lessons, desk: Desk) -> None:
    first = desk.admin("/timetable?limit=10")
    school.give(50, "08:30", teacher=school.person(Role.TEACHER))  # before, where the reader has been
    school.give(900, "10:30", day=2, teacher=school.person(Role.TEACHER))
    school.timetable.cancel(135)
    school.clock.pass_(hours=2)
    refresh_week(school.app, school.id, WEEK, owner="job")
    seen = sorted(lessons(first))
    cursor = first.get_json()["nextPage"]
    while cursor:
        page = desk.admin(f"/timetable?limit=10&cursor={cursor}")
        seen += sorted(lessons(page))
        cursor = page.get_json()["nextPage"]
    assert len(seen) == len(set(seen))
    assert set(seen) == {str(100 + nth) for nth in range(36)} | {"900"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("cursor=morgen", "cursor.unknown"),
        ("limit=-1", "request.query_invalid"),
        ("limit=1001", "request.query_invalid"),
    ],
)
def test_what_is_no_page_is_refused(desk: Desk, path: str, code: str) -> None:
    answer = desk.admin(f"/timetable?{path}")
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (400, code)
