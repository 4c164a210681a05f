"""GET /v1/status: how the systems behind this service are doing, in one word each, for anybody."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from functions.route import PUBLIC, Answer, Asked, Route
from shared.domain.causes import Language
from shared.domain.upstream import Word
from shared.flows.upstreams import read_upstreams
from shared.ports import App

NAMES: Mapping[str, Mapping[Language, str]] = {
    "database": {"nl": "Database van Profijt", "en": "Profijt's database"},
    "webuntis": {"nl": "WebUntis", "en": "WebUntis"},
    "schoolsearch": {"nl": "WebUntis, zoeken van scholen", "en": "WebUntis school search"},
}
TEXTS: Mapping[Word, Mapping[Language, str]] = {
    Word.OK: {"nl": "Geen storing gezien.", "en": "No trouble seen."},
    Word.DISTURBED: {"nl": "Storing bij een deel van de scholen.", "en": "Trouble at some schools."},
    Word.DOWN: {"nl": "Niet bereikbaar.", "en": "Out of reach."},
    Word.UNKNOWN: {"nl": "Niet bekend: er is al een tijd niets gevraagd.", "en": "Not known: nobody asked lately."},
}


class UpstreamOut(msgspec.Struct, frozen=True):
    """`word`: ok, disturbed, down or unknown; `since`: when that was first seen, UTC."""

    name: str
    word: str
    since: datetime
    label: str
    text: str


class StatusOut(msgspec.Struct, frozen=True):
    """As the last runs of all schools met them, noted every half hour; nothing about any one school."""

    upstreams: list[UpstreamOut]


def get_status(app: App, asked: Asked) -> Answer:
    """One word on each system."""
    language = asked.language
    told = [
        UpstreamOut(name, one.word, one.since, NAMES[name][language], TEXTS[one.word][language])
        for name, one in read_upstreams(app).items()
    ]
    return Answer(StatusOut(told), headers={"Cache-Control": "public, max-age=60"})


ROUTES = (
    Route(
        "GET",
        "/v1/status",
        get_status,
        roles=PUBLIC,
        summary="Hoe het gaat met de systemen erachter / How the systems behind this are doing",
        answer=StatusOut,
    ),
)
