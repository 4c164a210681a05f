"""What WebUntis' platform tells about a school's access, and whether that is news: the vendor's messages carry no time.

So a credential that was heard before never comes back: of two, the one received last holds. What stops a coupling has
the same words each time a school does it, so there only a repetition shortly after is a redelivery.
"""

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from shared.values import dataclass

REDELIVERY = timedelta(hours=1)  # how long a sender that missed our answer may go on repeating itself


class Kind(StrEnum):
    CREATED = "CREATED"
    REACTIVATED = "REACTIVATED"
    RESET = "RESET"
    DEACTIVATION = "DEACTIVATION"
    DELETION = "DELETION"

    @property
    def stops(self) -> bool:
        """The school withdrew its access; the others bring a credential."""
        return self in (Kind.DEACTIVATION, Kind.DELETION)


@dataclass(frozen=True, slots=True)
class PlatformEvent:
    """One signed message, without the persons in it. `digest` is of the body: the same body is the same message."""

    kind: Kind
    tenant_id: str
    digest: str
    client_id: str = ""
    password: str = field(default="", repr=False)
    subdomain: str = ""  # of the school's server, "" when it does not say
    school_name: str = ""  # Schoolnaam; version 1 only
    reason: str = ""  # reasonType, an English word of theirs


@dataclass(frozen=True, slots=True)
class Tenant:
    """A school at WebUntis and the one school here that it belongs to ("": nobody's yet). No person, no secret.

    `proof` says why it is this school's: it logged in there with its own password, or support said so. `waiting` is the
    version of a secret that waits for its school until `waits_until`. `asked` are the schools whose admin wants it.
    """

    id: str
    school: str = ""
    proof: Literal["", "login", "support"] = ""
    status: Literal["", "active", "deactivated", "deleted"] = ""  # "" when WebUntis has told nothing yet
    current: str = ""  # digest of the credential received last
    client_id: str = ""
    subdomain: str = ""
    school_name: str = ""
    since: datetime | None = None
    waiting: str = ""
    waits_until: datetime | None = None
    asked: tuple[str, ...] = ()


def is_news(event: PlatformEvent, tenant: Tenant, *, heard: datetime | None, now: datetime) -> bool:
    """Whether to act on it; `heard` is when the same body was last acted on, None for never."""
    if heard is None:
        return True
    if now - heard < REDELIVERY:
        return False
    if event.kind is Kind.DEACTIVATION:
        return tenant.status == "active"
    if event.kind is Kind.DELETION:
        return tenant.status != "deleted"
    # A school that comes back may be given the password it had, in the very same words.
    return event.kind is Kind.REACTIVATED and event.digest == tenant.current and tenant.status == "deactivated"
