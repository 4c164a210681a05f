"""How many documents a run reads and writes that finds nothing changed: the same for 1,000 users and for 10,000."""

import tempfile
from dataclasses import replace
from pathlib import Path

from shared.domain.people import Person, Role, User
from shared.domain.school import School, WebUntisSettings
from shared.flows.keep_users import keep_users
from shared.flows.link_school import link_school
from shared.flows.read_roster import password_name
from shared.flows.schools import write_school
from shared.wiring.local import CLIENT_ID, local
from tests.counting_store import CountingStore

Row = dict[str, int | str]


def measure() -> list[Row]:
    """One row per size: users, documents read and written by the first run and by an unchanged one."""
    return [_school(size) for size in (1_000, 10_000)]


def _school(size: int) -> Row:
    users = [User(f"u{n:05}", Role.STUDENT, f"Voor{_word(n)}", f"Achter{_word(n * 7 + 1)}") for n in range(size)]
    persons = [Person(str(n), Role.STUDENT, f"{n:05}", user.first_name, user.last_name) for n, user in enumerate(users)]
    with tempfile.TemporaryDirectory() as folder, local(Path(folder)) as world:
        assert world.untis
        world.untis.add_school(
            tenant_id="1", school_name="school", subdomain="tom", client_id=CLIENT_ID, password="x", people=persons
        )
        version = world.app.secrets.add(password_name("s"), "x")
        settings = WebUntisSettings(enabled=True, school_name="school", subdomain="tom", password_version=version)
        write_school(world.app, School("s", "School", webuntis=settings))
        for start in range(0, size, 5_000):
            keep_users(world.app, "s", users[start : start + 5_000], ())
        counting = CountingStore(world.app.store)
        app = replace(world.app, store=counting)
        first = link_school(app, "s", run="first", trigger="schedule")
        read, written = counting.read, counting.written
        again = link_school(app, "s", run="again", trigger="schedule")
        assert first
        assert again
        return {
            "users": size,
            "outcome": again.outcome.value,
            "first_read": read,
            "first_written": written,
            "unchanged_read": counting.read - read,
            "unchanged_written": counting.written - written,
        }


def _word(number: int) -> str:
    """A name of letters only, another one for every number."""
    letters = ""
    while True:
        number, digit = divmod(number, 20)
        letters += "bcdfghjklmnpqrstvwxz"[digit] + "aeiou"[digit % 5]
        if not number:
            return letters
