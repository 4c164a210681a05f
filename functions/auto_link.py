"""One school's run of automatic linking, called by Pub/Sub."""

import logging
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import logs, push
from functions.machines import PUSH_LIMIT, deployed
from shared.domain.run import Run
from shared.errors import Invalid
from shared.flows.link_school import link_school
from shared.ports import App, Message

log = logging.getLogger(__name__)


def on_push(app: App, request: Request) -> dict[str, str]:
    """The run a message asks for."""
    body = request.stream.read(PUSH_LIMIT + 1)
    if len(body) > PUSH_LIMIT:
        raise Invalid("push.unreadable")
    with logs.within(push.trace(body)):
        run = run_message(app, push.message(body))
    return {"outcome": run.outcome if run else "nothing to do"}


def run_message(app: App, message: Message) -> Run | None:
    """Do what the message says and log it in ids and counts. Raises what `link_school` raises, Invalid."""
    try:
        school, run, trigger = message.body["school"], message.body["run"], message.body["trigger"]
    except KeyError:
        raise Invalid("push.unreadable") from None
    by = message.body.get("by", "")
    done = link_school(app, school, run=run, trigger="person" if trigger == "person" else "schedule", by=by)
    fields = {"event": "run", "school": school, "run": run, "attempt": message.attempt}
    if done:
        codes = [problem.code for problem in done.problems]
        seconds = (done.finished - done.started).total_seconds()
        fields |= {"outcome": done.outcome, "counts": done.counts, "codes": codes, "seconds": seconds}
    log.info("run", extra={"fields": fields})
    return done


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_push, "link_school")
