"""What holds of every manual: a command whose answer matters says what to expect, and both languages take the same
steps."""

import pytest

from tests.docs.practice import calls, steps

PAIRS = (
    ("handleiding-webuntis.md", "manual-webuntis.md"),
    ("handleiding-cijfers.md", "manual-grades.md"),
)


@pytest.mark.parametrize("manual", [manual for pair in PAIRS for manual in pair])
def test_every_command_whose_answer_matters_says_what_to_expect(manual: str) -> None:
    silent = [block.commands for block in steps(manual) if not block.seen]
    assert len(silent) == 1, silent  # the tools of step 0
    assert silent[0].startswith("API=")


@pytest.mark.parametrize(("dutch", "english"), PAIRS)
def test_the_two_manuals_take_the_same_steps(dutch: str, english: str) -> None:
    assert calls(dutch) == calls(english)
