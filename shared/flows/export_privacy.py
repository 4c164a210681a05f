"""What is kept of one person in exports and in their ledgers: told, and taken out.

Who is taken out of a ledger is not exported twice: what the SIS has and the ledger does not is compared anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import datetime

from shared.coursework_port import PROFIJT
from shared.domain.export.outcome import Export, StudentOutcome
from shared.flows.exports import Asked, Class, Sheet, read_sheets, sheet_path
from shared.flows.ledger import lines_without
from shared.flows.packed import EXPIRES, FIELD, commit_packed, pack, read_packed
from shared.flows.record import decode, from_json, to_json
from shared.flows.sis_books import read_books
from shared.ports import App, Document
from shared.values import dataclass

PAGE = 100


@dataclass(frozen=True, slots=True)
class InExport:
    """An export that the person ordered, or with results of the person's own, each with its item's title."""

    export: str
    at: datetime
    course: str
    ordered: bool
    results: tuple[tuple[str, StudentOutcome], ...] = field(default=(), repr=False)


def exports_with(app: App, school: str, user: str) -> tuple[InExport, ...]:
    """Those that are not over yet, oldest first."""
    found = []
    for export in _exports(app, school):
        who = _names(app, school, export, user)
        sheets = read_sheets(app, school, export.id) if who else ()
        results = tuple(
            (sheet.outcome.title, each) for sheet, _ in sheets for each in sheet.outcome.students if each.student in who
        )
        if results or export.by == user:
            found.append(InExport(export.id, export.at, export.course_name, export.by == user, results))
    return tuple(found)


def take_out_of_exports(app: App, school: str, user: str, gone: Counter[str]) -> None:
    """Take this user out of every export's details and every ledger, and count in `gone` how many had to be changed.
    May be repeated. Raises Conflict when an export wrote one meanwhile."""
    for export in _exports(app, school):
        if who := _names(app, school, export, user):
            changed = [_take_out_of_sheet(app, sheet, head, who) for sheet, head in read_sheets(app, school, export.id)]
            changed.append(_take_out_of_asked(app, school, export, who))
            changed.append(_take_out_of_class(app, school, export, who))  # last: by it a repeat knows who it is
            gone["exports"] += any(changed)
    for book in read_books(app, school):
        for write in list(lines_without(app, school, book, user)):
            app.store.commit([write])
            gone["ledger_lines"] += 1


def _exports(app: App, school: str) -> Iterator[Export]:
    cursor = None
    while True:
        page = app.store.query(f"schools/{school}/exports", order="at", limit=PAGE, cursor=cursor)
        yield from (decode(each.data, Export) for each in page.documents if each.data[EXPIRES] > app.now())
        cursor = page.cursor
        if cursor is None:
            return


def _names(app: App, school: str, export: Export, user: str) -> frozenset[str]:
    """What the course calls this user."""
    found = read_packed(app.store, sheet_path(school, export.id, "class"))
    known = from_json(found[0], Class).students if found else ()
    own = {user} if export.course.startswith(f"{PROFIJT}:") else set()
    return frozenset({each.id for each in known if each.user == user} | own)


def _take_out_of_sheet(app: App, sheet: Sheet, head: Document, who: frozenset[str]) -> bool:
    wanted, outcome = sheet.wanted, sheet.outcome
    if wanted:
        wanted = replace(
            wanted,
            grades=tuple(each for each in wanted.grades if each.student not in who),
            withdrawn=tuple(each for each in wanted.withdrawn if each[0] not in who),
        )
    students = tuple(each for each in outcome.students if each.student not in who)
    if students != outcome.students:
        outcome = replace(outcome, students=students, said="")  # the SIS's words may name the person
    return _replaced(app, head, sheet, replace(sheet, wanted=wanted, outcome=outcome))


def _take_out_of_asked(app: App, school: str, export: Export, who: frozenset[str]) -> bool:
    found = read_packed(app.store, sheet_path(school, export.id, "ask"))
    if found is None:
        return False
    asked = from_json(found[0], Asked)
    only = asked.only and {work: tuple(one for one in some if one not in who) for work, some in asked.only.items()}
    # No students at all would mean everybody.
    only = only and {work: some for work, some in only.items() if some or not (asked.only or {})[work]}
    choices = tuple(each for each in asked.choices if each.student not in who)
    return _replaced(app, found[1], asked, replace(asked, choices=choices, only=only))


def _take_out_of_class(app: App, school: str, export: Export, who: frozenset[str]) -> bool:
    found = read_packed(app.store, sheet_path(school, export.id, "class"))
    if found is None:
        return False
    about = from_json(found[0], Class)
    students = tuple(each for each in about.students if each.id not in who)
    return _replaced(app, found[1], about, replace(about, students=students))


def _replaced(app: App, head: Document, before: object, after: object) -> bool:
    """Write it where it has changed; a worker's turn stays, and what it writes then is refused."""
    if after == before:
        return False
    fields = {name: value for name, value in head.data.items() if name != FIELD}
    commit_packed(app.store, [pack(head.path, to_json(after), fields, replaces=head)])
    return True
