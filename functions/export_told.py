"""What is told of previews and exports, in the asker's language: names and grades go to the teacher and the admin."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from functions.told import ProblemOut
from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import in_words
from shared.domain.export.outcome import Export, ItemOutcome, StudentOutcome
from shared.domain.export.plan import Forced, ItemPlan, ResultPlan, Why
from shared.domain.gradebook import LineItem, Result
from shared.values import dataclass


class ForcedOut(msgspec.Struct, frozen=True, rename="camel"):
    """A field that the SIS gets otherwise than the source has it, and why."""

    field: str
    wanted: str
    sent: str
    why: ProblemOut


class MarkOut(msgspec.Struct, frozen=True):
    """`score` null: none. `status` in OneRoster's words: fully graded, exempt, not submitted, …"""

    score: float | None
    status: str
    comment: str


class StudentPreviewOut(msgspec.Struct, frozen=True, rename="camel"):
    """`action`: new, changed, same, conflict, cannot, withdrawn. `here` is what would be sent, `there` what the SIS
    has. To make one of `choices`, send it back with `seen`."""

    student: str
    name: str
    action: str
    here: MarkOut | None
    there: MarkOut | None
    why: ProblemOut | None
    warnings: list[ProblemOut]
    forced: list[ForcedOut]
    choices: list[str]
    seen: str


class ItemPreviewOut(msgspec.Struct, frozen=True, rename="camel"):
    """One work. `title`, `due` (school's zone), `category`, `gradingPeriod`, `minimum` and `maximum` are as they would
    stand in the SIS; category and period by their ids there, "" where none is sent or nothing has to be."""

    work: str
    title: str
    action: str
    due: datetime | None
    category: str
    grading_period: str
    minimum: float | None
    maximum: float | None
    why: ProblemOut | None
    warnings: list[ProblemOut]
    forced: list[ForcedOut]
    choices: list[str]
    seen: str
    students: list[StudentPreviewOut]


class PreviewExportOut(msgspec.Struct, frozen=True, rename="camel"):
    """What an export would do now; nothing was sent. `counts`: students by action, items under "items.…"."""

    course: str
    course_name: str
    sis_class: str
    sis_title: str
    counts: dict[str, int]
    items: list[ItemPreviewOut]


class ExportOut(msgspec.Struct, frozen=True, rename="camel"):
    """One export. `state`: planning, running, done, stopped (`why` says what ended it); `silent`: it gave no sign of
    life for too long, repeat it. `items` of `total` are finished. `counts`: students by outcome, items under "items.…".
    `of`: the export whose failures it repeats. Times in the school's zone."""

    id: str
    course: str
    course_name: str
    sis_class: str
    sis_title: str
    by: str
    at: datetime
    finished: datetime | None
    state: str
    silent: bool
    items: int
    total: int
    counts: dict[str, int]
    why: ProblemOut | None
    of: str


class StudentOutcomeOut(msgspec.Struct, frozen=True, rename="camel"):
    """`outcome`: sent, confirmed (the answer was lost, the SIS has it), same, kept, cleared, conflict, withdrawn,
    cannot, failed, pending (still to come), not_tried. `said`: the SIS's own words, untrusted: show them as text."""

    student: str
    name: str
    outcome: str
    score: float | None
    status: str
    why: ProblemOut | None
    said: str
    forced: list[ForcedOut]
    warnings: list[ProblemOut]


class ItemOutcomeOut(msgspec.Struct, frozen=True, rename="camel"):
    """One work and everybody of whom there is something to say; outcomes as in a student."""

    work: str
    title: str
    outcome: str
    why: ProblemOut | None
    said: str
    forced: list[ForcedOut]
    warnings: list[ProblemOut]
    students: list[StudentOutcomeOut]


class ExportWithItemsOut(msgspec.Struct, frozen=True):
    """`items` is empty once the details have expired; the counts stay."""

    export: ExportOut
    items: list[ItemOutcomeOut]


class ExportsOut(msgspec.Struct, frozen=True):
    """Newest first."""

    items: list[ExportOut]
    next: str | None


def why_out(why: Why, language: Language) -> ProblemOut:
    """The cause in words, with its remedy and who can do it."""
    cause, facts = CAUSES[why.code], in_words(dict(why.facts), language)
    return ProblemOut(why.code, cause.sentence(language, facts), cause.remedy(language, facts), cause.owner)


@dataclass(frozen=True, slots=True)
class Teller:
    """Words in `language`, times in `zone`, students by `names`: id → name."""

    language: Language
    zone: ZoneInfo
    names: Mapping[str, str]

    def item_plan(self, plan: ItemPlan) -> ItemPreviewOut:
        item = plan.item or LineItem("", "", plan.title)
        return ItemPreviewOut(
            work=plan.work,
            title=item.title,
            action=plan.action,
            due=item.due.astimezone(self.zone) if item.due else None,
            category=item.category,
            grading_period=item.grading_period,
            minimum=item.minimum,
            maximum=item.maximum,
            why=self._why(plan.why),
            warnings=self._whys(plan.warnings),
            forced=self._forced(plan.forced),
            choices=[choice.value for choice in plan.choices],
            seen=plan.seen,
            students=sorted(map(self._result_plan, plan.results), key=_by_name),
        )

    def _result_plan(self, plan: ResultPlan) -> StudentPreviewOut:
        return StudentPreviewOut(
            student=plan.student,
            name=self.names.get(plan.student, ""),
            action=plan.action,
            here=_mark(plan.wanted),
            there=_mark(plan.found),
            why=self._why(plan.why),
            warnings=self._whys(plan.warnings),
            forced=self._forced(plan.forced),
            choices=[choice.value for choice in plan.choices],
            seen=plan.seen,
        )

    def item_outcome(self, item: ItemOutcome) -> ItemOutcomeOut:
        return ItemOutcomeOut(
            work=item.work,
            title=item.title,
            outcome=item.outcome,
            why=self._why(item.why),
            said=item.said,
            forced=self._forced(item.forced),
            warnings=self._whys(item.warnings),
            students=sorted(map(self._student, item.students), key=_by_name),
        )

    def _student(self, each: StudentOutcome) -> StudentOutcomeOut:
        return StudentOutcomeOut(
            student=each.student,
            name=self.names.get(each.student, ""),
            outcome=each.outcome,
            score=each.score,
            status=each.status,
            why=self._why(each.why),
            said=each.said,
            forced=self._forced(each.forced),
            warnings=self._whys(each.warnings),
        )

    def export(self, export: Export, *, silent: bool) -> ExportOut:
        return ExportOut(
            id=export.id,
            course=export.course,
            course_name=export.course_name,
            sis_class=export.sis_class,
            sis_title=export.sis_title,
            by=export.by,
            at=export.at.astimezone(self.zone),
            finished=export.finished.astimezone(self.zone) if export.finished else None,
            state=export.state,
            silent=silent,
            items=export.total - len(export.left),
            total=export.total,
            counts=export.counts,
            why=self._why(export.why),
            of=export.of,
        )

    def _why(self, why: Why | None) -> ProblemOut | None:
        return why_out(why, self.language) if why else None

    def _whys(self, whys: Sequence[Why]) -> list[ProblemOut]:
        return [why_out(why, self.language) for why in whys]

    def _forced(self, forced: Sequence[Forced]) -> list[ForcedOut]:
        return [ForcedOut(each.field, each.wanted, each.sent, why_out(each.why, self.language)) for each in forced]


def _mark(result: Result | None) -> MarkOut | None:
    return MarkOut(result.score, result.status.value if result.status else "", result.comment) if result else None


def _by_name(told: StudentPreviewOut | StudentOutcomeOut) -> tuple[str, str]:
    return told.name.casefold(), told.student
