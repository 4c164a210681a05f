"""A school's subjects, with their colours and the WebUntis abbreviations they go by: one document, changed as a whole.

Colours are looked up when somebody reads a timetable, so a change shows at once, without asking WebUntis anything.
"""

from collections.abc import Sequence

from shared.domain.planner.subjects import Subject
from shared.flows.audit import audited
from shared.flows.recent import recent
from shared.flows.record import decode, encode
from shared.flows.schools import read_school, subjects_path
from shared.ports import ABSENT, App, Data, Document, Write
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Subjects:
    """`version` is what to write them back with; ABSENT when the school never gave any."""

    items: tuple[Subject, ...] = ()
    version: str = ABSENT


@dataclass(frozen=True, slots=True)
class _Kept:
    items: tuple[Subject, ...] = ()


def subjects_of(document: Document | None) -> Subjects:
    """The subjects in their document."""
    return Subjects(decode(document.data, _Kept).items, document.version) if document else Subjects()


def read_subjects(app: App, school: str) -> Subjects:
    """Raises NotFound for an unknown school."""
    read_school(app, school)
    return subjects_of(app.store.get(subjects_path(school)))


def keep_subjects(app: App, school: str, subjects: Sequence[Subject], *, seen: str, by: str) -> Subjects:
    """Put these in the place of those at version `seen`. Raises NotFound, Conflict."""
    before = read_subjects(app, school)
    kept = _Kept(tuple(subjects))
    old, new = _told(before.items), _told(kept.items)
    event = audited(
        app,
        school,
        actor=by,
        action="subjects.saved",
        before={name: text for name, text in old.items() if new.get(name) != text},
        after={name: text for name, text in new.items() if old.get(name) != text},
    )
    version, _ = app.store.commit([Write(subjects_path(school), encode(kept), expect=seen), event])
    recent.forget(subjects_path(school))  # who saved them sees the new colours at once
    return Subjects(kept.items, version)


def _told(subjects: Sequence[Subject]) -> Data:
    return {each.id: f"{each.name} {each.colour} {', '.join(each.abbreviations)}" for each in subjects}
