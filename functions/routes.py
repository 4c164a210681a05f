"""Every route of the API, by the function that serves it: the source of the OpenAPI document."""

from collections.abc import Mapping

from functions import runs, schools, users, webuntis_settings
from functions.route import Route

SETTINGS: tuple[Route, ...] = (*schools.ROUTES, *webuntis_settings.ROUTES, *users.ROUTES, *runs.ROUTES)

BY_FUNCTION: Mapping[str, tuple[Route, ...]] = {"settings": SETTINGS}

ROUTES: tuple[Route, ...] = tuple(route for routes in BY_FUNCTION.values() for route in routes)
