"""Where a school's class links lie: one for each course, and one claim on each class of a SIS, committed together.

Beside a link stands who of Profijt the students are that a teacher said something of, so that they can be told what is
kept of them, and erased.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping

from shared.domain.class_link import ClassLink
from shared.errors import NotFound
from shared.flows.documents import documents
from shared.flows.record import decode, encode
from shared.flows.schools import short
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """Which course a class of the SIS is linked to, and the user who did it."""

    course: str
    by: str


def link_path(school: str, course: str) -> str:
    return f"schools/{school}/class-links/{course}"


def claim_path(school: str, book: str, sis_class: str) -> str:
    """Of a class at the SIS with this book: its id may be what no path can hold."""
    return f"schools/{school}/class-links-taken/{short(f'{book}|{sis_class}')}"


def read_link(app: App, school: str, course: str) -> tuple[ClassLink, str]:
    """The link and its version. Raises NotFound "class_link.unknown"."""
    found = app.store.get(link_path(school, course))
    if found is None:
        raise NotFound("class_link.unknown")
    return link_of(found), found.version


def read_links(app: App, school: str, courses: Iterable[str]) -> dict[str, ClassLink]:
    """The links of those of these courses that have one, by course; one round trip."""
    found = app.store.get_many([link_path(school, course) for course in courses])
    return {link.course: link for link in map(link_of, found.values())}


def all_links(app: App, school: str) -> Iterator[tuple[ClassLink, Document]]:
    """Every link of the school, by course."""
    return ((link_of(each), each) for each in documents(app.store, f"schools/{school}/class-links"))


def read_claims(app: App, school: str, book: str, classes: Iterable[str]) -> dict[str, Claim]:
    """Who has each of these classes of the SIS; one round trip."""
    paths = {claim_path(school, book, each): each for each in classes}
    return {paths[path]: decode(found.data, Claim) for path, found in app.store.get_many([*paths]).items()}


def link_write(school: str, link: ClassLink, people: Mapping[str, str], *, expect: str) -> Write:
    """The write that keeps it. `people`: course student → Profijt user, of whoever is in `by_hand` or `marks`."""
    named = {who for who, _ in link.by_hand} | {who for _, who, _ in link.marks}
    teachers = dict(link.teachers)
    known = {who: user for who, user in people.items() if who in named}
    data = encode(link) | {
        "teachers": teachers,
        "proofs": {user: proof for user, proof in link.proofs if user in teachers},
        "by_hand": dict(link.by_hand),
        "marks": [{"work": work, "student": who, "mark": mark} for work, who, mark in link.marks],
        "people": known,
    }
    return Write(link_path(school, link.course), data, expect=expect)


def link_of(document: Document) -> ClassLink:
    """The link in this document; a document holds no list in a list, so pairs lie there as maps."""
    data = document.data
    flat = {
        "teachers": list(data["teachers"].items()),
        "proofs": list(data.get("proofs", {}).items()),  # of older links: proved again the next time
        "by_hand": list(data["by_hand"].items()),
        "marks": [(each["work"], each["student"], each["mark"]) for each in data["marks"]],
    }
    return decode(data | flat, ClassLink)


def people_of(document: Document) -> dict[str, str]:
    """The `people` beside a link."""
    people: dict[str, str] = document.data.get("people", {})
    return people


def not_yours(school: str, user: str, code: str) -> NotFound:
    """What to raise when a user asks for a class of somebody else's: not there, and remarked; which, is not: anything
    may have been typed."""
    fields = {"event": "foreign_class", "audit": True, "user": user, "school": school}
    log.warning("foreign class", extra={"fields": fields})
    return NotFound(code)


def claim_write(school: str, link: ClassLink) -> Write:
    """The write that gives the link its class, if nobody has it."""
    claim = Claim(link.course, link.linked_by)
    return Write(claim_path(school, link.book, link.sis_class), encode(claim), expect=ABSENT)


def unclaim_write(school: str, link: ClassLink) -> Write:
    return Write(claim_path(school, link.book, link.sis_class), None)
