"""How one person is taken out of values that are about others too: logs, decisions, audit events. Pure.

A WebUntis person counts as him when his link pointed to that record, or when it bears his name in his role; a key that
somebody ruled out for another user (`never`) stays, because without it a run could make the link a person forbade.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from shared.domain.people import Decision, Role, State
from shared.domain.run import Entry, Log, full_name
from shared.flows.directory import Directory
from shared.flows.record import to_json
from shared.ports import Data
from shared.values import dataclass

ERASED = "gewist"  # stands where an erased person's id stood
_SIGNED = frozenset({"by", "discarded_by", "decided_by"})  # fields of runs and orders that hold who acted


@dataclass(frozen=True, slots=True)
class Trace:
    """By what one person is recognised: his id, his names as sets of words, the records and keys he was linked to."""

    user: str
    names: frozenset[frozenset[str]] = frozenset()
    texts: frozenset[str] = frozenset()  # his id and names as they stand in texts
    records: frozenset[tuple[Role, str]] = frozenset()
    keys: frozenset[tuple[Role, str]] = frozenset()

    def is_him(self, role: Role, *, record: str, key: str, name: str) -> bool:
        """Whether this WebUntis person is he."""
        return (role, record) in self.records or (role, key) in self.keys or _words(name) in self.names

    def keys_in(self, decisions: Iterable[Decision]) -> frozenset[str]:
        """The keys under which others' candidates are he."""
        shown = ((each.role, found) for each in decisions for found in each.candidates)
        return frozenset(
            found.key for role, found in shown if self.is_him(role, record=found.person, key=found.key, name=found.name)
        )

    def blotted(self, identifier: str) -> str:
        return ERASED if identifier == self.user else identifier

    def shows_in(self, body: bytes) -> bool:
        """Whether this answer holds his id or a name of his."""
        return any(to_json(text)[1:-1] in body for text in self.texts)


def trace_of(user: str, directories: Iterable[Directory]) -> Trace:
    """What the directories know him by."""
    trace = Trace(user, texts=frozenset({user}))
    for directory in directories:
        for someone in directory.users:
            if someone.id == user:
                trace = _with(trace, full_name(someone), None)
                trace = _with(trace, f"{someone.first_name} {someone.last_name}", None)
        for decision in (*directory.left, *directory.decisions):
            if decision.user == user:
                trace = _with(trace, "", decision)
    return trace


def widened(trace: Trace, log: Log) -> Trace:
    """The trace with what his own rows in this log know him by."""
    for entry in log.entries:
        if entry.user == trace.user:
            trace = _with(_with(trace, entry.name, entry.decision), "", entry.before)
    return trace


def clean_log(log: Log, trace: Trace) -> tuple[Log, int]:
    """The log without him, and how many rows of it were his."""
    entries = tuple(_clean_entry(entry, trace) for entry in log.entries if entry.user != trace.user)
    oddities = tuple(
        each for each in log.oddities if not trace.is_him(each.role, record="", key=each.key, name=each.name)
    )
    gone = len(log.entries) - len(entries) + len(log.oddities) - len(oddities)
    return Log(entries, oddities), gone


def clean_decision(decision: Decision, trace: Trace) -> Decision:
    """Another user's decision without him among the candidates, or as the one who decided."""
    left = tuple(
        found
        for found in decision.candidates
        if not trace.is_him(decision.role, record=found.person, key=found.key, name=found.name)
    )
    if len(left) == len(decision.candidates) and decision.decided_by != trace.user:
        return decision
    return replace(decision, candidates=left, decided_by=trace.blotted(decision.decided_by))


def blotted_event(event: Data, trace: Trace) -> Data:
    """An audit event that does not tell it was he; of one about him only when and what is left."""
    about = event["subject"] == trace.user
    return event | {
        "actor": trace.blotted(event["actor"]),
        "subject": trace.blotted(event["subject"]),
        "before": {} if about else _blotted(event["before"], trace.texts),
        "after": {} if about else _blotted(event["after"], trace.texts),
    }


def unsigned(data: Data, trace: Trace) -> Data:
    """Document data in which it no longer stands that it was he who asked or decided."""

    def plain(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return unsigned(value, trace)
        if isinstance(value, list):
            return [plain(name, each) for each in value]
        return ERASED if name in _SIGNED and value == trace.user else value

    return {name: plain(name, value) for name, value in data.items()}


def _clean_entry(entry: Entry, trace: Trace) -> Entry:
    decision = clean_decision(entry.decision, trace)
    before = clean_decision(entry.before, trace) if entry.before else None
    if decision is entry.decision and before is entry.before:
        return entry
    return replace(entry, decision=decision, before=before)


def _with(trace: Trace, name: str, decision: Decision | None) -> Trace:
    names = {name.strip()} - {""}
    texts = frozenset(names)
    records, keys = set[tuple[Role, str]](), set[tuple[Role, str]]()
    if decision:
        role = decision.role
        if decision.state in (State.LINKED, State.SUSPENDED):
            names |= {decision.person_name} - {""}
            texts |= {each.user for each in decision.compared if each.field == "name"}
            records |= {(role, decision.person)} if decision.person else set()
            keys |= {(role, decision.key)} if decision.key else set()
        elif len(decision.candidates) == 1 and decision.cause == "link.no_id_number":
            records |= {(role, decision.candidates[0].person)}
    return Trace(
        trace.user,
        trace.names | {_words(each) for each in names},
        trace.texts | texts,
        trace.records | records,
        trace.keys | keys,
    )


def _words(name: str) -> frozenset[str]:
    return frozenset(name.casefold().replace(",", " ").replace("|", " ").split())


def _blotted(value: Any, texts: frozenset[str]) -> Any:
    """The same value with every text that is one of `texts` blotted out, keys of maps too."""
    if isinstance(value, dict):
        return {_blotted(name, texts): _blotted(each, texts) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_blotted(each, texts) for each in value]
    return ERASED if isinstance(value, str) and value in texts else value
