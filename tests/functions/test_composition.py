"""The cloud's composition refuses to start on settings that would do harm later."""

from dataclasses import replace

import pytest

from shared.config import read
from shared.errors import Misconfigured
from shared.wiring import compose_cloud

NEEDED = ("GOOGLE_CLOUD_PROJECT", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "MACHINE_AUDIENCE")
ENV = dict.fromkeys((*NEEDED, "WEBUNTIS_CLIENT_ID"), "x")


def test_nothing_is_made_before_it_is_used() -> None:
    app = compose_cloud(read(ENV), trace=lambda: "")
    assert app.client_id == "x"


def test_without_a_client_id_no_school_is_logged_in_as_nobody() -> None:
    with pytest.raises(Misconfigured) as told:
        compose_cloud(read(ENV | {"WEBUNTIS_CLIENT_ID": ""}), trace=lambda: "")
    assert (told.value.code, told.value.facts) == ("config.missing", {"variable": "WEBUNTIS_CLIENT_ID"})


def test_loopback_is_for_the_local_composition_only() -> None:
    with pytest.raises(Misconfigured, match=r"config\.loopback"):
        compose_cloud(replace(read(ENV), reach_loopback=True), trace=lambda: "")
