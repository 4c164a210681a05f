"""What people paste as the address of their WebUntis comes down to the two words of the manual, or is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.flows.webuntis_place import Place, place_of


@pytest.mark.parametrize(
    ("name", "subdomain"),
    [
        ("gym+tom", "tom"),
        (" gym+tom ", " Tom.webuntis.com. "),
        ("", "https://tom.webuntis.com/WebUntis/?school=gym%2Btom"),
        ("", "https://TOM.webuntis.com:443/WebUntis/?school=gym%2Btom#/basic/login"),
        ("", "tom.webuntis.com/WebUntis/#/basic/main?school=gym%2Btom"),
        ("gym+tom", "http://tom.webuntis.com./?school=iets-anders"),
        ("https://tom.webuntis.com/WebUntis/?school=gym%2Btom", ""),
        ("https://elders.webuntis.com/WebUntis/?school=gym%2Btom", "tom"),
    ],
)
def test_a_pasted_address_fills_in_both_fields(name: str, subdomain: str) -> None:
    assert place_of(name, subdomain) == Place("gym+tom", "tom")


def test_nothing_stays_nothing() -> None:
    assert place_of(" ", "") == Place("", "")


@pytest.mark.parametrize(
    "typed",
    ["//[", "http://[::1", "http://10.0.0.1/?school=x", "https://tom.webuntis.com.elders.nl", "tom@elders", "a b"],
)
def test_an_address_of_nowhere_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        place_of("school", typed)
    assert [fault.pointer for fault in refused.value.faults] == ["/subdomein"]


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_typed_gives_a_subdomain_or_a_refusal(name: str, typed: str) -> None:
    try:
        place = place_of(name, typed)
    except Invalid:
        return
    assert place.subdomain == "" or place.subdomain.replace("-", "").isalnum()
