"""The grade export's two functions that machines call: planning an export, and carrying out one item of it."""

import logging
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import logs, push
from functions.machines import PUSH_LIMIT, deployed
from shared.domain.export.outcome import Export
from shared.errors import Invalid
from shared.flows.export_item import export_item
from shared.flows.plan_export import plan_export
from shared.ports import App, Message

log = logging.getLogger(__name__)


def on_plan(app: App, request: Request) -> dict[str, str]:
    """The export a message asks for, planned."""
    return _pushed(app, request, plan_message)


def on_item(app: App, request: Request) -> dict[str, str]:
    """The item a message asks for, carried out."""
    return _pushed(app, request, item_message)


def plan_message(app: App, message: Message) -> Export | None:
    """Do what the message says and log it in ids and counts. Raises what `plan_export` raises, Invalid."""
    school, export = _of(message, "school"), _of(message, "export")
    done = plan_export(app, school, export, attempt=max(message.attempt, 1))
    _told("export_plan", message, done)
    return done


def item_message(app: App, message: Message) -> Export | None:
    """As `plan_message`, of `export_item`."""
    school, export, work = _of(message, "school"), _of(message, "export"), _of(message, "work")
    owner = message.id or app.new_id()
    done = export_item(app, school, export, work, owner=owner, attempt=max(message.attempt, 1))
    _told("export_item", message, done)
    return done


def _pushed(app: App, request: Request, work: Callable[[App, Message], Export | None]) -> dict[str, str]:
    body = request.stream.read(PUSH_LIMIT + 1)
    if len(body) > PUSH_LIMIT:
        raise Invalid("push.unreadable")
    with logs.within(push.trace(body)):
        done = work(app, push.message(body))
    return {"outcome": done.state if done else "nothing to do"}


def _of(message: Message, name: str) -> str:
    try:
        return message.body[name]
    except KeyError:
        raise Invalid("push.unreadable") from None


def _told(event: str, message: Message, done: Export | None) -> None:
    fields = {"event": event, "school": message.body["school"], "export": message.body["export"]}
    fields |= {"attempt": str(message.attempt)}
    told = {"outcome": done.state, "left": len(done.left), "counts": done.counts} if done else {}
    log.info("export", extra={"fields": fields | told})


@cache
def plan_target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_plan, "grade_export")


@cache
def item_target() -> Callable[[Request], Response]:
    """As `plan_target`."""
    return deployed(on_item, "grade_export")
