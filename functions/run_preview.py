"""What a run would do now, by all the rules of matching, which no other question about runs needs."""

import msgspec

from functions.route import Answer, Asked, Route
from functions.told import EntryOut, ProblemOut, reader
from shared.flows.plan_run import dry_run
from shared.ports import App


class ChangeOut(msgspec.Struct, frozen=True, rename="camel"):
    """One user whose link would change: from what, and to what and why."""

    state_before: str
    id_number_before: str
    after: EntryOut


class PreviewOut(msgspec.Struct, frozen=True):
    """How a run would end now (done, partial, unchanged, held, failed) and whom it would change; nothing was applied.

    With `outcome` held, the last of `problems` says why.
    """

    outcome: str
    counts: dict[str, int]
    problems: list[ProblemOut]
    changes: list[ChangeOut]


def post_preview(app: App, asked: Asked) -> Answer:
    """What a run would do now."""
    told = reader(app, asked)
    found = dry_run(app, asked.school)
    changes = [
        ChangeOut(entry.before.state if entry.before else "", told.id_number(entry.before), told.entry(entry))
        for entry in found.changes
    ]
    return Answer(PreviewOut(found.outcome, found.counts, [told.problem(each) for each in found.problems], changes))


ROUTES = (
    Route(
        "POST",
        "/v1/schools/{school}/runs/preview",
        post_preview,
        roles=frozenset({"admin"}),
        summary="Wat een synchronisatie nu zou doen, zonder iets te wijzigen / What a run would do, changing nothing",
        answer=PreviewOut,
        problems=("404 school.unknown", "422 settings.incomplete", "request.too_many"),
    ),
)
