"""The way to Google's consent page and back: each way there is good for one way back, by the same user, within minutes.

Kept of the way there is only a hash of its state, with the PKCE verifier (RFC 7636). The code and the state that Google
puts in an address may end up in histories and logs: they are worth nothing without the verifier, which never leaves us,
and without a session of the user who asked.
"""

import base64
import hashlib
import logging
import secrets
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta

from shared.coursework_port import ConsentDesk
from shared.errors import Conflict, NotAllowed, NotAuthorized, NotFound, ProfijtError, RemoteError
from shared.flows.google_consent import Trouble, email_of, keep_consent, note_trouble, same_address
from shared.flows.record import decode, encode
from shared.flows.schools import read_school
from shared.ports import ABSENT, App, Where, Write
from shared.values import dataclass

GOOD_FOR = timedelta(minutes=10)
LONGEST = 300  # characters of a state; ours are a school's id and 44

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Way:
    user: str
    expire_at: datetime
    verifier: str = field(repr=False)


def ask_consent(app: App, school: str, user: str) -> tuple[str, datetime]:
    """The address of Google's consent page for this user, and until when it is good; earlier ones no longer are.

    Raises NotFound for an unknown school, NotAllowed classroom.not_offered, .no_email.
    """
    read_school(app, school)
    desk, email = _desk(app), email_of(app, school, user)
    if not email:
        raise NotAllowed("classroom.no_email")
    state, verifier = f"{school}.{secrets.token_urlsafe(32)}", secrets.token_urlsafe(64)
    way = _Way(user, app.now() + GOOD_FOR, verifier)
    app.store.commit([*ended_ways(app, school, user), Write(_path(school, state), encode(way), expect=ABSENT)])
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return desk.address(state=state, challenge=challenge, login_hint=email), way.expire_at


def take_consent(app: App, school: str, user: str, *, state: str, code: str, error: str) -> None:
    """Take what this user brings back from Google: the code is redeemed, and kept when the account is the user's own.

    Raises NotFound classroom.state_unknown, and nothing was redeemed: also for who is not the one who asked, after whom
    the state is unknown to everybody. NotAllowed classroom.consent_declined, .other_account, and nothing is kept;
    NotAuthorized classroom.rights_not_given, .consent_refused, .client_refused; Unreachable; Throttled.
    """
    asked_at, way = _taken(app, state)
    if (asked_at, way.user) != (school, user):
        ids = {"user": user, "school": school, "asked": way.user, "asked_at": asked_at}
        log.warning("foreign way", extra={"fields": {"event": "foreign_google_way", "audit": True, **ids}})
        raise NotFound("classroom.state_unknown")
    try:
        _take(app, school, way, code, error)
    except ProfijtError as err:
        with suppress(RemoteError, Conflict):  # what happened tells more than that it could not be noted
            note_trouble(app, school, user, Trouble(err.code, app.now(), err.facts))
        raise


def _take(app: App, school: str, way: _Way, code: str, error: str) -> None:
    if error == "access_denied":
        raise NotAllowed("classroom.consent_declined")
    if error or not code:
        raise NotAuthorized("classroom.consent_refused", service="google")
    consent = _desk(app).redeem(code, way.verifier)
    if not same_address(consent.email, email_of(app, school, way.user)):
        # Not revoked: at Google that would end the consent of whoever's account it is. Nobody keeps this token.
        raise NotAllowed("classroom.other_account")
    keep_consent(app, school, way.user, consent)


def ended_ways(app: App, school: str, user: str) -> list[Write]:
    """The writes that end every way this user is on."""
    page = app.store.query(_ways(school), where=[Where("user", "==", user)], limit=100)
    return [Write(found.path, None) for found in page.documents]


def _taken(app: App, state: str) -> tuple[str, _Way]:
    """The school and the way of a state, which is unknown from now on: of two that come at once one is served."""
    school, _, secret = state.partition(".")
    if school and secret and "/" not in state and len(state) <= LONGEST:
        found = app.store.get(_path(school, state))
        if found and found.data["expire_at"] > app.now():
            with suppress(Conflict):
                app.store.commit([Write(found.path, None, expect=found.version)])
                return school, decode(found.data, _Way)
    raise NotFound("classroom.state_unknown")


def _desk(app: App) -> ConsentDesk:
    if app.consent is None:
        raise NotAllowed("classroom.not_offered")
    return app.consent


def _ways(school: str) -> str:
    return f"schools/{school}/google-ways"


def _path(school: str, state: str) -> str:
    return f"{_ways(school)}/{hashlib.sha256(state.encode()).hexdigest()}"
