"""Keeps one word on each system we depend on, noted by every tick, for anybody to read."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime

from shared.domain.run import Run
from shared.domain.upstream import UPSTREAMS, Upstream, Word, is_stale, judge
from shared.errors import Unreachable
from shared.flows.record import decode, encode
from shared.ports import App, Write
from shared.values import dataclass

PATH = "service/upstreams"
DATABASE = "database"  # where the words are kept: whoever reads them knows about it himself


@dataclass(frozen=True, slots=True)
class Words:
    """What was said at `at`, by the name of the system."""

    at: datetime
    upstreams: Mapping[str, Upstream] = field(default_factory=dict)


def note_upstreams(app: App, last: Iterable[Run]) -> None:
    """Judge by the last runs of all schools. Of two ticks at once either may have the last word."""
    now = app.now()
    found = app.store.get(PATH)
    before = decode(found.data, Words).upstreams if found else {}
    app.store.commit([Write(PATH, encode(Words(now, judge(last, before, now))))])


def read_upstreams(app: App) -> dict[str, Upstream]:
    """The word on each system; "unknown" where nothing was said lately, also when the database is down."""
    now = app.now()
    nobody = {name: Upstream(Word.UNKNOWN, now) for name in UPSTREAMS}
    try:
        found = app.store.get(PATH)
    except Unreachable:
        return {DATABASE: Upstream(Word.DOWN, now), **nobody}
    words = decode(found.data, Words) if found else Words(now)
    said = {} if is_stale(words.at, now) else words.upstreams
    return {DATABASE: Upstream(Word.OK, now), **nobody, **said}
