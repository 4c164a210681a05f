"""Both sides of one class, read once, and what an export would do: the preview is this plan, an export carries it out.

Three questions to the SIS (is it still this teacher's class, who is in it, which items has it), one more for each item
that is there, and two more when something has to be made or changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from zoneinfo import ZoneInfo

from shared.coursework_port import PROFIJT
from shared.domain.class_link import ClassLink, Pair
from shared.domain.coursework import Gradings
from shared.domain.export.circumstances import Circumstances
from shared.domain.export.ledger import ItemEntry
from shared.domain.export.plan import Choices, ItemPlan
from shared.domain.export.plan_item import needs_setup, plan_item
from shared.domain.export.wanted import WantedItem
from shared.domain.export.wanted_items import owned_ids, wanted_items
from shared.domain.gradebook import GradingPeriod, LineItem, Result, SisClass
from shared.domain.pairing import pair
from shared.domain.people import Role
from shared.domain.sis import Sis
from shared.errors import Conflict
from shared.flows.class_links import read_link
from shared.flows.coursework_for import coursework_of
from shared.flows.directory import read_directories
from shared.flows.exports import Asked, Student
from shared.flows.ledger import Book, Line, read_lines
from shared.flows.own_classes import prove_teacher
from shared.flows.schools import read_school
from shared.flows.sis import open_sis, partner_of, require_teachers
from shared.gradebook_port import Gradebook
from shared.ports import App
from shared.values import dataclass

AT_ONCE = 4  # questions to the SIS, as many as an export's own


@dataclass(frozen=True, slots=True)
class Gathered:
    """`items` are all of the class at the SIS; `lines` the ledger's, by work."""

    link: ClassLink
    book: Book
    sis: Sis
    where: Circumstances
    everything: tuple[WantedItem, ...]  # of the course
    wanted: tuple[WantedItem, ...]  # what the export is about
    items: tuple[LineItem, ...]
    lines: Mapping[str, Line]
    students: tuple[Student, ...]
    plans: tuple[ItemPlan, ...]


def preview_export(app: App, school: str, course: str, asked: Asked, *, by: str) -> Gathered:
    """What an export by this teacher would do now; nothing is sent.

    Raises NotFound "school.unknown", "class_link.unknown", "class_link.not_yours", "course.unknown"; NotAllowed
    "sis.not_connected", "sis.teachers_off"; Conflict "export.other_sis"; what both ports raise.
    """
    zone = ZoneInfo(read_school(app, school)[0].zone)
    link, _ = read_link(app, school, course)
    sis, gradebook = open_sis(app, school)
    require_teachers(sis)
    if link.book != sis.book:
        raise Conflict("export.other_sis")
    gradings = coursework_of(app, school, by).gradings(course)
    prove_teacher(app, school, by, link, gradebook)
    pairs = pair(gradings.students, gradebook.students(link.sis_class), link.by_hand)
    items = gradebook.line_items(link.sis_class)
    book = Book(school, sis.book, link.sis_class, course)
    lines = read_lines(app, book)
    partner = partner_of(sis)
    where = Circumstances(
        course=course,
        class_id=link.sis_class,
        school=link.sis_school,
        version=sis.version,
        limits=partner.limits,
        statuses=partner.quirks.score_statuses,
        zone=zone.key,
        today=app.now().astimezone(zone).date(),
        deletes=partner.quirks.deletes,
        default_category=sis.default_category,
        category_missing=sis.category_missing,
    )
    entries = {work: line.entry for work, line in lines.items() if line.entry}
    everything = wanted_items(gradings, pairs, link.marks, entries, partner.limits.title)
    wanted = tuple(each for each in everything if asked.is_about(each.id))
    owned = owned_ids(everything, entries, where)
    read: dict[str, tuple[Result, ...]] = {}

    def results(item: LineItem) -> tuple[Result, ...]:
        if item.id not in read:
            read[item.id] = gradebook.results(item)
        return read[item.id]

    def plans(where: Circumstances) -> tuple[ItemPlan, ...]:
        def planned(each: WantedItem) -> ItemPlan:
            entry = entries.get(each.id)
            return plan_now(each, where, entry=entry, items=items, owned=owned, results=results, asked=asked)

        with ThreadPoolExecutor(AT_ONCE) as pool:  # each asks the SIS for its own item's results
            return tuple(pool.map(planned, wanted))

    planned = plans(where)
    if needs_setup(planned):
        where = replace(where, categories=gradebook.categories(link.sis_class), periods=_periods(gradebook, link))
        planned = plans(where)
    students = _students(app, school, gradings, pairs)
    return Gathered(link, book, sis, where, everything, wanted, items, lines, students, planned)


def plan_now(
    wanted: WantedItem,
    where: Circumstances,
    *,
    entry: ItemEntry | None,
    items: Sequence[LineItem],
    owned: frozenset[str],
    results: Callable[[LineItem], tuple[Result, ...]],
    asked: Asked,
) -> ItemPlan:
    """The item's plan, with the results of the item that it turns out to be, if it is there; of a repeated export only
    for those who are to be repeated."""
    choices: Choices = asked.chosen()
    plan = plan_item(wanted, where, entry=entry, items=items, owned=owned, results=None, choices=choices)
    if plan.there is not None:
        there = results(plan.there)
        plan = plan_item(wanted, where, entry=entry, items=items, owned=owned, results=there, choices=choices)
    return _narrowed(plan, asked)


def _narrowed(plan: ItemPlan, asked: Asked) -> ItemPlan:
    """Of a repeated export, only those who are to be repeated."""
    only = asked.only.get(plan.work, ()) if asked.only is not None else ()
    if not only:
        return plan
    return replace(plan, results=tuple(result for result in plan.results if result.student in only))


def _periods(gradebook: Gradebook, link: ClassLink) -> tuple[GradingPeriod, ...]:
    of = SisClass(link.sis_class, link.sis_title, link.sis_code, link.sis_school, link.terms)
    return gradebook.grading_periods(of)


def _students(app: App, school: str, gradings: Gradings, pairs: Iterable[Pair]) -> tuple[Student, ...]:
    """With who of Profijt each is: by Profijt's own id, also of who is not in the directory (any more, or yet); or by
    an address that only one has."""
    users = read_directories(app, school)[Role.STUDENT].users
    own = gradings.course.id.startswith(f"{PROFIJT}:")
    at_sis = {each.student.id: each.sis.id for each in pairs if each.sis}
    times = Counter(user.email.casefold() for user in users)
    by_email = {user.email.casefold(): user.id for user in users if user.email and times[user.email.casefold()] == 1}
    return tuple(
        Student(
            each.id,
            f"{each.first_name} {each.last_name}".strip(),
            each.id if own else by_email.get(each.email.casefold(), ""),
            at_sis.get(each.id, ""),
        )
        for each in gradings.students
    )
