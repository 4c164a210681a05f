"""Which snapshot holds somebody's lessons: the whole school's, or the part he shares with some others.

A part is a fixed share of a role's ID-nummers, so that one question to WebUntis serves everyone in it, and a reader
finds his part by his own ID-nummer alone.
"""

import hashlib
from collections.abc import Iterable

from shared.domain.people import Role
from shared.values import dataclass

# 1,600 students in 32 parts are 50 each, as many as WebUntis takes in one question; teachers are a tenth of that.
SHARES = {Role.STUDENT: 32, Role.TEACHER: 4}


@dataclass(frozen=True, slots=True)
class Part:
    """`id` is "" for the whole school, "student-07" for a share of the students, "student-own-…" for one of them."""

    id: str = ""

    @property
    def role(self) -> Role:
        """Whose lessons it holds; nobody's in particular for the whole school."""
        return Role(self.id.partition("-")[0]) if self.id else Role.TEACHER

    def of(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Those of these ID-nummers of its role whose lessons are in it, sorted."""
        alone = "-own-" in self.id
        return tuple(sorted({key for key in keys if part_of(self.role, key, alone=alone) == self}))


WHOLE = Part()


def part_of(role: Role, key: str, *, alone: bool) -> Part:
    """The part that this person's lessons are in; `alone`: he has his own (a source that takes one at a time)."""
    # Hashed, because an ID-nummer may hold what the id of a document may not.
    digest = hashlib.blake2b(key.encode(), digest_size=12)
    return Part(f"{role}-own-{digest.hexdigest()}") if alone else _share(role, digest.digest()[0] % SHARES[role])


def parts_of_school() -> tuple[Part, ...]:
    """The parts that together hold every lesson with a linked teacher."""
    return tuple(_share(Role.TEACHER, share) for share in range(SHARES[Role.TEACHER]))


def _share(role: Role, share: int) -> Part:
    return Part(f"{role}-{share:02}")
