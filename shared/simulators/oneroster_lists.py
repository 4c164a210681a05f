"""How the SIS simulator tells rows: references filled in, filtered, in pages, under the key its quirks choose."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from shared.simulators.oneroster_faults import SisFault, SisKind
from shared.simulators.oneroster_school import Collection, Quirks, Row
from shared.simulators.server import Reply, Request, json_reply

if TYPE_CHECKING:
    from shared.simulators.oneroster import OneRosterSimulator

_CLAUSE = re.compile(r"([A-Za-z.]+)(!=|>=|<=|=|>|<|~)'([^']*)'")
_UNQUOTED = re.compile(r"([A-Za-z.]+)(=)([^']*)")
# The field a reference is in → the list it points into, and its type
_REFS = {
    "class": ("classes", "class"),
    "category": ("categories", "category"),
    "gradingPeriod": ("gradingPeriods", "academicSession"),
    "lineItem": ("lineItems", "lineItem"),
    "student": ("students", "user"),
    "school": ("schools", "org"),
    "parent": ("academicSessions", "academicSession"),
}


def list_reply(
    sis: "OneRosterSimulator",
    request: Request,
    rows: list[Row],
    *,
    name: str,
    collection: Collection,
    base: str,
    due: dict[SisKind, SisFault],
) -> Reply:
    """One page of `rows`, with the headers that tell of the others."""
    quirks = sis.quirks
    asked = request.query.get("filter", "")
    if asked and quirks.filters != "ignored":
        clause = (_UNQUOTED if quirks.filters == "unquoted" else _CLAUSE).fullmatch(asked)
        if quirks.filters == "refused" or clause is None:
            return sis.refuse(400, "invalid_filter_field", "filter not understood")
        rows = [] if quirks.filters == "empty" else [row for row in rows if _fits(row, *clause.groups())]
    try:
        limit, offset = int(request.query.get("limit", "100")), int(request.query.get("offset", "0"))
    except ValueError:
        return sis.refuse(400, "invaliddata", "limit and offset are numbers")
    limit = min(limit, quirks.page_cap)
    offset = 0 if quirks.ignores_offset else offset
    total = len(rows[offset : offset + limit] if quirks.total_of_page else rows)
    headers = {"X-Total-Count": str(total)} if quirks.total else {}
    if quirks.link and offset + limit < len(rows):
        follow = 0 if "same_link" in due else offset + limit
        host = "https://elders.example" if "foreign_link" in due else sis.url
        query = {**request.query, "limit": str(limit), "offset": str(follow)}
        first = urlencode({**query, "offset": "0"})
        headers["Link"] = (
            f'<{host}{request.path}?{first}>; rel="first", <{host}{request.path}?{urlencode(query)}>; rel="next"'
        )
    standard = {"orgs": "orgs", "users": "users", "academicSessions": "academicSessions"}.get(collection, name)
    key = {"standard": standard, "endpoint": name, "unknown": "rows"}[quirks.list_keys]
    page = [told_row(row, collection, sis.url + base, quirks) for row in rows[offset : offset + limit]]
    return json_reply({key: page}, 200, headers)


def told_row(row: Row, collection: Collection, base: str, quirks: Quirks) -> Row:
    """The row with its references written out; users as their version has them."""
    told = {name: _written(value, *_REFS[name], base) if name in _REFS else value for name, value in row.items()}
    if collection == "classes":
        told["terms"] = [_written(term, "terms", "academicSession", base) for term in row.get("terms", ())]
    if collection == "users":
        org = _written({"sourcedId": "school"}, "schools", "org", base)
        if base.endswith("v1p2"):
            told["roles"] = [{"roleType": "primary", "role": told.pop("role"), "org": org}]
        else:
            told["orgs"] = [org]
    if collection == "results" and quirks.score_as_text and "score" in told:
        told["score"] = str(told["score"])
    return told


def _written(ref: Any, endpoint: str, kind: str, base: str) -> Any:
    if not isinstance(ref, dict):
        return ref
    where = base
    if base.endswith("v1p2"):  # people and classes are another service than marks
        service = "gradebook" if endpoint in ("categories", "lineItems", "results") else "rostering"
        where = re.sub(r"(rostering|gradebook)(?=/v1p2$)", service, base)
    return {"href": f"{where}/{endpoint}/{ref['sourcedId']}", "sourcedId": ref["sourcedId"], "type": kind}


def _fits(row: Row, name: str, sign: str, wanted: str) -> bool:
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None:
        return False
    have, want = str(value).lower(), wanted.lower()
    return {
        "=": have == want,
        "!=": have != want,
        ">": have > want,
        ">=": have >= want,
        "<": have < want,
        "<=": have <= want,
        "~": want in have,
    }[sign]
