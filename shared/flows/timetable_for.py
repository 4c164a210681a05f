"""What one caller may see of some weeks: the whole school for its admins, oneself for everybody else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

from shared.domain.people import Role, State
from shared.domain.planner.iso_week import IsoWeek
from shared.domain.planner.own import own, untold
from shared.domain.school import School
from shared.domain.timetable import Week
from shared.domain.week_changes import united
from shared.errors import Throttled
from shared.flows.keep_subjects import Subjects, subjects_of
from shared.flows.lesson_source import reads_alone
from shared.flows.read_week import Found, find_weeks, order_again, patience, whole_may_be_read
from shared.flows.recent import recent
from shared.flows.schools import link_path, school_of, school_path, subjects_path
from shared.flows.week_part import WHOLE, part_of, parts_of_school
from shared.flows.weeks import head_path, open_week
from shared.ports import App, Document
from shared.values import dataclass

Whose = Literal["school", "own"]


def is_decided_after(by: str, since: str, moment: datetime) -> bool:
    """Whether a person, and not a run, decided so after this moment."""
    return by == "person" and since != "" and datetime.fromisoformat(since) > moment


@dataclass(frozen=True, slots=True)
class Link:
    """How a user stands in WebUntis, and `since` when (`by`). `state` is "" for somebody no run has seen."""

    state: str = ""
    role: Role = Role.STUDENT
    key: str = ""
    by: str = ""
    since: str = ""

    def is_in(self, week: Week) -> bool:
        """Whether the week tells this user's lessons: not when it was asked of others only, or is from before a person
        said who this is, for then the ID-nummer may have been another's."""
        known = week.people is None or self.key in week.people
        return known and not is_decided_after(self.by, self.since, week.whole)


@dataclass(frozen=True)
class Sight:
    """What is there for the caller, not opened yet. `link` None: he sees the whole school.

    `found` is empty for somebody who is not linked: he sees nothing, and `link` tells why.
    """

    school: School
    link: Link | None
    subjects: Subjects
    found: tuple[Found, ...]

    @cached_property
    def mark(self) -> str:
        """The same as long as nothing that can be seen has changed."""
        link, school = self.link, self.school
        who = (str(link.state), str(link.role), link.key, link.since) if link else ()
        # repr, because it keeps what an ID-nummer holds apart from what stands beside it
        whose = (school.id, school.name, school.zone, school.webuntis.enabled, who, self.subjects.version)
        return repr((whose, [each.mark for each in self.found]))


@dataclass(frozen=True, slots=True)
class Weeks:
    """`shown`, in order: only the lessons the caller may see. `around`, by name, is what the other side of a move of
    these is looked up in, and nothing else."""

    shown: tuple[Week, ...]
    around: Mapping[str, Week]


def sight(app: App, school_id: str, user: str, weeks: Sequence[IsoWeek], whose: Whose, *, wait: bool = True) -> Sight:
    """What `user` may see of these weeks. One round trip when the snapshots are there and the whole school may be read,
    none when this instance read it all just now; who asks again meanwhile gets the same.

    Of several weeks that were never read those are there that could be read in time; `wait` False: none is waited for.
    Raises NotFound for an unknown school, Throttled "timetable.being_read" when all there could be is being read.
    """
    heads = [head_path(school_id, week, WHOLE) for week in weeks]
    paths = [school_path(school_id), subjects_path(school_id), link_path(school_id, user), *heads]
    found = recent.get_many(app.store, paths, app.rules.freshness.remembered)

    def look() -> Sight:
        school, subjects = _of_school(found, school_id)
        link = link_in(found.get(link_path(school_id, user))) if whose == "own" else None
        return _looked(app, school, subjects, link, weeks=weeks, found=found, wait=wait)

    return recent.made((whose, wait, *paths), [*map(found.get, paths)], look)


def _of_school(found: Mapping[str, Document], school_id: str) -> tuple[School, Subjects]:
    """What is the same for everybody at the school."""
    kept, colours = found.get(school_path(school_id)), found.get(subjects_path(school_id))
    return recent.made(("school", school_id), [kept, colours], lambda: (school_of(kept), subjects_of(colours)))


def _looked(
    app: App,
    school: School,
    subjects: Subjects,
    link: Link | None,
    *,
    weeks: Sequence[IsoWeek],
    found: Mapping[str, Document],
    wait: bool,
) -> Sight:
    if not school.webuntis.enabled or (link and not (link.state == State.LINKED and link.key)):
        return Sight(school, link, subjects, ())
    alone, until = reads_alone(school), patience(app) if wait else 0.0
    if link and link.role is Role.STUDENT and alone:  # this source does not say who is in a lesson
        own = part_of(link.role, link.key, alone=True)
        return Sight(school, link, subjects, _there(find_weeks(app, school, weeks, own, until=until)))
    whole = find_weeks(app, school, weeks, WHOLE, until=until, documents=found)
    if whole_may_be_read(app, school, whole):
        return Sight(school, link, subjects, _there(whole))
    parts = [part_of(link.role, link.key, alone=alone)] if link else parts_of_school()
    by_part = [find_weeks(app, school, weeks, part, until=until) for part in parts]
    return Sight(school, link, subjects, _there(tuple(each for one in by_part for each in one)))


def _there(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """These, if there is anything to answer with, or nothing that is worth coming back for in a moment."""
    if any(each.busy for each in found) and not any(each.read for each in found):
        raise Throttled("timetable.being_read", service="webuntis", retry_after=2)
    return found


def untold_in(seen: Sight, weeks: Weeks, name: str) -> int:
    """How many lessons of this week may be the caller's for all that anybody told; 0 for who is no student."""
    around = weeks.around.get(name)
    return untold(around, seen.link.role) if around and seen.link else 0


def link_in(document: Document | None) -> Link:
    """The link in its document."""
    if document is None:
        return Link()
    data = document.data
    return Link(data["state"], Role(data["role"]), data["key"], data.get("by", ""), data.get("since", ""))


def seen_weeks(app: App, seen: Sight) -> Weeks:
    """The weeks of this sight that are there. One that was read before the caller was linked is not: it is ordered
    anew, for what is missing from it is not the same as nothing, and what is in it may be another's."""
    by_name: dict[str, list[Week]] = {}
    for found in seen.found:
        week = open_week(app, found.head)
        if week is None:
            continue
        if seen.link and not seen.link.is_in(week):
            order_again(app, seen.school, found)
        else:
            by_name.setdefault(week.name, []).append(week)
    weeks = tuple(united(parts) for _, parts in sorted(by_name.items()))
    link = seen.link
    shown = weeks if link is None else tuple(own(week, link.role, link.key) for week in weeks)
    return Weeks(shown, {week.name: week for week in weeks})
