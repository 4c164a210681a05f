"""A school as this service knows it: its name, its zone, and how it is coupled to WebUntis. No secret is in here."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from shared.domain.people import Role
from shared.values import dataclass


class Attribute(StrEnum):
    """The Profijt field that holds the ID-nummer when a school does not link automatically. Never the BSN."""

    NUMBER = "number"
    ENTREE = "entree"
    ECK_ID = "eck_id"
    UNTIS_ID = "untis_id"
    ABBREVIATION = "abbreviation"


@dataclass(frozen=True, slots=True)
class WebUntisSettings:
    """The seven fields of the manual (the password as the version of a secret), and some that are optional."""

    enabled: bool = False  # Ingeschakeld
    school_name: str = ""  # Schoolnaam
    subdomain: str = ""  # Subdomein
    password_version: str = ""  # Wachtwoord: which version in Secrets; "" when none was given
    auto_link: bool = True  # Automatisch koppelen van gebruikers
    student_attribute: Attribute = Attribute.UNTIS_ID  # Identificerend kenmerk leerling
    teacher_attribute: Attribute = Attribute.UNTIS_ID  # Identificerend kenmerk docent
    tenant_id: str = ""  # found by school search when empty
    client_id: str = ""  # the application's, when the school got one of its own
    auth: Literal["v3", "v1"] = "v3"
    api_user: str = ""  # an ordinary account that reads by JSON-RPC, where the application may not or there is none
    api_password_version: str = ""

    @property
    def attributes(self) -> Mapping[Role, str]:
        return {Role.STUDENT: self.student_attribute.value, Role.TEACHER: self.teacher_attribute.value}

    @property
    def links_by_api(self) -> bool:
        """Whether people, too, are read as the API user: there is no application to do it."""
        return bool(self.api_user and self.api_password_version and not self.password_version)

    @property
    def complete(self) -> bool:
        """Everything a run needs has been filled in."""
        return not self.missing

    @property
    def missing(self) -> str:
        """The fields a run needs that are empty, in the manual's words; "" when it is complete."""
        fields = (
            ("Schoolnaam", self.school_name),
            ("Subdomein", self.subdomain),
            ("Wachtwoord", self.password_version or self.links_by_api),
        )
        return ", ".join(name for name, value in fields if not value)


@dataclass(frozen=True, slots=True)
class Pause:
    """No scheduled runs from `first` up to and including `last`, in the school's zone (the summer roll-over)."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether this day, in the school's zone, is in it."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Notify:
    """Where a change of the coupling's state is told: an https address, a mail address, both or ("") neither.

    `secret_version` is the version, in Secrets, of what the webhook's messages are signed with.
    """

    webhook: str = ""
    email: str = ""
    secret_version: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """WebUntis' platform said that the school ended its access: no calls until it has another password than this."""

    how: Literal["deactivated", "deleted"]
    password_version: str
    since: datetime


@dataclass(frozen=True, slots=True)
class School:
    """`unlocked`: support has opened the WebUntis settings for this school's admins."""

    id: str
    name: str
    zone: str = "Europe/Amsterdam"
    unlocked: bool = False
    webuntis: WebUntisSettings = field(default_factory=WebUntisSettings)
    pause: Pause | None = None
    notify: Notify = field(default_factory=Notify)
    withdrawn: Withdrawn | None = None

    @property
    def stopped(self) -> Literal["", "deactivated", "deleted"]:
        """How WebUntis ended the access, "" when it is open: a newer password, however it came, opens it again."""
        ended = self.withdrawn
        return ended.how if ended and ended.password_version == self.webuntis.password_version else ""
