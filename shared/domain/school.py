"""A school as this service knows it: its name, its zone, and how it is coupled to WebUntis. No secret is in here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from shared.domain.people import Role


class Attribute(StrEnum):
    """The Profijt field that holds the ID-nummer when a school does not link automatically. Never the BSN."""

    NUMBER = "number"
    ENTREE = "entree"
    ECK_ID = "eck_id"
    UNTIS_ID = "untis_id"
    ABBREVIATION = "abbreviation"


@dataclass(frozen=True, slots=True)
class WebUntisSettings:
    """The seven fields of the manual (the password as the version of a secret), and two that are optional."""

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

    @property
    def attributes(self) -> Mapping[Role, str]:
        return {Role.STUDENT: self.student_attribute.value, Role.TEACHER: self.teacher_attribute.value}

    @property
    def complete(self) -> bool:
        """Everything a run needs has been filled in."""
        return bool(self.school_name and self.subdomain and self.password_version)


@dataclass(frozen=True, slots=True)
class Pause:
    """No scheduled runs from `first` up to and including `last`, in the school's zone (the summer roll-over)."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Notify:
    """Where a change of the coupling's state is told: an https address, a mail address, both or ("") neither."""

    webhook: str = ""
    email: str = ""


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
