"""The port to a school's lessons: what the flows may ask of a timetable, and what they may rely on.

Two adapters play it, under one contract suite (`tests/contracts/`): WebUntis' platform API and its JSON-RPC API.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from shared.domain.people import Role
from shared.values import dataclass

if TYPE_CHECKING:  # what handles an API user need not know lessons
    from shared.domain.timetable import Reading, Span


@dataclass(frozen=True, slots=True)
class ApiUser:
    """An ordinary WebUntis account that may read by JSON-RPC, for schools whose platform application may not."""

    school: str  # our id: the key under which sessions are kept apart
    school_name: str  # Schoolnaam
    subdomain: str
    user: str
    password: str = field(repr=False)
    password_version: str  # so that a session dies with its password
    # Entered around each login, which may not be made when entering raises; what the login raises passes through it.
    turn: Callable[[], AbstractContextManager[None]] = field(default=nullcontext, repr=False, compare=False)


class TimetableSource(Protocol):
    """A school's lessons at WebUntis. Made for one connection; logs in on first use.

    A span lies within one week or, for `changes`, several; parts of it outside any school year hold no lessons and are
    no error. Raises what `Roster` raises; NotAuthorized "webuntis.right_missing" with list="timetable" when this
    question may not be asked; Throttled "webuntis.publishing" while the school publishes. Never a part of an answer.
    """

    batch: int  # how many people one question can be about

    def whole(self, span: "Span") -> "Reading":
        """All lessons of the school, with their students where the source tells them."""
        ...

    def sample(self, span: "Span") -> "Reading":
        """Enough of `whole` to show whether it may be asked: of one class and one teacher where each is a question."""
        ...

    def changes(self, span: "Span", since: datetime) -> "Reading | None":
        """What changed or was deleted after `since` (UTC; an overlap is added). None: this source cannot tell."""
        ...

    def of(self, role: Role, keys: Sequence[str], span: "Span") -> "Reading":
        """All lessons of the people with these ID-nummers, at most `batch` of them. Students are in it if they are
        told; whose key is not known to WebUntis is in `unknown_keys`, and the others are not harmed by it."""
        ...
