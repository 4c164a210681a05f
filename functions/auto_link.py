"""Automatic linking's three functions, called by machines only: the tick, one school's run, and telling of a change.

An error that may pass is answered with 503, so that the queue delivers again; any other is logged and acknowledged,
because repeating would change nothing.
"""

import logging
import math
import os
from collections.abc import Callable
from functools import cache

import msgspec
from flask import Request, Response

from functions import asking, logs, push
from functions.problem import PATIENCE
from shared import wiring
from shared.domain.run import Run
from shared.errors import Conflict, Invalid, ProfijtError, Throttled, Unauthenticated, Unreachable
from shared.flows.link_school import link_school
from shared.flows.tell import tell
from shared.flows.tick import tick
from shared.ports import App, Message

log = logging.getLogger(__name__)

PUSH_LIMIT = 1 << 20  # bytes; ours are some hundreds


def on_tick(app: App, _request: Request) -> dict[str, int]:
    """One message per enabled school."""
    schools = tick(app)
    log.info("tick", extra={"fields": {"event": "tick", "schools": schools}})
    return {"schools": schools}


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


def for_machines(work: Callable[[App, Request], object], app: Callable[[], App]) -> Callable[[Request], Response]:
    """A function that does `work` for a POST with a token of a named service account, and answers the queue."""

    def handle(request: Request) -> Response:
        marks = asking.marks(request)
        with logs.within(marks.trace, marks.span, request_id=marks.request_id):
            try:
                application = app()
                application.machines.caller(asking.token(request))
                return _answer(200, msgspec.json.encode(work(application, request)))
            except Unauthenticated as err:
                log.warning("refused", extra={"fields": {"event": "refused", "code": err.code}})
                return _answer(401, b"")
            except (Unreachable, Throttled, Conflict) as err:
                log.warning("again later", extra={"fields": {"event": "again_later", "code": err.code}}, exc_info=err)
                wait = err.retry_after if isinstance(err, Throttled) else None
                return _answer(503, b"", {"Retry-After": str(math.ceil(PATIENCE if wait is None else wait))})
            except ProfijtError as err:
                log.exception("given up", extra={"fields": {"event": "given_up", "code": err.code}})
                return _answer(200, b"")
            finally:
                asking.drain(request)

    return handle


def _answer(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, {"Content-Type": "application/json", **(headers or {})})


@cache
def tick_target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    return deployed(on_tick, "auto_link")


@cache
def link_school_target() -> Callable[[Request], Response]:
    """As `tick_target`."""
    return deployed(on_push, "auto_link")


@cache
def notify_target() -> Callable[[Request], Response]:
    """As `tick_target`."""
    return deployed(on_notify, "auto_link")


def deployed(handler: Callable[[App, Request], object], name: str) -> Callable[[Request], Response]:
    """What machines call as one deployed function; `name` stands in the log where the platform gives none."""
    service, version = os.environ.get("K_SERVICE", name), os.environ.get("K_REVISION", "dev")
    logs.install(project=wiring.config().project, service=service, version=version)
    return for_machines(handler, wiring.cloud(logs.trace))
