"""The hourly job: the present week and the next of every school that is coupled, one message each."""

from shared.domain.planner.iso_week import week_with
from shared.domain.status import is_paused
from shared.flows.read_week import TOPIC, body
from shared.flows.schools import school_of
from shared.flows.week_part import WHOLE
from shared.flows.weeks import in_zone
from shared.ports import App

PAGE = 300


def refresh_all(app: App) -> int:
    """Ask for the weeks of every school that is switched on and not paused; returns how many schools. Repeatable."""
    now = app.now()
    asked = 0
    cursor: str | None = None
    while True:
        page = app.store.query("schools", limit=PAGE, cursor=cursor)
        schools = [school_of(document) for document in page.documents]
        due = [school for school in schools if school.webuntis.enabled and not is_paused(school, now)]
        if due:
            weeks = [(school.id, week_with(in_zone(now, school.zone).date())) for school in due]
            bodies = [body(school, each, WHOLE, now) for school, this in weeks for each in (this, this.next)]
            app.queue.publish(TOPIC, bodies)
        asked += len(due)
        cursor = page.cursor
        if cursor is None:
            return asked
