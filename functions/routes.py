"""Every route of the API, by the function that serves it: the source of the OpenAPI document."""

from collections.abc import Mapping

from functions import (
    audit_trail,
    bundle,
    coupling,
    coupling_trial,
    diagnosis,
    feeds,
    links,
    planner,
    privacy,
    runs,
    schools,
    sis_partners,
    status,
    subjects,
    tenants,
    timetable_analysis,
    timetable_export,
    users,
    volg,
    webuntis_settings,
    webuntis_webhook,
)
from functions.route import Route

SETTINGS: tuple[Route, ...] = (
    *schools.ROUTES,
    *webuntis_settings.ROUTES,
    *coupling_trial.ROUTES,
    *users.ROUTES,
    *runs.ROUTES,
    *coupling.ROUTES,
    *links.ROUTES,
    *audit_trail.ROUTES,
    *privacy.ROUTES,
    *bundle.ROUTES,
    *tenants.ROUTES,
    *status.ROUTES,
    *sis_partners.ROUTES,
)

TIMETABLE: tuple[Route, ...] = (
    *planner.ROUTES,
    *volg.ROUTES,
    *subjects.ROUTES,
    *timetable_export.ROUTES,
    *timetable_analysis.ROUTES,
    *feeds.ROUTES,
    *diagnosis.ROUTES,
)

BY_FUNCTION: Mapping[str, tuple[Route, ...]] = {
    "settings": SETTINGS,
    "timetable": TIMETABLE,
    "webuntis_webhook": webuntis_webhook.ROUTES,
}

ROUTES: tuple[Route, ...] = tuple(route for routes in BY_FUNCTION.values() for route in routes)
