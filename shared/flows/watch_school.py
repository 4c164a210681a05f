"""Notices that a school's coupling came into another condition, or that the user its lessons are read as is refused,
and has it told: once for each change.

The condition is noted first and then published. A message that got lost in between is made good: whoever looks again
while the change is fresh publishes it again, and the receiving end (`tell`) lets each change through once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from shared.domain.run import Outcome, Problem
from shared.domain.school import School
from shared.domain.status import TOLD, Condition, Known, assess, follow
from shared.errors import Conflict
from shared.flows.api_user import api_refusal, told_code
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
    lessons = api_refusal(school, state.refusals) if _reads_lessons_apart(school) else None
    after = follow(state.watch, status, now, lessons_refused=lessons is not None)
    if after != state.watch:
        try:
            app.store.commit([rewritten(school.id, replace(state, watch=after), document)])
        except Conflict:
            return  # somebody is at work, and looks after us
    if after.condition in TOLD:
        _publish(app, school, after.condition, after.since, status.remedy)
    if lessons:
        _publish(app, school, Condition.LESSONS_REFUSED, after.lessons_refused, (lessons.code, lessons.facts))


def _reads_lessons_apart(school: School) -> bool:
    """Whether people are read as the application and lessons as an API user, whose refusal is no run's trouble."""
    settings = school.webuntis
    return settings.enabled and not settings.links_by_api and not school.stopped


def _publish(
    app: App, school: School, state: Condition, since: datetime | None, remedy: tuple[str, dict[str, str | int]]
) -> None:
    if since is None or app.now() - since > FRESH:
        return
    code, facts = remedy
    body = {
        "school": school.id,
        "state": state.value,
        "since": since.isoformat(),
        "code": code,
        "facts": msgspec.json.encode(facts).decode(),
    }
    channels = [name for name in ("webhook", "email") if getattr(school.notify, name)]
    if channels:
        app.queue.publish(TOPIC, [body | {"channel": channel} for channel in channels])
