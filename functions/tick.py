"""The tick of automatic linking, called by Cloud Scheduler."""

import logging
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions.machines import deployed
from shared.flows.tick import tick
from shared.ports import App

log = logging.getLogger(__name__)


def on_tick(app: App, _request: Request) -> dict[str, int]:
    """One message per enabled school."""
    schools = tick(app)
    log.info("tick", extra={"fields": {"event": "tick", "schools": schools}})
    return {"schools": schools}


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_tick, "tick")
