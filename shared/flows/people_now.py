"""The people WebUntis has at this moment, for a decision that needs them: the same door as a run's, the same patience.

An access that WebUntis refuses is tried once, here or in a run, and never again: accounts lock after 8.
"""

from shared.domain.people import Person, Role
from shared.errors import Conflict, Invalid, NotAuthorized, NotFound
from shared.flows.api_user import told_code
from shared.flows.linking_state import opened
from shared.flows.login_guard import note_refused
from shared.flows.read_roster import access, connection
from shared.flows.refusals import is_refused
from shared.flows.schools import school_of, school_path, state_path
from shared.ports import App


def people_now(app: App, school_id: str, role: Role) -> tuple[Person, ...]:
    """Everyone of the role, complete.

    Raises Conflict "links.coupling_off" (then nothing is asked), Invalid while settings or password are missing, and
    what `Roster.people` raises.
    """
    found = app.store.get_many([school_path(school_id), state_path(school_id)])
    school, state = school_of(found.get(school_path(school_id))), opened(found.get(state_path(school_id)))
    settings = school.webuntis
    if not settings.enabled:
        raise Conflict("links.coupling_off")
    if settings.missing and not school.stopped:
        raise Invalid("settings.incomplete", missing=settings.missing)
    if is_refused(app, school_id, access(app, school)) and not school.stopped:
        raise NotAuthorized(told_code("webuntis.login_refused", by_api=settings.links_by_api), service="webuntis")
    try:
        return app.roster(connection(app, school, state)).people(role)
    except NotFound as err:  # the password was taken out of the secrets: not something the caller asked for
        raise Invalid(err.code, (), **err.facts) from err
    except NotAuthorized as err:
        if err.code == "webuntis.login_refused":
            note_refused(app, school)
        facts = {name: value for name, value in err.facts.items() if name != "service"}
        raise NotAuthorized(told_code(err.code, by_api=settings.links_by_api), service=err.service, **facts) from err
