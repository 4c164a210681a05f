"""What a SIS says went wrong, whichever of the six shapes in use it says it in: pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from shared.adapters.http import Answer
from shared.errors import NotAuthorized, RemoteError, Throttled
from shared.gradebook_port import SisRejected
from shared.values import dataclass

SERVICE = "sis"
_LONGEST = 300
# RFC 6749 5.2, in lower-case letters alone: who answers one of these is a token endpoint
OAUTH = frozenset(
    ["invalidrequest", "invalidclient", "invalidgrant", "unauthorizedclient", "unsupportedgranttype", "invalidscope"]
)
# The codes of OneRoster 1.1 and 1.2 and of RFC 6750. Only these reach the log: any other word may be a student's name.
_KNOWN = OAUTH | frozenset(
    [
        "success",
        "fullsuccess",
        "processing",
        "invalidsortfield",
        "invalidselectionfield",
        "invalidfilterfield",
        "invaliddata",
        "unauthorisedrequest",
        "unauthorizedrequest",
        "forbidden",
        "serverbusy",
        "internalservererror",
        "linkfailure",
        "deletefailure",
        "unknownobject",
        "targetreadfailure",
        "unsupportedoperation",
        "invalidtoken",
        "insufficientscope",
        "accessdenied",
    ]
)
_FINE = frozenset({"", "success", "fullsuccess"})
_WRAPPERS = ("statusInfoSet", "imsx_StatusInfo", "imsx_statusInfo", "imsx_statusInfoSet")


@dataclass(frozen=True, slots=True)
class Told:
    """`minor` is the codeMinor in lower-case letters alone ("invaliddata"), or OAuth's `error`; "" for none we know."""

    failed: bool
    warned: bool
    minor: str
    said: str = field(repr=False)


def told(body: Any, *, ok: bool = False) -> Told:
    """What a decoded body says about success; of several statements the first bad one. Data is no statement, and
    neither is a bare message in an answer whose status was 2xx (`ok`): "Created" is politeness."""
    found = list(_statements(body, ok))
    return next((one for one in found if one.failed), next((one for one in found if one.warned), _SILENT))


_SILENT = Told(False, False, "", "")


def _statements(body: Any, ok: bool) -> Iterator[Told]:
    if not isinstance(body, dict):
        return
    for name in _WRAPPERS:
        inside = body.get(name)
        for one in inside if isinstance(inside, list) else [inside]:
            yield from _statements(one, ok)
    if any(name.startswith("imsx_code") for name in body):
        major, severity = (str(body.get(name, "")).lower() for name in ("imsx_codeMajor", "imsx_severity"))
        failed = major in ("failure", "unsupported") or (severity == "error" and major != "success")
        yield Told(failed, severity == "warning", _minor(body), _said(body.get("imsx_description")))
    elif body.get("error"):
        yield Told(True, False, _letters(body["error"]), _said(body.get("error_description") or body["error"]))
    elif not ok and "message" in body and set(body) <= {"message", "Message", "status", "code", "timestamp", "path"}:
        yield Told(True, False, "", _said(body["message"]))


def _minor(body: Mapping[str, Any]) -> str:
    """The first code that is not "all went well"."""
    minor = body.get("imsx_CodeMinor", body.get("imsx_codeMinor"))
    fields = minor.get("imsx_codeMinorField") if isinstance(minor, dict) else [{"imsx_codeMinorFieldValue": minor}]
    values = (one.get("imsx_codeMinorFieldValue") for one in fields or () if isinstance(one, dict))
    return next((word for word in map(_letters, values) if word not in _FINE), "")


def _letters(value: Any) -> str:
    """A code as written by whoever: "full success", "invalid_data" and "invaliddata" are spelled alike."""
    word = re.sub(r"[ _-]", "", value.lower()) if isinstance(value, str) else ""
    return word if word in _KNOWN else ""


def _said(text: Any) -> str:
    """Untrusted words on one line."""
    return " ".join(text.split())[:_LONGEST] if isinstance(text, str) else ""


def refusal(answer: Answer, what: str) -> RemoteError:
    """The error that an answer which is not 2xx means for a request about `what` ("students", "lineItems", …)."""
    found = told(answer.error_body())
    facts: dict[str, str | int] = {"what": what, "status": answer.status, "host": answer.host}
    if found.minor:
        facts["minor"] = found.minor
    status = answer.status
    if status == 429 or found.minor == "serverbusy":
        return Throttled("http.throttled", service=SERVICE, retry_after=answer.retry_after, **facts)
    if status == 401:
        return NotAuthorized("oneroster.credentials_refused", service=SERVICE, **facts)
    if status == 403:
        return NotAuthorized("oneroster.right_missing", service=SERVICE, **facts)
    if status == 404:
        return SisRejected("oneroster.not_there", service=SERVICE, said=found.said, **facts)
    if status in (405, 501) or found.minor == "unsupportedoperation":
        return SisRejected("oneroster.not_supported", service=SERVICE, said=found.said, **facts)
    if status >= 500 or status == 408:
        return answer.refusal(what=what, **({"minor": found.minor} if found.minor else {}))
    return SisRejected("oneroster.refused", service=SERVICE, said=found.said, **facts)


def failure_inside(found: Told, what: str, host: str) -> SisRejected:
    """The error for an answer whose status says that all went well and whose body says that it did not."""
    minor = {"minor": found.minor} if found.minor else {}
    return SisRejected("oneroster.refused", service=SERVICE, said=found.said, what=what, status=200, host=host, **minor)
