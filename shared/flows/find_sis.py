"""Finds where a SIS is and how it lets us in, with few knocks: nobody's key is locked because we looked for the door.

A way of offering the credentials that was clearly refused is not taken a second time at that SIS; neither is an address
asked twice for a token it does not give. Whatever stops the search is told as one gate with one cause.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

from shared.domain.host_spelling import Candidate, Security
from shared.errors import NotAuthorized, RemoteError, Throttled
from shared.flows.sis import Credentials
from shared.gradebook_port import Gradebook, SisConnection, SisRejected
from shared.ports import App
from shared.values import dataclass

_UNREACHED = frozenset(
    {"http.dns", "http.connect", "http.connect_timeout", "http.tls"}
    | {"http.read_timeout", "http.half_answer", "http.deadline"}
)
_PLAIN = re.compile(r"[a-z0-9.-]{1,253}")
_SIGNATURES: tuple[Security, ...] = ("HMAC-SHA1", "HMAC-SHA256")
# Why OAuth 2 refuses who asks (RFC 6749, 5.2); a 401 alone can come from whatever stands at an address that is a guess.
_REFUSES = frozenset({"invalidclient", "invalidgrant", "unauthorizedclient"})
# What says that we came as far as somebody who knows keys; the further, the closer to what is the matter.
_JUDGED: Mapping[str, int] = {
    "oneroster.credentials_refused": 1,
    "oneroster.bad_token": 2,
    "oneroster.scope_refused": 3,
    "oneroster.clock_skew": 4,
    "oneroster.right_missing": 5,
}

Gate = Literal["address", "tls", "oneroster", "login", "teachers"]
GATES: tuple[Gate, ...] = get_args(Gate)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where and how the SIS lets us in; `gradebook` is what came in there."""

    connection: SisConnection
    gradebook: Gradebook


@dataclass(frozen=True, slots=True)
class Barred:
    """The gate at which the search ended, with the code of a cause and its facts. `elsewhere`: it was not the SIS but
    the host of its token address, so that of the SIS itself nothing is known."""

    at: Gate
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    elsewhere: bool = False


def find_entrance(
    app: App,
    school: str,
    places: tuple[Candidate, ...],
    credentials: Credentials,
    *,
    token_url: str,
    token_url_told: bool,
    tokens_known: bool,
    until: datetime,
) -> Entrance | Barred:
    """Try every place with every way of signing until one lets us read teachers. `token_url` "": that has to be found.

    `token_url_told`: SISs of this partner show an address for tokens, so one that lacks may be what is the matter.
    `tokens_known`: those of the places are this partner's, and no guesses. After `until` nothing new is tried.
    """
    search = _Search(app, school, places, credentials, token_url=token_url, tokens_known=tokens_known, until=until)
    try:
        return search.entrance() or search.barred(token_url_told=token_url_told)
    except _Stopped as stopped:
        return stopped.barred


class _Stopped(Exception):
    """Going on would meet the same again."""

    def __init__(self, barred: Barred) -> None:
        super().__init__(barred.code)
        self.barred = barred


class _Search:
    """`refused` are the ways of offering, `tokenless` the addresses that need no second try; `met` is what ended each
    attempt."""

    def __init__(
        self,
        app: App,
        school: str,
        places: tuple[Candidate, ...],
        credentials: Credentials,
        *,
        token_url: str,
        tokens_known: bool,
        until: datetime,
    ) -> None:
        self._app, self._places, self._until = app, places, until
        self._host = urlsplit(places[0].prefix).hostname or ""
        self._named = self._host if _PLAIN.fullmatch(self._host) else "?"  # as errors name it
        self._tokens_known = tokens_known
        self._found = token_url  # or the first address that gave a token, be it for a place that was the wrong one
        self._connection = SisConnection(
            school=school,
            prefix="",
            version="1.1",
            security="oauth2",
            key=credentials.key,
            secret=credentials.secret,
            secret_version=app.new_id(),  # its own, so that no token of the saved secret answers for this one
        )
        self.refused: set[Security] = set()
        self.tokenless: set[str] = set()
        self.met: list[RemoteError] = []

    def entrance(self) -> Entrance | None:
        for ways in (self._known_ways, self._searched_ways):
            for place in self._places:
                for connection in ways(place):
                    if found := self._try(connection):
                        return found
        return None

    def _known_ways(self, place: Candidate) -> Iterator[SisConnection]:
        for security in place.securities:
            urls = ("",) if security != "oauth2" else (self._found,) if self._found else place.tokens
            for url in urls:
                if security not in self.refused and url not in self.tokenless:
                    yield self._at(place, security, url)

    def _searched_ways(self, place: Candidate) -> Iterator[SisConnection]:
        """With a token address that the client looks for itself, when nobody said where it is."""
        if "oauth2" in place.securities and "oauth2" not in self.refused and not self._found:
            yield self._at(place, "oauth2", "")

    def _at(self, place: Candidate, security: Security, token_url: str) -> SisConnection:
        return replace(
            self._connection, prefix=place.prefix, version=place.version, security=security, token_url=token_url
        )

    def _try(self, connection: SisConnection) -> Entrance | None:
        if self._app.now() > self._until:
            raise _Stopped(Barred("oneroster", "sis.took_too_long", {"host": self._host}))
        gradebook = self._app.gradebook(connection)
        try:
            token_url = gradebook.login()
        except RemoteError as err:
            self._note(connection, err)
            return None
        return Entrance(replace(connection, token_url=token_url), gradebook)

    def _note(self, connection: SisConnection, err: RemoteError) -> None:
        """Remember what the attempt taught. Raises _Stopped when every other would teach the same."""
        if err.code in _UNREACHED or err.code.startswith("address.") or isinstance(err, Throttled):
            raise _Stopped(self._unreached(err))
        if err.code == "oneroster.clock_skew":
            self.refused.update(_SIGNATURES)
        elif err.code == "oneroster.credentials_refused":
            at_token = err.facts.get("what") == "token"
            if at_token and not self._gives_tokens(connection.token_url, err):
                err = SisRejected("oneroster.token_url_unknown", service=err.service, host=self._host)
            elif at_token or connection.security != "oauth2":
                self.refused.add(connection.security)
        elif err.code == "oneroster.not_there" and connection.token_url:
            self._found = connection.token_url
        if err.code == "oneroster.token_url_unknown" and connection.token_url:
            self.tokenless.add(connection.token_url)
        self.met.append(err)

    def _gives_tokens(self, url: str, refused: RemoteError) -> bool:
        """Whether it was a token endpoint that refused: by its word, or because one is known to stand there. A 401 in
        OneRoster's words is that of a list, such as a SIS gives at every address below its base."""
        word = refused.facts.get("minor")
        known = url == self._found or (self._tokens_known and not word and refused.facts.get("status") == 401)
        return word in _REFUSES or (bool(url) and known)

    def _unreached(self, err: RemoteError) -> Barred:
        if self._is_elsewhere(err):
            return Barred("login", err.code, err.facts, elsewhere=True)
        if isinstance(err, Throttled):
            return Barred("login", err.code, err.facts)
        return Barred("tls" if err.code == "http.tls" else "address", err.code, err.facts)

    def _is_elsewhere(self, err: RemoteError) -> bool:
        return err.facts.get("host", self._named) != self._named

    def barred(self, *, token_url_told: bool) -> Barred:
        """What of all that was met comes closest to the matter."""
        furthest = max(self.met, key=lambda err: _JUDGED.get(err.code, 0))
        no_token = next((err for err in self.met if err.code == "oneroster.token_url_unknown"), None)
        if furthest.code == "oneroster.right_missing":
            return Barred("teachers", furthest.code, furthest.facts)
        if furthest.code in _JUDGED:
            # Signatures are refused as well by a SIS that only takes tokens.
            signed = furthest.code == "oneroster.credentials_refused" and self.refused == set(_SIGNATURES)
            if signed and no_token and token_url_told:
                return Barred("login", "sis.no_way_in", {"host": self._host})
            return Barred("login", furthest.code, furthest.facts, self._is_elsewhere(furthest))
        if no_token and any(map(self._is_oneroster, self._places)):
            return Barred("login", no_token.code, no_token.facts)
        others = [err for err in self.met if err.code != "oneroster.token_url_unknown"]
        if failure := next((err for err in others if err.code == "http.server_error"), None):
            return Barred("oneroster", failure.code, failure.facts)
        if others and all(err.code == "http.redirected" for err in others):
            return Barred("oneroster", "http.redirected", others[0].facts)
        return Barred("oneroster", "sis.no_oneroster", {"host": self._host, "tried": len(self._places)})

    def _is_oneroster(self, place: Candidate) -> bool:
        """Whether it asks for credentials there: tried with a key that is nobody's."""
        nobody = replace(self._at(place, "HMAC-SHA256", ""), key="profijt", secret=self._app.new_id())
        try:
            self._app.gradebook(nobody).login()
        except NotAuthorized:
            return True
        except RemoteError:
            return False
        return True
