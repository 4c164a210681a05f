"""Reads what a request says, bounded and without believing any of it; a refusal names the place, never the value."""

import io
import logging
import re
import secrets
from collections import Counter
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from flask import Request

from functions import mistake
from functions.route import JSON, Route
from functions.table import Way
from shared.domain.causes import Language
from shared.errors import Fault, Invalid, Unauthenticated
from shared.values import dataclass

log = logging.getLogger(__name__)

_PIECE = 1 << 16  # bytes read at once
_DRAINED = 32 * 1024 * 1024  # more than this Cloud Run does not let in over HTTP/1
_SHORT = 200  # bytes of a query
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_CLOUD_TRACE = re.compile(r"([0-9a-fA-F]{32})(?:/([0-9]{1,20}))?(?:;.*)?")  # TRACE/SPAN;o=1
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.*")
_LANGUAGE = re.compile(r"\s*(nl|en)(?:-[a-z0-9-]+)?\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells this request from all others, and in which language to answer it."""

    request_id: str
    trace: str  # "" when the platform gave none
    span: str
    language: Language


def said(request: Request, name: str) -> str:
    """As sent, "" when it was not; werkzeug's own look-up raises and catches an exception for each that is missing."""
    value: str = request.environ.get(f"HTTP_{name.upper().replace('-', '_')}", "")
    return value


def marks(request: Request) -> Marks:
    """Never fails: what cannot be believed is made anew or left out."""
    given = said(request, "X-Request-Id")
    request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
    trace = span = ""
    if found := _CLOUD_TRACE.fullmatch(said(request, "X-Cloud-Trace-Context")):
        # The header counts spans in decimal, the log field wants sixteen hex digits.
        trace, span = found[1].lower(), f"{int(found[2]) & (1 << 64) - 1:016x}" if found[2] else ""
    elif found := _TRACEPARENT.fullmatch(said(request, "traceparent")):
        trace, span = found[1], found[2]
    return Marks(request_id, trace, span, language(said(request, "Accept-Language")))


@lru_cache(256)  # browsers have a few dozen
def language(header: str) -> Language:
    """Whichever of the two is wanted most; the first named when equal, Dutch when neither is."""
    best, answer = 0.0, "nl"
    for part in header[:200].split(","):
        if (found := _LANGUAGE.fullmatch(part)) and float(found[2] or 1) > best:
            best, answer = float(found[2] or 1), found[1].lower()
    return "en" if answer == "en" else "nl"


def token(request: Request) -> str:
    """The bearer token. Raises Unauthenticated "token.missing"."""
    scheme, _, rest = said(request, "Authorization").partition(" ")
    if scheme.lower() != "bearer" or not rest.strip():
        raise Unauthenticated("token.missing")
    return rest.strip()


def query(request: Request, way: Way) -> Any:
    """The route's query struct, or None. Raises Invalid "request.query_invalid": unknown, repeated, wrong."""
    text = request.query_string
    # Most callers ask the same. Not kept: what another system sends along, which may be a secret.
    read = _query if way.route.more_query or len(text) > _SHORT else _query_again
    return read(text, way)


def _query(text: bytes, way: Way) -> Any:
    # as werkzeug's Request.args, which builds its multidict anew for each request
    pairs = parse_qsl(text.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
    given, counts = dict(pairs), Counter(name for name, _ in pairs)
    unknown = [] if way.route.more_query else [name for name in given if name not in way.query_names]
    faults = [_fault(f"?{name}", "request.query_unknown") for name in unknown]
    faults += [_fault(f"?{name}", "request.query_repeated") for name, count in counts.items() if count > 1]
    if faults:
        raise Invalid("request.query_invalid", tuple(faults))
    if way.route.query is None:
        return None
    try:
        asked = msgspec.convert(given, way.route.query, strict=False)
    except msgspec.ValidationError as err:
        pointer, code, facts = mistake.told(str(err))
        raise Invalid("request.query_invalid", (Fault(pointer.replace("/", "?", 1), code, facts),)) from None
    # Reading texts as numbers and choices, msgspec also reads "null" as absent: a filter that silently does nothing.
    nulls = [name for name, known in way.query_names.items() if name in given and getattr(asked, known) is None]
    if nulls:
        raise Invalid("request.query_invalid", tuple(_fault(f"?{name}", "request.field_value") for name in nulls))
    return asked


_query_again = lru_cache(512)(_query)


def body(request: Request, way: Way) -> tuple[bytes, str, Any]:
    """The bytes, their media type and, for JSON, the struct. At most `body_limit` bytes are ever held."""
    route = way.route
    if request.method in ("GET", "HEAD"):
        return b"", "", None  # content of a GET has no meaning (RFC 9110, 9.3.1)
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Invalid("request.encoding")  # no packed bodies, so no packed bombs
    raw = _read(request, route.body_limit)
    if route.body is None and route.body_media == (JSON,):
        if raw.strip() not in (b"", b"{}"):
            raise Invalid("request.body_unexpected")
        return raw, "", None
    if not raw and route.body_optional:
        return raw, "", None
    if not raw:
        raise Invalid("request.body_missing")
    if route.signed:
        return raw, "", None  # nothing of it is read before the signature is known to be good
    media = _media(request, route)
    return raw, media, _decode(raw, way.decoder) if media == JSON and way.decoder else None


def _media(request: Request, route: Route) -> str:
    media = request.mimetype  # lower case, without parameters
    charset = request.mimetype_params.get("charset", "utf-8").lower().replace("utf8", "utf-8")
    if media not in route.body_media or charset != "utf-8":
        raise Invalid("request.media", media=", ".join(route.body_media))
    return media


def drain(request: Request) -> None:
    """Throw away what nobody read: functions-framework would put it in memory, after us and without a limit.

    Clients send on while we answer, and would see a broken connection instead of the answer.
    """
    if "CONTENT_LENGTH" not in request.environ and "HTTP_TRANSFER_ENCODING" not in request.environ:
        return  # nothing was sent (RFC 9112, 6.3)
    try:
        for _ in range(_DRAINED // _PIECE):
            if not request.stream.read(_PIECE):
                break
    except Exception as error:  # noqa: BLE001  as in _read: it is the caller who broke off
        log.info("not drained", extra={"fields": {"event": "not_drained", "kind": type(error).__name__}})
    request.stream = io.BytesIO()


def _read(request: Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise Invalid("request.too_large", limit=limit)
    request.max_content_length = None  # the route's limit counts, not one of the framework
    chunks, size = [], 0
    while size <= limit and (chunk := _piece(request, limit + 1 - size)):
        chunks.append(chunk)
        size += len(chunk)
    if size > limit:
        raise Invalid("request.too_large", limit=limit)
    if size < (request.content_length or 0):  # gunicorn says nothing of it, and half a CSV looks like a whole one
        raise Invalid("request.cut_off")
    return b"".join(chunks)


def _piece(request: Request, most: int) -> bytes:
    try:
        return request.stream.read(min(most, _PIECE))
    except Exception as err:  # each server breaks off in its own way: OSError, ClientDisconnected, gunicorn's chunks
        raise Invalid("request.cut_off") from err


def _decode(raw: bytes, decoder: "msgspec.json.Decoder[Any]") -> Any:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as err:
        raise Invalid("request.body_invalid", (Fault(*mistake.told(str(err))),)) from None
    except UnicodeDecodeError:
        raise Invalid("request.not_utf8") from None
    except RecursionError:
        raise Invalid("request.json_deep") from None
    except msgspec.DecodeError:  # from None, here and above: the messages may quote what was sent
        raise Invalid("request.json_malformed") from None


def _fault(pointer: str, code: str) -> Fault:
    name = pointer[1:]
    return Fault(
        pointer if mistake.NAME.fullmatch(name) else "?",
        code,
        (("field", name if mistake.NAME.fullmatch(name) else "?"),),
    )
