"""Weak evidence between two names: which of a table of small features says "this may be one name", or that none does.

Weak evidence never links by names alone: each feature here is also true of pairs of different people (Jansen and
Janssen, Lisa and Liza, a brother with one more forename). With an equal proven second field it is enough.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product

from shared.domain.matching.call_names import call_name
from shared.domain.matching.letters import LOST, PARTICLES, is_initial
from shared.domain.matching.names import Name, alike, placed

Words = tuple[str, ...]
Feature = tuple[str, Callable[[Words, Words], bool]]

_LONGEST = 60  # letters; beyond this a name is compared for equality only
SPELLING = {
    "ij": "y",
    "ae": "a",
    "oe": "o",
    "ue": "u",
    "ck": "k",
    "c": "k",
    "ph": "f",
    "th": "t",
    "dt": "t",
    "sch": "s",
}


def weak_rules(one: Name, other: Name) -> tuple[str, ...] | None:
    """The features that were needed, weakest first (the first names the rule), one for each part.

    () for the same name; None for names that have nothing to do with each other.
    """
    found: list[tuple[str, ...]] = []
    for (given, family), (given2, family2) in product(_readings(one, other), _readings(other, one)):
        surname = _surname(family, family2)
        forename = None if surname is None else _forename(given, given2)
        if surname is not None and forename is not None:
            found.append(tuple(sorted(filter(None, (surname, forename)), key=RANK.__getitem__, reverse=True)))
    return min(found, key=lambda rules: (len(rules), *map(RANK.__getitem__, rules)), default=None)


def _readings(name: Name, against: Name) -> tuple[tuple[Words, Words], ...]:
    """Forename and surname as they stand; when one of them is empty, also as the other field may hold both."""
    given, family = placed(name)
    if given and family:
        return ((given, family),)
    words = name.words
    as_is = ((given, family),) if family else (((), given),)
    given2, family2 = placed(against)
    # Guess the cut only where the other side knows its forename.
    if len(words) < 2 or not (given2 and family2):
        return as_is
    cuts = ((words[:1], words[1:]), (words[-1:], words[:-1]))
    # More words than a surname: one of them is a forename, and it must not be overlooked.
    return cuts if len(nouns(words)) > len(nouns(family2)) else (*cuts, *as_is)


def forenames_resemble(one: Name, other: Name) -> bool:
    """Whether one person may well go by both forenames; also when one of them is missing."""
    return _forename(placed(one)[0], placed(other)[0]) not in (None, "short_form", "two_edits")


def _surname(one: Words, other: Words) -> str | None:
    if not one or not other:
        return None
    if alike(one, other):
        return ""
    return next((rule for rule, feature in SURNAME if feature(one, other)), None)


def _forename(one: Words, other: Words) -> str | None:
    if not one or not other:
        return "no_forename"
    if alike(one, other):
        return ""
    return next((rule for rule, feature in FORENAME if feature(one, other)), None)


@lru_cache(maxsize=1 << 14)
def nouns(words: Words) -> Words:
    """The words that carry a surname: all but the particles, or all of them when there is nothing else."""
    return tuple([word for word in words if word not in PARTICLES]) or words


def _particles(words: Words) -> Words:
    return tuple(word for word in words if word in PARTICLES) if nouns(words) != words else ()


def _prefix_abbreviated(one: Words, other: Words) -> bool:
    if not alike(nouns(one), nouns(other)):
        return False
    short, long = sorted((_particles(one), _particles(other)), key=lambda words: len("".join(words)))
    # "v.d." fits "van de", "van der" and "van den": it misses something, it does not contradict.
    return bool(short) and "".join(short).rstrip("rn") == "".join(word[0] for word in long)


def _prefix_missing(one: Words, other: Words) -> bool:
    if not alike(nouns(one), nouns(other)):
        return False
    few, many = sorted((_particles(one), _particles(other)), key=len)
    return set(few) < set(many)


def _prefix_different(one: Words, other: Words) -> bool:
    return alike(nouns(one), nouns(other))


def _half(one: Words, other: Words) -> bool:
    few, many = sorted((set(nouns(one)), set(nouns(other))), key=len)
    return few < many and max(map(len, few)) >= 3


@lru_cache(maxsize=1 << 14)
def spelled(words: Words) -> str:
    """The words as they sound to a Dutch ear, roughly: ij and y, oe and ö, c and k are one."""
    sound = "".join(words)
    for letters, one in SPELLING.items():
        sound = sound.replace(letters, one)
    return sound


def _spelling(one: Words, other: Words) -> bool:
    return spelled(one) == spelled(other)


def _letters_marked(one: Words, other: Words) -> bool:
    left, right = "".join(one), "".join(other)
    if LOST not in left + right or len(left) != len(right):
        return False
    return all(a == b or LOST in (a, b) for a, b in zip(left, right, strict=True))


def _letters_dropped(one: Words, other: Words) -> bool:
    short, long = sorted(("".join(one), "".join(other)), key=len)
    if len(short) < 3 or not 0 < len(long) - len(short) <= 3 or len(short) < 0.6 * len(long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _one_edit(one: Words, other: Words) -> bool:
    left, right = "".join(one), "".join(other)
    return min(len(left), len(right)) >= 3 and edits(left, right, 1) <= 1


def _two_edits(one: Words, other: Words) -> bool:
    left, right = "".join(one), "".join(other)
    return min(len(left), len(right)) >= 6 and edits(left, right, 2) <= 2


def _initials(one: Words, other: Words) -> bool:
    short, long = (one, other) if all(map(is_initial, one)) else (other, one)
    if not all(map(is_initial, short)):
        return False
    letters, starts = "".join(short), "".join(word[0] for word in long)
    return letters.startswith(starts) or starts.startswith(letters) or long[0].startswith(short[0])


def _extra_forename(one: Words, other: Words) -> bool:
    few, many = sorted((set(one), set(other)), key=len)
    return few < many or one[0] == other[0]


def _call_name(one: Words, other: Words) -> bool:
    return any(call_name(a, b) for a in one for b in other)


def _short_form(one: Words, other: Words) -> bool:
    short, long = sorted((one[0], other[0]), key=len)
    return len(short) >= 3 and (short in long or short[:3] == long[:3])


def edits(one: str, other: str, most: int) -> int:
    """Insertions, deletions, replacements and neighbour swaps from `one` to `other`; `most + 1` for more."""
    if abs(len(one) - len(other)) > most or len(one) > _LONGEST:
        return most + 1
    same = 0
    for letter, letter2 in zip(one, other, strict=False):
        if letter != letter2:
            break
        same += 1
    one, other = one[same:], other[same:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not one or not other:
        return len(one) + len(other)
    if most == 0 or (most == 1 and max(len(one), len(other)) > 2):  # both ends differ: one edit cannot mend that
        return most + 1
    # The first letters differ: one of these four comes first, and what is left is a smaller question.
    rests = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[:2] == other[1::-1]:
        rests.append((one[2:], other[2:]))
    return 1 + min(edits(rest, rest2, most - 1) for rest, rest2 in rests)


# First feature that is true decides.
SURNAME: tuple[Feature, ...] = (
    ("spelling", _spelling),
    ("prefix_abbreviated", _prefix_abbreviated),
    ("prefix_missing", _prefix_missing),
    ("half_surname", _half),
    ("letters_lost", _letters_marked),
    ("prefix_different", _prefix_different),  # "van der" against "van den" is one edit and yet a contradiction
    ("one_edit", _one_edit),
    ("letters_lost", _letters_dropped),
    ("two_edits", _two_edits),
)
FORENAME: tuple[Feature, ...] = (
    ("initials", _initials),
    ("spelling", _spelling),
    ("extra_forename", _extra_forename),
    ("letters_lost", _letters_marked),
    ("one_edit", _one_edit),
    ("call_name", _call_name),
    ("letters_lost", _letters_dropped),
    ("short_form", _short_form),
    ("two_edits", _two_edits),
)
# From the least to the most doubtful; a proposal with a lower number stands first.
_BY_DOUBT = (
    "spelling extra_forename prefix_abbreviated call_name prefix_missing one_edit half_surname initials letters_lost"
    " short_form two_edits no_forename prefix_different"
)
RANK: dict[str, int] = {rule: rank for rank, rule in enumerate(_BY_DOUBT.split())}
