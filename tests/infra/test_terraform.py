"""infra/ is formatted, makes sense to the google provider, and keeps the promises of infra/tests."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.infra.tools import Run

# mistake -> file, what stands there, what somebody wrote instead, what terraform says
MISTAKES = {
    "an argument nobody knows": ("messages.tf", "ack_deadline_seconds", "ack_deadline", "Unsupported argument"),
    "a required argument left out": (
        "identities.tf",
        '  account_id   = "fn-${each.key}"\n',
        "",
        "Missing required argument",
    ),
    "a wrong type": ("database.tf", '"ABANDON"', "[]", "Incorrect attribute value type"),
    "a reference to nothing": (
        "messages.tf",
        "google_pubsub_topic.dead_letter.id",
        "google_pubsub_topic.dead.id",
        "undeclared",
    ),
    "an attribute that does not exist": ("watch.tf", "channel.mail.id", "channel.mail.uid", "Unsupported attribute"),
    "a block too many": (
        "database.tf",
        "daily_recurrence {}",
        "daily_recurrence {}\n  daily_recurrence {}",
        "Too many",
    ),
}


@pytest.fixture
def infra(root: Path, tmp_path: Path) -> Path:
    """A copy, so that what terraform writes does not land in the tree."""
    return Path(shutil.copytree(root / "infra", tmp_path / "infra"))


def test_infra_is_formatted(terraform: Run, infra: Path) -> None:
    formatted = terraform("fmt", "-check", "-recursive", "-diff", folder=infra)
    assert formatted.returncode == 0, formatted.stdout


def test_infra_is_valid_for_the_google_provider(terraform: Run, infra: Path) -> None:
    verdict = json.loads(terraform("validate", "-json", folder=infra).stdout)
    assert verdict["valid"], verdict["diagnostics"]


@pytest.mark.parametrize(("file", "right", "wrong", "complaint"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_infra_is_found(
    terraform: Run, infra: Path, file: str, right: str, wrong: str, complaint: str
) -> None:
    text = (infra / file).read_text()
    assert right in text
    (infra / file).write_text(text.replace(right, wrong))
    verdict = json.loads(terraform("validate", "-json", folder=infra).stdout)
    complaints = [
        found["summary"] + found["detail"] for found in verdict["diagnostics"] if found["severity"] == "error"
    ]
    assert any(complaint in text for text in complaints), complaints


def test_infra_keeps_its_promises_when_planned_and_applied(terraform: Run, infra: Path) -> None:
    tested = terraform("test", "-no-color", folder=infra)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"Success! [1-9]\d* passed, 0 failed", tested.stdout), tested.stdout
