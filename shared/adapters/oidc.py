"""Plays Identity: a caller is believed only with a fresh RS256 or ES256 token of our issuer, made for us.

What a token must hold: iss, aud, exp and the claims named below; nbf and iat count when they are there.
RFC 7519, RFC 8725 (JWT best current practices); Google: https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from jwt import InvalidSignatureError, PyJWTError
from jwt.api_jws import PyJWS

from shared.adapters.jwks import ALGORITHMS, Keys
from shared.errors import Unauthenticated
from shared.ports import Caller
from shared.values import dataclass

_LEEWAY = 60.0  # seconds that two clocks may differ
_LONGEST = 8 * 1024  # characters of a token
_REMEMBERED = 4096  # tokens
_TRUSTED = 300.0  # seconds a verified token is believed without looking at its signature: a revoked key dies soon
_LATEST = 1e11  # seconds since 1970: beyond the year 5000 it is no moment
_PEOPLE = frozenset({"student", "teacher", "admin", "support"})


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Under which names the issuer puts what we need."""

    user: str = "sub"
    school: str = "school"
    roles: str = "roles"


class OidcIdentity:
    """People. Roles we do not know are dropped; only support may come without a school."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        fetch: Callable[[str], bytes],
        now: Callable[[], datetime],
        jwks_url: str = "",
        claims: ClaimNames | None = None,
        max_age: timedelta = timedelta(hours=1),
    ) -> None:
        keys = Keys(issuer=issuer, jwks_url=jwks_url, fetch=fetch, now=now, max_age=max_age)
        self._names = claims or ClaimNames()
        self._tokens = _Tokens(frozenset({issuer}), audience, keys, now, self._caller)

    def caller(self, token: str) -> Caller:
        """Raises Unauthenticated "token.…", or Unreachable while the issuer's keys cannot be had."""
        return self._tokens.caller(token)

    def is_issuer_of(self, token: str) -> bool:
        """By what the token says itself."""
        return self._tokens.is_issuer_of(token)

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        names = self._names
        given = claims.get(names.roles)
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise _missing(names.roles)
        roles = _PEOPLE & frozenset(given)
        school = claims.get(names.school)
        school = "" if school is None and "support" in roles else _id(claims, names.school)
        return Caller(_id(claims, names.user), school, roles)


class MachineIdentity:
    """Named service accounts of Google (Scheduler, Pub/Sub push), as callers with the role "service" and no school."""

    def __init__(
        self,
        *,
        issuers: frozenset[str],
        audience: str,
        emails: frozenset[str],
        jwks_url: str,
        fetch: Callable[[str], bytes],
        now: Callable[[], datetime],
        max_age: timedelta = timedelta(hours=1),
    ) -> None:
        keys = Keys(issuer="", jwks_url=jwks_url, fetch=fetch, now=now, max_age=max_age)
        self._emails = emails
        self._tokens = _Tokens(issuers, audience, keys, now, self._caller)

    def caller(self, token: str) -> Caller:
        """Raises Unauthenticated "token.…", or Unreachable while Google's keys cannot be had."""
        return self._tokens.caller(token)

    def is_issuer_of(self, token: str) -> bool:
        """By what the token says itself."""
        return self._tokens.is_issuer_of(token)

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        email = _id(claims, "email")
        if claims.get("email_verified") is not True or email not in self._emails:
            raise Unauthenticated("token.machine_unknown")
        return Caller(email, "", frozenset({"service"}))


class _Tokens:
    """Tokens → callers, remembering by their hash those that were verified. Safe for threads."""

    def __init__(
        self,
        issuers: frozenset[str],
        audience: str,
        keys: Keys,
        now: Callable[[], datetime],
        read: Callable[[Mapping[str, Any]], Caller],
    ) -> None:
        self._issuers, self._audience, self._keys, self._now, self._read = issuers, audience, keys, now, read
        self._jws = PyJWS(algorithms=list(ALGORITHMS))
        self._seen: OrderedDict[bytes, tuple[Caller, float]] = OrderedDict()
        self._lock = Lock()

    def caller(self, token: str) -> Caller:
        if len(token) > _LONGEST or not token.isascii():
            raise Unauthenticated("token.malformed")
        now = self._now().timestamp()
        name = hashlib.sha256(token.encode()).digest()
        with self._lock:
            caller, until = self._seen.get(name, (None, 0.0))
            if caller is not None and until > now:
                self._seen.move_to_end(name)
                return caller
        claims = self._verified(token)
        expires = self._timely(claims, now)
        caller = self._read(claims)
        with self._lock:
            self._seen[name] = caller, min(expires, now + _TRUSTED)
            self._seen.move_to_end(name)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return caller

    def is_issuer_of(self, token: str) -> bool:
        if len(token) > _LONGEST or not token.isascii():
            return False
        try:
            claims = json.loads(self._jws.decode_complete(token, options={"verify_signature": False})["payload"])
        except (PyJWTError, ValueError, RecursionError):
            return False
        return isinstance(claims, dict) and isinstance(claims.get("iss"), str) and claims["iss"] in self._issuers

    def _verified(self, token: str) -> dict[str, Any]:
        """The claims of a token that was signed by the issuer, for us."""
        try:
            header = self._jws.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:  # "none", HS*, and whatever else is not ours to believe
                raise Unauthenticated("token.algorithm")
            kid = header.get("kid")
            if not isinstance(kid, str):
                raise Unauthenticated("token.key_unknown")
            # A PyJWK carries its own algorithm: PyJWT refuses a token that names another.
            signed = self._jws.decode_complete(
                token, self._keys.find(kid), algorithms=list(ALGORITHMS), options={"enforce_minimum_key_length": True}
            )
            claims = json.loads(signed["payload"])
        except InvalidSignatureError as err:
            raise Unauthenticated("token.signature") from err
        except (PyJWTError, ValueError, RecursionError) as err:
            raise Unauthenticated("token.malformed") from err
        if not isinstance(claims, dict):
            raise Unauthenticated("token.malformed")
        if not isinstance(claims.get("iss"), str) or claims["iss"] not in self._issuers:
            raise Unauthenticated("token.issuer")
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("token.audience")
        return claims

    @staticmethod
    def _timely(claims: Mapping[str, Any], now: float) -> float:
        """Until when, in seconds since 1970, the token may be used."""
        expires = _moment(claims, "exp") + _LEEWAY
        if expires <= now:
            raise Unauthenticated("token.expired")
        for name in ("nbf", "iat"):
            if name in claims and _moment(claims, name) - _LEEWAY > now:
                raise Unauthenticated("token.not_yet")
        return expires


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LATEST:  # nor NaN
        raise _missing(name)
    return float(value)


def _id(claims: Mapping[str, Any], name: str) -> str:
    """A text that can stand in a path of the store."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200 or not value.isprintable() or "/" in value:
        raise _missing(name)
    return value


def _missing(name: str) -> Unauthenticated:
    return Unauthenticated("token.claim_missing", claim=name)
