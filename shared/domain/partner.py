"""A SIS that grades can be sent to, as one data file in `partners/` tells of it: a new one is a file and no code.

Sources: the help article that this function follows (status, licence, words, steps) and the vendors' own guides and
testers (limits, quirks). Where they are silent the file takes the safe reading, and says so in `unknown`.
"""

from enum import StrEnum
from typing import Literal

from shared.domain.causes import Language
from shared.values import dataclass

Version = Literal["1.1", "1.2"]
ScoreStatus = Literal["exempt", "fully graded", "not submitted", "partially graded", "submitted"]


class Status(StrEnum):
    """How far the partnership is: with a licence it works, a school may join the pilot, or its SIS has to be asked."""

    AVAILABLE = "available"
    PILOT = "pilot"
    CONTACT = "contact"


class Need(StrEnum):
    """What the SIS does with a field: refuses an item without it, takes both, or throws it away."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    IGNORED = "ignored"


class Auth(StrEnum):
    """How a request is signed. Of OAuth 2 (client credentials): where the token request carries key and secret."""

    OAUTH1_SHA1 = "oauth1-hmac-sha1"
    OAUTH1_SHA256 = "oauth1-hmac-sha256"
    OAUTH2_BASIC = "oauth2-basic"
    OAUTH2_BODY = "oauth2-body"


@dataclass(frozen=True, slots=True)
class Text:
    """The same said in both languages."""

    nl: str
    en: str

    def told(self, language: Language) -> str:
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class Words:
    """What the SIS calls our fields Host-URL, Toegangssleutel, Geheime code and Verificatie-URL (token_url, "": it has
    none); in the language of its own screens."""

    host_url: str
    key: str
    secret: str
    token_url: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who helps a school with this SIS; `address` is a web address or "" when the sources give none."""

    name: Text
    address: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the SIS takes in an item. `title`: most characters; `whole_maximum`: no 10.5 points; `comment`: most
    characters beside a result, 0: none is sent."""

    title: int
    unique_titles: bool  # within a class
    whole_maximum: bool
    due_date_required: bool
    due_in_open_period: bool
    category: Need
    comment: int


@dataclass(frozen=True, slots=True)
class Service:
    """One version of OneRoster at this SIS; ways of signing and places are in the order in which to try them.

    `prefixes` stand between the host and `/ims/oneroster/…`, `tokens` are where to ask for a token when the school gave
    no Verificatie-URL: below the host, or below the base with "{base}". "{app}" is the application's name at the SIS.
    """

    version: Version
    auth: tuple[Auth, ...]
    prefixes: tuple[str, ...]
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quirks:
    """Where the SIS departs from the standard, or leaves it open; what has to be known beforehand."""

    deletes: bool  # line items and results can be deleted through the API
    score_statuses: tuple[ScoreStatus, ...]  # those that come to stand in its gradebook as they were meant
    upper_case_key: bool = False
    credential_days: int = 0  # after which key and secret expire; 0: not that we know


@dataclass(frozen=True, slots=True)
class Partner:
    """`id` is the file's name. `licence` is "" where none is asked; `unknown` names the fields ("limits.title") that
    hold a safe reading because no source tells."""

    id: str
    rank: int  # place in the list
    name: str
    status: Status
    licence: str
    next_step: Text  # for a school that cannot connect yet
    words: Words
    contact: Contact
    steps: tuple[Text, ...]  # at the SIS, until key and secret are known
    notes: tuple[Text, ...]
    limits: Limits
    services: tuple[Service, ...]  # none: there is nothing to connect to
    quirks: Quirks
    unknown: tuple[str, ...]
