"""What is told of one link: who, to whom, why, on what evidence and who decided, in the caller's language.

Of an ECK-iD only the last 6 characters are shown, wherever it turns up.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from functions.told import Reader
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import ROLE_WORDS
from shared.domain.matching.names import BY_ITSELF
from shared.domain.matching.second_field import cleaned
from shared.domain.people import Candidate, Compared, Decision, Role, User
from shared.domain.run import full_name
from shared.flows.link_list import Link
from shared.flows.write_links import masked

Verdict = Literal["equal", "close", "different", "missing"]
Words = Mapping[str, tuple[str, str]]  # Dutch, English
STATES: Words = {
    "linked": ("gekoppeld", "linked"),
    "review": ("te beoordelen", "to be reviewed"),
    "conflict": ("tegenstrijdig", "contradictory"),
    "not_found": ("niet gevonden", "not found"),
    "suspended": ("opgeschort", "suspended"),
    "excluded": ("uitgesloten", "excluded"),
    "new": ("nog niet beoordeeld", "not judged yet"),
}
FIELDS: Words = {
    "name": ("Naam", "Name"),
    "number": ("Nummer en ID-nummer", "Number and ID number"),
    "abbreviation": ("Afkorting", "Abbreviation"),
    "untis_id": ("Untis ID-nummer", "Untis ID number"),
    "entree": ("Entree kenmerk en ID-nummer", "Entree attribute and ID number"),
    "eck_id": ("ECK-iD en ID-nummer", "ECK-iD and ID number"),
}
VERDICTS: Words = {
    "equal": ("gelijk", "equal"),
    "close": ("lijkt erop", "resembles"),
    "different": ("verschilt", "differs"),
    "missing": ("ontbreekt", "missing"),
}
# Rules whose sentence is that of another code: rule → what stands behind "link.".
_SENTENCES = {
    "number": "confirmed_by_number",
    "abbreviation": "confirmed_by_abbreviation",
    "anagram": "cut_differently",
    "value_only": "name_differs",
}


class ComparedOut(msgspec.Struct, frozen=True, rename="camel"):
    """One comparison: the field, its value in Profijt and in WebUntis. `verdict`: equal, close, different, missing."""

    field: str
    profijt: str
    web_untis: str
    verdict: str
    verdict_text: str


class ChoiceOut(msgspec.Struct, frozen=True, rename="camel"):
    """A WebUntis person it might be; `reason` says why it was not linked by itself."""

    id_number: str
    name: str
    rule: str
    code: str
    reason: str
    compared: list[ComparedOut]


class LinkOut(msgspec.Struct, frozen=True, rename="camel"):
    """One user's link. `state`: linked, review, conflict, not_found, suspended, excluded, or new: not judged yet.

    `rule` is the rule used, `reason` why it is so, with remedy and owner; `candidates` best first. `by` is
    "automatisch" or the id of the person who decided, `note` that person's reason; `never` are ID-nummers a person
    ruled out. `since` is in the school's zone, null when nothing was decided yet. Send `etag` as If-Match to decide.
    """

    user: str
    name: str
    role: str
    state: str
    state_text: str
    id_number: str
    code: str
    rule: str
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


def word(words: Words, key: str, language: Language) -> str:
    """In this language; a key without words is its own word."""
    return words[key][language == "en"] if key in words else key


def told_link(told: Reader, link: Link) -> LinkOut:
    """The link as this caller reads it."""
    user, decision = link.user, link.decision
    cause = CAUSES[decision.cause if decision else "links.not_judged"]
    facts = _facts(decision, told.language)
    role = ROLE_WORDS[Role(user.role)][told.language]
    name, state = full_name(user), word(STATES, link.state, told.language)
    sentence, remedy = cause.sentence(told.language, facts), cause.remedy(told.language, facts)
    if decision is None:
        return LinkOut(
            user.id, name, role, link.state, state, "", cause.code, "", sentence, remedy, cause.owner,
            [], [], [], "", None, "", link.version,
        )  # fmt: skip
    return LinkOut(
        user.id,
        name,
        role,
        link.state,
        state,
        masked(decision.key, user),
        cause.code,
        _rule(decision.rule, facts, told.language),
        sentence,
        remedy,
        cause.owner,
        [_compared(row, user, told.language) for row in decision.compared],
        [_choice(candidate, user, facts, told.language) for candidate in decision.candidates],
        [masked(key, user) for key in decision.never],
        decision.decided_by if decision.by == "person" else "automatisch",
        datetime.fromisoformat(decision.since).astimezone(told.zone) if decision.since else None,
        str(facts.get("reason", "")),
        link.version,
    )


def _facts(decision: Decision | None, language: Language) -> dict[str, str | int]:
    facts: dict[str, str | int] = dict(decision.facts) if decision else {}
    if "attribute" in facts:
        facts["attribute"] = word(FIELDS, str(facts["attribute"]), language)
    return facts


def _rule(rule: str, facts: Mapping[str, str | int], language: Language) -> str:
    kind, _, attribute = rule.partition(":")
    if attribute:
        kind, facts = "attribute_equal", {**facts, "attribute": word(FIELDS, attribute, language)}
    cause = CAUSES.get(f"link.{_SENTENCES.get(kind, kind)}")
    return cause.sentence(language, facts) if cause else ""


def _compared(row: Compared, user: User, language: Language) -> ComparedOut:
    eck = row.field == "eck_id"
    mine, theirs = (_last6(value) if eck else masked(value, user) for value in (row.user, row.person))
    field, verdict = word(FIELDS, row.field, language), word(VERDICTS, row.verdict, language)
    return ComparedOut(field, mine, theirs, row.verdict, verdict)


def _choice(candidate: Candidate, user: User, facts: Mapping[str, str | int], language: Language) -> ChoiceOut:
    rows = [Compared("name", full_name(user), candidate.name, _names(full_name(user), candidate))]
    if user.number:
        rows.append(Compared("number", user.number, candidate.key, _numbers(user.number, candidate.key)))
    return ChoiceOut(
        _last6(candidate.key) if candidate.rule == "attribute:eck_id" else masked(candidate.key, user),
        candidate.name,
        _rule(candidate.rule, facts, language),
        candidate.cause,
        CAUSES[candidate.cause].sentence(language, facts),
        [_compared(row, user, language) for row in rows],
    )


def _names(name: str, candidate: Candidate) -> Verdict:
    if candidate.rule in BY_ITSELF or name.casefold() == candidate.name.casefold():
        return "equal"
    return "different" if candidate.rule == "value_only" or ":" in candidate.rule else "close"


def _numbers(number: str, key: str) -> Verdict:
    if not cleaned(key):
        return "missing"
    return "equal" if cleaned(number) == cleaned(key) else "different"


def _last6(value: str) -> str:
    return f"…{value[-6:]}" if value else ""
