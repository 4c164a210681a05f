"""The SISs a school was ever connected to, each with its ledger: what makes a reconnect go on where it stopped.

schools/{school}/sis-books/{book}    Book: its schools, where it was, when; nothing about a person
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.export.ledger import ItemEntry
from shared.domain.sis_book import Book
from shared.errors import RemoteError
from shared.flows.class_links import all_links, link_write, people_of
from shared.flows.documents import documents
from shared.flows.ledger import Book as Lines
from shared.flows.ledger import read_lines
from shared.flows.record import decode, encode
from shared.gradebook_port import Gradebook
from shared.ports import App, Write
from shared.values import dataclass

LOOKED_AT = 25  # classes that are looked at when reconnecting: a school waits for the answer


@dataclass(frozen=True, slots=True)
class Held:
    """What a ledger says that the SIS holds from us."""

    items: int = 0
    results: int = 0


@dataclass(frozen=True, slots=True)
class Reunion:
    """A SIS that was here before. `held` is what its ledger remembers; of the linked classes that were looked at
    (`classes`, out of `linked`), `found` items are still there and `missing` are not."""

    held: Held
    linked: int
    classes: int
    found: int
    missing: int


def read_books(app: App, school: str) -> dict[str, Book]:
    """By name."""
    return {found.id: decode(found.data, Book) for found in documents(app.store, f"schools/{school}/sis-books")}


def book_write(school: str, name: str, book: Book) -> Write:
    return Write(f"schools/{school}/sis-books/{name}", encode(book))


def held_in(app: App, school: str, book: str) -> Held:
    """What this ledger remembers of what was confirmed."""
    items = results = 0
    for found in documents(app.store, f"schools/{school}/ledgers/{book}/lines"):
        entry = decode(found.data, ItemEntry)
        items += entry.confirmed
        results += sum(bool(result.kept) for result in entry.results.values())
    return Held(items, results)


def forget_teachers(app: App, school: str, book: str) -> None:
    """Whoever teaches a class that is linked in this book proves it anew. Raises Conflict when a link changes now."""
    for link, found in all_links(app, school):
        if link.book == book:
            unproven = replace(link, teachers=tuple((user, "") for user, _ in link.teachers))
            app.store.commit([link_write(school, unproven, people_of(found), expect=found.version)])


def reunion(app: App, school: str, book: str, gradebook: Gradebook, *, until: datetime) -> Reunion:
    """Look, class by class and until then, whether what the ledger remembers is still at the SIS; a class that cannot
    be read now is left out, for the first export looks again."""
    links = [link for link, _ in all_links(app, school) if link.book == book]
    classes = found = missing = 0
    for link in links[:LOOKED_AT]:
        if app.now() > until:
            break
        lines = read_lines(app, Lines(school, book, link.sis_class, link.course))
        known = {line.entry.id for line in lines.values() if line.entry and line.entry.confirmed}
        try:
            there = {item.id for item in gradebook.line_items(link.sis_class)} if known else set()
        except RemoteError:
            continue
        classes += 1
        found += len(known & there)
        missing += len(known - there)
    return Reunion(held_in(app, school, book), len(links), classes, found, missing)
