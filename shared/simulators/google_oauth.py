"""Google's OAuth 2 as the Classroom simulator needs it: a consent page, tokens, revoking, and service accounts.

Written from Google's documents: web server flow (https://developers.google.com/identity/protocols/oauth2/web-server),
PKCE (RFC 7636), service accounts with domain-wide delegation (RFC 7523). Like Google, revoking any token of a consent
ends all that its account ever allowed this client; what is delegated to the service account goes on.
"""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt

from shared.simulators.classroom_school import ClassroomSchool
from shared.simulators.server import Reply, Request, json_reply
from shared.simulators.signing_keys import SigningKey, new_key

CLASSROOM = "https://www.googleapis.com/auth/classroom."
_ALIAS = {"email": "https://www.googleapis.com/auth/userinfo.email"}
_ALWAYS = frozenset({"openid", *_ALIAS.values()})  # cannot be unticked
_AUDIENCE = "https://oauth2.googleapis.com/token"  # "always", says Google, wherever the assertion is sent
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account allows: a code, a refresh token or an access token of it. `until` in seconds since 1970."""

    email: str
    scopes: frozenset[str]
    until: float
    redirect: str = ""
    challenge: str = ""
    refreshable: bool = True
    delegated: bool = False  # by the account's administrator, to the service account

    def of(self, email: str) -> bool:
        """Whether it is what this account itself allowed."""
        return not self.delegated and self.email.casefold() == email.casefold()


@dataclass
class GoogleOAuth:
    """Mutable at any time: what is set here counts from the next request. `refuses`: scopes that nobody gives;
    `swaps`: scopes that come back as another; `delegated`: what the school's administrator allows the service account.
    """

    school: ClassroomSchool
    url: str
    client_id: str = "profijt.apps.googleusercontent.example"
    client_secret: str = "GOCSPX-oefen-067"
    redirects: set[str] = field(default_factory=set)
    expires_in: int = 3599
    refuses: set[str] = field(default_factory=set)
    swaps: dict[str, str] = field(default_factory=dict)
    delegated: set[str] = field(default_factory=set)
    clock: Callable[[], float] = time.time
    tokens_given: int = 0
    _codes: dict[str, Grant] = field(default_factory=dict, repr=False)
    _refresh: dict[str, Grant] = field(default_factory=dict, repr=False)
    _access: dict[str, Grant] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @cached_property
    def _account_key(self) -> SigningKey:
        return new_key("profijt-delegation-1", "RS256")

    @cached_property
    def _id_key(self) -> SigningKey:
        return new_key("google-1", "ES256")

    def service_account_key(self) -> str:
        """The key file of the service account, as Google's console hands it out."""
        key = {"type": "service_account", "project_id": "profijt", "private_key_id": self._account_key.kid}
        key |= {"private_key": self._account_key.private, "client_email": "export@profijt.iam.gserviceaccount.example"}
        return json.dumps(key | {"client_id": "106790000000000000067", "token_uri": f"{self.url}/token"})

    # ------------------------------------------------------------ what the account holder does

    def consent(self, address: str, email: str, *, without: Collection[str] = (), refuse: bool = False) -> str:
        """Where Google sends the browser after this account answered the consent page at `address`: yes to all but
        the scopes `without` (as Google shows them: "courses.readonly"), or no."""
        asked = dict(parse_qsl(urlsplit(address).query))
        if self._page_error(asked):
            raise ValueError(self._page_error(asked))
        back = {"state": asked["state"]} if "state" in asked else {}
        if refuse:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': 'access_denied'})}"
        dropped = {CLASSROOM + each for each in {*without, *self.refuses}}
        wanted = [_ALIAS.get(each, each) for each in asked["scope"].split()]
        given = [self.swaps.get(each, each) for each in wanted if each in _ALWAYS or each not in dropped]
        code = f"4/{secrets.token_urlsafe(48)}"
        grant = Grant(
            email,
            frozenset(given),
            self.clock() + 600,
            asked["redirect_uri"],
            asked.get("code_challenge", ""),
            asked.get("access_type") == "offline" and asked.get("prompt") == "consent",
        )
        with self._lock:
            self._codes[code] = grant
        told = back | {"iss": "https://accounts.google.com", "code": code, "scope": " ".join(given), "authuser": "0"}
        return f"{asked['redirect_uri']}?{urlencode(told | {'hd': email.rpartition('@')[2], 'prompt': 'consent'})}"

    def revoke(self, email: str) -> None:
        """The account takes back what it allowed: every code and token of it ends."""
        with self._lock:
            for kept in (self._refresh, self._access, self._codes):
                for token in [token for token, grant in kept.items() if grant.of(email)]:
                    del kept[token]

    def end_access_tokens(self) -> None:
        with self._lock:
            self._access.clear()

    def allows(self, email: str) -> bool:
        """Whether a refresh token of this account is alive."""
        with self._lock:
            return any(grant.of(email) for grant in self._refresh.values())

    # ------------------------------------------------------------ HTTP

    def page(self, request: Request) -> Reply:
        """The consent page; answering it is a POST of the same address with `email` and, for no, `refuse`."""
        asked = dict(request.query)
        if error := self._page_error(asked):
            return Reply(400, f"<h1>Error 400: {html.escape(error)}</h1>".encode(), "text/html; charset=utf-8")
        address = f"{self.url}{request.path}?{urlencode(asked)}"
        if request.method == "POST":
            form = request.form()
            if self.school.account(form.get("email", "")) is None:
                return Reply(400, b"<h1>Error 400: no such account</h1>", "text/html; charset=utf-8")
            back = self.consent(address, form["email"], refuse="refuse" in form)
            return Reply(302, headers={"Location": back})
        return Reply(200, _page(asked, self._choices(asked)).encode(), "text/html; charset=utf-8")

    def _choices(self, asked: dict[str, str]) -> list[str]:
        """Every teacher's account, the hinted one first."""
        teaching = {id for course in self.school.courses.values() for id in course.teachers}
        found = [account.email for account in self.school.accounts.values() if account.id in teaching]
        return sorted(found, key=lambda email: (email.casefold() != asked.get("login_hint", "").casefold(), email))

    def _page_error(self, asked: dict[str, str]) -> str:
        if asked.get("client_id") != self.client_id:
            return "invalid_client"
        if asked.get("redirect_uri") not in self.redirects:
            return "redirect_uri_mismatch"
        if asked.get("response_type") != "code" or not asked.get("scope"):
            return "invalid_request"
        if "code_challenge" in asked and asked.get("code_challenge_method") != "S256":
            return "invalid_request"
        return ""

    def token(self, request: Request) -> Reply:
        form = request.form() if request.method == "POST" else {}
        with self._lock:
            match form.get("grant_type"):
                case "authorization_code":
                    return self._unknown_client(form) or self._redeem(form)
                case "refresh_token":
                    return self._unknown_client(form) or self._renew(form)
                case grant if grant == _JWT_BEARER:
                    return self._delegate(form.get("assertion", ""))
        return _error("unsupported_grant_type", "Invalid grant_type")

    def revoked(self, request: Request) -> Reply:
        """The reply of the revocation endpoint."""
        token = (request.form() or dict(request.query)).get("token", "")
        with self._lock:
            grant = self._refresh.get(token) or self._access.pop(token, None)
            if grant is None:
                return _error("invalid_token", "Token expired or revoked")
            if not grant.delegated:
                self.revoke(grant.email)
        return json_reply({})

    def holder(self, request: Request) -> Grant | None:
        """Whose access token this request shows; None: nobody's, or it has ended."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            grant = self._access.get(token) if scheme == "Bearer" else None
        return grant if grant and grant.until > self.clock() else None

    # ------------------------------------------------------------ grants

    def _unknown_client(self, form: dict[str, str]) -> Reply | None:
        if (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.client_secret):
            return None
        return _error("invalid_client", "The OAuth client was not found.", 401)

    def _redeem(self, form: dict[str, str]) -> Reply:
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or grant.until <= self.clock():
            return _error("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != grant.redirect:
            return _error("redirect_uri_mismatch", "Bad Request")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant.challenge and grant.challenge != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            return _error("invalid_grant", "Invalid code verifier.")
        told = self._granted(grant)
        if grant.refreshable:
            told["refresh_token"] = f"1//{secrets.token_urlsafe(64)}"
            self._refresh[told["refresh_token"]] = grant
        if "openid" in grant.scopes:
            told["id_token"] = self._id_token(grant.email)
        return json_reply(told, headers={"Cache-Control": "no-store"})

    def _renew(self, form: dict[str, str]) -> Reply:
        grant = self._refresh.get(form.get("refresh_token", ""))
        if grant is None:
            return _error("invalid_grant", "Token has been expired or revoked.")
        return json_reply(self._granted(grant), headers={"Cache-Control": "no-store"})

    def _delegate(self, assertion: str) -> Reply:
        try:
            claims = jwt.decode(assertion, self._account_key.public_pem(), algorithms=["RS256"], audience=_AUDIENCE)
        except jwt.PyJWTError:
            return _error("invalid_grant", "Invalid JWT Signature.")
        account = self.school.account(claims.get("sub", ""))
        if account is None:
            return _error("invalid_grant", "Invalid email or User ID")
        scopes = frozenset(claims.get("scope", "").split())
        if not scopes or not scopes <= {CLASSROOM + each for each in self.delegated}:
            return _error("unauthorized_client", "Client is unauthorized to retrieve access tokens this way.", 401)
        return json_reply(self._granted(Grant(account.email, scopes, 0.0, delegated=True)))

    def _granted(self, grant: Grant) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(64)}"
        self.tokens_given += 1
        self._access[token] = replace(grant, until=self.clock() + self.expires_in)
        told = {"access_token": token, "expires_in": self.expires_in, "token_type": "Bearer"}
        return told | {"scope": " ".join(sorted(grant.scopes))}

    def _id_token(self, email: str) -> str:
        now = int(self.clock())
        account = self.school.account(email)
        claims = {"iss": "https://accounts.google.com", "aud": self.client_id, "azp": self.client_id}
        claims |= {"sub": account.id if account else "0", "email": email, "hd": email.rpartition("@")[2]}
        verified = {"email_verified": True, "iat": now, "exp": now + 3600}
        key = self._id_key
        return jwt.encode(claims | verified, key.loaded(), algorithm=key.algorithm, headers={"kid": key.kid})


def _error(error: str, told: str, status: int = 400) -> Reply:
    return json_reply({"error": error, "error_description": told}, status)


def _page(asked: dict[str, str], emails: list[str]) -> str:
    """One button per account."""
    scopes = "".join(f"<li>{html.escape(each)}</li>" for each in asked["scope"].split())
    buttons = "".join(
        f'<p><button name="email" value="{html.escape(email)}">Toestaan als {html.escape(email)}</button>'
        for email in emails
    )
    return (
        "<!doctype html><meta charset=utf-8><title>Google (simulator)</title>"
        f"<h1>Profijt wil toegang tot uw Google-account</h1><ul>{scopes}</ul>"
        f'<form method="post">{buttons}</form>'
        f'<form method="post"><input type="hidden" name="email" value="{html.escape(emails[0] if emails else "")}">'
        '<button name="refuse" value="1">Weigeren</button></form>'
    )
