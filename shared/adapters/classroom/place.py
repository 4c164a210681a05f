"""Where Google answers, and who we are there."""

from collections.abc import Callable

from shared.values import dataclass

SERVICE = "google"
SCOPE = "https://www.googleapis.com/auth/classroom."


@dataclass(frozen=True, slots=True)
class Place:
    """The defaults are production."""

    classroom: str = "https://classroom.googleapis.com"
    consent: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
    revoke: str = "https://oauth2.googleapis.com/revoke"


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """Our OAuth client: consent comes back to `redirect`, and the browser then goes to `page` ("": stays there)."""

    id: str
    secret: Callable[[], str]
    redirect: str
    page: str = ""
