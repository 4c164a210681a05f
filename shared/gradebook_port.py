"""The port to a school's gradebook: what the flows may ask of a SIS, and what they may rely on.

Nothing is believed that was not read back: an answer to a write only says that the SIS did not refuse it.
"""

from collections.abc import Collection
from dataclasses import field
from typing import Literal, Protocol

from shared.domain.gradebook import Category, GradingPeriod, LineItem, Org, Result, SisClass, SisStudent, SisTeacher
from shared.errors import Rejected
from shared.values import dataclass

OneRosterVersion = Literal["1.1", "1.2"]
Security = Literal["HMAC-SHA1", "HMAC-SHA256", "oauth2"]


@dataclass(frozen=True, slots=True)
class SisConnection:
    """Where a school's SIS is and how it lets us in.

    `prefix` is the address up to, and without, "/ims/oneroster": "https://sis.example/api", no slash at the end.
    """

    school: str  # our id: the key under which tokens are kept apart
    prefix: str
    version: OneRosterVersion
    security: Security  # chosen at connect time, never changed by itself
    key: str = field(repr=False)  # Toegangssleutel
    secret: str = field(repr=False)  # Geheime code
    secret_version: str  # so that a token dies with its secret
    token_url: str = ""  # Verificatie-URL, for oauth2; "" looks for it on the same host


class SisRejected(Rejected):
    """A SIS refused. `said` is its own words, at most 300 characters: not to be trusted, to be escaped where it is
    shown to who asked, and never for the log, because it may name a student."""

    def __init__(self, code: str, *, service: str, said: str = "", **facts: str | int) -> None:
        super().__init__(code, service=service, **facts)
        self.said = said


@dataclass(frozen=True, slots=True)
class Kept:
    """An item as read back after it was written. `said`: a warning in the SIS's own words (see SisRejected), or ""."""

    item: LineItem
    said: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A result that the SIS did not refuse. `id`: what the SIS says to call it. `said`: as in Kept."""

    id: str
    said: str = field(default="", repr=False)


class Gradebook(Protocol):
    """A school's SIS. Made for one connection; safe under threads. Lists are whole, without what was deleted, or fail.

    Raises NotAuthorized (oneroster.credentials_refused, .clock_skew, .right_missing), Throttled, Unreachable, and
    SisRejected for what the SIS refuses.
    """

    def login(self) -> str:
        """The token URL that gave access, to be kept in the connection ("" for signatures). Raises unless the SIS
        accepts the key and the secret for a read of its teachers."""
        ...

    def may_write(self) -> bool | None:
        """Whether the rights that came with the last login let us write line items and results; None: it was not told,
        as with signatures."""
        ...

    def orgs(self) -> tuple[Org, ...]: ...

    def any_class(self) -> SisClass | None:
        """One class, to try things on; None when there is none yet."""
        ...

    def teacher(self, email: str) -> SisTeacher:
        """The one teacher with this address, in any case. SisRejected oneroster.teacher_unknown, .teacher_twice."""
        ...

    def classes(self, teacher: SisTeacher) -> tuple[SisClass, ...]:
        """Those this teacher teaches."""
        ...

    def students(self, class_id: str) -> tuple[SisStudent, ...]: ...

    def categories(self, class_id: str) -> tuple[Category, ...]:
        """Those an item of this class may have; every one of the school when the SIS does not tell them apart."""
        ...

    def every_category(self) -> tuple[Category, ...]:
        """All of the school. SisRejected where the SIS gives them by class only."""
        ...

    def grading_periods(self, of: SisClass) -> tuple[GradingPeriod, ...]:
        """Those of the terms of the class; every one of the school when the SIS does not tell them apart."""
        ...

    def line_items(self, class_id: str) -> tuple[LineItem, ...]: ...

    def results(self, item: LineItem) -> tuple[Result, ...]:
        """Every result of this item: the one way to know what a student has."""
        ...

    def put_line_item(self, item: LineItem, *, known: Collection[str]) -> Kept:
        """Makes or replaces the item, and reads it back: what comes back is what the SIS has now, cut titles included,
        and its id may be the SIS's own. `known` are the ids of all items the class had before.

        SisRejected oneroster.not_kept: it is not there, whatever was answered; .deleted_there: it was deleted, and the
        SIS does not revive it; .unsendable: no SIS could take it. Unreachable and Throttled: nobody knows; what was
        read back, if anything could be, is not the item as sent. Never sent twice, unless the SIS was too busy (429).
        """
        ...

    def delete_line_item(self, item: LineItem) -> None:
        """Deletes it, with what is in it; nothing when it is gone already. SisRejected oneroster.not_supported,
        .refused where the SIS does not let go of items. Gone only once `line_items` no longer shows it."""
        ...

    def delete_result(self, result: Result) -> None:
        """As `delete_line_item`, of one result; gone once `results` no longer shows it."""
        ...

    def put_result(self, item: LineItem, result: Result) -> Sent:
        """Makes or replaces the result. It counts only once `results(item)` shows it, also after Unreachable and
        Throttled. Never sent twice, unless the SIS was too busy (429)."""
        ...
