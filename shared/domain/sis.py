"""A school's student information system (SIS; Dutch: LIS) as it is connected: everything but its key and secret."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from shared.domain.gradebook import Category
from shared.values import dataclass


class CategoryMissing(StrEnum):
    """What to do with an item whose category the SIS does not have."""

    DEFAULT = "default"  # it gets the default category, and the preview says so
    STOP = "stop"  # it is not sent, and the preview says why


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found out when connecting. None: cannot be known without writing, or was not asked."""

    writes: bool | None  # what the granted scopes say; None where there are none (signatures)
    categories: tuple[Category, ...] = ()  # of the whole school where the SIS tells those, at most 200
    open_periods: tuple[str, ...] = ()  # titles of those that hold the day of the test


@dataclass(frozen=True, slots=True)
class Sis:
    """The connection as kept. Key and secret are one version of one secret; `generation` rises with every connect and
    disconnect, and whoever writes to the SIS does so only while it is what it was.

    `book` names the ledger: the same for the same SIS, whatever its address looks like (by its org ids), and another
    for another SIS.
    """

    state: Literal["connected", "disconnected"]
    partner: str  # id of a partner
    prefix: str  # as in SisConnection, and so for the next three
    version: Literal["1.1", "1.2"]
    security: Literal["HMAC-SHA1", "HMAC-SHA256", "oauth2"]
    token_url: str
    secret_version: str
    book: str
    orgs: tuple[str, ...]  # ids of its orgs
    org_names: tuple[str, ...]
    capabilities: Capabilities
    generation: int
    since: datetime  # of this state
    by: str  # Profijt user who connected or disconnected
    teachers_export: bool = True  # Docentenrechten
    default_category: str = ""  # id of a category at the SIS; "" none
    category_missing: CategoryMissing = CategoryMissing.DEFAULT
    expires: date | None = None  # when key and secret end, if that is known

    @property
    def connected(self) -> bool:
        return self.state == "connected"
