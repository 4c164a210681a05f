"""Accepts many proposals at once, and only those that need no looking at: one candidate, and exact evidence now.

Exact means: automatic linking's own rules, with WebUntis' people of this moment, would link this user to this very
candidate. Of what held them back only one thing is set aside by accepting: that earlier more people fitted
(`link.was_refused`). So a missing or double ID-nummer must have been mended, a name or a proven second field must be
equal, and whatever merely resembles is refused, each with its own reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from shared.domain.matching import by_hand
from shared.domain.matching.names import read
from shared.domain.matching.standing import STICKY
from shared.domain.people import Decision, Person, Role, State
from shared.errors import UnsafePlan
from shared.flows.audit import audited
from shared.flows.directory import Directory, read_directories
from shared.flows.link_list import Link, links_of
from shared.flows.packed import commit_packed
from shared.flows.people_now import people_now
from shared.flows.plan_run import check, decide
from shared.flows.read_roster import Reading
from shared.flows.read_runs import read_state
from shared.flows.review_links import Ask
from shared.flows.schools import read_school
from shared.flows.write_links import changed, documents, first_to_write, repacked
from shared.ports import App, Write
from shared.values import dataclass

CHUNK = 200  # users a commit: a link document and an audit event each, of the 500 writes a commit may hold
_LIFTED = "link.was_refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody who was not accepted: a code of causes and its blanks."""

    user: str
    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who is linked by this, who was linked already, and who was refused and why."""

    accepted: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def accept_links(app: App, school: str, users: Sequence[str], *, actor: str) -> Accepted:
    """Link whom it can, in commits of `CHUNK` users; may be repeated: who was linked before is `already`.

    Raises NotFound for an unknown school, what `people_now` raises, UnsafePlan when WebUntis' list is so much shorter
    than last time that a namesake may be missing from it, Conflict when others kept writing.
    """
    read_school(app, school)
    asked = list(dict.fromkeys(users))
    ask = cache(lambda role: people_now(app, school, role))
    done = Accepted()
    for start in range(0, len(asked), CHUNK):
        now = first_to_write(partial(_chunk, app, school, asked[start : start + CHUNK], actor=actor, ask=ask))
        done = Accepted(done.accepted + now.accepted, done.already + now.already, done.refused + now.refused)
    return done


def _chunk(app: App, school: str, users: Sequence[str], *, actor: str, ask: Ask) -> Accepted:
    directories = read_directories(app, school)
    links = {user: link for directory in directories.values() for user, link in links_of(directory).items()}
    already, proposed, refused = [], [], []
    for user in users:
        link = links.get(user)
        if link is None:
            refused.append(Refusal(user, "links.user_unknown"))
        elif link.decision is None:
            refused.append(Refusal(user, "links.not_judged"))
        elif link.decision.state is State.LINKED:
            already.append(user)
        elif link.decision.state in (State.REVIEW, State.CONFLICT) and len(link.decision.candidates) == 1:
            proposed.append(link)
        else:
            refused.append(Refusal(user, link.decision.cause, link.decision.facts))

    writes: list[Write] = []
    accepted: dict[Role, dict[str, Decision | None]] = {}
    for role in sorted({link.user.role for link in proposed}):
        people = {person.id: person for person in ask(role)}
        fresh = _judged(app, directories[role], [link for link in proposed if link.user.role is role], people)
        for link in (link for link in proposed if link.user.role is role):
            now, old = fresh[link.user.id], link.decision
            assert old
            if now.state is not State.LINKED:
                refused.append(Refusal(link.user.id, now.cause, now.facts))
            elif now.person != old.candidates[0].person:
                refused.append(Refusal(link.user.id, "links.candidate_changed"))
            else:
                made = by_hand.link(link.user, people[now.person], old, by=actor, at=app.now().isoformat())
                accepted.setdefault(role, {})[link.user.id] = made
                before, after = changed(link.user, old, made)
                event = audited(
                    app, school, actor=actor, action="link.accepted", subject=link.user.id, before=before, after=after
                )
                writes += [event, *documents(school, {link.user.id: made})]
    if accepted:
        packed = [repacked(directories[role], decisions) for role, decisions in accepted.items()]
        commit_packed(app.store, packed, writes)
    linked = tuple(user for decisions in accepted.values() for user in decisions)
    return Accepted(linked, tuple(already), tuple(refused))


def _judged(
    app: App, directory: Directory, proposed: Sequence[Link], people: Mapping[str, Person]
) -> dict[str, Decision]:
    """What a run would decide now about everybody of this role, if these users' earlier refusals were lifted."""
    school, _ = read_school(app, directory.school)
    lifted = {link.user.id: link.decision for link in proposed if link.decision and link.decision.cause == _LIFTED}
    names = {_letters(decision) for decision in lifted.values()}
    left = tuple(
        decision
        for decision in directory.left
        if decision.cause not in STICKY or decision.state is not State.CONFLICT or _letters(decision) not in names
    )
    standing = tuple(
        replace(decision, state=State.NOT_FOUND, cause="link.not_found") if decision.user in lifted else decision
        for decision in directory.decisions
    )
    role = directory.role
    persons = {role: tuple(people.values())}
    directories = {role: replace(directory, decisions=standing, left=left)}
    plan = decide(school, directories, persons, at=app.now().isoformat())
    before = read_state(app, directory.school).persons
    hold = check(plan, directories, Reading(persons), app.rules.limits, before=before)
    if hold and hold.cause.startswith("hold.list"):
        raise UnsafePlan(hold.cause, **hold.facts)
    return {decision.user: decision for decision in plan.decisions}


def _letters(decision: Decision) -> int:
    return read(decision.user_name).letters
