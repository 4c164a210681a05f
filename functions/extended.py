"""Conflicts whose problem document says more than others do, so that the caller can settle them (RFC 9457, 3.2)."""

from collections.abc import Mapping

from shared.errors import Conflict


class Extended(Conflict):
    """`members` stand in the document beside the usual ones: for the caller, never for the log."""

    def __init__(self, code: str, members: Mapping[str, object]) -> None:
        super().__init__(code)
        self.members = members
