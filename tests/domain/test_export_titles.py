"""Titles as a SIS takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.export.titles import cut, key, one_line, told_apart

FAMILY, FLAG, TUMB = "👩‍👩‍👧", "🇳🇱", "👍🏽"


@pytest.mark.parametrize(
    ("text", "limit", "sent"),
    [
        ("SO H3 breuken", 13, "SO H3 breuken"),
        ("SO H3 breuken", 12, "SO H3 breuk…"),
        ("SO H3 breuken", 6, "SO H3…"),  # no space before the ellipsis
        (f"Toets {FAMILY}", 10, "Toets…"),  # a family is one sign of five characters
        (f"{FAMILY} familie", 6, f"{FAMILY}…"),
        (f"Duim {TUMB}!", 7, "Duim…"),
        (f"{FLAG}{FLAG} quiz", 4, f"{FLAG}…"),  # four halves are two flags
        ("Zoe\u0308s toets", 3, "Zo…"),  # the e and its dots stay together
        ("lang", 1, "…"),
        ("lang", 0, ""),
    ],
)
def test_a_title_is_cut_between_signs_and_the_ellipsis_counts(text: str, limit: int, sent: str) -> None:
    assert cut(text, limit) == sent


def test_a_title_is_one_line_without_halves_of_characters() -> None:
    assert one_line("  SO\tH3\r\n breuken \x00") == "SO H3 breuken"
    assert one_line("kapot \ud83d hart").encode()
    assert one_line("\ud83d\udc4d") == "👍"


@given(st.text(max_size=60), st.integers(12, 40))
def test_a_title_is_never_longer_than_allowed_and_always_one_that_can_be_sent(text: str, limit: int) -> None:
    for title in (cut(one_line(text), limit), told_apart(one_line(text), "w1", limit)):
        assert len(title) <= limit
        title.encode()


def test_two_works_with_one_title_are_told_apart_always_in_the_same_way() -> None:
    first, second = (told_apart("SO H3 breuken", work, 30) for work in ("w1", "w2"))
    assert key(first) != key(second)
    assert first == told_apart("SO H3 breuken", "w1", 30)
    assert first.startswith("SO H3 breuken (")
