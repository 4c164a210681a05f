"""Laws and cases of Profijt's own grades: texts become numbers and moments or nothing, and no row loses another."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.coursework import Mark, Work
from shared.domain.profijt_grades import DAY_BEGINS, DAY_ENDS, GradeRow, judge, moment, number, written

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SCALE = Work("so", "SO", maximum=10.0, minimum=1.0)
POINTS = Work("po", "PO", maximum=100.0, minimum=0.0)
READING = Work("lezen", "Lezen")
WORKS = {work.id: work for work in (SCALE, POINTS, READING)}


@pytest.mark.parametrize(
    ("text", "value"),
    [("7,5", 7.5), ("7.5", 7.5), ("10", 10.0), ("-0", 0.0), ("-1", -1.0), ("007", 7.0)]
    + [(text, None) for text in ("", "V", "7,5,5", "1.234,5", "1e3", "NaN", "inf", "7 5", "+7", ",5", "٧", "9" * 400)],
)
def test_a_number_is_written_with_a_comma_or_a_point_and_nothing_else(text: str, value: float | None) -> None:
    found = number(text)
    assert found == value
    assert found is None or not str(found).startswith("-0.0")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-20", "2026-11-20T23:59:00+01:00"),
        ("20-11-2026", "2026-11-20T23:59:00+01:00"),
        ("1-7-2026 8:30", "2026-07-01T08:30:00+02:00"),
        ("2026-07-01T08:30", "2026-07-01T08:30:00+02:00"),
        ("2026-07-01T08:30:00+02:00", "2026-07-01T08:30:00+02:00"),  # as a course is told
        ("2026-07-01T08:30Z", "2026-07-01T08:30:00+00:00"),
        ("29-02-2028", "2028-02-29T23:59:00+01:00"),
    ],
)
def test_a_moment_is_at_school_unless_it_says_otherwise(text: str, told: str) -> None:
    found = moment(text, AMSTERDAM, day=DAY_ENDS)
    assert found
    assert found.isoformat() == told


def test_a_day_alone_begins_at_midnight_where_that_is_meant() -> None:
    assert moment("20-11-2026", AMSTERDAM, day=DAY_BEGINS) == datetime(2026, 11, 20, tzinfo=AMSTERDAM)
    assert moment("", AMSTERDAM, day=DAY_BEGINS) is None


@pytest.mark.parametrize(
    "text",
    [
        *("morgen", "29-02-2026", "20-11-26", "2026-11-20T25:00", "0001-01-01", "9999-12-31"),
        *("20261120", "2026-W47-5", "2026-11-20T08", "20261120T0830", "2026-11-20x08:30", "2026-11-20T08:30+0100"),
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text, AMSTERDAM, day=DAY_ENDS)


def test_a_work_that_is_not_graded_has_no_grades() -> None:
    judged = judge([GradeRow(1, "lezen", "u1", "7")], WORKS, {"u1"})
    assert [each.fault.code for each in judged.refused] == ["grade.work_unknown"]


def test_a_grade_is_written_as_a_school_writes_it() -> None:
    assert [written(value) for value in (7.5, 10.0, 0.0, 66.25)] == ["7,5", "10", "0", "66,25"]


ROW = st.builds(
    GradeRow,
    row=st.just(0),
    work=st.sampled_from(["so", "po", "lezen", "weg"]),
    student=st.sampled_from(["u1", "u2", "u9"]),
    score=st.sampled_from(["", "7,5", "0", "11", "110", "-1", "V", "NaN", "vrijgesteld"]) | st.text(max_size=4),
    mark=st.sampled_from(["", "", "", "Ontbreekt", "ziek"]),
)
ROWS = st.lists(ROW, max_size=12).map(
    lambda rows: [GradeRow(n, r.work, r.student, r.score, r.mark) for n, r in enumerate(rows, start=1)]
)


@settings(deadline=None)
@given(ROWS)
def test_every_row_is_a_grade_or_empty_or_refused_and_every_grade_is_possible(rows):
    judged = judge(rows, WORKS, {"u1", "u2"})
    refused = {each.row for each in judged.refused}
    assert len(refused) == len(judged.refused)
    empty = {row.row for row in rows if not (row.score or row.mark)}
    assert len(judged.grades) == len({row.row for row in rows} - refused - empty)
    assert len({(grade.work, grade.student) for grade in judged.grades}) == len(judged.grades)
    for grade in judged.grades:
        work = WORKS[grade.work]
        assert (grade.score is None) == (grade.mark is not Mark.GRADED)
        if grade.score is not None:
            assert grade.score >= work.minimum
            assert work.minimum == 0 or grade.score <= work.maximum


@settings(deadline=None)
@given(ROWS, st.integers(0, 12))
def test_a_bad_row_loses_no_other(rows, place):
    bad = GradeRow(99, "weg", "u1", "V")
    judged = judge([*rows[:place], bad, *rows[place:]], WORKS, {"u1", "u2"})
    assert set(judged.grades) == set(judge(rows, WORKS, {"u1", "u2"}).grades)
