"""However a Host-URL is spelled, the same places are tried; what can be no place, or hides a secret, is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.host_spelling import candidates, token_address
from shared.domain.partner import Partner
from shared.errors import Invalid
from shared.flows.sis_partners import find_partner, partners

CONNECTABLE = [partner.id for partner in partners() if partner.services]


def places(typed: str, partner: str = "skyward") -> list[tuple[str, str]]:
    return [(place.prefix, place.version) for place in candidates(typed, find_partner(partner))]


def refused(typed: str, partner: str = "skyward") -> str:
    with pytest.raises(Invalid) as caught:
        candidates(typed, find_partner(partner))
    [fault] = caught.value.faults
    assert fault.pointer == "/hostUrl"
    return fault.code


# ------------------------------------------------------------ T33: one SIS, many spellings

SPELLINGS = [
    "https://esdemo1.skyward.com",
    "https://esdemo1.skyward.com/",
    "https://esdemo1.skyward.com/api",
    "https://esdemo1.skyward.com/api/",
    "https://esdemo1.skyward.com//api//",
    "https://esdemo1.skyward.com/ims/oneroster/v1p1",
    "https://esdemo1.skyward.com/ims/oneroster/v1p1/",
    "https://esdemo1.skyward.com/api/ims/oneroster/v1p1/",
    "https://esdemo1.skyward.com/api//ims/oneroster//v1p1//",
    "https://esdemo1.skyward.com/api/ims/oneroster/rostering/v1p2",
    "https://esdemo1.skyward.com/api/ims/oneroster/gradebook/v1p2/",
    "https://esdemo1.skyward.com/api/ims/oneroster/v1p1/teachers",
    "https://esdemo1.skyward.com/api/IMS/OneRoster/v1p1",
    "https://esdemo1.skyward.com/api/ims",
    "HTTPS://ESDemo1.Skyward.COM/api",
    "https://esdemo1.skyward.com:443/api",
    "https:esdemo1.skyward.com/api",
    "https:///esdemo1.skyward.com/api",
    "esdemo1.skyward.com",
    "//esdemo1.skyward.com/api/",
    "  https://esdemo1.skyward.com/api \n",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_of_the_articles_example_leads_to_the_same_two_places_in_the_partners_order(typed: str) -> None:
    assert places(typed) == [
        ("https://esdemo1.skyward.com/api", "1.1"),
        ("https://esdemo1.skyward.com", "1.1"),
    ]


def test_another_sis_is_tried_in_both_versions() -> None:
    host = "https://lis.baken.nl"
    assert places(f"{host}/api/ims/oneroster/v1p1", "other") == [
        (host, "1.2"), (f"{host}/api", "1.2"), (host, "1.1"), (f"{host}/api", "1.1"),
    ]  # fmt: skip


def test_what_stands_before_a_known_prefix_stays() -> None:
    assert places("https://sis.example/noord/aeries/ims/oneroster/v1p1", "aeries") == [
        ("https://sis.example/noord/aeries", "1.1"),
        ("https://sis.example/noord", "1.1"),
        ("https://sis.example/noord/api", "1.1"),
    ]


def test_an_application_of_another_name_keeps_it() -> None:
    typed = "https://x.example/campus/api/oneroster/v1p2/baken/ims/oneroster/rostering/v1p2"
    found = candidates(typed, find_partner("infinite-campus"))
    assert found[2].prefix == "https://x.example/campus/api/oneroster/v1p2/baken"
    assert found[2].tokens == ("https://x.example/campus/oauth2/token?appName=baken",)


def test_the_base_url_of_infinite_campus_is_continued_and_not_doubled() -> None:
    assert [prefix for prefix, _ in places("https://x.example/campus", "infinite-campus")][:3] == [
        "https://x.example/campus",
        "https://x.example/campus/api",
        "https://x.example/campus/api/oneroster/v1p2/profijt",
    ]


def test_ways_of_signing_are_tried_in_the_partners_order() -> None:
    first = candidates("https://x.example/campus", find_partner("infinite-campus"))[0]
    assert first.securities == ("HMAC-SHA1", "HMAC-SHA256", "oauth2")


def test_a_token_address_below_the_base_follows_the_place() -> None:
    first = candidates("https://x.example", find_partner("aeries"))[0]
    assert first.tokens == ("https://x.example/aeries/ims/oneroster/v1p1/token",)


roots = st.lists(st.sampled_from(["campus", "noord", "lis-2", "V1", "a.b", "%20"]), max_size=2, unique=True)
hosts = st.sampled_from(["lis.baken.nl", "a.b.example", "xn--mnchen-3ya.de", "127.0.0.1:8080"])


@given(st.sampled_from(CONNECTABLE), hosts, roots, st.data())
def test_no_spelling_changes_where_is_looked(partner: str, host: str, root: list[str], data: st.DataObject) -> None:
    def slash() -> str:
        return "/" * data.draw(st.integers(1, 3))

    plain = places("/".join([f"http://{host}", *root]), partner)
    assert len(set(plain)) == len(plain)
    prefix = data.draw(st.sampled_from(known_prefixes(find_partner(partner))))
    endpoint = data.draw(
        st.sampled_from(["", "ims/oneroster", "ims/oneroster/v1p1", "ims/oneroster/rostering/v1p2", "ims"])
    )
    parts = [part for text in (*root, prefix, endpoint) for part in text.split("/") if part]
    spelled = "".join(letter.upper() if data.draw(st.booleans()) else letter for letter in host)
    typed = "http:" + "/" * data.draw(st.integers(2, 3)) + spelled + "".join(slash() + part for part in parts)
    if data.draw(st.booleans()):
        typed += slash()
    assert places(f" {typed} ", partner) == plain


def known_prefixes(partner: Partner) -> list[str]:
    """Those without a name of an application in them, for that is kept."""
    found = {prefix for service in partner.services for prefix in service.prefixes if "{app}" not in prefix}
    return sorted(found | {"", "/api"})


@given(st.sampled_from(CONNECTABLE), st.text(max_size=60))
def test_any_text_is_refused_or_gives_places_without_query_user_or_double_slash(partner: str, typed: str) -> None:
    try:
        found = places(typed, partner)
    except Invalid:
        return
    for prefix, _ in found:
        rest = prefix.partition("://")[2]
        assert rest
        assert not set(rest) & set("@?#\\ \n")
        assert "//" not in rest
        assert not rest.endswith("/")


# ------------------------------------------------------------ what is refused here; the rest is the door's

REFUSED = {
    "https://admin:geheim@lis.baken.nl/api": "address.user_info",
    "https://lis.baken.nl@169.254.169.254/": "address.user_info",
    "https://lis.baken.nl/api?school=1": "sis.host_query",
    "https://lis.baken.nl?x": "sis.host_query",
    "https://lis.baken.nl/#/login": "sis.host_query",
    "https://evil.nl#@lis.baken.nl/": "sis.host_query",
    "ftp://lis.baken.nl": "address.not_https",
    "file:///etc/passwd": "address.not_https",
    "": "address.malformed",
    "https://": "address.malformed",
    "https://lis.baken.nl/a b": "address.malformed",
    "https://lis.baken.nl\\@evil.nl": "address.malformed",
    "https://lis.baken.nl/\r\nX: 1": "address.malformed",
    "https://lis.baken.nl/api/../..": "address.malformed",
    "https://lis.baken.nl/ü": "address.malformed",
    "https://" + "a" * 10_240 + ".nl": "address.too_long",
    "https://[foo": "address.malformed",
    "https://lis.nl]": "address.malformed",
    "https://a℀b.nl": "address.malformed",
    "https://:443": "address.malformed",
    "https://lis.nl:99999": "address.port",
    "https://lis.nl:abc": "address.port",
}


@pytest.mark.parametrize("typed", REFUSED, ids=lambda typed: typed[:40].encode("unicode_escape").decode())
def test_what_is_no_host_url_is_refused_for_its_own_reason(typed: str) -> None:
    assert refused(typed) == REFUSED[typed]


def test_a_verificatie_url_may_have_a_query_and_is_spelled_one_way() -> None:
    assert token_address(" HTTPS://X.example:443//oauth//token?appName=P ") == "https://x.example/oauth/token?appName=P"
    assert token_address("  ") == ""


def test_a_verificatie_url_with_a_password_in_it_is_refused_at_its_own_field() -> None:
    with pytest.raises(Invalid) as caught:
        token_address("https://u:p@x.example/token")
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/verificatieUrl", "address.user_info")]


SECRETS = [
    "client_secret=x",
    "appName=p&Api-Key=x",
    "a=1;PASSWORD=x",
    "a?b&access%5Ftoken=x",
    "client%5fsecret",
    "pwd=",
]


@pytest.mark.parametrize("query", SECRETS)
def test_a_verificatie_url_with_a_secret_in_its_query_is_refused_at_its_own_field(query: str) -> None:
    with pytest.raises(Invalid) as caught:
        token_address(f"https://x.example/token?{query}")
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/verificatieUrl", "sis.secret_in_address")
    ]
