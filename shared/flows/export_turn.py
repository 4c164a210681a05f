"""Whether an export may still write: asked before every single write, so that a disconnect is obeyed at once, and an
export that was ended, or of which somebody was erased since its plan was read, writes nothing more."""

from datetime import datetime, timedelta

from shared.domain.class_link import ClassLink
from shared.domain.export.outcome import Export, ItemOutcome
from shared.domain.export.plan import Why
from shared.domain.sis import Sis
from shared.errors import Conflict, ProfijtError
from shared.flows.class_links import link_of, link_path
from shared.flows.exports import export_of, export_path, read_export
from shared.flows.schools import short
from shared.flows.sis import sis_of, sis_path
from shared.ports import App
from shared.values import dataclass

LIMIT = timedelta(seconds=170)  # of one message's work; its function has 300, one request and its reading back take 120


class Ended(Exception):
    """The export may not write any more, and `why`. `outcome`: what came of the item it was at."""

    def __init__(self, why: Why, outcome: ItemOutcome | None = None) -> None:
        super().__init__(why.code)
        self.why = why
        self.outcome = outcome


class OutOfTime(Exception):
    """What is left is for the next message."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message's permission to work on one export. `export` is as it was before anything else of it was read."""

    app: App
    school: str
    export: Export
    began: datetime

    def require(self) -> Sis:
        """The connection. Raises Ended once it is not the one the export was ordered under, the export has ended, or
        the class was linked or its students paired otherwise meanwhile; and Conflict as `require_nobody_erased`."""
        paths = [
            sis_path(self.school),
            export_path(self.school, self.export.id),
            link_path(self.school, self.export.course),
        ]
        found = self.app.store.get_many(paths)
        sis, _ = sis_of(found.get(paths[0]))
        if sis is None or not sis.connected or sis.generation != self.export.generation:
            raise Ended(Why("export.disconnected"))
        export, _ = export_of(self.app, found.get(paths[1]))
        if not export.under_way:
            raise Ended(export.why or Why("export.silent"))
        self._nobody_erased(export)
        link = link_of(found[paths[2]]) if paths[2] in found else None
        if link is None or link.sis_class != export.sis_class or pairs_mark(link) != export.pairs:
            raise Ended(Why("export.link_changed"))
        return sis

    def require_nobody_erased(self) -> None:
        """Before a ledger learns what was found. Raises Conflict once somebody was erased since the message began: it
        may have read them, and has to come again."""
        self._nobody_erased(read_export(self.app, self.school, self.export.id)[0])

    def require_teachers(self) -> None:
        """Before an item is begun: as `require`, and raises Ended once teachers may not export any more."""
        if not self.require().teachers_export:
            raise Ended(Why("export.teachers_off"))

    def require_time(self) -> None:
        """Raises OutOfTime. Not asked before the first write, so that every message brings the export further."""
        if self.app.now() - self.began > LIMIT:
            raise OutOfTime

    def _nobody_erased(self, now: Export) -> None:
        if now.erasures != self.export.erasures:
            raise Conflict("store.conflict")


def pairs_mark(link: ClassLink) -> str:
    """Changes when a teacher pairs the students of the class otherwise."""
    return short(repr(sorted(link.by_hand)))


def why_of(err: ProfijtError) -> Why:
    """An error as a reason to be kept and told."""
    return Why(err.code, tuple(sorted(err.facts.items())))
