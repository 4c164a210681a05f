"""ISO weeks: the right seven dates and whole days, for every week from 2020 to 2035, wherever the host thinks it is."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.planner.iso_week import LIMIT, IsoWeek, parse, touching, week_with
from shared.errors import Invalid

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(params=["UTC", "America/New_York", "Europe/Amsterdam", "Pacific/Kiritimati", "Australia/Lord_Howe"])
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def last_sunday(year: int, month: int) -> datetime:
    """One o'clock UTC on it: when clocks in the European Union change (directive 2000/84/EC)."""
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=day.isoweekday() % 7)


def every_week() -> Iterator[IsoWeek]:
    week = parse("2020-W01")
    while week.year <= 2035:
        yield week
        week = week.next


def test_every_week_of_2020_to_2035_has_its_seven_dates_and_no_shifted_hour_on_any_host(host: str) -> None:
    weeks = list(every_week())
    assert len(weeks) == 16 * 52 + 3  # 2020, 2026 and 2032 have a week 53
    for week in weeks:
        dates = [datetime.strptime(f"{week.name}-{day}", "%G-W%V-%u").date() for day in range(1, 8)]  # noqa: DTZ007
        assert list(week.days) == dates
        assert parse(week.name) == week == week.next.previous
        assert {week_with(day) for day in dates} == {week}
        span = week.span(AMSTERDAM)
        assert (span.start.isoformat()[:19], span.end.isoformat()[:19]) == (
            f"{dates[0]}T00:00:00",
            f"{dates[6] + timedelta(days=1)}T00:00:00",
        )
        for day in dates:
            eight = datetime(day.year, day.month, day.day, 8, tzinfo=AMSTERDAM)
            summer = last_sunday(day.year, 3) <= eight.astimezone(UTC) < last_sunday(day.year, 10)
            assert eight.astimezone(UTC).hour == (6 if summer else 7)
            assert span.start <= eight < span.end
            assert week_with(eight.date()) == week


@pytest.mark.parametrize(
    ("name", "hours"), [("2022-W43", 169), ("2023-W12", 167), ("2022-W45", 168), ("2026-W53", 168), ("2027-W01", 168)]
)
def test_a_week_is_as_long_as_it_really_is(name: str, hours: int) -> None:
    span = parse(name).span(AMSTERDAM)
    assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("name", "dutch", "english"),
    [
        ("2022-W45", "Week 45, november 2022", "Week 45, November 2022"),
        ("2022-W44", "Week 44, oktober – november 2022", "Week 44, October – November 2022"),
        ("2026-W53", "Week 53, december 2026 – januari 2027", "Week 53, December 2026 – January 2027"),
        ("2027-W01", "Week 1, januari 2027", "Week 1, January 2027"),
        ("2023-W09", "Week 9, februari – maart 2023", "Week 9, February – March 2023"),
    ],
)
def test_the_title_says_the_week_and_its_months(name: str, dutch: str, english: str) -> None:
    assert (parse(name).title("nl"), parse(name).title("en")) == (dutch, english)


@pytest.mark.parametrize(
    "name",
    ["2022-W54", "2022-W53", "2022-W00", "2022-45", "2022-W5", "1999-W01", "2100-W01", "", "2022-W45 ", "２０２２-W45",
     "2022-w45", "2022-W45\n"],
)  # fmt: skip
def test_a_week_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(name)
    assert refused.value.code == "week.unknown"


@given(st.text())
def test_no_text_makes_anything_but_a_week_or_a_refusal(name: str) -> None:
    try:
        made = parse(name).name
    except Invalid as refused:
        made = refused.code
    assert made in (name, "week.unknown")


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 360))
def test_a_range_touches_exactly_the_weeks_of_its_days(first: date, days: int) -> None:
    found = touching(first, first + timedelta(days=days))
    assert list(found) == sorted({week_with(first + timedelta(days=each)) for each in range(days + 1)})


def test_a_range_of_400_days_is_refused_and_a_school_year_is_not() -> None:
    assert len(touching(date(2026, 8, 1), date(2027, 7, 31))) <= LIMIT
    with pytest.raises(Invalid) as refused:
        touching(date(2026, 1, 1), date(2027, 2, 5))
    assert (refused.value.code, refused.value.facts) == ("week.too_many", {"limit": LIMIT})


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        touching(date(2022, 11, 7), date(2022, 11, 6))
    assert refused.value.code == "week.backwards"
