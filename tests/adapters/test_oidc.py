"""A token is believed when it is ours, fresh and whole, and never otherwise."""

import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.oidc import ClaimNames, MachineIdentity, OidcIdentity
from shared.domain.causes import CAUSES
from shared.errors import Rejected, Unauthenticated, Unreachable
from shared.ports import Caller
from tests.adapters.issuer import (
    AUDIENCE,
    ISSUER,
    NOW,
    Clock,
    Net,
    claims,
    ec_key,
    glued,
    jwk,
    key_set,
    rsa_key,
    signed,
)

JWKS = "https://login.profijt.example/keys"
DOWN = Unreachable("http.connect", service="identity")


def net_with(keys: bytes = b"") -> Net:
    return Net(**{JWKS: keys or key_set()})


def people(net: Net | None = None, clock: Clock | None = None, **more: object) -> OidcIdentity:
    return OidcIdentity(
        issuer=ISSUER, audience=AUDIENCE, jwks_url=JWKS, fetch=net or net_with(), now=clock or Clock(), **more
    )


def seconds(**away: float) -> int:
    return int((NOW + timedelta(**away)).timestamp())


def refusal(token: str, identity: OidcIdentity | MachineIdentity | None = None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        (identity or people()).caller(token)
    assert refused.value.code in CAUSES
    return refused.value.code


def hs256_with_the_public_key() -> str:
    """The oldest trick: the RSA public key, which everybody has, used as the secret of HS256."""
    pem = (
        rsa_key().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    unsigned = glued({"alg": "HS256", "kid": "rsa-1"}, claims()).rpartition(".")[0]
    return f"{unsigned}.{glued(b'', b'', hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()).rpartition('.')[2]}"


BAD_TOKENS = {
    "nothing": ("", "token.malformed"),
    "one word": ("letmein", "token.malformed"),
    "two parts": ("a.b", "token.malformed"),
    "five parts": ("a.b.c.d.e", "token.malformed"),
    "no base64": ("!!.!!.!!", "token.malformed"),
    "not ASCII": ("é.é.é", "token.malformed"),
    "9,000 characters": ("a" * 9000, "token.malformed"),
    "a header that is a list": (glued([], claims()), "token.malformed"),
    "a header nested 5,000 deep": (glued(b"[" * 5000, claims()), "token.malformed"),
    "alg none": (glued({"alg": "none", "kid": "rsa-1"}, claims(), b""), "token.algorithm"),
    "alg nOnE": (glued({"alg": "nOnE", "kid": "rsa-1"}, claims(), b""), "token.algorithm"),
    "no alg": (glued({"kid": "rsa-1"}, claims()), "token.algorithm"),
    "alg that is a list": (glued({"alg": ["RS256"], "kid": "rsa-1"}, claims()), "token.algorithm"),
    "HS256 with a guessed secret": (signed(alg="HS256", key="s" * 32), "token.algorithm"),
    "HS256 with our public key": (hs256_with_the_public_key(), "token.algorithm"),
    "RS512": (signed(alg="RS512"), "token.algorithm"),
    "PS256": (signed(alg="PS256"), "token.algorithm"),
    "RS256 under the id of an EC key": (signed(kid="ec-1"), "token.malformed"),
    "no key id": (signed(kid=None), "token.key_unknown"),
    "a key id of somebody else": (signed(kid="rsa-9"), "token.key_unknown"),
    "somebody else's key under our id": (signed(key=rsa_key("thief")), "token.signature"),
    "a changed payload": (
        signed().replace(signed().split(".")[1], glued({}, claims(school="lyceum")).split(".")[1]),
        "token.signature",
    ),
    "a critical extension": (
        jwt.encode(claims(), rsa_key(), algorithm="RS256", headers={"kid": "rsa-1", "crit": ["exp"]}),
        "token.malformed",
    ),
    "a payload that is a list": (jwt.PyJWS().encode(b"[]", rsa_key(), "RS256", {"kid": "rsa-1"}), "token.malformed"),
    "a payload that is no JSON": (jwt.PyJWS().encode(b"{", rsa_key(), "RS256", {"kid": "rsa-1"}), "token.malformed"),
}
BAD_CLAIMS = {
    "another issuer": ({"iss": "https://login.evil.example"}, "token.issuer"),
    "no issuer": ({"iss": ...}, "token.issuer"),
    "an issuer that is a list": ({"iss": [ISSUER]}, "token.issuer"),
    "another audience": ({"aud": "boekhouding"}, "token.audience"),
    "no audience": ({"aud": ...}, "token.audience"),
    "an audience that holds ours as a part": ({"aud": "koppelingen-test"}, "token.audience"),
    "an audience that is an object": ({"aud": {"koppelingen": 1}}, "token.audience"),
    "a list without us": ({"aud": ["boekhouding", "agenda"]}, "token.audience"),
    "expired a minute ago": ({"exp": seconds(seconds=-60)}, "token.expired"),
    "expired last year": ({"exp": seconds(days=-365)}, "token.expired"),
    "no expiry": ({"exp": ...}, "token.claim_missing"),
    "expiry as text": ({"exp": "9999999999"}, "token.claim_missing"),
    "expiry true": ({"exp": True}, "token.claim_missing"),
    "expiry NaN": ({"exp": float("nan")}, "token.claim_missing"),
    "expiry without end": ({"exp": float("inf")}, "token.claim_missing"),
    "expiry of 400 digits": ({"exp": 10**400}, "token.claim_missing"),
    "valid from tomorrow": ({"nbf": seconds(days=1)}, "token.not_yet"),
    "made tomorrow": ({"iat": seconds(days=1)}, "token.not_yet"),
    "made at a text": ({"iat": "nu"}, "token.claim_missing"),
    "no user": ({"sub": ...}, "token.claim_missing"),
    "an empty user": ({"sub": ""}, "token.claim_missing"),
    "a user that is a number": ({"sub": 12}, "token.claim_missing"),
    "a user that is a path": ({"sub": "../els"}, "token.claim_missing"),
    "no school": ({"school": ...}, "token.claim_missing"),
    "an empty school": ({"school": ""}, "token.claim_missing"),
    "a school that is a list": ({"school": ["dalton", "lyceum"]}, "token.claim_missing"),
    "a school that is a path": ({"school": "dalton/links"}, "token.claim_missing"),
    "a school with a newline": ({"school": "dalton\n"}, "token.claim_missing"),
    "no roles": ({"roles": ...}, "token.claim_missing"),
    "roles in one text": ({"roles": "admin support"}, "token.claim_missing"),
    "a role that is a number": ({"roles": ["admin", 1]}, "token.claim_missing"),
    "roles as an object": ({"roles": {"admin": True}}, "token.claim_missing"),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_token_that_is_not_what_it_says_is_refused(name: str) -> None:
    token, code = BAD_TOKENS[name]
    assert refusal(token) == code


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_a_well_signed_token_with_wrong_claims_is_refused(name: str) -> None:
    changed, code = BAD_CLAIMS[name]
    assert refusal(signed(claims(**changed))) == code


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60) | st.from_regex(r"[\w-]{0,30}\.[\w-]{0,30}\.[\w-]{0,30}"))
def test_no_text_at_all_makes_it_fail_in_another_way(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_a_good_token_tells_who_is_asking(alg: str) -> None:
    token = signed(alg=alg, kid="ec-1" if alg == "ES256" else "rsa-1")
    assert people().caller(token) == Caller("u-els", "dalton", frozenset({"admin"}))


def test_one_of_several_audiences_is_enough() -> None:
    assert people().caller(signed(claims(aud=["agenda", AUDIENCE]))).user == "u-els"


def test_roles_we_do_not_know_are_dropped_and_nobody_makes_himself_a_machine() -> None:
    token = signed(claims(roles=["teacher", "service", "root", "Admin"]))
    assert people().caller(token).roles == {"teacher"}


def test_only_support_may_come_without_a_school() -> None:
    assert people().caller(signed(claims(school=..., roles=["support"]))).school == ""


def test_claims_are_read_under_the_names_of_the_issuer() -> None:
    names = ClaimNames(user="oid", school="brin", roles="groups")
    token = signed(claims(oid="u-9", brin="lyceum", groups=["teacher"]))
    assert people(claims=names).caller(token) == Caller("u-9", "lyceum", frozenset({"teacher"}))


@pytest.mark.parametrize(
    "changed", [{"exp": seconds(seconds=-59)}, {"nbf": seconds(seconds=59)}, {"iat": seconds(seconds=59)}]
)
def test_clocks_may_differ_by_less_than_a_minute(changed: dict[str, int]) -> None:
    assert people().caller(signed(claims(**changed))).user == "u-els"


def test_a_remembered_token_dies_at_its_own_time() -> None:
    clock = Clock()
    identity, token = people(clock=clock), signed(claims(exp=seconds(seconds=120)))
    identity.caller(token)
    clock.forward(seconds=179)
    assert identity.caller(token).user == "u-els"
    clock.forward(seconds=1)
    assert refusal(token, identity) == "token.expired"


def test_a_remembered_token_dies_five_minutes_after_its_key() -> None:
    clock, net = Clock(), net_with()
    identity, token = people(net, clock, max_age=timedelta(minutes=5)), signed()
    identity.caller(token)
    net.answers[JWKS] = key_set(jwk(ec_key(), "ec-1"))
    clock.forward(minutes=5)
    assert refusal(token, identity) == "token.key_unknown"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_weak_odd_and_secret_keys_of_a_provider_are_not_used() -> None:
    weak = jwk(rsa_key("weak", 1024), "weak")
    curve = jwk(ec_key("other"), "other") | {"crv": "P-384"}
    odd = [
        "a text",
        {},
        {"kid": "x"},
        {"kty": "oct", "k": "AAAA", "kid": "shared"},
        {"kty": "RSA", "kid": "empty"},
        {"kty": ["RSA"], "kid": "list"},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": None, "kid": "numbers"},
        {**jwk(rsa_key(), "mail"), "use": "enc"},
        curve,
        weak,
    ]
    identity = people(net_with(json.dumps({"keys": [*odd, jwk(rsa_key(), "rsa-1")]}).encode()))
    assert identity.caller(signed()).user == "u-els"
    assert refusal(signed(key=rsa_key("weak", 1024), kid="weak"), identity) == "token.malformed"
    assert refusal(signed(kid="mail"), identity) == "token.key_unknown"
    assert refusal(glued({"alg": "HS256", "kid": "shared"}, claims()), identity) == "token.algorithm"


def test_the_keys_are_fetched_once_for_many_tokens_and_again_when_old() -> None:
    clock, net = Clock(), net_with()
    identity = people(net, clock)
    for user in ("u-1", "u-2", "u-3"):
        identity.caller(signed(claims(sub=user)))
    assert len(net.calls) == 1
    clock.forward(minutes=61)
    identity.caller(signed(claims(exp=seconds(hours=9))))
    assert len(net.calls) == 2


def test_a_new_key_is_found_at_once_but_made_up_ids_cannot_make_us_call_more_than_once_a_minute() -> None:
    clock, net = Clock(), net_with()
    identity = people(net, clock)
    identity.caller(signed())
    clock.forward(minutes=2)
    net.answers[JWKS] = key_set(jwk(rsa_key(), "rsa-1"), jwk(rsa_key("new"), "rsa-2"))
    assert identity.caller(signed(kid="rsa-2", key=rsa_key("new"))).user == "u-els"
    for kid in range(50):
        assert refusal(signed(kid=f"made-up-{kid}"), identity) == "token.key_unknown"
    assert len(net.calls) == 2
    clock.forward(seconds=61)
    refusal(signed(kid="made-up"), identity)
    assert len(net.calls) == 3


@pytest.mark.parametrize(
    "trouble", [DOWN, Rejected("http.html", service="identity"), b"<html>", b"[]", b"{}", b'{"keys":[]}', b"[" * 9000]
)
def test_old_keys_work_for_a_day_while_the_provider_does_not(trouble: object) -> None:
    clock, net = Clock(), net_with()
    identity = people(net, clock)
    late = claims(exp=seconds(days=9))
    identity.caller(signed(late))
    net.answers[JWKS] = trouble
    clock.forward(hours=24)
    assert identity.caller(signed({**late, "sub": "u-2"})).user == "u-2"
    clock.forward(hours=2)
    with pytest.raises(Unreachable):
        identity.caller(signed({**late, "sub": "u-3"}))


def test_a_key_that_may_be_new_is_no_reason_to_send_somebody_away_while_the_provider_is_down() -> None:
    clock, net = Clock(), net_with()
    identity = people(net, clock)
    identity.caller(signed())
    clock.forward(minutes=2)
    net.answers[JWKS] = DOWN
    with pytest.raises(Unreachable):
        identity.caller(signed(kid="rsa-2"))


def test_without_any_keys_the_provider_is_asked_again_after_seconds() -> None:
    clock, net = Clock(), net_with()
    net.answers[JWKS] = DOWN
    identity = people(net, clock)
    for _ in range(3):
        with pytest.raises(Unreachable):
            identity.caller(signed())
    assert len(net.calls) == 1
    net.answers[JWKS] = key_set()
    clock.forward(seconds=5)
    assert identity.caller(signed()).user == "u-els"


def test_twenty_threads_on_a_cold_start_fetch_the_keys_once() -> None:
    net, together = net_with(), threading.Barrier(20)
    identity = people(net)

    def ask(number: int) -> str:
        together.wait()
        return identity.caller(token[number]).user

    token = [signed(claims(sub=f"u-{number}")) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, range(20))) == [f"u-{number}" for number in range(20)]
    assert len(net.calls) == 1


WELL_KNOWN = f"{ISSUER}/.well-known/openid-configuration"


def test_without_an_address_for_keys_the_issuer_is_asked_for_it() -> None:
    net = Net(**{WELL_KNOWN: json.dumps({"issuer": ISSUER, "jwks_uri": JWKS}).encode(), JWKS: key_set()})
    identity = OidcIdentity(issuer=ISSUER, audience=AUDIENCE, fetch=net, now=Clock())
    assert identity.caller(signed()).user == "u-els"


def test_a_discovery_document_of_another_issuer_is_not_followed() -> None:
    net = Net(
        **{WELL_KNOWN: json.dumps({"issuer": "https://evil.example", "jwks_uri": JWKS}).encode(), JWKS: key_set()}
    )
    with pytest.raises(Unreachable):
        OidcIdentity(issuer=ISSUER, audience=AUDIENCE, fetch=net, now=Clock()).caller(signed())


# ---------------------------------------------------------------- machines

GOOGLE = frozenset({"accounts.google.com", "https://accounts.google.com"})
SCHEDULER = "scheduler@profijt.iam.gserviceaccount.com"


def machines() -> MachineIdentity:
    return MachineIdentity(
        issuers=GOOGLE, audience=AUDIENCE, emails=frozenset({SCHEDULER}), jwks_url=JWKS, fetch=net_with(), now=Clock()
    )


def google(**changed: object) -> dict[str, object]:
    usual = {"iss": "https://accounts.google.com", "sub": "1132", "email": SCHEDULER, "email_verified": True}
    return claims(**{**usual, "school": ..., "roles": ..., **changed})


@pytest.mark.parametrize("issuer", sorted(GOOGLE))
def test_a_named_service_account_is_a_machine_without_a_school(issuer: str) -> None:
    assert machines().caller(signed(google(iss=issuer))) == Caller(SCHEDULER, "", frozenset({"service"}))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "thief@evil.iam.gserviceaccount.com"}, "token.machine_unknown"),
        ({"email_verified": False}, "token.machine_unknown"),
        ({"email_verified": "true"}, "token.machine_unknown"),
        ({"email_verified": ...}, "token.machine_unknown"),
        ({"email": ...}, "token.claim_missing"),
        ({"iss": ISSUER}, "token.issuer"),
        ({"aud": "https://other.run.app"}, "token.audience"),
        ({"exp": seconds(minutes=-2)}, "token.expired"),
    ],
)
def test_every_other_machine_is_refused(changed: dict[str, object], code: str) -> None:
    assert refusal(signed(google(**changed)), machines()) == code
