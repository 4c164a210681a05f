"""Keeps us from locking a school out of WebUntis: every login a person causes passes here, and bad ones are few.

WebUntis locks an account after 8 wrong passwords, by default for ever, and no clock of ours resets that count; only a
good login does. So an attempt is written down before it is made (two admins at once count as two, a crash counts as
wrong), at most 4 wrong ones are made in a day and 6 in thirty days since the last good one, and what was refused is
not offered again. Runs by themselves add at most one per access (`read_roster.access`): they stop at the first refusal.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.school import School
from shared.errors import Conflict, Invalid, RemoteError, Unreachable
from shared.flows.linking_state import holder, opened, refusing, rewritten
from shared.flows.read_roster import access
from shared.flows.record import decode, encode
from shared.flows.refusals import note_refusal
from shared.flows.schools import read_school, state_path
from shared.ports import ABSENT, App, Document, Roster, WebUntisConnection, Write
from shared.timetable_source import ApiUser
from shared.values import dataclass

LIMITS = ((4, timedelta(hours=24)), (6, timedelta(days=30)))
TRIES = 8  # at writing down, when others write too

# The request did not get as far as a password check. After any other failure nobody knows, so the attempt stays.
_NOT_JUDGED = frozenset(
    {"http.dns", "http.connect", "http.connect_timeout", "http.tls", "http.throttled", "http.server_error"}
    | {"http.redirected", "webuntis.maintenance", "webuntis.school_moved", "webuntis.school_unknown_there"}
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login that is under way, whose end nobody knows, or that was `refused`. `mark` tells the same credentials;
    `account` what WebUntis would lock: an API user's name, "" for the application."""

    id: str
    at: datetime
    mark: str
    refused: bool = False
    account: str = ""


@dataclass(frozen=True, slots=True)
class Logins:
    """One small document per school. A good login empties `attempts` of those of its account."""

    salt: str = ""
    attempts: tuple[Attempt, ...] = ()


def logins_path(school: str) -> str:
    return f"schools/{school}/linking/logins"


def read_logins(document: Document | None) -> Logins:
    return decode(document.data, Logins) if document else Logins()


def log_in(app: App, roster: Roster, connection: WebUntisConnection | ApiUser) -> None:
    """Log in once with these credentials, if that cannot lock the school out.

    Raises NotAuthorized "webuntis.login_refused"; Invalid "settings.password_refused_before" (not tried) and
    "settings.too_many_refusals" (not tried; {when} it may be, in the school's zone); whatever else `roster` raises.
    """
    tenant = roster.tenant_id()  # before anything is written down: no password is sent to find it
    attempt = _begin(app, connection, tenant)
    try:
        roster.login()
    except RemoteError as err:
        if err.code == "webuntis.login_refused":
            _end(app, connection.school, lambda kept: (*_others(kept, attempt), replace(attempt, refused=True)))
        elif err.code in _NOT_JUDGED:
            _end(app, connection.school, lambda kept: _others(kept, attempt))
        raise
    _end(app, connection.school, lambda kept: tuple(old for old in kept.attempts if old.account != attempt.account))


def note_refused(app: App, school: School) -> None:
    """WebUntis refused the saved access: nobody tries it again."""
    note_access_refused(app, school.id, access(app, school))


def note_access_refused(app: App, school: str, tried: str) -> None:
    """As `note_refused`, of any access; also while a run is at work, which finds out by itself."""
    note_refusal(app, school, tried)
    document = app.store.get(state_path(school))
    state = opened(document)
    if holder(document, app.now()) is None and tried not in state.refusals:
        with suppress(Conflict):  # a run began in this very moment
            app.store.commit([rewritten(school, refusing(state, tried), document)])


def _begin(app: App, connection: WebUntisConnection | ApiUser, tenant: str) -> Attempt:
    """Write the attempt down, or raise Invalid when it may not be made."""
    now, begun = app.now(), app.new_id()
    salt = read_logins(app.store.get(logins_path(connection.school))).salt or app.new_id() + app.new_id()
    account = connection.user.casefold() if isinstance(connection, ApiUser) else ""
    attempt = Attempt(begun, now, _mark(connection, tenant, salt), account=account)

    def add(kept: Logins) -> Logins:
        if kept.salt not in ("", salt):
            raise Conflict("store.conflict")
        remembered = tuple(old for old in kept.attempts if old.at > now - LIMITS[-1][1])
        recent = tuple(old for old in remembered if old.account == account)
        if attempt.mark in {old.mark for old in recent if old.refused}:
            raise Invalid("settings.password_refused_before")
        for most, within in LIMITS:
            if len(recent) >= most and (when := recent[-most].at + within) > now:
                raise Invalid(
                    "settings.too_many_refusals", when=_local(app, connection.school, when), count=len(recent)
                )
        return replace(kept, salt=salt, attempts=(*remembered, attempt))

    _change(app, connection.school, add)
    return attempt


def _local(app: App, school: str, when: datetime) -> str:
    return f"{when.astimezone(ZoneInfo(read_school(app, school)[0].zone)):%d-%m-%Y %H:%M}"


def _end(app: App, school: str, attempts: Callable[[Logins], tuple[Attempt, ...]]) -> None:
    """Write down how it ended. If that fails the attempt stays as one of which nobody knows, and counts."""
    with suppress(Conflict, Unreachable):
        _change(app, school, lambda kept: replace(kept, attempts=attempts(kept)))


def _others(kept: Logins, attempt: Attempt) -> tuple[Attempt, ...]:
    return tuple(old for old in kept.attempts if old.id != attempt.id)


def _change(app: App, school: str, change: Callable[[Logins], Logins]) -> None:
    """Put `change` through whoever else writes. Raises Conflict when it keeps failing: then nothing was tried."""
    for remaining in reversed(range(TRIES)):
        document = app.store.get(logins_path(school))
        data = encode(change(read_logins(document)))
        try:
            app.store.commit([Write(logins_path(school), data, expect=document.version if document else ABSENT)])
        except Conflict:
            if not remaining:
                raise
        else:
            return


def _mark(connection: WebUntisConnection | ApiUser, tenant: str, salt: str) -> str:
    """Tells the same login: the text together with what it is offered to and as.

    scrypt with a salt of the school's own, because a wrong password may be one that somebody uses elsewhere.
    """
    if isinstance(connection, ApiUser):
        offered = [connection.password, connection.subdomain, connection.school_name, connection.user, "api"]
    else:
        offered = [connection.password, tenant, connection.client_id, connection.auth]
    told = "\0".join(offered)
    return hashlib.scrypt(told.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=16).hex()
