"""Every code that matching can give has its sentence, remedy and owner."""

import re
from pathlib import Path

import pytest

from shared.domain.causes.linking import LINKING
from shared.domain.matching import RULES_VERSION
from shared.domain.matching.closeness import RANK
from shared.domain.matching.names import BY_ITSELF, INITIALS_ONLY
from shared.domain.matching.second_field import FIELDS

MATCHING = Path(__file__).parents[2] / "shared" / "domain" / "matching"
WRITTEN = {
    code
    for path in MATCHING.glob("*.py")
    for code in re.findall(r'"(link\.[a-z_]+)"', path.read_text(encoding="utf-8"))
}
MADE = {
    *(f"link.{rule}" for rule in (*RANK, *BY_ITSELF, INITIALS_ONLY)),
    *(f"link.{field.name}_differs" for field in FIELDS),
    *(f"link.confirmed_by_{field.name}" for field in FIELDS if field.confirms_at <= 1),
}


@pytest.mark.parametrize("code", sorted(WRITTEN | MADE))
def test_every_code_of_matching_has_a_cause(code):
    assert code in {cause.code for cause in LINKING}


def test_no_code_stands_twice_and_none_is_unused():
    codes = [cause.code for cause in LINKING]
    assert len(codes) == len(set(codes))
    # Given by the flows: that records it, and that knows whom WebUntis told.
    assert set(codes) - WRITTEN - MADE <= {"link.excluded", "link.id_number_untold"}


@pytest.mark.parametrize("cause", LINKING, ids=lambda cause: cause.code)
def test_every_sentence_can_be_filled_in_and_is_one_sentence(cause):
    facts = {"users": "2", "persons": "3", "attribute": "number", "attributes": "number, entree"}
    for language in ("nl", "en"):
        assert cause.sentence(language, facts).endswith(".")
        assert "{" not in cause.sentence(language, facts) + cause.remedy(language, facts)
        assert "?" not in cause.sentence(language, facts)


def test_the_rules_have_a_version():
    assert RULES_VERSION
