"""What a teacher's class should have at the SIS, from what the source has now: pure, in an order of its own."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.class_link import Pair
from shared.domain.coursework import Grade, Gradings, Mark, Work
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.ids import item_id
from shared.domain.export.ledger import ItemEntry
from shared.domain.export.plan import Why
from shared.domain.export.titles import cut, key, one_line, whole
from shared.domain.export.wanted import WantedGrade, WantedItem
from shared.domain.pairing import NEVER

_LAST = datetime.max.replace(tzinfo=UTC)


def wanted_items(
    gradings: Gradings,
    pairs: Sequence[Pair],
    marks: Sequence[tuple[str, str, str]],
    ledger: Mapping[str, ItemEntry],
    longest_title: int,
) -> tuple[WantedItem, ...]:
    """Every published work that is graded, or that somebody has a grade for; then what only the ledger knows of.

    `marks`: (work, student, "excused" or "missing") of the teacher. `ledger`: of this course in this class, by work.
    `longest_title`: Limits.title; titles that are the same when cut are namesakes.
    """
    people = _People(pairs)
    grades: dict[str, dict[str, Grade]] = defaultdict(dict)
    for grade in gradings.grades:
        grades[grade.work][grade.student] = grade
    marked: dict[str, dict[str, Mark]] = defaultdict(dict)
    for work_id, student, mark in marks:
        marked[work_id][student] = Mark(mark)

    wanted: list[WantedItem] = []
    titles: set[str] = set()
    for work in sorted(gradings.works, key=lambda work: (work.assigned or _LAST, work.id)):
        entry = ledger.get(work.id)
        mine, by_hand = grades[work.id], marked[work.id]
        students = sorted(mine.keys() | (by_hand.keys() & people.students))
        given = tuple(people.wanted(who, mine.get(who), by_hand.get(who)) for who in students)
        if work.maximum is None and not given and entry is None:
            continue
        title = key(cut(one_line(work.title), longest_title))
        wanted.append(
            WantedItem(
                work.id,
                _sound(work),
                given,
                namesake=title in titles,
                withdrawn=people.withdrawn(entry, {grade.student for grade in given}),
            )
        )
        if work.maximum is not None:
            titles.add(title)
    gone = sorted(ledger.keys() - {item.id for item in wanted})
    return (*wanted, *(WantedItem(work_id, None) for work_id in gone))


def owned_ids(wanted: Sequence[WantedItem], ledger: Mapping[str, ItemEntry], where: Circumstances) -> frozenset[str]:
    """The ids of all items of the class that are this course's, also when its ledger was lost."""
    first = {item_id(where.class_id, where.course, item.id, 0) for item in wanted}
    return frozenset(first | {entry.id for entry in ledger.values()})


class _People:
    """Who of the course is who at the SIS."""

    def __init__(self, pairs: Collection[Pair]) -> None:
        self._pairs = {pair.student.id: pair for pair in pairs}
        self._times = Counter(pair.sis.id for pair in pairs if pair.sis)
        self.students = self._pairs.keys()

    def wanted(self, student: str, grade: Grade | None, by_hand: Mark | None) -> WantedGrade:
        """A mark by hand beats no score, or another mark; of those with a score only "excused" counts."""
        sis_student, why = self._at_sis(student)
        score = grade.score if grade else None
        mark = by_hand or (grade.mark if grade else Mark.GRADED)
        warnings: tuple[Why, ...] = ()
        if mark is Mark.MISSING and score is not None:
            mark, warnings = Mark.GRADED, (Why("export.missing_but_graded"),)
        return WantedGrade(
            student,
            sis_student,
            mark,
            score,
            grade.scored if grade else None,
            whole(grade.comment) if grade else "",
            why,
            warnings,
        )

    def withdrawn(self, entry: ItemEntry | None, graded: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Those whom the ledger knows a result of, and the source no grade; and whose result is another's now."""
        of_sis = {sis: student for student in self.students if (sis := self._at_sis(student)[0])}
        known = entry.results if entry else {}
        gone = {(of_sis[sis], sis) for sis in known if sis in of_sis and of_sis[sis] not in graded}
        return tuple(
            sorted(gone | {(had.student, sis) for sis, had in known.items() if self._turned_out(had.student, sis)})
        )

    def _turned_out(self, student: str, sis: str) -> bool:
        """Whether this student of the course is known not to be that one at the SIS, whom nobody else is either."""
        pair = self._pairs.get(student)
        return pair is not None and sis not in self._times and (pair.sis is not None or pair.cause == NEVER)

    def _at_sis(self, student: str) -> tuple[str, Why | None]:
        pair = self._pairs.get(student)
        if pair is None:
            return "", Why("export.student_left")
        if pair.sis is None:
            return "", Why(pair.cause)
        if self._times[pair.sis.id] > 1:
            return "", Why("export.student_twice")
        return pair.sis.id, None


def _sound(work: Work) -> Work:
    return replace(
        work, title=one_line(work.title), description=whole(work.description).strip(), category=one_line(work.category)
    )
