"""VTIMEZONE of any IANA zone, with a yearly rule where the clock changes by one, else with the dates themselves.

Written here because icalendar 7.3 puts the start of summer time an hour late (it gives the time after the change, where
RFC 5545, 3.6.5, wants the time before it) and gives dates without a rule, which some clients do not read.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shared.values import dataclass

if TYPE_CHECKING:
    from icalendar import Timezone

FIRST, LAST = 2019, 2036  # years looked at; a rule goes on after them
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the clock goes to, and from."""

    name: str
    summer: bool
    before: timedelta
    after: timedelta


@lru_cache(maxsize=8)
def vtimezone(zone: ZoneInfo) -> "Timezone":
    """Right for every moment from 2020 up to and including 2035. It is shared: not to be changed."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    onsets: dict[_Kind, list[datetime]] = {}
    for kind, onset in _changes(zone):
        onsets.setdefault(kind, []).append(onset)
    whole = Timezone()
    whole.add("tzid", zone.key)
    for kind, times in onsets.items():
        part = TimezoneDaylight() if kind.summer else TimezoneStandard()
        part.add("dtstart", times[0])
        part.add("tzname", kind.name)
        part.add("tzoffsetfrom", kind.before)
        part.add("tzoffsetto", kind.after)
        if rule := _rule(times):
            part.add("rrule", rule)
        elif len(times) > 1:
            part.add("rdate", times[1:])
        whole.add_component(part)
    return whole


def _changes(zone: ZoneInfo) -> Iterator[tuple[_Kind, datetime]]:
    """What the clock is at the beginning, and every change: its kind, and the (old) time on the clock just then."""
    moment = datetime(FIRST, 1, 1, tzinfo=zone).astimezone(UTC)
    old = _offset(moment, zone)
    yield _kind(moment, zone, old), (moment + old).replace(tzinfo=None)
    while moment.year <= LAST:
        later = moment + timedelta(days=1)
        if _offset(later, zone) != old:
            change = _first_after(moment, later, zone)
            yield _kind(change, zone, old), (change + old).replace(tzinfo=None)
            old = _offset(later, zone)
        moment = later


def _first_after(moment: datetime, later: datetime, zone: ZoneInfo) -> datetime:
    """The minute in which the offset becomes that of `later`."""
    low, high = 0, round((later - moment).total_seconds() / 60)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(moment + timedelta(minutes=middle), zone) == _offset(later, zone):
            high = middle
        else:
            low = middle
    return moment + timedelta(minutes=high)


def _kind(moment: datetime, zone: ZoneInfo, before: timedelta) -> _Kind:
    local = moment.astimezone(zone)
    return _Kind(local.tzname() or zone.key, bool(local.dst()), before, _offset(moment, zone))


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _rule(onsets: Sequence[datetime]) -> dict[str, object] | None:
    """Every year at the same time on the same (say: last) Sunday of the same month; None if it is not so."""
    first = onsets[0]
    if [each.year for each in onsets] != list(range(FIRST, LAST + 1)):
        return None
    if len({(each.month, each.weekday(), each.time()) for each in onsets}) > 1:
        return None
    if all(each.day + 7 > monthrange(each.year, each.month)[1] for each in onsets):
        week = -1
    elif len({(each.day - 1) // 7 for each in onsets}) == 1:
        week = (first.day - 1) // 7 + 1
    else:
        return None
    return {"freq": "yearly", "bymonth": first.month, "byday": f"{week}{_DAYS[first.weekday()]}"}
