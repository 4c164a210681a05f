"""A field holds BSNs when clearly more of its numbers pass the elf-proef than chance would let through."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.bsn import Judged, judge, passes


def bsns(count: int, seed: int = 1) -> list[str]:
    chance = Random(seed)
    found: list[str] = []
    while len(found) < count:
        number = f"{chance.randrange(10_000_000, 999_999_999):09}"
        if passes(number):
            found.append(number)
    return found


@pytest.mark.parametrize(("number", "bsn"), [("123456782", True), ("111222333", True), ("123456789", False)])
def test_the_elf_proef_is_that_of_the_bsn(number: str, bsn: bool) -> None:
    assert passes(number) is bsn


@pytest.mark.parametrize("count", [4, 10, 400])
def test_a_field_of_bsns_is_known_for_one(count: int) -> None:
    assert judge(bsns(count)).are_bsns


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_three_numbers_prove_nothing(count: int) -> None:
    assert not judge(bsns(count)).are_bsns


@pytest.mark.parametrize(
    "values",
    [
        [f"2023{number:04}" for number in range(2000)],  # eight digits, one after the other
        [f"{100000000 + 10 * number}" for number in range(2000)],
        [f"{1 + number % 28:02}{1 + number % 12:02}20{number % 20:02}" for number in range(500)],  # dates of birth
        [f"{number:06}" for number in range(5000)],
        ["067", "", "BauerBen", "1234567890"] * 100,
        ["123456782"] * 400,  # one value, however often
        ["00000000", "000000000"],
    ],
    ids=["in a row", "in steps of ten", "dates", "six digits", "other things", "one value", "zeros"],
)
def test_numbers_a_school_gives_out_itself_are_no_bsns(values: list[str]) -> None:
    assert not judge(values).are_bsns


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [5, 30, 900])
def test_random_numbers_of_nine_digits_are_no_bsns(seed: int, count: int) -> None:
    chance = Random(seed)
    assert not judge(f"{chance.randrange(10**8, 10**9)}" for _ in range(count)).are_bsns


def test_bsns_among_other_values_are_seen() -> None:
    chance = Random(7)
    others = [f"{chance.randrange(10**8, 10**9)}" for _ in range(300)] + [f"{number}" for number in range(500)]
    assert judge(others + bsns(100)).are_bsns


def test_a_lost_zero_dots_and_invisible_characters_hide_nothing() -> None:
    short = [number.lstrip("0") for number in bsns(4000) if number[0] == "0" and number[1] != "0"]
    assert len(short) > 10
    assert judge(short).are_bsns
    dotted = [f" {number[:4]}.{number[4:6]}.{number[6:]}\u200b" for number in bsns(20)]
    assert judge(dotted).are_bsns
    wide = ["".join(chr(ord(digit) + 0xFEE0) for digit in number) for number in bsns(20)]
    assert judge(wide).are_bsns


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), max_size=60), st.randoms())
def test_order_and_repetition_do_not_matter(values: list[str], chance: Random) -> None:
    shuffled = values + values[:5]
    chance.shuffle(shuffled)
    assert judge(shuffled) == judge(values)


@settings(deadline=None)
@given(st.integers(1, 3000), st.data())
def test_more_that_pass_is_never_less_proof(numbers: int, data: st.DataObject) -> None:
    passing = data.draw(st.integers(0, numbers - 1))
    assert Judged(numbers, passing + 1).are_bsns >= Judged(numbers, passing).are_bsns
    assert not Judged(numbers, numbers // 11).are_bsns
