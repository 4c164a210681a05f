"""The retention job's two functions, called by machines only: the daily round, and one school's job."""

import logging
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import logs, push
from functions.machines import PUSH_LIMIT, deployed
from shared.errors import Invalid
from shared.flows.claim_tenant import sweep_waiting
from shared.flows.retention import Retained, retain, retain_all
from shared.ports import App, Message

log = logging.getLogger(__name__)


def on_retain(app: App, _request: Request) -> dict[str, int]:
    """One message per school."""
    schools = retain_all(app)
    log.info("retain", extra={"fields": {"event": "retain", "schools": schools}})
    return {"schools": schools}


def on_push(app: App, request: Request) -> dict[str, int]:
    """The job a message asks for."""
    body = request.stream.read(PUSH_LIMIT + 1)
    if len(body) > PUSH_LIMIT:
        raise Invalid("push.unreadable")
    with logs.within(push.trace(body)):
        return retain_message(app, push.message(body)).deleted


def retain_message(app: App, message: Message) -> Retained:
    """Do one school's job and log its counts. Raises what `retain` raises, Invalid."""
    if "school" not in message.body:
        raise Invalid("push.unreadable")
    school = message.body["school"]
    done = retain(app, school)
    sweep_waiting(app)  # of no school yet, so it goes along with whichever comes
    log.info("retained", extra={"fields": {"event": "retained", "school": school, "deleted": done.deleted}})
    return done


@cache
def retain_target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_retain, "housekeeping")


@cache
def retain_school_target() -> Callable[[Request], Response]:
    """As `retain_target`."""
    return deployed(on_push, "housekeeping")
