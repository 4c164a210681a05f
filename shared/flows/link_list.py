"""A school's links as a person reads them: every user with what was decided, from the directory, which is the truth."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from shared.domain.people import Decision, Role, State, User
from shared.domain.run import full_name
from shared.errors import NotFound
from shared.flows.directory import Directory, read_directories
from shared.flows.record import to_json
from shared.ports import App
from shared.values import dataclass

NEW = "new"  # the state of a user whom no run and no person has judged yet


@dataclass(frozen=True, slots=True)
class Link:
    """One user and what was decided about them (None: nothing yet)."""

    user: User
    decision: Decision | None

    @property
    def state(self) -> str:
        return self.decision.state.value if self.decision else NEW

    @property
    def version(self) -> str:
        """Another text for another user, decision or candidate."""
        return blake2b(to_json((self.user, self.decision)), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Links:
    """One page by user id; `counts` per state of everybody that fits the other filters; `next` None at the end."""

    items: tuple[Link, ...]
    counts: dict[str, int]
    next: str | None


def list_links(
    app: App, school: str, *, states: Sequence[str], roles: Sequence[Role], words: str, limit: int, cursor: str
) -> Links:
    """The links in these states and roles (none named: all) of users in whose names, id or numbers every word occurs.

    By user id, so that a page stays the same while links change.
    """
    wanted = _plain(words).split()
    found = [
        link
        for role, directory in read_directories(app, school).items()
        if not roles or role in roles
        for link in links_of(directory).values()
        if all(word in _haystack(link) for word in wanted)
    ]
    counts = Counter(link.state for link in found)
    rest = [link for link in found if link.user.id > cursor and (not states or link.state in states)]
    rest.sort(key=lambda link: link.user.id)
    page = tuple(rest[:limit])
    every = {state: counts[state] for state in (*(state.value for state in State), NEW)}
    return Links(page, every, page[-1].user.id if len(rest) > limit else None)


def links_of(directory: Directory) -> dict[str, Link]:
    """Every user of a directory with their decision, by id."""
    decisions = {decision.user: decision for decision in directory.decisions}
    return {user.id: Link(user, decisions.get(user.id)) for user in directory.users}


def read_link(app: App, school: str, user: str) -> Link:
    """One user's link. Raises NotFound for a user this school does not have."""
    return find_link(read_directories(app, school), user)[1]


def find_link(directories: Mapping[Role, Directory], user: str) -> tuple[Directory, Link]:
    """The user's link and the directory it is in. Raises NotFound for a user this school does not have."""
    for directory in directories.values():
        if link := links_of(directory).get(user):
            return directory, link
    raise NotFound("links.user_unknown")


def _haystack(link: Link) -> str:
    user = link.user
    key = link.decision.key if link.decision else ""
    return _plain(" ".join((full_name(user), user.id, user.number, user.abbreviation, user.email, key)))


def _plain(text: str) -> str:
    """Lower case without accents: "Yılmaz" is found by "yilmaz"."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(part for part in parts if not unicodedata.combining(part))
