"""VTIMEZONE gives the offset that the zone really has, at every hour that matters from 2020 to 2035."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from functions.calendar_zone import vtimezone

AMSTERDAM = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:STANDARD
DTSTART:20190101T000000
TZNAME:CET
TZOFFSETFROM:+0100
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20190331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20191027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
ZONES = ("Europe/Amsterdam", "America/Curacao", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")


@lru_cache
def onsets(zone: str) -> list[tuple[datetime, timedelta]]:
    """Every moment (UTC) at which the file says that an offset begins."""
    found: list[tuple[datetime, timedelta]] = []
    for part in vtimezone(ZoneInfo(zone)).subcomponents:
        start, before = part["DTSTART"].dt, part["TZOFFSETFROM"].td
        times = [start]
        if "RRULE" in part:
            rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=start)
            times = rule.between(start, datetime(2037, 1, 1), inc=True)  # noqa: DTZ001
        if "RDATE" in part:
            times += [each.dt for each in part["RDATE"].dts]
        found += [((each - before).replace(tzinfo=UTC), part["TZOFFSETTO"].td) for each in times]
    return sorted(found)


def offset_by_the_file(zone: str, moment: datetime) -> timedelta:
    """Read as RFC 5545 (3.6.5) says: the latest onset before the moment counts, each in the offset before it."""
    return [offset for onset, offset in onsets(zone) if onset <= moment][-1]


def test_that_of_amsterdam_is_the_rule_of_the_european_union() -> None:
    assert vtimezone(ZoneInfo("Europe/Amsterdam")).to_ical().decode().replace("\r\n", "\n") == AMSTERDAM


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_amsterdam_is_right_at_any_moment(moment: datetime) -> None:
    assert offset_by_the_file("Europe/Amsterdam", moment) == moment.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset()


@pytest.mark.parametrize("year", range(2020, 2036))
@pytest.mark.parametrize("month", [3, 10])
def test_amsterdam_is_right_to_the_second_when_the_clock_changes(year: int, month: int) -> None:
    change = datetime(year, month, 31, 1, tzinfo=UTC)
    change -= timedelta(days=change.isoweekday() % 7)
    for moment in (change - timedelta(seconds=1), change):
        real = moment.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset()
        assert offset_by_the_file("Europe/Amsterdam", moment) == real


@pytest.mark.parametrize("zone", ZONES)
def test_other_zones_are_right_too(zone: str) -> None:
    for week in range(16 * 52):
        moment = datetime(2020, 1, 1, 10, tzinfo=UTC) + timedelta(weeks=week)
        assert offset_by_the_file(zone, moment) == moment.astimezone(ZoneInfo(zone)).utcoffset()
