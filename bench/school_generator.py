"""Schools with a known truth: every user's own person, written into both systems with the mistakes of real exports.

The classes and rates are those of the project's facts about linking. Decoys are two different people, one on each side
only, whose names differ exactly as a mistake would. Left out and counted: two strangers of the very same name, each
missing on the other side; nobody can tell them from one person (in nature about 17 in a million links).
"""

import random
from dataclasses import dataclass, field, replace

from bench import mistakes, school_names
from shared.domain.people import Person, Role, User

MISTAKES: dict[str, tuple[float, mistakes.Mistake]] = {  # share of all people, what happens to one of the two records
    "diacritics": (0.022, mistakes.ascii_only),
    "case": (0.02, mistakes.other_case),
    "tv_moved": (0.068, mistakes.prefix_moved),
    "tv_merged": (0.004, mistakes.prefix_merged),
    "double_reorder": (0.002, mistakes.double_reordered),
    "double_sep": (0.002, mistakes.double_separated),
    "apostrophe": (0.001, mistakes.other_apostrophe),
    "ij_ligature": (0.001, mistakes.ij_ligature),
    "given_hyphen": (0.006, mistakes.given_hyphen),
    "noise": (0.009, mistakes.noise),
    "mojibake": (0.006, mistakes.mojibake),
    "swapped": (0.0045, mistakes.swapped),
    "one_field": (0.0065, mistakes.one_field),
    "combo": (0.022, mistakes.combo),
    "tv_abbrev": (0.005, mistakes.prefix_abbreviated),
    "tv_dropped": (0.004, mistakes.prefix_dropped),
    "double_half": (0.003, mistakes.half_surname),
    "given_multi": (0.0215, mistakes.more_forenames),
    "roepnaam": (0.012, mistakes.call_name),
    "initials": (0.0115, mistakes.initials),
    "ij_y": (0.001, mistakes.ij_as_y),
    "umlaut_oe": (0.003, mistakes.umlaut_oe),
    "char_lost": (0.003, mistakes.letter_lost),
    "typo1": (0.0115, mistakes.typo),
}
SAME_LETTERS = {"exact", *list(MISTAKES)[:14], "twins", "cross_role"}
DECOYS = ("typo1", "tv_dropped", "tv_abbrev", "double_half", "given_multi", "initials", "roepnaam", "ij_y", "umlaut_oe")


@dataclass(slots=True)
class School:
    """Both lists and the truth: `mine[user id]` is the id of the person who really is that user, if there is one.

    `kind[user id]` is the class; users in `refuse` must not be linked: the evidence fits somebody else as well.
    """

    users: list[User] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    mine: dict[str, str] = field(default_factory=dict)
    kind: dict[str, str] = field(default_factory=dict)
    refuse: set[str] = field(default_factory=set)
    strangers: int = 0  # users left out because nobody could tell them from somebody else


@dataclass(frozen=True, slots=True)
class Style:
    """How one school's two systems write: a mistake that is done to every record of one side."""

    users: mistakes.Mistake | None
    persons: mistakes.Mistake | None


class Generator:
    """Makes schools from a seed; the same arguments give the same schools."""

    def __init__(self, seed: int, *, missing: float, second_field: bool) -> None:
        self.rng = random.Random(seed)
        self.missing = missing
        self.second_field = second_field
        self.count = 0
        self.used: set[str] = set()

    def newcomer(self, school: School) -> None:
        """Somebody new in both systems, written without mistakes."""
        self._both(school, self._human(Role.STUDENT), Style(None, None), "newcomer")

    def school(self, size: int) -> School:
        """A school of about `size` users."""
        rng, school = self.rng, School()
        self.used = set()
        self.codes = rng.random() < 0.6
        self.taken_codes: set[str] = set()
        style = Style(*(rng.choice([mistakes.prefix_moved, mistakes.other_case, mistakes.ascii_only])
                        if rng.random() < 0.24 else None for _ in range(2)))  # fmt: skip
        if style.users and style.persons:
            style = replace(style, users=None)
        while len(school.users) < size:
            role = Role.TEACHER if rng.random() < 0.055 else Role.STUDENT
            self._family(school, role, style)
        self._leave_out_strangers(school)
        rng.shuffle(school.users)
        rng.shuffle(school.persons)
        return school

    def _leave_out_strangers(self, school: School) -> None:
        """Drop users whose letters are exactly those of one person who is somebody else, and of nobody besides."""
        users: dict[tuple[Role, str], list[User]] = {}
        persons: dict[tuple[Role, str], list[str]] = {}
        for user in school.users:
            users.setdefault((user.role, _letters(user.first_name, user.last_name)), []).append(user)
        for person in school.persons:
            persons.setdefault((person.role, _letters(person.first_name, person.last_name)), []).append(person.id)
        strangers = {
            mine[0].id
            for name, mine in users.items()
            if len(mine) == 1 == len(persons.get(name, ())) and school.mine.get(mine[0].id) != persons[name][0]
        }
        school.users = [user for user in school.users if user.id not in strangers]
        for user_id in strangers:
            school.mine.pop(user_id, None)
        school.strangers = len(strangers)

    def _family(self, school: School, role: Role, style: Style) -> None:
        rng = self.rng
        chance = rng.random()
        someone = self._human(role)
        if chance < 0.0023:  # two people of one name, complete
            self._both(school, someone, style, "homonym", refuse=not self.second_field)
            self._both(school, self._namesake(someone), style, "homonym", refuse=not self.second_field)
        elif chance < 0.0046:  # of one name; one of the four records is missing
            self._homonym_part(school, someone, style)
        elif chance < 0.0066:  # twins: other forename, same family
            self._both(school, someone, style, "twins")
            twin = self._human(role)
            while twin.given == someone.given:
                twin = self._human(role)
            self._both(school, replace(twin, prefix=someone.prefix, family=someone.family), style, "twins")
        elif chance < 0.0078:  # one account too many
            self._both(school, someone, style, "dup_user", refuse=True)
            self._user(school, replace(someone, number=self._number() if rng.random() < 0.5 else ""), "dup_user", style,
                       refuse=True)  # fmt: skip
            if self.second_field:
                school.refuse.discard(school.users[-2].id)
        elif chance < 0.0088:
            self._both(school, someone, style, "dup_person", refuse=not self.second_field)
            self._person(school, replace(someone, number=self._number()), style)
        elif chance < 0.0098:  # same name as student and as teacher
            other = Role.STUDENT if role is Role.TEACHER else Role.TEACHER
            self._both(school, someone, style, "cross_role")
            self._both(school, replace(self._namesake(someone), role=other), style, "cross_role")
        elif chance < 0.0098 + 0.0014 * len(DECOYS):
            self._decoy(school, someone, style)
        elif chance < 0.0098 + 0.0014 * len(DECOYS) + 0.0006 and role is Role.TEACHER and self.codes:
            self._both(school, someone, style, "homonym_afk")
            self._both(school, self._namesake(someone), style, "homonym_afk")
        else:
            self._ordinary(school, someone, style)

    def _ordinary(self, school: School, someone: mistakes.Human, style: Style) -> None:
        rng = self.rng
        if rng.random() < self.missing:
            self._person(school, someone, style)
            return
        if rng.random() < self.missing:
            self._user(school, someone, "missing_person", style)
            return
        chance = rng.random()
        for kind, (share, mistake) in MISTAKES.items():
            chance -= share
            if chance < 0:
                for _ in range(300):  # until somebody comes along to whom this can happen
                    if mistake(rng, someone) is not None:
                        self._both(school, someone, style, kind, mistake)
                        return
                    someone = self._human(someone.role)
                return
        if someone.role is Role.TEACHER and rng.random() < 0.02 and self.codes:
            self._both(school, someone, style, "abbr_only", mistakes.no_forename)
            return
        self._both(school, someone, style, "exact")

    def _homonym_part(self, school: School, someone: mistakes.Human, style: Style) -> None:
        first, second = someone, self._namesake(someone)
        self._both(school, first, style, "homonym_part", refuse=not self._told_apart(first))
        if self.rng.random() < 0.5:
            self._user(school, second, "homonym_part", style, refuse=True)
        else:
            self._person(school, second, style)

    def _told_apart(self, someone: mistakes.Human) -> bool:
        return self.second_field or (self.codes and someone.role is Role.TEACHER)

    def _decoy(self, school: School, someone: mistakes.Human, style: Style) -> None:
        kind = self.rng.choice(DECOYS)
        written = None
        for _ in range(300):
            written = MISTAKES[kind][1](self.rng, someone)
            if written is not None:
                break
            someone = self._human(someone.role)
        if written is None:
            return
        stranger = replace(written, number=self._number(), code=self._code(written.family))
        one, other = (someone, stranger) if self.rng.random() < 0.5 else (stranger, someone)
        self._user(school, one, f"d_{kind}", style)
        self._person(school, other, style)

    def _both(
        self, school: School, someone: mistakes.Human, style: Style, kind: str, mistake: mistakes.Mistake | None = None,
        *, refuse: bool = False,
    ) -> None:  # fmt: skip
        written = (mistake(self.rng, someone) if mistake else None) or someone
        if kind == "mojibake":
            style = Style(None, None)  # an import breaks the letters last: no style comes after it
        user, person = (written, someone) if self.rng.random() < 0.5 else (someone, written)
        # A code tells teachers apart where the school uses codes.
        refuse = refuse and not (kind.startswith("homonym") and self._told_apart(someone))
        self._user(school, user, kind, style, refuse=refuse)
        school.mine[school.users[-1].id] = self._person(school, person, style)

    def _user(self, school: School, someone: mistakes.Human, kind: str, style: Style, *, refuse: bool = False) -> None:
        written = (style.users(self.rng, someone) if style.users else None) or someone
        self.count += 1
        number = written.number if self.rng.random() < 0.99 else ""
        user = User(f"u{self.count}", written.role, written.given, written.surname_field(), "", written.code, number)
        school.users.append(user)
        school.kind[user.id] = kind
        if refuse:
            school.refuse.add(user.id)

    def _person(self, school: School, someone: mistakes.Human, style: Style) -> str:
        written = (style.persons(self.rng, someone) if style.persons else None) or someone
        self.count += 1
        key = written.number if self.second_field else str(self.rng.randrange(10**8, 10**9))
        code = written.code if written.role is Role.TEACHER else (written.family[:5] + written.given[:3])
        if written.role is Role.TEACHER and not self.codes:
            code = f"L{self.count}"
        person = Person(f"p{self.count}", written.role, key, written.given, written.surname_field(), code)
        school.persons.append(person)
        return person.id

    def _human(self, role: Role) -> mistakes.Human:
        while True:
            someone = self._stranger(role)
            key = letters_of(someone)
            if key not in self.used:
                self.used.add(key)
                return someone

    def _stranger(self, role: Role) -> mistakes.Human:
        rng = self.rng
        origin = rng.random()
        official = ""
        if origin < 0.06:
            given = rng.choice(school_names.GIVEN_TURKISH)
            prefix, family = "", rng.choice(school_names.SURNAME_TURKISH)
        elif origin < 0.12:
            given = rng.choice(school_names.GIVEN_MOROCCAN)
            prefix, family = rng.choice(("", "", "El", "Ait")), rng.choice(school_names.SURNAME_MOROCCAN)
        elif origin < 0.15:
            given = rng.choice(school_names.GIVEN_POLISH)
            prefix, family = "", rng.choice(school_names.SURNAME_POLISH)
        else:
            given = school_names.common_or_rare(rng, school_names.GIVEN)
            prefix, family = school_names.surname(rng)
            if rng.random() < 0.08:
                official = rng.choice(sorted(school_names.OFFICIAL))
                given = official
        if origin < 0.15 and rng.random() < 0.7:  # short lists: two surnames keep strangers apart
            family = f"{family}-{rng.choice(school_names.STEMS)}{rng.choice(school_names.ENDINGS)}"
        elif rng.random() < 0.02:
            prefix2, family2 = school_names.surname(rng)
            family = f"{family}-{prefix2} {family2}" if prefix2 else f"{family}-{family2}"
        if rng.random() < 0.03:
            given = f"{given}-{rng.choice(school_names.GIVEN)}"
        second = rng.choice(school_names.GIVEN)
        return mistakes.Human(role, given, second, prefix, family, self._number(), self._code(family))

    def _namesake(self, someone: mistakes.Human) -> mistakes.Human:
        return replace(someone, number=self._number(), code=self._code(someone.family))

    def _number(self) -> str:
        self.count += 1
        return f"{self.count:07d}"

    def _code(self, family: str) -> str:
        letters = "".join(filter(str.isalpha, family)).upper() + "XYZ"
        for code in (letters[:3], *(letters[:2] + third for third in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")):
            if code not in self.taken_codes:
                break
        else:
            code = f"{letters[:3]}{len(self.taken_codes)}"
        self.taken_codes.add(code)
        return code


def letters_of(someone: mistakes.Human) -> str:
    """All letters of a name, sorted: the measure by which two names are one."""
    return _letters(someone.given, someone.surname_field())


def _letters(*parts: str) -> str:
    return "".join(sorted(filter(str.isalpha, mistakes.ascii_letters("".join(parts)).lower())))
