"""What is kept of one person in exports and in their ledgers: told, and taken out.

Who is taken out of a ledger is not exported twice: what the SIS has and the ledger does not is compared anew.

An export is told by its count of erasures. Its workers compare that before they write, so none goes on with
what it has read before: a plan that is being made does not begin, and of an item no more than what was going out at
that very moment is still sent.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime

from shared.coursework_port import PROFIJT
from shared.domain.export.outcome import Export, ExportState, StudentOutcome
from shared.errors import Conflict
from shared.flows.documents import documents
from shared.flows.exports import Asked, Class, Sheet, export_write, read_export, read_sheets, sheet_path, under_way
from shared.flows.ledger import Book, lines_without
from shared.flows.packed import EXPIRES, FIELD, commit_packed, pack, read_packed
from shared.flows.record import decode, from_json, to_json
from shared.flows.sis_books import read_books
from shared.ports import App, Document, Write
from shared.values import dataclass

PAGE = 100
TRIES = 6


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
        gone["exports"] += _take_out(app, school, export, user)
    for book in read_books(app, school):
        for write in list(lines_without(app, school, book, user)):
            app.store.commit([write])
            gone["ledger_lines"] += 1


def take_out_of_begun(app: App, school: str, user: str) -> None:
    """Once more out of exports under way and their ledgers: for when the user is nowhere else any more, because one may
    have begun meanwhile with what it read before. Raises Conflict when they keep writing."""
    for attempt in range(TRIES):
        try:
            for export in under_way(app, school):
                _take_out(app, school, export, user)
                of = Book(school, export.book, export.sis_class, export.course).of
                for write in list(lines_without(app, school, export.book, user, of=of)):
                    app.store.commit([write])
            return
        except Conflict:
            if attempt == TRIES - 1:
                raise


def _take_out(app: App, school: str, export: Export, user: str) -> bool:
    """Whether anything of this export had to be changed."""
    if export.state is ExportState.PLANNING:  # nobody knows of whom; sheets come later
        app.store.commit([_told(app, school, export)])
    who = _names(app, school, export, user)
    if not who:
        return False
    changed = [_take_out_of_sheet(app, sheet, head, who) for sheet, head in read_sheets(app, school, export.id)]
    changed.append(_take_out_of_asked(app, school, export, who))
    changed.append(_take_out_of_class(app, school, export, who))  # last: by it a repeat knows who it is
    return any(changed)


def _told(app: App, school: str, export: Export) -> Write:
    """The write that tells an export's workers of an erasure: also when it is over, for one may still be reading. It is
    no sign of life."""
    now, version = read_export(app, school, export.id)
    return export_write(app, school, replace(now, erasures=now.erasures + 1), expect=version)


def _exports(app: App, school: str) -> Iterator[Export]:
    kept = documents(app.store, f"schools/{school}/exports", order="at", page=PAGE)
    return (decode(each.data, Export) for each in kept if each.data[EXPIRES] > app.now())


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
    if students == about.students:
        return False
    # In one commit: who has read the class or a sheet as it was is told, and who reads on has been told already.
    return _replaced(app, found[1], about, replace(about, students=students), [_told(app, school, export)])


def _replaced(app: App, head: Document, before: object, after: object, also: Sequence[Write] = ()) -> bool:
    """Write it where it has changed; a worker's turn stays, and what it writes then is refused."""
    if after == before:
        return False
    fields = {name: value for name, value in head.data.items() if name != FIELD}
    commit_packed(app.store, [pack(head.path, to_json(after), fields, replaces=head)], also)
    return True
