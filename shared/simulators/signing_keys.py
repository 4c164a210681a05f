"""RS256 and ES256 key pairs with a kid, kept in memory or in a file that only its owner can read (0600)."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

Algorithm = Literal["RS256", "ES256"]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key pair; `private` is PEM (PKCS 8)."""

    kid: str
    algorithm: Algorithm
    private: str

    def loaded(self) -> Any:
        """The private key, ready to sign."""
        return _load(self.private)

    def public_pem(self) -> bytes:
        """The public half as everybody may see it (SubjectPublicKeyInfo)."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        pem: bytes = self.loaded().public_key().public_bytes(serialization.Encoding.PEM, form)
        return pem

    def public_jwk(self) -> dict[str, Any]:
        """The public half as an entry of a JWKS."""
        algorithm = RSAAlgorithm if self.algorithm == "RS256" else ECAlgorithm
        jwk: dict[str, Any] = json.loads(algorithm.to_jwk(self.loaded().public_key()))
        return {k: v for k, v in jwk.items() if k != "key_ops"} | {
            "kid": self.kid,
            "use": "sig",
            "alg": self.algorithm,
        }


@lru_cache(maxsize=64)
def _load(pem: str) -> Any:
    return serialization.load_pem_private_key(pem.encode(), password=None)


def new_key(kid: str, algorithm: Algorithm) -> SigningKey:
    """A fresh pair: RSA of 2,048 bits (about 0.1 s) or P-256."""
    made = rsa.generate_private_key(65537, 2048) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey(kid, algorithm, pem.decode())


class KeyRing:
    """Named sets of keys, made when first wanted: of one algorithm the last signs, the earlier ones still verify.

    With `file` they survive a restart, so that tokens handed out before stay good.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.RLock()
        stored = json.loads(file.read_text()) if file and file.exists() else {}
        self._sets = {name: [SigningKey(**key) for key in keys] for name, keys in stored.items()}

    def signing(self, name: str, algorithm: Algorithm) -> SigningKey:
        with self._lock:
            found = [key for key in self._sets.get(name, []) if key.algorithm == algorithm]
            return found[-1] if found else self._add(name, algorithm)

    def jwks(self, name: str, algorithms: tuple[Algorithm, ...]) -> dict[str, Any]:
        with self._lock:
            for algorithm in algorithms:
                self.signing(name, algorithm)
            return {"keys": [key.public_jwk() for key in self._sets[name]]}

    def rotate(self, name: str) -> None:
        """New keys sign from now on; the old ones stay in the JWKS until `retire`."""
        with self._lock:
            for algorithm in {key.algorithm for key in self._sets.get(name, [])}:
                self._add(name, algorithm)

    def retire(self, name: str) -> None:
        """Only the last key of each algorithm stays."""
        with self._lock:
            last = {key.algorithm: key for key in self._sets.get(name, [])}
            self._sets[name] = list(last.values())
            self._save()

    def _add(self, name: str, algorithm: Algorithm) -> SigningKey:
        keys = self._sets.setdefault(name, [])
        highest = max((int(key.kid.rpartition("-")[2]) for key in keys), default=0)
        keys.append(new_key(f"{name}-{algorithm.lower()}-{highest + 1}", algorithm))
        self._save()
        return keys[-1]

    def _save(self) -> None:
        if self._file is None:
            return
        sets = {name: [asdict(key) for key in keys] for name, keys in self._sets.items()}
        beside = self._file.with_name(f"{self._file.name}.new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(sets, out)
        beside.replace(self._file)
