"""GET /v1/sis-partners, which SIS take grades and how to connect each; POST /sis-interest for one that is not there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from functions.route import PUBLIC, Answer, Asked, Cursor, Page, Route
from shared.domain.causes import Language
from shared.domain.partner import Contact, Limits, Partner, Status, Words
from shared.flows.sis_interest import Interest, all_interests, send_interest
from shared.flows.sis_partners import partners
from shared.ports import App

_STATUS: Mapping[Status, Mapping[Language, str]] = {
    Status.AVAILABLE: {"nl": "Beschikbaar.", "en": "Available."},
    Status.PILOT: {"nl": "Beschikbaar in een pilot.", "en": "Available in a pilot."},
    Status.CONTACT: {
        "nl": "Neem contact op met de leverancier van uw LIS.",
        "en": "Contact the vendor of your SIS.",
    },
}
_LICENCE: Mapping[Language, str] = {
    "nl": "Nodig: een licentie voor {licence}.",
    "en": "Licence needed: {licence}.",
}
_CONNECTING: Mapping[Language, tuple[str, ...]] = {
    "nl": (
        "Kies in Profijt uw LIS en dan Koppelen.",
        "Vul Host-URL, Toegangssleutel en Geheime code in, en de Verificatie-URL als uw LIS die geeft.",
        "Kies Autoriseren. Profijt test de koppeling en bewaart pas iets wanneer alles werkt; herhalen mag altijd.",
        "Onder Docentenrechten staat Exporteren van schoolwerk en cijfers inschakelen aan. Wijzigt u dat, kies dan "
        "Opslaan.",
    ),
    "en": (
        "In Profijt, choose your SIS and then Connect.",
        "Fill in the host URL, access key and secret, and the token URL if your SIS gives one.",
        "Choose Authorise. Profijt tests the connection and stores nothing until all of it works; repeating is safe.",
        "Under Teacher permissions, Enable export of coursework and grades is on. If you change it, choose Save.",
    ),
}
_INTEREST: Mapping[Language, str] = {
    "nl": "Staat uw LIS er niet bij? Vul het interesseformulier in. Het geeft geen garantie dat het LIS erbij komt of "
    "dat uw school aan een pilot kan meedoen.",
    "en": "Is your SIS not listed? Fill in the interest form. It does not guarantee that the SIS will be added or that "
    "your school can join a pilot.",
}
_TRADEMARKS: Mapping[Language, str] = {
    "nl": "Namen van producten en bedrijven zijn merken van hun eigenaren; noemen betekent niet dat zij Profijt "
    "aanbevelen.",
    "en": "Product and company names are marks of their owners; naming them does not mean that they endorse Profijt.",
}


class WordsOut(msgspec.Struct, frozen=True, rename="camel"):
    """What the SIS itself calls our fields; empty: it has no such thing, or it is not known."""

    host_url: str
    toegangssleutel: str
    geheime_code: str
    verificatie_url: str


class ContactOut(msgspec.Struct, frozen=True):
    """Who helps with this SIS; `address` is empty when it is not known."""

    name: str
    address: str


class LimitsOut(msgspec.Struct, frozen=True, rename="camel"):
    """What the SIS takes. `title` and `comment`: most characters, a `comment` of 0: none is sent. `wholeMaximum`: only
    whole points as a maximum."""

    title: int
    unique_titles: bool
    whole_maximum: bool
    due_date_required: bool
    due_in_open_period: bool
    category: Literal["required", "optional", "ignored"]
    comment: int


class PartnerOut(msgspec.Struct, frozen=True, rename="camel"):
    """One SIS. `connectable` is false where there is nothing to connect to yet. `licence` is empty where none is known
    to be needed; `unknown` names what no source tells, where the strictest reading holds."""

    id: str
    name: str
    status: Literal["available", "pilot", "contact"]
    status_text: str
    licence: str
    next_step: str
    connectable: bool
    versions: list[str]
    signatures: list[str]
    words: WordsOut
    contact: ContactOut
    steps: list[str]
    notes: list[str]
    limits: LimitsOut
    unknown: list[str]


class PartnersOut(msgspec.Struct, frozen=True):
    """`connecting`: what to do in Profijt after a partner's own `steps`; `interest`: for who finds none."""

    items: list[PartnerOut]
    connecting: list[str]
    interest: str
    trademarks: str


class InterestIn(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The SIS by its name; where to answer, and why, as you like. Do not write about students."""

    sis: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    contact_email: Annotated[
        str, msgspec.Meta(max_length=254, pattern=r"^([^\s@,;<>]{1,64}@[^\s@,;<>]+\.[^\s@,;<>]+)?$")
    ] = ""
    message: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class InterestOut(msgspec.Struct, frozen=True):
    """That it was kept, until when (UTC), and what it does not promise. Address and message are not told again: answers
    are remembered for a repeat."""

    id: str
    sis: str
    at: datetime
    until: datetime
    text: str


class SentOut(msgspec.Struct, frozen=True, rename="camel"):
    """One school's interest."""

    school: str
    id: str
    sis: str
    contact_email: str
    message: str
    at: datetime


class SchoolsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`limit` counts schools, whether they sent anything or not."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    cursor: Cursor = ""


def get_partners(_: App, asked: Asked) -> Answer:
    """All of them, in the asker's language: nothing in it is a school's."""
    language = asked.language
    told = PartnersOut(
        [_partner(partner, language) for partner in partners()],
        list(_CONNECTING[language]),
        _INTEREST[language],
        _TRADEMARKS[language],
    )
    return Answer(told, headers={"Cache-Control": "public, max-age=3600"})


def post_interest(app: App, asked: Asked) -> Answer:
    """Keep what the school would like."""
    body: InterestIn = asked.body
    sent = send_interest(
        app, asked.school, sis=body.sis, email=body.contact_email, message=body.message, by=asked.caller.user
    )
    until = sent.at + app.rules.keep.audit
    told = InterestOut(sent.id, sent.sis, sent.at, until, _INTEREST[asked.language])
    return Answer(told, status=201)


def get_interests(app: App, asked: Asked) -> Answer:
    """What schools would like, school by school."""
    found, cursor = all_interests(app, schools=asked.query.limit, cursor=asked.query.cursor or None)
    return Answer(Page([_sent(school, interest) for school, interest in found], cursor))


def _sent(school: str, sent: Interest) -> SentOut:
    return SentOut(school, sent.id, sent.sis, sent.email, sent.message, sent.at)


def _partner(partner: Partner, language: Language) -> PartnerOut:
    return PartnerOut(
        id=partner.id,
        name=partner.name,
        status=partner.status.value,
        status_text=_status(partner, language),
        licence=partner.licence,
        next_step=partner.next_step.told(language),
        connectable=bool(partner.services),
        versions=[service.version for service in partner.services],
        signatures=list(dict.fromkeys(auth.value for service in partner.services for auth in service.auth)),
        words=_words(partner.words),
        contact=_contact(partner.contact, language),
        steps=[step.told(language) for step in partner.steps],
        notes=[note.told(language) for note in partner.notes],
        limits=_limits(partner.limits),
        unknown=list(partner.unknown),
    )


def _status(partner: Partner, language: Language) -> str:
    status = _STATUS[partner.status][language]
    return f"{status} {_LICENCE[language].format(licence=partner.licence)}" if partner.licence else status


def _words(words: Words) -> WordsOut:
    return WordsOut(words.host_url, words.key, words.secret, words.token_url)


def _contact(contact: Contact, language: Language) -> ContactOut:
    return ContactOut(contact.name.told(language), contact.address)


def _limits(limits: Limits) -> LimitsOut:
    return LimitsOut(
        title=limits.title,
        unique_titles=limits.unique_titles,
        whole_maximum=limits.whole_maximum,
        due_date_required=limits.due_date_required,
        due_in_open_period=limits.due_in_open_period,
        category=limits.category.value,
        comment=limits.comment,
    )


ROUTES = (
    Route(
        "GET",
        "/v1/sis-partners",
        get_partners,
        roles=PUBLIC,
        summary="Welke LIS cijfers aannemen, en hoe te koppelen / Which SIS take grades, and how to connect",
        answer=PartnersOut,
    ),
    Route(
        "POST",
        "/v1/schools/{school}/sis-interest",
        post_interest,
        roles=frozenset({"admin"}),
        summary="Interesse melden voor een LIS dat er niet bij staat / Tell of interest in a SIS that is not listed",
        body=InterestIn,
        answer=InterestOut,
        status=201,
        idempotent=True,
        problems=("404 school.unknown", "409 store.conflict", "422 interest.no_sis", "request.too_many"),
    ),
    Route(
        "GET",
        "/v1/sis-interest",
        get_interests,
        roles=frozenset({"support"}),
        summary="Voor welke LIS scholen interesse meldden / Which SIS schools told of interest in",
        query=SchoolsQuery,
        answer=Page[SentOut],
        problems=("cursor.unknown",),
    ),
)
