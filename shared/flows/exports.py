"""One export as it is kept: the operation, what was asked, and a sheet per item, each changed by one writer at a time.

    schools/{school}/exports/{export}               Export: no student is in it; kept as long as a run's record
    schools/{school}/export-sheets/{export}-ask     Asked: which works, what was chosen
    schools/{school}/export-sheets/{export}-class   Class: the circumstances, and who the students are
    schools/{school}/export-items/{export}-{key}    Sheet: what is wanted of one item, then its outcome
    schools/{school}/exports-running/{key}          which export a course is busy with

Sheets and items have students in them and go as soon as a run's log does; an id begins with when it was ordered, so
that the oldest come first.
"""

from collections.abc import Callable, Iterable
from dataclasses import field, replace
from datetime import timedelta

from shared.domain.export.circumstances import Circumstances
from shared.domain.export.outcome import Export, ExportState, ItemOutcome, counted
from shared.domain.export.plan import Choices, Chosen, Why
from shared.domain.export.wanted import WantedItem
from shared.errors import Conflict, NotFound
from shared.flows.documents import documents
from shared.flows.packed import EXPIRES, Packed, commit_packed, pack, read_packed, unpack
from shared.flows.record import decode, encode, from_json, to_json
from shared.flows.schools import short
from shared.ports import ABSENT, ANY, App, Data, Document, Where, Write
from shared.values import dataclass

SILENT = timedelta(minutes=15)  # longer than any one message's work: who said nothing since is hardly coming back
TRIES = 20  # workers of one export finish items at the same moment


@dataclass(frozen=True, slots=True)
class ChosenFor:
    """One choice as it was sent: of the item itself when `student` is ""."""

    work: str
    student: str
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Asked:
    """What the teacher asked for. No `works`: all of them. `only`: work → the course's students to repeat, when the
    item itself had come about (an empty tuple: everybody)."""

    works: tuple[str, ...] = ()
    choices: tuple[ChosenFor, ...] = ()
    only: dict[str, tuple[str, ...]] | None = None

    def is_about(self, work: str) -> bool:
        return (not self.works or work in self.works) and (self.only is None or work in self.only)

    def chosen(self) -> Choices:
        return {(each.work, each.student): each.chosen for each in self.choices}


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody in the outcomes: `id` is the course's, `user` Profijt's and `sis` the SIS's ("" not known)."""

    id: str
    name: str = field(repr=False)
    user: str = ""
    sis: str = ""


@dataclass(frozen=True, slots=True)
class Class:
    """What all items of one export have in common. `works`: every work of the course, exported or not."""

    where: Circumstances
    works: tuple[str, ...] = ()
    students: tuple[Student, ...] = ()


def users_of(students: Iterable[Student]) -> dict[str, str]:
    """Student of the course → user of Profijt, of whom that is known."""
    return {each.id: each.user for each in students if each.user}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One item: `wanted` until it is done, `outcome` as far as it is known."""

    work: str
    wanted: WantedItem | None
    outcome: ItemOutcome
    done: bool = False


def export_path(school: str, export: str) -> str:
    return f"schools/{school}/exports/{export}"


def sheet_path(school: str, export: str, name: str) -> str:
    return f"schools/{school}/export-sheets/{export}-{name}"


def item_path(school: str, export: str, work: str) -> str:
    return f"schools/{school}/export-items/{export}-{short(work)}"


def running_path(school: str, course: str) -> str:
    return f"schools/{school}/exports-running/{short(course)}"


# ------------------------------------------------------------ the operation


def read_export(app: App, school: str, export: str) -> tuple[Export, str]:
    """Raises NotFound "export.unknown"."""
    return export_of(app, app.store.get(export_path(school, export)))


def export_of(app: App, found: Document | None) -> tuple[Export, str]:
    """As `read_export`, of a document that was read already."""
    if found is None or found.data[EXPIRES] <= app.now():
        raise NotFound("export.unknown")
    return decode(found.data, Export), found.version


def export_write(app: App, school: str, export: Export, *, expect: str) -> Write:
    data = encode(export) | {EXPIRES: export.at + app.rules.keep.record}
    return Write(export_path(school, export.id), data, expect=expect)


def change_export(app: App, school: str, export: str, change: Callable[[Export], Export]) -> Export:
    """The operation after `change`, which is tried again when another worker was first. Touches it."""
    for _ in range(TRIES):
        before, version = read_export(app, school, export)
        after = change(replace(before, touched=app.now()))
        writes = [export_write(app, school, after, expect=version)]
        try:
            app.store.commit(writes)
        except Conflict:
            continue
        if before.under_way and not after.under_way:
            release(app, school, after)
        return after
    raise Conflict("store.conflict")


def is_silent(app: App, export: Export) -> bool:
    """Whether whoever did it seems to have given up."""
    return export.under_way and app.now() - export.touched > SILENT


# ------------------------------------------------------------ one at a time for each course


def running(app: App, school: str, course: str) -> tuple[Export | None, str]:
    """The export this course is busy with, be it silent, and the version of the claim (ABSENT for none)."""
    claim = app.store.get(running_path(school, course))
    if claim is None:
        return None, ABSENT
    try:
        export, _ = read_export(app, school, claim.data["export"])
    except NotFound:
        return None, claim.version
    return (export if export.under_way else None), claim.version


def under_way(app: App, school: str) -> tuple[Export, ...]:
    """Every export that a course of the school is busy with, be it silent."""
    claims = documents(app.store, f"schools/{school}/exports-running")
    paths = [export_path(school, claim.data["export"]) for claim in claims]
    living = (each for each in app.store.get_many(paths).values() if each.data[EXPIRES] > app.now())
    return tuple(export for each in living if (export := decode(each.data, Export)).under_way)


def claim_write(school: str, export: Export, *, expect: str) -> Write:
    return Write(running_path(school, export.course), {"export": export.id}, expect=expect)


def release(app: App, school: str, export: Export) -> None:
    """Let the next one in, if the claim still is this export's."""
    claim = app.store.get(running_path(school, export.course))
    if claim and claim.data["export"] == export.id:
        try:
            app.store.commit([Write(claim.path, None, expect=claim.version)])
        except Conflict:
            return  # the next one is in already


# ------------------------------------------------------------ what lies beside it


def pack_asked(app: App, school: str, export: Export, asked: Asked) -> Packed:
    """What was asked, to be written with the operation."""
    return _packed(app, export, sheet_path(school, export.id, "ask"), to_json(asked))


def read_asked(app: App, school: str, export: str) -> Asked:
    return from_json(_read(app, sheet_path(school, export, "ask")), Asked)


def write_class(app: App, school: str, export: Export, about: Class, *, expect: str) -> str:
    """In one commit with the operation, which is what was read at version `expect`: so nobody comes back by it who was
    erased since. Returns the operation's version now; raises Conflict."""
    packed = _packed(app, export, sheet_path(school, export.id, "class"), to_json(about))
    packed = replace(packed, head=replace(packed.head, expect=ANY))  # an attempt that broke off may have left one
    _, version = commit_packed(app.store, [packed], [export_write(app, school, export, expect=expect)])
    return version


def read_class(app: App, school: str, export: str) -> Class:
    return from_json(_read(app, sheet_path(school, export, "class")), Class)


def write_sheet(app: App, school: str, export: Export, sheet: Sheet, *, replaces: Document | None) -> None:
    """Raises Conflict when it is not as `replaces` any more (None: not there yet): somebody else has it."""
    packed = _packed(app, export, item_path(school, export.id, sheet.work), to_json(sheet), replaces)
    commit_packed(app.store, [packed])


def read_sheet(app: App, school: str, export: str, work: str) -> tuple[Sheet, Document]:
    """Raises NotFound "export.gone"."""
    found = app.store.get(item_path(school, export, work))
    if found is None:
        raise NotFound("export.gone")
    return sheet_of(app, found), found


def sheet_of(app: App, found: Document) -> Sheet:
    """As `read_sheet`, of a document that was read already."""
    value = unpack(found)
    return from_json(_read(app, found.path) if value is None else value, Sheet)


def read_sheets(app: App, school: str, export: str) -> tuple[tuple[Sheet, Document], ...]:
    """Those there are, in no order; none after their time."""
    heads = documents(app.store, f"schools/{school}/export-items", where=[Where("export", "==", export)], page=100)
    return tuple((sheet_of(app, each), each) for each in heads if each.data[EXPIRES] > app.now())


def _packed(app: App, export: Export, path: str, value: bytes, replaces: Document | None = None) -> Packed:
    fields: Data = {"export": export.id, EXPIRES: export.at + app.rules.keep.log}
    return pack(path, value, fields, replaces=replaces)


def _read(app: App, path: str) -> bytes:
    found = read_packed(app.store, path)
    if found is None or found[1].data[EXPIRES] <= app.now():
        raise NotFound("export.gone")
    return found[0]


# ------------------------------------------------------------ how it ends


def finish_item(app: App, school: str, export: str, work: str) -> Export:
    """Count the item, whose outcome was written; the last one ends the export. May be repeated."""

    def without(before: Export) -> Export:
        return replace(before, left=tuple(each for each in before.left if each != work))

    after = change_export(app, school, export, without)
    return after if after.left else end(app, school, export)


def end(app: App, school: str, export: str, *, why: Why | None = None) -> Export:
    """End it with what its sheets say: stopped when there is a reason, else done. Of one that has ended, an item that
    was being worked on is still counted."""

    def ended(before: Export) -> Export:
        outcomes = [sheet.outcome for sheet, _ in read_sheets(app, school, export)]
        counts = counted(outcomes)
        if not before.under_way:
            return replace(before, counts=counts)
        return replace(
            before,
            state=ExportState.STOPPED if why else ExportState.DONE,
            cause=why.code if why else "",
            facts=dict(why.facts) if why else {},
            left=(),
            counts=counts,
            finished=app.now(),
        )

    return change_export(app, school, export, ended)
