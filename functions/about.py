"""What every function tells about itself: that it is up, its own documentation, and what each problem means."""

from string import Formatter
from typing import Any, Literal

import msgspec

from functions.route import PUBLIC, Answer, Asked, Route
from shared.domain.causes import CAUSES, Cause
from shared.errors import NotFound
from shared.ports import App

_CACHED = {"Cache-Control": "public, max-age=300"}


class Health(msgspec.Struct, frozen=True):
    """Up, and which release."""

    status: Literal["ok"]
    version: str


class Explained(msgspec.Struct, frozen=True):
    """A problem in one language; words between braces are filled in when it happens."""

    detail: str
    remedy: str


class ProblemPage(msgspec.Struct, frozen=True):
    """What a `code` means, who can mend it, and how."""

    code: str
    owner: str
    nl: Explained
    en: Explained


class ProblemPages(msgspec.Struct, frozen=True):
    """Every code there is, in alphabetical order."""

    items: list[ProblemPage]


def routes(version: str = "dev") -> tuple[Route, ...]:
    """Public, cheap, and without any school's data."""

    def health(app: App, asked: Asked) -> Answer:  # noqa: ARG001  asks nobody: up means up
        return Answer(Health("ok", version), headers={"Cache-Control": "no-store"})

    return (
        Route("GET", "/v1/health", health, roles=PUBLIC, summary="Werkt het? / Is it up?", answer=Health),
        Route(
            "GET",
            "/v1/openapi.json",
            _openapi,
            roles=PUBLIC,
            summary="Dit document / This document",
            answer=dict[str, Any],
        ),
        Route(
            "GET",
            "/v1/problems",
            _problems,
            roles=PUBLIC,
            summary="Alle foutcodes / Every problem code",
            answer=ProblemPages,
        ),
        Route(
            "GET",
            "/v1/problems/{code}",
            _problem,
            roles=PUBLIC,
            summary="Wat een foutcode betekent / What a problem code means",
            answer=ProblemPage,
        ),
    )


def _openapi(app: App, asked: Asked) -> Answer:  # noqa: ARG001
    from functions.openapi import current  # not at import: it knows the routes of every function, we only ours

    return Answer(current(), headers=_CACHED)


def _problems(app: App, asked: Asked) -> Answer:  # noqa: ARG001
    return Answer(ProblemPages([_page(CAUSES[code]) for code in sorted(CAUSES)]), headers=_CACHED)


def _problem(app: App, asked: Asked) -> Answer:  # noqa: ARG001
    cause = CAUSES.get(asked.path["code"])
    if cause is None:
        raise NotFound("request.not_found")
    return Answer(_page(cause), headers=_CACHED)


def _page(cause: Cause) -> ProblemPage:
    sentences = cause.nl + cause.en + cause.remedy_nl + cause.remedy_en
    blanks = {name: f"{{{name}}}" for _, name, _, _ in Formatter().parse(sentences) if name}
    return ProblemPage(
        cause.code,
        cause.owner.value,
        Explained(cause.sentence("nl", blanks), cause.remedy("nl", blanks)),
        Explained(cause.sentence("en", blanks), cause.remedy("en", blanks)),
    )
