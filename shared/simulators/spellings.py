"""The ways in which two systems spell the name of one human being differently, each with the names it can happen to
and how often it happens in a school of 860 students and 90 teachers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from shared.domain.people import Person, User
from shared.simulators.dutch_names import ROEPNAMEN, pick_given, pick_surname
from shared.simulators.enrolment import Name, Spell, plain, renamed


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way: its word, how many students and teachers, whose name it needs, and what the two systems then write."""

    case: str
    students: int
    teachers: int
    write: Spell
    needs: Callable[[Name], bool] = lambda _: True


def _case(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    first = name.first.upper() if rng.random() < 0.5 else name.first
    return user, renamed(person, first, name.full_last.upper())


def _diacritics(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, plain(name.first), plain(name.full_last))


def _umlaut(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    table = str.maketrans({"ö": "oe", "Ö": "Oe", "ü": "ue", "Ü": "Ue"})
    return user, renamed(person, name.first.translate(table), name.full_last.translate(table))


def _moved(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    first, last = rng.choice(
        (
            (name.first, f"{name.last} {name.prefix}"),
            (name.first, f"{name.last}, {name.prefix}"),
            (f"{name.first} {name.prefix}", name.last),
        )
    )
    return user, renamed(person, first, last)


def _merged(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.first, f"{name.prefix.replace(' ', '').capitalize()}{name.last.lower()}")


def _prefix_missing(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.first, name.last)


def _prefix_short(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.first, f"{rng.choice(('v.d.', 'v/d', 'v d'))} {name.last}")


def _double(rng: Random, name: Name) -> str:
    """A second surname to go behind the first."""
    while True:
        prefix, last = pick_surname(rng, "dutch")
        if last != name.last:
            return f"{prefix} {last}".strip()


def _double_order(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    second = _double(rng, name)
    return replace(user, last_name=f"{name.last}-{second}"), renamed(person, name.first, f"{second}-{name.full_last}")


def _double_half(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return replace(user, last_name=f"{name.last}-{_double(rng, name)}"), person


def _mojibake(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    def broken(text: str) -> str:  # UTF-8 read as ISO-8859-1, the default of WebUntis' student import
        return text.encode().decode("latin-1")

    return user, renamed(person, broken(name.first), broken(name.full_last))


def _ligature(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.first.replace("IJ", "Ĳ"), name.full_last.replace("IJ", "Ĳ"))


def _ij_y(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.first, name.full_last.replace("ij", "y"))


def _swapped(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.full_last, name.first)


def _one_field(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, "", f"{name.first} {name.full_last}")


def _initials(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    initials = "".join(f"{part[0]}." for part in name.first.split("-"))
    return user, renamed(person, initials, name.full_last)


def _roepnaam(_rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, ROEPNAMEN[name.first], name.full_last)


def _more_names(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    group = "adult" if person.role == "teacher" and name.origin == "dutch" else name.origin
    more = next(n for n in iter(lambda: pick_given(rng, group, name.sex), "") if n != name.first)
    return user, renamed(person, f"{name.first} {more}", name.full_last)


def _hyphen(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    first = name.first.replace("-", " ") if rng.random() < 0.5 else name.first.replace("-", "").capitalize()
    return user, renamed(person, first, name.full_last)


def _one_edit(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    at = rng.randrange(1, len(name.last) - 1)
    before, letter, after = name.last[:at], name.last[at], name.last[at + 1 :]
    vowel = next(v for v in "eaoiu" if v != letter)
    last = rng.choice((before + after, before + letter + letter + after, before + vowel + after))
    return user, renamed(person, name.first, f"{name.prefix} {last}".strip())


def _apostrophe(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, name.first, name.full_last.replace("'", rng.choice(("’", "`", "‘"))))


def _noise(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    odd_space = rng.choice(("\u00a0", "  ", "\u2009"))
    return user, renamed(person, f" {name.first}", f"{name.full_last.replace(' ', odd_space)}{odd_space}")


def _title(rng: Random, name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, renamed(person, f"{rng.choice(('drs.', 'dr.', 'ir.'))} {name.first}", name.full_last)


def _number_missing(_rng: Random, _name: Name, user: User, person: Person) -> tuple[User, Person]:
    return replace(user, number=""), person


def _key_empty(_rng: Random, _name: Name, user: User, person: Person) -> tuple[User, Person]:
    return user, replace(person, key="")


def _code_conflict(_rng: Random, _name: Name, user: User, person: Person) -> tuple[User, Person]:
    return replace(user, abbreviation=f"{person.short_name[:2]}X"), person


def _has_prefix(name: Name) -> bool:
    return bool(name.prefix)


def _has_marks(name: Name) -> bool:
    return plain(name.first + name.last) != name.first + name.last


def _simple(name: Name) -> bool:
    """Letters only: nothing that a second spelling would add to."""
    return (name.first + name.last).isascii() and (name.first + name.last).isalpha() and len(name.last) > 4


SPELLINGS: tuple[Spelling, ...] = (
    Spelling("case", 16, 4, _case),
    Spelling("diacritics", 12, 1, _diacritics, _has_marks),
    Spelling("umlaut_oe", 2, 0, _umlaut, lambda n: bool(set("öÖüÜ") & set(n.first + n.last))),
    Spelling("tussenvoegsel_moved", 14, 2, _moved, _has_prefix),
    Spelling("tussenvoegsel_merged", 3, 0, _merged, lambda n: n.prefix in ("van", "de", "van der", "van den")),
    Spelling("tussenvoegsel_missing", 4, 1, _prefix_missing, _has_prefix),
    Spelling("tussenvoegsel_abbreviated", 4, 1, _prefix_short, lambda n: n.prefix in ("van de", "van der", "van den")),
    Spelling("double_name_order", 4, 0, _double_order, _simple),
    Spelling("double_name_half", 3, 2, _double_half, _simple),
    Spelling("mojibake", 6, 0, _mojibake, _has_marks),
    Spelling("ij_ligature", 2, 0, _ligature, lambda n: "IJ" in n.first + n.last),
    Spelling("ij_y", 3, 0, _ij_y, lambda n: "ij" in n.last),
    Spelling("swapped_fields", 4, 0, _swapped, _simple),
    Spelling("one_field", 3, 0, _one_field, _simple),
    Spelling("initials", 6, 8, _initials),
    Spelling("roepnaam", 6, 0, _roepnaam, lambda n: n.first in ROEPNAMEN),
    Spelling("extra_given_names", 10, 1, _more_names),
    Spelling("hyphen_in_given_name", 3, 0, _hyphen, lambda n: "-" in n.first),
    Spelling("one_edit", 8, 1, _one_edit, _simple),
    Spelling("apostrophe", 3, 0, _apostrophe, lambda n: "'" in n.full_last),
    Spelling("odd_spaces", 5, 1, _noise, _has_prefix),
    Spelling("title", 0, 3, _title),
    Spelling("number_missing", 6, 2, _number_missing),
    Spelling("id_number_empty", 5, 2, _key_empty),
    Spelling("code_conflict", 0, 1, _code_conflict),
)
