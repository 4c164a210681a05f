"""Google's part of the environment: whole, absent, or refused with the name of the variable that is wrong."""

import pytest

from shared.config import Google, read
from shared.errors import Misconfigured
from shared.wiring import compose_cloud

NEEDED = ("GOOGLE_CLOUD_PROJECT", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "MACHINE_AUDIENCE")
ENV = dict.fromkeys((*NEEDED, "WEBUNTIS_CLIENT_ID"), "x")
CLIENT = {
    "GOOGLE_CLIENT_ID": "profijt.apps.googleusercontent.example",
    "GOOGLE_CLIENT_SECRET": "google-client/3",
    "GOOGLE_REDIRECT_URL": "https://api.profijt.example/v1/google/callback",
}
DELEGATION = {
    "GOOGLE_DELEGATION_SECRET": "google-delegation/1",
    "GOOGLE_DELEGATION_DOMAINS": "klein=Klein.example, b=b.nl",
}


def test_without_any_of_it_classroom_is_not_offered() -> None:
    config = read(ENV)
    assert config.google == Google()
    app = compose_cloud(config, trace=lambda: "")
    assert app.consent is None
    assert app.rules.delegated == {}


def test_a_client_of_ours_lets_people_consent() -> None:
    config = read(ENV | CLIENT | {"GOOGLE_DONE_URL": "https://app.profijt.example/google"})
    assert config.google.client_secret == ("google-client", "3")
    app = compose_cloud(config, trace=lambda: "")
    assert app.consent
    assert app.consent.page == "https://app.profijt.example/google"
    address = app.consent.address(state="klein.x", challenge="y")
    assert address.startswith("https://accounts.google.com/o/oauth2/v2/auth?client_id=profijt.apps")


def test_a_service_account_stands_in_for_the_schools_that_are_named() -> None:
    config = read(ENV | DELEGATION)
    assert config.google.delegation == ("google-delegation", "1")
    assert config.rules.delegated == {"klein": "klein.example", "b": "b.nl"}
    assert compose_cloud(config, trace=lambda: "").consent is None


@pytest.mark.parametrize(
    ("env", "code", "variable"),
    [
        (CLIENT | {"GOOGLE_CLIENT_SECRET": ""}, "config.missing", "GOOGLE_CLIENT_SECRET"),
        (CLIENT | {"GOOGLE_CLIENT_SECRET": "google-client"}, "config.unreadable", "GOOGLE_CLIENT_SECRET"),
        (CLIENT | {"GOOGLE_REDIRECT_URL": ""}, "config.missing", "GOOGLE_REDIRECT_URL"),
        (DELEGATION | {"GOOGLE_DELEGATION_SECRET": "/1"}, "config.unreadable", "GOOGLE_DELEGATION_SECRET"),
        (DELEGATION | {"GOOGLE_DELEGATION_DOMAINS": "klein"}, "config.unreadable", "GOOGLE_DELEGATION_DOMAINS"),
        (
            DELEGATION | {"GOOGLE_DELEGATION_DOMAINS": "=klein.example"},
            "config.unreadable",
            "GOOGLE_DELEGATION_DOMAINS",
        ),
    ],
)
def test_half_of_it_is_refused_by_name(env: dict[str, str], code: str, variable: str) -> None:
    with pytest.raises(Misconfigured) as told:
        read(ENV | env)
    assert (told.value.code, told.value.facts) == (code, {"variable": variable})
