"""A pause between two dates, for the summer roll-over: scheduled runs stay away and come back by themselves.

It costs nothing while it lasts: the tick, which reads every school anyway, sends no message. Links stay as they are,
and a run that a person asks for happens.
"""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from shared.domain.school import Pause, School
from shared.errors import Fault, Invalid
from shared.flows.audit import audited
from shared.flows.schools import read_school, school_write
from shared.ports import App, Data

LONGEST = timedelta(days=100)  # the summer holiday with a margin; a coupling that is off for longer is switched off


def save_pause(app: App, school_id: str, pause: Pause | None, *, by: str, version: str) -> School:
    """Set the pause, or end it (None), of the school as it was read at `version`.

    Raises NotFound, Conflict when somebody else saved first, Invalid with the field.
    """
    school, _ = read_school(app, school_id)
    if pause:
        today = app.now().astimezone(ZoneInfo(school.zone)).date()
        if pause.last < max(pause.first, today):
            raise Invalid("request.body_invalid", (Fault("/laatsteDag", "pause.order"),))
        if pause.last - max(pause.first, today) >= LONGEST:
            fault = Fault("/laatsteDag", "pause.too_long", (("days", LONGEST.days),))
            raise Invalid("request.body_invalid", (fault,))
    saved = replace(school, pause=pause)
    action = "pause.set" if pause else "pause.ended"
    event = audited(app, school_id, actor=by, action=action, before=_told(school.pause), after=_told(pause))
    app.store.commit([school_write(saved, version=version), event])
    return saved


def _told(pause: Pause | None) -> Data:
    return {"eersteDag": pause.first.isoformat(), "laatsteDag": pause.last.isoformat()} if pause else {}
