"""How the systems we depend on are doing, in one word each, judged by what schools' last runs met there.

Nothing is asked for it. No school can be told from it: one school's wrong password or missing right is not trouble of
the system.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from shared.domain.run import UNDER_WAY, Run
from shared.domain.status import ERROR_AFTER, is_actionable
from shared.values import dataclass

UPSTREAMS = ("webuntis", "schoolsearch")  # as in `RemoteError.service`


class Word(StrEnum):
    OK = "ok"  # no school met trouble there
    DISTURBED = "disturbed"  # some did
    DOWN = "down"  # every one did
    UNKNOWN = "unknown"  # nobody has asked for a while


@dataclass(frozen=True, slots=True)
class Upstream:
    """A system's word, and when it was first said."""

    word: Word
    since: datetime


def judge(last: Iterable[Run], before: Mapping[str, Upstream], now: datetime) -> dict[str, Upstream]:
    """The word for each of UPSTREAMS after these last runs, one a school; `before` is what was said until now."""
    recent = [run for run in last if run.outcome not in UNDER_WAY and now - run.finished <= ERROR_AFTER]
    told = {}
    for name in UPSTREAMS:
        word = _word(sum(_met_trouble(run, name) for run in recent), len(recent))
        said = before.get(name)
        told[name] = said if said and said.word is word else Upstream(word, now)
    return told


def is_stale(at: datetime, now: datetime) -> bool:
    """Whether what was said at `at` says nothing of `now` any more."""
    return now - at > ERROR_AFTER


def _word(troubled: int, runs: int) -> Word:
    if not runs:
        return Word.UNKNOWN
    return Word.OK if not troubled else Word.DOWN if troubled == runs else Word.DISTURBED


def _met_trouble(run: Run, upstream: str) -> bool:
    return any(problem.facts.get("service") == upstream and not is_actionable(problem) for problem in run.problems)
