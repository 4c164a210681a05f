"""SIS partners as the simulator plays them: what is known of their oddities from their documents and their users.

Known at second hand for the greater part, and different per school: they are cases to survive, not a description.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.simulators.oneroster_auth import SisAuth
from shared.simulators.oneroster_school import Quirks


@dataclass(frozen=True, slots=True)
class SimulatedPartner:
    """`OneRosterSimulator(mount=p.mount, versions=p.versions, quirks=p.quirks, auth=p.auth())`."""

    mount: str
    quirks: Quirks
    auth: Callable[[], SisAuth]
    versions: frozenset[str] = frozenset({"1.1"})


SIMULATED_PARTNERS = {
    # OAuth 1 with HMAC-SHA1; a due date in an open period; titles of 30; nothing is deleted by the API
    "infinite-campus": SimulatedPartner(
        "/campus",
        Quirks(due_required=True, title_limit=30, deletes=False),
        lambda: SisAuth(signatures=frozenset({"HMAC-SHA1"}), oauth2=False),
    ),
    # pages of 100; whole maximum; titles of 49
    "skyward": SimulatedPartner(
        "/api",
        Quirks(strict=False, whole_maximum=True, title_limit=49, page_cap=100),
        lambda: SisAuth(key="GOOGLE", signatures=frozenset(), token_paths=frozenset({"/api/oauth/token"})),
    ),
    # lists under the endpoint's name; categories by metadata.classId, without quotes; a PUT answers with the row; token
    # by form alone
    "aspen": SimulatedPartner(
        "",
        Quirks(strict=False, list_keys="endpoint", categories="filter", filters="unquoted", put_body=True),
        lambda: SisAuth(
            signatures=frozenset(),
            token_paths=frozenset({"/oauth/rest/v2.0/auth"}),
            credentials=frozenset({"form"}),
        ),
    ),
    # token below the base; no deletes
    "aeries": SimulatedPartner(
        "/aeries",
        Quirks(deletes=False),
        lambda: SisAuth(
            signatures=frozenset(), token_paths=frozenset({"/aeries/ims/oneroster/v1p1/token"}), expires_in=21_600
        ),
    ),
    # errors as statusInfoSet; one result for each student and item
    "blackbaud": SimulatedPartner(
        "/api",
        Quirks(errors="statusInfoSet", one_result_each=True, deletes=False),
        lambda: SisAuth(signatures=frozenset()),
    ),
}
