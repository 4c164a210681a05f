"""A cause: one thing that can be the matter, in words a school understands, with its remedy and its owner."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from shared.values import dataclass

Language = Literal["nl", "en"]


class Owner(StrEnum):
    """Who can mend it."""

    ADMIN = "admin"  # the school's Profijt admin
    TEACHER = "teacher"  # whose class it is
    UNTIS_ADMIN = "untis-admin"
    SIS_ADMIN = "sis-admin"
    SUPPORT = "profijt-support"
    NOBODY = "nobody"  # nothing to mend


class _Blanks(dict[str, str | int]):
    """A sentence with a blank nobody filled shows "?" instead of failing: a log must not die on a missing word."""

    def __missing__(self, key: str) -> str:
        return "?"


@dataclass(frozen=True, slots=True)
class Cause:
    """`nl`/`en`: what is the matter, `remedy_nl`/`remedy_en`: what to do; all may hold {blanks} filled from facts."""

    code: str
    owner: Owner
    nl: str
    en: str
    remedy_nl: str
    remedy_en: str

    def sentence(self, language: Language, facts: Mapping[str, str | int]) -> str:
        """What is the matter, in one sentence."""
        return (self.nl if language == "nl" else self.en).format_map(_Blanks(facts))

    def remedy(self, language: Language, facts: Mapping[str, str | int]) -> str:
        """What the owner can do about it."""
        return (self.remedy_nl if language == "nl" else self.remedy_en).format_map(_Blanks(facts))
