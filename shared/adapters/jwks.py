"""The public keys of an identity provider: fetched rarely, by one thread, and still there when the provider is not."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from jwt import PyJWK, PyJWTError

from shared.errors import ProfijtError, Unauthenticated, Unreachable
from shared.values import dataclass

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "ES256")
_LEAST, _MOST = timedelta(minutes=5), timedelta(hours=24)
_STALE = timedelta(days=1)  # beyond the maximal age, only while the provider cannot be reached
_PAUSE = timedelta(minutes=1)  # between two attempts: a made-up key id may not make us call the provider
_FIRST_PAUSE = timedelta(seconds=5)  # while there are no keys at all


@dataclass(frozen=True, slots=True)
class _Held:
    keys: Mapping[str, PyJWK]
    since: datetime


class Keys:
    """Keys by id. `jwks_url` is where they are; "" means: where `issuer` says (OpenID Connect Discovery 1.0).

    `fetch` gives the body of an address or raises one of our errors. `max_age` is kept between 5 minutes and a day.
    Safe for threads: whoever has a usable key never waits for the network.
    """

    def __init__(
        self,
        *,
        issuer: str,
        jwks_url: str,
        fetch: Callable[[str], bytes],
        now: Callable[[], datetime],
        max_age: timedelta = timedelta(hours=1),
    ) -> None:
        self._issuer, self._jwks_url, self._fetch, self._now = issuer, jwks_url, fetch, now
        self._max_age = min(max(max_age, _LEAST), _MOST)
        self._held: _Held | None = None
        self._tried: datetime | None = None
        self._failed = False
        self._lock = Lock()

    def find(self, kid: str) -> PyJWK:
        """Raises Unauthenticated "token.key_unknown", or Unreachable when that cannot be told now."""
        now, held = self._now(), self._held
        has_key = held is not None and kid in held.keys
        if not (has_key and self._is_fresh(now)) and self._lock.acquire(blocking=not has_key):
            try:
                self._refresh(kid, now)
            finally:
                self._lock.release()
        held = self._held
        if held is None or now - held.since > self._max_age + _STALE or (self._failed and kid not in held.keys):
            raise Unreachable("identity.unreachable", service="identity")
        if kid not in held.keys:
            raise Unauthenticated("token.key_unknown")
        return held.keys[kid]

    def _is_fresh(self, now: datetime) -> bool:
        return self._held is not None and now - self._held.since < self._max_age

    def _refresh(self, kid: str, now: datetime) -> None:
        if self._held is not None and kid in self._held.keys and self._is_fresh(now):
            return  # another thread did it while we waited
        pause = _PAUSE if self._held is not None else _FIRST_PAUSE
        if self._tried is not None and timedelta(0) <= now - self._tried < pause:
            return
        self._tried = now
        try:
            self._held, self._failed = _Held(self._fetched(), now), False
        except ProfijtError as error:
            self._failed = True
            log.warning("keys not fetched", extra={"fields": {"event": "keys_not_fetched", "code": error.code}})

    def _fetched(self) -> dict[str, PyJWK]:
        url = self._jwks_url or self._discovered()
        listed = self._json(url).get("keys")
        found = [_usable(each) for each in listed] if isinstance(listed, list) else []
        keys = dict(filter(None, found))
        if not keys:  # an empty list may not throw away keys that work
            raise Unreachable("identity.unreachable", service="identity")
        return keys

    def _discovered(self) -> str:
        told = self._json(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        url = told.get("jwks_uri")
        if told.get("issuer") != self._issuer or not isinstance(url, str):
            raise Unreachable("identity.unreachable", service="identity")
        return url

    def _json(self, url: str) -> dict[str, Any]:
        try:
            told = json.loads(self._fetch(url))
        except (ValueError, RecursionError) as err:
            raise Unreachable("identity.unreachable", service="identity") from err
        return told if isinstance(told, dict) else {}


def _usable(jwk: object) -> tuple[str, PyJWK] | None:
    """A public RSA or P-256 key meant for signatures, with its id; None for every other kind."""
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str) or "d" in jwk or jwk.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(jwk)
    except (PyJWTError, TypeError, ValueError, AttributeError):  # what a hostile JWK raises from within
        return None
    return (jwk["kid"], key) if key.algorithm_name in ALGORITHMS else None
