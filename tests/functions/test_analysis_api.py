"""Analyseer over HTTP: hours of what the caller may see, per week and together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.domain.people import Role
from tests.functions.desk import Desk, codes, pupils
from tests.lessons_at_school import Lessons, lessons_at_school

PATH = "/timetable/analysis"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        teachers = [there.person(Role.TEACHER, nth) for nth in range(2)]
        for nth, start in enumerate(("08:30", "09:20", "10:30")):
            there.give(100 + nth, start, teacher=teachers[nth // 2], students=[there.person(Role.STUDENT, nth)])
        there.give(103, day=7, teacher=teachers[0], students=[there.person(Role.STUDENT)])
        there.timetable.cancel(101)
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    return Desk(school)


def test_the_admin_sees_what_fell_out(desk: Desk) -> None:
    total = desk.admin(PATH).get_json()["period"]["total"]
    assert (total["planned"], total["given"], total["cancelled"]) == (150, 100, 50)
    assert total["cancelledShare"] == pytest.approx(1 / 3, abs=1e-3)


def test_the_weeks_add_up_to_the_period(desk: Desk) -> None:
    told = desk.admin(f"{PATH}?from=2026-11-23&to=2026-12-04").get_json()
    assert [week["total"]["given"] for week in told["weeks"]] == [100, 50]
    assert told["period"]["total"]["given"] == 150


def test_everybody_else_sees_the_hours_of_his_own_lessons(school: Lessons, desk: Desk) -> None:
    assert desk.of(pupils(school)[0], PATH).get_json()["period"]["total"]["planned"] == 50
    assert desk.of(school.person(Role.TEACHER), PATH).get_json()["period"]["total"]["planned"] == 100
    first = desk.of(pupils(school)[0], PATH)
    other = desk.of(pupils(school)[1], PATH, **{"If-None-Match": first.headers["ETag"]})
    assert other.get_json()["period"]["total"]["cancelled"] == 50


def test_a_lesson_that_was_taken_over_is_a_free_hour_and_not_given_for_the_one_and_unplanned_for_the_other(
    school: Lessons, desk: Desk
) -> None:
    his, substitute = (school.person(Role.TEACHER, nth) for nth in range(2))
    for id, start in ((101, "09:20"), (102, "10:30")):
        school.give(id, start, teacher=his)
    school.timetable.substitute(101, int(substitute.id))
    told, other = (desk.of(each, PATH).get_json() for each in (his, substitute))
    assert [told["period"]["total"][each] for each in ("planned", "given", "cancelled")] == [150, 100, 0]
    assert told["weeks"][0]["total"] == told["period"]["total"]
    assert told["free"] == [{"name": "", "days": [{"day": "2026-11-23", "hours": 1, "minutes": 50}]}]
    assert [other["period"]["total"][each] for each in ("planned", "given", "cancelled")] == [0, 50, 0]
    assert other["free"] == [{"name": "", "days": []}]
    totals = [desk.of(each, f"{PATH}.csv").data.decode().splitlines()[-1] for each in (his, substitute)]
    assert [each.split(";")[1:7] for each in totals] == [
        ["Totaal", "", "3", "2", "0", "1"],
        ["Totaal", "", "0", "1", "0", "1"],
    ]


def test_the_table_opens_in_dutch_excel(desk: Desk) -> None:
    answer = desk.admin(f"{PATH}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "Uren vervallen" in answer.data.decode("utf-8-sig").splitlines()[0]


def test_what_cannot_be_read_says_why(school: Lessons, desk: Desk) -> None:
    school.untis.fail("error", "timetable", status=503)
    answer = desk.admin(PATH)
    assert answer.get_json()["period"]["total"]["planned"] == 0
    assert codes(answer)[0].startswith("http.")
    assert desk.admin(f"{PATH}.csv").status_code == 503


def test_a_term_is_the_most_that_can_be_asked(desk: Desk) -> None:
    answer = desk.admin(f"{PATH}?from=2026-08-17&to=2027-07-01")
    assert answer.get_json(force=True)["code"] == "week.too_many"
