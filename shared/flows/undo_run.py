"""Undoes one run: whoever's link it made, moved or took has the link of before again, as a person's decision.

So the next run does not simply do it again: a link that comes back is by hand, and a link the run made is ruled out
for that user (`never`). A run that found the ID-nummer gone from WebUntis will suspend even a link by hand; it resumes
with the same ID-nummer. What a person decided after the run stays. May be repeated: then nothing changes.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from shared.domain.matching import by_hand
from shared.domain.people import Decision, Role, State
from shared.domain.run import Entry, Outcome
from shared.errors import Conflict
from shared.flows.audit import audited
from shared.flows.directory import Directory, read_directories
from shared.flows.link_list import Link, links_of
from shared.flows.packed import commit_packed
from shared.flows.read_runs import read_run
from shared.flows.record_run import read_log
from shared.flows.write_links import changed, documents, first_to_write, repacked
from shared.ports import App, Write
from shared.values import dataclass

LINKS = ("linked", "relinked", "lost", "gone")  # the changes of a run that concern a link
ROOM = 400  # writes beside the directories in the one commit; what is more (copies, a line per user) follows it


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody whose link could not be put back: a code of causes and its blanks."""

    user: str
    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """User ids: put back, kept because a person decided later, as before the run already; and who could not be."""

    run: str
    put_back: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    failed: tuple[Left, ...] = ()


def undo_run(app: App, school: str, run: str, *, actor: str) -> Undone:
    """Put the links of before this run back; "latest" is the last run.

    Raises NotFound for an unknown run, Conflict "undo.nothing_applied" for one that changed nothing, "undo.log_gone"
    when its log is no longer kept, and a Conflict when others kept writing.
    """
    record = read_run(app, school, run)
    if record.outcome not in (Outcome.DONE, Outcome.PARTIAL) or record.same_as:
        raise Conflict("undo.nothing_applied")
    log = read_log(app, school, record.id)
    if log is None:
        raise Conflict("undo.log_gone")
    entries = [entry for entry in log.entries if entry.change in LINKS]
    return first_to_write(partial(_once, app, school, record.id, entries, actor=actor))


def _once(app: App, school: str, run: str, entries: Iterable[Entry], *, actor: str) -> Undone:
    directories = read_directories(app, school)
    links = {role: links_of(directory) for role, directory in directories.items()}
    at = app.now().isoformat()
    planned: dict[tuple[Role, str], Decision] = {}
    kept, already, failed = [], [], []
    for entry in entries:
        role = entry.decision.role
        link = links[role].get(entry.user)
        if link is None:
            failed.append(Left(entry.user, "undo.user_gone"))
        elif _is_as_before(entry, link.decision):
            already.append(entry.user)
        elif _decided_later(entry, link.decision):
            kept.append(entry.user)
        else:
            made = None if entry.change == "gone" else entry.decision
            planned[role, entry.user] = by_hand.put_back(
                link.user, before=entry.before, made=made, now=link.decision, by=actor, at=at
            )
    failed += _drop_taken(planned, directories)
    undone = Undone(run, tuple(user for _, user in planned), tuple(kept), tuple(already), tuple(failed))
    if planned:
        _write(app, directories, links, planned, undone=undone, actor=actor)
    # A link document that an earlier, broken-off undo did not come to write.
    standing = {user: link.decision for known in links.values() for user, link in known.items() if link.decision}
    app.store.write_many(documents(school, {user: standing[user] for user in already if user in standing}))
    return undone


def _write(
    app: App,
    directories: Mapping[Role, Directory],
    links: Mapping[Role, Mapping[str, Link]],
    planned: Mapping[tuple[Role, str], Decision],
    *,
    undone: Undone,
    actor: str,
) -> None:
    school = directories[Role.STUDENT].school
    counts = {
        "teruggezet": len(undone.put_back),
        "later besloten": len(undone.kept),
        "niet gelukt": len(undone.failed),
    }
    event = audited(app, school, actor=actor, action="run.undone", subject=undone.run, after=counts)
    copies: list[Write] = []
    for (role, user), decision in planned.items():
        link = links[role][user]
        before, after = changed(link.user, link.decision, decision)
        after["synchronisatie"] = undone.run
        line = audited(app, school, actor=actor, action="link.put_back", subject=user, before=before, after=after)
        copies += [*documents(school, {user: decision}), line]
    packed = [
        repacked(directories[role], {user: decision for (of, user), decision in planned.items() if of is role})
        for role in sorted({role for role, _ in planned})
    ]
    commit_packed(app.store, packed, [event, *copies[:ROOM]])
    app.store.write_many(copies[ROOM:])


def _is_as_before(entry: Entry, now: Decision | None) -> bool:
    """Whether nothing of what the run did to this link is left."""
    before = entry.before
    if before and before.state is State.LINKED:
        return now is not None and now.state is State.LINKED and now.key == before.key
    if before and entry.change == "gone":  # no link went with the user, but perhaps what a person had decided
        if before.by == "person":
            return now is not None and (now.by, now.state) == (before.by, before.state)
        return set(before.never) <= set(now.never if now else ())
    return now is None or now.key != entry.decision.key


def _decided_later(entry: Entry, now: Decision | None) -> bool:
    """Whether a person decided about this user after the run. A run that suspends a link by hand also dates it."""
    return now is not None and now.by == "person" and now.since > entry.decision.since


def _drop_taken(planned: dict[tuple[Role, str], Decision], directories: Mapping[Role, Directory]) -> list[Left]:
    """Take out whoever's link of before is somebody else's by now; what stays instead may be in another's way."""
    failed: list[Left] = []
    while True:
        holders = {
            (role, decision.key): decision.user
            for role, directory in directories.items()
            for decision in directory.decisions
            if (role, decision.user) not in planned
            and (decision.state is State.LINKED or (decision.state is State.SUSPENDED and decision.by == "person"))
        }
        taken = {
            place: holders[place[0], decision.key]
            for place, decision in planned.items()
            if decision.state is State.LINKED and (place[0], decision.key) in holders
        }
        if not taken:
            return failed
        for place, holder in taken.items():
            del planned[place]
            failed.append(Left(place[1], "links.id_number_taken", (("user", holder),)))
