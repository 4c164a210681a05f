"""WebUntis' platform API: the people of a school (Roster). Its lessons are in `timetable_client`, which a function that
only links does not have to import."""

from shared.adapters.webuntis.client import WebUntisRoster, webuntis
from shared.adapters.webuntis.endpoints import Endpoints

__all__ = ["Endpoints", "WebUntisRoster", "webuntis"]
