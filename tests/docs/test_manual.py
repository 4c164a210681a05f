"""Both manuals bring an empty school to "everybody linked" when their commands are pasted as they stand."""

import re
from pathlib import Path

import pytest

from shared.domain.causes import CAUSES
from shared.simulators.practice_school import practice_school
from tests.docs.practice import paste, practice, steps, text_of

pytestmark = pytest.mark.timeout(400)  # a whole manual, with a service of its own

MANUALS = ("handleiding-webuntis.md", "manual-webuntis.md")
NEW = "oefen2"
SCHOOL = practice_school()


@pytest.mark.parametrize("manual", MANUALS)
def test_a_school_that_follows_the_manual_sees_what_it_is_told_and_ends_with_everybody_linked(
    manual: str, tmp_path: Path
) -> None:
    with practice(tmp_path) as running:
        paste(steps(manual), running.environment | {"SCHOOL": NEW}, tmp_path)

        counts = running.ask("/coupling", school=NEW)["counts"]
        assert counts["linked"] == len(set(SCHOOL.truth.values())) > 900
        assert counts["withoutIdNumber"] == 0
        unlinked = {
            link["user"]
            for state in ("review", "conflict", "not_found", "suspended", "new")
            for link in running.ask(f"/links?state={state}&limit=200", school=NEW)["items"]
        }
    right = {SCHOOL.truth[user.id] for user in SCHOOL.users if user.id in SCHOOL.truth and user.id not in unlinked}
    assert right == set(SCHOOL.truth.values())


@pytest.mark.parametrize("manual", MANUALS)
def test_the_manuals_keep_the_history_of_versions(manual: str) -> None:
    rows = re.findall(r"^\| (\d\.\d) \|.*\| (\S+) \|$", text_of(manual), re.MULTILINE)
    assert rows[:5] == [
        ("1.0", "12-10-2022"),
        ("1.1", "17-11-2022"),
        ("1.2", "22-11-2022"),
        ("1.3", "22-12-2022"),
        ("1.4", "23-1-2023"),
    ]


@pytest.mark.parametrize("manual", MANUALS)
def test_every_code_in_the_table_of_faults_is_one_that_people_meet(manual: str) -> None:
    table = re.split(r"^## (?:Storingen|Faults)$", text_of(manual), flags=re.MULTILINE)[1]
    codes = set(re.findall(r"`([a-z]+\.[a-z_0-9]+)`", table))
    assert len(codes) > 25
    assert codes <= CAUSES.keys()


def test_the_dutch_manual_says_u() -> None:
    assert not re.search(r"\b(?:je|jij|jouw|jou)\b", text_of(MANUALS[0]), re.IGNORECASE)
