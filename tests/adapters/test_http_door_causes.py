"""Every code the door and the WebUntis client can raise has its sentence in both languages, every blank filled."""

import re
import string
from pathlib import Path

import pytest

import shared.adapters.http
import shared.adapters.webuntis
import shared.adapters.webuntis_jsonrpc
from shared.domain.causes import CAUSES

PACKAGES = (shared.adapters.http, shared.adapters.webuntis, shared.adapters.webuntis_jsonrpc)
FOLDERS = [Path(package.__file__).parent for package in PACKAGES]
SOURCE = "\n".join(file.read_text() for folder in FOLDERS for file in folder.glob("*.py"))
# By the flows: when WebUntis ended the school's access, and under a code that tells what was refused to whom.
ELSEWHERE = {"webuntis.deactivated", "webuntis.deleted", "webuntis.lessons_refused", "webuntis.login_under_way"} | {
    f"webuntis.api_{what}" for what in ("login_refused", "right_missing", "lessons_refused")
}
RAISED = sorted(set(re.findall(r'"((?:http|address|webuntis)\.[a-z_0-9]+)"', SOURCE)))
# What the places that raise them tell, beside `service`.
BLANKS = {"host", "status", "to", "list", "why", "hits", "server", "expected", "method", "error", "asks", "most"}


@pytest.mark.parametrize("code", RAISED)
def test_a_code_that_is_raised_has_a_cause(code):
    assert code in CAUSES


@pytest.mark.parametrize(
    "code",
    [code for code in CAUSES if code.partition(".")[0] in ("http", "address", "webuntis") and code not in ELSEWHERE],
)
def test_a_cause_of_ours_is_raised_and_blanks_are_ones_somebody_fills(code):
    cause = CAUSES[code]
    assert code in RAISED
    for language in ("nl", "en"):
        facts = {name: f"<{name}>" for name in BLANKS}
        assert "?" not in cause.sentence(language, facts) + cause.remedy(language, facts)
    used = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (cause.nl, cause.en, cause.remedy_nl, cause.remedy_en)
    ]
    assert used[0] == used[1]
    assert used[2] == used[3]
    assert set().union(*used) <= BLANKS
