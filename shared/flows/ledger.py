"""A class's ledger at one SIS: one document per line item, written before and after everything that is sent.

It hangs under the SIS's book and not under the connection, so that it outlives a disconnect and knows the same SIS
again. Every write expects the version that was read: of two workers on one item one stops before it has sent anything.

    schools/{school}/ledgers/{book}/lines/{line}    ItemEntry, and who of Profijt its students are (`people`)

A line goes as long after its last change as Profijt's own grades do, and nothing is doubled by that: what the SIS has
and the ledger does not is compared anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

from shared.domain.export.ledger import ItemEntry
from shared.flows.documents import documents
from shared.flows.packed import EXPIRES
from shared.flows.record import decode, encode
from shared.flows.schools import short
from shared.ports import ABSENT, App, Document, Where, Write
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """An item's entry (None: nothing is known of it) and the version to write it back with. `people`: student at the
    SIS → the user of Profijt whose grade lies there, as far as it is known; whoever is paired with whom by now."""

    entry: ItemEntry | None
    version: str = ABSENT
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """Where a course's lines are: one school's ledger of one SIS, one class in it."""

    school: str
    book: str
    sis_class: str
    course: str

    @property
    def of(self) -> str:
        """The mark that all its lines carry."""
        return short(f"{self.sis_class}|{self.course}")

    def path(self, work: str) -> str:
        """Of a work's line."""
        return f"{lines_of(self.school, self.book)}/{self.of}-{short(work)}"


def lines_of(school: str, book: str) -> str:
    """The collection of a book's lines."""
    return f"schools/{school}/ledgers/{book}/lines"


def read_lines(app: App, book: Book) -> dict[str, Line]:
    """Every line of the course in this class, by work."""
    found: dict[str, Line] = {}
    for document in documents(app.store, lines_of(book.school, book.book), where=[Where("of", "==", book.of)]):
        entry = decode(document.data, ItemEntry)
        found[entry.work] = Line(entry, document.version, document.data["people"])
    return found


class OpenLine:
    """One work's line while something is being sent: `entry` is what it says now. `users`: student of the course → user
    of Profijt."""

    def __init__(self, app: App, book: Book, line: Line, *, users: Mapping[str, str]) -> None:
        self._app, self._book, self._line, self._users = app, book, line, users

    @property
    def entry(self) -> ItemEntry | None:
        return self._line.entry

    def says(self, entry: ItemEntry) -> bool:
        """Whether writing it would change nothing: also not whose its results are, which may be known only later."""
        return entry == self._line.entry and self._people(entry) == self._line.people

    def write(self, entry: ItemEntry) -> ItemEntry:
        """Conflict when somebody else wrote it since: then nothing may be sent any more."""
        if not self.says(entry):
            now, people = self._app.now(), self._people(entry)
            told = {"of": self._book.of, "people": people, "at": now, EXPIRES: now + self._app.rules.keep.coursework}
            path = self._book.path(entry.work)
            [version] = self._app.store.commit([Write(path, encode(entry) | told, expect=self._line.version)])
            self._line = Line(entry, version, people)
        return entry

    def forget(self) -> None:
        """The item is no more."""
        if self._line.entry:
            path = self._book.path(self._line.entry.work)
            self._app.store.commit([Write(path, None, expect=self._line.version)])
            self._line = Line(None)

    def _people(self, entry: ItemEntry) -> dict[str, str]:
        of = {at: self._users.get(each.student) or self._line.people.get(at) for at, each in entry.results.items()}
        return {student: user for student, user in of.items() if user}


def lines_without(app: App, school: str, book: str, user: str, *, of: str = "") -> Iterator[Write]:
    """The writes that take this user out of a book's lines; `of` (Book.of): out of those of one course only."""
    lines = documents(app.store, lines_of(school, book), where=[Where("of", "==", of)] if of else [])
    return (_without(found, user) for found in lines if user in found.data["people"].values())


def _without(line: Document, user: str) -> Write:
    people = {student: known for student, known in line.data["people"].items() if known != user}
    gone = line.data["people"].keys() - people.keys()
    results = {student: result for student, result in line.data["results"].items() if student not in gone}
    return Write(line.path, line.data | {"people": people, "results": results}, expect=line.version)
