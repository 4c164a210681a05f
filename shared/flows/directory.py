"""A school's directory: everyone of one role with their links, one packed value per role. It is the truth."""

from collections.abc import Iterable

from shared.domain.people import Decision, Role, User
from shared.flows.packed import Packed, pack, read_packed, unpack
from shared.flows.record import from_json, to_json
from shared.flows.schools import directory_path
from shared.ports import App, Document
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Directory:
    """`left` are the last decisions about users who left Profijt, dated when that was seen: who comes back is himself
    again, and a namesake does not get his ID-nummer.

    `edition` rises with every change; `head` is the document it was read from, to be replaced (None: new).
    """

    school: str
    role: Role
    users: tuple[User, ...] = ()
    decisions: tuple[Decision, ...] = ()
    left: tuple[Decision, ...] = ()
    edition: int = 0
    head: Document | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    users: tuple[User, ...] = ()
    decisions: tuple[Decision, ...] = ()
    left: tuple[Decision, ...] = ()


def edition(head: Document | None) -> int:
    """Which edition a directory's head document holds, without opening it; 0 when there is none."""
    return int(head.data["edition"]) if head else 0


def open_directory(app: App, school: str, role: Role, *, head: Document | None) -> Directory:
    """The directory behind its head document, which the caller has read; its parts are read only if it has any."""
    if head is None:
        return Directory(school, role)
    value = unpack(head)
    if value is None:  # too large for one document
        found = read_packed(app.store, head.path)
        if found is None:
            return Directory(school, role)
        value, head = found
    kept = from_json(value, _Kept)
    return Directory(school, role, kept.users, kept.decisions, kept.left, edition(head), head)


def read_directories(app: App, school: str) -> dict[Role, Directory]:
    """Both directories of a school, in one round trip when they fit."""
    heads = app.store.get_many([directory_path(school, role) for role in Role])
    return {role: open_directory(app, school, role, head=heads.get(directory_path(school, role))) for role in Role}


def repack(
    directory: Directory,
    *,
    users: Iterable[User],
    decisions: Iterable[Decision],
    left: Iterable[Decision] | None = None,
) -> Packed:
    """The next edition, to be committed: a Conflict when somebody wrote since `directory` was read.

    `left`: None for those who had left before.
    """
    kept = _Kept(
        tuple(sorted(users, key=lambda user: user.id)),
        tuple(sorted(decisions, key=lambda decision: decision.user)),
        tuple(sorted(directory.left if left is None else left, key=lambda decision: decision.user)),
    )
    return pack(
        directory_path(directory.school, directory.role),
        to_json(kept),
        {"edition": directory.edition + 1, "users": len(kept.users)},
        replaces=directory.head,
    )
