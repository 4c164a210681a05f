"""The admin's API as one deployed function."""

import os
from collections.abc import Callable
from functools import cache

from flask import Request, Response

from functions import (
    audit_trail,
    bundle,
    coupling,
    coupling_trial,
    links,
    logs,
    privacy,
    runs,
    schools,
    sis_partners,
    status,
    tenants,
    users,
    webuntis_settings,
)
from functions.edge import serve
from functions.route import Route
from shared import wiring

ROUTES: tuple[Route, ...] = (
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


@cache
def target() -> Callable[[Request], Response]:
    """Made on the first request and kept as long as the instance lives."""
    config = wiring.config()
    version = os.environ.get("K_REVISION", "dev")
    logs.install(project=config.project, service=os.environ.get("K_SERVICE", "settings"), version=version)
    app = wiring.cloud(logs.trace)
    return serve(ROUTES, app, origins=frozenset(config.cors_origins), version=version)
