"""How the SIS simulator takes a PUT or DELETE: what it checks, what it keeps, what it calls it, and what it says."""

import uuid
from typing import TYPE_CHECKING, Any, Literal

from shared.simulators.oneroster_checks import mistakes
from shared.simulators.oneroster_lists import told_row
from shared.simulators.oneroster_school import Row, stamp
from shared.simulators.server import Reply, Request, json_reply

if TYPE_CHECKING:
    from shared.simulators.oneroster import OneRosterSimulator

Written = Literal["lineItems", "results", "categories"]
_ENVELOPE = {"lineItems": "lineItem", "results": "result", "categories": "category"}


def put(
    sis: "OneRosterSimulator", request: Request, where: tuple[Written, str], *, version: str, base: str, keeps: bool
) -> Reply:
    """Create or replace. What is not to be kept (`keeps` False) is answered as if it were."""
    name, id = where
    envelope = _ENVELOPE[name]
    try:
        body = request.json()
    except ValueError:
        return sis.refuse(400, "invaliddata", "no JSON")
    row = body.get(envelope) if isinstance(body, dict) else None
    if not isinstance(row, dict):
        return sis.refuse(422 if version == "1.2" else 400, "invaliddata", f"{envelope} expected")
    if why := _refused(sis, name, id, row, version):
        return sis.refuse(422, "invaliddata", why)
    quirks, kept = sis.quirks, sis.school.rows[name]
    there = kept.get(id)
    new = there is None
    if there is not None and there["status"] != "active" and not quirks.revives:
        return sis.refuse(422, "unknownobject", "deleted, and stays so")
    own = str(uuid.uuid4()) if new and quirks.own_ids else id
    stored = {**row, "sourcedId": own, "status": "active", "dateLastModified": stamp()}
    if name == "lineItems" and quirks.title_limit:
        stored["title"] = row["title"][: quirks.title_limit]
    if keeps:
        kept[own] = stored
        sis.school.writes["PUT", name] += 1
        sis.school.created[name] += new
    answer: dict[str, Any] = {}
    if own != id and quirks.tells_own_ids:
        answer = {"sourcedIdPairs": [{"suppliedSourcedId": id, "allocatedSourcedId": own}]}
    elif quirks.put_body and version == "1.1":
        answer = {envelope: told_row(stored, name, sis.url + base, quirks)}
    elif quirks.put_message:
        answer = {"message": "Created"}
    status = 201 if new or version == "1.2" else quirks.edit_status
    return json_reply(answer, status) if answer else Reply(status)


def _refused(sis: "OneRosterSimulator", name: Written, id: str, row: Row, version: str) -> str:
    """Why this row cannot be; "" when it can."""
    quirks, rows = sis.quirks, sis.school.rows
    if name == "categories":
        return "" if row.get("title") else "title"
    if quirks.strict:
        if wrong := mistakes(row, version, _ENVELOPE[name]):
            return "fields: " + ", ".join(wrong)
        if row["sourcedId"] != id:
            return "sourcedId is not that of the address"
    if name == "lineItems":
        return _item_refused(sis, row)
    item = rows["lineItems"].get(_id(row, "lineItem"))
    if item is None or item["status"] != "active":
        return "unknown lineItem"
    student = _id(row, "student")
    if student not in sis.school.attends.get(_id(item, "class"), ()):
        return "student does not belong to the class"
    others = (
        one
        for one in rows["results"].values()
        if one["sourcedId"] != id and (_id(one, "lineItem"), _id(one, "student")) == (item["sourcedId"], student)
    )
    if quirks.one_result_each and any(one["status"] == "active" for one in others):
        return "there is a result for this student and item"
    return ""


def _item_refused(sis: "OneRosterSimulator", row: Row) -> str:
    quirks, rows = sis.quirks, sis.school.rows
    period = _id(row, "gradingPeriod")
    checks = {
        "title expected": bool(row.get("title")),
        "unknown class": _id(row, "class") in rows["classes"],
        "unknown category": not row.get("category") or _id(row, "category") in rows["categories"],
        "unknown grading period": not period or period in rows["academicSessions"],
        "the grading period is closed": period not in sis.school.closed_periods,
        "dueDate expected": bool(row.get("dueDate")) or not quirks.due_required,
        "the maximum has to be a whole number": not quirks.whole_maximum
        or float(row.get("resultValueMax", 0)).is_integer(),
        "title too long": not quirks.title_limit
        or quirks.cuts_titles
        or len(str(row.get("title"))) <= quirks.title_limit,
    }
    return next((why for why, fine in checks.items() if not fine), "")


def deleted(sis: "OneRosterSimulator", name: Written, id: str) -> Reply:
    """Delete, for good or by marking."""
    if not sis.quirks.deletes:
        return sis.refuse(405, "unsupportedoperation", "no deletes")
    kept = sis.school.rows[name]
    if id not in kept:
        return sis.refuse(404, "unknownobject", "unknown")
    if sis.quirks.soft_deletes:
        kept[id] = {**kept[id], "status": "tobedeleted", "dateLastModified": stamp()}
    else:
        del kept[id]
    sis.school.writes["DELETE", name] += 1
    return Reply(204)


def _id(row: Row, name: str) -> str:
    ref = row.get(name)
    return str(ref.get("sourcedId", "")) if isinstance(ref, dict) else ""
