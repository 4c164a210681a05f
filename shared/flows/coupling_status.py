"""How a school's coupling is doing, for its admin: one condition, the runs around it, and the counts of links."""

from collections import Counter
from datetime import datetime

from shared.domain.people import Role, State
from shared.domain.run import Problem
from shared.domain.school import School
from shared.domain.status import Status, assess
from shared.flows.api_user import api_refusal
from shared.flows.directory import open_directory
from shared.flows.linking_state import Discarded, Held, holder, opened
from shared.flows.refusals import refusals_path, refused_in
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.flows.tick import next_due
from shared.flows.watch_school import known
from shared.ports import App
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Users by the state of their link (to_review: what a person must decide), and people at WebUntis without an
    ID-nummer as the last full look saw them."""

    linked: int
    to_review: int
    not_found: int
    without_id: int


@dataclass(frozen=True, slots=True)
class Coupling:
    """`since`: when this condition was noted, None when it has not been yet; `running`: the run at work, or "".

    `lessons`: why no timetable can be read, though people may well be: WebUntis refused the API user it is read as.
    """

    school: School
    status: Status
    since: datetime | None
    last_good: datetime | None
    next: datetime | None
    running: str
    held: Held | None
    discarded: Discarded | None
    counts: Counts
    lessons: Problem | None = None


def read_coupling(app: App, school_id: str) -> Coupling:
    """As it is now; nothing is noted or told. Raises NotFound for an unknown school."""
    paths = [
        school_path(school_id),
        state_path(school_id),
        refusals_path(school_id),
        *(directory_path(school_id, role) for role in Role),
    ]
    documents = app.store.get_many(paths)
    school = school_of(documents.get(school_path(school_id)))
    document = documents.get(state_path(school_id))
    state, now = opened(document), app.now()
    status = assess(school, known(app, school, state), now)
    working = holder(document, now)
    links: Counter[State] = Counter()
    for role in Role:
        directory = open_directory(app, school_id, role, head=documents.get(directory_path(school_id, role)))
        links.update(decision.state for decision in directory.decisions)
    return Coupling(
        school,
        status,
        state.watch.since if state.watch.condition is status.condition else None,
        state.last_good,
        next_due(school, now, app.rules.every),
        working.run if working else "",
        state.held,
        state.discarded,
        Counts(
            links[State.LINKED],
            links[State.REVIEW] + links[State.CONFLICT],
            links[State.NOT_FOUND] + links[State.SUSPENDED],
            sum(state.without_id.values()),
        ),
        api_refusal(school, refused_in(documents.get(refusals_path(school_id)))),
    )
