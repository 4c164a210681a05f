"""The door to a school's lessons: as whom, and never again with what WebUntis refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.domain.school import School
from shared.errors import Conflict, Invalid, NotAuthorized, NotFound, Throttled
from shared.flows.api_user import api_access, api_user, told_code
from shared.flows.linking_state import LinkingState
from shared.flows.login_guard import note_access_refused
from shared.flows.read_roster import access, connection
from shared.flows.refusals import note_patience, refuse_to_ask
from shared.flows.weeks import Origin
from shared.ports import App
from shared.timetable_source import TimetableSource


def reads_alone(school: School) -> bool:
    """Whether its lessons come from a source that is asked about one person at a time, and does not tell students."""
    return bool(school.webuntis.api_user)


def lesson_origin(school: School) -> Origin:
    """Where its lessons come from: a snapshot of another origin is nobody's."""
    settings = school.webuntis
    way = "api" if reads_alone(school) else "platform"
    return Origin(repr((way, settings.subdomain, settings.school_name, school.zone)), settings.tenant_id)


@contextmanager
def lesson_source(app: App, school: School, state: LinkingState) -> Iterator[TimetableSource]:
    """The school's source, for a few questions. A refused login within the block is noted and not made again; so is
    for how long WebUntis asked for patience, and until then nothing is asked.

    Raises Conflict "timetable.coupling_off"; Invalid "settings.incomplete", or that the password is gone;
    NotAuthorized "webuntis.deactivated" or "webuntis.deleted"; whatever the block raises, of which
    "webuntis.login_refused" and "webuntis.right_missing" under a code that tells whose it is (`told_code`).
    """
    settings = school.webuntis
    if not settings.enabled:
        raise Conflict("timetable.coupling_off")
    if settings.missing and not school.stopped:
        raise Invalid("settings.incomplete", missing=settings.missing)
    by_api = reads_alone(school)
    tried = lesson_access(app, school)
    try:
        if not school.stopped:
            _refuse_to_ask(app, school, state, tried)
        found = api_user(app, school) if by_api else connection(app, school, state)
    except NotAuthorized as err:
        raise _told(err, by_api=by_api) from err
    except NotFound as err:  # the password was taken out of the secrets: not something the caller asked for
        raise Invalid(err.code, (), **err.facts) from err
    try:
        yield app.timetable(found, school.zone)
    except NotAuthorized as err:
        if err.code == "webuntis.login_refused":
            note_access_refused(app, school.id, tried)
        raise _told(err, by_api=by_api) from err
    except Throttled as err:
        note_patience(app, school.id, tried, err)
        raise


def _refuse_to_ask(app: App, school: School, state: LinkingState, tried: str) -> None:
    try:
        refuse_to_ask(app, school.id, tried)
    except NotAuthorized:
        if tried not in state.refusals:  # it was met while a run was at work: the school is told by its state
            note_access_refused(app, school.id, tried)
        raise


def _told(err: NotAuthorized, *, by_api: bool) -> NotAuthorized:
    facts = {name: value for name, value in err.facts.items() if name != "service"}
    return NotAuthorized(told_code(err.code, by_api=by_api, lessons=True), service=err.service, **facts)


def lesson_access(app: App, school: School) -> str:
    """As `read_roster.access`, of what the lessons are read with."""
    return api_access(school) if reads_alone(school) else access(app, school)
