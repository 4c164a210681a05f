"""An identity provider in the hand of a test: it signs what it is told, also what no decent provider would."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ISSUER = "https://login.profijt.example"
AUDIENCE = "koppelingen"


@cache
def rsa_key(kid: str = "rsa-1", bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key(kid: str = "ec-1") -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def jwk(private: Any, kid: str, **more: str) -> dict[str, Any]:
    kind = jwt.algorithms.RSAAlgorithm if isinstance(private, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**kind.to_jwk(private.public_key(), as_dict=True), "kid": kid, "use": "sig", **more}


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys) or [jwk(rsa_key(), "rsa-1"), jwk(ec_key(), "ec-1")]}).encode()


def claims(**changed: Any) -> dict[str, Any]:
    """Els, admin of school dalton, for an hour; a claim that is ... is left out."""
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u-els",
        "school": "dalton",
        "roles": ["admin"],
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
    }
    return {name: value for name, value in {**usual, **changed}.items() if value is not ...}


def signed(payload: dict[str, Any] | None = None, *, alg: str = "RS256", kid: Any = "rsa-1", key: Any = None) -> str:
    key = key or (ec_key() if alg == "ES256" else rsa_key())
    body = json.dumps(claims() if payload is None else payload).encode()  # PyJWT would refuse some of our bad claims
    return jwt.PyJWS().encode(body, key, algorithm=alg, headers={"kid": kid} if kid else None)


def glued(header: Any, payload: Any, signature: bytes = b"x") -> str:
    """Any three parts, as a token."""

    def part(value: Any) -> str:
        raw = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    return f"{part(header)}.{part(payload)}.{part(signature)}"


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


class Net:
    """What each address answers: bytes, or an error to raise. Counts the calls."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = answers
        self.calls: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.calls.append(url)
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return bytes(answer)
