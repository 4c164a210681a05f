"""Telling a school that its coupling changed, called by Pub/Sub."""

import logging
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import logs, push
from functions.machines import PUSH_LIMIT, deployed
from shared.errors import Invalid
from shared.flows.tell import tell
from shared.ports import App, Message

log = logging.getLogger(__name__)


def on_notify(app: App, request: Request) -> dict[str, str]:
    """The change of a coupling that a message tells of, sent on to the school."""
    body = request.stream.read(PUSH_LIMIT + 1)
    if len(body) > PUSH_LIMIT:
        raise Invalid("push.unreadable")
    with logs.within(push.trace(body)):
        return {"outcome": notify_message(app, push.message(body))}


def notify_message(app: App, message: Message) -> str:
    """Do what the message says and log it in ids. Raises what `tell` raises."""
    told = tell(app, message)
    kept = {name: message.body.get(name, "") for name in ("school", "state", "channel")}
    log.info("notice", extra={"fields": {"event": "notice", "attempt": message.attempt, "outcome": told} | kept})
    return told


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_notify, "notify")
