"""A school with a teacher, a class of Profijt's own grades and a SIS on loopback, linked: everything an export needs.

Messages are delivered by the test itself, so that it can lose, repeat and reorder them.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from functions.export_jobs import item_message, plan_message
from functions.export_told import Teller
from shared.adapters.http import Door, Limits, PublicAndLoopback
from shared.adapters.oneroster import oneroster
from shared.domain.coursework import Grade, Mark, Work
from shared.domain.export.outcome import Export, ItemOutcome, StudentOutcome
from shared.domain.export.plan import Choice, Chosen
from shared.domain.people import Role, User
from shared.domain.school import School
from shared.errors import Conflict, Throttled, Unreachable
from shared.flows.connect_sis import Form, authorize
from shared.flows.disconnect_sis import Unconfirmed, disconnect
from shared.flows.documents import documents
from shared.flows.exports import Asked, ChosenFor, read_export, read_sheets
from shared.flows.gather_export import Gathered, preview_export
from shared.flows.keep_sis import Settings, save_sis
from shared.flows.keep_users import keep_users
from shared.flows.ledger import lines_of
from shared.flows.link_class import link_class
from shared.flows.order_export import ITEM, PLAN, order_export
from shared.flows.packed import read_packed
from shared.flows.profijt_coursework import OwnCourse, read_course, repack
from shared.flows.record import encode
from shared.flows.schools import write_school
from shared.flows.sis import read_sis, sis_path
from shared.ports import App, Document, Message, Write
from shared.simulators.fault_board import FaultBoard
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_faults import SisFault, SisKind
from shared.simulators.oneroster_school import Quirks, SisSchool
from shared.wiring.local import Local, local
from tests.sis_school import PACE

TEACHER, COURSE, CLASS = "d1", "profijt:3a-wi", "3a-wi"
DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ATTEMPTS = 5  # after which the queue lets go of a message
NAMES = {"u1": ("Yusuf", "Yılmaz"), "u2": ("Anna", "Bakker"), "u3": ("Noor", "de Wit")}


class Post:
    """A queue that keeps every message until the test delivers it."""

    def __init__(self) -> None:
        self.waiting: deque[Message] = deque()
        self.sent = 0

    def publish(self, topic: str, bodies: Sequence[Mapping[str, str]]) -> None:
        for body in bodies:
            self.sent += 1
            self.waiting.append(Message(topic, dict(body), id=f"m{self.sent}", attempt=1))


class Meddler(FaultBoard[SisFault]):
    """Does something just before the nth request of a kind is answered; at `nth` 0 before every one."""

    def __init__(self, method: str, path: str, nth: int, then: Callable[[], object]) -> None:
        super().__init__()
        self._kind, self._nth, self._then, self._seen = (method, path), nth, then, 0

    def due(self, *asked: str) -> dict[SisKind, SisFault]:
        method, path = asked
        if method == self._kind[0] and self._kind[1] in path:
            self._seen += 1
            if self._nth in (0, self._seen):
                self._then()
        return super().due(*asked)


@dataclass
class ExportWorld:
    """The composition with a clock of its own."""

    local: Local
    app: App
    post: Post
    school: str = "demo"
    time: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def sis(self) -> OneRosterSimulator:
        return self.local.sis

    def open_school(self, name: str, quirks: Quirks | None = None) -> None:
        """A new school with its people, its SIS connected and its class linked; the SIS holds nothing yet."""
        self.school = name
        self.sis.quirks, self.sis.school = quirks or Quirks(), SisSchool()
        self.sis.faults.clear()
        _fill(self.sis.school)
        write_school(self.app, School(name, "Het Baken"))
        teacher = User(TEACHER, Role.TEACHER, "Ingrid", "Vries", prefix="de", email="I.deVries@baken.example")
        students = [User(id, Role.STUDENT, *who, email=f"{id}@baken.example") for id, who in NAMES.items()]
        keep_users(self.app, name, [teacher, *students], ())
        self.connect()
        self.grades([], {})
        link_class(self.app, name, TEACHER, COURSE, CLASS, seen=lambda _: None)

    # ------------------------------------------------------------ the source

    def grades(self, works: Sequence[Work], marks: Mapping[tuple[str, str], float | Mark]) -> None:
        """What Profijt has now, in the place of all before: (work, student) → score or mark."""
        before = read_course(self.app, self.school, COURSE)
        grades = tuple(
            Grade(work, student, mark) if isinstance(mark, Mark) else Grade(work, student, Mark.GRADED, mark)
            for (work, student), mark in marks.items()
        )
        course = OwnCourse(
            id=COURSE,
            name="Wiskunde 3A",
            section="",
            teachers=(TEACHER,),
            students=tuple(NAMES),
            works=tuple(works),
            grades=grades,
            changed=self.app.now(),
        )
        packed = repack(self.app, self.school, course, replaces=before[1] if before else None)
        self.app.store.write_many([*packed.parts, replace(packed.head, expect="")])

    # ------------------------------------------------------------ the export

    def preview(self, asked: Asked | None = None) -> Gathered:
        return preview_export(self.app, self.school, COURSE, asked or Asked(), by=TEACHER)

    def order(self, asked: Asked | None = None) -> Export:
        return order_export(self.app, self.school, COURSE, asked or Asked(), by=TEACHER)

    def deliver(self, message: Message) -> Export | None:
        work = {PLAN: plan_message, ITEM: item_message}[message.topic]
        return work(self.app, message)

    def run(self, asked: Asked | None = None) -> Export:
        """An export, from order to end."""
        self.order(asked)
        return self.finish()

    def planned(self) -> Export:
        """An export of which the items' messages are waiting."""
        self.order()
        planned = self.deliver(self.post.waiting.popleft())
        assert planned
        return planned

    def deliver_next(self) -> Export:
        done = self.deliver(self.post.waiting.popleft())
        assert done
        return done

    def finish(self) -> Export:
        done = None
        while self.post.waiting:
            done = self.deliver(self.post.waiting.popleft()) or done
        assert done
        return done

    def patiently(self) -> Export:
        """As `finish`, with a queue that brings again what failed, until it gives up."""
        done = None
        while self.post.waiting:
            message = self.post.waiting.popleft()
            try:
                done = self.deliver(message) or done
            except (Unreachable, Throttled, Conflict):
                if message.attempt < ATTEMPTS:
                    self.post.waiting.append(replace(message, attempt=message.attempt + 1))
        assert done
        return done

    def export(self, id: str) -> Export:
        return read_export(self.app, self.school, id)[0]

    def items(self, export: Export) -> dict[str, ItemOutcome]:
        """What came of every work; it can be told in both languages."""
        items = [sheet.outcome for sheet, _ in read_sheets(self.app, self.school, export.id)]
        for language in ("nl", "en"):
            teller = Teller(language, ZoneInfo("Europe/Amsterdam"), {})
            assert [teller.item_outcome(item) for item in items] or not items
        return {item.work: item for item in items}

    def students(self, export: Export) -> dict[tuple[str, str], StudentOutcome]:
        """What came of every student, by (work, student)."""
        return {(work, one.student): one for work, item in self.items(export).items() for one in item.students}

    def outcomes(self, export: Export) -> dict[str, str]:
        """In short: "w1" and "w1 u1" → the outcome, with the code of why."""
        told = dict[str, ItemOutcome | StudentOutcome](self.items(export))
        told |= {" ".join(key): one for key, one in self.students(export).items()}
        return {key: " ".join([one.outcome, *([one.why.code] if one.why else [])]) for key, one in told.items()}

    def choose(self, work: str, student: str, choice: Choice) -> Asked:
        """What the preview now offers about this one."""
        plan = next(plan for plan in self.preview().plans if plan.work == work)
        asked = next(one for one in plan.results if one.student == student) if student else plan
        assert choice in asked.choices, asked.choices
        return Asked(choices=(ChosenFor(work, student, Chosen(choice, asked.seen)),))

    def every_choice(self) -> Asked:
        """The first choice that each conflict offers."""
        chosen: list[ChosenFor] = []
        for plan in self.preview().plans:
            if plan.choices:
                chosen.append(ChosenFor(plan.work, "", Chosen(plan.choices[0], plan.seen)))
            chosen += [
                ChosenFor(plan.work, each.student, Chosen(each.choices[0], each.seen))
                for each in plan.results
                if each.choices
            ]
        return Asked(choices=tuple(chosen))

    # ------------------------------------------------------------ the SIS

    def at(self, method: str, path: str, nth: int, then: Callable[[], object]) -> None:
        """As Meddler says; whatever faults were on are off."""
        self.sis.faults = Meddler(method, path, nth, then)

    def stored(self, *names: str) -> str:
        """All that these collections hold, opened."""
        found = []
        for name in names:
            for document in documents(self.app.store, f"schools/{self.school}/{name}"):
                packed = read_packed(self.app.store, document.path)
                found.append(f"{document.data} {packed[0].decode() if packed else ''}")
        return "\n".join(found)

    def lines(self) -> tuple[Document, ...]:
        """The documents of the ledger."""
        sis, _ = read_sis(self.app, self.school)
        assert sis
        return tuple(documents(self.app.store, lines_of(self.school, sis.book)))

    def in_ledger(self) -> dict[str, str]:
        """Whose results the ledger remembers: student at the SIS → user."""
        found: dict[str, str] = {}
        for line in self.lines():
            assert line.data["people"].keys() == line.data["results"].keys()
            found |= line.data["people"]
        return found

    def there(self) -> dict[tuple[str, str], float | None]:
        """What the SIS has: (title of the item, SIS student) → score. Fails when there are two."""
        titles = {row["sourcedId"]: row["title"] for row in self.sis.school.living("lineItems")}
        assert len(set(titles.values())) == len(titles), "an item twice"
        found: dict[tuple[str, str], float | None] = {}
        for row in self.sis.school.living("results"):
            key = (titles[row["lineItem"]["sourcedId"]], row["student"]["sourcedId"])
            assert key not in found, "a result twice"
            found[key] = row.get("score")
        return found

    def connect(self, host: str = "") -> None:
        """As the admin does it, whatever was there before."""
        auth = self.sis.auth
        form = Form("other", host or self.sis.prefix, auth.key, auth.secret, f"{self.sis.url}/oauth/token")
        self.pass_(minutes=1)  # more than four a minute are refused
        found = authorize(self.app, self.school, form, by="a1")
        assert found.sis, found.steps
        sis, version = read_sis(self.app, self.school)
        assert sis
        if not sis.default_category:
            settings = Settings(
                teachers_export=True, default_category="toets", category_missing=sis.category_missing, expires=None
            )
            save_sis(self.app, self.school, settings, version=version, by="a1")

    def sis_is(self, **changes: object) -> None:
        """The connection, otherwise."""
        sis, version = read_sis(self.app, self.school)
        assert sis
        self.app.store.commit([Write(sis_path(self.school), encode(replace(sis, **changes)), expect=version)])

    def disconnect(self) -> None:
        confirm = ""
        try:
            disconnect(self.app, self.school, confirm="", by="a1")
        except Unconfirmed as told:
            confirm = told.confirm
        disconnect(self.app, self.school, confirm=confirm, by="a1")

    def pass_(self, **by: float) -> None:
        self.time[0] += timedelta(**by)


@contextmanager
def export_world(folder: Path, quirks: Quirks | None = None) -> Iterator[ExportWorld]:
    with local(folder) as running:
        world = world_at(running)
        world.open_school("demo", quirks)
        yield world


def world_at(running: Local) -> ExportWorld:
    """A world without a school yet; nobody waits between two tries."""
    time, post = [NOW], Post()
    door = Door(PublicAndLoopback(), limits=Limits(read=5), pace=PACE)
    app = replace(running.app, now=lambda: time[0], queue=post, gradebook=oneroster(door, PACE))
    return ExportWorld(running, app, post, time=time)


def work(id: str, title: str, **more: object) -> Work:
    given = {"assigned": datetime(2026, 11, 16, 7, 0, tzinfo=UTC), "due": DUE, "maximum": 10.0, "minimum": 1.0}
    return Work(id, title, **(given | more))


SO = work("w1", "SO H3 breuken")
TOETS = work("w2", "Toets H4 procenten")
GRADES = {("w1", "u1"): 7.5, ("w1", "u2"): 6.0, ("w2", "u1"): 5.5}


@contextmanager
def two_items(folder: Path) -> Iterator[ExportWorld]:
    """A class with two tests, three grades and one student without."""
    with export_world(folder) as world:
        world.grades([SO, TOETS], GRADES)
        yield world


def _fill(school: SisSchool) -> None:
    school.add_org("baken", "Het Baken")
    school.add_term("t1", "2026-2027", date(2026, 8, 17), date(2027, 7, 9), periods=("p1", "p2"))
    school.add_class(CLASS, "Wiskunde 3A", school="baken", terms=("t1",))
    school.add_teacher("t-vries", "i.devries@baken.example", CLASS)
    for number, name in enumerate(NAMES.values(), 1):
        school.add_student(f"s{number}", f"u{number}@baken.example", CLASS, name=name)
    school.add_category("toets", "Toetsen")
