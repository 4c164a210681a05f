"""A name in two parts, and when two names are one: the same letters, only placed, cut or ordered otherwise.

`same` never ignores a letter. It refuses names that are too short to tell people apart (initials, a single word).
"""

from collections.abc import Iterable
from itertools import permutations
from typing import NamedTuple

from shared.domain.matching.letters import PARTICLES, Part, part, teacher_part
from shared.domain.people import Person, Role, User

SAME_LETTERS = "same_letters"  # both parts, in place
SAME_WORDS = "same_words"  # all words, the fields swapped or merged
INITIALS_ONLY = "initials_only"  # the same letters, but too few of them
BY_ITSELF = (SAME_LETTERS, SAME_WORDS)  # the rules that link without a second field
_MOST_PIECES = 6  # of a name glued together in one system: "van den Berg-van der Wit" has six


Parts = tuple[Part, Part]  # forename, surname; kept instead of a Name for the many whose parts are never looked into


class Name(NamedTuple):
    """Forename and surname as plain words."""

    given: Part
    family: Part

    @property
    def letters(self) -> int:
        """The same for all names of the same letters, whatever their order."""
        return self.given.letters + self.family.letters

    @property
    def words(self) -> tuple[str, ...]:
        return self.given.words + self.family.words

    @property
    def text(self) -> str:
        """The form that is remembered with a link: `read` turns it into the same name again."""
        return text_of(self)

    @property
    def is_one_field(self) -> bool:
        return not (self.given.words and self.family.words)

    @property
    def is_telling(self) -> bool:
        """Enough to tell people apart: a whole forename and a whole surname."""
        if self.given.words and self.family.words:
            return bool(self.given.full_given and self.family.full_family)
        words = self.words  # all in one field
        only = self.given if self.given.words else self.family
        return only.full_family >= 2 and len(words[0]) > 1 and all(len(word) > 1 or word in "st" for word in words)


def text_of(parts: Parts) -> str:
    given, family = parts
    return f"{given.text}|{family.text}"


def names_of_users(users: Iterable[User], role: Role) -> list[Parts]:
    """The names of users of one role."""
    of = teacher_part if role is Role.TEACHER else part
    return [(of(u.first_name), of(f"{u.prefix} {u.last_name}" if u.prefix else u.last_name)) for u in users]


def names_of_persons(persons: Iterable[Person], role: Role) -> list[Parts]:
    """The names of persons of one role."""
    of = teacher_part if role is Role.TEACHER else part
    return [(of(p.first_name), of(p.last_name)) for p in persons]


def read(text: str) -> Name:
    """The name that `Name.text` was written from."""
    first, _, last = text.partition("|")
    return Name(part(first), part(last))


def same(one: Name, other: Name) -> str | None:
    """Which rule says these two names (of equal `letters`) are one name, or None."""
    if one.given.words == other.given.words and one.family.words == other.family.words:
        rule = SAME_LETTERS
    else:
        found = _same_otherwise(one, other)
        if found is None:
            return None
        rule = found
    if one.is_one_field != other.is_one_field:
        # The side with two fields says which words are the forename.
        return rule if (other if one.is_one_field else one).is_telling else INITIALS_ONLY
    return rule if one.is_telling and other.is_telling else INITIALS_ONLY


def _same_otherwise(one: Name, other: Name) -> str | None:
    (given, family), (given2, family2) = placed(one), placed(other)
    if alike(given, given2) and alike(family, family2):
        return SAME_LETTERS
    if sorted(one.words) == sorted(other.words) or (alike(given, family2) and alike(family, given2)):
        return SAME_WORDS
    return SAME_WORDS if (one.is_one_field or other.is_one_field) and alike(one.words, other.words) else None


def placed(name: Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Forename and surname words, with particles that stand behind the forename moved to the surname."""
    given = name.given.words
    cut = len(given)
    while cut > 1 and given[cut - 1] in PARTICLES:
        cut -= 1
    return given[:cut], given[cut:] + name.family.words


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same words in any order, or the same after gluing some of them ("van den Berg", "Vandenberg")."""
    if one == other:
        return True
    if len(one) == 1 == len(other):
        return False  # most pairs: one word each, and not the same
    left, right = without(one, other), without(other, one)
    if not left and not right:
        return True
    if not left or not right or max(len(left), len(right)) > _MOST_PIECES:
        return False
    if len(left) == 1 == len(right) or sorted("".join(left)) != sorted("".join(right)):
        return False
    glued = {"".join(order) for order in permutations(left)}
    return any("".join(order) in glued for order in permutations(right))


def without(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """What is left of `words` when each of `others` is taken out once."""
    left = list(words)
    for word in others:
        if word in left:
            left.remove(word)
    return left
