"""Whether WebUntis' platform signed a body: RSASSA-PKCS1-v1_5 with SHA-256 by a configured key, and nothing else.

The header holds base64 of a signature over the raw body (developer.untis.com/integration-guides/webhooks/). Which
algorithm that is, is decided here and never by the message.
"""

import base64
import binascii
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from shared.errors import Misconfigured

SHORTEST = 2048  # bits
LONGEST = 4096  # letters of a signature: a key of 24,000 bits


def verifier(keys: Sequence[str]) -> Callable[[bytes, str], bool]:
    """Tells whether `signature` (base64) is of exactly these bytes by one of `keys`: two while a key is being replaced.

    A key is a PEM (SubjectPublicKeyInfo; "\\n" may stand for its line ends) or the base64 in it alone. Raises
    Misconfigured for one that is no RSA key of 2,048 bits or more.
    """
    known = tuple(_public(key) for key in keys)

    def signed(body: bytes, signature: str) -> bool:
        try:
            raw = base64.b64decode(signature[: LONGEST + 1].strip(), validate=True)
        except (binascii.Error, ValueError):
            return False
        return any(_is_by(key, raw, body) for key in known)

    return signed


def _is_by(key: RSAPublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _public(text: str) -> RSAPublicKey:
    written = text.strip().replace("\\n", "\n")
    try:
        if written.startswith("-----"):
            key = load_pem_public_key(written.encode())
        else:
            key = load_der_public_key(base64.b64decode(written, validate=True))
    except (ValueError, TypeError, UnsupportedAlgorithm) as err:
        raise Misconfigured("config.unreadable", variable="WEBUNTIS_WEBHOOK_KEY") from err
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST:
        raise Misconfigured("config.unreadable", variable="WEBUNTIS_WEBHOOK_KEY")
    return key
