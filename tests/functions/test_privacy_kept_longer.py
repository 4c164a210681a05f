"""GET /people/{user}/data tells of the ledger and of timetable weeks too: what outlives the exports and the logs."""

from datetime import datetime
from pathlib import Path

from shared.domain.people import Role
from shared.domain.rules import Keep
from tests.export_world import CLASS, COURSE
from tests.functions.desk import Desk, three_lessons
from tests.functions.export_desk import export_desk


def test_the_ledger_is_told_without_a_grade_or_a_digest(tmp_path: Path) -> None:
    with export_desk(tmp_path / "data") as desk:
        desk.run()
        [line] = desk.ask("GET", "/u1/data", by="a1", role="admin", at="people").get_json()["ledger"]
    changed, until = (datetime.fromisoformat(line.pop(name)) for name in ("changed", "until"))
    assert until - changed == Keep().coursework
    assert line.pop("sisItem")
    assert line == {
        "sis": desk.sis.prefix,
        "sisClass": CLASS,
        "course": COURSE,
        "work": "w1",
        "sisStudents": ["s1"],
    }


def test_timetable_weeks_are_told_by_name_with_how_many_lessons(tmp_path: Path) -> None:
    with three_lessons(tmp_path / "data") as school:
        desk = Desk(school)
        assert desk.admin().status_code == 200  # there is a snapshot
        him = school.user(school.person(Role.STUDENT))
        assert desk.admin(f"/people/{him}/data").get_json()["weeks"] == [{"week": "2026-W48", "lessons": 1}]
