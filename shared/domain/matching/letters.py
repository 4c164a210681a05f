"""One raw name field becomes its plain words: two spellings that a computer made of one name give the same words.

Undone here: case, accents, letters outside NFKD (ł, ø, ı …), UTF-8 that was read as Windows-1252, apostrophes, dashes,
invisible characters, spaces, punctuation, and titles of teachers. Nothing that may be another name is undone: ö is o,
never oe; ij is never y.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

APOSTROPHES = "'’‘`´ʼʹ′‛＇"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LOST = "?"  # what an import writes for a letter it could not keep

# NFKD leaves these whole.
_LETTERS = {
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE",
    "œ": "oe", "Œ": "OE", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ə": "e",
    "Ə": "E", "\ufffd": LOST,
}  # fmt: skip
_TO_SPACE = '-‐‑‒–—―−.,;:/\\()[]{}<>|_"“”„«»*+=~^!#%&@$\u00a0\u00b7'
_PLAIN = str.maketrans({**dict.fromkeys(APOSTROPHES + INVISIBLE, ""), **dict.fromkeys(_TO_SPACE, " "), **_LETTERS})

# Words in front of or inside a surname that carry little: they may be missing, abbreviated or stand elsewhere.
_PARTICLES = (
    "van de der den het t s ten ter te von vom zu zur und da do dos das di del della du des la le les el al"
    " in op aan bij uit voor onder over tot v d vd vdr vande vander vanden vant"
)
PARTICLES = frozenset(_PARTICLES.split())
_TITLES = "dhr heer meneer mevr mevrouw mw mej drs dr ir ing prof mr mrs ms msc bsc phd"
TITLES = frozenset(_TITLES.split())
_VOWELS = frozenset("aeiouy")


class Part(NamedTuple):
    """One field as words. `letters` is equal for every order and every cut of the same letters (a sum over letters).

    `full_given` and `full_family` count the words that could tell people apart if this field is the forename or the
    surname: initials, particles and words with a lost letter do not.
    """

    words: tuple[str, ...]
    text: str
    letters: int
    full_given: int
    full_family: int


@lru_cache(maxsize=1 << 15)
def part(raw: str) -> Part:
    """The words of one raw field; remembered, because a school has few forenames and many bearers."""
    return _part(plain(raw).split())


@lru_cache(maxsize=1 << 12)
def teacher_part(raw: str) -> Part:
    """The same for a teacher, without titles ("drs. Jan"), unless a title is all there is."""
    words = plain(raw).split()
    return _part([word for word in words if word not in TITLES] or words)


def _part(words: list[str]) -> Part:
    text = " ".join(words)
    letters = sum(map(_WEIGHTS.__getitem__, text))
    if LOST not in text and min(map(len, words), default=0) > 3 and PARTICLES.isdisjoint(words):
        return Part(tuple(words), text, letters, len(words), len(words))  # most fields: whole words only
    return Part(tuple(words), text, letters, _full(words, is_initial), _full(words, _single))


def plain(raw: str) -> str:
    """`raw` in lower-case letters without accents; words are separated by white space."""
    if raw.isascii():
        return raw.translate(_PLAIN).lower()
    decomposed = unicodedata.normalize("NFKD", repaired(raw).translate(_PLAIN))
    # Strip the marks before lower-casing: "İ".lower() would leave a combining dot behind.
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_PLAIN).lower()


def repaired(raw: str) -> str:
    """`raw` with UTF-8 that was read as Windows-1252 or Latin-1 undone ("ZoÃ«" → "Zoë"); only if all of it decodes."""
    for _ in range(2):  # two imports in a row break it twice
        try:
            decoded = b"".join(map(_byte, raw)).decode()
        except UnicodeError:
            return raw
        raw = decoded
        if raw.isascii():
            break
    return raw


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # Windows-1252 leaves 81, 8D … undefined, and some readers use Latin-1 anyway


def is_initial(word: str) -> bool:
    """An initial or several ("j", "jp", "th", "chr", "ij"): too little to be a forename."""
    return (
        len(word) == 1
        or word == "ij"
        or (len(word) <= 3 and word.isalpha() and word.isascii() and not _VOWELS & set(word))
    )


def _single(word: str) -> bool:
    return len(word) == 1


def _full(words: list[str], initial: Callable[[str], bool]) -> int:
    telling = [word for word in words if not initial(word) and LOST not in word]
    nouns = [word for word in telling if word not in PARTICLES]
    # "Ben", "El" or "Ten" may be all there is of a name; beside an initial a particle stays a particle ("J. van den").
    return len(nouns) or (len(telling) if len(telling) == len(words) else 0)


class _Weights(dict[str, int]):
    """A number for each letter, such that the sum over a name tells its letters and forgets their order."""

    def __missing__(self, letter: str) -> int:
        weight = 0 if letter == " " else pow(1_000_003, ord(letter) + 2, (1 << 61) - 1)
        self[letter] = weight
        return weight


_WEIGHTS = _Weights()
