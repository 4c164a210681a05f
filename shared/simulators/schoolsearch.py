"""School search: which server and which tenant a school name stands for, asked without a login (JSON-RPC)."""

from collections.abc import Iterable
from typing import Any

from shared.simulators.server import Reply, Request, json_reply
from shared.simulators.untis_school import UntisSchool

MOST_HITS = 25
TOO_MANY, PARSE_ERROR, NO_SUCH_METHOD, WRONG_PARAMS = -6003, -32700, -32601, -32602


def search_schools(request: Request, schools: Iterable[UntisSchool]) -> Reply:
    """Answers searchSchool by part of a name, exact schoolname or schoolid; status 200 also for its errors."""
    try:
        asked = request.json()
        call_id, method = asked["id"], asked["method"]
    except (ValueError, TypeError, KeyError):
        return _error("error", PARSE_ERROR, "parse error")
    if method != "searchSchool":
        return _error(call_id, NO_SUCH_METHOD, f"no such method: {method}")
    match asked.get("params"):
        case [{"search": str(part)}]:
            wanted = part.casefold()
            hits = [s for s in schools if wanted in f"{s.display_name}\n{s.school_name}\n{s.subdomain}".casefold()]
        case [{"schoolname": str(name)}]:
            hits = [s for s in schools if s.school_name == name]
        case [{"schoolid": int() | str() as number}]:
            hits = [s for s in schools if s.tenant_id == str(number)]
        case _:
            return _error(call_id, WRONG_PARAMS, "wrong params")
    if len(hits) > MOST_HITS:
        return _error(call_id, TOO_MANY, "too many results")
    # size says 0 whatever was found, as the real server was seen to do
    result = {"size": 0, "schools": [_school(hit) for hit in hits]}
    return json_reply({"jsonrpc": "2.0", "id": call_id, "result": result})


def _school(school: UntisSchool) -> dict[str, Any]:
    server = f"{school.subdomain}.webuntis.com"
    return {
        "displayName": school.display_name,
        "address": "3511 AB, Utrecht, Oudegracht 67",
        "server": server,
        "serverUrl": f"https://{server}/WebUntis/?school={school.school_name}",
        "loginName": school.school_name,
        "schoolId": int(school.tenant_id) if school.tenant_id.isdigit() else 0,
        "tenantId": school.tenant_id,
        "mobileServiceUrl": None,
        "useMobileServiceUrlAndroid": False,
        "useMobileServiceUrlIos": False,
    }


def _error(call_id: object, code: int, message: str) -> Reply:
    return json_reply({"jsonrpc": "2.0", "id": call_id, "error": {"code": code, "message": message}})
