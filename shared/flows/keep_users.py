"""Takes Profijt's users in: what is told replaces what was known of that user; nobody else is touched."""

from collections.abc import Collection

from shared.domain.people import Role, User
from shared.errors import Conflict
from shared.flows.directory import read_directories, repack
from shared.flows.packed import commit_packed
from shared.flows.schools import read_school
from shared.ports import App
from shared.values import dataclass

TRIES = 6


@dataclass(frozen=True, slots=True)
class Stored:
    """How many users were new, changed, removed, and the same as before."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0


def keep_users(app: App, school: str, users: Collection[User], removed: Collection[str]) -> Stored:
    """Store `users` and take the ids in `removed` out, in one step. Their links follow in the next run.

    May be repeated. Raises NotFound for an unknown school, Conflict when others kept writing at the same moment.
    """
    read_school(app, school)
    for attempt in range(TRIES):
        try:
            return _keep(app, school, users, removed)
        except Conflict:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _keep(app: App, school: str, users: Collection[User], removed: Collection[str]) -> Stored:
    directories = read_directories(app, school)
    known = {user.id: user for directory in directories.values() for user in directory.users}
    told = {user.id: user for user in users}
    after = {identifier: user for identifier, user in (known | told).items() if identifier not in removed}
    stored = Stored(
        added=len(told.keys() - known.keys()),
        changed=sum(identifier in known and known[identifier] != user for identifier, user in told.items()),
        removed=len(known.keys() - after.keys()),
        same=sum(known.get(identifier) == user for identifier, user in told.items()),
    )
    packed = []
    for role in Role:
        directory = directories[role]
        members = tuple(sorted((user for user in after.values() if user.role is role), key=lambda user: user.id))
        if members != directory.users:
            packed.append(repack(directory, users=members, decisions=directory.decisions))
    if packed:
        commit_packed(app.store, packed)
    return stored
