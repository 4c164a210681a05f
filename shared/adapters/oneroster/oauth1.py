"""Signs one request by RFC 5849 with HMAC-SHA1 or HMAC-SHA256, without a token: pure, given time and nonce.

A JSON body is no part of the signature, the query is (3.4.1.3.1). A signature is good for one attempt.
"""

import base64
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlsplit

from shared.gradebook_port import Security

_HASHES = {"HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256"}
_DEFAULT_PORT = {"http": 80, "https": 443}

Pairs = Iterable[tuple[str, str]]


def authorization(method: str, url: str, *, key: str, secret: str, by: Security, timestamp: int, nonce: str) -> str:
    """The Authorization header of this request; `url` as it is sent, with its query."""
    params = [
        ("oauth_consumer_key", key),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", by),
        ("oauth_timestamp", str(timestamp)),
        ("oauth_version", "1.0"),
    ]
    params.append(("oauth_signature", signature(base_string(method, url, params), secret=secret, by=by)))
    return "OAuth " + ",".join(f'{name}="{_encoded(value)}"' for name, value in params)


def base_string(method: str, url: str, params: Pairs) -> str:
    """3.4.1: what is signed. `params` are all parameters that are not in the URL's query."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.port and parts.port != _DEFAULT_PORT.get(parts.scheme):
        host += f":{parts.port}"
    address = f"{parts.scheme.lower()}://{host}{parts.path or '/'}"
    query = parse_qsl(parts.query, keep_blank_values=True)
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in [*query, *params])
    normalized = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(_encoded(part) for part in (method.upper(), address, normalized))


def signature(text: str, *, secret: str, by: Security) -> str:
    """3.4.2: the HMAC of a base string, in base64; there is no token, so its secret behind the & is empty."""
    key = f"{_encoded(secret)}&".encode()
    return base64.b64encode(hmac.digest(key, text.encode(), _HASHES[by])).decode("ascii")


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")  # 3.6
