"""An OIDC identity provider on loopback: good tokens for every persona, and each kind of token that must be refused.

People: issuer `url`, keys at /jwks (RS256 and ES256). Machines, as Google signs them for Scheduler and Pub/Sub:
issuer `machine_issuer`, keys of their own at /machines/jwks. Over HTTP, for `make run`:

    POST /token?persona=admin|teacher|student|support|service [&school=][&sub=]
    POST /machine-token?aud=https://… [&email=]
"""

import base64
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import jwt

from shared.simulators.server import LoopbackServer, Reply, Request, json_reply
from shared.simulators.signing_keys import Algorithm, KeyRing, SigningKey, new_key

Flaw = Literal[
    "expired",
    "not_yet_valid",
    "wrong_audience",
    "wrong_issuer",
    "alg_none",
    "hs256_with_public_key",
    "unknown_kid",
    "no_kid",
    "foreign_key",  # a known kid, signed by another key
    "tampered",  # claims changed after signing
    "no_subject",
    "no_expiry",
    "no_audience",
    "no_issuer",
    "not_a_token",
]
FLAWS: tuple[Flaw, ...] = get_args(Flaw)

# persona → (sub, school named in the token, roles); support belongs to no school
PERSONAS: dict[str, tuple[str, bool, tuple[str, ...]]] = {
    "admin": ("u-beheerder", True, ("admin",)),
    "teacher": ("u-docent", True, ("teacher",)),
    "student": ("u-leerling", True, ("student",)),
    "support": ("u-support", False, ("support",)),
    "service": ("profijt-backend", True, ("service",)),
}


class IdentitySimulator(LoopbackServer):
    """`with IdentitySimulator(audience=…) as identity:`; `keys` is a file that keeps the keys over restarts.

    `calls` counts "discovery", "jwks", "token" and their "machines/…" forms; `down = True` makes all of them 503.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        audience: str = "profijt-koppelingen",
        school: str = "demo",
        machine_issuer: str = "",
        machine_email: str = "scheduler@profijt-demo.iam.gserviceaccount.com",
        keys: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(port)
        self.audience = audience
        self.school = school
        self.issuer = self.url
        self.jwks_url = f"{self.url}/jwks"
        self.machine_issuer = machine_issuer or f"{self.url}/machines"
        self.machine_jwks_url = f"{self.url}/machines/jwks"
        self.machine_email = machine_email
        self.down = False
        self.calls: Counter[str] = Counter()
        self._now = now
        self._ring = KeyRing(keys)

    # ------------------------------------------------------------ good tokens

    def token(
        self,
        *,
        sub: str = "u-beheerder",
        school: str | None = None,
        roles: Sequence[str] = ("admin",),
        algorithm: Algorithm = "RS256",
        **overrides: object,
    ) -> str:
        """A person's token, good for an hour. `school=""` leaves that claim out (None: `self.school`); an override of
        None removes its claim."""
        claims = self._claims(sub=sub, school=self.school if school is None else school, roles=roles)
        return _sign(_with(claims, overrides), self._ring.signing("people", algorithm))

    def persona(self, name: str, *, school: str | None = None, sub: str = "") -> str:
        """A token for one of PERSONAS; raises KeyError for another name."""
        default_sub, belongs, roles = PERSONAS[name]
        return self.token(sub=sub or default_sub, school=school if belongs else "", roles=roles)

    def machine_token(self, *, audience: str, email: str = "", **overrides: object) -> str:
        """As Google signs for Scheduler and Pub/Sub: `audience` is the address of the function."""
        return _sign(_with(self._machine_claims(audience, email), overrides), self._ring.signing("machines", "RS256"))

    # ------------------------------------------------------------ bad tokens

    def bad_token(
        self, flaw: Flaw, *, sub: str = "u-beheerder", school: str | None = None, roles: Sequence[str] = ("admin",)
    ) -> str:
        """A person's token with exactly one thing wrong."""
        claims = self._claims(sub=sub, school=self.school if school is None else school, roles=roles)
        return _spoilt(flaw, claims, self._ring.signing("people", "RS256"))

    def bad_machine_token(self, flaw: Flaw, *, audience: str, email: str = "") -> str:
        """A machine's token with exactly one thing wrong. Also wrong, made by `machine_token`: another e-mail
        address, and `email_verified=False`."""
        return _spoilt(flaw, self._machine_claims(audience, email), self._ring.signing("machines", "RS256"))

    # ------------------------------------------------------------ keys

    def rotate(self) -> None:
        """New people's keys sign from now on; tokens signed before stay good until `retire`."""
        self._ring.jwks("people", ("RS256", "ES256"))
        self._ring.rotate("people")

    def retire(self) -> None:
        """Take the keys from before the last rotation out of the JWKS."""
        self._ring.retire("people")

    # ------------------------------------------------------------ HTTP

    def answer(self, request: Request) -> Reply:
        path = request.path.strip("/")
        self.calls[path.replace(".well-known/openid-configuration", "discovery")] += 1
        if self.down:
            return Reply(503, b"down", "text/plain")
        match request.method, path:
            case "GET", ".well-known/openid-configuration":
                return json_reply(_discovery(self.issuer, self.jwks_url, f"{self.url}/token"))
            case "GET", "machines/.well-known/openid-configuration":
                return json_reply(_discovery(self.machine_issuer, self.machine_jwks_url, f"{self.url}/machine-token"))
            case "GET", "jwks":
                return self._jwks("people", ("RS256", "ES256"))
            case "GET", "machines/jwks":
                return self._jwks("machines", ("RS256",))
            case "POST", "token":
                asked = {**request.query, **request.form()}
                if asked.get("persona") not in PERSONAS:
                    return json_reply({"error": "invalid_request", "personas": list(PERSONAS)}, 400)
                return _granted(self.persona(asked["persona"], school=asked.get("school"), sub=asked.get("sub", "")))
            case "POST", "machine-token":
                asked = {**request.query, **request.form()}
                if not asked.get("aud"):
                    return json_reply({"error": "invalid_request", "missing": "aud"}, 400)
                return _granted(self.machine_token(audience=asked["aud"], email=asked.get("email", "")))
        return Reply(404)

    def _jwks(self, name: str, algorithms: tuple[Algorithm, ...]) -> Reply:
        return json_reply(self._ring.jwks(name, algorithms), headers={"Cache-Control": "public, max-age=300"})

    # ------------------------------------------------------------ claims

    def _claims(self, *, sub: str, school: str, roles: Sequence[str]) -> dict[str, Any]:
        now = int(self._now())
        claims = {"iss": self.issuer, "aud": self.audience, "sub": sub, "roles": list(roles)}
        times = {"iat": now, "nbf": now, "exp": now + 3600}
        return claims | times | ({"school": school} if school else {})

    def _machine_claims(self, audience: str, email: str) -> dict[str, Any]:
        now = int(self._now())
        return {
            "iss": self.machine_issuer,
            "aud": audience,
            "azp": "106790000000000000067",
            "sub": "106790000000000000067",
            "email": email or self.machine_email,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        }


def _with(claims: dict[str, Any], overrides: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in (claims | overrides).items() if value is not None}


def _sign(claims: dict[str, Any], key: SigningKey) -> str:
    return jwt.encode(claims, key.loaded(), algorithm=key.algorithm, headers={"kid": key.kid})


def _spoilt(flaw: Flaw, claims: dict[str, Any], key: SigningKey) -> str:
    changed: dict[str, dict[str, object]] = {
        "expired": {"iat": claims["iat"] - 7200, "nbf": claims["iat"] - 7200, "exp": claims["iat"] - 3600},
        "not_yet_valid": {"nbf": claims["iat"] + 3600, "exp": claims["iat"] + 7200},
        "wrong_audience": {"aud": "https://elders.example"},
        "wrong_issuer": {"iss": "https://elders.example"},
        "no_subject": {"sub": None},
        "no_expiry": {"exp": None},
        "no_audience": {"aud": None},
        "no_issuer": {"iss": None},
    }
    match flaw:
        case "alg_none":
            return _assembled({"alg": "none", "typ": "JWT", "kid": key.kid}, claims, lambda _: b"")
        case "hs256_with_public_key":  # the classic confusion: a public key taken for a shared secret
            secret = key.public_pem()
            header = {"alg": "HS256", "typ": "JWT", "kid": key.kid}
            return _assembled(header, claims, lambda text: hmac.digest(secret, text, hashlib.sha256))
        case "unknown_kid":
            return _sign(claims, new_key("nobody-knows-me", key.algorithm))
        case "no_kid":
            return jwt.encode(claims, key.loaded(), algorithm=key.algorithm)
        case "foreign_key":
            return _sign(claims, new_key(key.kid, key.algorithm))
        case "tampered":
            head, _, signature = _sign(claims, key).split(".")
            return f"{head}.{_coded(claims | {'sub': 'u-somebody-else'})}.{signature}"
        case "not_a_token":
            return "geen.geldig.token"
    return _sign(_with(claims, changed[flaw]), key)


def _assembled(header: dict[str, str], claims: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """A token put together by hand, because PyJWT rightly refuses to make these."""
    text = f"{_coded(header)}.{_coded(claims)}"
    return f"{text}.{base64.urlsafe_b64encode(sign(text.encode())).rstrip(b'=').decode()}"


def _coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _granted(token: str) -> Reply:
    return json_reply({"access_token": token, "token_type": "Bearer", "expires_in": 3600})


def _discovery(issuer: str, jwks: str, token: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "jwks_uri": jwks,
        "token_endpoint": token,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    }
