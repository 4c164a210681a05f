"""Facts that are words of ours, in the words of the school: errors carry "student", people read "leerling"."""

from collections.abc import Mapping

from shared.domain.causes.cause import Language
from shared.domain.people import Role

ROLE_WORDS: Mapping[str, Mapping[Language, str]] = {
    Role.STUDENT: {"nl": "leerling", "en": "student"},
    Role.TEACHER: {"nl": "docent", "en": "teacher"},
}


def in_words(facts: Mapping[str, str | int], language: Language) -> dict[str, str | int]:
    """The facts with the role, if there is one, as people call it."""
    told = dict(facts)
    if str(told.get("role", "")) in ROLE_WORDS:
        told["role"] = ROLE_WORDS[str(told["role"])][language]
    return told
