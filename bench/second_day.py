"""The same school a day later: people left, namesakes arrived, ID-nummers were given out again, names changed."""

import random
from dataclasses import replace

from bench.school_generator import Generator, School
from shared.domain.people import Person, User

EVENTS = {  # share of the people who have a person, what happens
    "person_left": 0.01,
    "person_left_namesake_came": 0.004,
    "user_left_namesake_came": 0.004,
    "user_left_namesake_pair_came": 0.003,
    "namesake_beside": 0.004,
    "namesake_user_beside": 0.003,
    "key_recycled": 0.005,
    "key_recycled_no_user": 0.003,
    "person_renamed": 0.004,
    "user_renamed": 0.004,
    "newcomer": 0.01,
}


def next_day(school: School, generator: Generator) -> School:
    """The school after a day; truth and kinds go with it. Some of those who shared a name lose their namesake."""
    rng = random.Random(generator.rng.random())
    day = School([], [], dict(school.mine), dict(school.kind), set(school.refuse))
    users = {user.id: user for user in school.users}
    persons = {person.id: person for person in school.persons}
    for user_id in [user.id for user in school.users if user.id in school.mine]:
        if school.kind[user_id] in ("homonym", "homonym_part", "dup_user", "dup_person"):
            if rng.random() < 0.3:
                (users if rng.random() < 0.5 else persons).pop(
                    user_id if user_id in users and rng.random() < 0.5 else "", None
                )
                if rng.random() < 0.5:
                    users.pop(user_id, None)
                else:
                    persons.pop(school.mine[user_id], None)
            continue
        chance = rng.random()
        for event, share in EVENTS.items():
            chance -= share
            if chance < 0:
                _happen(event, users[user_id], persons[school.mine[user_id]], users, persons, day, generator)
                break
    day.users, day.persons = [*day.users, *users.values()], [*day.persons, *persons.values()]
    for user in list(users):
        if day.mine.get(user) not in persons:
            day.mine.pop(user, None)
    rng.shuffle(day.users)
    rng.shuffle(day.persons)
    return day


def _happen(
    event: str,
    user: User,
    person: Person,
    users: dict[str, User],
    persons: dict[str, Person],
    day: School,
    generator: Generator,
) -> None:
    generator.count += 2
    number = f"{generator.count:07d}"
    stranger = replace(user, id=f"u{generator.count}", number=number, abbreviation="")
    key = number if generator.second_field else f"9{number}"
    other = replace(person, id=f"p{generator.count + 1}", key=key, short_name="")
    if event in ("person_left", "person_left_namesake_came", "key_recycled", "key_recycled_no_user"):
        del persons[person.id]
    if event.startswith("user_left"):
        del users[user.id]
    if event in ("person_left_namesake_came", "namesake_beside", "user_left_namesake_pair_came"):
        day.persons.append(other)
    if event in ("user_left_namesake_came", "namesake_beside", "namesake_user_beside", "user_left_namesake_pair_came"):
        day.users.append(stranger)
        day.kind[stranger.id] = event
        if other in day.persons:
            day.mine[stranger.id] = other.id
        if not generator.second_field:
            day.refuse.add(stranger.id)
    if event.startswith("key_recycled"):
        generator.newcomer(day)
        fresh, newcomer = day.persons.pop(), day.users.pop()
        day.persons.append(replace(fresh, key=person.key))
        if event == "key_recycled":
            day.users.append(replace(newcomer, number=person.key if generator.second_field else newcomer.number))
        else:
            day.mine.pop(newcomer.id)
    if event == "person_renamed":
        persons[person.id] = replace(person, last_name="Verhuisd-Anders")
    if event == "user_renamed":
        users[user.id] = replace(user, last_name="Getrouwd-Anders")
    if event == "newcomer":
        generator.newcomer(day)
