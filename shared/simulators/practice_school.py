"""A believable Dutch school in two systems that do not quite agree, the same one for the same seed.

About 860 students and 90 teachers on each side. Most agree; the rest are the hard cases of real schools, each under
its word in `cases`, and `truth` tells who is who. No name, number or address belongs to a real person.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from shared.domain.people import Person, Role, User
from shared.simulators.enrolment import Case, Enrolment, Name, PersonRef
from shared.simulators.hard_cases import add_hard_cases
from shared.simulators.school_weeks import practice_timetable
from shared.simulators.spellings import SPELLINGS
from shared.simulators.untis_school import UntisSchool
from shared.simulators.webuntis import WebUntisSimulator

STUDENTS, TEACHERS = 860, 90


@dataclass(frozen=True, slots=True)
class PracticeSchool:
    """One school on one day: what Profijt knows, what WebUntis knows, and who is who."""

    id: str
    display_name: str
    school_name: str  # Schoolnaam
    subdomain: str
    tenant_id: str
    client_id: str
    password: str
    seed: int
    day: int
    users: tuple[User, ...]
    persons: tuple[Person, ...]
    truth: Mapping[str, PersonRef]  # user id → the person; users that are in Profijt alone are not in it
    cases: tuple[Case, ...]  # on later days: what happened that day

    def named(self, case: str) -> tuple[Case, ...]:
        """All cases of this word."""
        return tuple(one for one in self.cases if one.name == case)

    def counts(self) -> Counter[str]:
        """How many cases of each word."""
        return Counter(one.name for one in self.cases)

    def user(self, id: str) -> User:
        return next(user for user in self.users if user.id == id)

    def person(self, ref: PersonRef) -> Person:
        return next(person for person in self.persons if (person.role, person.id) == ref)

    def right_key(self, user_id: str) -> str:
        """The ID-nummer that really is this user's; "" when there is none to find."""
        ref = self.truth.get(user_id)
        return self.person(ref).key if ref else ""

    def of(self, role: Role) -> tuple[list[User], list[Person]]:
        return [u for u in self.users if u.role is role], [p for p in self.persons if p.role is role]


def practice_school(seed: int = 67) -> PracticeSchool:
    """The whole school of a seed, in well under a third of a second."""
    desk = Enrolment(Random(seed), domain="oefenschool.example")
    add_hard_cases(desk)
    for spelling in SPELLINGS:
        for role, times in ((Role.STUDENT, spelling.students), (Role.TEACHER, spelling.teachers)):
            for _ in range(times):
                user, person = desk.pair(role, spell=spelling.write, needs=spelling.needs)
                desk.label(spelling.case, [user], [person])
    enrolled = Counter(user.role for user in desk.users)
    for role, wanted in ((Role.STUDENT, STUDENTS), (Role.TEACHER, TEACHERS)):
        for _ in range(wanted - enrolled[role]):
            desk.pair(role)
    desk.rng.shuffle(desk.users)
    desk.rng.shuffle(desk.persons)
    return PracticeSchool(
        id="demo",
        display_name="Oefenschool De Waterlinie",
        school_name="waterlinie oefen",
        subdomain="tom",
        tenant_id="6700067",
        client_id="profijt",
        password="oefen-geheim-067",
        seed=seed,
        day=1,
        users=tuple(desk.users),
        persons=tuple(desk.persons),
        truth=desk.truth,
        cases=tuple(desk.cases),
    )


def tiny_school() -> PracticeSchool:
    """Three students and two teachers at another tenant, with the first school's names and numbers for other people:
    whatever leaks from one school into the other shows."""
    desk = Enrolment(Random(2), domain="klein.example")
    desk.named(Role.STUDENT, Name("Benjamin", "", "Bauer"), number="167")  # the namesake of 067 over there
    desk.named(Role.STUDENT, Name("Sophie", "van den", "Berg"), number="067")
    desk.named(Role.STUDENT, Name("Yusuf", "", "Yılmaz"), number="068")
    desk.named(Role.TEACHER, Name("Ingrid", "de", "Vries"))
    desk.named(Role.TEACHER, Name("Kees", "", "Bakker"))
    return PracticeSchool(
        id="klein",
        display_name="De Kleine School",
        school_name="klein+school",
        subdomain="klein",
        tenant_id="6800068",
        client_id="profijt",
        password="klein-geheim-068",
        seed=2,
        day=1,
        users=tuple(desk.users),
        persons=tuple(desk.persons),
        truth=desk.truth,
        cases=(),
    )


def load(untis: WebUntisSimulator, school: PracticeSchool) -> UntisSchool:
    """The school at the WebUntis simulator: added when it is not there yet, else with today's people.

    Its timetable stays that of the people it was added with."""
    there = untis.schools.get(school.tenant_id)
    if there:
        there.replace_all(school.persons)
        return there
    there = untis.add_school(
        tenant_id=school.tenant_id,
        school_name=school.school_name,
        subdomain=school.subdomain,
        client_id=school.client_id,
        password=school.password,
        display_name=school.display_name,
        people=school.persons,
    )
    there.timetable = practice_timetable(school.persons, school.seed)
    return there


def users_body(users: Sequence[User], *, left: Sequence[User] = ()) -> dict[str, Any]:
    """The users as the JSON body of PUT /users; those who `left` Profijt are told as no longer active."""
    return {"users": [_row(user) for user in users] + [_row(user) | {"actief": "nee"} for user in left]}


def _row(user: User) -> dict[str, str]:
    return {
        "id": user.id,
        "rol": "leerling" if user.role is Role.STUDENT else "docent",
        "voornaam": user.first_name,
        "tussenvoegsel": user.prefix,
        "achternaam": user.last_name,
        "afkorting": user.abbreviation,
        "nummer": user.number,
        "entreeKenmerk": user.entree,
        "eckId": user.eck_id,
        "untisIdNummer": user.untis_id,
        "email": user.email,
    }
