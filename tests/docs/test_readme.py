"""The README's "Try it" for exporting grades works as it stands, with what `make run` prints."""

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest

from tests.docs.practice import ROOT, Practice, Step, paste, practice

pytestmark = pytest.mark.timeout(400)  # with a service of its own

PENDING = "nog bezig"  # also whoever is still to come: the last line is asked while the export goes on
LINES = [
    line
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("curl ") and "$SCHOOL" in line
]


def pasted(running: Practice, lines: list[str], folder: Path) -> list[str]:
    """What each line wrote, after the variables as `make run` prints them."""
    [variables] = re.findall(r"^ *(SCHOOL=.*; JSON=.*; AUTH=.*)$", running.printed, re.MULTILINE)
    return paste([Step(f"{line}\n", ()) for line in (variables, *lines)], running.environment, folder)[1:]


def test_four_lines_link_preview_export_and_end_with_an_outcome_for_everybody(tmp_path: Path) -> None:
    assert len(LINES) == 4
    with practice(tmp_path) as running:
        linked, preview, export, table = pasted(running, LINES, tmp_path)
        assert json.loads(linked)["paired"] == 23
        planned = {
            (item["title"], each["student"]) for item in json.loads(preview)["items"] for each in item["students"]
        }
        assert len(planned) > 80
        assert json.loads(export)["state"] == "planning"

        patience = time.monotonic() + 60
        while (found := outcomes(table)).keys() != planned or PENDING in found.values():
            assert found.keys() <= planned
            assert time.monotonic() < patience, found
            time.sleep(0.5)
            [table] = pasted(running, LINES[3:], tmp_path)
    assert set(found.values()) == {"verzonden en bevestigd", "kan niet"}


def outcomes(table: str) -> dict[tuple[str, str], str]:
    """Of every item and student."""
    rows = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";")
    return {(row["Onderdeel"], row["Leerling"]): row["Uitkomst"] for row in rows if row["Leerling"]}
