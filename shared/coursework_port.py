"""The port to where coursework and grades come from: what the flows may ask for one teacher, and may rely on."""

from dataclasses import field
from typing import Protocol

from shared.domain.coursework import Course, Gradings
from shared.values import dataclass

CLASSROOM, PROFIJT = "classroom", "profijt"

# What of Classroom has to be allowed, as Google names it behind "…/auth/classroom."
RIGHTS = ("courses.readonly", "rosters.readonly", "profile.emails", "coursework.students.readonly")


@dataclass(frozen=True, slots=True)
class ClassroomAccess:
    """Whose Classroom is read, and by which right: a `refresh_token` this person gave, or ("") the school's
    domain-wide delegation to our service account, in this person's name."""

    school: str  # our id: the key under which tokens are kept apart
    email: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    version: str = ""  # of the secret that holds it, so that a cached token dies with it
    zone: str = "Europe/Amsterdam"  # the school's: the day of a grade is told in it


class Coursework(Protocol):
    """One teacher's courses at one source. Lists are whole, or fail. Safe under threads.

    Raises NotAuthorized (classroom.consent_ended, .right_missing, .api_off), Throttled, Unreachable, Rejected.
    """

    def courses(self) -> tuple[Course, ...]:
        """Those that run and that this person teaches, by name."""
        ...

    def gradings(self, course: str) -> Gradings:
        """Students, published works and final grades, now. Drafts of works and of grades are not in it.

        NotFound "course.unknown" for a course that is not this person's, whoever's it is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Consent:
    """What came back of a consent: the token to keep, whose it is, and the rights that were really given."""

    refresh_token: str = field(repr=False)
    email: str = field(repr=False)
    scopes: frozenset[str]


class ConsentDesk(Protocol):
    """Google's OAuth 2 for people: authorization code with PKCE (RFC 7636, S256)."""

    @property
    def page(self) -> str:
        """Where on our front end the browser ends; "" for nowhere."""
        ...

    def address(self, *, state: str, challenge: str, login_hint: str = "") -> str:
        """Where to send the browser. It comes back to the redirect address with `state` and a code, or an error."""
        ...

    def redeem(self, code: str, verifier: str) -> Consent:
        """What the code is worth, once. NotAuthorized classroom.consent_refused, .client_refused,
        .rights_not_given (with the `rights`); Unreachable."""
        ...

    def revoke(self, refresh_token: str) -> None:
        """End at Google all that this account ever allowed us, other tokens too. Repeating is harmless."""
        ...
