"""Tokens of the identity simulator are good by the book, and each bad one is bad in the one way its name says."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
import requests

from shared.simulators.identity import FLAWS, PERSONAS, IdentitySimulator

REFUSED_AS = {
    "expired": jwt.ExpiredSignatureError,
    "not_yet_valid": jwt.ImmatureSignatureError,
    "wrong_audience": jwt.InvalidAudienceError,
    "wrong_issuer": jwt.InvalidIssuerError,
    "alg_none": jwt.InvalidAlgorithmError,
    "hs256_with_public_key": jwt.InvalidAlgorithmError,
    "unknown_kid": KeyError,
    "no_kid": KeyError,
    "foreign_key": jwt.InvalidSignatureError,
    "tampered": jwt.InvalidSignatureError,
    "no_subject": jwt.MissingRequiredClaimError,
    "no_expiry": jwt.MissingRequiredClaimError,
    "no_audience": jwt.MissingRequiredClaimError,
    "no_issuer": jwt.MissingRequiredClaimError,
    "not_a_token": jwt.DecodeError,
}
FUNCTION = "https://auto-link.run.example"


@pytest.fixture(scope="module")
def identity() -> Iterator[IdentitySimulator]:
    with IdentitySimulator(audience="profijt", school="demo") as identity:
        yield identity


def verified(token: str, *, keys: str, issuer: str, audience: str) -> dict:
    """The claims, verified as any OIDC client would; KeyError when no key has the token's kid."""
    found = {key["kid"]: jwt.PyJWK(key) for key in requests.get(keys, timeout=5).json()["keys"]}
    return jwt.decode(
        token,
        found[jwt.get_unverified_header(token)["kid"]].key,
        algorithms=["RS256", "ES256"],
        audience=audience,
        issuer=issuer,
        options={"require": ["sub", "exp", "iss", "aud"]},
    )


def person(identity: IdentitySimulator, token: str) -> dict:
    return verified(token, keys=identity.jwks_url, issuer=identity.issuer, audience="profijt")


def machine(identity: IdentitySimulator, token: str) -> dict:
    return verified(token, keys=identity.machine_jwks_url, issuer=identity.machine_issuer, audience=FUNCTION)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_token_of_either_algorithm_says_who_is_asking(identity: IdentitySimulator, algorithm: str) -> None:
    claims = person(identity, identity.token(sub="u-1", school="tom", roles=["teacher", "admin"], algorithm=algorithm))
    assert (claims["sub"], claims["school"], claims["roles"]) == ("u-1", "tom", ["teacher", "admin"])


def test_discovery_leads_to_the_keys_of_people_and_of_machines(identity: IdentitySimulator) -> None:
    for issuer, keys in ((identity.issuer, identity.jwks_url), (identity.machine_issuer, identity.machine_jwks_url)):
        found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()
        assert (found["issuer"], found["jwks_uri"]) == (issuer, keys)


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_bad_token_is_refused_for_the_reason_it_was_made_for(identity: IdentitySimulator, flaw: str) -> None:
    with pytest.raises(REFUSED_AS[flaw]):
        person(identity, identity.bad_token(flaw))


@pytest.mark.parametrize("flaw", sorted(set(FLAWS) - {"not_yet_valid"}))
def test_a_bad_machine_token_is_refused_too(identity: IdentitySimulator, flaw: str) -> None:
    with pytest.raises(REFUSED_AS[flaw]):
        machine(identity, identity.bad_machine_token(flaw, audience=FUNCTION))


def test_a_machine_token_looks_like_googles_and_is_no_persons_token(identity: IdentitySimulator) -> None:
    token = identity.machine_token(audience=FUNCTION)
    claims = machine(identity, token)
    assert (claims["email"], claims["email_verified"]) == (identity.machine_email, True)
    with pytest.raises(KeyError):
        person(identity, token)


def test_overrides_change_a_claim_and_none_removes_it(identity: IdentitySimulator) -> None:
    claims = person(identity, identity.token(roles=["admin"], school=None, nickname="Ben", nbf=None))
    assert claims["nickname"] == "Ben"
    assert claims["school"] == "demo"
    assert "nbf" not in claims


@pytest.mark.parametrize("name", PERSONAS)
def test_curl_gets_a_token_for_every_persona(identity: IdentitySimulator, name: str) -> None:
    answer = requests.post(f"{identity.url}/token?persona={name}", timeout=5).json()
    claims = person(identity, answer["access_token"])
    assert claims["roles"] == list(PERSONAS[name][2])
    assert claims.get("school") == (None if name == "support" else "demo")


def test_curl_gets_a_machine_token_and_an_error_for_a_persona_that_is_not_there(identity: IdentitySimulator) -> None:
    answer = requests.post(f"{identity.url}/machine-token", params={"aud": FUNCTION}, timeout=5).json()
    assert machine(identity, answer["access_token"])["aud"] == FUNCTION
    assert requests.post(f"{identity.url}/token?persona=rector", timeout=5).status_code == 400
    assert requests.post(f"{identity.url}/machine-token", timeout=5).status_code == 400


def test_rotation_keeps_old_tokens_good_until_the_old_keys_retire() -> None:
    with IdentitySimulator(audience="profijt") as identity:
        old = identity.token()
        identity.rotate()
        new = identity.token()
        assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
        assert person(identity, old)["sub"] == person(identity, new)["sub"]
        identity.retire()
        person(identity, new)
        with pytest.raises(KeyError):
            person(identity, old)


def test_keys_in_a_file_survive_a_restart_and_only_the_owner_can_read_them(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    with IdentitySimulator(audience="profijt", keys=file) as first:
        token = first.token()
        requests.get(first.jwks_url, timeout=5)
        port = int(first.url.rpartition(":")[2])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with IdentitySimulator(audience="profijt", keys=file, port=port) as second:
        assert person(second, token)["sub"] == "u-beheerder"


def test_calls_are_counted_and_the_provider_can_be_down(identity: IdentitySimulator) -> None:
    before = identity.calls["jwks"]
    identity.down = True
    try:
        assert requests.get(identity.jwks_url, timeout=5).status_code == 503
    finally:
        identity.down = False
    assert identity.calls["jwks"] == before + 1


def test_no_private_half_ever_leaves_the_provider(identity: IdentitySimulator) -> None:
    for url in (identity.jwks_url, identity.machine_jwks_url):
        for key in requests.get(url, timeout=5).json()["keys"]:
            assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key), json.dumps(sorted(key))
