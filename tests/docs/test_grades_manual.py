"""Both manuals of the grade export go from connecting a SIS to an outcome for everybody, and to connecting it again."""

import re
from pathlib import Path

import pytest

from shared.domain.causes import CAUSES
from shared.domain.export.outcome import Outcome
from shared.domain.export.plan import Action, Choice
from shared.flows.sis_partners import partners
from tests.docs.practice import paste, practice, steps, text_of

pytestmark = pytest.mark.timeout(400)  # a whole manual, with a service of its own

MANUALS = ("handleiding-cijfers.md", "manual-grades.md")


@pytest.mark.parametrize("manual", MANUALS)
def test_admin_and_teacher_who_follow_the_manual_see_what_they_are_told(manual: str, tmp_path: Path) -> None:
    with practice(tmp_path) as running:
        paste(steps(manual), running.environment, tmp_path)

        exports = running.ask("/exports", school="demo")["items"]
        assert [each["state"] for each in exports] == ["done"] * 4
        assert running.ask("/sis", school="demo")["state"] == "connected"


@pytest.mark.parametrize("manual", MANUALS)
def test_every_code_in_the_table_is_one_that_people_meet(manual: str) -> None:
    table = re.split(r"^## (?:Wat te doen bij|What to do when)$", text_of(manual), flags=re.MULTILINE)[1]
    codes = set(re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", table))
    assert len(codes) > 40
    assert codes <= CAUSES.keys()


@pytest.mark.parametrize("manual", MANUALS)
@pytest.mark.parametrize("words", [Action, Outcome, Choice])
def test_every_word_of_a_preview_an_outcome_and_a_choice_is_explained(
    manual: str, words: type[Action | Outcome | Choice]
) -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", text_of(manual), re.MULTILINE))
    assert {word.value for word in words} <= rows


@pytest.mark.parametrize("manual", MANUALS)
def test_every_sis_that_can_be_connected_is_there_with_its_own_words(manual: str) -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text_of(manual), re.MULTILINE)
    told = {name: tuple(rest) for name, *rest in rows}
    for partner in partners():
        if partner.services:
            words = partner.words
            assert told[partner.name][:3] == (words.host_url, words.key, words.secret)
            assert told[partner.name][3] == words.token_url or not words.token_url


@pytest.mark.parametrize("manual", MANUALS)
def test_places_that_are_linked_to_are_there(manual: str) -> None:
    text = text_of(manual)
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    places = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= places


def test_the_dutch_manual_says_u() -> None:
    assert not re.search(r"\b(?:je|jij|jouw|jou)\b", text_of(MANUALS[0]), re.IGNORECASE)
