"""The routes of a function that has many, in parts: a part is imported when somebody first asks for something of it.

So whoever asks for the runs does not wait for what reads an upload of users.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module

from functions.route import Route
from functions.table import Table, Way
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """Modules in this folder, by the word of the path that says what a request is about: "runs" for
    /v1/schools/{school}/runs and all below it, unless more words say it closer ("runs/preview", "runs/*/undo").

    A test holds every route of these modules against the words.
    """

    modules: Mapping[str, tuple[str, ...]]

    def word(self, path: str) -> str:
        """The word for this path, "" when nothing is there."""
        words = path.removeprefix("/v1/").split("/")
        if words[0] == "schools" and len(words) > 2:
            words = words[2:]
        closer = ("/".join((words[0], "*", *words[2:3])), "/".join(words[:2]))
        return next((word for word in (*closer, words[0]) if word in self.modules), "")

    def of(self, word: str) -> tuple[Route, ...]:
        """The routes of the modules for a word, imported now."""
        return _routes(self.modules.get(word, ()))

    def all(self) -> tuple[Route, ...]:
        """Every route there is."""
        return _routes(dict.fromkeys(name for names in self.modules.values() for name in names))


class PartTable:
    """A `Table` of parts, and of `others` that are there from the start."""

    def __init__(self, parts: Parts, others: Sequence[Route]) -> None:
        self._parts, self._others = parts, others
        self._tables: dict[str, Table] = {}

    def find(self, method: str, path: str) -> tuple[Way, dict[str, str]]:
        """As `Table.find`."""
        word = self._parts.word(path)
        if word not in self._tables:  # two threads at once make the same
            self._tables[word] = Table((*self._parts.of(word), *self._others))
        return self._tables[word].find(method, path)


def _routes(modules: Sequence[str] | Mapping[str, None]) -> tuple[Route, ...]:
    return tuple(route for name in modules for route in import_module(f"functions.{name}").ROUTES)
