"""Everything that is stored about one person of a school: told as a whole, and erased as a whole.

Erasing holds the school's lease, so that no run writes a new log meanwhile. The directory goes last, in one commit with
the event that proves it: whatever breaks off before leaves the person in the directory, and a repeat finishes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.domain.people import Decision, Role, User
from shared.domain.run import Entry, Log
from shared.errors import Conflict, NotFound
from shared.flows.ask_google import ended_ways
from shared.flows.audit import audited
from shared.flows.class_privacy import InCourse, InLink, courses_with, links_with, take_out
from shared.flows.directory import Directory, read_directories, repack
from shared.flows.documents import documents
from shared.flows.erasing import ERASED, Trace, blotted_event, clean_decision, clean_log, trace_of, unsigned, widened
from shared.flows.export_privacy import InExport, exports_with, take_out_of_begun, take_out_of_exports
from shared.flows.feeds import Feed, ended_feeds, feed_of
from shared.flows.google_consent import Given, ended_consent, given_by, revoked_as_far_as_can_be
from shared.flows.ledger_privacy import InLedger, lines_with
from shared.flows.linking_state import LinkingState
from shared.flows.packed import commit_packed, pack, read_packed, unpack
from shared.flows.record import decode, encode, from_json, to_json
from shared.flows.record_run import finish_pending
from shared.flows.schools import link_path, read_school, state_path
from shared.flows.sis_interest import Interest, ended_interests, interests_of
from shared.flows.week_privacy import InWeek, take_out_of_weeks, weeks_with
from shared.ports import App, Data, Document, Lease, Write
from shared.values import dataclass

LEASE_SECONDS = 120  # longer than the API's function may take: whoever holds it longer is dead
OWNER = "erasure"  # the same for all: a repeat goes on at once, and two at once fence each other by version
TRIES = 6
BATCH = 200  # writes in one commit
PAGE = 5  # documents of up to 1 MiB
_OTHERS = ("never", "candidates")  # fields of an event that hold other people's ID-nummers


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored about one person. `entries` are the rows of every kept log with the run's id, oldest first;
    `events` are those about him; `acts` is what he did himself: when and what, not to whom."""

    user: User | None
    decision: Decision | None
    link: Data | None
    feed: Feed | None
    entries: tuple[tuple[str, Entry], ...]
    events: tuple[Data, ...]
    acts: tuple[tuple[datetime, str], ...]
    interests: tuple[Interest, ...]
    google: Given | None
    courses: tuple[InCourse, ...]
    class_links: tuple[InLink, ...]
    exports: tuple[InExport, ...]
    ledger: tuple[InLedger, ...]
    weeks: tuple[InWeek, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was removed by this call: directory rows, decisions, link documents, rows in logs (his own, and those
    of WebUntis that name him), audit events made anonymous, remembered answers forgotten, calendar links ended,
    interest forms, consents for Google Classroom, courses, class links, exports and lines of their ledgers that
    knew him, timetable weeks with his ID-nummer."""

    users: int = 0
    decisions: int = 0
    links: int = 0
    log_rows: int = 0
    events: int = 0
    answers: int = 0
    feeds: int = 0
    interests: int = 0
    google: int = 0
    courses: int = 0
    class_links: int = 0
    exports: int = 0
    ledger_lines: int = 0
    weeks: int = 0


def export(app: App, school: str, user: str, *, actor: str) -> Kept:
    """Everything stored about `user`, and the event that it was asked for. Raises NotFound when there is nothing."""
    read_school(app, school)
    directories = read_directories(app, school).values()
    trace = trace_of(user, directories)
    someone = next((each for one in directories for each in one.users if each.id == user), None)
    known = (each for one in directories for each in (*one.decisions, *one.left))
    decision = next((each for each in known if each.user == user), None)
    link = app.store.get(link_path(school, user))
    entries, wanted = [], user.encode()
    for head, value in _logs(app, school):
        if wanted in value and head.data["expire_at"] > app.now():
            log = from_json(value, Log)
            trace = widened(trace, log)
            entries += [(head.id, entry) for entry in log.entries if entry.user == user]
    about = list(documents(app.store, f"schools/{school}/audit", page=100))
    events = [found.data for found in about if found.data["subject"] == user]
    acts = [(found.data["at"], str(found.data["action"])) for found in about if found.data["actor"] == user]
    feed = feed_of(app, school, user)
    interests = interests_of(app, school, user)
    google = given_by(app, school, user)
    courses, class_links = courses_with(app, school, user), links_with(app, school, user)
    exports, ledger = exports_with(app, school, user), lines_with(app, school, user)
    weeks = weeks_with(app, school, _his_keys(trace, directories))
    found = (someone, decision, link, feed, entries, events, acts, interests, courses, class_links, exports, ledger)
    if not any(found) and google == Given(user):  # in no week: whose number stands there is known by one of these
        raise NotFound("person.unknown")
    app.store.commit([audited(app, school, actor=actor, action="person.exported", subject=user, after={})])
    return Kept(
        someone,
        decision,
        link.data if link else None,
        feed,
        tuple(entries),
        tuple(map(_without_others, events)),
        tuple(acts),
        interests,
        google if google != Given(user) else None,
        courses,
        class_links,
        exports,
        ledger,
        weeks,
    )


def erase(app: App, school: str, user: str, *, actor: str) -> Erased:
    """Remove `user` from every collection of the school. May be repeated: then nothing is left to remove.

    Raises NotFound for an unknown school, Conflict "run.busy" while a run is under way.
    """
    read_school(app, school)
    gone: Counter[str] = Counter()  # over all attempts: what a Conflict leaves removed is not found a second time
    for attempt in range(TRIES):
        try:
            return _erase(app, school, user, actor=actor, gone=gone)
        except Conflict as err:
            if err.code == "run.busy" or attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _erase(app: App, school: str, user: str, *, actor: str, gone: Counter[str]) -> Erased:
    lease = app.store.lease(state_path(school), owner=OWNER, now=app.now(), seconds=LEASE_SECONDS)
    if lease is None:
        raise Conflict("run.busy", school=school)
    state = decode(lease.data, LinkingState)
    if state.pending:  # its log is about to be rewritten
        finish_pending(app, school, lease=lease, state=state)
        return _erase(app, school, user, actor=actor, gone=gone)
    directories = read_directories(app, school)
    trace = trace_of(user, directories.values())
    after = {role: _without(directory, trace) for role, directory in directories.items()}
    changed = [role for role, one in directories.items() if after[role] != (one.users, one.decisions, one.left)]
    trace = _clean_logs(app, school, trace, gone)
    _clean_audit(app, school, trace, gone)
    _forget_answers(app, school, trace, gone)
    _clean_signatures(app, school, trace)
    take_out(app, school, user, gone)
    take_out_of_exports(app, school, user, gone)
    take_out_of_weeks(app, school, _his_keys(trace, directories.values()), gone)
    for role in changed:
        _clean_links(app, school, trace, directories[role])
    feeds, interests = ended_feeds(app, school, user), ended_interests(app, school, user)
    revoked_as_far_as_can_be(app, school, user)
    google = ended_consent(app, school, user)
    erased = Erased(
        feeds=len(feeds),
        interests=len(interests),
        google=len(google),
        users=sum(each.id == user for one in directories.values() for each in one.users),
        decisions=sum(each.user == user for one in directories.values() for each in (*one.decisions, *one.left)),
        links=len(app.store.get_many([link_path(school, user)])),
        **gone,
    )
    packed = [
        repack(directories[role], users=users, decisions=decisions, left=left)
        for role, (users, decisions, left) in after.items()
        if role in changed
    ]
    writes = [_ended(lease, trace), *feeds, *interests, *google, *ended_ways(app, school, user)]
    if changed or erased != Erased():
        by, counts = trace.blotted(actor), encode(erased)
        writes.append(Write(link_path(school, user), None))
        writes.append(audited(app, school, actor=by, action="person.erased", subject=ERASED, after=counts))
    commit_packed(app.store, packed, writes)
    take_out_of_begun(app, school, user)
    return erased


def _his_keys(trace: Trace, directories: Iterable[Directory]) -> frozenset[tuple[Role, str]]:
    """His ID-nummers, but none that another has by now: of the weeks nobody can tell whose it was."""
    others = (each for one in directories for each in one.decisions if each.user != trace.user)
    return trace.keys - {(each.role, each.key) for each in others}


def _ended(lease: Lease, trace: Trace) -> Write:
    free = lease.data["lease"] | {"owner": ""}
    return Write(lease.path, unsigned(lease.data, trace) | {"lease": free}, expect=lease.version)


def _without(directory: Directory, trace: Trace) -> tuple[tuple[User, ...], tuple[Decision, ...], tuple[Decision, ...]]:
    def others(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return tuple(clean_decision(each, trace) for each in decisions if each.user != trace.user)

    users = tuple(user for user in directory.users if user.id != trace.user)
    return users, others(directory.decisions), others(directory.left)


def _clean_logs(app: App, school: str, trace: Trace, gone: Counter[str]) -> Trace:
    """Pack every log anew that has a row of his or names him. Returns the trace with what the logs know him by."""
    for head, value in _logs(app, school):
        log = from_json(value, Log)
        trace = widened(trace, log)
        cleaned, rows = clean_log(log, trace)
        if cleaned != log:
            expires = {"expire_at": head.data["expire_at"]}
            commit_packed(app.store, [pack(head.path, to_json(cleaned), expires, replaces=head)])
            gone["log_rows"] += rows
    return trace


def _clean_links(app: App, school: str, trace: Trace, directory: Directory) -> None:
    """The link documents of others, where they show a person that is him or say that he decided."""
    others = [
        link_path(school, each.user)
        for each in directory.decisions
        if each.user != trace.user and clean_decision(each, trace) != each
    ]
    keys = trace.keys_in(directory.decisions)
    writes = []
    for found in app.store.get_many(others).values():
        left = [each for each in found.data["candidates"] if each["key"] not in keys]
        data = found.data | {"candidates": left, "decided_by": trace.blotted(found.data["decided_by"])}
        writes.append(Write(found.path, data, expect=found.version))
    _in_batches(app, writes, Counter(), "")


def _clean_audit(app: App, school: str, trace: Trace, gone: Counter[str]) -> None:
    events = documents(app.store, f"schools/{school}/audit", page=100)
    blotted = [(found, blotted_event(found.data, trace)) for found in events]
    writes = [Write(found.path, data, expect=found.version) for found, data in blotted if data != found.data]
    _in_batches(app, writes, gone, "events")


def _forget_answers(app: App, school: str, trace: Trace, gone: Counter[str]) -> None:
    """Answers kept for repeated requests that show him: a repeat then is told that its answer was not kept."""
    writes = [
        Write(found.path, found.data | {"body": None}, expect=found.version)
        for found in documents(app.store, f"schools/{school}/idempotency", page=PAGE)
        if found.data.get("body") and trace.shows_in(found.data["body"])
    ]
    _in_batches(app, writes, gone, "answers")


def _clean_signatures(app: App, school: str, trace: Trace) -> None:
    """Runs, orders, exports and the SIS that say who asked for them; the state itself is written last."""
    writes = []
    for name in ("runs", "linking", "exports", "sis"):
        for found in documents(app.store, f"schools/{school}/{name}", page=100):
            data = unsigned(found.data, trace)
            if data != found.data and found.path != state_path(school):
                writes.append(Write(found.path, data, expect=found.version))
    _in_batches(app, writes, Counter(), "")


def _in_batches(app: App, writes: list[Write], gone: Counter[str], name: str) -> None:
    for start in range(0, len(writes), BATCH):
        batch = writes[start : start + BATCH]
        app.store.commit(batch)
        gone[name] += len(batch)


def _logs(app: App, school: str) -> Iterator[tuple[Document, bytes]]:
    """Every log that is there, with its head, one at a time."""
    for head in documents(app.store, f"schools/{school}/logs", page=PAGE):
        value = unpack(head)
        if value is None:
            found = read_packed(app.store, head.path)
            if found is None:
                continue
            value, head = found
        yield head, value


def _without_others(event: Data) -> Data:
    def own(data: Data) -> Data:
        return {name: value for name, value in data.items() if name not in _OTHERS}

    told = {name: event[name] for name in ("at", "action")}
    return told | {"before": own(event["before"]), "after": own(event["after"])}
