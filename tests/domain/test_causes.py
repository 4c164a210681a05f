"""Every code that any module raises, logs or stores can be told to a person, in both languages, with who mends it."""

import ast
from pathlib import Path

from shared import errors
from shared.domain.causes import CAUSES

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
