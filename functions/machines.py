"""What only machines call: a token of a named service account is asked for, and the queue is answered.

An error that may pass is answered with 503, so that the queue delivers again; any other is logged and acknowledged,
because repeating would change nothing.
"""

import logging
import math
import os
from collections.abc import Callable

import msgspec
from flask import Request, Response

from functions import asking, logs
from functions.problem import PATIENCE
from shared import wiring
from shared.errors import Conflict, ProfijtError, Throttled, Unauthenticated, Unreachable
from shared.ports import App

log = logging.getLogger(__name__)

PUSH_LIMIT = 1 << 20  # bytes; ours are some hundreds


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


def deployed(handler: Callable[[App, Request], object], name: str) -> Callable[[Request], Response]:
    """What machines call as one deployed function; `name` stands in the log where the platform gives none."""
    service, version = os.environ.get("K_SERVICE", name), os.environ.get("K_REVISION", "dev")
    logs.install(project=wiring.config().project, service=service, version=version)
    return for_machines(handler, wiring.cloud(logs.trace))
