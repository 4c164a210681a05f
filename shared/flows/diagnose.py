"""Gathers what is stored about one person's timetable: four documents in one round trip, and nothing from WebUntis."""

from zoneinfo import ZoneInfo

from shared.domain.diagnosis import Check, Situation, diagnose
from shared.domain.people import Role
from shared.errors import NotFound
from shared.flows.directory import open_directory
from shared.flows.linking_state import LinkingState
from shared.flows.record import decode
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.flows.tick import next_tick
from shared.ports import App


def diagnose_user(app: App, school_id: str, user: str, *, himself: bool) -> tuple[Situation, tuple[Check, ...]]:
    """The situation of this user and every check on it.

    Raises NotFound for an unknown school, and for an unknown user unless it is he `himself` who asks: then not being
    known is the answer.
    """
    heads = [directory_path(school_id, role) for role in Role]
    found = app.store.get_many([school_path(school_id), state_path(school_id), *heads])
    school = school_of(found.get(school_path(school_id)))
    kept = found.get(state_path(school_id))
    now = app.now().astimezone(ZoneInfo(school.zone))
    due = next_tick(app.now(), app.rules.every).astimezone(now.tzinfo) if school.webuntis.enabled else None
    someone = decision = None
    for role in Role:
        directory = open_directory(app, school_id, role, head=found.get(directory_path(school_id, role)))
        member = next((each for each in directory.users if each.id == user), None)
        if member:
            someone = member
            decision = next((each for each in directory.decisions if each.user == user), None)
    if someone is None and not himself:
        raise NotFound("diagnosis.person_unknown")
    situation = Situation(
        school=school,
        now=now,
        last=decode(kept.data, LinkingState).last if kept else None,
        next=due,
        every=app.rules.every,
        user=someone,
        decision=decision,
    )
    return situation, diagnose(situation)
