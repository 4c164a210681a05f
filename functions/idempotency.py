"""The same POST with the same Idempotency-Key is carried out once, and answered with the same answer for a day.

Only answers are remembered. A refusal or a failure frees the key, so that the same request may be tried again; so does
a crash, once the lease has run out. Handlers therefore still write under ids that bear repetition.
Powertools for AWS Lambda and draft-ietf-httpapi-idempotency-key-header-07 shaped the states.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from functions.route import Asked, Route
from shared.errors import Conflict, Invalid, ProfijtError
from shared.ports import ABSENT, App, Data, Document, Write
from shared.values import dataclass

log = logging.getLogger(__name__)

KEPT = timedelta(hours=24)
LARGEST = 900 * 1024  # a document holds 1 MiB, with its other fields
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as bytes: what is remembered, and what goes out."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Claim:
    path: str
    version: str
    data: Data  # of the marker


def once(app: App, asked: Asked, route: Route, *, key: str, lease: timedelta, act: Callable[[], Sent]) -> Sent:
    """`act()`, or its answer of the first time.

    Raises Invalid "request.key_malformed" (400), "request.key_reused" for another body under the same key (422);
    Conflict "request.in_flight" while the first is still busy, "request.answer_not_kept" when it was done but its
    answer was too large to keep (409).
    """
    found = _claim(app, _path(asked, route, key), _fingerprint(asked), lease)
    if isinstance(found, Sent):
        return found
    try:
        sent = act()
    except BaseException:
        _settle(app, Write(found.path, None, expect=found.version))
        raise
    _settle(app, Write(found.path, {**found.data, **_kept(sent)}, expect=found.version))
    return sent


def _claim(app: App, path: str, fingerprint: str, lease: timedelta) -> "_Claim | Sent":
    now = app.now()
    marker: Data = {"request": fingerprint, "status": 0, "until": now + lease, "expire_at": now + KEPT}
    try:
        return _Claim(path, app.store.commit([Write(path, marker, expect=ABSENT)])[0], marker)
    except Conflict:
        before = app.store.get(path)
    if before is None or _is_free(before, fingerprint, now):
        try:
            expect = before.version if before else ABSENT
            return _Claim(path, app.store.commit([Write(path, marker, expect=expect)])[0], marker)
        except Conflict as err:  # another took it over between our read and our write
            raise Conflict("request.in_flight", seconds=int(lease.total_seconds())) from err
    return _replay(before.data)


def _is_free(before: Document, fingerprint: str, now: datetime) -> bool:
    """Whether what was there counts no more: a day old, or a crash. Raises Invalid or Conflict when it does count."""
    if before.data["expire_at"] <= now:
        return True  # the database deletes late
    if before.data["request"] != fingerprint:
        raise Invalid("request.key_reused")
    if before.data["status"]:
        return False
    if before.data["until"] > now:
        raise Conflict("request.in_flight", seconds=max(1, int((before.data["until"] - now).total_seconds())))
    return True


def _replay(data: Data) -> Sent:
    if data["body"] is None:
        raise Conflict("request.answer_not_kept")
    return Sent(data["status"], {**data["headers"], "Idempotent-Replayed": "true"}, data["body"])


def _kept(sent: Sent) -> Data:
    body = sent.body if len(sent.body) <= LARGEST else None
    return {"status": sent.status, "headers": dict(sent.headers), "body": body}


def _settle(app: App, write: Write) -> None:
    """The work is done or undone already: trouble with the marker may not change what the caller is told."""
    try:
        app.store.commit([write])
    except ProfijtError as error:
        log.warning("answer not remembered", extra={"fields": {"event": "idempotency_lost", "code": error.code}})


def _path(asked: Asked, route: Route, key: str) -> str:
    key = key.strip().removeprefix('"').removesuffix('"')  # the draft quotes it, most clients do not
    if not _KEY.fullmatch(key):
        raise Invalid("request.key_malformed")
    name = json.dumps([asked.caller.user, route.path, sorted(asked.path.items()), key])
    return f"schools/{asked.school}/idempotency/{hashlib.sha256(name.encode()).hexdigest()}"


def _fingerprint(asked: Asked) -> str:
    query = json.dumps(None if asked.query is None else repr(asked.query))
    return hashlib.sha256(f"{asked.media}\n{query}\n".encode() + asked.raw).hexdigest()
