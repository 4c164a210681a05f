"""Every log record becomes one line of JSON on standard output that Cloud Logging and Error Reporting understand.

Any module logs with the standard library: `log.info("run done", extra={"fields": {"event": "run_done", "n": 12}})`.
No line holds the text of a foreign exception (`ValueError: 'Jansen'` is somebody's name), only its type and its place,
and no control character survives, so that a line is a line and a terminal stays as it was.
"""

import json
import logging
import math
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from shared.errors import ProfijtError

# https://docs.cloud.google.com/logging/docs/structured-logging and …/error-reporting/docs/formatting-error-messages
_TRACE = "logging.googleapis.com/trace"
_SPAN = "logging.googleapis.com/spanId"
_LABELS = "logging.googleapis.com/labels"
_PLACE = "logging.googleapis.com/sourceLocation"
_REPORT = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"

# C0, DEL, C1, line and paragraph separators, and the marks that turn the direction of text around
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class _Context:
    trace: str = ""
    span: str = ""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_NONE = _Context()
_context: ContextVar[_Context] = ContextVar("log_context", default=_NONE)


@contextmanager
def within(trace: str = "", span: str = "", **labels: str) -> Iterator[None]:
    """Every line written inside carries this trace and these labels (ids only), also from other modules."""
    outer = _context.get()
    token = _context.set(_Context(trace or outer.trace, span or outer.span, {**outer.labels, **labels}))
    try:
        yield
    finally:
        _context.reset(token)


def trace() -> str:
    """The trace that the lines written now carry; "" outside of any."""
    return _context.get().trace


def install(*, project: str = "", service: str = "local", version: str = "0", level: int = logging.INFO) -> None:
    """Make this the only way out for logs of this process. May be repeated."""
    handler = _Stdout()
    handler.setFormatter(JsonLines(project=project, service=service, version=version))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object without a newline in it."""

    def __init__(self, *, project: str, service: str, version: str) -> None:
        super().__init__()
        self._traces = f"projects/{project}/traces/" if project else ""
        self._service = {"service": service, "version": version}

    def format(self, record: logging.LogRecord) -> str:
        context = _context.get()
        line: dict[str, Any] = {
            **_plain(getattr(record, "fields", {})),
            "severity": record.levelname if record.levelno else "DEFAULT",
            "message": _plain(record.getMessage()),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            _PLACE: {"file": record.pathname, "line": str(record.lineno), "function": record.funcName},
        }
        if context.trace:
            line[_TRACE] = self._traces + context.trace
        if context.span:
            line[_SPAN] = context.span
        if context.labels:
            line[_LABELS] = _plain(context.labels)
        if record.levelno >= logging.ERROR:
            line["@type"] = _REPORT
            line["serviceContext"] = self._service
            where = {"filePath": record.pathname, "lineNumber": record.lineno, "functionName": record.funcName}
            line["context"] = {"reportLocation": where}
        if record.exc_info and record.exc_info[1]:
            line["stack_trace"] = stack(record.exc_info[1])
        return json.dumps(line)  # ASCII only, so no reader can mistake a byte of it


class _Stdout(logging.Handler):
    """Looks up sys.stdout for every line: LOG_EXECUTION_ID replaces it per request (functions-framework)."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(self.format(record) + "\n")  # one write, so that threads do not mix lines
            sys.stdout.flush()
        except Exception:  # noqa: BLE001  a log line may never be the reason that a request fails
            self.handleError(record)


def stack(error: BaseException) -> str:
    """The traceback as Error Reporting groups it, with our codes and without anybody else's message."""
    before = ""
    if error.__cause__ is not None:
        before = f"{stack(error.__cause__)}\n\nThe above exception was the direct cause of the following exception:\n\n"
    elif error.__context__ is not None and not error.__suppress_context__:
        before = (
            f"{stack(error.__context__)}\n\nDuring handling of the above exception, another exception occurred:\n\n"
        )
    frames = "".join(traceback.format_tb(error.__traceback__))
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    told = f"{kind}: {_plain(str(error))}" if isinstance(error, ProfijtError) else kind
    return f"{before}Traceback (most recent call last):\n{frames}{told}"


def _plain(value: Any) -> Any:
    """The same value in JSON's own types, without control characters."""
    if isinstance(value, str):
        return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else type(value).__name__
