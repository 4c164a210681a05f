"""Where WebUntis is: one frozen value, so that an integration environment or a simulator is only other settings."""

import re
from urllib.parse import quote

from shared.errors import Rejected
from shared.ports import WebUntisConnection
from shared.values import dataclass

_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The vendor's addresses. `{subdomain}` in `school_host` is filled in per school.

    Unknown, because no public source shows an answer of the two lists: which version of `students` Profijt's
    registration gets (v1 and v3 are both named in the vendor's articles), and the largest `limit` they take. Paging
    therefore does not trust `page_size` to be honoured.

    The timetable has a specification, which leaves open what an answer to a span beyond the school year looks like.
    Since 2024-02 it may overlap one school year and reach into the holidays; before, it was refused. So a span is asked
    as it is, and only a refusal (400) makes us ask when the school years are, by the header that a question about
    `mid_year` (month and day) brings, and cut the span there. If that question is refused too, the span was not at
    fault. `end` may be meant with or without that second, so it is the last one of a day.
    """

    api: str = "https://api.webuntis.com"
    school_search: str = "https://schoolsearch.webuntis.com/schoolquery2"
    school_host: str = "https://{subdomain}.webuntis.com"
    server_suffix: str = ".webuntis.com"  # what follows the subdomain in the school search's `server`
    students: str = "/WebUntis/api/rest/extern/v1/students"
    teachers: str = "/WebUntis/api/rest/extern/v2/teachers"
    page_size: int = 500
    timetable: str = "/WebUntis/api/rest/extern/v3/timetable"
    deleted_periods: str = "/WebUntis/api/rest/extern/v3/timetable/deleted-periods"
    period_page: int = 2000  # lessons an answer; at least 2
    timetable_bytes: int = 24 * 1024 * 1024  # 2,000 lessons of 30 students and everybody's master data are about 5 MB
    all_since: str = "2000-01-01T00:00:00"  # a date before every change: how the whole school is asked for
    mid_year: tuple[int, int] = (11, 15)

    def token(self, connection: WebUntisConnection, tenant: str) -> str:
        """Where this school's token is had. v3 by tenant id; v1 by subdomain and school name, as in the manual."""
        if connection.auth == "v3":
            return f"{self.api}/WebUntis/api/sso/v3/{quote(tenant, safe='')}/token"
        host = self.school_host.format(subdomain=checked_subdomain(connection.subdomain))
        # Names hold spaces, "+" and "&": safe="" leaves none of them to the server's guess.
        return f"{host}/WebUntis/api/sso/{quote(connection.school_name, safe='')}/token"


def checked_subdomain(text: str) -> str:
    """The subdomain, if it is one label of a host name; it becomes part of an address that gets a password."""
    if not _SUBDOMAIN.fullmatch(text):
        raise Rejected("webuntis.bad_subdomain", service="webuntis")
    return text


def checked_tenant(text: str) -> str:
    """The tenant id, if it looks like one."""
    if not _TENANT.fullmatch(text):
        raise Rejected("webuntis.bad_tenant_id", service="webuntis")
    return text
