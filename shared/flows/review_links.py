"""One user's link as a person decides it: linked by hand, linked to nobody, never to this one, or given back.

A decision counts for what the person saw: `seen` is asked before anything is written, again after each lost race. It
stands in every later run and under every setting, until a person decides otherwise.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from shared.domain.matching import by_hand
from shared.domain.matching.second_field import cleaned
from shared.domain.people import Decision, Person, Role, State
from shared.errors import Conflict, Invalid
from shared.flows.audit import audited
from shared.flows.directory import Directory, read_directories
from shared.flows.link_list import Link, find_link
from shared.flows.people_now import people_now
from shared.flows.write_links import changed, first_to_write, keep
from shared.ports import App
from shared.values import dataclass

Ask = Callable[[Role], Sequence[Person]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided: link to `key`, link to nobody, or never to `key`."""

    kind: Literal["link", "exclude", "never"]
    key: str
    reason: str


def decide_link(
    app: App, school: str, user: str, verdict: Verdict | None, *, actor: str, seen: Callable[[Link], None]
) -> Link:
    """Make this true of this user, or (None) give the user back to automatic linking; returns the link as it is now.

    Raises NotFound for an unknown user, what `seen` raises, Invalid or Conflict "links.…" when the ID-nummer cannot be
    this user's, what `people_now` raises (asked only for an ID-nummer that must be looked up), and Conflict when others
    kept writing.
    """
    ask = cache(lambda role: people_now(app, school, role))

    def once() -> Link:
        directory, link = find_link(read_directories(app, school), user)
        seen(link)
        decision, leavers = _decided(directory, link, verdict, actor=actor, at=app.now().isoformat(), ask=ask)
        if decision == link.decision:
            return link
        before, after = changed(link.user, link.decision, decision)
        if verdict and verdict.reason:
            after["reden"] = verdict.reason
        action = f"link.{verdict.kind}" if verdict else "link.released"
        event = audited(app, school, actor=actor, action=action, subject=user, before=before, after=after)
        keep(app, directory, {user: decision, **dict.fromkeys(leavers)}, also=[event])
        return Link(link.user, decision)

    return first_to_write(once)


def _decided(
    directory: Directory,
    link: Link,
    verdict: Verdict | None,
    *,
    actor: str,
    at: str,
    ask: Ask,
) -> tuple[Decision | None, list[str]]:
    """The new decision, and users who left Profijt whose hold on the ID-nummer ends with it."""
    user, old = link.user, link.decision
    if verdict is None:
        return (None if old and (old.by == "person" or old.never) else old), []
    if verdict.kind == "exclude":
        return by_hand.exclude(user, old, by=actor, at=at, reason=verdict.reason), []
    if verdict.kind == "never":
        key, record = _known(old, verdict.key) or _found(the_person(ask(user.role), verdict.key))
        return by_hand.rule_out(user, old, key, record, by=actor, at=at, reason=verdict.reason), []
    person = the_person(ask(user.role), verdict.key)
    leavers = free(directory, person.key, user.id)
    return by_hand.link(user, person, old, by=actor, at=at, reason=verdict.reason), leavers


def _known(old: Decision | None, key: str) -> tuple[str, str] | None:
    """The ID-nummer and record of whoever this decision already names, so that WebUntis need not be asked."""
    if old is None or not key:
        return None
    named = [(old.key, old.person), *((each.key, each.person) for each in old.candidates)]
    return next((each for each in named if each[0] == key), (key, "") if key in old.never else None)


def _found(person: Person) -> tuple[str, str]:
    return person.key, person.id


def the_person(people: Sequence[Person], key: str) -> Person:
    """The one person with this ID-nummer. Raises Invalid "links.id_number_missing", "…_unknown" or "…_double"."""
    wanted = cleaned(key)
    if not wanted:
        raise Invalid("links.id_number_missing")
    found = [person for person in people if cleaned(person.key) == wanted]
    if not found:
        raise Invalid("links.id_number_unknown")
    if len(found) > 1:
        raise Invalid("links.id_number_double", count=len(found))
    return found[0]


def free(directory: Directory, key: str, user: str) -> list[str]:
    """The users who left Profijt and still hold this ID-nummer; raises Conflict when somebody who is there has it.

    Their hold ends: else both would be suspended when they come back.

    A suspended automatic link does not count: the person's decision goes before it, and the next run says so.
    """
    present = {each.id for each in directory.users}
    leavers = []
    for decision in (*directory.decisions, *directory.left):
        if decision.key != key or decision.user == user or decision.state not in (State.LINKED, State.SUSPENDED):
            continue
        if decision.user not in present:
            leavers.append(decision.user)
        elif decision.state is State.LINKED or decision.by == "person":
            raise Conflict("links.id_number_taken", user=decision.user)
    return leavers
