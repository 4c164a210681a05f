"""Finds a school's tenant id in Untis' public school search: exactly one hit on school name and server, or an error.

    POST {"method": "searchSchool", "params": [{"search": …}]}
    → {"result": {"size": 0, "schools": [{"server", "loginName", "tenantId", …}]}}

`size` is not looked at: it says 0 with two hits (fact sheet 2.3).
"""

from typing import Any

import msgspec

from shared.adapters.http import Door, Repeat, Request
from shared.adapters.webuntis.endpoints import Endpoints, checked_subdomain, checked_tenant
from shared.errors import Rejected, RemoteError, Unreachable
from shared.ports import WebUntisConnection

SERVICE = "schoolsearch"


def find_tenant(connection: WebUntisConnection, *, door: Door, endpoints: Endpoints) -> str:
    """The tenant id. Raises Rejected webuntis.school_unknown, .school_moved (with `server`), .school_ambiguous,
    .search_too_broad, .search_unclear; Unreachable; Throttled. Sends no credentials."""
    server = checked_subdomain(connection.subdomain) + endpoints.server_suffix
    question = {
        "id": "1",
        "method": "searchSchool",
        "params": [{"search": connection.school_name}],
        "jsonrpc": "2.0",
    }
    answer = door.send(
        Request(
            "POST",
            endpoints.school_search,
            SERVICE,
            Repeat.ALWAYS,
            headers=(("Content-Type", "application/json"),),
            body=msgspec.json.encode(question),
        )
    )
    return checked_tenant(tenant_in(answer.json(), school_name=connection.school_name, server=server))


def tenant_in(body: Any, *, school_name: str, server: str) -> str:
    """The tenant id of the one hit with this login name on this server (pure)."""
    if not isinstance(body, dict):
        raise _unclear()
    if body.get("error") is not None:
        raise _error(body["error"])
    result = body.get("result")
    schools = result.get("schools") if isinstance(result, dict) else None
    if not isinstance(schools, list):
        raise _unclear()
    named = [school for school in schools if isinstance(school, dict) and school.get("loginName") == school_name]
    here = [school for school in named if _server(school) == server]
    tenants = {str(school["tenantId"]).strip() for school in here if school.get("tenantId") is not None}
    if len(tenants) == 1:
        return tenants.pop()
    if len(tenants) > 1:
        raise Rejected("webuntis.school_ambiguous", service=SERVICE, hits=len(tenants))
    if here:
        raise _unclear()
    # Untis moves schools between servers (2025-12: mese → <school>). We name the new one and do not follow.
    if len(servers := {_server(school) for school in named} - {""}) == 1:
        raise Rejected("webuntis.school_moved", service=SERVICE, server=servers.pop(), expected=server)
    raise Rejected("webuntis.school_unknown", service=SERVICE, server=server)


def _server(school: dict[str, Any]) -> str:
    """Its host name in lower case, "" when that is not what stands there."""
    server = str(school.get("server") or "").strip().lower()
    return server if server.replace(".", "").replace("-", "").isalnum() and server.isascii() else ""


def _error(error: Any) -> RemoteError:
    code = error.get("code") if isinstance(error, dict) else None
    if code == -6003:  # too many results
        return Rejected("webuntis.search_too_broad", service=SERVICE)
    if code == -8500:  # invalid school
        return Rejected("webuntis.school_unknown", service=SERVICE)
    if code in (-42003, -32603):  # maintenance, internal error
        return Unreachable("webuntis.maintenance", service=SERVICE)
    return _unclear()


def _unclear() -> Rejected:
    return Rejected("webuntis.search_unclear", service=SERVICE)
