"""The only place that knows HTTP: `serve` makes a function of a route table; nothing a caller sends makes it crash.

In this order: the route, who is asking, whose school, the role, the query, the body, the handler. Whoever is not
known learns nothing about schools, and whoever may not come in is not listened to.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Request, Response
from werkzeug.datastructures import Headers

from functions import about, asking, etag, idempotency, logs, problem
from functions.asking import Marks
from functions.idempotency import Sent
from functions.parts import Parts, PartTable
from functions.route import Answer, Asked, Page, Route
from functions.table import Table, Way
from shared.errors import Invalid, NotAllowed, NotFound, ProfijtError
from shared.ports import App, Caller

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger(__name__)

_ANYWHERE = frozenset({"support", "service"})  # roles that hold at every school
_NOBODY = Caller("", "", frozenset())
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_EXPOSED = "ETag, Link, Location, Retry-After, X-Request-Id, Idempotent-Replayed"
_ASKABLE = "Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key, X-Request-Id"


@dataclass(slots=True)
class _Visit:
    """What becomes known about a request on its way in; the log line tells it, also when the way ended early."""

    marks: Marks
    route: str = ""
    school: str = ""
    roles: frozenset[str] = frozenset()
    code: str = ""
    size: int = 0  # of the answer's body, in bytes


def serve(
    routes: Sequence[Route] | Parts,
    app: Callable[[], App],
    *,
    origins: frozenset[str] = frozenset(),
    docs: str = problem.DOCS,
    version: str = "dev",
    lease: timedelta = timedelta(minutes=2),
) -> Callable[[Request], Response]:
    """One function for functions-framework that answers these routes and those of `about`.

    `app` is called on the first request that needs it. `origins` are the web sites that may call from a browser,
    `docs` is what a problem's code is put behind to make its `type`, `lease` is how long a crashed request keeps its
    Idempotency-Key: longer than any handler works. Raises ValueError for a table that contradicts itself.
    """
    known = about.routes(version)
    table = PartTable(routes, known) if isinstance(routes, Parts) else Table((*routes, *known))

    def handle(request: Request) -> Response:
        started = perf_counter()
        visit = _Visit(asking.marks(request))
        with logs.within(visit.marks.trace, visit.marks.span, request_id=visit.marks.request_id):
            failure: Exception | None = None
            try:
                response = _response(_answer(request, table, app, visit, lease), request, visit, origins)
            except Exception as error:  # noqa: BLE001  the last resort: whatever it is, the caller gets a document
                failure = error
                response = _response(_refusal(error, request, visit, docs), request, visit, origins)
            asking.drain(request)
            _told(request, response, visit, failure, perf_counter() - started)
        return response

    return handle


def _answer(
    request: Request, table: Table | PartTable, app: Callable[[], App], visit: _Visit, lease: timedelta
) -> Sent:
    if request.method == "OPTIONS":
        return _options(request, table, visit)
    way, path = table.find(request.method, request.path)
    route = way.route
    visit.route = route.path
    caller = _admitted(request, route, path, app, visit) if route.roles else _NOBODY
    query = asking.query(request, way)
    raw, media, body = asking.body(request, way)
    asked = Asked(
        caller=caller,
        school=visit.school,
        path=path,
        query=query,
        body=body,
        raw=raw,
        media=media,
        language=visit.marks.language,
        if_match=asking.said(request, "If-Match"),
        if_none_match=asking.said(request, "If-None-Match"),
        request_id=visit.marks.request_id,
        trace=visit.marks.trace or visit.marks.request_id,
        signature=asking.said(request, "Authorization") if route.signed else "",
        algorithm=asking.said(request, "Algorithm") if route.signed else "",
    )

    def act() -> Sent:
        return _rendered(route.handler(app(), asked), request, way)

    key = request.headers.get("Idempotency-Key") if route.idempotent else None
    return act() if key is None else idempotency.once(app(), asked, route, key=key, lease=lease, act=act)


def _admitted(request: Request, route: Route, path: dict[str, str], app: Callable[[], App], visit: _Visit) -> Caller:
    """The caller, with the roles that count here. A school that is not his does not exist for him."""
    caller = _known(app(), asking.token(request), route.roles)
    visit.roles = caller.roles
    visit.school = path.get("school", caller.school)
    if visit.school != caller.school:
        roles = caller.roles & _ANYWHERE
        if not roles:
            ids = {"user": caller.user, "own": caller.school, "asked": visit.school, "route": route.path}
            log.warning("foreign school", extra={"fields": {"event": "foreign_school", "audit": True, **ids}})
            visit.school = caller.school
            raise NotFound("request.not_found")
        caller = Caller(caller.user, caller.school, roles)
    if not caller.roles & route.roles:
        raise NotAllowed("request.not_allowed")
    return caller


def _known(app: App, token: str, roles: frozenset[str]) -> Caller:
    """People show a token of Profijt's issuer, machines one of Google's: those are looked at on their routes only.

    Whose keys are asked goes by what the token says, so that nobody waits for an issuer that is not his.
    """
    for_machines = roles == {"service"} or ("service" in roles and app.machines.is_issuer_of(token))
    return (app.machines if for_machines else app.identity).caller(token)


def _rendered(answer: Answer, request: Request, way: Way) -> Sent:
    headers = {"Content-Type": answer.media, **answer.headers}
    if answer.value is None:
        del headers["Content-Type"]
        body, status = b"", 204 if answer.status == 200 else answer.status
    else:
        body = answer.value if isinstance(answer.value, bytes) else msgspec.json.encode(answer.value)
        status = answer.status
    if answer.media.startswith("text/"):
        headers["Content-Type"] = f"{answer.media.partition(';')[0]}; charset=utf-8"
    if isinstance(answer.value, Page) and answer.value.next is not None:
        following = urlencode({**request.args.to_dict(), "cursor": answer.value.next})
        headers["Link"] = f'<?{following}>; rel="next"'  # relative to the address asked, whatever stands in front of us
    if answer.etag or (way.route.method == "GET" and status == 200):
        headers["ETag"] = etag.quoted(answer.etag or etag.of(body))
    return Sent(status, headers, body)


def _refusal(error: Exception, request: Request, visit: _Visit, docs: str) -> Sent:
    status = problem.status_of(error, asking.said(request, "If-Match"))
    visit.code = error.code if isinstance(error, ProfijtError) else problem.FALLBACK
    told = problem.document(error, visit.marks, status=status, docs=docs)
    media = {"Content-Type": problem.MEDIA, "Content-Language": visit.marks.language}
    return Sent(status, {**media, **problem.headers(error, status)}, msgspec.json.encode(told))


def _options(request: Request, table: Table | PartTable, visit: _Visit) -> Sent:
    """What is allowed here; the browser's preflight is granted by `_response`, to the listed origins only."""
    try:
        table.find("OPTIONS", request.path)
    except Invalid as known:
        visit.code = ""
        return Sent(204, {"Allow": str(known.facts["allow"])}, b"")
    raise AssertionError("a route for OPTIONS cannot be made")


class _Reply(Response):
    """An answer whose headers are all there: werkzeug has none to add or take away."""

    default_mimetype = None

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002  werkzeug's name
        return self.headers


def _response(sent: Sent, request: Request, visit: _Visit, origins: frozenset[str]) -> Response:
    fresh = request.method in ("GET", "HEAD") and sent.status == 200 and "ETag" in sent.headers
    status, body = sent.status, sent.body
    headers = {
        "Cache-Control": "private, no-cache" if fresh else "no-store",
        "Vary": "Accept-Language, Authorization, Origin",
        "X-Request-Id": visit.marks.request_id,
        **_ALWAYS,
        **sent.headers,
    }
    if fresh and etag.named(asking.said(request, "If-None-Match"), sent.headers["ETag"].strip('"')):
        status, body = 304, b""
        headers.pop("Content-Type", None)
    elif status != 204:
        headers["Content-Length"] = str(len(body))
    visit.size = len(body)
    if origins and asking.said(request, "Origin") in origins:
        headers |= _cross_origin(request, headers)
    return _Reply([body], status, headers)


def _cross_origin(request: Request, headers: dict[str, str]) -> dict[str, str]:
    granted = {
        "Access-Control-Allow-Origin": request.headers["Origin"],
        "Access-Control-Expose-Headers": _EXPOSED,
    }
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        granted["Access-Control-Allow-Methods"] = headers.get("Allow", "")
        granted["Access-Control-Allow-Headers"] = _ASKABLE
        granted["Access-Control-Max-Age"] = "3600"
    return granted


def _told(request: Request, response: Response, visit: _Visit, failure: Exception | None, seconds: float) -> None:
    """One line a request: the route as a template, for its parameters may be somebody's."""
    status = response.status_code
    method = request.method if request.method in _METHODS else "?"  # a caller may call it anything
    ours = status >= 500 and status not in (502, 503)  # another system's trouble is not for Error Reporting
    level = logging.ERROR if ours else logging.WARNING if status >= 400 else logging.INFO
    fields = logs.Plain(
        event="request",
        route=visit.route,
        school=visit.school,
        roles=sorted(visit.roles),
        ms=round(seconds * 1000, 1),
        httpRequest={
            "requestMethod": method,
            "requestUrl": visit.route,
            "status": status,
            "responseSize": str(visit.size),
            "latency": f"{seconds:.6f}s",
        },
    )
    if visit.code:
        fields["code"] = visit.code
    log.log(
        level,
        "%s %s %d",
        method,
        visit.route or "?",
        status,
        exc_info=failure if ours else None,
        extra={"fields": fields},
    )
