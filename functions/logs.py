"""Every log record becomes one line of JSON on standard output that Cloud Logging and Error Reporting understand.

Any module logs with the standard library: `log.info("run done", extra={"fields": {"event": "run_done", "n": 12}})`.
No line holds the text of a foreign exception (`ValueError: 'Jansen'` is somebody's name), only its type and its place,
and no control character survives, so that a line is a line and a terminal stays as it was.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec

from shared.errors import ProfijtError
from shared.values import dataclass

# https://docs.cloud.google.com/logging/docs/structured-logging and …/error-reporting/docs/formatting-error-messages
_TRACE = "logging.googleapis.com/trace"
_SPAN = "logging.googleapis.com/spanId"
_LABELS = "logging.googleapis.com/labels"
_PLACE = "logging.googleapis.com/sourceLocation"
_OURS = frozenset({"severity", "message", "time", _TRACE, _SPAN, _LABELS, _PLACE, "@type", "serviceContext", "context"})
_REPORT = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"

# What json escapes, one at a time: an escaped backslash before an n is no line break.
_ESCAPE = re.compile(r'\\(?:["\\bfnrt]|u[0-9a-f]{4})')
_HARMLESS = ('\\"', "\\\\")
# C0, DEL and C1, line and paragraph separators, and the marks that turn the direction of text around
_UNSEEN = frozenset(
    f"\\u{number:04x}"
    for span in ((0x00, 0x1F), (0x7F, 0x9F), (0x200E, 0x200F), (0x2028, 0x202E), (0x2066, 0x2069))
    for number in range(span[0], span[1] + 1)
)


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
    # No line tells them, and looking them up costs as much as writing the line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


class Plain(dict[str, object]):
    """Fields that whoever made them knows to be texts and numbers, and dicts and lists of these: cheaper to write."""


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object without a newline in it."""

    def __init__(self, *, project: str, service: str, version: str) -> None:
        super().__init__()
        self._traces = f"projects/{project}/traces/" if project else ""
        self._service = {"service": service, "version": version}

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        line: dict[str, Any] = {
            **fields,
            "severity": record.levelname if record.levelno else "DEFAULT",
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            _PLACE: {"file": record.pathname, "line": str(record.lineno), "function": record.funcName},
        }
        context = _context.get()
        if context.trace:
            line[_TRACE] = self._traces + context.trace
        if context.span:
            line[_SPAN] = context.span
        if context.labels:
            line[_LABELS] = context.labels
        if record.levelno >= logging.ERROR:
            line["@type"] = _REPORT
            line["serviceContext"] = self._service
            where = {"filePath": record.pathname, "lineNumber": record.lineno, "functionName": record.funcName}
            line["context"] = {"reportLocation": where}
        text = _written_plain(line) if isinstance(fields, Plain) else _written(line)
        if record.exc_info and record.exc_info[1]:  # added afterwards: its line breaks stay
            told = _ESCAPE.sub(_shown_within_lines, json.dumps(stack(record.exc_info[1])))
            text = f'{text[:-1]}, "stack_trace": {told}}}'
        return text


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
    told = f"{kind}: {error}" if isinstance(error, ProfijtError) else kind
    return f"{before}Traceback (most recent call last):\n{frames}{told}"


def _other(value: Any) -> Any:
    """What stands in a line for a value that is no JSON; of most only the kind, for they may hold anything."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value.isoformat() if isinstance(value, datetime) else type(value).__name__


_PLAIN_ENCODER = msgspec.json.Encoder()
_ENCODER = json.JSONEncoder(default=_other, skipkeys=True, allow_nan=False)  # ASCII only


def _written(line: dict[str, Any]) -> str:
    """JSON in which every control character is shown as its escape: no reader of the text acts upon one."""
    try:
        text = _ENCODER.encode(line)
    except (ValueError, RecursionError):  # NaN, or a value that holds itself
        kinds = {name: value if name in _OURS else type(value).__name__ for name, value in line.items()}
        text = _ENCODER.encode(kinds)
    return _ESCAPE.sub(_shown, text) if "\\" in text else text


def _written_plain(line: dict[str, Any]) -> str:
    """The same, where nothing has to be escaped."""
    text = _PLAIN_ENCODER.encode(line)
    return text.decode() if text.isascii() and b"\\" not in text and b"\x7f" not in text else _written(line)


def _shown(found: re.Match[str]) -> str:
    escape = found[0]
    if escape in _HARMLESS or (len(escape) == 6 and escape not in _UNSEEN):
        return escape
    return "\\" + escape


def _shown_within_lines(found: re.Match[str]) -> str:
    return found[0] if found[0] == "\\n" else _shown(found)
