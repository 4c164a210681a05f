"""The timetable's two functions that machines call: the hourly round, and the reading of one week."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache

from flask import Request, Response

from functions import logs, push
from functions.machines import PUSH_LIMIT, deployed
from shared.domain.planner.iso_week import parse
from shared.errors import Invalid
from shared.flows.refresh_all import refresh_all
from shared.flows.refresh_week import Refreshed, refresh_week
from shared.flows.week_part import Part
from shared.ports import App, Message

log = logging.getLogger(__name__)


def on_refresh(app: App, _request: Request) -> dict[str, int]:
    """The present and the next week of every coupled school."""
    schools = refresh_all(app)
    log.info("refresh", extra={"fields": {"event": "refresh", "schools": schools}})
    return {"schools": schools}


def on_push(app: App, request: Request) -> dict[str, str]:
    """The week a message asks for."""
    body = request.stream.read(PUSH_LIMIT + 1)
    if len(body) > PUSH_LIMIT:
        raise Invalid("push.unreadable")
    with logs.within(push.trace(body)):
        return {"outcome": refresh_message(app, push.message(body)).outcome}


def refresh_message(app: App, message: Message) -> Refreshed:
    """Do what the message says and log it in ids and counts. Raises what `refresh_week` raises, Invalid."""
    try:
        school, part = message.body["school"], Part(message.body["part"])
        week, at = parse(message.body["week"]), datetime.fromisoformat(message.body["at"])
    except (KeyError, ValueError, Invalid):
        raise Invalid("push.unreadable") from None
    done = refresh_week(app, school, week, part, owner=message.id or app.new_id(), since=at)
    fields = {"event": "week", "school": school, "week": week.name, "attempt": message.attempt}
    told = {"outcome": done.outcome, "code": done.code, "lessons": done.lessons}
    log.info("week", extra={"fields": fields | told})
    return done


@cache
def refresh_target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_refresh, "timetable")


@cache
def refresh_week_target() -> Callable[[Request], Response]:
    """As `refresh_target`."""
    return deployed(on_push, "timetable")
