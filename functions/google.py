"""Google Classroom for a teacher: how consent stands, the way to Google's page and back, and ending it.

Google sends the browser back to GET /google/callback, for which nobody is signed in: it keeps nothing and only passes
on what Google said. The user who asked brings that to POST /google/consent. So the code in an address, which may stand
in logs, is worth nothing: it takes our verifier and that user's own session.
"""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from functions.route import PUBLIC, Answer, Asked, Route
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import RIGHT_WORDS, in_words, word
from shared.errors import RemoteError
from shared.flows.ask_google import ask_consent, take_consent
from shared.flows.google_consent import Standing, Trouble, count_given, end_consent, standing
from shared.flows.own_classroom import classroom_of
from shared.flows.schools import read_school
from shared.ports import App

_NEXT: dict[Standing, dict[Language, str]] = {
    "not_offered": {
        "nl": CAUSES["classroom.not_offered"].remedy_nl,
        "en": CAUSES["classroom.not_offered"].remedy_en,
    },
    "delegated": {
        "nl": "Uw school heeft dit bij Google voor iedereen geregeld; u hoeft niets te doen.",
        "en": "Your school has arranged this at Google for everybody; there is nothing for you to do.",
    },
    "no_email": {"nl": CAUSES["classroom.no_email"].remedy_nl, "en": CAUSES["classroom.no_email"].remedy_en},
    "none": {
        "nl": "Kies Koppelen met Google en kies daar uw schoolaccount. Profijt leest uw lesgroepen en verandert "
        "niets in Classroom.",
        "en": "Choose Connect to Google and pick your school account there. Profijt reads your classes and "
        "changes nothing in Classroom.",
    },
    "given": {
        "nl": "In orde: u kunt uw lesgroepen koppelen en cijfers exporteren.",
        "en": "All is well: you can link your classes and export grades.",
    },
    "ended": {
        "nl": "Uw toestemming is bij Google ingetrokken of verlopen: kies opnieuw Koppelen met Google.",
        "en": "Your consent was withdrawn at Google or has expired: choose Connect to Google again.",
    },
    "incomplete": {
        "nl": "Kies opnieuw Koppelen met Google en laat daar alle vinkjes staan.",
        "en": "Choose Connect to Google again and leave everything ticked there.",
    },
    "other_email": {
        "nl": "Uw e-mailadres in Profijt is gewijzigd: kies opnieuw Koppelen met Google, met dat account.",
        "en": "Your e-mail address in Profijt has changed: choose Connect to Google again, with that account.",
    },
}
# For an admin who has consented to nothing: it takes no consent of the admin's for teachers to export.
_EVERYBODY: dict[Language, str] = {
    "nl": "Iedere docent kiest zelf Koppelen met Google; u ook, als u zelf lesgeeft. Regelt uw school het liever voor "
    "iedereen tegelijk, vraag support (support@profijt.nu) dan naar domeinbrede machtiging.",
    "en": "Every teacher chooses Connect to Google, and so do you if you teach. If your school would rather arrange "
    "it for everybody at once, ask support (support@profijt.nu) about domain-wide delegation.",
}
_GOOGLE = "/v1/schools/{school}/google"
_CONSENT = f"{_GOOGLE}/consent"
_ALMOST: dict[Language, str] = {
    "nl": "Google heeft geantwoord; er is nog niets bewaard. Stuur `body`, aangemeld als uzelf, met POST naar `path`.",
    "en": "Google has answered; nothing is kept yet. Signed in as yourself, POST `body` to `path`.",
}


class TroubleOut(msgspec.Struct, frozen=True):
    """Why the last attempt to consent, the consent or the test came to nothing; and what to do."""

    code: str
    at: datetime
    text: str
    remedy: str


class GoogleOut(msgspec.Struct, frozen=True, rename="camel"):
    """`standing`: how things are; `nextStep` says it in a sentence. `account`, `since` and `missing` are of one's own
    consent. `courses`: how many Classroom told when it was tested just now, else null. `consented`: of how many people
    a consent is kept; null for who is no admin. Times in the school's zone."""

    standing: Standing
    next_step: str
    account: str
    since: datetime | None
    missing: list[str]
    trouble: TroubleOut | None
    courses: int | None
    consented: int | None


class GoogleQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`test`: ask Google now whether Classroom can be read, instead of telling what is known."""

    test: bool = False


class AuthorizeOut(msgspec.Struct, frozen=True):
    """Where to send the browser, for this user alone, once, before `until`."""

    address: str
    until: datetime


State = Annotated[str, msgspec.Meta(max_length=1000)]
Code = Annotated[str, msgspec.Meta(max_length=2000)]
Error = Annotated[str, msgspec.Meta(max_length=200)]


class CallbackQuery(msgspec.Struct, frozen=True):
    """What Google sends along; whatever else it sends is passed over (RFC 6749, 4.1.2)."""

    state: State = ""
    code: Code = ""
    error: Error = ""


class GoogleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Google sent the browser back with: a `code`, or an `error` ("access_denied": the user said no)."""

    state: State
    code: Code = ""
    error: Error = ""


class CallbackOut(msgspec.Struct, frozen=True):
    """What to POST where, for whoever looks at the page itself. Where a front end is configured the browser is sent
    there instead (303), with `state` and `code` or `error` in its address."""

    text: str
    path: str
    body: GoogleIn


def get_google(app: App, asked: Asked) -> Answer:
    """One's own consent, tested when that is asked; for an admin also how many there are."""
    courses, trouble = None, None
    if asked.query.test and (classroom := classroom_of(app, asked.school, asked.caller.user)):
        try:
            courses = len(classroom.courses())
        except RemoteError as err:
            trouble = Trouble(err.code, app.now(), err.facts)
    return Answer(_google(app, asked, courses, trouble))


def _google(app: App, asked: Asked, courses: int | None = None, trouble: Trouble | None = None) -> GoogleOut:
    """What is known now, with what a test found."""
    zone = ZoneInfo(read_school(app, asked.school)[0].zone)
    stands, given = standing(app, asked.school, asked.caller.user)
    trouble = trouble or given.trouble
    admin = "admin" in asked.caller.roles
    words = _EVERYBODY if admin and stands in ("none", "no_email") else _NEXT[stands]
    return GoogleOut(
        standing=stands,
        next_step=words[asked.language],
        account=given.email,
        since=given.since.astimezone(zone) if given.since else None,
        missing=[word(RIGHT_WORDS, right, asked.language) for right in given.missing] if given.version else [],
        trouble=_trouble(trouble, zone, asked.language) if trouble else None,
        courses=courses,
        consented=count_given(app, asked.school) if admin else None,
    )


def post_authorize(app: App, asked: Asked) -> Answer:
    """The address of Google's page. Nothing changes before the user comes back from it."""
    address, until = ask_consent(app, asked.school, asked.caller.user)
    return Answer(AuthorizeOut(address, until))


def get_callback(app: App, asked: Asked) -> Answer:
    """Pass on what Google said, to the front end where there is one. Nothing is believed, redeemed or kept here."""
    query, page = asked.query, app.consent.page if app.consent else ""
    body = GoogleIn(query.state, query.code, query.error)
    if not page:
        return Answer(CallbackOut(_ALMOST[asked.language], _CONSENT, body), headers={"Cache-Control": "no-store"})
    told = {name: value for name, value in msgspec.structs.asdict(body).items() if value}
    return Answer(None, status=303, headers={"Location": f"{page}{'&' if '?' in page else '?'}{urlencode(told)}"})


def post_consent(app: App, asked: Asked) -> Answer:
    """Take what the browser brought back, for the user who asked; for anybody else it is no longer worth anything."""
    given: GoogleIn = asked.body
    take_consent(app, asked.school, asked.caller.user, state=given.state, code=given.code, error=given.error)
    return Answer(_google(app, asked))


def delete_google(app: App, asked: Asked) -> Answer:
    """Forget it, and end it at Google unless a colleague's consent is of the same account."""
    end_consent(app, asked.school, asked.caller.user, by=asked.caller.user)
    return Answer(None)


def _trouble(trouble: Trouble, zone: ZoneInfo, language: Language) -> TroubleOut:
    cause, facts = CAUSES[trouble.code], in_words(trouble.facts, language)
    return TroubleOut(
        trouble.code, trouble.at.astimezone(zone), cause.sentence(language, facts), cause.remedy(language, facts)
    )


_OWN = frozenset({"teacher", "admin"})

ROUTES = (
    Route(
        "GET",
        _GOOGLE,
        get_google,
        roles=_OWN,
        summary="Uw toestemming voor Google Classroom / your consent for Google Classroom",
        query=GoogleQuery,
        answer=GoogleOut,
        problems=("404 school.unknown",),
    ),
    Route(
        "POST",
        f"{_GOOGLE}/authorize",
        post_authorize,
        roles=_OWN,
        summary="Koppelen met Google: het adres om te openen / connect to Google: the address to open",
        answer=AuthorizeOut,
        problems=("404 school.unknown", "403 classroom.not_offered", "403 classroom.no_email", "409 store.conflict"),
    ),
    Route(
        "POST",
        _CONSENT,
        post_consent,
        roles=_OWN,
        summary="Bewaren wat Google meegaf / keep what came back from Google",
        body=GoogleIn,
        answer=GoogleOut,
        problems=(
            "404 classroom.state_unknown",
            "403 classroom.consent_declined",
            "403 classroom.other_account",
            "403 classroom.not_offered",
            "409 store.conflict",
            "502 classroom.rights_not_given",
            "502 classroom.consent_refused",
            "502 classroom.client_refused",
            "503 http.server_error",
        ),
    ),
    Route(
        "DELETE",
        _GOOGLE,
        delete_google,
        roles=_OWN,
        summary="Uw toestemming intrekken, ook bij Google / withdraw your consent, at Google too",
        answer=None,
        problems=("404 school.unknown", "409 store.conflict", "502 http.refused", "503 http.server_error"),
    ),
    Route(
        "GET",
        "/v1/google/callback",
        get_callback,
        roles=PUBLIC,
        summary="Waar Google de browser naar terugstuurt / where Google sends the browser back to",
        query=CallbackQuery,
        more_query=True,
        answer=CallbackOut,
    ),
)
