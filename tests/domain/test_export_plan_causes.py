"""Every code that planning an export can give has its sentence, remedy and owner, and none is unused."""

import re
from pathlib import Path

import pytest

from shared.domain.causes import CAUSES
from shared.domain.causes.cause import Cause
from shared.domain.causes.export_plan import EXPORT_PLAN

PLANNING = Path(__file__).parents[2] / "shared" / "domain" / "export"
GIVEN = {
    code
    for path in PLANNING.glob("*.py")
    for code in re.findall(r'"((?:export|oneroster)\.[a-z_]+)"', path.read_text(encoding="utf-8"))
}
FACTS = {"maximum": "10.5", "category": "Mondeling", "day": "01-02-2027", "limit": 30, "period": "Periode 1"} | {
    "theirs": "Blok 2"
}


def test_every_code_of_planning_has_a_cause_and_none_is_unused() -> None:
    assert GIVEN - CAUSES.keys() == set()
    assert {cause.code for cause in EXPORT_PLAN} <= GIVEN
    assert len({cause.code for cause in EXPORT_PLAN}) == len(EXPORT_PLAN)


@pytest.mark.parametrize("cause", EXPORT_PLAN, ids=lambda cause: cause.code)
def test_every_sentence_is_whole(cause: Cause) -> None:
    for language in ("nl", "en"):
        for told in (cause.sentence(language, FACTS), cause.remedy(language, FACTS)):
            assert told.endswith(".")
            assert "{" not in told
            assert "?" not in told
