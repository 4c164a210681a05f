"""Signatures equal those that two other implementations made, and those of the RFC."""

import pytest

from shared.adapters.oneroster.oauth1 import authorization, base_string, signature

KEY, SECRET, NONCE, TIME = "sleutel-1", "geheim+/=1", "n0nce123", 1767225600
BASE = "https://sis.voorbeeld.example/campus/ims/oneroster/v1p1"
TEACHERS = f"{BASE}/teachers?limit=100&offset=0&filter=email%3D%27docent%40school.example%27"
ITEM = f"{BASE}/lineItems/2f6b7f2e-6c0d-5f5e-9a53-0a8f2b1d4c11"


def signed(method: str, url: str, by: str) -> str:
    header = authorization(method, url, key=KEY, secret=SECRET, by=by, timestamp=TIME, nonce=NONCE)
    fields = dict(part.split("=", 1) for part in header.removeprefix("OAuth ").split(","))
    return fields["oauth_signature"].strip('"')


# Computed with oauthlib 4.0.1 and confirmed with npm oauth-sign 0.9.
@pytest.mark.parametrize(
    ("method", "url", "by", "expected"),
    [
        ("GET", TEACHERS, "HMAC-SHA1", "L%2FkC5FHkEkL3XFQyUYg9dAb6uYM%3D"),
        ("GET", TEACHERS, "HMAC-SHA256", "p4bOHuMPX%2FMqmPAH%2Fk2eBa3XkwAcQydwsSGwNJ5Xqmo%3D"),
        ("PUT", ITEM, "HMAC-SHA1", "Xukr1MstrW%2B%2Fm%2BpnTyRzw%2F2MjqU%3D"),
        ("PUT", ITEM, "HMAC-SHA256", "aLpifZc29Y4%2BREybU%2B39gbEGwqYqWOSTN7LDoolSYbc%3D"),
    ],
)
def test_a_request_is_signed_as_other_libraries_sign_it(method: str, url: str, by: str, expected: str) -> None:
    assert signed(method, url, by) == expected


def test_the_base_string_is_that_of_rfc_5849_3_4_1_1() -> None:
    body = [("c2", ""), ("a3", "2 q")]
    oauth = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ]
    assert base_string("post", "HTTP://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", [*oauth, *body]) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1"
        "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_the_key_of_a_signature_ends_in_an_ampersand_and_no_token_secret() -> None:
    """Computed by `printf profijt | openssl dgst -sha1 -hmac 'geheim%2B%2F%3D1&' -binary | base64`."""
    assert signature("profijt", secret=SECRET, by="HMAC-SHA1") == "Okb9FImZ7qTkOh9N2397om5VGoA="


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://SIS.Example:443/a", "https%3A%2F%2Fsis.example%2Fa"),
        ("https://sis.example:8443/a", "https%3A%2F%2Fsis.example%3A8443%2Fa"),
        ("https://sis.example", "https%3A%2F%2Fsis.example%2F"),
        ("https://sis.example/3b%2Fwi", "https%3A%2F%2Fsis.example%2F3b%252Fwi"),
    ],
)
def test_the_address_is_signed_in_its_normal_form(url: str, address: str) -> None:
    assert base_string("GET", url, []).split("&")[1] == address
