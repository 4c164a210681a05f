"""How one person's record differs between two systems: each mistake takes a name and writes it as such a record would.

A mistake returns None for a name it cannot happen to (no prefix to move, no accent to lose).
"""

import random
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.school_names import OFFICIAL
from shared.domain.people import Role


@dataclass(frozen=True, slots=True)
class Human:
    """A name as it is to be written; `family` is the surname without its first prefix."""

    role: Role
    given: str
    second: str  # another forename, seldom written
    prefix: str
    family: str
    number: str
    code: str

    def surname_field(self) -> str:
        return f"{self.prefix} {self.family}" if self.prefix else self.family


Mistake = Callable[[random.Random, Human], Human | None]

_MARKS = {"ł": "l", "Ł": "L", "ı": "i", "ø": "o"}
_JOIN = str.maketrans(_MARKS)


def ascii_letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_JOIN))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _changed(someone: Human, **parts: str) -> Human | None:
    other = replace(someone, **parts)  # type: ignore[arg-type]
    return None if other == someone else other


def ascii_only(_: random.Random, someone: Human) -> Human | None:
    return _changed(someone, given=ascii_letters(someone.given), family=ascii_letters(someone.family))


def other_case(rng: random.Random, someone: Human) -> Human | None:
    case = rng.choice((str.upper, str.lower, str.title))
    return _changed(someone, given=case(someone.given), prefix=case(someone.prefix), family=case(someone.family))


def prefix_moved(rng: random.Random, someone: Human) -> Human | None:
    if not someone.prefix:
        return None
    place = rng.randrange(3)
    if place == 0:
        return replace(someone, given=f"{someone.given} {someone.prefix}", prefix="")
    return replace(someone, family=f"{someone.family}{', ' if place == 1 else ' '}{someone.prefix}", prefix="")


def prefix_merged(_: random.Random, someone: Human) -> Human | None:
    if not someone.prefix:
        return None
    return replace(someone, family=f"{someone.prefix}{someone.family}".replace(" ", "").capitalize(), prefix="")


def double_reordered(_: random.Random, someone: Human) -> Human | None:
    one, dash, other = someone.family.partition("-")
    return (
        replace(
            someone, family=f"{other}-{one}" if not someone.prefix else f"{other}-{someone.prefix} {one}", prefix=""
        )
        if dash
        else None
    )


def double_separated(rng: random.Random, someone: Human) -> Human | None:
    return _changed(someone, family=someone.family.replace("-", rng.choice((" ", " - ", "–", "/"))))


def other_apostrophe(rng: random.Random, someone: Human) -> Human | None:
    mark = rng.choice(("’", "‘", "`", "´", ""))
    return _changed(someone, prefix=someone.prefix.replace("'", mark), family=someone.family.replace("'", mark))


def ij_ligature(_: random.Random, someone: Human) -> Human | None:
    return _changed(someone, family=someone.family.replace("ij", "ĳ").replace("IJ", "Ĳ").replace("Ij", "Ĳ"))


def given_hyphen(rng: random.Random, someone: Human) -> Human | None:
    return _changed(someone, given=someone.given.replace("-", rng.choice((" ", ""))))


def noise(rng: random.Random, someone: Human) -> Human | None:
    if someone.role is Role.TEACHER and rng.random() < 0.6:
        return replace(someone, given=f"{rng.choice(('dhr.', 'Mevr.', 'drs.', 'dr.', 'mw.', 'ir.'))} {someone.given}")
    return replace(
        someone, given=rng.choice((f" {someone.given}", f"{someone.given}\u00a0", f"{someone.given}\u200b")),
        family=someone.family.replace(" ", "  ") + rng.choice(("", " ", "\t")),
    )  # fmt: skip


def mojibake(rng: random.Random, someone: Human) -> Human | None:
    wrong = "latin-1" if rng.random() < 0.3 else "cp1252"

    def read(text: str) -> str:
        return text.encode().decode(wrong, errors="replace") if not text.isascii() else text

    other = _changed(someone, given=read(someone.given), family=read(someone.family))
    return None if other is None or "\ufffd" in other.given + other.family else other


def swapped(_: random.Random, someone: Human) -> Human | None:
    return replace(someone, given=someone.surname_field(), prefix="", family=someone.given)


def one_field(rng: random.Random, someone: Human) -> Human | None:
    whole = rng.choice((
        f"{someone.given} {someone.surname_field()}", f"{someone.surname_field()}, {someone.given}",
        f"{someone.surname_field()} {someone.given}", f"{someone.family}, {someone.given} {someone.prefix}",
    ))  # fmt: skip
    return (
        replace(someone, given="", prefix="", family=whole)
        if rng.random() < 0.6
        else (replace(someone, given=whole, prefix="", family=""))
    )


def combo(rng: random.Random, someone: Human) -> Human | None:
    steps = [
        ascii_only,
        other_case,
        prefix_moved,
        prefix_merged,
        double_separated,
        given_hyphen,
        noise,
        swapped,
        one_field,
    ]
    other = someone
    for step in sorted(rng.sample(range(len(steps)), 3)):
        other = steps[step](rng, other) or other
    return None if other == someone else other


def prefix_abbreviated(rng: random.Random, someone: Human) -> Human | None:
    words = someone.prefix.split()
    if len(words) < 2:
        return None
    letters = [word.strip("'")[0] for word in words]
    return replace(someone, prefix=rng.choice((".", "/")).join(letters) + ".")


def prefix_dropped(_: random.Random, someone: Human) -> Human | None:
    return _changed(someone, prefix="")


def half_surname(rng: random.Random, someone: Human) -> Human | None:
    one, dash, other = someone.family.partition("-")
    return (
        replace(someone, family=one)
        if dash and rng.random() < 0.5
        else replace(someone, prefix="", family=other)
        if dash
        else None
    )


def more_forenames(_: random.Random, someone: Human) -> Human | None:
    return replace(someone, given=f"{someone.given} {someone.second}")


def call_name(rng: random.Random, someone: Human) -> Human | None:
    names = OFFICIAL.get(someone.given)
    if not names:
        return None
    called = rng.choice(names.split())
    return replace(someone, given=called if rng.random() < 0.8 else f"{someone.given} ({called})")


def initials(rng: random.Random, someone: Human) -> Human | None:
    letters = [someone.given[0], someone.second[0]][: rng.randint(1, 2)]
    return replace(someone, given=".".join(letters) + ".")


def no_forename(_: random.Random, someone: Human) -> Human | None:
    return replace(someone, given="")


def ij_as_y(_: random.Random, someone: Human) -> Human | None:
    return _changed(someone, family=someone.family.replace("ij", "y"))


def umlaut_oe(_: random.Random, someone: Human) -> Human | None:
    def spelt(text: str) -> str:
        return text.replace("ö", "oe").replace("ü", "ue").replace("Ö", "Oe").replace("Ü", "Ue")

    return _changed(someone, given=spelt(someone.given), family=spelt(someone.family))


def letter_lost(rng: random.Random, someone: Human) -> Human | None:
    mark = rng.choice(("?", "", "\ufffd"))

    def lost(text: str) -> str:
        return "".join(letter if letter.isascii() else mark for letter in text)

    return _changed(someone, given=lost(someone.given), family=lost(someone.family))


def typo(rng: random.Random, someone: Human) -> Human | None:
    part = rng.choice(("given", "family"))
    text: str = getattr(someone, part)
    place = rng.randrange(1, len(text)) if len(text) > 1 else 0
    kind = rng.randrange(4)
    letter = rng.choice(string.ascii_lowercase)
    if kind == 0:
        text = text[:place] + letter + text[place:]
    elif kind == 1:
        text = text[:place] + text[place + 1 :]
    elif kind == 2:
        text = text[:place] + letter + text[place + 1 :]
    else:
        text = text[: place - 1] + text[place : place + 1] + text[place - 1 : place] + text[place + 1 :]
    other = _changed(someone, **{part: text})
    if other is None or sorted(ascii_letters(other.given + other.family).lower()) == sorted(
        ascii_letters(someone.given + someone.family).lower()
    ):
        return typo(rng, someone)  # a swap keeps the letters; that it is not a link either is tested elsewhere
    return other
