"""The desk where a practice school enrols people: each gets ids, numbers and codes nobody else has, on both sides.

Everything is drawn from one random source, so the same source and the same order give the same people.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from shared.domain.people import Person, Role, User
from shared.simulators.dutch_names import Sex, pick_given, pick_origin, pick_surname

PersonRef = tuple[Role, str]  # role and Person.id: ids are unique within a role only


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody's own name, before two systems spell it."""

    first: str
    prefix: str
    last: str
    origin: str = "dutch"
    sex: Sex = "f"

    @property
    def full_last(self) -> str:
        return f"{self.prefix} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Case:
    """Some people who make linking hard, and the word for why. Tests and the printed summary look them up."""

    name: str
    users: tuple[str, ...]
    persons: tuple[PersonRef, ...]


Spell = Callable[[Random, Name, User, Person], tuple[User, Person]]


def as_told(_rng: Random, _name: Name, user: User, person: Person) -> tuple[User, Person]:
    """Both systems spell the name as it is; WebUntis with the tussenvoegsel in front of the last name."""
    return user, person


class Enrolment:
    """The lists so far. `truth` tells which person each user is; users that are in Profijt alone are not in it."""

    def __init__(self, rng: Random, *, domain: str) -> None:
        self.rng = rng
        self.domain = domain
        self.users: list[User] = []
        self.persons: list[Person] = []
        self.truth: dict[str, PersonRef] = {}
        self.cases: list[Case] = []
        self._names: set[tuple[Role, str]] = set()
        self._codes: set[str] = set()
        self._numbers: set[str] = set()
        self._serial = 0

    def resume(self, users: tuple[User, ...], persons: tuple[Person, ...], truth: dict[str, PersonRef]) -> None:
        """Go on from a school's lists: nothing that was ever given out there is given out again."""
        self.users, self.persons, self.truth = list(users), list(persons), dict(truth)
        self._names = {_spelled(user) for user in users} | {_spelled(person) for person in persons}
        self._codes = {p.short_name for p in persons} | {u.abbreviation for u in users}
        self._numbers = {u.number for u in users} | {p.key for p in persons}
        self._serial = max(int(p.id) for p in persons) + len(users)

    # ------------------------------------------------------------ names

    def name(self, role: Role, needs: Callable[[Name], bool] = lambda _: True) -> Name:
        """A name that fits `needs`; teachers are a generation older and more often Dutch."""
        while True:
            sex: Sex = self.rng.choice(("f", "m"))
            origin = pick_origin(self.rng)
            if role is Role.TEACHER and origin != "dutch" and self.rng.random() < 0.6:
                origin = "dutch"
            group = "adult" if role is Role.TEACHER and origin == "dutch" else origin
            prefix, last = pick_surname(self.rng, origin)
            if sex == "f" and origin == "polish" and last.endswith("ki"):
                last = f"{last[:-1]}a"
            found = Name(pick_given(self.rng, group, sex), prefix, last, origin, sex)
            if needs(found):
                return found

    def unused_name(self, role: Role, *firsts: str) -> Name:
        """A name nobody in the school has, in either role; with `firsts`, whose last name goes with none of them."""
        while True:
            found = self.name(role)
            spelled = {letters(f"{first} {found.last}") for first in firsts or (found.first,)}
            if not any((either, one) in self._names for either in Role for one in spelled):
                return found

    # ------------------------------------------------------------ enrolling

    def pair(
        self, role: Role, *, spell: Spell = as_told, needs: Callable[[Name], bool] = lambda _: True
    ) -> tuple[User, Person]:
        """Somebody new in both systems, whose name as either system spells it nobody else of the role has."""
        while True:
            user, person = self.draft(role, self.name(role, needs), spell)
            if not {_spelled(user), _spelled(person)} & self._names:
                self.add(user, person)
                return user, person

    def named(self, role: Role, name: Name, *, number: str = "") -> tuple[User, Person]:
        """Somebody with exactly this name in both systems, whether or not others have it too."""
        user, person = self.draft(role, name, as_told, number=number)
        self.add(user, person)
        return user, person

    def add(self, user: User | None, person: Person | None) -> None:
        """Put them on the lists; together they are one human being."""
        if user:
            self.users.append(user)
            self._names.add(_spelled(user))
        if person:
            self.persons.append(person)
            self._names.add(_spelled(person))
        if user and person:
            self.truth[user.id] = (person.role, person.id)

    def label(self, case: str, users: list[User], persons: list[Person]) -> None:
        self.cases.append(Case(case, tuple(u.id for u in users), tuple((p.role, p.id) for p in persons)))

    def draft(self, role: Role, name: Name, spell: Spell = as_told, *, number: str = "") -> tuple[User, Person]:
        """Both records of somebody new, on no list yet."""
        self._serial += 1
        student = role is Role.STUDENT
        number = number or self._number(role)
        code = self._code(role, name)
        user = User(
            id=f"{'l' if student else 'd'}{self._serial:05}",
            role=role,
            first_name=name.first,
            prefix=name.prefix,
            last_name=name.last,
            abbreviation="" if student else code,
            number=number,
            entree=f"{number}@{self.domain}",
            eck_id=_eck_id(f"{self.domain}/{number}") if student else "",
            email=f"{number}@leerlingen.{self.domain}" if student else f"{code.lower()}@{self.domain}",
        )
        # a student's ID-nummer is the stamnummer; a teacher's is Untis' own, and what agrees is the code
        key = number if student else f"D{self._serial:03}"
        id = f"{(500 if student else 400) + self._serial}"  # two tables: a student and a teacher may share an id
        person = Person(id, role, key, name.first, name.full_last, code)
        return spell(self.rng, name, user, person)

    # ------------------------------------------------------------ numbers and codes

    def _number(self, role: Role) -> str:
        """A stamnummer of at least three digits ("067"), or a personeelsnummer of five."""
        while True:
            number = f"{self.rng.randrange(1, 1600):03}" if role is Role.STUDENT else f"3{self.rng.randrange(10000):04}"
            if number not in self._numbers and number != "067":  # 067 is Benjamin Bauer's, as in the manual
                self._numbers.add(number)
                return number

    def _code(self, role: Role, name: Name) -> str:
        """BauerBen for a student, BAU for a teacher; with a digit behind it when somebody else has it."""
        last = "".join(filter(str.isalpha, plain(name.last)))
        first = "".join(filter(str.isalpha, plain(name.first)))
        code = f"{last[:5].capitalize()}{first[:3].capitalize()}" if role is Role.STUDENT else last[:3].upper()
        free = next(one for n in count(1) if (one := f"{code}{n}" if n > 1 else code) not in self._codes)
        self._codes.add(free)
        return free


_NO_DECOMPOSITION = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "ø": "o", "ß": "ss", "æ": "ae", "đ": "d", "’": "'"})
_PREFIX_WORDS = frozenset(["van", "de", "der", "den", "ter", "ten", "te", "in", "'t", "op", "el", "d'"])


def plain(text: str) -> str:
    """The nearest ASCII letters: Łukasz Öztürk → Lukasz Ozturk."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_NO_DECOMPOSITION))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def letters(text: str) -> str:
    """What two names of different people must not share: the letters, sorted, without tussenvoegsels."""
    words = plain(text).lower().replace(",", " ").split()
    return "".join(sorted(c for word in words if word not in _PREFIX_WORDS for c in word if c.isalpha()))


def _spelled(one: User | Person) -> tuple[Role, str]:
    return one.role, letters(f"{one.first_name} {one.last_name}")


def _eck_id(secret: str) -> str:
    """An ECK-iD: an address of 154 characters."""
    return f"https://ketenid.nl/201703/{hashlib.sha512(secret.encode()).hexdigest()}"


def renamed(person: Person, first: str, last: str) -> Person:
    return replace(person, first_name=first, last_name=last)
