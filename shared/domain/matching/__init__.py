"""Which WebUntis person is which Profijt user; pure, the same answer for every order of the input.

`assign` links by name, `by_attribute` by an equal value, `sanity` lists the ID-nummers that cannot be used.
"""

from shared.domain.matching.assign import assign
from shared.domain.matching.by_attribute import ATTRIBUTES, by_attribute
from shared.domain.matching.id_numbers import IdNumbers, sanity

RULES_VERSION = "3"
"""Changes whenever the same people could get another decision: part of the fingerprint of a run."""

__all__ = ["ATTRIBUTES", "RULES_VERSION", "IdNumbers", "assign", "by_attribute", "sanity"]
