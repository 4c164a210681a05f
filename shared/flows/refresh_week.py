"""Reads one week of lessons from WebUntis into its snapshot: one at a time, and changes alone when that will do.

Whoever reads is never in the way: the old snapshot stands until the new one takes its place in one commit. A failure
changes nothing but the note of it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.people import State
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.school import School
from shared.domain.timetable import Reading, Span, Week
from shared.domain.week_changes import joined, week_of, with_changes
from shared.errors import Conflict, NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable
from shared.flows.directory import open_directory, read_directories
from shared.flows.lesson_source import lesson_access, lesson_origin, lesson_source
from shared.flows.linking_state import opened
from shared.flows.packed import FIELD, commit_packed, pack
from shared.flows.schools import directory_path, school_of, school_path, state_path
from shared.flows.week_part import WHOLE, Part
from shared.flows.weeks import Failure, Head, head_of, head_path, kept_until, open_week, stored
from shared.ports import App, Data, Document, Lease, Write
from shared.timetable_source import TimetableSource
from shared.values import dataclass

LEASE_SECONDS = 540  # the job's time limit: whoever holds it longer is dead
SOON = 300.0  # seconds: a message is delivered five times in eight minutes, and the next job comes within the hour
RIGHT = ("webuntis.lessons_refused", "webuntis.api_lessons_refused")  # `api_user.told_code`
AROUND = timedelta(weeks=2)  # how far lessons are followed; who went further is found when the week is read whole
ASK_AGAIN = timedelta(hours=24)  # after WebUntis said that we may not, or that it does not know somebody


@dataclass(frozen=True, slots=True)
class Refreshed:
    """`outcome`: "whole" or "changes" were read; "fresh" (nothing had to be), "busy" (another does it), "failed"."""

    outcome: str
    code: str = ""
    lessons: int = 0


def refresh_week(
    app: App, school_id: str, week: IsoWeek, part: Part = WHOLE, *, owner: str, since: datetime | None = None
) -> Refreshed:
    """Bring one snapshot up to date, unless it was read after `since`; `owner` names this attempt.

    Raises NotFound for an unknown school, and Unreachable or Throttled when it may go well soon: the failure has been
    noted by then. Any other failure is noted and returned, for it would only repeat itself.
    """
    path, people = head_path(school_id, week, part), directory_path(school_id, part.role)
    found = app.store.get_many([school_path(school_id), state_path(school_id), path, *([people] if part.id else [])])
    school = school_of(found.get(school_path(school_id)))
    head = head_of(path, found.get(path), lesson_origin(school))
    if since and head.read and head.read > since:
        return Refreshed("fresh")
    asked_lately = head.refused_at and app.now() - head.refused_at < ASK_AGAIN
    if may_not_read(app, school, head) and asked_lately:
        return Refreshed("failed", head.failure.code if head.failure else RIGHT[0])
    lease = app.store.lease(path, owner=owner, now=app.now(), seconds=LEASE_SECONDS)
    if lease is None:
        return Refreshed("busy")
    keys = part.of(_linked(app, school_id, part, found.get(people))) if part.id else ()
    try:
        old = _old(app, head_of(path, _claimed(lease), lesson_origin(school)))
        if old and not part.id and _relinked(app, school_id, old.whole):
            old = None
        with lesson_source(app, school, opened(found.get(state_path(school_id)))) as source:
            new = _read(app, source, week, week.span(ZoneInfo(school.zone)), part=part, keys=keys, old=old)
    except ProfijtError as err:
        _note(app, lease, school, week, err)
        if isinstance(err, Unreachable) or (isinstance(err, Throttled) and (err.retry_after or 0.0) <= SOON):
            raise
        return Refreshed("failed", err.code)
    try:
        _keep(app, lease, school, week, new, unchanged=old is not None and stored(old) == stored(new))
    except Conflict:  # it took so long that another took over
        return Refreshed("busy")
    return Refreshed("changes" if old and new.whole == old.whole else "whole", lessons=len(new.lessons))


def may_not_read(app: App, school: School, head: Head) -> bool:
    """Whether WebUntis last said that this access may not see these lessons, however long ago: until it says otherwise,
    or another access is tried. Of the whole school it means that readers go by their parts."""
    return bool(head.refused) and head.refused == lesson_access(app, school)


def _old(app: App, head: Head) -> Week | None:
    """The snapshot to go on from; one that is damaged is read anew."""
    try:
        return open_week(app, head)
    except Rejected as err:
        if err.code != "store.damaged":
            raise
        return None


def _linked(app: App, school: str, part: Part, head: Document | None) -> list[str]:
    """The ID-nummers of everyone of the part's role who is linked."""
    directory = open_directory(app, school, part.role, head=head)
    return [each.key for each in directory.decisions if each.state is State.LINKED and each.key]


def _relinked(app: App, school: str, since: datetime) -> bool:
    """Whether anybody was linked since, perhaps by an ID-nummer that is new or was another's: whose lessons those are
    now is told by a whole reading only."""
    linked = (
        each.since
        for directory in read_directories(app, school).values()
        for each in directory.decisions
        if each.state is State.LINKED and each.since
    )
    return any(datetime.fromisoformat(at) > since for at in linked)


def _read(
    app: App,
    source: TimetableSource,
    week: IsoWeek,
    span: Span,
    *,
    part: Part,
    keys: Sequence[str],
    old: Week | None,
) -> Week:
    if part.id:
        return _read_part(source, week, span, part=part, keys=keys, old=old, now=app.now())
    changes = None
    if old and app.now() - old.whole < app.rules.freshness.whole:
        try:
            # Wider than the week: a lesson that was put elsewhere without a trace here tells so by its new time.
            changes = source.changes(Span(span.start - AROUND, span.end + AROUND), old.read)
        except NotAuthorized as err:
            if err.code != "webuntis.right_missing":
                raise  # what changed may not be asked; the whole may
    # A change that cannot be read would leave the lesson as it was, unmarked.
    if old and changes and not changes.unreadable and not _renumbered(old, changes):
        return with_changes(old, changes)
    return week_of(week.name, source.whole(span))


def _read_part(
    source: TimetableSource,
    week: IsoWeek,
    span: Span,
    *,
    part: Part,
    keys: Sequence[str],
    old: Week | None,
    now: datetime,
) -> Week:
    """The lessons of these people. Whom WebUntis does not know takes many questions to find: he is asked about once a
    day, or when he has another ID-nummer."""
    unknown = {key: at for key, at in (old.unknown if old else ()) if key in keys and now - at < ASK_AGAIN}
    asked = [key for key in keys if key not in unknown]
    batches = [asked[at : at + source.batch] for at in range(0, len(asked), source.batch)]
    readings = [source.of(part.role, some, span) for some in batches]
    if not readings:
        readings = [Reading(now, grid=old.grid, year=old.year, holidays=old.holidays) if old else Reading(now)]
    reading = joined(readings)
    unknown |= dict.fromkeys(reading.unknown_keys, reading.asked)
    return replace(week_of(week.name, reading, people=tuple(keys)), unknown=tuple(sorted(unknown.items())))


def _renumbered(old: Week, changes: Reading) -> bool:
    """Whether somebody or something has another external key than before: changes do not tell who else has."""
    keys = {(each.kind, each.id): each.key for each in old.elements}
    return any(keys.get((each.kind, each.id), each.key) != each.key for each in changes.elements)


def _keep(app: App, lease: Lease, school: School, week: IsoWeek, new: Week, *, unchanged: bool) -> None:
    """Put the snapshot in place, or only say that it still holds; ends the lease. Raises Conflict when it was lost."""
    fields: Data = {
        "origin": lesson_origin(school).place,
        "tenant": lesson_origin(school).tenant,
        "read": new.read,
        "whole": new.whole,
        "expire_at": kept_until(app.rules.keep, week, app.now()),
        "lease": lease.data["lease"] | {"owner": ""},
    }
    if unchanged:
        fields[FIELD] = lease.data[FIELD]
        app.store.commit([Write(lease.path, fields, expect=lease.version)])
        return
    commit_packed(app.store, [pack(lease.path, stored(new), fields, replaces=_claimed(lease), inline=0)])


def _note(app: App, lease: Lease, school: School, week: IsoWeek, err: ProfijtError) -> None:
    """Write down why it failed, for those who look; ends the lease."""
    failure = Failure(err.code, app.now(), lesson_access(app, school), err.facts)
    ended: Data = {"failure": asdict(failure), "lease": lease.data["lease"] | {"owner": ""}}
    ended["expire_at"] = kept_until(app.rules.keep, week, app.now())
    if err.code in RIGHT:
        ended |= {"refused": failure.access, "refused_at": failure.at}
    with suppress(Conflict):  # another took over: it has its own end to tell
        app.store.commit([Write(lease.path, lease.data | ended, expect=lease.version)])


def _claimed(lease: Lease) -> Document:
    return Document(lease.path, lease.data, lease.version)
