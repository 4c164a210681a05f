"""Google's OAuth 2 for people: authorization code with PKCE (RFC 6749, RFC 7636), and who it was that consented.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

import base64
import binascii
import json
from typing import Any
from urllib.parse import urlencode

from shared.adapters.classroom.place import SCOPE, SERVICE, GoogleClient, Place
from shared.adapters.http import Answer, Door, Repeat, Request
from shared.coursework_port import RIGHTS, Consent
from shared.errors import NotAuthorized

_ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
_OURS = frozenset({"invalid_client", "unauthorized_client", "redirect_uri_mismatch"})


class GoogleConsent:
    """Plays ConsentDesk."""

    def __init__(self, door: Door, *, place: Place, client: GoogleClient) -> None:
        self._door = door
        self._place = place
        self._client = client

    @property
    def page(self) -> str:
        return self._client.page

    def address(self, *, state: str, challenge: str, login_hint: str = "") -> str:
        asked = {
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect,
            "response_type": "code",
            "scope": " ".join(["openid", "email", *(SCOPE + right for right in RIGHTS)]),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",  # without it a second consent brings no refresh token
        }
        return f"{self._place.consent}?{urlencode(asked | ({'login_hint': login_hint} if login_hint else {}))}"

    def redeem(self, code: str, verifier: str) -> Consent:
        answer = self._post(
            self._place.token,
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            client_id=self._client.id,
            client_secret=self._client.secret(),
            redirect_uri=self._client.redirect,
        )
        if not answer.ok:
            if answer.status in (408, 429) or answer.status >= 500:
                raise answer.refusal()
            ours = answer.error_body().get("error") in _OURS
            raise NotAuthorized("classroom.client_refused" if ours else "classroom.consent_refused", service=SERVICE)
        return self._consent(answer.json(dict[str, Any]))

    def _consent(self, told: dict[str, Any]) -> Consent:
        token, email = told.get("refresh_token"), self._email(told.get("id_token"))
        if not isinstance(token, str) or not token or not email:
            raise NotAuthorized("classroom.consent_refused", service=SERVICE)
        # Left out it is what was asked (RFC 6749 5.1); people may untick any of it.
        scope = told.get("scope")
        given = frozenset(scope.split()) if isinstance(scope, str) else frozenset(SCOPE + right for right in RIGHTS)
        scopes = frozenset(each.removeprefix(SCOPE) for each in given if each.startswith(SCOPE))
        missing = [right for right in RIGHTS if right not in scopes]
        if missing:
            raise NotAuthorized("classroom.rights_not_given", service=SERVICE, rights=",".join(missing))
        return Consent(token, email, scopes)

    def _email(self, id_token: Any) -> str:
        """The address of the account, "" when it cannot be believed. It came from Google itself over TLS, so its
        signature need not be looked at (OpenID Connect Core 3.1.3.7, 6)."""
        try:
            part = id_token.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            believed = (
                claims["iss"] in _ISSUERS and claims["aud"] == self._client.id and claims["email_verified"] is True
            )
            return str(claims["email"]) if believed else ""
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, binascii.Error):
            return ""

    def revoke(self, refresh_token: str) -> None:
        """At Google this ends all that this account ever allowed us. Raises Unreachable, Throttled, Rejected."""
        answer = self._post(self._place.revoke, token=refresh_token)
        if not answer.ok and answer.error_body().get("error") != "invalid_token":  # it has ended already
            raise answer.refusal()

    def _post(self, url: str, **form: str) -> Answer:
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        return self._door.send(
            Request("POST", url, SERVICE, Repeat.UNSENT, headers=headers, body=urlencode(form).encode())
        )
