"""Finds out what a SIS lets us do, by the very reads that an export makes, and keeps nothing of what it reads there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from itertools import islice
from typing import Literal, TypeVar, get_args

from shared.domain.gradebook import Category, LineItem, Org, SisClass
from shared.domain.sis import Capabilities
from shared.errors import NotAuthorized, RemoteError
from shared.flows.find_sis import Gate
from shared.gradebook_port import Gradebook, SisRejected
from shared.values import dataclass

Name = Literal[
    Gate, "orgs", "classes", "students", "line_items", "results", "categories", "periods", "writes"
]  # in the order in which they can fail
NAMES: tuple[Name, ...] = get_args(Name)
OPTIONAL: frozenset[Name] = frozenset({"categories", "periods"})  # an export does without, or says so by itself
MOST_CATEGORIES = 200
MOST_TOLD = 10  # names in one step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of connecting: `code` and `facts` are those of a cause; "" for what is as it should be. `found`: what
    came of it, such as an address or titles; `said`: the SIS's own words about a failure, as in SisRejected."""

    name: Name
    result: Literal["ok", "failed", "skipped"]
    code: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    found: str = ""
    said: str = field(default="", repr=False)

    @property
    def bars(self) -> bool:
        """Whether a school cannot be connected while it is like this."""
        return self.result == "failed" and self.name not in OPTIONAL


@dataclass(frozen=True, slots=True)
class Survey:
    """The steps that were taken, and what they found."""

    steps: tuple[Step, ...]
    orgs: tuple[Org, ...]
    capabilities: Capabilities


def survey(gradebook: Gradebook, *, host: str, today: date) -> Survey:
    """Everything an export needs, tried on one class of the school's; `today` is the school's."""
    return _Survey(gradebook, host).go(today)


def school_categories(gradebook: Gradebook, sample: SisClass) -> tuple[Category, ...]:
    """Those of the school, to choose a default one from: of one class, where the SIS does not tell all."""
    try:
        found = gradebook.every_category()
    except (SisRejected, NotAuthorized):
        found = ()
    return (found or gradebook.categories(sample.id))[:MOST_CATEGORIES]


class _Survey:
    def __init__(self, gradebook: Gradebook, host: str) -> None:
        self._gradebook, self._host = gradebook, host
        self._steps: dict[Name, Step] = {}

    def go(self, today: date) -> Survey:
        orgs = self._ask("orgs", self._gradebook.orgs) or ()
        if self._passed("orgs") and not orgs:
            self._note("orgs", "failed", "sis.no_orgs", host=self._host)
        self._tell("orgs", (org.name for org in orgs))
        sample = self._ask("classes", self._gradebook.any_class)
        if self._passed("classes") and sample is None:
            self._note("classes", "skipped", "sis.no_classes")
        categories, periods = self._class(sample, today) if sample else ((), ())
        return Survey(
            (*self._steps.values(), self._writes()),
            orgs,
            Capabilities(
                writes=self._gradebook.may_write(),
                categories=categories,
                open_periods=periods,
            ),
        )

    def _class(self, sample: SisClass, today: date) -> tuple[tuple[Category, ...], tuple[str, ...]]:
        """The categories, and the titles of the periods that are open today."""
        self._ask("students", lambda: self._gradebook.students(sample.id))
        items = self._ask("line_items", lambda: self._gradebook.line_items(sample.id))
        if items is not None:
            self._ask("results", lambda: self._results(items[0] if items else None, sample))
        categories = self._ask("categories", lambda: school_categories(self._gradebook, sample)) or ()
        self._tell("categories", (category.title for category in categories))
        found = self._ask("periods", lambda: self._gradebook.grading_periods(sample)) or ()
        periods = tuple(period.title for period in found if period.holds(today))
        self._tell("periods", periods)
        if self._passed("periods") and not periods:
            self._note("periods", "failed", "sis.no_open_period")
        return categories, periods

    def _results(self, item: LineItem | None, of: SisClass) -> None:
        """Of an item that there is; else of one that there is not, whose answer tells that we may ask."""
        try:
            self._gradebook.results(item or LineItem("profijt-0", of.id, ""))
        except SisRejected as err:
            if item or err.code != "oneroster.not_there":
                raise

    def _writes(self) -> Step:
        match self._gradebook.may_write():
            case True:
                return Step("writes", "ok")
            case False:
                return Step("writes", "failed", "sis.may_not_write")
            case None:
                return Step("writes", "skipped", "sis.writes_unknown")

    def _ask(self, name: Name, ask: Callable[[], T]) -> T | None:
        try:
            answer = ask()
        except RemoteError as err:
            said = err.said if isinstance(err, SisRejected) else ""
            self._steps[name] = Step(name, "failed", err.code, err.facts, said=said)
            return None
        self._steps[name] = Step(name, "ok")
        return answer

    def _tell(self, name: Name, found: Iterable[str]) -> None:
        """What a step that went well came upon."""
        if self._passed(name):
            self._steps[name] = Step(name, "ok", found=", ".join(islice(found, MOST_TOLD)))

    def _note(self, name: Name, result: Literal["failed", "skipped"], code: str, **facts: str) -> None:
        self._steps[name] = Step(name, result, code, facts)

    def _passed(self, name: Name) -> bool:
        return name in self._steps and self._steps[name].result == "ok"
