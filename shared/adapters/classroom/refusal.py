"""What Google's APIs mean by an error, in our words: pure.

The shape: https://developers.google.com/workspace/classroom/troubleshooting/error-structure, and ErrorInfo
(https://cloud.google.com/apis/design/errors). What Google writes for people stays out: it may name somebody.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.adapters.classroom.place import SERVICE
from shared.adapters.http import Answer
from shared.errors import NotAuthorized, NotFound, ProfijtError, Rejected, Throttled

_AT = re.compile(r"@([A-Za-z]{1,60}) ")  # Classroom's own word for an error begins its message
_BUSY = frozenset({"RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"}) | {
    "quotaExceeded",
    "dailyLimitExceeded",
}
_SCHOOL_OFF = frozenset({"ClassroomApiDisabled", "ClassroomDisabled"})
_PROJECT_OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})


def refusal(answer: Answer, what: str) -> ProfijtError:
    """The error that an answer which is not 2xx means for a request about `what` ("students", "courseWork", …)."""
    told = words(answer.error_body().get("error"))
    facts: dict[str, str | int] = {"what": what, "status": answer.status, "host": answer.host}
    if answer.status == 429 or told & _BUSY:
        return Throttled("http.throttled", service=SERVICE, retry_after=answer.retry_after, **facts)
    if answer.status == 401:
        return NotAuthorized("classroom.consent_ended", service=SERVICE, **facts)
    if told & _PROJECT_OFF:
        return NotAuthorized("classroom.not_enabled", service=SERVICE, **facts)
    if told & _SCHOOL_OFF:
        return NotAuthorized("classroom.api_off", service=SERVICE, **facts)
    if answer.status == 403:
        # A scope that lacks is not always called that: googleapis/google-api-php-client#2100 got a bare "forbidden".
        return NotAuthorized("classroom.right_missing", service=SERVICE, **facts)
    if answer.status == 404:
        return NotFound("course.unknown")
    if answer.status >= 500 or answer.status == 408:
        return answer.refusal(what=what)
    return Rejected("classroom.refused", service=SERVICE, **facts)


def words(error: Any) -> frozenset[str]:
    """Every word of the error that is meant for programs: its status, its reasons, and the one behind an @."""
    if not isinstance(error, Mapping):
        return frozenset()
    parts = [part for name in ("errors", "details") if isinstance(error.get(name), list) for part in error[name]]
    found = [error.get("status"), *(part.get("reason") for part in parts if isinstance(part, Mapping))]
    message = error.get("message")
    at = _AT.match(f"{message} ") if isinstance(message, str) else None
    return frozenset(word for word in (*found, at and at[1]) if isinstance(word, str))
