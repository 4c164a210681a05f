"""The hard cases that need more than one human being: namesakes, twins, people in one system only, doubled records,
and ID-nummers that only look alike."""

from dataclasses import replace

from shared.domain.people import Person, Role, User
from shared.simulators.enrolment import Enrolment, Name

STUDENT, TEACHER = Role.STUDENT, Role.TEACHER

_TWINS = (("Daan", "Dean"), ("Sara", "Sarah"), ("Emir", "Emre"))


def add_hard_cases(desk: Enrolment) -> None:
    """Enrol them all and label them."""
    _lookalikes(desk)
    _similar_keys(desk)
    _namesakes(desk)
    _families(desk)
    _one_side_only(desk)
    _doubled(desk)


def _lookalikes(desk: Enrolment) -> None:
    """Two different people, one on each side, whose names differ as one person's spellings do."""
    for here, there in (
        (Name("Milan", "", "Janssen"), Name("Milan", "", "Jansen")),
        (Name("Jan", "", "Timmermans"), Name("Jan Willem", "", "Timmermans")),
        (Name("Noor", "van der", "Poel"), Name("Noor", "", "Poel")),
        (Name("Kees", "", "Oudshoorn"), Name("Cornelis", "", "Oudshoorn")),
        (Name("Fleur", "", "Meijerink"), Name("F.", "", "Meijerink")),
    ):
        user, _ = desk.draft(STUDENT, here)
        _, person = desk.draft(STUDENT, there)
        desk.add(user, None)
        desk.add(None, person)
        _label(desk, "lookalikes", (user, None), (None, person))


def _label(desk: Enrolment, case: str, *people: tuple[User | None, Person | None]) -> None:
    desk.label(case, [user for user, _ in people if user], [person for _, person in people if person])


def _similar_keys(desk: Enrolment) -> None:
    user, benjamin = desk.draft(STUDENT, Name("Benjamin", "", "Bauer"), number="067")  # the manual's own example
    user = replace(user, untis_id="067")
    desk.add(user, benjamin)
    number_67 = desk.named(STUDENT, Name("Lotte", "van der", "Steen"), number="67")
    _label(desk, "leading_zeros", (user, benjamin), number_67)

    teacher, person = desk.draft(TEACHER, desk.unused_name(TEACHER))
    person = replace(person, key="067")
    desk.add(teacher, person)
    _label(desk, "key_in_both_roles", (user, benjamin), (teacher, person))

    for _ in range(2):
        first = desk.pair(STUDENT)
        other, copied = desk.draft(STUDENT, desk.unused_name(STUDENT))
        copied = replace(copied, key=first[1].key)
        desk.add(other, copied)
        _label(desk, "id_number_twice", first, (other, copied))


def _namesakes(desk: Enrolment) -> None:
    for _ in range(2):
        name = desk.unused_name(STUDENT)
        _label(desk, "homonyms", desk.named(STUDENT, name), desk.named(STUDENT, name))
    name = desk.unused_name(TEACHER)
    _label(desk, "homonyms_by_code", desk.named(TEACHER, name), desk.named(TEACHER, name))

    name = desk.name(STUDENT)  # two in Profijt, one of them in WebUntis
    absent, _ = desk.draft(STUDENT, name)
    desk.add(absent, None)
    _label(desk, "homonym_half", desk.named(STUDENT, name), (absent, None))

    for _ in range(2):
        name = desk.unused_name(TEACHER)
        _label(desk, "same_name_both_roles", desk.named(TEACHER, name), desk.named(STUDENT, name))


def _families(desk: Enrolment) -> None:
    for firsts in _TWINS:
        name = desk.unused_name(STUDENT, *firsts)
        twins = [desk.named(STUDENT, replace(name, first=first)) for first in firsts]
        _label(desk, "twins", *twins)

    firsts = ("Joris", "Jasper")
    name = desk.unused_name(STUDENT, *firsts)
    hidden = []
    for first in firsts:
        user, person = desk.draft(STUDENT, replace(name, first=first))
        person = replace(person, first_name="J.")
        desk.add(user, person)
        hidden.append((user, person))
    _label(desk, "twins_initials", *hidden)

    for _ in range(8):
        user, person = desk.pair(STUDENT)
        sibling = desk.named(STUDENT, replace(desk.unused_name(STUDENT), prefix=user.prefix, last=user.last_name))
        _label(desk, "siblings", (user, person), sibling)


def _one_side_only(desk: Enrolment) -> None:
    for case, role, times, in_profijt in (
        ("only_profijt", STUDENT, 12, True),
        ("only_profijt", TEACHER, 2, True),
        ("only_webuntis", STUDENT, 8, False),
        ("only_webuntis", TEACHER, 1, False),
        ("left_in_list", STUDENT, 12, False),  # WebUntis keeps those who left, with an exit date
        ("left_in_list", TEACHER, 2, False),
    ):
        for _ in range(times):
            user, person = desk.pair(role)
            if in_profijt:
                desk.persons.remove(person)
            else:
                desk.users.remove(user)
            del desk.truth[user.id]
            _label(desk, case, (user, None) if in_profijt else (None, person))


def _doubled(desk: Enrolment) -> None:
    for _ in range(2):
        user, person = desk.pair(STUDENT)
        again, _ = desk.draft(STUDENT, Name(user.first_name, user.prefix, user.last_name))
        desk.users.append(again)
        desk.truth[again.id] = (STUDENT, person.id)
        _label(desk, "duplicate_account", (user, person), (again, None))
    for _ in range(2):
        user, person = desk.pair(STUDENT)
        _, again_there = desk.draft(STUDENT, Name(user.first_name, user.prefix, user.last_name))
        desk.add(None, again_there)
        _label(desk, "duplicate_person", (user, person), (None, again_there))
