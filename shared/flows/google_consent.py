"""What a teacher allowed at Google: kept as a secret of that teacher's own, used for no other address, and ended there.

Where a school delegates (`Rules.delegated`) nobody is asked: our service account stands in for the people of the
school's own mail domain, and for nobody else.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from shared.coursework_port import RIGHTS, ClassroomAccess, Consent
from shared.errors import Conflict, Misconfigured, NotFound, RemoteError
from shared.flows.audit import audited
from shared.flows.directory import read_directories
from shared.flows.documents import documents
from shared.flows.leavers import leavers_with
from shared.flows.new_credential import end_secret
from shared.flows.record import decode, encode
from shared.flows.schools import read_school
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

TRIES = 4

Standing = Literal["not_offered", "delegated", "no_email", "none", "given", "ended", "incomplete", "other_email"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the last attempt to consent came to nothing, or the consent itself."""

    code: str
    at: datetime
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """What is kept of one user: `version` of the secret, "" for no consent, and whose account it is about."""

    user: str
    email: str = field(default="", repr=False)
    version: str = ""
    rights: tuple[str, ...] = ()
    since: datetime | None = None
    trouble: Trouble | None = None
    ended: datetime | None = None  # when Google first no longer took this consent
    gone: datetime | None = None  # when the user was first seen to be no longer in Profijt

    @property
    def missing(self) -> tuple[str, ...]:
        """The rights that are wanted and were not given."""
        return tuple(right for right in RIGHTS if right not in self.rights)


def classroom_access(app: App, school: str, user: str) -> ClassroomAccess | None:
    """By which right this user's Classroom may be read now; None: by none. Raises NotFound for an unknown school.

    A consent that has ended is still shown to Google: it may have been a fault on their side.
    """
    zone = read_school(app, school)[0].zone
    email = email_of(app, school, user)
    if delegates(app, school, email):
        return ClassroomAccess(school, email, zone=zone)
    given = given_by(app, school, user)
    if app.consent is None or _standing(given, email) not in ("given", "ended"):
        return None
    with suppress(NotFound):  # ended a moment ago
        token = app.secrets.read(secret_name(school, user), given.version)
        return ClassroomAccess(school, email, token, given.version, zone)
    return None


def standing(app: App, school: str, user: str) -> tuple[Standing, Given]:
    """How things are between this user and Google, and what is kept. Raises NotFound for an unknown school."""
    read_school(app, school)
    given, email = given_by(app, school, user), email_of(app, school, user)
    if delegates(app, school, email):
        return "delegated", given
    return _standing(given, email) if app.consent else "not_offered", given


def _standing(given: Given, email: str) -> Standing:
    if not email:
        return "no_email"
    if not given.version:
        return "none"
    if not same_address(given.email, email):
        return "other_email"  # it was changed in Profijt since
    if given.ended:
        return "ended"
    return "incomplete" if given.missing else "given"


def delegates(app: App, school: str, email: str) -> bool:
    """Whether our service account may stand in for whoever has this address. A school fills in its people's addresses
    itself, so the domain decides, and that is set by the operator."""
    name, _, domain = email.casefold().rpartition("@")
    return bool(name) and domain == app.rules.delegated.get(school)


def same_address(one: str, other: str) -> bool:
    return bool(one) and one.strip().casefold() == other.strip().casefold()


def email_of(app: App, school: str, user: str) -> str:
    """The address Profijt has for this user, "" for none."""
    users = (each for directory in read_directories(app, school).values() for each in directory.users)
    return next((each.email.strip() for each in users if each.id == user), "")


def given_by(app: App, school: str, user: str) -> Given:
    found = app.store.get(google_path(school, user))
    return _given(found) if found else Given(user)


def count_given(app: App, school: str) -> int:
    """How many users' consent is kept."""
    return sum(bool(given.version) for given, _ in _all(app, school))


def keep_consent(app: App, school: str, user: str, consent: Consent) -> None:
    """Keep it in the place of the one there was. Raises Conflict when others kept writing at the same moment."""
    name = secret_name(school, user)
    version = app.secrets.add(name, consent.refresh_token)
    given = Given(user, consent.email, version, tuple(sorted(consent.scopes)), app.now())
    try:
        before = _change(
            app, school, user, lambda _: given, action="google.consented", after={"Google": "toestemming gegeven"}
        )
    except Conflict:
        end_secret(app, name, version)
        raise
    with suppress(RemoteError):
        end_secret(app, name, before.version)  # not revoked: at Google that would end the new one with it


def note_trouble(app: App, school: str, user: str, trouble: Trouble) -> None:
    """Remember why nothing came of it, beside the consent there may be."""
    _change(
        app,
        school,
        user,
        lambda given: replace(given, trouble=trouble),
        action="google.not_consented",
        after={"reden": trouble.code},
    )


def note_ended(app: App, school: str, user: str, version: str, *, why: Trouble) -> None:
    """Remember that Google no longer takes the consent of this `version`, unless there is a newer one."""

    def ended(given: Given) -> Given:
        same = given.version == version and not given.ended
        return replace(given, ended=why.at, trouble=why) if same else given

    _change(app, school, user, ended, action="google.found_ended", after={"Google": "toestemming geëindigd"})


def note_works(app: App, school: str, user: str, version: str) -> None:
    """Remember that Google takes the consent of this `version` after all."""

    def works(given: Given) -> Given:
        return replace(given, ended=None, trouble=None) if given.version == version and given.ended else given

    _change(app, school, user, works, action="google.found_working", after={"Google": "toestemming werkt weer"})


def end_consent(app: App, school: str, user: str, *, by: str) -> None:
    """End it, at Google too unless a colleague here consented with the same account, and forget it. Repeating is
    harmless. Raises Unreachable, Throttled, Rejected: still there."""
    read_school(app, school)
    _revoke(app, school, given_by(app, school, user))
    ended = ended_consent(app, school, user)
    if ended:
        event = audited(app, school, actor=by, action="google.ended", subject=user, after={"Google": "ingetrokken"})
        app.store.commit([*ended, event])


def ended_consent(app: App, school: str, user: str) -> list[Write]:
    """Whatever is kept of this user's consent: the token is destroyed, and these writes forget the rest."""
    name = secret_name(school, user)
    for version, state in app.secrets.versions(name).items():
        if state != "destroyed":
            end_secret(app, name, version)
    found = app.store.get(google_path(school, user))
    return [Write(found.path, None, expect=found.version)] if found else []


def revoked_as_far_as_can_be(app: App, school: str, user: str) -> None:
    """End it at Google as `end_consent` does, when Google can be reached and the token may be read, which the retention
    job may not: what is destroyed here opens nothing either."""
    with suppress(RemoteError, Misconfigured):
        _revoke(app, school, given_by(app, school, user))


def leavers(app: App, school: str) -> Iterator[str]:
    """Whose consent is over, because they left Profijt. Notes and raises as `leavers_with`."""
    return (_given(found).user for found in leavers_with(app, school, "google"))


def google_path(school: str, user: str) -> str:
    return f"schools/{school}/google/{user}"


def secret_name(school: str, user: str) -> str:
    """The name of a user's token among the secrets: a user's id may be what no name can hold, and tells who it is."""
    return f"google-{school}-{hashlib.sha256(user.encode()).hexdigest()[:32]}"


def _revoke(app: App, school: str, given: Given) -> None:
    """At Google this ends whatever the account allowed us. So not while another user here lives by it; at another
    school, which this one knows nothing of, its standing tells that it has ended."""
    if given.version and app.consent and not _lived_by(app, school, given):
        with suppress(NotFound):
            app.consent.revoke(app.secrets.read(secret_name(school, given.user), given.version))


def _change(
    app: App, school: str, user: str, change: Callable[[Given], Given], *, action: str, after: dict[str, str]
) -> Given:
    """Write what `change` makes of it, with its event, when that is something else; returns what was there before."""
    path = google_path(school, user)
    for attempt in range(TRIES):
        found = app.store.get(path)
        before = _given(found) if found else Given(user)
        changed = change(before)
        if changed == before:
            return before
        event = audited(app, school, actor=user, action=action, subject=user, after=after)
        try:
            app.store.commit([Write(path, encode(changed), expect=found.version if found else ABSENT), event])
        except Conflict:
            if attempt == TRIES - 1:
                raise
            continue
        return before
    raise AssertionError("unreachable")


def _lived_by(app: App, school: str, given: Given) -> bool:
    """Whether another user's consent, not known to have ended, is of the same account."""
    others = (other for other, _ in _all(app, school) if other.user != given.user and other.version and not other.ended)
    return any(same_address(other.email, given.email) for other in others)


def _all(app: App, school: str) -> Iterator[tuple[Given, Document]]:
    return ((_given(found), found) for found in documents(app.store, f"schools/{school}/google"))


def _given(found: Document) -> Given:
    return decode(found.data, Given)
