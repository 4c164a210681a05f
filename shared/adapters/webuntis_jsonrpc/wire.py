"""WebUntis' JSON-RPC as it goes over the wire: questions to bytes, answers to results or to a word of ours; pure.

    POST {"id", "method", "params": {}, "jsonrpc": "2.0"}  →  {"id", "result"} or {"id", "error": {"code", "message"}}

Fact sheet 1.1 and 1.4. Application errors come with status 200, an unknown school with 404 and the same JSON.
"""

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

import msgspec

from shared.adapters.http import Answer
from shared.errors import NotAuthorized, Rejected, RemoteError, Throttled, Unreachable

SERVICE = "webuntis"
LOCKED_REST = 3600.0  # seconds; Untis' helpdesk asks for an hour between visits anyway (fact sheet 1.5)

LIST: Mapping[str, str] = {  # what a method reads, as errors name it
    "getStudents": "students",
    "getTeachers": "teachers",
    "getKlassen": "classes",
    "getSubjects": "subjects",
    "getRooms": "rooms",
    "getSchoolyears": "schoolyears",
    "getHolidays": "holidays",
    "getTimegridUnits": "timegrid",
    "getTimetable": "timetable",
}


class Word(Enum):
    """What an error number asks of us."""

    EXPIRED = auto()  # log in again and ask once more
    REFUSED = auto()  # these credentials never again
    SECOND_FACTOR = auto()  # nor these, until the account is changed
    LOCKED = auto()  # leave the account alone for long
    NO_RIGHT = auto()
    UNKNOWN_SCHOOL = auto()
    UNKNOWN_ELEMENT = auto()
    NO_DATE = auto()  # nothing of the range may be seen
    TWO_YEARS = auto()  # the range is not within one school year
    NO_YEAR = auto()  # there is no school year now
    MAINTENANCE = auto()
    OTHER = auto()


_WORDS: Mapping[int, Word] = {
    -7002: Word.UNKNOWN_ELEMENT,
    -7004: Word.NO_DATE,
    -8500: Word.UNKNOWN_SCHOOL,
    -8502: Word.REFUSED,  # no user given
    -8504: Word.REFUSED,  # bad credentials
    -8506: Word.REFUSED,  # the same, old
    -8507: Word.TWO_YEARS,
    -8509: Word.NO_RIGHT,
    -8511: Word.LOCKED,
    -8519: Word.SECOND_FACTOR,
    -8520: Word.EXPIRED,
    -8521: Word.REFUSED,  # authentication error
    -8523: Word.REFUSED,  # no public access
    -8525: Word.REFUSED,  # invalid user status
    -8526: Word.REFUSED,  # invalid role
    -42000: Word.NO_RIGHT,
    -42001: Word.NO_RIGHT,
    -42002: Word.NO_RIGHT,
    -42003: Word.MAINTENANCE,
}
_UNSPECIFIED = -8998  # only its message tells: a Java exception about the school year, or a sentence in any language
_LOCK = re.compile(r"gesperrt|locked|blocked|geblokkeerd|too many|zu viele|te veel", re.IGNORECASE)


class Refused(Exception):
    """WebUntis answered with an error. Never leaves this package; its message is not kept."""

    def __init__(self, method: str, number: int | None, word: Word) -> None:
        super().__init__(method, number, word)
        self.method, self.number, self.word = method, number, word


def question(sent: str, method: str, params: Mapping[str, Any]) -> bytes:
    """`params` is always there, also when it is empty."""
    return msgspec.json.encode({"id": sent, "method": method, "params": params, "jsonrpc": "2.0"})


def result_in(answer: Answer, sent: str, method: str) -> Any:
    """The result, which may be None or 0. Raises Refused, what `answer.json()` raises, and Rejected
    "webuntis.rpc_unclear" for an answer that is not one to this question."""
    # The body comes before the status (404 with -8500), the error before the id ("id": "error").
    told = answer.error_body() or answer.json()
    if isinstance(told, dict) and (error := told.get("error")) is not None:
        raise _refused(error, method)
    if not answer.ok:
        raise answer.refusal()
    if not isinstance(told, dict) or told.get("id") != sent or "result" not in told:
        raise Rejected("webuntis.rpc_unclear", service=SERVICE, method=method)
    return told["result"]


def _refused(error: Any, method: str) -> Refused:
    number = error.get("code") if isinstance(error, dict) else None
    number = number if isinstance(number, int) else None
    word = Word.OTHER if number is None else _WORDS.get(number, Word.OTHER)
    if number == _UNSPECIFIED:
        message = str(error.get("message"))
        if "schoolyear" in message.lower():
            word = Word.NO_YEAR
        # At login it is the lock more often than not, and a pause does no harm.
        elif _LOCK.search(message) or method == "authenticate":
            word = Word.LOCKED
    # What we do not know counts as a wrong login there: better one question to a person too many than eight attempts
    # (the same rule as in `shared.adapters.webuntis.auth`).
    if method == "authenticate" and word not in _KNOWN_AT_LOGIN:
        word = Word.REFUSED
    return Refused(method, number, word)


_KNOWN_AT_LOGIN = frozenset({Word.SECOND_FACTOR, Word.LOCKED, Word.UNKNOWN_SCHOOL, Word.NO_YEAR, Word.MAINTENANCE})


def error_of(refused: Refused, *, question: str = "") -> RemoteError:
    """The error this means to who asked for `question` (the list itself, when it is ""). -7004 has no place here: it
    is an empty answer."""
    facts: dict[str, str | int] = {"list": question or LIST.get(refused.method, refused.method)}
    facts["method"] = refused.method
    if refused.number is not None:
        facts["error"] = refused.number
    match refused.word:
        case Word.REFUSED:
            return NotAuthorized("webuntis.login_refused", service=SERVICE, **facts)
        case Word.SECOND_FACTOR:
            return NotAuthorized("webuntis.second_factor", service=SERVICE, **facts)
        case Word.LOCKED:
            return Throttled("webuntis.user_locked", service=SERVICE, retry_after=LOCKED_REST, **facts)
        case Word.NO_RIGHT:
            return NotAuthorized("webuntis.right_missing", service=SERVICE, **facts)
        case Word.UNKNOWN_SCHOOL:
            return Rejected("webuntis.school_unknown_there", service=SERVICE, status=404, **facts)
        case Word.MAINTENANCE:
            return Unreachable("webuntis.maintenance", service=SERVICE, **facts)
        case Word.EXPIRED:
            return Unreachable("webuntis.session_lost", service=SERVICE, **facts)
        case Word.NO_YEAR:
            return Unreachable("webuntis.between_years", service=SERVICE, **facts)
        case Word.TWO_YEARS | Word.UNKNOWN_ELEMENT:
            return Unreachable("webuntis.lists_changed", service=SERVICE, **facts)
        case _:
            return Rejected("webuntis.rpc_refused", service=SERVICE, **facts)
