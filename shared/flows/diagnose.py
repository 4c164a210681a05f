"""Gathers what is stored about one person's timetable: four documents, of whoever is linked his week, and nothing from
WebUntis. A week that nobody has read yet, or that is old, is ordered behind his back, as for any reader.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.diagnosis import Check, OwnWeek, Situation, diagnose
from shared.domain.people import Decision, Role, State
from shared.domain.planner.iso_week import week_with
from shared.domain.planner.notices import week_notices
from shared.domain.timetable import Status
from shared.errors import NotFound
from shared.flows.directory import open_directory
from shared.flows.linking_state import LinkingState
from shared.flows.record import decode
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.flows.tick import next_tick
from shared.flows.timetable_for import seen_weeks, sight, untold_in
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
        week=_own_week(app, school_id, decision, now),
    )
    return situation, diagnose(situation)


def _own_week(app: App, school: str, decision: Decision | None, now: datetime) -> OwnWeek | None:
    """What is kept of the week of `now`, which is in the school's zone."""
    if decision is None or decision.state is not State.LINKED:
        return None
    week = week_with(now.date())
    seen = sight(app, school, decision.user, [week], "own", wait=False)
    if not seen.found:
        return None
    failure = next((each.failure for each in seen.found if each.failure), None)
    weeks = seen_weeks(app, seen)
    told = next(iter(weeks.shown), None)
    lessons = told.lessons if told else ()
    return OwnWeek(
        read=told.read.astimezone(now.tzinfo) if told else None,
        stale=any(each.stale for each in seen.found),
        failure=failure.code if failure else "",
        facts=failure.facts if failure else {},
        notices=week_notices(week, told, untold_in(seen, weeks, week.name)),
        lessons=len(lessons),
        cancelled=sum(lesson.status is Status.CANCELLED for lesson in lessons),
    )
