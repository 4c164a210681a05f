"""WebUntis' platform API: the people of a school (Roster)."""

from shared.adapters.webuntis.client import WebUntisRoster, webuntis
from shared.adapters.webuntis.endpoints import Endpoints

__all__ = ["Endpoints", "WebUntisRoster", "webuntis"]
