"""Where a school's documents lie, and the school itself as a typed record."""

import hashlib

from shared.domain.people import Role
from shared.domain.school import School
from shared.errors import NotFound
from shared.flows.record import decode, encode
from shared.ports import ABSENT, App, Document, Write


def school_path(school: str) -> str:
    return f"schools/{school}"


def state_path(school: str) -> str:
    """Automatic linking's own memory of a school; also what its lease is on."""
    return f"schools/{school}/linking/state"


def directory_path(school: str, role: Role) -> str:
    return f"schools/{school}/directory/{role}"


def link_path(school: str, user: str) -> str:
    return f"schools/{school}/links/{user}"


def run_path(school: str, run: str) -> str:
    return f"schools/{school}/runs/{run}"


def log_path(school: str, run: str) -> str:
    return f"schools/{school}/logs/{run}"


def week_path(school: str, week: str, part: str = "") -> str:
    """The snapshot of a week, or of some people's lessons in it."""
    return f"schools/{school}/weeks/{week}" + (f"~{part}" if part else "")


def subjects_path(school: str) -> str:
    return f"schools/{school}/timetable/subjects"


def short(text: str) -> str:
    """A name for a path, of any text: a vendor's ids may be what no path can hold."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def school_of(document: Document | None) -> School:
    """The school in this document. Raises NotFound when there is none."""
    if document is None:
        raise NotFound("school.unknown")
    return decode(document.data | {"id": document.id}, School)


def read_school(app: App, school: str) -> tuple[School, str]:
    """The school and the version to write it back with. Raises NotFound."""
    document = app.store.get(school_path(school))
    found = school_of(document)
    assert document
    return found, document.version


def write_school(app: App, school: School, *, version: str = ABSENT) -> str:
    """Store it if it still is at `version` (default: if it is new). Raises Conflict. Returns the new version."""
    [written] = app.store.commit([school_write(school, version=version)])
    return written


def school_write(school: School, *, version: str) -> Write:
    """The write that stores it if it still is at `version`; commit it with the event that tells who did so."""
    data = encode(school)
    del data["id"]
    return Write(school_path(school.id), data, expect=version)
