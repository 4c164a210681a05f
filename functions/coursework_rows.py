"""Reads an upload of Profijt's own grades, JSON or CSV. Values are texts until the domain says what they are.

CSV has one row for each student and work; what is told of a work may stand in any of its rows. A row without a work
only says that the student is of the course.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from functions import mistake, sheet
from shared.domain.coursework import Work
from shared.domain.profijt_grades import (
    DAY_BEGINS,
    DAY_ENDS,
    MAXIMUM,
    MINIMUM,
    GradeRow,
    Refused,
    moment,
    number,
)
from shared.errors import Fault, Invalid
from shared.flows.keep_coursework import Sent

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
LONGEST = 5_000  # of a description; every other cell of a CSV is shorter
MOST = 100_000  # points
COLUMNS = {
    "leerling": "student",
    "werk": "work",
    "titel": "title",
    "omschrijving": "description",
    "opgegeven": "assigned",
    "inleveren": "due",
    "maximum": "maximum",
    "minimum": "minimum",
    "categorie": "category",
    "cijfer": "score",
}
_NEEDED = ("leerling", "werk", "cijfer")
_OF_WORK = ("title", "description", "assigned", "due", "maximum", "minimum", "category")
_LIMITS = {"student": 128, "work": 128, "title": 500, "description": LONGEST}


class WorkIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of coursework. Without an offset `assigned` and `due` are in the school's zone; a date alone ends, for
    `due`, at 23:59. A `minimum` of 0 means points, which may go beyond `maximum`; else both bound the grade. Without a
    `maximum` (null) it is not graded."""

    id: Id
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    description: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    assigned: Annotated[str, msgspec.Meta(max_length=40, examples=["2026-11-16"])] = ""
    due: Annotated[str, msgspec.Meta(max_length=40, examples=["2026-11-20T08:30"])] = ""
    maximum: Annotated[float, msgspec.Meta(gt=0, le=MOST)] | None = MAXIMUM
    minimum: Annotated[float, msgspec.Meta(ge=0, le=MOST)] = MINIMUM
    category: Annotated[str, msgspec.Meta(max_length=200)] = ""


class GradeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one student has for one work."""

    work: Id
    student: Id
    score: float | Annotated[str, msgspec.Meta(max_length=40)] | None = None
    mark: Annotated[str, msgspec.Meta(max_length=40)] = ""


GRADE_SCHEMA = {  # only described: a row that does not fit is listed in the answer, and the others are stored
    "description": "work, student en / and score (7.5, of als tekst / or as text: '7,5') of / or mark: vrijgesteld, "
    "ontbreekt (excused, missing). Zonder beide: geen cijfer / without both: no grade.",
    "examples": [{"work": "so-1", "student": "u-1", "score": 7.5}],
}


class CourseworkIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course with all its works and grades: what is not in it any more is gone. `teachers` and `students` are Profijt
    ids. Without `teachers` they stay as they were; of a new course it is the teacher who sends it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    section: Annotated[str, msgspec.Meta(max_length=200)] = ""
    teachers: Annotated[list[Id], msgspec.Meta(max_length=20)] | None = None
    students: list[Id] = []
    works: list[WorkIn] = []
    grades: list[Annotated[msgspec.Raw, msgspec.Meta(extra_json_schema=GRADE_SCHEMA)]] = []


Upload = tuple[Sent, tuple[Refused, ...]]  # and the rows that could not even be read


def from_json(body: CourseworkIn, zone: ZoneInfo) -> Upload:
    """Raises Invalid "coursework.invalid" for works that are not right: all grades hang on them."""
    works: dict[str, Work] = {}
    faults = []
    for place, each in enumerate(body.works):
        if each.id in works:
            faults.append(Fault(f"/works/{place}/id", "work.twice"))
        if each.maximum is not None and each.minimum >= each.maximum:
            faults.append(Fault(f"/works/{place}/minimum", "work.number"))
        times: dict[str, datetime | None] = {}
        for field, day in (("assigned", DAY_BEGINS), ("due", DAY_ENDS)):
            try:
                times[field] = moment(getattr(each, field).strip(), zone, day=day)
            except ValueError:
                faults.append(Fault(f"/works/{place}/{field}", "work.moment"))
        works[each.id] = Work(**msgspec.structs.asdict(each) | times)
    if faults:
        raise Invalid("coursework.invalid", tuple(faults))
    rows: list[GradeRow] = []
    refused: list[Refused] = []
    for count, raw in enumerate(body.grades, start=1):
        try:
            row = msgspec.json.decode(raw, type=GradeIn)
        except msgspec.ValidationError as err:
            pointer, code, facts = mistake.told(str(err))
            refused.append(Refused(count, "", Fault(pointer[1:], code, facts)))
            continue
        score = "" if row.score is None else str(row.score).strip()
        rows.append(GradeRow(count, row.work, row.student, score, row.mark.strip()))
    teachers = None if body.teachers is None else tuple(body.teachers)
    sent = Sent(body.name, body.section, teachers, tuple(body.students), tuple(works.values()), tuple(rows))
    return sent, tuple(refused)


def from_csv(text: bytes, zone: ZoneInfo, *, name: str, section: str, teachers: Sequence[str]) -> Upload:
    """`name`, `section` and `teachers` were told beside the file; empty: not told.

    Raises Invalid for another encoding, and for an unknown, repeated or missing column.
    """
    header, *lines = sheet.read(text) or [[]]
    columns = _columns(header)
    told: dict[str, dict[str, str]] = {}
    rows: list[GradeRow] = []
    refused: list[Refused] = []
    students: dict[str, None] = {}
    for count, cells in enumerate((line for line in lines if any(cell.strip() for cell in line)), start=1):
        if len(cells) != len(columns):
            facts = (("cells", len(cells)), ("columns", len(columns)))
            refused.append(Refused(count, "", Fault("", "users.cells", facts)))
            continue
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        work = told.get(row["work"], {})
        if fault := _fault(row, work, zone):
            refused.append(Refused(count, row["student"][:128], fault))
            continue
        students[row["student"]] = None
        if row["work"]:
            told[row["work"]] = work | {field: row[field] for field in _OF_WORK if row.get(field)}
        if row["work"] or row["score"]:
            rows.append(GradeRow(count, row["work"], row["student"], row["score"]))
    works = tuple(_work(id, fields, zone) for id, fields in told.items())
    sent = Sent(name or None, section or None, tuple(teachers) or None, tuple(students), works, tuple(rows))
    return sent, tuple(refused)


def _columns(header: Sequence[str]) -> list[str]:
    names = [COLUMNS.get(name.strip().casefold(), "") for name in header]
    # By its place: where a header is missing altogether, the first student stands there.
    odd = [place for place, name in enumerate(names, start=1) if not name or name in names[: place - 1]]
    if odd:
        raise Invalid("coursework.columns", places=", ".join(map(str, odd)))
    if missing := [name for name in _NEEDED if COLUMNS[name] not in names]:
        raise Invalid("coursework.header", columns=", ".join(missing))
    return names


def _fault(row: dict[str, str], known: dict[str, str], zone: ZoneInfo) -> Fault | None:
    """The first thing wrong with this row; `known` is what earlier rows told of its work."""
    for field, text in row.items():
        limit = _LIMITS.get(field, 200)
        if len(text) > limit:
            return Fault(field, "users.too_long", (("field", field), ("limit", limit)))
        if field in _OF_WORK and text and known.get(field, text) != text:
            return Fault(field, "work.differs")
    if not row["student"]:
        return Fault("student", "users.empty", (("field", "leerling"),))
    try:
        _work(row["work"], known | {field: row[field] for field in _OF_WORK if row.get(field)}, zone)
    except _Wrong as wrong:
        return wrong.fault
    return None


class _Wrong(Exception):
    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.fault = Fault(field, code)


def _work(id: str, told: dict[str, str], zone: ZoneInfo) -> Work:
    maximum, minimum = _number("maximum", told, MAXIMUM), _number("minimum", told, MINIMUM)
    if not 0 <= minimum < maximum <= MOST:
        raise _Wrong("maximum" if "maximum" in told else "minimum", "work.number")
    return Work(
        id=id,
        title=told.get("title", id),
        description=told.get("description", ""),
        assigned=_moment("assigned", told, zone, DAY_BEGINS),
        due=_moment("due", told, zone, DAY_ENDS),
        maximum=maximum,
        minimum=minimum,
        category=told.get("category", ""),
    )


def _number(field: str, told: dict[str, str], otherwise: float) -> float:
    found = number(told[field]) if field in told else otherwise
    if found is None:
        raise _Wrong(field, "work.number")
    return found


def _moment(field: str, told: dict[str, str], zone: ZoneInfo, day: time) -> datetime | None:
    try:
        return moment(told.get(field, ""), zone, day=day)
    except ValueError:
        raise _Wrong(field, "work.moment") from None
