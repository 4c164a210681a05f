"""Whether the values of a field are BSNs, judged over the field as a whole: one value alone proves nothing.

About 1 in 11 numbers passes the elf-proef by chance. So a field is taken for BSNs when clearly more of its numbers of
8 or 9 digits pass, more than chance would give once in ten thousand fields; four numbers that all pass are enough,
three never are. Nothing here shows or keeps a value.
"""

import unicodedata
from collections.abc import Iterable
from math import exp, fsum, lgamma, log

from shared.values import dataclass

CHANCE = 1 / 11
SHARE = 2 * CHANCE  # less than this is no finding, however many numbers: consecutive numbers reach 1 in 10
DOUBT = 1e-4
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


@dataclass(frozen=True, slots=True)
class Judged:
    """How many different numbers of 8 or 9 digits a field holds, and how many of them pass the elf-proef."""

    numbers: int
    passing: int

    @property
    def are_bsns(self) -> bool:
        return self.passing > SHARE * self.numbers and _by_chance(self.numbers, self.passing) < DOUBT


def judge(values: Iterable[str]) -> Judged:
    """The field with these values. Dots, spaces and dashes inside a number do not hide it; a value counts once."""
    numbers = {number for value in values if (number := _number(value))}
    return Judged(len(numbers), sum(map(passes, numbers)))


def passes(number: str) -> bool:
    """Whether nine digits pass the elf-proef of the BSN."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True)) % 11 == 0


def _number(value: str) -> str:
    """The nine digits of a value that could be a BSN (of eight, the zero in front went lost), or ""."""
    kept = "".join(char for char in unicodedata.normalize("NFKC", value) if char.isalnum())
    return kept.zfill(9) if len(kept) in (8, 9) and kept.isascii() and kept.isdigit() and int(kept) else ""


def _by_chance(numbers: int, passing: int) -> float:
    """How likely it is that at least `passing` of so many numbers pass when each does by chance (binomial tail)."""
    return fsum(
        exp(
            lgamma(numbers + 1)
            - lgamma(count + 1)
            - lgamma(numbers - count + 1)
            + count * log(CHANCE)
            + (numbers - count) * log(1 - CHANCE)
        )
        for count in range(passing, numbers + 1)
    )
