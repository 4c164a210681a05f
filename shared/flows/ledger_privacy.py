"""What the ledgers remember of one person, told: that a grade was sent, where to and as whom. Not what it was."""

from dataclasses import field
from datetime import datetime

from shared.flows.class_links import all_links
from shared.flows.documents import documents
from shared.flows.ledger import Book, lines_of
from shared.flows.packed import EXPIRES
from shared.flows.sis_books import read_books
from shared.ports import App
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class InLedger:
    """A line with a grade of the person's, for this `work`. `sis`: where the SIS was last; `sis_item` and
    `sis_students`: what it calls the item, and as whom it knows the person.

    A line names no class: `sis_class` and `course` are those of the class link it was made by, "" when that is gone.
    """

    sis: str
    sis_class: str
    course: str
    work: str
    sis_item: str
    sis_students: tuple[str, ...] = field(repr=False)
    changed: datetime
    until: datetime


def lines_with(app: App, school: str, user: str) -> tuple[InLedger, ...]:
    """Those that are not over yet, oldest change first."""
    links = [link for link, _ in all_links(app, school)]
    places = [Book(school, each.book, each.sis_class, each.course) for each in links]
    classes = {(each.book, each.of): (each.sis_class, each.course) for each in places}
    found = []
    for name, book in read_books(app, school).items():
        for line in documents(app.store, lines_of(school, name)):
            data = line.data
            students = tuple(student for student, known in data["people"].items() if known == user)
            if students and data[EXPIRES] > app.now():
                where = (book.prefix, *classes.get((name, data["of"]), ("", "")))
                found.append(InLedger(*where, data["work"], data["id"], students, data["at"], data[EXPIRES]))
    return tuple(sorted(found, key=lambda each: each.changed))
