"""One refresh of the small school's week, and what is kept of it."""

from datetime import datetime

from shared.domain.timetable import Week
from shared.flows.refresh_week import refresh_week
from shared.flows.week_part import WHOLE, Part
from shared.flows.weeks import head_of, head_path, open_week
from tests.lessons_at_school import WEEK, Lessons


def refresh(school: Lessons, part: Part = WHOLE, owner: str = "", **more: datetime) -> str:
    """The outcome, with the code of a failure."""
    done = refresh_week(school.app, school.id, WEEK, part, owner=owner or school.app.new_id(), **more)
    return f"{done.outcome} {done.code}".strip()


def kept(school: Lessons, part: Part = WHOLE) -> Week | None:
    path = head_path(school.id, WEEK, part)
    return open_week(school.app, head_of(path, school.app.store.get(path)))
