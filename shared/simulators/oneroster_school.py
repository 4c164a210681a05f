"""What a SIS holds: rows by collection as OneRoster spells them, and a count of everything that was ever created."""

import copy
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

Row = dict[str, Any]
Collection = Literal["orgs", "users", "classes", "academicSessions", "categories", "lineItems", "results"]


@dataclass(frozen=True, slots=True)
class Quirks:
    """How this SIS differs from the standard, and what it allows. Fields of a partner are told in the fact sheet.

    `filters`: whether filters work, want their values without quotes, are ignored, give an empty list or a 400.
    `categories`: the one route it knows.
    """

    strict: bool = True  # refuses what the data model does not allow; else takes nearly everything
    page_cap: int = 100
    link: bool = True  # sends Link headers
    total: bool = True  # sends X-Total-Count
    total_of_page: bool = False  # which is how many are on the page
    ignores_offset: bool = False
    list_keys: Literal["standard", "endpoint", "unknown"] = "standard"
    filters: Literal["work", "unquoted", "ignored", "empty", "refused"] = "work"
    categories: Literal["class", "filter", "all"] = "all"
    title_limit: int = 0  # 0: none
    cuts_titles: bool = False  # to the limit; else they are refused
    whole_maximum: bool = False  # resultValueMax has to be a whole number
    due_required: bool = False
    own_ids: bool = False  # gives its own sourcedId to what it creates
    tells_own_ids: bool = True  # and says so in the answer
    soft_deletes: bool = True
    one_result_each: bool = False  # refuses a second result of a student for an item
    revives: bool = True  # PUT brings back what was deleted
    deletes: bool = True
    put_body: bool = False  # the answer to a PUT holds the row
    put_message: bool = False  # the answer to a PUT is {"message": "Created"}
    edit_status: int = 200
    score_as_text: bool = False
    errors: Literal["flat", "statusInfoSet", "imsx_StatusInfo", "message", "empty"] = "flat"


@dataclass
class SisSchool:
    """The rows, freely to be changed by a test under `lock`. `created` counts what was ever made through the API,
    `writes` every write that was applied. `closed_periods`: grading periods that take no items any more.
    """

    rows: dict[Collection, dict[str, Row]] = field(default_factory=dict)
    teaches: dict[str, set[str]] = field(default_factory=dict)  # class → teachers
    attends: dict[str, set[str]] = field(default_factory=dict)  # class → students
    created: Counter[Collection] = field(default_factory=Counter)
    writes: Counter[tuple[str, Collection]] = field(default_factory=Counter)  # (PUT or DELETE, collection), applied
    closed_periods: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        for name in ("orgs", "users", "classes", "academicSessions", "categories", "lineItems", "results"):
            self.rows.setdefault(name, {})

    def all(self, name: Collection) -> list[Row]:
        """A copy of every row, also those marked for deletion."""
        with self.lock:
            return copy.deepcopy(list(self.rows[name].values()))

    def living(self, name: Collection) -> list[Row]:
        return [row for row in self.all(name) if row["status"] == "active"]

    # ------------------------------------------------------------ a school for tests and `make run`

    def add_org(self, id: str, name: str, kind: str = "school") -> None:
        self._add("orgs", id, name=name, type=kind, identifier=f"BRIN-{id}")

    def add_term(self, id: str, title: str, first: date, last: date, *, periods: tuple[str, ...] = ()) -> None:
        """A term with grading periods of equal length."""
        days = {"startDate": first.isoformat(), "endDate": last.isoformat(), "schoolYear": str(last.year)}
        self._add("academicSessions", id, title=title, type="term", **days)
        for number, period in enumerate(periods):
            part = (last - first) / len(periods)
            ends = {
                "startDate": (first + part * number).isoformat(),
                "endDate": last.isoformat()
                if number == len(periods) - 1
                else (first + part * (number + 1)).isoformat(),
            }
            more = {"parent": {"sourcedId": id}, "schoolYear": str(last.year)}
            self._add("academicSessions", period, title=f"Periode {number + 1}", type="gradingPeriod", **ends, **more)

    def add_class(self, id: str, title: str, *, school: str, terms: tuple[str, ...] = ()) -> None:
        refs = {"school": {"sourcedId": school}, "terms": [{"sourcedId": term} for term in terms]}
        self._add("classes", id, title=title, classCode=title, classType="scheduled", **refs)

    def add_teacher(self, id: str, email: str, *classes: str, name: tuple[str, str] = ("Ingrid", "de Vries")) -> None:
        self._user(id, "teacher", email, name)
        for one in classes:
            self.teaches.setdefault(one, set()).add(id)

    def add_student(self, id: str, email: str, *classes: str, name: tuple[str, str] = ("Yusuf", "Yılmaz")) -> None:
        self._user(id, "student", email, name)
        for one in classes:
            self.attends.setdefault(one, set()).add(id)

    def add_category(self, id: str, title: str, *, of_class: str = "") -> None:
        self._add("categories", id, title=title, **({"metadata": {"classId": of_class}} if of_class else {}))

    def edit(self, name: Collection, id: str, **fields: Any) -> None:
        """As a person would in the SIS itself: it is no write through the API."""
        with self.lock:
            self.rows[name][id] |= {**fields, "dateLastModified": stamp()}

    def _user(self, id: str, role: str, email: str, name: tuple[str, str]) -> None:
        told = {"username": email, "email": email, "identifier": f"nr-{id}", "role": role, "enabledUser": "true"}
        self._add("users", id, givenName=name[0], familyName=name[1], **told)

    def _add(self, collection: Collection, id: str, **fields: Any) -> None:
        with self.lock:
            self.rows[collection][id] = {"sourcedId": id, "status": "active", "dateLastModified": stamp(), **fields}


def stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
