"""What happens to a practice school overnight: people come, go and change their names, and some of it looks like
something else. Every event has its word in the new day's `cases`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from shared.domain.people import Person, Role, User
from shared.simulators.enrolment import Enrolment, Name
from shared.simulators.practice_school import PracticeSchool

STUDENT, TEACHER = Role.STUDENT, Role.TEACHER


def next_day(school: PracticeSchool) -> PracticeSchool:
    """The school a day later; the same school gives the same next day. `truth` says who is who now."""
    desk = Enrolment(Random(f"{school.seed}/{school.day + 1}"), domain=school.users[0].entree.partition("@")[2])
    desk.resume(school.users, school.persons, dict(school.truth))
    ordinary = _ordinary(school, desk)
    _leavers(desk, ordinary)
    _arrivals(desk)
    _namesakes(desk, ordinary)
    _renames(desk, ordinary)
    _recycled_keys(desk, ordinary)
    _mended(school, desk)
    return replace(
        school,
        day=school.day + 1,
        users=tuple(desk.users),
        persons=tuple(desk.persons),
        truth=desk.truth,
        cases=tuple(desk.cases),
    )


def _ordinary(school: PracticeSchool, desk: Enrolment) -> Iterator[tuple[User, Person]]:
    """Students about whom both systems agree and who have no namesake, in chance order, each at most once."""
    known = {(person.role, person.id): person for person in school.persons}
    odd = {id for case in school.cases for id in case.users}
    names = Counter(_written(user) for user in school.users)
    pairs = []
    for user in sorted(school.users, key=lambda user: user.id):
        person = known.get(school.truth.get(user.id, (STUDENT, "")))
        if user.role is STUDENT and user.id not in odd and person and person.key == user.number:
            written = (person.first_name, person.last_name)
            if written == _written(user) and names[written] == 1:
                pairs.append((user, person))
    desk.rng.shuffle(pairs)
    return iter(pairs)


def _written(user: User) -> tuple[str, str]:
    return user.first_name, f"{user.prefix} {user.last_name}".strip()


def _gone(desk: Enrolment, user: User | None, person: Person | None) -> None:
    if user:
        desk.users.remove(user)
        desk.truth.pop(user.id, None)
    if person:
        desk.persons.remove(person)
        desk.truth = {id: ref for id, ref in desk.truth.items() if ref != (person.role, person.id)}


def _leavers(desk: Enrolment, ordinary: Iterator[tuple[User, Person]]) -> None:
    for case, times, from_profijt, from_webuntis in (
        ("left_both", 4, True, True),
        ("left_profijt", 2, True, False),  # WebUntis keeps those who left
        ("left_webuntis", 3, False, True),
    ):
        for _ in range(times):
            user, person = next(ordinary)
            _gone(desk, user if from_profijt else None, person if from_webuntis else None)
            desk.label(case, [user], [person])


def _arrivals(desk: Enrolment) -> None:
    for role, times in ((STUDENT, 5), (TEACHER, 1)):
        for _ in range(times):
            user, person = desk.pair(role)
            desk.label("arrived", [user], [person])


def _namesakes(desk: Enrolment, ordinary: Iterator[tuple[User, Person]]) -> None:
    for _ in range(2):  # somebody left, and another with the same name came: not the same human being
        user, person = next(ordinary)
        _, other = desk.draft(STUDENT, Name(user.first_name, user.prefix, user.last_name))
        _gone(desk, None, person)
        desk.add(None, other)
        desk.label("namesake_instead", [user], [person, other])
    for _ in range(2):  # a second one beside somebody who is linked
        user, person = next(ordinary)
        second, other = desk.named(STUDENT, Name(user.first_name, user.prefix, user.last_name))
        desk.label("namesake_beside", [user, second], [person, other])


def _renames(desk: Enrolment, ordinary: Iterator[tuple[User, Person]]) -> None:
    for case, times, in_profijt, in_webuntis in (
        ("renamed_in_profijt", 2, True, False),
        ("renamed_in_webuntis", 2, False, True),
        ("renamed_in_both", 1, True, True),
    ):
        for _ in range(times):
            user, person = next(ordinary)
            name = desk.unused_name(STUDENT, user.first_name)
            if in_profijt:
                desk.users[desk.users.index(user)] = replace(user, prefix=name.prefix, last_name=name.last)
            if in_webuntis:
                desk.persons[desk.persons.index(person)] = replace(person, last_name=name.full_last)
            desk.label(case, [user], [person])


def _recycled_keys(desk: Enrolment, ordinary: Iterator[tuple[User, Person]]) -> None:
    """Somebody left WebUntis, and their ID-nummer was given to somebody new, who is in Profijt without a number."""
    for _ in range(2):
        user, person = next(ordinary)
        _gone(desk, None, person)
        newcomer, taker = desk.draft(STUDENT, desk.unused_name(STUDENT))
        newcomer, taker = replace(newcomer, number=""), replace(taker, key=person.key)
        desk.add(newcomer, taker)
        desk.label("key_recycled", [user, newcomer], [person, taker])


def _mended(school: PracticeSchool, desk: Enrolment) -> None:
    """The school corrects what the log told it: WebUntis now spells the name as Profijt does."""
    for case in school.named("one_edit")[:3]:
        user, person = school.user(case.users[0]), school.person(case.persons[0])
        first, last = _written(user)
        desk.persons[desk.persons.index(person)] = replace(person, first_name=first, last_name=last)
        desk.label("mended", [user], [person])
