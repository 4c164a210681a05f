"""One school as WebUntis keeps it: its people and its platform password, changed by hand as an Untis admin would.

Every change is safe under threads and seen by the next call.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from shared.domain.people import Person, Role
from shared.simulators.untis_timetable import Timetable

WRONG_PASSWORDS_BEFORE_LOCK = 8  # WebUntis' default, and its lock lasts for ever (duration 0)


@dataclass
class UntisSchool:
    """A tenant. Role and id together name a person; order is the order of the list WebUntis answers."""

    tenant_id: str
    school_name: str  # Schoolnaam, the login name
    subdomain: str
    client_id: str
    password: str = field(repr=False)
    display_name: str = ""
    timetable: Timetable = field(default_factory=lambda: Timetable(years=()), repr=False)
    _people: dict[tuple[Role, str], Person] = field(default_factory=dict, repr=False)
    _wrong: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    # ------------------------------------------------------------ people

    def people(self, role: Role) -> list[Person]:
        with self._lock:
            return [person for person in self._people.values() if person.role is role]

    def add(self, *persons: Person) -> None:
        """Add at the end; raises ValueError when the id is taken in its role."""
        with self._lock:
            for person in persons:
                if (person.role, person.id) in self._people:
                    raise ValueError(f"id taken: {person.role} {person.id}")
                self._people[person.role, person.id] = person

    def replace_all(self, persons: Iterable[Person]) -> None:
        """From now on these and nobody else."""
        with self._lock:
            self._people.clear()
            self.add(*persons)

    def remove(self, role: Role, id: str) -> None:
        with self._lock:
            del self._people[role, id]

    def rename(self, role: Role, id: str, *, first_name: str | None = None, last_name: str | None = None) -> None:
        with self._lock:
            person = self._people[role, id]
            self._people[role, id] = replace(
                person,
                first_name=person.first_name if first_name is None else first_name,
                last_name=person.last_name if last_name is None else last_name,
            )

    def change_key(self, role: Role, id: str, key: str) -> None:
        """Give another ID-nummer; "" empties it."""
        with self._lock:
            self._people[role, id] = replace(self._people[role, id], key=key)

    # ------------------------------------------------------------ the password

    def set_password(self, password: str) -> None:
        """A new platform password, as after saving the application again; a lock stays."""
        with self._lock:
            self.password = password

    def unlock(self) -> None:
        with self._lock:
            self._wrong = 0

    @property
    def locked(self) -> bool:
        return self._wrong >= WRONG_PASSWORDS_BEFORE_LOCK

    def accepts(self, password: str) -> bool:
        """Whether this password opens the school now; counts the wrong ones, and a right one starts the count anew."""
        with self._lock:
            if self.locked:
                return False
            right = password == self.password
            self._wrong = 0 if right else self._wrong + 1
            return right
