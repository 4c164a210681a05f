"""Where WebUntis is: one frozen value, so that an integration environment or a simulator is only other settings."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from shared.errors import Rejected
from shared.ports import WebUntisConnection

_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The vendor's addresses. `{subdomain}` in `school_host` is filled in per school.

    Unknown, because no public source shows an answer of the two lists: which version of `students` Profijt's
    registration gets (v1 and v3 are both named in the vendor's articles), and the largest `limit` they take. Paging
    therefore does not trust `page_size` to be honoured.
    """

    api: str = "https://api.webuntis.com"
    school_search: str = "https://schoolsearch.webuntis.com/schoolquery2"
    school_host: str = "https://{subdomain}.webuntis.com"
    server_suffix: str = ".webuntis.com"  # what follows the subdomain in the school search's `server`
    students: str = "/WebUntis/api/rest/extern/v1/students"
    teachers: str = "/WebUntis/api/rest/extern/v2/teachers"
    page_size: int = 500

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
