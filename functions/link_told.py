"""What is told of one link: who, to whom, why, on what evidence and who decided, in the caller's language.

Of an ECK-iD only the last 6 characters are shown, wherever it turns up.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from functions.etag import Change
from functions.told import Reader
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import ATTRIBUTE_WORDS, ROLE_WORDS, STATE_WORDS, Words, in_words, word
from shared.domain.eck_id import last6
from shared.domain.matching.names import BY_ITSELF
from shared.domain.matching.second_field import cleaned
from shared.domain.people import Candidate, Compared, Role, User
from shared.domain.run import full_name
from shared.flows.link_list import Link
from shared.flows.write_links import masked

Verdict = Literal["equal", "close", "different", "missing"]
FIELDS: Words = {
    "name": {"nl": "Naam", "en": "Name"},
    "number": {"nl": "Nummer en ID-nummer", "en": "Number and ID number"},
    "abbreviation": ATTRIBUTE_WORDS["abbreviation"],
    "untis_id": ATTRIBUTE_WORDS["untis_id"],
    "entree": {"nl": "Entree kenmerk en ID-nummer", "en": "Entree attribute and ID number"},
    "eck_id": {"nl": "ECK-iD en ID-nummer", "en": "ECK-iD and ID number"},
}
VERDICTS: Words = {
    "equal": {"nl": "gelijk", "en": "equal"},
    "close": {"nl": "lijkt erop", "en": "resembles"},
    "different": {"nl": "verschilt", "en": "differs"},
    "missing": {"nl": "ontbreekt", "en": "missing"},
}


class ComparedOut(msgspec.Struct, frozen=True, rename="camel"):
    """One comparison: the field, its value in Profijt and in WebUntis. `verdict`: equal, close, different, missing."""

    field: str
    profijt: str
    web_untis: str
    verdict: str
    verdict_text: str


class ChoiceOut(msgspec.Struct, frozen=True, rename="camel"):
    """A WebUntis person it might be; `reason` says why it was not linked by itself. `abbreviation`: a teacher's, ""
    when he has none, and of who was proposed before it was kept."""

    id_number: str
    name: str
    abbreviation: str
    rule: str
    rule_text: str
    code: str
    reason: str
    compared: list[ComparedOut]


class LinkOut(msgspec.Struct, frozen=True, rename="camel"):
    """One user's link. `state`: linked, review, conflict, not_found, suspended, excluded, or new: not judged yet.

    `rule` is the rule used and `ruleText` what it saw, `reason` why it is so, with remedy and owner; `candidates` best
    first. `by` is "automatisch" or the id of the person who decided, `note` that person's reason; `never` are
    ID-nummers a person ruled out. `since` is in the school's zone, null when nothing was decided yet. Send `etag` as
    If-Match to decide.
    """

    user: str
    name: str
    role: str
    state: str
    state_text: str
    id_number: str
    code: str
    rule: str
    rule_text: str
    reason: str
    remedy: str
    owner: str
    compared: list[ComparedOut]
    candidates: list[ChoiceOut]
    never: list[str]
    by: str
    since: datetime | None
    note: str
    etag: str


def told_link(told: Reader, link: Link) -> LinkOut:
    """The link as this caller reads it."""
    user, decision = link.user, link.decision
    cause = CAUSES[decision.cause if decision else "links.not_judged"]
    facts = in_words(dict(decision.facts) if decision else {}, told.language)
    role = ROLE_WORDS[Role(user.role)][told.language]
    name, state = full_name(user), word(STATE_WORDS, link.state, told.language)
    sentence, remedy = cause.sentence(told.language, facts), cause.remedy(told.language, facts)
    if decision is None:
        return LinkOut(
            user.id, name, role, link.state, state, "", cause.code, "", "", sentence, remedy,
            cause.owner, [], [], [], "", None, "", link.version,
        )  # fmt: skip
    return LinkOut(
        user.id,
        name,
        role,
        link.state,
        state,
        masked(decision.key, user),
        cause.code,
        decision.rule,
        told.rule(decision.rule),
        sentence,
        remedy,
        cause.owner,
        [_compared(row, user, told.language) for row in decision.compared],
        [_choice(candidate, user, facts, told) for candidate in decision.candidates],
        [masked(key, user) for key in decision.ruled_out],
        decision.decided_by if decision.by == "person" else "automatisch",
        datetime.fromisoformat(decision.since).astimezone(told.zone) if decision.since else None,
        str(facts.get("reason", "")),
        link.version,
    )


def changes(told: Reader, link: Link, besluit: str | None, id_nummer: str) -> list[Change]:
    """What there is now beside the decision that was sent over it; who took the one that stands is told with it."""
    now, label = told_link(told, link), "Koppeling" if told.language == "nl" else "Link"
    key = masked(id_nummer, link.user)
    return [
        Change("/besluit", label, besluit, now.state_text, now.by, now.since),
        Change("/idNummer", "ID-nummer", key, now.id_number, now.by, now.since),
    ]


def _compared(row: Compared, user: User, language: Language) -> ComparedOut:
    eck = row.field == "eck_id"
    mine, theirs = (last6(value) if eck else masked(value, user) for value in (row.user, row.person))
    field, verdict = word(FIELDS, row.field, language), word(VERDICTS, row.verdict, language)
    return ComparedOut(field, mine, theirs, row.verdict, verdict)


def _choice(candidate: Candidate, user: User, facts: Mapping[str, str | int], told: Reader) -> ChoiceOut:
    rows = [Compared("name", full_name(user), candidate.name, _names(full_name(user), candidate))]
    if user.number:
        rows.append(Compared("number", user.number, candidate.key, _numbers(user.number, candidate.key)))
    if user.abbreviation and candidate.abbreviation:
        same = user.abbreviation.casefold() == candidate.abbreviation.casefold()
        verdict: Verdict = "equal" if same else "different"
        rows.append(Compared("abbreviation", user.abbreviation, candidate.abbreviation, verdict))
    return ChoiceOut(
        last6(candidate.key) if candidate.rule == "attribute:eck_id" else masked(candidate.key, user),
        candidate.name,
        candidate.abbreviation,
        candidate.rule,
        told.rule(candidate.rule),
        candidate.cause,
        CAUSES[candidate.cause].sentence(told.language, facts),
        [_compared(row, user, told.language) for row in rows],
    )


def _names(name: str, candidate: Candidate) -> Verdict:
    if candidate.rule in BY_ITSELF or name.casefold() == candidate.name.casefold():
        return "equal"
    return "different" if candidate.rule == "value_only" or ":" in candidate.rule else "close"


def _numbers(number: str, key: str) -> Verdict:
    if not cleaned(key):
        return "missing"
    return "equal" if cleaned(number) == cleaned(key) else "different"
