"""Moments and days in an address: what no calendar or zone can tell is refused, not crashed on."""

import pytest

from functions.moment import moment
from shared.errors import Invalid


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-11-23T10:00:00", "nu"])
def test_what_is_no_moment_at_a_school_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        moment(text, "at")


def test_a_plus_that_was_read_as_a_blank_is_a_plus() -> None:
    found = moment("2026-11-23T10:00:00 01:00", "at")
    assert found is not None
    assert found.isoformat() == "2026-11-23T10:00:00+01:00"
