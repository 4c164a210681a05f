"""Every route of the API, by the function that serves it: the source of the OpenAPI document.

A deployed function imports its own routes only: others would cost it a tenth of its start.
"""

from collections.abc import Mapping

from functions import grade_export, settings, timetable, webuntis_webhook
from functions.route import Route

BY_FUNCTION: Mapping[str, tuple[Route, ...]] = {
    "settings": settings.PARTS.all(),
    "timetable": timetable.PARTS.all(),
    "grade_export": grade_export.PARTS.all(),
    "webuntis_webhook": webuntis_webhook.ROUTES,
}

ROUTES: tuple[Route, ...] = tuple(route for routes in BY_FUNCTION.values() for route in routes)
