"""Writes what a person decided about links: the next edition of the directory, the link documents and the audit event
are one commit, and of two who write at once one is told to look again."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from shared.domain import eck_id
from shared.domain.people import Decision, User
from shared.errors import Conflict
from shared.flows.directory import Directory, repack
from shared.flows.link_list import NEW
from shared.flows.packed import Packed, commit_packed
from shared.flows.record_run import link_document
from shared.flows.schools import link_path
from shared.ports import App, Data, Write

TRIES = 6

T = TypeVar("T")


def keep(app: App, directory: Directory, decisions: Mapping[str, Decision | None], *, also: Sequence[Write]) -> None:
    """Put these decisions (None: none any more) in the directory, with their link documents, in one commit.

    Raises Conflict when somebody wrote since `directory` was read: nothing has changed then.
    """
    known = {decision.user for decision in directory.decisions}  # who had left before has no document any more
    told = {user: decision for user, decision in decisions.items() if decision or user in known}
    commit_packed(app.store, [repacked(directory, decisions)], [*documents(directory.school, told), *also])


def repacked(directory: Directory, decisions: Mapping[str, Decision | None]) -> Packed:
    """The next edition of the directory with these decisions (None: none any more) in place of all earlier ones."""
    others = [decision for decision in directory.decisions if decision.user not in decisions]
    left = [decision for decision in directory.left if decision.user not in decisions]
    return repack(directory, users=directory.users, decisions=[*others, *filter(None, decisions.values())], left=left)


def documents(school: str, decisions: Mapping[str, Decision | None]) -> list[Write]:
    """The plain link documents of these decisions."""
    return [
        link_document(school, decision) if decision else Write(link_path(school, user), None)
        for user, decision in decisions.items()
    ]


def first_to_write(act: Callable[[], T]) -> T:
    """Do it again while others write in between, a few times; every other error is passed on at once."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except Conflict as err:
            if not err.code.startswith("store."):
                raise
    return act()


def changed(user: User, before: Decision | None, after: Decision | None) -> tuple[Data, Data]:
    """What differs between two decisions, both sides, in words of the school."""
    old, new = _told(user, before), _told(user, after)
    names = [name for name in old if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def masked(key: str, user: User) -> str:
    """This user's ID-nummer to show; of an ECK-iD only the last 6."""
    return eck_id.masked(key, eck=key == user.eck_id)


def _told(user: User, decision: Decision | None) -> Data:
    if decision is None:
        return {"staat": NEW, "idNummer": "", "door": "", "nooit": []}
    return {
        "staat": decision.state.value,
        "idNummer": masked(decision.key, user),
        "door": decision.decided_by if decision.by == "person" else "automatisch",
        "nooit": [masked(key, user) for key in decision.ruled_out],
    }
