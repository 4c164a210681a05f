"""A Host-URL as somebody typed it → the places where the SIS's OneRoster can be: the same for every way to spell it.

Whether such a place may be called at all (https, port 443, a public address) is for the door to judge, which looks
again at every call. Refused here is what no place could be made of, and what would be a secret in an address.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal
from urllib.parse import unquote, urlsplit

from shared.domain.partner import Auth, Partner, Service, Version
from shared.errors import Fault, Invalid
from shared.values import dataclass

Security = Literal["HMAC-SHA1", "HMAC-SHA256", "oauth2"]
Path = tuple[str, ...]

LONGEST = 2000
APP = "profijt"  # our application's name at a SIS that has one in its addresses, unless the address typed says another
_SECURITY: Mapping[Auth, Security] = {
    Auth.OAUTH1_SHA1: "HMAC-SHA1",
    Auth.OAUTH1_SHA256: "HMAC-SHA256",
    Auth.OAUTH2_BASIC: "oauth2",
    Auth.OAUTH2_BODY: "oauth2",
}
_BASE: Mapping[Version, str] = {"1.1": "/ims/oneroster/v1p1", "1.2": "/ims/oneroster/rostering/v1p2"}
_SCHEME = re.compile(r"(https?):/*", re.IGNORECASE)
_SECRET = re.compile(r"secret|passw|pwd|token|key|credential|assertion", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place to try: `prefix` is the address up to "/ims/oneroster"; ways of signing in the order in which to try
    them; `tokens`, the addresses at which this partner is known to give tokens for it."""

    prefix: str
    version: Version
    securities: tuple[Security, ...]
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Typed:
    origin: str  # scheme, host and port, in lower case
    path: Path
    query: str


def candidates(typed: str, partner: Partner) -> tuple[Candidate, ...]:
    """Every place, in the partner's order; the same whether or not a known prefix (always also "/api") or an endpoint
    was typed, with whatever slashes and capitals in the host.

    Raises Invalid "request.body_invalid" with "/hostUrl" and: address.too_long, address.malformed, address.not_https,
    address.user_info, sis.host_query.
    """
    address = _read(typed, "/hostUrl")
    if address.query:
        raise _fault("/hostUrl", "sis.host_query")
    root, app = _root(_without_endpoint(address.path), partner)
    found: dict[tuple[str, Version], Candidate] = {}
    for service in partner.services:
        for prefix in _prefixes(service, app):
            place = "/".join((address.origin, *_joined(root, prefix)))
            tokens = tuple(_token(address.origin, place, service.version, token, app) for token in service.tokens)
            securities = tuple(dict.fromkeys(_SECURITY[auth] for auth in service.auth))
            found.setdefault((place, service.version), Candidate(place, service.version, securities, tokens))
    return tuple(found.values())


def token_address(typed: str) -> str:
    """A Verificatie-URL in one spelling, "" for none: it is shown and kept as it is.

    Raises Invalid as `candidates`, with "/verificatieUrl"; its query may be there, and "sis.secret_in_address" is what
    it is when that holds a secret by its name.
    """
    if not typed.strip():
        return ""
    address = _read(typed, "/verificatieUrl")
    names = (unquote(part.partition("=")[0]) for part in re.split("[&;?]", address.query))
    if any(map(_SECRET.search, names)):
        raise _fault("/verificatieUrl", "sis.secret_in_address")
    return "/".join((address.origin, *address.path)) + (f"?{address.query}" if address.query else "")


def _read(typed: str, pointer: str) -> _Typed:
    text = typed.strip()
    if len(text) > LONGEST:
        raise _fault(pointer, "address.too_long")
    if not text.isprintable() or " " in text or "\\" in text:
        raise _fault(pointer, "address.malformed")
    if "#" in text:
        raise _fault(pointer, "sis.host_query")
    scheme = _SCHEME.match(text)
    if scheme is None and "://" in text:
        raise _fault(pointer, "address.not_https")
    rest = text[scheme.end() :] if scheme else text.lstrip("/")
    place, _, query = rest.partition("?")
    authority, _, path = place.partition("/")
    if "@" in authority:
        raise _fault(pointer, "address.user_info")
    parts = tuple(part for part in path.split("/") if part)
    if not authority or not path.isascii() or not query.isascii() or not {".", ".."}.isdisjoint(parts):
        raise _fault(pointer, "address.malformed")
    kind = scheme[1].lower() if scheme else "https"
    origin = f"{kind}://{authority.lower()}"
    _check_authority(origin, pointer)
    return _Typed(origin.removesuffix(":443") if kind == "https" else origin, parts, query)


def _check_authority(origin: str, pointer: str) -> None:
    """Raises Invalid for a host or a port that urllib cannot read, as whoever calls it would."""
    try:
        read = urlsplit(origin)
        readable = bool(read.hostname)
    except ValueError:
        readable = False
    if not readable:
        raise _fault(pointer, "address.malformed")
    try:
        _ = read.port
    except ValueError as err:
        raise _fault(pointer, "address.port") from err


def _without_endpoint(path: Path) -> Path:
    """What stands before /ims/oneroster, whichever version or service it went on to."""
    for at, part in enumerate(path):
        if part.lower() == "ims" and (at + 1 == len(path) or path[at + 1].lower() == "oneroster"):
            return path[:at]
    return path


def _root(path: Path, partner: Partner) -> tuple[Path, str]:
    """The path without the known prefix at its end, and what our application is called in it."""
    known = {prefix for service in partner.services for prefix in _prefixes(service, "{app}")}
    for prefix in sorted(known, key=len, reverse=True):
        end = path[-len(prefix) :]
        if prefix and len(end) == len(prefix) and all(map(_fits, prefix, end)):
            return path[: -len(prefix)], dict(zip(prefix, end, strict=True)).get("{app}", APP)
    return path, APP


def _fits(known: str, typed: str) -> bool:
    return known in (typed, "{app}")


def _prefixes(service: Service, app: str) -> Iterator[Path]:
    for prefix in dict.fromkeys((*service.prefixes, "", "/api")):
        yield tuple(part.replace("{app}", app) for part in prefix.split("/") if part)


def _joined(root: Path, prefix: Path) -> Path:
    """One behind the other, where the end of the one is the beginning of the other only once."""
    shared = next(n for n in range(len(prefix), -1, -1) if root[len(root) - n :] == prefix[:n])
    return root + prefix[shared:]


def _token(origin: str, place: str, version: Version, token: str, app: str) -> str:
    address = token.replace("{app}", app)
    return address.replace("{base}", place + _BASE[version]) if "{base}" in address else origin + address


def _fault(pointer: str, code: str) -> Invalid:
    return Invalid("request.body_invalid", (Fault(pointer, code),))
