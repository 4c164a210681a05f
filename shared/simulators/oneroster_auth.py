"""Who may ask the SIS simulator: OAuth 1.0a signatures by RFC 5849, and OAuth 2 client credentials by RFC 6749."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from shared.simulators.server import Reply, Request, json_reply

_PARAM = re.compile(r'(\w+)="([^"]*)"')
_DIGEST = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
_SKEW = 300.0


@dataclass
class SisAuth:
    """One client and what it may. Nonces count once. `token_paths`: where tokens are given out."""

    key: str = "sleutel-1"
    secret: str = "geheim+/=1"
    signatures: frozenset[str] = frozenset({"HMAC-SHA1", "HMAC-SHA256"})
    oauth2: bool = True
    token_paths: frozenset[str] = frozenset({"/oauth/token"})
    known_scopes: frozenset[str] | None = None  # None: knows every scope
    granted: str | None = None  # what a token is good for; None: whatever was asked
    credentials: frozenset[str] = frozenset({"basic", "form"})
    wordless: bool = False  # a refused client gets a 401 and nothing else
    expires_in: int = 3600
    clock: Callable[[], float] = time.time
    tokens_given: int = 0
    _tokens: dict[str, float] = field(default_factory=dict, repr=False)
    _nonces: set[str] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def revoke(self) -> None:
        with self._lock:
            self._tokens.clear()

    def token(self, request: Request) -> Reply:
        """The reply of the token endpoint."""
        if request.method != "POST":
            return Reply(405)
        form = request.form()
        way, key, secret = _client(request.headers.get("authorization", ""), form)
        if not self.oauth2 or way not in self.credentials or (key, secret) != (self.key, self.secret):
            words = {"error": "invalid_client", "error_description": "unknown client"}
            return Reply(401) if self.wordless else json_reply(words, 401)
        if form.get("grant_type") != "client_credentials":
            return json_reply({"error": "unsupported_grant_type"}, 400)
        scopes = form.get("scope", "").split()
        if self.known_scopes is not None and not set(scopes) <= self.known_scopes:
            return json_reply({"error": "invalid_scope"}, 400)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self.tokens_given += 1
            self._tokens[token] = self.clock() + self.expires_in
        scope = " ".join(scopes) if self.granted is None else self.granted
        body = {"access_token": token, "token_type": "bearer", "expires_in": self.expires_in, "scope": scope}
        return json_reply(body, 200, {"Cache-Control": "no-store"})

    def refused(self, request: Request) -> str:
        """Why this request is not let in; "" when it is."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        if scheme == "Bearer":
            with self._lock:
                alive = self._tokens.get(rest, 0.0) > self.clock()
            return "" if self.oauth2 and alive else "token refused"
        if scheme == "OAuth":
            return self._signature_refused(request, {name: unquote(value) for name, value in _PARAM.findall(rest)})
        return "no credentials"

    def _signature_refused(self, request: Request, given: Mapping[str, str]) -> str:
        method = given.get("oauth_signature_method", "")
        stamp, nonce = given.get("oauth_timestamp", ""), given.get("oauth_nonce", "")
        if method not in self.signatures:
            return "signature method refused"
        if given.get("oauth_consumer_key") != self.key or given.get("oauth_version", "1.0") != "1.0":
            return "unknown consumer"
        if not stamp.isdigit() or abs(int(stamp) - self.clock()) > _SKEW:
            return "timestamp refused"
        url = f"http://{request.headers.get('host', '').lower()}{request.path}"
        pairs = [(n, v) for n, values in request.every.items() for v in values]
        pairs += [(n, v) for n, v in given.items() if n not in ("oauth_signature", "realm")]
        text = "&".join(f"{n}={v}" for n, v in sorted((quote(n, safe="~"), quote(v, safe="~")) for n, v in pairs))
        base = "&".join(quote(part, safe="~") for part in (request.method, url, text))
        key = quote(self.secret, safe="~") + "&"
        expected = hmac.new(key.encode(), base.encode(), _DIGEST[method]).digest()
        if not hmac.compare_digest(base64.b64encode(expected).decode(), given.get("oauth_signature", "")):
            return "signature refused"
        with self._lock:
            if f"{stamp} {nonce}" in self._nonces:
                return "nonce used before"
            self._nonces.add(f"{stamp} {nonce}")
        return ""


def _client(header: str, form: Mapping[str, str]) -> tuple[str, str, str]:
    """How the client names itself ("basic" or "form"), its key and its secret."""
    scheme, _, coded = header.partition(" ")
    if scheme != "Basic":
        return "form", form.get("client_id", ""), form.get("client_secret", "")
    try:
        key, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "basic", "", ""
    return "basic", key, secret
