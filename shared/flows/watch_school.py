"""Notices that a school's coupling came into another condition, and has it told: once for each change.

The condition is noted first and then published. A message that got lost in between is made good: whoever looks again
while the change is fresh publishes it again, and the receiving end (`tell`) lets each change through once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from shared.domain.run import Outcome, Problem
from shared.domain.school import School
from shared.domain.status import TOLD, Known, Status, Watch, assess, follow
from shared.errors import Conflict
from shared.flows.api_user import told_code
from shared.flows.linking_state import LinkingState, holder, opened, rewritten
from shared.flows.read_roster import access
from shared.ports import App, Document

TOPIC = "notify"
FRESH = timedelta(minutes=35)  # a little more than from one tick to the next


def known(app: App, school: School, state: LinkingState) -> Known:
    """What the school's runs have left behind, as far as it still holds."""
    tried = access(app, school)
    trouble = state.trouble.problem if state.trouble and state.trouble.access == tried else None
    if tried in state.refusals:
        trouble = Problem(told_code("webuntis.login_refused", by_api=school.webuntis.links_by_api))
    last = state.last
    failed = last.problems[0] if last and last.problems and last.outcome in (Outcome.FAILED, Outcome.PARTIAL) else None
    held = state.held.problems if state.held else None
    return Known(state.watch, state.last_good, held, trouble, failed)


def watch(app: App, school: School, document: Document | None) -> None:
    """Note the condition when it is another than in `document`, the state as it was read, and publish a fresh change.

    While a run is at work nothing is noted: it looks itself when it is done.
    """
    now = app.now()
    if holder(document, now):
        return
    state = opened(document)
    status = assess(school, known(app, school, state), now)
    after = follow(state.watch, status, now)
    if after != state.watch:
        try:
            app.store.commit([rewritten(school.id, replace(state, watch=after), document)])
        except Conflict:
            return  # somebody is at work, and looks after us
    _publish(app, school, status, after, now)


def _publish(app: App, school: School, status: Status, noted: Watch, now: datetime) -> None:
    if noted.since is None or now - noted.since > FRESH or noted.condition not in TOLD:
        return
    code, facts = status.remedy
    body = {
        "school": school.id,
        "state": noted.condition.value,
        "since": noted.since.isoformat(),
        "code": code,
        "facts": msgspec.json.encode(facts).decode(),
    }
    channels = [name for name in ("webhook", "email") if getattr(school.notify, name)]
    if channels:
        app.queue.publish(TOPIC, [body | {"channel": channel} for channel in channels])
