"""What an answer of the API says, once it is what the test expects."""

from typing import Any

from werkzeug.test import TestResponse


def good(answer: TestResponse) -> dict[str, Any]:
    """The document of an answer with 200."""
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def code(answer: TestResponse, status: int) -> str:
    """The code of the problem that was answered with `status`."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    found: str = answer.get_json(force=True)["code"]
    return found
