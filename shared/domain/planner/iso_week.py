"""ISO weeks of a school: "2022-W45" is Monday 7 to Sunday 13 November 2022, whatever the zone of the host."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.domain.causes import Language
from shared.domain.timetable import Span
from shared.errors import Invalid

LIMIT = 54  # weeks in one question: a school year, and then some

_NAME = re.compile(r"(20\d\d)-W(\d\d)", re.ASCII)
_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """A week that exists: made by `parse`, `week_with` or `touching`. `year` is the ISO year, that of its Thursday."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """ "2022-W45", as in addresses and snapshots."""
        return f"{self.year:04}-W{self.number:02}"

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return _days(self.year, self.number)

    @property
    def previous(self) -> "IsoWeek":
        """The week before."""
        return week_with(self.days[0] - timedelta(days=7))

    @property
    def next(self) -> "IsoWeek":
        """The week after."""
        return week_with(self.days[0] + timedelta(days=7))

    def span(self, zone: ZoneInfo) -> Span:
        """From this Monday's midnight to the next one's: 167 or 169 hours when the clock changes."""
        return Span(_midnight(self.days[0], zone), _midnight(self.next.days[0], zone))

    def title(self, language: Language) -> str:
        """ "Week 45, november 2022"; across months "Week 44, oktober – november 2022", both years if they differ."""
        first, last = self.days[0], self.days[-1]
        months = _MONTHS[language]
        end = f"{months[last.month - 1]} {last.year}"
        if first.month == last.month:
            return f"Week {self.number}, {end}"
        year = f" {first.year}" if first.year != last.year else ""
        return f"Week {self.number}, {months[first.month - 1]}{year} – {end}"


@lru_cache(256)
def parse(name: str) -> IsoWeek:
    """The week of this name, from 2000 to 2099; Invalid "week.unknown" for anything else, also "2022-W53"."""
    found = _NAME.fullmatch(name)
    if found:
        year, number = int(found[1]), int(found[2])
        if 1 <= number <= date(year, 12, 28).isocalendar().week:  # 28 December is always in the last week
            return IsoWeek(year, number)
    raise Invalid("week.unknown")


def week_with(day: date) -> IsoWeek:
    """The week that this day is in. Of a datetime: its own date, so it has to be in the school's zone."""
    year, number, _ = day.isocalendar()
    return IsoWeek(year, number)


def touching(first: date, last: date) -> tuple[IsoWeek, ...]:
    """Every week with a day from `first` up to and including `last`, in order; Invalid when backwards or over LIMIT."""
    if last < first:
        raise Invalid("week.backwards")
    week = week_with(first)
    found = [week]
    while week.days[-1] < last:
        if len(found) == LIMIT:
            raise Invalid("week.too_many", limit=LIMIT)
        week = week.next
        found.append(week)
    return tuple(found)


@lru_cache(256)  # asked for several times at every question
def _days(year: int, number: int) -> tuple[date, ...]:
    monday = date.fromisocalendar(year, number, 1)
    return tuple(monday + timedelta(days=number) for number in range(7))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
