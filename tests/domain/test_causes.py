"""Every code that any module raises, logs or stores can be told to a person, in both languages, with who mends it."""

import ast
import re
from pathlib import Path

import pytest

from shared import errors
from shared.domain.causes import CAUSES, Cause
from shared.domain.causes.words import in_minutes

ROOT = Path(__file__).parent.parent.parent
RAISES = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {"Problem", "Hold"}


def raised() -> dict[str, str]:
    """Code → the file that raises it: the first text given to one of our errors, problems, faults or holds."""
    found: dict[str, str] = {}
    for folder in ("functions", "shared"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISES:
                    texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                    found |= {text: file.name for text in texts if isinstance(text, str) and "." in text}
    return found


def test_every_code_that_is_raised_has_a_cause() -> None:
    codes = raised()
    assert len(codes) > 60
    assert {code: file for code, file in codes.items() if code not in CAUSES} == {}


INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)


@pytest.mark.parametrize("cause", CAUSES.values(), ids=lambda cause: cause.code)
def test_a_school_is_addressed_as_u_and_support_has_one_name_and_an_address(cause: Cause) -> None:
    assert not INFORMAL.search(cause.nl + cause.remedy_nl)
    for text in (cause.nl, cause.en, cause.remedy_nl, cause.remedy_en):
        assert not re.search(r"Profijt.?[Ss]upport|helpdesk", text)
        assert text.count("support@profijt.nu") == text.count("support (support@profijt.nu)")


@pytest.mark.parametrize(
    ("seconds", "nl", "en"),
    [
        (0, "1 minuut", "1 minute"),
        (60, "1 minuut", "1 minute"),
        (60.5, "2 minuten", "2 minutes"),
        (300, "5 minuten", "5 minutes"),
    ],
)
def test_a_wait_is_told_in_whole_minutes_and_never_too_short(seconds: float, nl: str, en: str) -> None:
    assert (in_minutes(seconds, "nl"), in_minutes(seconds, "en")) == (nl, en)
