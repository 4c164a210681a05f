"""«Gewijzigd sinds je laatste bezoek»: what WebUntis says was touched later than that."""

from dataclasses import replace
from datetime import datetime

from shared.domain.timetable import Week


def changed_since(week: Week, since: datetime) -> Week:
    """The same week with only the lessons whose `modified` is after this (aware) moment.

    WebUntis also counts a change of the students. What it deleted is not among them.
    """
    return replace(week, lessons=tuple(each for each in week.lessons if each.modified and each.modified > since))


def tells_changes(week: Week) -> bool:
    """Whether its source says when lessons were modified: if not, an empty list does not mean that nothing changed."""
    return any(each.modified for each in week.lessons)
